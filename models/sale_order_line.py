from odoo import fields, models

from .. import compat


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    amazon_item_ref = fields.Char("Amazon Item Reference", copy=False, readonly=True, index="btree_not_null")
    amazon_offer_id = fields.Many2one("amazon.offer", "Amazon Offer", copy=False, readonly=True, ondelete="set null")
    amazon_kind = fields.Char(
        copy=False, readonly=True, help="What Amazon charges on this line: product, shipping, gift_wrap, promotion..."
    )

    amazon_quantity = fields.Integer(
        "Quantity at Amazon", copy=False, readonly=True, help="How many Amazon last said are ordered."
    )

    # === ODOO HOOKS ===

    def _action_launch_stock_rule(self, *args, **kwargs):
        """What Amazon ships itself needs no delivery of yours, nor does a charge that stands for no goods."""
        own = self.filtered(lambda line: line.order_id.amazon_channel != "fba" and not line._is_mere_amazon_charge())
        return super(SaleOrderLine, own)._action_launch_stock_rule(*args, **kwargs)

    # === BUSINESS METHODS ===

    def _is_mere_amazon_charge(self):
        """Whether the line is a charge, such as gift wrap, for which only the default product could be found."""
        self.ensure_one()
        if self.amazon_kind in (False, "product"):
            return False
        return self.product_id == self.env.ref("amazon_connector.product_amazon_sale")

    def _ship_from_amazon(self, quantities):
        """Take goods that Amazon shipped from its own warehouse out of the account's FBA location.

        One done move per line, without a delivery; they are in Inventory > Reporting > Moves History.

        :param dict quantities: the quantity that Amazon shipped, by line, in the line's unit of measure
        """
        moves = self.env["stock.move"].create(
            [line._prepare_fba_move_vals(quantities[line]) for line in self if quantities[line] > 0]
        )
        moves._action_confirm(merge=False)
        for move in moves:
            move.quantity = move.product_uom_qty
        moves.picked = True
        moves._action_done()

    def _prepare_fba_move_vals(self, quantity):
        """Hook: the values of the stock move of a line that Amazon shipped."""
        self.ensure_one()
        order = self.order_id
        return {
            **compat.move_description(self.name),
            "product_id": self.product_id.id,
            "product_uom": self[compat.LINE_UOM].id,
            "product_uom_qty": quantity,
            "location_id": order.amazon_account_id.location_id.id,
            "location_dest_id": order.partner_shipping_id.property_stock_customer.id,
            "partner_id": order.partner_shipping_id.id,
            "company_id": order.company_id.id,
            "origin": order.name,
            "sale_line_id": self.id,
        }
