from odoo import api, models

#: What decides which units a parcel holds.
CONTENT_FIELDS = {"quantity", "product_uom_id", "result_package_id"}


class StockMoveLine(models.Model):
    """Corrections of done deliveries reach Amazon too."""

    _inherit = "stock.move.line"

    # === CRUD METHODS ===

    @api.model_create_multi
    def create(self, vals_list):
        move_lines = super().create(vals_list)
        move_lines._correct_amazon_shipments()
        return move_lines

    def write(self, vals):
        result = super().write(vals)
        if CONTENT_FIELDS & vals.keys():
            self._correct_amazon_shipments()
        return result

    # === BUSINESS METHODS ===

    def _correct_amazon_shipments(self):
        """Bring the parcels of deliveries that were done before up to what they hold now."""
        # sudo: whoever corrects a delivery has it reported.
        self.sudo().picking_id.filtered(lambda picking: picking.amazon_shipment_ids)._create_amazon_shipments()
