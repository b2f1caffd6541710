from odoo import api, models

#: What decides how much of a product can be sold from where.
QUANTITY_FIELDS = {"product_id", "location_id", "quantity", "reserved_quantity"}


class StockQuant(models.Model):
    _inherit = "stock.quant"

    @api.model_create_multi
    def create(self, vals_list):
        quants = super().create(vals_list)
        self.env["amazon.stock.change"]._note(quants.product_id.ids)
        return quants

    def write(self, vals):
        if QUANTITY_FIELDS & vals.keys():
            self.env["amazon.stock.change"]._note(self.product_id.ids)
        return super().write(vals)

    def unlink(self):
        self.env["amazon.stock.change"]._note(self.product_id.ids)
        return super().unlink()
