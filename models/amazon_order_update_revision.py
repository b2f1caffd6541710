import hashlib

from odoo import api, fields, models

from ..spapi.sections import parse_time
from .amazon_order_update import SETTING_REASONS

#: The digits of a fraction of a second, with which a revision begins.
FRACTION = 6


class AmazonOrderUpdateRevision(models.Model):
    """Which of two versions of an order is the newer one: Amazon may change an order twice within a second."""

    _inherit = "amazon.order.update"

    # So short a digest tells versions of an order apart, and tells nobody what was in it once that is deleted.
    revision = fields.Char(
        groups=fields.NO_ACCESS,
        readonly=True,
        copy=False,
        exportable=False,
        help="Microseconds of the last change at Amazon, and a digest of what it sent.",
    )

    # === RECEIVE ===

    @api.model
    def _prepare_update_vals(self, account, raw, recovered):
        vals = super()._prepare_update_vals(account, raw, recovered)
        last_updated = parse_time(str(raw.get("lastUpdatedTime")))
        microseconds = last_updated.microsecond if last_updated else 0
        digest = hashlib.sha256(vals["payload"].encode()).hexdigest()[:8]
        return {**vals, "revision": f"{microseconds:0{FRACTION}} {digest}"}

    @api.model
    def _moment(self, vals):
        """When an order changed, as exactly as Amazon says it; `vals` are of an update."""
        return vals["last_updated"], vals["revision"][:FRACTION]

    def _is_superseded_by(self, vals, recovered):
        """Whether an update with these values has to be applied over this one.

        The same update again is worth another look only where a setting made it ignored, which may have changed since,
        or where a person asks for it.
        """
        self.ensure_one()
        if vals["last_updated"] != self.last_updated:
            return vals["last_updated"] > self.last_updated
        if recovered or (self.state == "ignored" and self.error_code in SETTING_REASONS):
            return True
        if self.revision and self._moment(self) != self._moment(vals):
            return self._moment(vals) > self._moment(self)
        return self._is_completed_by(vals)

    def _is_completed_by(self, vals):
        """Whether Amazon says something else of an order now, though by its time it did not change.

        What a missing role takes away is no news, and what was deleted of the order must not come back.
        """
        if vals["tax_data_missing"] and not self.tax_data_missing:
            return False
        is_given_more = self.tax_data_missing and not vals["tax_data_missing"]
        differs = bool(self.revision) and self.revision != vals["revision"]
        return (is_given_more or differs) and not self._is_forgotten()

    def _is_forgotten(self):
        """Whether what Amazon sent of this order was deleted, for its time was over or somebody asked for it."""
        return not self.payload and (not self.sale_order_id or bool(self.sale_order_id.amazon_erased_on))
