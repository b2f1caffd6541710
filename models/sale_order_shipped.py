from odoo import models


class SaleOrderShipped(models.Model):
    """What Amazon says is shipped already when an order first comes in."""

    _inherit = "sale.order"

    def _deliver_as_amazon_shipped(self, orders):
        """Do in Odoo the deliveries that Amazon reports as done.

        FBA: stock moves from the account's FBA location. FBM: the shipped part of the delivery is done, and never
        reported back; the rest stays to be delivered.

        :param list orders: the parsed Amazon order of each of these sales orders
        """
        fba_lines = self.env["sale.order.line"]
        fba_quantities, fba_serial_numbers = {}, {}
        for sale_order, order in zip(self, orders, strict=True):
            quantities = sale_order._amazon_shipped_quantities(order)
            serial_numbers = {line: order.item(line.amazon_item_ref).serial_numbers for line in quantities}
            if sale_order.amazon_channel == "fba":
                fba_lines = fba_lines.concat(*quantities)
                fba_quantities |= quantities
                fba_serial_numbers |= serial_numbers
            elif any(quantities.values()):
                for line, quantity in quantities.items():
                    line.amazon_shipped_elsewhere = int(quantity)
                sale_order._deliver_shipped_quantities(quantities, serial_numbers)
            # Afterwards: nobody need be told of goods that left elsewhere and are delivered here by now.
            sale_order._apply_amazon_packages(order)
        fba_lines._ship_from_amazon(fba_quantities, fba_serial_numbers)

    def _amazon_shipped_quantities(self, order):
        """How much of each goods line Amazon says is shipped, by line, never more than was ordered.

        An order of status SHIPPED without figures per item is shipped in full.
        """
        self.ensure_one()
        quantities = {}
        for line in self.order_line:
            item = order.item(line.amazon_item_ref)
            if not item or line.amazon_kind != "product" or line.product_id.type != "consu":
                continue
            shipped = item.quantity_fulfilled
            if shipped is None:
                shipped = item.quantity if order.status == "SHIPPED" else 0
            quantities[line] = min(shipped, line.product_uom_qty)
        return quantities

    def _deliver_shipped_quantities(self, quantities, serial_numbers):
        """Validate the deliveries of these quantities, whatever steps the warehouse has.

        :param dict quantities: what Amazon says is shipped, by line
        :param dict serial_numbers: the serial numbers that Amazon names, by line
        """
        self.ensure_one()
        for _step in range(4):  # pick, pack and ship, and one more than there are
            pickings = self.picking_ids.filtered(lambda picking: picking.state not in ("done", "cancel"))
            todo = pickings.filtered(lambda picking: picking._set_amazon_shipped(quantities, serial_numbers))
            if not todo:
                return
            todo.amazon_shipped_at_amazon = True
            todo._action_done()
            if todo.filtered(lambda picking: picking.location_dest_id.usage == "customer"):
                return
