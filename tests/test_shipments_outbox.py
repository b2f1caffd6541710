from odoo.tests import tagged

from .. import compat
from .shipment_common import TRACKING, ShipmentCase


@tagged("post_install", "-at_install")
class TestShipmentOutbox(ShipmentCase):
    """Which done deliveries become parcels that Amazon is told of, and with which quantities."""

    def test_a_done_delivery_is_one_parcel_with_what_it_holds(self):
        sale_order = self.order_in(("MUG-RED-11OZ", 2), ("TEA", 3))
        picking = self.deliver(sale_order)
        shipment = self.shipments(sale_order)
        self.assertEqual(len(shipment), 1)
        self.assertEqual(sorted(shipment.line_ids.mapped("quantity")), [2, 3])
        self.assertEqual(shipment.package_ref, 1)
        self.assertEqual((shipment.carrier_code, shipment.carrier_name), ("Other", "House Courier"))
        self.assertEqual(shipment.tracking_ref, TRACKING)
        self.assertEqual(shipment.shipped_on, picking.date_done)
        self.assertEqual((shipment.state, picking.amazon_sync_status), ("pending", "pending"))

    def test_a_partial_delivery_tells_its_part_and_the_backorder_the_rest(self):
        sale_order = self.order_in(("MUG-RED-11OZ", 5))
        self.deliver(sale_order, {self.mug: 2})
        self.assertEqual(self.shipments(sale_order).line_ids.mapped("quantity"), [2])
        self.deliver(sale_order)
        self.assertEqual(self.shipments(sale_order).line_ids.mapped("quantity"), [2, 3])
        self.assertEqual(self.shipments(sale_order).mapped("package_ref"), [1, 2])

    def test_a_part_that_is_never_delivered_is_never_told(self):
        sale_order = self.order_in(("MUG-RED-11OZ", 5))
        picking = self.pick(self.delivery(sale_order), {self.mug: 2})
        picking.with_context(
            skip_amazon_warning=True, skip_backorder=True, picking_ids_not_to_backorder=picking.ids
        ).button_validate()
        self.assertEqual(list(self.told(sale_order).values()), [2])

    def test_two_lines_of_one_product_are_told_each_for_its_item(self):
        sale_order = self.order_in(("MUG-RED-11OZ", 2), {"sku": "MUG-RED-11OZ", "quantity": 1, "price": "9.00"})
        first, second = sale_order._amazon_product_lines().sorted("sequence")
        picking = self.delivery(sale_order)
        for move in picking.move_ids:
            move.quantity = 1
            move.picked = True
        picking.write({"carrier_id": self.carrier.id, "carrier_tracking_ref": TRACKING})
        self.validate(picking)
        self.assertEqual(self.told(sale_order), {first.amazon_item_ref: 1, second.amazon_item_ref: 1})
        self.deliver(sale_order)
        self.assertEqual(self.told(sale_order), {first.amazon_item_ref: 2, second.amazon_item_ref: 1})

    def test_more_than_amazon_ordered_is_never_told(self):
        sale_order = self.order_in(("MUG-RED-11OZ", 2))
        self.deliver(sale_order, {self.mug: 3})
        self.assertEqual(list(self.told(sale_order).values()), [2])

    def test_a_delivered_product_that_amazon_did_not_sell_is_not_told(self):
        sale_order = self.order_in()
        sale_order.order_line = [(0, 0, {"product_id": self.tea.id, "product_uom_qty": 1})]
        self.deliver(sale_order)
        self.assertEqual(sum(self.told(sale_order).values()), 1)

    def test_dozens_moved_for_units_sold_are_told_in_units(self):
        sale_order = self.order_in(("MUG-RED-11OZ", 24))
        picking = self.delivery(sale_order)
        move = picking.move_ids
        move.move_line_ids.unlink()
        dozen = self.env.ref("uom.product_uom_dozen")
        move.move_line_ids = [
            (0, 0, {**self._line_vals(move), "quantity": 1, "product_uom_id": dozen.id}),
        ]
        move.picked = True
        picking.write({"carrier_id": self.carrier.id, "carrier_tracking_ref": TRACKING})
        self.validate(picking)
        self.assertEqual(list(self.told(sale_order).values()), [12])

    def _line_vals(self, move):
        return {
            "picking_id": move.picking_id.id,
            "product_id": move.product_id.id,
            "location_id": move.location_id.id,
            "location_dest_id": move.location_dest_id.id,
        }

    def test_one_unit_of_the_item_is_one_dozen_where_the_product_is_sold_by_the_dozen(self):
        self.new_product("EGGS", uom_id=self.env.ref("uom.product_uom_dozen").id)
        sale_order = self.order_in(("EGGS", 2))
        self.deliver(sale_order)
        self.assertEqual(list(self.told(sale_order).values()), [2])

    def test_units_sold_of_a_product_kept_in_dozens_are_all_told_though_their_moves_are_rounded(self):
        eggs = self.new_product("EGGS", uom_id=self.env.ref("uom.product_uom_dozen").id)
        sale_order = self.order_in(("EGGS", 5))
        sale_order.order_line.filtered("amazon_item_ref")[compat.LINE_UOM] = self.env.ref("uom.product_uom_unit")
        sale_order.picking_ids.move_ids._action_cancel()
        moved = 0
        for pieces in (1, 2, 1, 1):
            moved += pieces
            self._deliver_rounded(sale_order, eggs, round(pieces / 12, 2))
            self.assertEqual(sum(self.told(sale_order).values()), moved)

    def _deliver_rounded(self, sale_order, product, dozens):
        line = sale_order._amazon_product_lines()
        picking = sale_order.picking_ids[0].copy({"move_ids": []})
        self.env["stock.move"].create(
            {
                **compat.move_description("Eggs"),
                "product_id": product.id,
                "product_uom": product.uom_id.id,
                "product_uom_qty": dozens,
                "picking_id": picking.id,
                "location_id": picking.location_id.id,
                "location_dest_id": picking.location_dest_id.id,
                "sale_line_id": line.id,
            }
        )
        picking.write({"carrier_id": self.carrier.id, "carrier_tracking_ref": TRACKING})
        picking.action_confirm()
        self.validate(self.pick(picking))

    # --- Corrections of a done delivery ---

    def test_a_quantity_corrected_before_sending_is_told_corrected(self):
        sale_order = self.order_in(("MUG-RED-11OZ", 3))
        picking = self.deliver(sale_order)
        picking.move_ids.move_line_ids.quantity = 2
        self.assertEqual(self.shipments(sale_order).line_ids.mapped("quantity"), [2])
        picking.move_ids.move_line_ids.quantity = 3
        self.send()
        self.assertEqual(list(self.confirmations(sale_order)[0].items.values()), [3])

    def test_a_quantity_corrected_after_sending_is_told_as_an_edit(self):
        sale_order = self.order_in(("MUG-RED-11OZ", 3))
        picking = self.deliver(sale_order)
        self.send()
        picking.move_ids.move_line_ids.quantity = 2
        self.send()
        first, second = self.confirmations(sale_order)
        self.assertEqual([list(entry.items.values()) for entry in (first, second)], [[3], [2]])
        self.assertEqual((second.package_reference, second.is_edit), ("1", True))

    def test_goods_added_to_a_done_delivery_are_told_too(self):
        sale_order = self.order_in(("MUG-RED-11OZ", 3))
        picking = self.deliver(sale_order, {self.mug: 1})
        picking.move_ids.move_line_ids.quantity = 3
        self.assertEqual(list(self.told(sale_order).values()), [3])
        self.deliver(sale_order)
        self.assertEqual(list(self.told(sale_order).values()), [3])

    def test_a_parcel_that_was_told_and_holds_nothing_any_more_needs_a_person(self):
        sale_order = self.order_in()
        picking = self.deliver(sale_order)
        self.send()
        picking.move_ids.move_line_ids.quantity = 0
        self.assertEqual(picking.amazon_sync_status, "error")
        self.assertIn("Seller Central", picking.amazon_sync_reason)

    # --- Never reported ---

    def test_a_return_is_never_told(self):
        sale_order = self.order_in(("MUG-RED-11OZ", 2))
        picking = self.deliver(sale_order)
        self.give_back(picking, 1)
        self.assertEqual(len(self.shipments(sale_order)), 1)
        self.assertEqual(list(self.told(sale_order).values()), [2])

    def test_an_exchange_of_a_returned_parcel_is_not_told_again(self):
        sale_order = self.order_in(("MUG-RED-11OZ", 2))
        back = self.give_back(self.deliver(sale_order), 1)
        self.give_back(back, 1)
        self.assertEqual(list(self.told(sale_order).values()), [2])

    def give_back(self, picking, quantity):
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=picking.id, active_ids=picking.ids, active_model="stock.picking")
            .create({"picking_id": picking.id})
        )
        wizard.product_return_moves.quantity = quantity
        returned = self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        self.validate(self.pick(returned))
        return returned

    def test_a_scrap_is_never_told(self):
        sale_order = self.order_in(("MUG-RED-11OZ", 2))
        picking = self.delivery(sale_order)
        scrap = self.env["stock.scrap"].create(
            {"product_id": self.mug.id, "scrap_qty": 1, "picking_id": picking.id, "location_id": picking.location_id.id}
        )
        scrap.do_scrap()
        self.assertFalse(self.shipments(sale_order))

    def test_steps_inside_the_warehouse_are_not_told_the_last_one_is(self):
        self.account.warehouse_id.delivery_steps = "pick_pack_ship"
        sale_order = self.order_in(("MUG-RED-11OZ", 2))
        told = []
        while open_pickings := self.delivery(sale_order):
            step = open_pickings.sorted("id")[-1:] if len(open_pickings) == 1 else open_pickings.sorted("id")[:1]
            for picking in open_pickings:
                if picking.move_ids.move_orig_ids.filtered(lambda move: move.state not in ("done", "cancel")):
                    continue
                step = picking
            self.pick(step)
            step.write({"carrier_id": self.carrier.id, "carrier_tracking_ref": TRACKING})
            self.validate(step)
            told.append(sum(self.told(sale_order).values()))
        self.assertEqual(told, [0, 0, 2])

    def test_what_amazon_said_was_shipped_is_not_told_back_and_the_rest_is(self):
        sale_order = self.order_in(("MUG-RED-11OZ", 3), status="PARTIALLY_SHIPPED")
        self.assertFalse(self.shipments(sale_order))
        done = sale_order.picking_ids.filtered(lambda picking: picking.state == "done")
        self.assertEqual(done.amazon_sync_status, "done")
        self.deliver(sale_order)
        self.assertEqual(list(self.told(sale_order).values()), [2])

    def test_numbers_that_amazon_gave_to_packages_are_not_used_again(self):
        sale_order = self.order_in(("MUG-RED-11OZ", 3), status="PARTIALLY_SHIPPED")
        self.deliver(sale_order)
        self.assertEqual(self.shipments(sale_order).package_ref, 2)

    def test_an_order_that_amazon_ships_is_never_told(self):
        sale_order = self.order_in(channel="FBA")
        self.assertFalse(self.shipments(sale_order))

    def test_an_order_whose_label_amazon_sells_is_not_told(self):
        for program in ("AMAZON_EASY_SHIP", "DELIVERY_BY_AMAZON"):
            sale_order = self.order_in(programs=(program,))
            self.assertTrue(sale_order.amazon_label_by_amazon)
            picking = self.deliver(sale_order)
            self.assertFalse(self.shipments(sale_order))
            self.assertFalse(picking.amazon_sync_status)

    def test_a_delivery_of_an_order_that_is_not_amazons_makes_nothing(self):
        partner = self.env["res.partner"].create({"name": "Walk-in"})
        sale_order = self.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "order_line": [(0, 0, {"product_id": self.mug.id, "product_uom_qty": 1})],
            }
        )
        sale_order.action_confirm()
        self.deliver(sale_order)
        self.assertFalse(self.shipments(sale_order))

    # --- Parcels ---

    def test_each_package_is_a_parcel_and_loose_goods_are_one_more(self):
        sale_order = self.order_in(("MUG-RED-11OZ", 4), ("TEA", 1))
        picking = self.pick(self.delivery(sale_order))
        self.pack(picking, {self.mug: 2}, {self.mug: 1, self.tea: 1})
        picking.write({"carrier_id": self.carrier.id, "carrier_tracking_ref": "A1,B2,C3"})
        self.validate(picking)
        shipments = self.shipments(sale_order)
        self.assertEqual(shipments.mapped("package_ref"), [1, 2, 3])
        self.assertEqual(shipments.mapped("tracking_ref"), ["A1", "B2", "C3"])
        contents = [sorted(shipment.line_ids.mapped("quantity")) for shipment in shipments]
        self.assertEqual(contents, [[2], [1, 1], [1]])
        self.assertFalse(shipments[2].package_id)
        self.assertEqual(sum(self.told(sale_order).values()), 5)

    def test_one_tracking_number_is_that_of_all_parcels(self):
        sale_order = self.order_in(("MUG-RED-11OZ", 2))
        picking = self.pick(self.delivery(sale_order))
        self.pack(picking, {self.mug: 1}, {self.mug: 1})
        picking.write({"carrier_id": self.carrier.id, "carrier_tracking_ref": "A1"})
        self.validate(picking)
        self.assertEqual(self.shipments(sale_order).mapped("tracking_ref"), ["A1", "A1"])

    def test_numbers_that_fit_no_parcel_wait_until_each_parcel_has_its_own(self):
        sale_order = self.order_in(("MUG-RED-11OZ", 2))
        picking = self.deliver(sale_order, tracking="A1, B2")
        shipment = self.shipments(sale_order)
        self.assertEqual((shipment.state, picking.amazon_sync_status), ("waiting_tracking", "waiting_tracking"))
        self.assertIn("2 tracking numbers", picking.amazon_sync_reason)
        shipment.tracking_ref = "B2"
        self.assertEqual((shipment.state, picking.amazon_sync_reason), ("pending", False))

    def test_packages_inside_a_package_are_one_parcel(self):
        if compat.SERIES < 19:
            self.skipTest("Odoo 18 has no packages inside packages")
        sale_order = self.order_in(("MUG-RED-11OZ", 3))
        picking = self.pick(self.delivery(sale_order))
        self.pack(picking, {self.mug: 1}, {self.mug: 1})
        packages = picking.move_line_ids.result_package_id
        packages.package_dest_id = packages.create({"name": "Box around both"})
        picking.write({"carrier_id": self.carrier.id, "carrier_tracking_ref": "A1,B2"})
        self.validate(picking)
        contents = [shipment.line_ids.mapped("quantity") for shipment in self.shipments(sale_order)]
        self.assertEqual(contents, [[2], [1]])

    # --- Transactions, rights ---

    def test_the_validation_triggers_the_sending_and_a_rollback_takes_both_back(self):
        sale_order = self.order_in()
        before = self.triggers()
        savepoint = self.env.cr.savepoint(flush=True)
        self.deliver(sale_order)
        self.assertTrue(self.triggers() - before)
        savepoint.close(rollback=True)
        self.env.invalidate_all()
        self.assertFalse(self.triggers() - before)
        self.assertFalse(self.shipments(sale_order))
        self.send()
        self.assertFalse(self.confirm_calls())

    def test_validating_calls_nobody(self):
        self.deliver(self.order_in())
        self.assertFalse(self.confirm_calls())
