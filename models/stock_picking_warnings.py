from odoo import api, fields, models

from ..parcels import assign_tracking, tracking_numbers


class StockPickingWarnings(models.Model):
    """What somebody should know of an Amazon delivery before it leaves."""

    _inherit = "stock.picking"

    amazon_unknown_goods = fields.Text(compute="_compute_amazon_unknown_goods", compute_sudo=True)

    # === COMPUTE METHODS ===

    @api.depends("move_ids.sale_line_id.amazon_unmatched", "move_ids.product_uom_qty", "move_ids.state")
    def _compute_amazon_unknown_goods(self):
        """What the buyer ordered that stands on the delivery as the default product: quantity, SKU and title."""
        for picking in self:
            moves = picking.move_ids.filtered(lambda move: move.sale_line_id.amazon_unmatched)
            texts = [f"{move.product_uom_qty:g} × {move.sale_line_id.name}" for move in moves if move.state != "cancel"]
            picking.amazon_unknown_goods = "\n".join(texts) or False

    # === BUSINESS METHODS ===

    def _amazon_warnings(self):
        """Why this delivery should not leave as it is, in words for the warehouse.

        :rtype: list[str]
        """
        self.ensure_one()
        # sudo: the warehouse need not see sales orders.
        order = self.sudo().sale_id
        if not order.amazon_order_ref or self.location_dest_id.usage != "customer" or self.amazon_shipped_at_amazon:
            return []
        warnings = []
        if order.amazon_cancellation_requested:
            warnings.append(
                self.env._("The buyer asked Amazon to cancel this order. Do not ship it until that is decided.")
            )
        if order._is_shipped_by_seller():
            warnings += self.sudo()._amazon_elsewhere_warnings(order)
            warnings += self._amazon_carrier_warnings(order.amazon_marketplace_id)
        return warnings

    def _amazon_elsewhere_warnings(self, order):
        moves = self.move_ids.filtered(
            lambda move: (
                move.sale_line_id.order_id == order
                and move.state not in ("done", "cancel")
                and move._is_to_amazon_buyer()
            )
        )
        # Odoo delivers what is reserved or entered; what is neither counts as far as it is demanded.
        quantity_field = "quantity" if any(moves.mapped("quantity")) else "product_uom_qty"
        goods = order._amazon_goods_left_elsewhere(
            {
                line: line._amazon_units_brought(of_line, quantity_field)
                for line, of_line in moves.grouped("sale_line_id").items()
            }
        )
        if not goods:
            return []
        return [
            self.env._(
                "Amazon knows these goods as shipped already, without Odoo: %(goods)s. Do not ship them again. "
                "If they left this warehouse, validate anyway, so that the stock is right; Amazon is not told of them "
                "again.",
                goods=goods,
            )
        ]

    def _amazon_carrier_warnings(self, marketplace):
        carrier = self.carrier_id
        numbers = tracking_numbers(self.carrier_tracking_ref)
        warnings = []
        if not carrier:
            warnings = [self.env._("No carrier is chosen. Amazon is told of the parcel once there is one.")]
        if not numbers and not self._amazon_gets_tracking_from_carrier():
            warnings += [
                self.env._(
                    "The tracking reference is missing. Amazon wants one on every marketplace, and is told of the "
                    "parcel once it is entered."
                )
            ]
        if warnings or not numbers:
            return warnings
        parcels = len(self.move_line_ids.filtered("quantity").grouped("result_package_id")) or 1
        if assign_tracking(numbers, parcels) is None:
            return [self.env["amazon.shipment"]._message_unassigned(len(numbers), parcels)]
        return [*filter(None, (carrier._amazon_tracking_warning(marketplace, number) for number in numbers))]

    def _amazon_gets_tracking_from_carrier(self):
        """Whether the carrier's integration gives the number when the delivery is validated."""
        carrier = self.carrier_id
        is_integrated = carrier and carrier.delivery_type not in ("fixed", "base_on_rule")
        return is_integrated and carrier.integration_level == "rate_and_ship" and self.picking_type_id.print_label
