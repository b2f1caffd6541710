from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _is_to_amazon_buyer(self):
        """Whether the move brings goods to a buyer: it is no return, no scrap, no step inside the warehouse."""
        self.ensure_one()
        return self.location_dest_id.usage == "customer" and not self.origin_returned_move_id

    def _set_fba_lots(self, serial_numbers):
        """Give a move of goods that Amazon shipped its lots.

        :param serial_numbers: those that Amazon names for the item; the account's lot stands for what is left
        """
        self.ensure_one()
        self.move_line_ids.unlink()
        self._add_amazon_lots(self.product_uom_qty, serial_numbers)

    def _complete_amazon_lots(self, serial_numbers):
        """Give a move of goods that left without Odoo the lots it lacks; those that Odoo reserved stay.

        :param serial_numbers: as for `_set_fba_lots`
        """
        self.ensure_one()
        without = self.move_line_ids.filtered(lambda move_line: move_line.quantity and not move_line.lot_id)
        if self.has_tracking == "none" or not without:
            return
        quantity = sum(
            move_line.product_uom_id._compute_quantity(move_line.quantity, self.product_uom, round=False)
            for move_line in without
        )
        without.unlink()
        self._add_amazon_lots(quantity, serial_numbers)

    def _add_amazon_lots(self, quantity, serial_numbers):
        """Bring a quantity of a tracked product, in the move's unit of measure, by Amazon's or the account's lots."""
        names = self._amazon_lot_names(quantity, serial_numbers)
        lots = self._find_or_create_amazon_lots(names)
        self.env["stock.move.line"].create(
            [self._prepare_amazon_move_line_vals(lots[name], quantity) for name, quantity in names.items()]
        )

    def _amazon_lot_names(self, quantity, serial_numbers):
        """Lot names with the quantity of each, in the unit of measure of their move line."""
        order = (self.sale_line_id or self.move_dest_ids.sale_line_id[:1]).order_id
        fallback = order.amazon_account_id.fba_lot_name
        if self.has_tracking == "lot":
            return {fallback: quantity}
        quantity = int(round(self.product_uom._compute_quantity(quantity, self.product_id.uom_id, round=False)))
        usable = list(dict.fromkeys(serial_numbers))[:quantity]
        gone = self._serials_gone(usable)
        names = [name for name in usable if name not in gone]
        for number in range(1, quantity - len(names) + 1):
            names.append(f"{fallback}-{order.amazon_order_ref}-{self.id}-{number}")
        return dict.fromkeys(names, 1.0)

    def _serials_gone(self, names):
        """Those of the serial numbers that a customer has already: Odoo would refuse to deliver them again."""
        quants = self.env["stock.quant"].search(
            [
                ("product_id", "=", self.product_id.id),
                ("lot_id.name", "in", names),
                ("location_id.usage", "=", "customer"),
                ("quantity", ">", 0),
            ]
        )
        return set(quants.lot_id.mapped("name"))

    def _find_or_create_amazon_lots(self, names):
        lots = self.env["stock.lot"]
        found = lots.search(
            [
                ("product_id", "=", self.product_id.id),
                ("name", "in", list(names)),
                ("company_id", "in", [False, self.company_id.id]),
            ]
        )
        missing = [name for name in names if name not in found.mapped("name")]
        keys = [(self.company_id.id, self.product_id.id, name) for name in missing]
        self.env["amazon.claim"]._take("lot", keys)
        created = lots.create(
            [{"name": name, "product_id": self.product_id.id, "company_id": self.company_id.id} for name in missing]
        )
        return {lot.name: lot for lot in found | created}

    def _prepare_amazon_move_line_vals(self, lot, quantity):
        return {
            "move_id": self.id,
            "picking_id": self.picking_id.id,
            "product_id": self.product_id.id,
            "product_uom_id": self.product_id.uom_id.id if self.has_tracking == "serial" else self.product_uom.id,
            "location_id": self.location_id.id,
            "location_dest_id": self.location_dest_id.id,
            "company_id": self.company_id.id,
            "lot_id": lot.id,
            "quantity": quantity,
        }
