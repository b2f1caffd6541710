import json
from collections import Counter
from datetime import timedelta

from odoo import fields, models

from ..raw_orders import fulfillment_status, is_fulfilled_by_amazon, order_ref, ordered_units
from .amazon_order_update import PENDING_STATUSES

#: Amazon cancels an order that is not paid within weeks; one of which nothing more was heard counts no longer.
UNPAID_COUNTS = timedelta(days=30)


class AmazonAccountUnpaid(models.Model):
    """What Amazon has taken off its quantities for orders that wait for their payment, and do not come in before."""

    _inherit = "amazon.account"

    unpaid_orders = fields.Char(
        groups=fields.NO_ACCESS,
        readonly=True,
        copy=False,
        exportable=False,
        help="The units of each SKU in orders that wait for their payment, by reference, as JSON.",
    )

    def _note_unpaid_orders(self, raw_orders):
        """Remember the units of the orders that wait for their payment, and forget those that wait no longer.

        :param list raw_orders: orders as Amazon sent them just now
        """
        known = self._unpaid_orders()
        seen_on = fields.Datetime.to_string(fields.Datetime.now())
        changed = set()
        for raw in raw_orders:
            ref, units = order_ref(raw), self._unpaid_units(raw)
            before = known.pop(ref, {"units": {}})["units"]
            if units:
                known[ref] = {"units": units, "seen_on": seen_on}
            if units != before:
                changed |= units.keys() | before.keys()
        if changed:
            # sudo: noted with the orders, whoever fetches them.
            self.sudo().unpaid_orders = json.dumps(known)
            domain = [("account_id", "=", self.id), ("sku", "in", list(changed))]
            self.env["amazon.stock.change"]._note(self.env["amazon.offer"].sudo().search(domain).product_id.ids)

    def _count_unpaid_units(self):
        """How many units of each SKU are in orders that wait for their payment."""
        units = Counter()
        for order in self._unpaid_orders().values():
            units.update(order["units"])
        return units

    def _unpaid_orders(self):
        # sudo: nobody reads it but this.
        orders = json.loads(self.sudo().unpaid_orders or "{}")
        since = fields.Datetime.to_string(fields.Datetime.now() - UNPAID_COUNTS)
        return {ref: order for ref, order in orders.items() if order["seen_on"] >= since}

    def _unpaid_units(self, raw):
        if fulfillment_status(raw) not in PENDING_STATUSES or is_fulfilled_by_amazon(raw) or not order_ref(raw):
            return {}
        return dict(ordered_units(raw))
