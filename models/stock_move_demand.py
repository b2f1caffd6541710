from odoo import models

#: What decides how much of a product is promised to customers or expected from vendors.
DEMAND_FIELDS = {"state", "product_uom_qty", "product_uom", "location_id", "location_dest_id", "location_final_id"}


class StockMoveDemand(models.Model):
    """A move changes what can be sold as soon as it is confirmed, before anything is reserved for it."""

    _inherit = "stock.move"

    def write(self, vals):
        if DEMAND_FIELDS & vals.keys():
            self.env["amazon.stock.change"]._note(self.product_id.ids)
        return super().write(vals)
