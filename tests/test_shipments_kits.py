from unittest import SkipTest

from odoo.tests import tagged

from .shipment_common import TRACKING, ShipmentCase


@tagged("post_install", "-at_install")
class TestShipmentKits(ShipmentCase):
    """Kits: Amazon sold the kit, the warehouse delivers its components. Needs Manufacturing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "mrp.bom" not in cls.env:
            raise SkipTest("Manufacturing is not installed")
        cls.kit = cls.new_product("TABLE")
        cls.leg, cls.top = cls.new_product("LEG"), cls.new_product("TOP")
        cls.bom = cls.new_kit(cls.kit, {cls.leg: 4, cls.top: 1})

    @classmethod
    def new_kit(cls, product, components, **vals):
        return cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": product.product_tmpl_id.id,
                "type": "phantom",
                "product_qty": 1,
                "bom_line_ids": [
                    (0, 0, {"product_id": component.id, "product_qty": quantity})
                    for component, quantity in components.items()
                ],
                **vals,
            }
        )

    def units(self, sale_order):
        return sum(self.told(sale_order).values())

    def test_all_components_are_the_kits_that_were_ordered(self):
        sale_order = self.order_in(("TABLE", 2))
        self.deliver(sale_order)
        self.assertEqual(self.units(sale_order), 2)

    def test_as_many_kits_are_told_as_the_components_make_up(self):
        sale_order = self.order_in(("TABLE", 3))
        self.deliver(sale_order, {self.leg: 9, self.top: 3})
        self.assertEqual(self.units(sale_order), 2)
        self.deliver(sale_order)
        self.assertEqual(self.units(sale_order), 3)

    def test_a_delivery_that_completes_no_kit_tells_nothing_and_the_next_one_tells_it(self):
        sale_order = self.order_in("TABLE")
        first = self.deliver(sale_order, {self.leg: 4})
        self.assertFalse(self.shipments(sale_order))
        self.assertFalse(first.amazon_sync_status)
        self.deliver(sale_order)
        self.assertEqual(self.units(sale_order), 1)

    def test_two_deliveries_that_each_round_down_tell_every_kit_once(self):
        sale_order = self.order_in(("TABLE", 3))
        told = []
        for legs, tops in ((6, 2), (5, 1), (1, 0)):
            self.deliver(sale_order, {self.leg: legs, self.top: tops})
            told.append(self.units(sale_order))
        self.assertEqual(told, [1, 2, 3])

    def test_more_components_than_ordered_tell_no_more_kits(self):
        sale_order = self.order_in("TABLE")
        self.deliver(sale_order, {self.leg: 8, self.top: 2})
        self.assertEqual(self.units(sale_order), 1)

    def test_a_kit_in_several_parcels_is_told_once_with_the_parcel_that_completes_it(self):
        sale_order = self.order_in(("TABLE", 2))
        picking = self.pick(self.delivery(sale_order))
        self.pack(picking, {self.leg: 4, self.top: 1}, {self.leg: 4}, {self.top: 1})
        picking.write({"carrier_id": self.carrier.id, "carrier_tracking_ref": "A1,B2,C3"})
        self.validate(picking)
        shipments = self.shipments(sale_order)
        self.assertEqual(shipments.line_ids.mapped("quantity"), [1, 1])
        self.assertEqual(len(shipments), 2)

    def test_a_bill_of_materials_that_makes_several_kits_is_counted_so(self):
        self.bom.product_qty = 2
        sale_order = self.order_in(("TABLE", 4))
        self.deliver(sale_order, {self.leg: 4, self.top: 1})
        self.assertEqual(self.units(sale_order), 2)
        self.deliver(sale_order)
        self.assertEqual(self.units(sale_order), 4)

    def test_components_by_the_dozen_are_counted_in_pieces(self):
        self.bom.bom_line_ids.filtered(lambda line: line.product_id == self.leg).write(
            {"product_qty": 1, "product_uom_id": self.env.ref("uom.product_uom_dozen").id}
        )
        sale_order = self.order_in(("TABLE", 2))
        picking = self.pick(self.delivery(sale_order))
        for move in picking.move_ids:
            move.quantity = move.product_uom_qty / 2
        picking.write({"carrier_id": self.carrier.id, "carrier_tracking_ref": TRACKING})
        self.validate(picking)
        self.assertEqual(self.units(sale_order), 1)

    def test_a_kit_of_kits_is_told_as_the_item_that_was_sold(self):
        self.new_product("DINING-SET")
        dining_set = self.env["product.product"].search([("default_code", "=", "DINING-SET")])
        chair = self.new_product("CHAIR")
        self.new_kit(dining_set, {self.kit: 1, chair: 2})
        sale_order = self.order_in(("DINING-SET", 2))
        self.deliver(sale_order, {self.leg: 4, self.top: 1, chair: 2})
        self.assertEqual(self.units(sale_order), 1)
        self.deliver(sale_order)
        self.assertEqual(self.units(sale_order), 2)

    def test_a_bill_of_materials_that_changed_meanwhile_leaves_the_count_right(self):
        sale_order = self.order_in(("TABLE", 2))
        self.bom.bom_line_ids.unlink()
        self.bom.bom_line_ids = [(0, 0, {"product_id": self.top.id, "product_qty": 7})]
        self.deliver(sale_order, {self.leg: 4, self.top: 1})
        self.assertEqual(self.units(sale_order), 1)
        self.deliver(sale_order)
        self.assertEqual(self.units(sale_order), 2)

    def test_kits_that_amazon_said_were_shipped_take_their_components_and_the_rest_is_told(self):
        sale_order = self.order_in(("TABLE", 3), status="PARTIALLY_SHIPPED")
        done = sale_order.picking_ids.filtered(lambda picking: picking.state == "done")
        quantities = {move.product_id: move.quantity for move in done.move_ids}
        self.assertEqual(quantities, {self.leg: 4, self.top: 1})
        self.assertFalse(self.shipments(sale_order))
        self.deliver(sale_order)
        self.assertEqual(self.units(sale_order), 2)

    def test_a_kit_and_its_component_sold_side_by_side_are_told_each(self):
        sale_order = self.order_in("TABLE", ("LEG", 2))
        self.deliver(sale_order)
        self.assertEqual(sorted(self.told(sale_order).values()), [1, 2])
