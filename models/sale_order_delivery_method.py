from odoo import models


class SaleOrderDeliveryMethod(models.Model):
    """The delivery method of an Amazon order: changed without a charge, as the buyer has paid Amazon."""

    _inherit = "sale.order"

    # === CRUD METHODS ===

    def write(self, vals):
        """The deliveries that wait take another delivery method, except those for which somebody chose their own."""
        amazon_orders = self.filtered("amazon_order_ref") if "carrier_id" in vals else ()
        before = {order: order.carrier_id for order in amazon_orders}
        result = super().write(vals)
        for order, carrier in before.items():
            deliveries = order._amazon_open_deliveries().filtered(
                lambda picking, carrier=carrier: picking.carrier_id in (carrier, carrier.browse())
            )
            deliveries.carrier_id = order.carrier_id
        return result
