from odoo import fields, models

from ..utils import notification


class AmazonAccountShipments(models.Model):
    """The shipments of an account, on the account."""

    _inherit = "amazon.account"

    failed_shipment_count = fields.Integer("Failed Shipments", compute="_compute_failed_shipment_count")

    # === COMPUTE METHODS ===

    def _compute_failed_shipment_count(self):
        groups = self.env["amazon.shipment"]._read_group(
            [("account_id", "in", self.ids), ("state", "=", "error")], ["account_id"], ["__count"]
        )
        counts = dict(groups)
        for account in self:
            account.failed_shipment_count = counts.get(account, 0)

    # === ACTIONS ===

    def action_sync_pickings(self):
        """Tell Amazon of the shipments that wait, now.

        :return: a notification that says what became of them
        :raise UserError: the account is not linked
        """
        self.check_access("write")
        for account in self:
            account._check_linked()
        # sudo: sales administrators do not see the token that sending needs.
        accounts = self.sudo()
        outbox = self.env["amazon.shipment"].sudo()
        todo = outbox.search([("account_id", "in", self.ids), ("state", "=", "pending")])
        stops = [outbox._send_pending(account) for account in accounts]
        if not todo:
            return notification(self.env._("No shipment waits to be sent to Amazon."), kind="info")
        states = todo.mapped("state")
        message = self.env._(
            "Shipments sent to Amazon: %(sent)s. Refused: %(failed)s. Still waiting: %(waiting)s.",
            sent=states.count("sent") + states.count("done"),
            failed=states.count("error"),
            waiting=states.count("pending"),
        )
        return notification(
            "\n".join(filter(None, [message, *stops])), kind="warning" if "error" in states or any(stops) else "success"
        )

    def action_open_failed_shipments(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("amazon_connector.amazon_shipment_action")
        return {**action, "domain": [("account_id", "=", self.id), ("state", "=", "error")], "context": {}}

    # === BUSINESS METHODS ===

    def _save_authorization(self, refresh_token, seller_key, participations, expires_on=False):
        """With a new permission Amazon may let in what it denied access before: those parcels are sent again."""
        result = super()._save_authorization(refresh_token, seller_key, participations, expires_on)
        # sudo: who links an account need not see its shipments.
        denied = self.env["amazon.shipment"].sudo()
        denied = denied.search([("account_id", "=", self.id), "|", ("denied_on", "!=", False), ("denials", ">", 0)])
        denied.filtered(lambda shipment: shipment.state in ("pending", "error"))._queue()
        return result
