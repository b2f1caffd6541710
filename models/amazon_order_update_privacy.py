from datetime import timedelta

from odoo import api, fields, models

#: However short data are kept, an order that came in just now gets the time to be applied.
SHORTEST_WAIT = timedelta(days=1)


class AmazonOrderUpdatePrivacy(models.Model):
    """What Amazon sent of orders that never became sales orders is not kept for ever."""

    _inherit = "amazon.order.update"

    @api.model
    def _due_payloads_domain(self, account):
        """What waits for a person, was ignored, or was never applied, longer than personal data may be kept.

        Once somebody asked to delete the account's data, whatever is there.
        """
        domain = [("account_id", "=", account.id), ("payload", "!=", False)]
        if account.is_data_deletion_asked:
            return domain
        now, period = fields.Datetime.now(), account._retention_period()
        return [
            *domain,
            ("last_updated", "<=", now - period),
            "|",
            ("state", "in", ("failed", "ignored")),
            # What Amazon last changed long ago may have come in just now.
            ("write_date", "<=", now - max(period, SHORTEST_WAIT)),
        ]

    @api.model
    def _empty_due_payloads(self, account):
        """Forget what Amazon sent of orders that are still not imported; they can be recovered by reference.

        :return: how many were emptied
        :rtype: int
        """
        due = self.search(self._due_payloads_domain(account))
        due._forget_payloads()
        return len(due)

    def _forget_payloads(self):
        """Empty what Amazon sent, and say so where the order was still to be imported."""
        self.write({"payload": False})
        for update in self.filtered(lambda update: update.state in ("failed", "pending")):
            # Odoo's words of refusal may quote the buyer.
            update.write({"state": "failed", "error_code": "data_deleted", "error": update._why_forgotten()})

    def _why_forgotten(self):
        self.ensure_one()
        if self.account_id.is_data_deletion_asked:
            return self.env._(
                "Somebody asked to delete the buyers' data of this account, so what Amazon sent of the order was "
                "deleted, and the order was not imported."
            )
        return self.env._("The order was not imported in time, so what Amazon sent of it was deleted.")

    def _apply(self, may_be_redone=False):
        """After somebody asked to delete the account's data, no order brings a buyer in any more."""
        # Who asked may have done so in another process, since the account was read.
        self.account_id.invalidate_recordset(["is_data_deletion_asked"])
        unwanted = self.filtered("account_id.is_data_deletion_asked")
        unwanted._forget_payloads()
        wanted = self - unwanted
        return super(AmazonOrderUpdatePrivacy, wanted)._apply(may_be_redone=may_be_redone) if wanted else None
