from odoo import api, fields, models


class AmazonDeleteData(models.TransientModel):
    """Delete the personal data of all buyers of an account that is no longer linked. Orders stay, without names."""

    _name = "amazon.delete.data"
    _description = "Delete Amazon Data"

    account_id = fields.Many2one("amazon.account", required=True, readonly=True, ondelete="cascade")
    order_count = fields.Integer(compute="_compute_counts")
    contact_count = fields.Integer(compute="_compute_counts")

    # === COMPUTE METHODS ===

    @api.depends("account_id")
    def _compute_counts(self):
        data = self.env["amazon.personal.data"]
        for wizard in self:
            domain = [("account_id", "=", wizard.account_id.id)]
            wizard.order_count = data.search_count([*domain, ("kind", "=", "order")])
            wizard.contact_count = data.search_count([*domain, ("kind", "=", "contact")])

    # === ACTIONS ===

    def action_delete(self):
        """Delete now what fits into a request; the scheduler does the rest.

        :return: a notification that says what was deleted
        :raise UserError: if the account is linked
        """
        self.ensure_one()
        account = self.account_id
        counts = account._delete_all_personal_data()
        return account._notify_deleted(counts)
