from odoo import models


class StockMoveNote(models.Model):
    _inherit = "stock.move"

    # === ODOO HOOKS ===

    def _get_new_picking_values(self):
        """Each step of an Amazon order's delivery bears the buyer's gift messages, whenever Odoo makes it."""
        vals = super()._get_new_picking_values()
        lines = self.sale_line_id or self.move_dest_ids.sale_line_id
        packing_note = lines.order_id.filtered("amazon_order_ref")._amazon_packing_note()
        return {**vals, "note": packing_note} if packing_note else vals
