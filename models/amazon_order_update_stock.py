import json
from collections import Counter

from odoo import api, models

from ..raw_orders import fulfillment_status, is_fulfilled_by_amazon, order_ref, ordered_units, skus

#: Amazon's statuses of the orders whose goods the import takes from the stock.
SOLD_STATUSES = ("UNSHIPPED", "PARTIALLY_SHIPPED", "SHIPPED")
#: So many orders as Amazon sent them are in memory at once.
PAYLOADS_AT_ONCE = 500


class AmazonOrderUpdateStock(models.Model):
    """What orders say of the stock as soon as they are seen: where SKUs lie, and what is sold."""

    _inherit = "amazon.order.update"

    @api.model
    def _receive(self, account, raw_orders, recovered=False, personal_data_missing=False):
        if not recovered:
            self._note_fba_skus(account, raw_orders)
        account._note_unpaid_orders(raw_orders)
        return super()._receive(account, raw_orders, recovered=recovered, personal_data_missing=personal_data_missing)

    @api.model
    def _note_fba_skus(self, account, raw_orders):
        """Turn the offers of what Amazon fulfils into FBA offers, before any quantity of theirs can be sent.

        Orders that are known already say nothing new: their SKUs may have become the seller's since.
        """
        of_amazon = {order_ref(raw): raw for raw in raw_orders if is_fulfilled_by_amazon(raw)}
        if not of_amazon:
            return
        known = self.search([("account_id", "=", account.id), ("amazon_order_ref", "in", list(of_amazon))])
        for ref in known.mapped("amazon_order_ref"):
            del of_amazon[ref]
        found = set().union(*(skus(raw) for raw in of_amazon.values()))
        offers = self.env["amazon.offer"].search(
            [("account_id", "=", account.id), ("sku", "in", list(found)), ("amazon_channel", "!=", "fba")]
        )
        offers.write({"amazon_channel": "fba"})

    @api.model
    def _count_units_to_import(self, account):
        """How many units of each SKU the seller has to ship for orders that wait in the inbox or failed there.

        Amazon took them off its quantity, but there is no sales order yet that would take them off Odoo's stock.
        """
        # sudo: what was sold does not depend on who asks.
        inbox, sale_orders = self.sudo(), self.env["sale.order"].sudo()
        domain = [
            ("account_id", "=", account.id),
            ("state", "in", ("pending", "failed")),
            ("payload", "!=", False),
            ("sale_order_id", "=", False),
        ]
        units = Counter()
        last_id = 0
        while updates := inbox.search_fetch(
            [*domain, ("id", ">", last_id)], ["payload", "amazon_order_ref"], order="id", limit=PAYLOADS_AT_ONCE
        ):
            refs = updates.mapped("amazon_order_ref")
            known = set(sale_orders.search([("amazon_order_ref", "in", refs)]).mapped("amazon_order_ref"))
            for update in updates:
                if update.amazon_order_ref not in known:
                    units.update(self._units_to_ship(update.payload))
            last_id = updates[-1].id
            # What is behind is not kept in memory.
            updates.invalidate_recordset(["payload"])
        return units

    @api.model
    def _units_to_ship(self, payload):
        try:
            raw = json.loads(payload)
        except (ValueError, RecursionError):
            return Counter()
        if is_fulfilled_by_amazon(raw) or fulfillment_status(raw) not in SOLD_STATUSES:
            return Counter()
        return ordered_units(raw)
