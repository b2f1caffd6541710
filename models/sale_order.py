from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.sql import column_exists, create_column

from .. import compat
from ..service_levels import service_level_name

CHANNELS = [("fbm", "Fulfilled by Merchant"), ("fba", "Fulfilled by Amazon")]


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "amazon.readonly.mixin"]

    amazon_order_ref = fields.Char("Amazon Order Reference", copy=False, readonly=True, index="btree_not_null")
    amazon_account_id = fields.Many2one(
        "amazon.account", copy=False, readonly=True, ondelete="restrict", index="btree_not_null"
    )
    amazon_marketplace_id = fields.Many2one("amazon.marketplace", copy=False, readonly=True)
    amazon_channel = fields.Selection(CHANNELS, "Amazon Fulfilment", copy=False, readonly=True)
    amazon_service_level = fields.Char(copy=False, readonly=True)
    amazon_service_level_name = fields.Char("Service Level", compute="_compute_amazon_service_level_name")
    amazon_ship_by = fields.Datetime("Ship By", copy=False, readonly=True, help="Amazon expects the parcel by then.")
    amazon_deliver_by = fields.Datetime("Deliver By", copy=False, readonly=True, help="Amazon promised it by then.")
    amazon_total = fields.Monetary("Total at Amazon", copy=False, readonly=True, help="What the buyer paid in all.")
    amazon_tax_collected = fields.Monetary(
        "Tax Collected by Amazon",
        copy=False,
        readonly=True,
        help="Tax that Amazon collects and remits itself. It is in Amazon's total, but not in the sales order's.",
    )
    amazon_tax = fields.Monetary(
        "Seller's Tax at Amazon",
        copy=False,
        readonly=True,
        help="The tax that you owe, as Amazon states it. Zero when Amazon states none.",
    )
    amazon_tax_stated = fields.Boolean("Amazon States Tax", copy=False, readonly=True)
    amazon_tax_difference = fields.Monetary(
        "Odoo Tax - Amazon Tax",
        compute="_compute_amazon_tax_difference",
        store=True,
        help="How much more tax Odoo computes than Amazon states. Zero where Amazon states none.",
    )
    amazon_last_updated = fields.Datetime("Last Changed at Amazon", copy=False, readonly=True)
    amazon_replaces_ref = fields.Char(
        "Replaces Amazon Order", copy=False, readonly=True, help="Amazon sends this order in place of that one."
    )
    amazon_replaces_id = fields.Many2one("sale.order", "Replaces", compute="_compute_amazon_replaces_id")
    amazon_cancellation_requested = fields.Boolean(
        "Buyer Asks to Cancel",
        copy=False,
        readonly=True,
        help="The buyer asked Amazon to cancel the order, or a part of it, and it is not cancelled yet.",
    )
    amazon_amounts_digest = fields.Char(copy=False, readonly=True)
    amazon_fingerprint = fields.Char(
        copy=False, readonly=True, help="The lines as the connector left them; tells whether a person changed them."
    )
    amazon_review = fields.Boolean("Amounts to Review", copy=False, readonly=True, index="btree_not_null")
    amazon_review_reason = fields.Text("Why Review", copy=False, readonly=True)

    _amazon_order_ref_unique = compat.Constraint(
        "UNIQUE(amazon_order_ref)", "There is already a sales order for this Amazon order."
    )

    def _auto_init(self):
        """Add the column empty: no order from before the installation is Amazon's, and there may be millions."""
        if not column_exists(self.env.cr, "sale_order", "amazon_tax_difference"):
            create_column(self.env.cr, "sale_order", "amazon_tax_difference", "numeric")
        return super()._auto_init()

    # === COMPUTE METHODS ===

    @api.depends("amount_tax", "amazon_tax", "amazon_tax_stated")
    def _compute_amazon_tax_difference(self):
        for order in self:
            order.amazon_tax_difference = order.amazon_tax_stated and order.amount_tax - order.amazon_tax

    @api.depends("amazon_replaces_ref")
    def _compute_amazon_replaces_id(self):
        refs = list(filter(None, self.mapped("amazon_replaces_ref")))
        replaced = {order.amazon_order_ref: order for order in self.search([("amazon_order_ref", "in", refs)])}
        for order in self:
            order.amazon_replaces_id = replaced.get(order.amazon_replaces_ref)

    @api.depends("amazon_service_level")
    @api.depends_context("lang")
    def _compute_amazon_service_level_name(self):
        for order in self:
            order.amazon_service_level_name = service_level_name(self.env, order.amazon_service_level) or False

    # === CONSTRAINTS ===

    @api.ondelete(at_uninstall=False)
    def _unlink_except_amazon_pending(self):
        """An order that waits in the inbox would come back; that surprises whoever deletes it."""
        waiting = (
            self.env["amazon.order.update"]
            .sudo()
            .search_count([("sale_order_id", "in", self.ids), ("state", "=", "pending")])
        )
        if waiting:
            raise UserError(
                self.env._("Amazon has just changed this order. Wait until the change is applied, then delete it.")
            )

    # === ACTIONS ===

    def action_amazon_reviewed(self):
        """Somebody looked at the amounts: the order leaves the review list."""
        self.check_access("write")
        # sudo: whoever may change the order may say that its amounts are right, with this button.
        self.sudo().write({"amazon_review": False})

    def action_open_at_amazon(self):
        """Open the order in Seller Central, in a new tab."""
        self.ensure_one()
        base_url = self.amazon_marketplace_id.seller_central_url
        return {
            "type": "ir.actions.act_url",
            "url": f"{base_url}/orders-v3/order/{self.amazon_order_ref}",
            "target": "new",
        }

    # === ODOO HOOKS ===

    def _prepare_confirmation_values(self):
        """An Amazon order keeps the date on which it was placed."""
        values = super()._prepare_confirmation_values()
        if self and all(order.amazon_order_ref for order in self):
            values.pop("date_order", None)
        return values

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        """Amazon buyers never follow: Odoo would write to them."""
        partner_ids = self.env["res.partner"]._without_amazon_buyers(partner_ids)
        return super().message_subscribe(partner_ids=partner_ids, subtype_ids=subtype_ids)

    def _send_order_notification_mail(self, *args, **kwargs):
        """Amazon buyers get no mail of Odoo's; Amazon informs them."""
        if self.amazon_order_ref:
            return None
        return super()._send_order_notification_mail(*args, **kwargs)
