from odoo import models

from .. import compat


class SaleOrderLineFba(models.Model):
    """Goods that Amazon shipped from its own warehouse: done moves from the account's FBA location."""

    _inherit = "sale.order.line"

    def _ship_from_amazon(self, quantities, serial_numbers):
        """Take the goods of these lines out of the FBA location, one done move per line, without a delivery.

        The moves are in Inventory > Reporting > Moves History. A tracked product never stops an order: serial numbers
        that Amazon names are written, for the rest stands the account's lot.

        :param dict quantities: what Amazon shipped, by line, in the line's unit of measure
        :param dict serial_numbers: the serial numbers that Amazon names, by line
        """
        moves = self.env["stock.move"].create(
            [line._prepare_fba_move_vals(quantities[line]) for line in self if quantities[line] > 0]
        )
        # Without a delivery, only this key lets the move of a kit give way to those of its components.
        moves = moves.with_context(skip_picking_assignation=True)._action_confirm(merge=False)
        for move in moves:
            if move.has_tracking == "none":
                move.quantity = move.product_uom_qty
            else:
                move._set_fba_lots(serial_numbers.get(move.sale_line_id, ()))
        moves.picked = True
        moves._action_done()

    def _prepare_fba_move_vals(self, quantity):
        """Hook: the values of the stock move of a line that Amazon shipped."""
        self.ensure_one()
        order = self.order_id
        location = order.amazon_account_id._setting(order.amazon_marketplace_id, "location_id")
        return {
            **compat.move_description(self.name),
            "product_id": self.product_id.id,
            "product_uom": self[compat.LINE_UOM].id,
            "product_uom_qty": quantity,
            "location_id": location.id,
            "location_dest_id": order.partner_shipping_id.property_stock_customer.id,
            "partner_id": order.partner_shipping_id.id,
            "company_id": order.company_id.id,
            "origin": order.name,
            "sale_line_id": self.id,
        }
