from odoo import api, fields, models


class AmazonOrderUpdatePrivacy(models.Model):
    """What Amazon sent of orders that never became sales orders is not kept for ever."""

    _inherit = "amazon.order.update"

    @api.model
    def _due_payloads_domain(self, account):
        """What waits for a person, or was ignored, longer than personal data may be kept."""
        return [
            ("account_id", "=", account.id),
            ("state", "in", ("failed", "ignored")),
            ("payload", "!=", False),
            ("last_updated", "<=", fields.Datetime.now() - account._retention_period()),
        ]

    @api.model
    def _empty_due_payloads(self, account):
        """Forget what Amazon sent of orders that are still not imported; they can be recovered by reference.

        :return: how many were emptied
        :rtype: int
        """
        due = self.search(self._due_payloads_domain(account))
        due.write({"payload": False})
        # Odoo's words of refusal may quote the buyer.
        due.filtered(lambda update: update.state == "failed").write(
            {
                "error_code": "data_deleted",
                "error": self.env._("The order was not imported in time, so what Amazon sent of it was deleted."),
            }
        )
        return len(due)
