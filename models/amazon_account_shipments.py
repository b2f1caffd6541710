from odoo import fields, models

from ..utils import notification

FAILURE_ACTIVITY = "amazon_connector.mail_activity_failed_shipments"


class AmazonAccountShipments(models.Model):
    """The shipments of an account, on the account."""

    _inherit = "amazon.account"

    failed_shipment_count = fields.Integer("Failed Shipments", compute="_compute_shipment_counts")
    untracked_shipment_count = fields.Integer(
        "Waiting for Tracking",
        compute="_compute_shipment_counts",
        help="Parcels that have left, and of which Amazon cannot be told for want of a carrier or a tracking number.",
    )

    # === COMPUTE METHODS ===

    def _compute_shipment_counts(self):
        groups = self.env["amazon.shipment"]._read_group(
            [("account_id", "in", self.ids), ("state", "in", ("error", "waiting_tracking"))],
            ["account_id", "state"],
            ["__count"],
        )
        counts = {(account, state): count for account, state, count in groups}
        for account in self:
            account.failed_shipment_count = counts.get((account, "error"), 0)
            account.untracked_shipment_count = counts.get((account, "waiting_tracking"), 0)

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
        return self._open_shipments("error")

    def action_open_untracked_shipments(self):
        """The parcels that have left without carrier or tracking number."""
        return self._open_shipments("waiting_tracking")

    def _open_shipments(self, state):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("amazon_connector.amazon_shipment_action")
        return {**action, "domain": [("account_id", "=", self.id), ("state", "=", state)], "context": {}}

    # === BUSINESS METHODS ===

    def _update_failure_activity(self, failed_count):
        """One task that says how many shipments failed, where nobody can be mailed; none when nothing is failed."""
        self.ensure_one()
        self.activity_unlink([FAILURE_ACTIVITY])
        if not failed_count:
            return
        self.activity_schedule(
            FAILURE_ACTIVITY,
            summary=self.env._("Shipments that failed: %(count)s", count=failed_count),
            note=self.env._(
                "Amazon could not be told of them. Failed Shipments on the account lists them, each with what to "
                "correct; then retry. To be mailed of the next ones, choose a salesperson with an e-mail address on "
                "the account."
            ),
            user_id=self._responsible().id,
        )

    def _save_authorization(self, refresh_token, seller_key, participations, expires_on=False):
        """With a new permission Amazon may let in what it denied access before: those parcels are sent again."""
        result = super()._save_authorization(refresh_token, seller_key, participations, expires_on)
        # sudo: who links an account need not see its shipments.
        denied = self.env["amazon.shipment"].sudo()
        denied = denied.search([("account_id", "=", self.id), "|", ("denied_on", "!=", False), ("denials", ">", 0)])
        denied.filtered(lambda shipment: shipment.state in ("pending", "error"))._queue()
        return result
