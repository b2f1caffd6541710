from odoo import fields, models

from .. import compat
from ..parcels import units_of_parcels


class StockPickingShipments(models.Model):
    """From a done delivery to the parcels that Amazon is told of."""

    _inherit = "stock.picking"

    def _create_amazon_shipments(self):
        """Put what these deliveries brought to Amazon's buyers into the outbox, one row per parcel.

        Nothing for what Amazon knows already, does itself, or what came back. Once more after somebody corrected a
        done delivery, the rows follow.
        """
        # sudo: whoever may validate a delivery has it reported.
        for picking in self.sudo().filtered(lambda picking: picking.state == "done"):
            if picking.amazon_shipped_at_amazon:
                continue
            # Only what the delivery's own company sold: Amazon believes whatever it is told.
            orders = picking.move_ids.sale_line_id.order_id.filtered_domain(
                [("company_id", "=", picking.company_id.id)]
            )
            for order in orders.filtered(lambda order: order._is_shipped_by_seller()):
                picking._create_amazon_shipments_of(order)

    def _create_amazon_shipments_of(self, order):
        """The rows of one sales order of this delivery."""
        self.ensure_one()
        order._lock_amazon_shipments()
        known = self.amazon_shipment_ids.filtered(lambda shipment: shipment.sale_order_id == order)
        contents = self._amazon_contents(order)
        vals_list = []
        for package, content in contents.items():
            shipment = known.filtered(lambda shipment, package=package: shipment.package_id == package)[:1]
            if shipment:
                known -= shipment
                shipment._correct_content(content)
            elif content:
                vals_list.append(self._prepare_amazon_shipment_vals(order, package, content))
        for shipment in known:
            shipment._correct_content({})
        created = self.env["amazon.shipment"].create(vals_list)
        created._take_carrier()
        created._take_tracking()
        for shipment in created:
            shipment._queue()
        if contents and not self.amazon_shipment_ids:
            self._note_nothing_to_report(order)

    def _amazon_contents(self, order):
        """What each parcel is reported with: whole units by sales order line, by package."""
        parcels = self._amazon_parcels(order)
        contents = {package: {} for package in parcels}
        for line in order._amazon_product_lines():
            lines_of_parcels = [
                move_lines.filtered(lambda move_line, line=line: move_line.move_id.sale_line_id == line)
                for move_lines in parcels.values()
            ]
            if not any(lines_of_parcels):
                continue
            units = self._amazon_units_per_parcel(line, lines_of_parcels)
            for package, quantity in zip(parcels, units, strict=True):
                if quantity:
                    contents[package][line] = quantity
        return contents

    def _amazon_parcels(self, order):
        """The move lines of an order by the package they left in; loose goods are one parcel more, the last.

        :rtype: dict
        """
        move_lines = self.move_line_ids.filtered(
            lambda move_line: (
                move_line.move_id.sale_line_id.order_id == order
                and move_line.quantity
                and move_line.move_id._is_to_amazon_buyer()
            )
        )
        parcels = move_lines.sorted("id").grouped(compat.parcel_of)
        return dict(sorted(parcels.items(), key=lambda item: item[0].id or float("inf")))

    def _amazon_units_per_parcel(self, line, lines_of_parcels):
        content = line._amazon_unit_content()
        delivered = line.move_ids.filtered(lambda move: move.state == "done" and move._is_to_amazon_buyer())
        before = delivered.filtered(lambda move: move.picking_id != self).move_line_ids
        return units_of_parcels(
            [line._amazon_units(content, move_lines) for move_lines in lines_of_parcels],
            line._amazon_units(content, before),
            line._amazon_tolerances(content, delivered),
            told=line._amazon_units_told() - self._amazon_units_told_of(line),
            limit=line.amazon_quantity,
        )

    def _amazon_units_told_of(self, line):
        lines = line.sudo().amazon_shipment_line_ids
        return sum(lines.filtered(lambda told: told.shipment_id.picking_id == self).mapped("quantity"))

    def _prepare_amazon_shipment_vals(self, order, package, content):
        """Hook: the values of a parcel.

        :param package: the package, empty for loose goods
        :param dict content: whole units by sales order line
        """
        return {
            "picking_id": self.id,
            "sale_order_id": order.id,
            "package_id": package.id,
            "package_ref": order._next_amazon_package_ref(),
            # Amazon refuses a parcel that left before it was ordered, or in the future.
            "shipped_on": min(max(self.date_done, order.date_order), fields.Datetime.now()),
            "line_ids": self.env["amazon.shipment.line"]._prepare_commands(content),
        }

    def _note_nothing_to_report(self, order):
        """Say why a delivery of an Amazon order is not reported."""
        lines = order._amazon_product_lines()
        if all(line._amazon_units_told() >= line.amazon_quantity for line in lines):
            self.amazon_shipped_at_amazon = True
            self.message_post(body=self.env._("Amazon already knows all of this order as shipped."))
        else:
            self.message_post(
                body=self.env._(
                    "Amazon is not told of this delivery: it completes no item that Amazon does not know as shipped."
                )
            )

    # === CARRIER AND TRACKING ===

    def _update_amazon_shipments(self, tracking=True):
        """Tell Amazon of another carrier or tracking number."""
        # sudo: whoever may change the delivery has it reported.
        shipments = self.sudo().amazon_shipment_ids
        changed = shipments._take_carrier()
        if tracking:
            shipments._take_tracking()
        (changed | shipments.filtered(lambda shipment: shipment.state == "waiting_tracking"))._queue()

    def _amazon_carrier(self, marketplace):
        """What Amazon calls the carrier.

        :return: code, name (only with the code Other) and shipping service; False where there is none
        :rtype: tuple
        """
        self.ensure_one()
        carrier = self.carrier_id
        if not carrier:
            return False, False, False
        return carrier._amazon_carrier(marketplace)

    def _amazon_tracking_by_package(self, shipments):
        """The tracking number of each package among the parcels of this delivery; None where it cannot be told."""
        self.ensure_one()
        packages = list(dict.fromkeys(shipment.package_id for shipment in self.amazon_shipment_ids.sorted("id")))
        return shipments._assign_tracking(self.carrier_tracking_ref, packages)
