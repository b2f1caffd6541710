from odoo import models


class StockMoveCarrier(models.Model):
    _inherit = "stock.move"

    # === ODOO HOOKS ===

    def _get_new_picking_values(self):
        """A delivery of an Amazon order has the order's delivery method, whatever the warehouse's routes pass on."""
        vals = super()._get_new_picking_values()
        order = self.sale_line_id.order_id
        if len(order) == 1 and order.amazon_order_ref and self.picking_type_id.code == "outgoing":
            vals["carrier_id"] = order.carrier_id.id
        return vals
