from odoo import models


class StockRule(models.Model):
    _inherit = "stock.rule"

    def _get_stock_move_values(self, *args, **kwargs):
        """Goods without a product of their own are described as Amazon lists them: somebody has to pack them."""
        vals = super()._get_stock_move_values(*args, **kwargs)
        line = self.env["sale.order.line"].browse(vals.get("sale_line_id") or [])
        if line.amazon_unmatched:
            vals["description_picking"] = line.name
        return vals

    def _push_prepare_move_copy_values(self, move_to_copy, new_date):
        """The next step of an Amazon order's delivery is scheduled by Amazon's date, not by when the last was done."""
        vals = super()._push_prepare_move_copy_values(move_to_copy, new_date)
        order = move_to_copy.sale_line_id.order_id
        if order.amazon_ship_by and not move_to_copy.origin_returned_move_id:
            vals["date"] = order._amazon_planned_date() or new_date
        return vals
