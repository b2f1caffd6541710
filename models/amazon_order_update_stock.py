from odoo import api, models

from ..raw_orders import is_fulfilled_by_amazon, order_ref, skus


class AmazonOrderUpdateStock(models.Model):
    """An order that Amazon fulfils says where its SKUs lie, as soon as it is seen."""

    _inherit = "amazon.order.update"

    @api.model
    def _receive(self, account, raw_orders, recovered=False, personal_data_missing=False):
        if not recovered:
            self._note_fba_skus(account, raw_orders)
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
