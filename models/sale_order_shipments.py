from odoo import fields, models

from ..utils import naive_utc

#: Programs in which Amazon sells the label or collects the parcel, and knows of the shipment itself.
LABEL_PROGRAMS = {"AMAZON_EASY_SHIP", "DELIVERY_BY_AMAZON"}


class SaleOrderShipments(models.Model):
    """What of an order Amazon is told as shipped, and what Amazon says is."""

    _inherit = "sale.order"

    amazon_shipment_ids = fields.One2many("amazon.shipment", "sale_order_id", "Parcels at Amazon", copy=False)
    amazon_label_by_amazon = fields.Boolean(
        "Label by Amazon",
        copy=False,
        readonly=True,
        help="Amazon sells the label of this order, as with Easy Ship: it knows of the shipment without being told.",
    )
    amazon_last_package_ref = fields.Integer(
        "Last Package Number", copy=False, readonly=True, help="The highest number that a parcel of this order has."
    )

    # === BUSINESS METHODS ===

    def _is_shipped_by_seller(self):
        """Whether Amazon has to be told of the shipments of this order."""
        self.ensure_one()
        return bool(self.amazon_order_ref) and self.amazon_channel == "fbm" and not self.amazon_label_by_amazon

    def _lock_amazon_shipments(self):
        """Let two deliveries of an order, validated at the same time, not count the same units.

        A written row, unlike a locked one, makes the database refuse the second transaction, which Odoo then repeats.
        """
        self.ensure_one()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order SET amazon_last_package_ref = COALESCE(amazon_last_package_ref, 0) WHERE id = %s",
            [self.id],
        )

    def _next_amazon_package_ref(self):
        """A number that no parcel of this order has had."""
        self.ensure_one()
        self.amazon_last_package_ref += 1
        return self.amazon_last_package_ref

    # === WHAT AMAZON SAYS ===

    def _apply_amazon_packages(self, order, seen_at=None):
        """Note what Amazon shows of the parcels: those that it has are done, those that it dropped are sent again.

        :param spapi.orders.Order order: the parsed Amazon order
        :param datetime seen_at: when the order was looked at (aware); by default when it last changed
        """
        self.ensure_one()
        self._note_amazon_label(order)
        seen_at = naive_utc(seen_at or order.last_updated)
        others = list(order.packages)
        for shipment in self.amazon_shipment_ids.sorted("package_ref"):
            package = shipment._find_package(others)
            if package:
                others.remove(package)
            shipment._note_package(package, seen_at)
        # A parcel of ours that Amazon still shows as it was before a correction is no parcel from elsewhere.
        told = {str(shipment.package_ref) for shipment in self.amazon_shipment_ids if shipment._was_tried()}
        self._note_shipped_elsewhere([package for package in others if package.reference not in told])

    def _note_amazon_label(self, order):
        by_amazon = bool(LABEL_PROGRAMS.intersection(order.programs))
        if self.amazon_label_by_amazon != by_amazon:
            self.amazon_label_by_amazon = by_amazon

    def _note_shipped_elsewhere(self, packages):
        """Count what was confirmed to Amazon from elsewhere, as in Seller Central: it is not confirmed again."""
        live = [package for package in packages if package.status != "CANCELLED"]
        if not live:
            return
        units = {}
        for item_ref, quantity in (content for package in live for content in package.items):
            units[item_ref] = units.get(item_ref, 0) + quantity
        news = self.env["sale.order.line"]
        for line in self._amazon_product_lines():
            if units.get(line.amazon_item_ref, 0) > line.amazon_shipped_elsewhere:
                line.amazon_shipped_elsewhere = units[line.amazon_item_ref]
                news |= line
        numbers = [int(package.reference) for package in live if package.reference.isdigit()]
        # A database integer; Amazon may number otherwise.
        highest = max((number for number in numbers if number < 2**31), default=0)
        if highest > self.amazon_last_package_ref:
            self.amazon_last_package_ref = highest
        self.amazon_shipment_ids._give_way(numbers)
        self._ask_about_left_elsewhere(news)

    def _ask_about_left_elsewhere(self, lines):
        """Have a person look at deliveries that are still to bring what has left from elsewhere, lest it leaves twice.

        :param lines: those of which Amazon just said that more has left
        """
        if not self._is_shipped_by_seller() or all(picking.state in ("done", "cancel") for picking in self.picking_ids):
            return
        goods = self._amazon_goods_left_elsewhere(
            {line: max(line.product_uom_qty - line.qty_delivered, 0) for line in lines}
        )
        if goods:
            self._amazon_activity(
                self.env._("Shipped outside Odoo, but still to be delivered here"),
                self.env._(
                    "Amazon knows these goods as shipped without Odoo: %(goods)s. Do not ship "
                    "them again. If they left your warehouse, validate their delivery all the same, so that the stock "
                    "is right; Amazon is not told of them again. If they did not, cancel it.",
                    goods=goods,
                ),
            )

    def _amazon_goods_left_elsewhere(self, brought):
        """What of the goods that are still to be brought has left from elsewhere, in words; empty where nothing has.

        :param dict brought: units to be brought by sales order line
        """
        left = {line: line._amazon_units_left_elsewhere(units) for line, units in brought.items()}
        return ", ".join(f"{units:g} × {line.product_id.display_name}" for line, units in left.items() if units)
