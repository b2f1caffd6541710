from odoo import fields, models
from odoo.tools import SQL

from .res_partner_privacy import KEPT_REASONS
from .sale_order_retention import TO_DELIVER


class AmazonPersonalData(models.Model):
    """The report of the personal data of Amazon buyers that are still there, and why."""

    _name = "amazon.personal.data"
    _description = "Personal Data of Amazon Buyers"
    _auto = False
    _order = "due_on, id"

    kind = fields.Selection(
        [("contact", "Contact"), ("order", "Sales order"), ("update", "Order update")], "What", readonly=True
    )
    partner_id = fields.Many2one("res.partner", "Contact", readonly=True)
    order_id = fields.Many2one("sale.order", "Sales Order", readonly=True)
    update_id = fields.Many2one("amazon.order.update", "Order Update", readonly=True)
    account_id = fields.Many2one("amazon.account", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    reason = fields.Selection(KEPT_REASONS, "Why Kept", readonly=True)
    details = fields.Char("Kept For", readonly=True)
    due_on = fields.Date(
        readonly=True, help="When the data are deleted, or the reason to keep them is looked into again."
    )

    # === ACTIONS ===

    def action_open(self):
        """Open what holds the data."""
        self.ensure_one()
        return (self.partner_id or self.order_id or self.update_id).get_formview_action()

    # === QUERY ===

    @property
    def _table_query(self):
        return SQL(" UNION ALL ").join([self._query_contacts(), self._query_orders(), self._query_updates()])

    def _query_contacts(self):
        return SQL(
            """
            SELECT partner.id * 3 AS id, 'contact' AS kind, partner.id AS partner_id, NULL::integer AS order_id,
                   NULL::integer AS update_id, account.id AS account_id, account.company_id,
                   COALESCE(partner.amazon_kept_reason, 'not_due') AS reason, partner.amazon_kept_details AS details,
                   COALESCE(
                       partner.amazon_erase_check_on, partner.create_date::date + account.personal_data_days
                   ) AS due_on
              FROM res_partner partner
              JOIN amazon_account account ON account.id = partner.amazon_account_id
             WHERE partner.amazon_erased_on IS NULL
            """
        )

    def _query_orders(self):
        return SQL(
            """
            SELECT sale.id * 3 + 1, 'order', NULL, sale.id, NULL, account.id, account.company_id,
                   CASE WHEN sale.amazon_legal_hold OR buyer.amazon_legal_hold OR address.amazon_legal_hold
                        THEN 'legal_hold'
                        WHEN sale.amazon_channel = 'fbm' AND sale.state != 'cancel'
                             AND sale.amazon_delivered_on IS NULL
                             AND (sale.delivery_status IN %s OR sale.amazon_retention_from IS NULL)
                        THEN 'undelivered'
                        ELSE 'not_due'
                   END,
                   sale.name,
                   CASE WHEN sale.amazon_erasure_asked_on IS NOT NULL THEN CURRENT_DATE + 1
                        ELSE sale.amazon_retention_from::date + account.personal_data_days
                   END
              FROM sale_order sale
              JOIN amazon_account account ON account.id = sale.amazon_account_id
              JOIN res_partner buyer ON buyer.id = sale.partner_id
              JOIN res_partner address ON address.id = sale.partner_shipping_id
             WHERE sale.amazon_order_ref IS NOT NULL AND sale.amazon_erased_on IS NULL
            """,
            TO_DELIVER,
        )

    def _query_updates(self):
        return SQL(
            """
            SELECT inbox.id * 3 + 2, 'update', NULL, NULL, inbox.id, account.id, account.company_id, 'not_due',
                   inbox.amazon_order_ref,
                   CASE WHEN inbox.state = 'pending' THEN GREATEST(inbox.last_updated, inbox.write_date)
                        ELSE inbox.last_updated
                   END::date + account.personal_data_days
              FROM amazon_order_update inbox
              JOIN amazon_account account ON account.id = inbox.account_id
             WHERE inbox.payload IS NOT NULL
            """
        )
