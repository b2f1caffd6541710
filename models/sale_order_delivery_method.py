from odoo import models


class SaleOrderDeliveryMethod(models.Model):
    _inherit = "sale.order"

    def _pass_delivery_method_on(self):
        """Give new deliveries the delivery method of their order, also where the warehouse's routes do not."""
        for order in self.filtered("carrier_id"):
            order._amazon_open_deliveries().filtered(
                lambda picking: not picking.carrier_id
            ).carrier_id = order.carrier_id
