from odoo import fields, models

from .. import compat

#: Beyond any rounding of a float, below any rounding of a unit of measure.
EPSILON = 1e-6


class SaleOrderLineUnits(models.Model):
    """From stock moves to whole units of the Amazon item: units of measure, kits."""

    _inherit = "sale.order.line"

    amazon_shipped_elsewhere = fields.Integer(
        copy=False,
        readonly=True,
        help="Units that Amazon knows as shipped without Odoo: they are not reported again.",
    )
    amazon_shipment_line_ids = fields.One2many("amazon.shipment.line", "sale_line_id", copy=False)

    def _amazon_unit_content(self):
        """What one unit of the Amazon item is made of.

        :return: quantity and unit of measure of each part, by part: the product, or each line of the kit's bill of
            materials
        :rtype: dict
        """
        self.ensure_one()
        moves = self.move_ids.filtered(lambda move: move.state != "cancel")
        if moves.product_id <= self.product_id:
            return {self.product_id: (1.0, self[compat.LINE_UOM])}
        content = self._amazon_kit_content(moves)
        if all(self._amazon_part(move) in content for move in moves):
            return content
        return self._amazon_demanded_content()

    def _amazon_part(self, move):
        """The part of the unit's content that a stock move brings."""
        if move.product_id == self.product_id:
            return move.product_id
        return ("bom_line_id" in move._fields and move.bom_line_id) or move.product_id

    def _amazon_quantity_of(self, move, units):
        """How much a move brings of so many units of the Amazon item.

        :return: the part that it brings, and its quantity in the move's unit of measure
        :rtype: tuple
        """
        part = self._amazon_part(move)
        if not self or not units:
            return part, 0
        needed, uom = self._amazon_unit_content().get(part, (0, move.product_uom))
        return part, uom._compute_quantity(needed * units, move.product_uom, rounding_method="HALF-UP")

    def _amazon_kit_content(self, moves):
        """The content of a unit by the kit's bill of materials; components without any stock move are left out."""
        if "bom_line_id" not in moves._fields:  # Manufacturing is not installed
            return {}
        product = self.product_id
        moved = moves.bom_line_id
        boms = moved.bom_id.filtered(
            lambda bom: (
                bom.product_id == product or (not bom.product_id and bom.product_tmpl_id == product.product_tmpl_id)
            )
        )
        found = self.env["mrp.bom"].sudo()._bom_find(product, company_id=self.company_id.id, bom_type="phantom")
        bom = boms[:1].sudo() or found[product]
        if not bom:
            return {}
        ordered = max(self.amazon_quantity, 1)
        times = self[compat.LINE_UOM]._compute_quantity(ordered, bom.product_uom_id, round=False) / bom.product_qty
        _boms, bom_lines = bom.explode(product, times)
        return {
            bom_line: (data["qty"] / ordered, bom_line.product_uom_id)
            for bom_line, data in bom_lines
            if bom_line in moved and data["qty"] > 0
        }

    def _amazon_demanded_content(self):
        """The content of a unit by what the stock moves demand, where no bill of materials tells it any more.

        With what was cancelled: a unit that needs too much is told late, one that needs too little too early.
        """
        demands = {}
        for move in self.move_ids.filtered(lambda move: move._is_to_amazon_buyer()):
            part = self._amazon_part(move)
            demand, uom = demands.get(part, (0, move.product_id.uom_id))
            demands[part] = (demand + move.product_qty, uom)
        ordered = max(self.amazon_quantity, 1)
        return {part: (demand / ordered, uom) for part, (demand, uom) in demands.items() if demand}

    def _amazon_tolerances(self, content, moves):
        """How much of a unit the rounding of these moves' quantities may have lost, by part.

        Such as a piece that is moved as 0.08 dozen.
        """
        tolerances = dict.fromkeys(content, EPSILON)
        for move in moves:
            part = self._amazon_part(move)
            if part in content:
                tolerances[part] += self._amazon_rounding_loss(content[part], move.product_uom)
        return {part: min(tolerance, 0.49) for part, tolerance in tolerances.items()}

    def _amazon_rounding_loss(self, part_content, uom):
        needed, needed_uom = part_content
        steps = needed_uom._compute_quantity(needed, uom, round=False) / uom.rounding
        return 0.0 if abs(steps - round(steps)) < EPSILON else 0.5 / steps

    def _amazon_units(self, content, move_lines):
        """For how many units what these move lines bring would do, by part."""
        units = {}
        for move_line in move_lines:
            part = self._amazon_part(move_line.move_id)
            if part in content:
                uom = move_line.product_uom_id
                units[part] = units.get(part, 0) + self._amazon_units_of(content[part], move_line.quantity, uom)
        return units

    def _amazon_units_of(self, part_content, quantity, uom):
        needed, needed_uom = part_content
        return uom._compute_quantity(quantity, needed_uom, round=False) / needed

    def _amazon_units_brought(self, moves, quantity_field):
        """For how many units what these moves of the line bring would do; a kit that lacks parts counts, too.

        :param str quantity_field: the field of the moves that says how much they bring
        """
        self.ensure_one()
        content = self._amazon_unit_content()
        units = {}
        for move in moves:
            part = self._amazon_part(move)
            if part in content:
                more = self._amazon_units_of(content[part], move[quantity_field], move.product_uom)
                units[part] = units.get(part, 0) + more
        return max(units.values(), default=0)

    def _amazon_units_left_elsewhere(self, brought):
        """How many of the units that are still to be brought have left from elsewhere, as Amazon says.

        None that Odoo told Amazon of, and none that were delivered in Odoo, too: as in what Amazon is told, the first
        units that leave here are taken for those that left elsewhere.

        :param float brought: how many units are to be brought
        """
        self.ensure_one()
        if not brought or not self.amazon_shipped_elsewhere:
            return 0
        content = self._amazon_unit_content()
        done = self.move_ids.filtered(lambda move: move.state == "done" and move._is_to_amazon_buyer())
        units = self._amazon_units(content, done.move_line_ids)
        delivered = min((units.get(part, 0) for part in content), default=0)
        told = self._amazon_units_told()
        left = min(brought, self.amazon_shipped_elsewhere, told - delivered)
        return left if left > EPSILON else 0

    def _amazon_units_told(self):
        """How many units Amazon knows as shipped, or will once the outbox is empty."""
        self.ensure_one()
        # sudo: the outbox counts whoever validates the delivery.
        return self.amazon_shipped_elsewhere + sum(self.sudo().amazon_shipment_line_ids.mapped("quantity"))
