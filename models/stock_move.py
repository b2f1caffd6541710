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
        names = self._fba_lot_names(serial_numbers)
        lots = self._find_or_create_fba_lots(names)
        self.env["stock.move.line"].create(
            [self._prepare_fba_move_line_vals(lots[name], quantity) for name, quantity in names.items()]
        )

    def _fba_lot_names(self, serial_numbers):
        """Lot names with the quantity of each, in the move's unit of measure."""
        order = self.sale_line_id.order_id
        fallback = order.amazon_account_id.fba_lot_name
        if self.has_tracking == "lot":
            return {fallback: self.product_uom_qty}
        quantity = int(round(self.product_qty))
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

    def _find_or_create_fba_lots(self, names):
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

    def _prepare_fba_move_line_vals(self, lot, quantity):
        return {
            "move_id": self.id,
            "product_id": self.product_id.id,
            "product_uom_id": self.product_id.uom_id.id if self.has_tracking == "serial" else self.product_uom.id,
            "location_id": self.location_id.id,
            "location_dest_id": self.location_dest_id.id,
            "company_id": self.company_id.id,
            "lot_id": lot.id,
            "quantity": quantity,
        }
