from odoo.tests import tagged

from .common import AmazonCase


@tagged("post_install", "-at_install")
class TestFba(AmazonCase):
    def setUp(self):
        super().setUp()
        self.mug.tracking = "none"

    def fba(self, quantity=2, **item):
        return self.order("DE", channel="FBA", items=[{"sku": "MUG-RED-11OZ", "quantity": quantity, **item}])

    def moves(self, sale_order):
        return sale_order.order_line.move_ids

    def test_one_move_per_item_is_in_moves_history(self):
        self._create_product("NB-A5")
        sale_order = self.sale_order(self.order("DE", channel="FBA", items=[("MUG-RED-11OZ", 1), ("NB-A5", 2)]))
        moves = self.moves(sale_order)
        self.assertEqual(len(moves), 2)
        self.assertEqual(set(moves.mapped("state")), {"done"})
        self.assertEqual(moves.move_line_ids.mapped("location_id"), self.account.location_id)
        self.assertFalse(moves.picking_id)

    def test_each_order_of_a_batch_has_its_moves_once(self):
        updates = self.receive(*[self.fba(1) for _index in range(6)])
        self.assertEqual([len(self.moves(order)) for order in updates.sale_order_id], [1] * 6)

    def test_goods_leave_the_fba_location_even_when_odoo_knows_of_none_there(self):
        self.sale_order(self.fba(3))
        quant = self.env["stock.quant"].search(
            [("product_id", "=", self.mug.id), ("location_id", "=", self.account.location_id.id)]
        )
        self.assertEqual(quant.quantity, -3)

    def test_an_account_whose_location_was_cleared_takes_the_default_again(self):
        location = self.account.location_id
        self.account.location_id = False
        self.assertEqual(self.moves(self.sale_order(self.fba())).location_id, location)
        self.assertEqual(self.account.location_id, location)

    def test_quantity_is_what_amazon_shipped(self):
        raw = self.fba(5)
        raw["orderItems"][0]["fulfillment"] = {"quantityFulfilled": 4, "quantityUnfulfilled": 1}
        self.assertEqual(self.moves(self.sale_order(raw)).quantity, 4)

    def test_serial_numbers_that_amazon_names_are_written(self):
        self.mug.tracking = "serial"
        sale_order = self.sale_order(self.fba(2, serial_numbers=["SN-1", "SN-2"]))
        self.assertEqual(self.moves(sale_order).move_line_ids.lot_id.mapped("name"), ["SN-1", "SN-2"])

    def test_serial_numbers_that_amazon_does_not_name_are_made_up(self):
        self.mug.tracking = "serial"
        sale_order = self.sale_order(self.fba(3, serial_numbers=["SN-3"]))
        names = self.moves(sale_order).move_line_ids.lot_id.mapped("name")
        self.assertEqual(len(set(names)), 3)
        self.assertEqual(self.moves(sale_order).state, "done")

    def test_a_serial_number_that_a_customer_has_already_does_not_stop_the_order(self):
        self.mug.tracking = "serial"
        self.sale_order(self.fba(1, serial_numbers=["SN-4"]))
        sale_order = self.sale_order(self.fba(1, serial_numbers=["SN-4"]))
        self.assertEqual(self.moves(sale_order).state, "done")

    def test_a_lot_tracked_product_takes_the_accounts_lot(self):
        self.mug.tracking = "lot"
        first, second = self.sale_order(self.fba(2)), self.sale_order(self.fba(3))
        lots = (self.moves(first) | self.moves(second)).move_line_ids.lot_id
        self.assertEqual(lots.mapped("name"), [self.account.fba_lot_name])

    def test_tracked_and_untracked_orders_come_in_together(self):
        self.mug.tracking = "lot"
        updates = self.receive(self.fba(), self.order("DE", channel="FBA", items=["OTHER"]), self.order("DE"))
        self.assertEqual(set(updates.mapped("state")), {"done"})

    def test_fba_and_fbm_offers_of_one_product_stand_side_by_side(self):
        offers = self.env["amazon.offer"]
        for sku, channel in (("MUG-FBA", "fba"), ("MUG-FBM", "fbm")):
            offers |= offers.create(
                {
                    "account_id": self.account.id,
                    "marketplace_id": self.env.ref("amazon_connector.marketplace_de").id,
                    "sku": sku,
                    "product_id": self.mug.id,
                    "amazon_channel": channel,
                }
            )
        fba = self.sale_order(self.order("DE", channel="FBA", items=["MUG-FBA"]))
        fbm = self.sale_order(self.order("DE", items=["MUG-FBM"]))
        self.assertEqual(self.moves(fba).location_id, self.account.location_id)
        self.assertTrue(fbm.picking_ids)
        self.assertEqual(offers.mapped("amazon_channel"), ["fba", "fbm"])

    def test_a_marketplace_may_take_fba_goods_from_another_location(self):
        location = self.env["stock.location"].create(
            {"name": "Amazon France", "location_id": self.account.location_id.location_id.id, "usage": "internal"}
        )
        self.account.marketplace_setting_ids = [
            (0, 0, {"marketplace_id": self.env.ref("amazon_connector.marketplace_fr").id, "location_id": location.id})
        ]
        french = self.sale_order(self.order("FR", channel="FBA"))
        german = self.sale_order(self.order("DE", channel="FBA"))
        self.assertEqual(self.moves(french).location_id, location)
        self.assertEqual(self.moves(german).location_id, self.account.location_id)
