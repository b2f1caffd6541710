from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .stock_common import StockCase


@tagged("post_install", "-at_install")
class TestStockQuantities(StockCase):
    """How much of an offer Amazon may sell."""

    def quantity(self, offer):
        self.compare(offer)
        return offer.stock_quantity

    def test_what_is_on_hand_in_the_warehouse(self):
        offer = self.offer("A")
        self.set_stock(self.mug, 7)
        self.assertEqual(self.quantity(offer), 7)
        self.assertEqual(offer.stock_state, "pending")

    def test_what_an_order_reserved_is_not_offered(self):
        offer = self.offer("A")
        self.set_stock(self.mug, 7)
        self.delivery(self.mug, 3)
        self.assertEqual(self.quantity(offer), 4)

    def test_what_a_confirmed_order_still_needs_is_not_offered_although_not_reserved(self):
        offer = self.offer("A")
        self.set_stock(self.mug, 7)
        self.delivery(self.mug, 3, reserve=False)
        self.assertEqual(self.quantity(offer), 4)

    def test_free_to_use_counts_reservations_only(self):
        self.account.stock_basis = "free"
        offer = self.offer("A")
        self.set_stock(self.mug, 7)
        self.delivery(self.mug, 2)
        self.delivery(self.mug, 3, reserve=False)
        self.assertEqual(self.quantity(offer), 5)

    def test_forecast_counts_what_is_expected_from_vendors(self):
        offer = self.offer("A")
        self.set_stock(self.mug, 7)
        vendors = self.env.ref("stock.stock_location_suppliers")
        self.delivery(self.mug, 10, source=vendors, destination=self.warehouse.lot_stock_id)
        self.delivery(self.mug, 2)
        self.assertEqual(self.quantity(offer), 5)
        self.account.stock_basis = "forecast"
        self.assertEqual(self.quantity(offer), 15)

    def test_delivery_in_three_steps_is_promised_once(self):
        self.warehouse.delivery_steps = "pick_pack_ship"
        offer = self.offer("A")
        self.set_stock(self.mug, 7)
        order = self.env["sale.order"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "Customer"}).id,
                "warehouse_id": self.warehouse.id,
                "order_line": [(0, 0, {"product_id": self.mug.id, "product_uom_qty": 3})],
            }
        )
        order.action_confirm()
        self.assertEqual(self.quantity(offer), 4)
        for _step in range(3):
            for move in order.order_line.move_ids.filtered(lambda move: move.state not in ("done", "cancel")):
                if move.state != "waiting":
                    self.ship(move)
            self.assertEqual(self.quantity(offer), 4)

    def test_share_buffer_and_maximum(self):
        self.set_stock(self.mug, 11)
        for values, expected in (
            ({"stock_buffer": 2}, 9),
            ({"stock_maximum": 5}, 5),
            ({"stock_share": 50}, 5),
            ({"stock_share": 50, "stock_buffer": 2, "stock_maximum": 4}, 3),
            ({"stock_buffer": 20}, 0),
            ({"stock_share": 0}, 0),
        ):
            with self.subTest(values=values):
                offer = self.offer(f"A{expected}{len(values)}{list(values)}", **values)
                self.assertEqual(self.quantity(offer), expected)

    def test_share_of_a_float_that_stands_for_whole_units_is_exact(self):
        self.set_stock(self.mug, 1.1 * 3 + 0.7)
        self.assertEqual(self.quantity(self.offer("A")), 4)

    def test_negative_stock_is_none(self):
        offer = self.offer("A")
        self.set_stock(self.mug, -3)
        self.assertEqual(self.quantity(offer), 0)

    def test_parts_of_units_are_rounded_down(self):
        flour = self.product("FLOUR", uom_id=self.env.ref("uom.product_uom_kgm").id)
        offer = self.offer("F", flour)
        self.set_stock(flour, 2.9)
        self.assertEqual(self.quantity(offer), 2)

    def test_quantity_is_in_the_unit_of_the_product(self):
        dozens = self.product("DOZEN", uom_id=self.env.ref("uom.product_uom_dozen").id)
        offer = self.offer("D", dozens)
        self.set_stock(dozens, 5)
        self.assertEqual(self.quantity(offer), 5)

    def test_goods_at_amazon_are_not_offered(self):
        offer = self.offer("A")
        self.set_stock(self.mug, 7)
        self.assertTrue(self.account.location_id.parent_path.startswith(self.warehouse.view_location_id.parent_path))
        self.set_stock(self.mug, 100, self.account.location_id)
        self.assertEqual(self.quantity(offer), 7)

    def test_goods_on_their_way_to_amazon_are_not_offered(self):
        offer = self.offer("A")
        self.set_stock(self.mug, 7)
        self.delivery(self.mug, 3, reserve=False, destination=self.account.location_id)
        self.assertEqual(self.quantity(offer), 4)

    def test_an_amazon_location_below_the_stock_location_is_left_out_too(self):
        self.account.location_id = self.env["stock.location"].create(
            {"name": "FBA", "usage": "internal", "location_id": self.warehouse.lot_stock_id.id}
        )
        offer = self.offer("A")
        self.set_stock(self.mug, 7)
        self.set_stock(self.mug, 100, self.account.location_id)
        self.assertEqual(self.quantity(offer), 7)

    def test_amazons_location_of_another_account_of_the_company_is_left_out_too(self):
        other = self.new_account(name="Other")
        other.location_id = self.env["stock.location"].create(
            {"name": "Other", "usage": "internal", "location_id": self.warehouse.view_location_id.id}
        )
        offer = self.offer("A")
        self.set_stock(self.mug, 7, other.location_id)
        self.assertEqual(self.quantity(offer), 0)

    def test_odoos_own_quantities_still_count_what_is_at_amazon(self):
        self.offer("A")
        self.set_stock(self.mug, 7)
        self.set_stock(self.mug, 100, self.account.location_id)
        self.compare(self.offer("B"))
        self.assertEqual(self.mug.with_context(warehouse_id=self.warehouse.id).free_qty, 107)

    def test_each_marketplace_has_the_warehouse_of_its_setting(self):
        north = self.env["stock.warehouse"].create({"name": "North", "code": "NRT", "company_id": self.company.id})
        self.account.marketplace_setting_ids = [
            (0, 0, {"marketplace_id": self.france.id, "warehouse_id": north.id}),
        ]
        german, french = self.offer("DE"), self.offer("FR", marketplace=self.france)
        self.set_stock(self.mug, 7)
        self.set_stock(self.mug, 4, north.lot_stock_id)
        self.compare(german | french)
        self.assertEqual((german.stock_quantity, french.stock_quantity), (7, 4))

    def test_stock_of_another_company_is_not_offered(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.env.user.company_ids |= other
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", other.id)], limit=1)
        offer = self.offer("A")
        self.set_stock(self.mug, 50, warehouse.lot_stock_id)
        self.set_stock(self.mug, 2)
        offer.with_context(allowed_company_ids=other.ids)._compare_stock()
        self.assertEqual(offer.stock_quantity, 2)

    def test_services_and_goods_whose_stock_is_not_kept_are_not_sent(self):
        for product in (self.product("S", type="service", is_storable=False), self.product("C", is_storable=False)):
            with self.subTest(product=product.default_code):
                offer = self.offer(product.default_code, product)
                self.compare(offer)
                self.assertEqual(offer.stock_state, "blocked")
                self.assertIn("no stock", offer.stock_message)

    def test_kit_is_as_many_as_its_components_make(self):
        if "mrp.bom" not in self.env:
            self.skipTest("Manufacturing is not installed")
        kit = self.make_kit()
        offer = self.offer("KIT", kit)
        self.set_stock(self.mug, 7)
        self.set_stock(self.plate, 20)
        self.set_stock(self.mug, 100, self.account.location_id)
        self.assertEqual(self.quantity(offer), 3)

    def test_a_component_that_moves_changes_its_kits_at_any_depth(self):
        if "mrp.bom" not in self.env:
            self.skipTest("Manufacturing is not installed")
        kit = self.make_kit()
        big = self.product("BIG", is_storable=False)
        self.make_bom(big, [(kit, 2)])
        offers = self.offer("KIT", kit) | self.offer("BIG", big)
        self.set_stock(self.plate, 20)
        self.env["amazon.account"]._compare_changed_stock()
        self.assertEqual(offers.mapped("stock_quantity"), [0, 0])
        self.set_stock(self.mug, 9)
        self.env["amazon.account"]._compare_changed_stock()
        self.env.invalidate_all()
        self.assertEqual(offers.mapped("stock_quantity"), [4, 2])

    def make_kit(self):
        """Two mugs and a plate."""
        self.plate = self.product("PLATE")
        kit = self.product("KIT", is_storable=False)
        self.make_bom(kit, [(self.mug, 2), (self.plate, 1)])
        return kit

    def make_bom(self, kit, parts):
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": kit.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [(0, 0, {"product_id": part.id, "product_qty": quantity}) for part, quantity in parts],
            }
        )

    # --- One SKU on several marketplaces ---

    def test_one_sku_on_two_marketplaces_is_one_quantity_the_lowest_with_a_warning(self):
        german = self.offer("A", stock_buffer=2)
        french = self.offer("A", marketplace=self.france)
        self.set_stock(self.mug, 7)
        self.compare(german)
        self.assertEqual((german.stock_quantity, french.stock_quantity), (5, 5))
        self.assertIn("Amazon.fr 7", german.stock_message)
        self.assertIn("lowest", french.stock_message)

    def test_one_sku_with_equal_quantities_needs_no_warning(self):
        german, french = self.offer("A"), self.offer("A", marketplace=self.france)
        self.set_stock(self.mug, 7)
        self.compare(german)
        self.assertFalse(german.stock_message or french.stock_message)

    def test_an_offer_that_is_not_synchronized_does_not_count(self):
        german = self.offer("A")
        french = self.offer("A", marketplace=self.france, stock_maximum=1, sync_stock=False)
        self.set_stock(self.mug, 7)
        self.compare(german)
        self.assertEqual((german.stock_quantity, french.stock_state), (7, "none"))

    def test_an_offer_of_a_marketplace_that_is_not_active_is_not_sent(self):
        offer = self.offer("A")
        self.account.active_marketplace_ids -= self.germany
        self.compare(offer)
        self.assertEqual(offer.stock_state, "none")

    # --- Settings ---

    def test_settings_that_make_no_sense_are_refused(self):
        for values in ({"stock_share": 101}, {"stock_share": -1}, {"stock_buffer": -1}, {"handling_time": 31}):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self.offer(str(values), **values)

    def test_another_sku_forgets_what_amazon_said(self):
        offer = self.offer("A")
        offer.sku = "B"
        self.assertFalse(offer.listing_channel)

    # --- Size ---

    def test_the_number_of_queries_does_not_grow_with_the_offers(self):
        def make(count, prefix):
            offers = self.env["amazon.offer"].browse()
            for number in range(count):
                offers |= self.offer(f"{prefix}{number}", self.product(f"{prefix}{number}"))
            self.env.flush_all()
            self.env.invalidate_all()
            return offers

        def queries(offers):
            before = self.env.cr.sql_log_count
            offers._compare_stock()
            return self.env.cr.sql_log_count - before

        make(1, "warm")._compare_stock()
        few, many = queries(make(5, "F")), queries(make(60, "M"))
        self.assertLessEqual(many, few + 3)


@tagged("post_install", "-at_install")
class TestBrokenProducts(StockCase):
    """A product whose stock cannot be worked out."""

    def setUp(self):
        super().setUp()
        self.offers = self.env["amazon.offer"]
        for number in range(1, 6):
            self.offers |= self.listed_offer(f"S{number}", self.product(f"S{number}"), stock=number)
        self.broken = self.offers[2].product_id
        original = type(self.account)._read_warehouse_stock

        def read(account, warehouse, products):
            if self.broken & products:
                raise ZeroDivisionError
            return original(account, warehouse, products)

        self.patch(type(self.account), "_read_warehouse_stock", read)

    def check_all_but_the_broken_one(self):
        self.assertEqual([self.at_amazon(offer.sku) for offer in self.offers - self.offers[2]], [1, 2, 4, 5])
        self.assertEqual(self.offers[2].stock_state, "blocked")
        self.assertIn("ZeroDivisionError", self.offers[2].stock_message)

    def test_a_broken_product_does_not_keep_the_others_from_being_sent(self):
        with self.assertLogs("odoo.addons.amazon_connector", "ERROR") as logs:
            self.push()
        self.assertEqual(len(logs.output), 1)
        self.check_all_but_the_broken_one()
        with self.assertNoLogs("odoo.addons.amazon_connector", "ERROR"):
            self.push()

    def test_the_daily_comparison_passes_over_a_broken_product_and_takes_it_up_when_it_is_mended(self):
        with self.assertLogs("odoo.addons.amazon_connector", "ERROR"):
            self.env["amazon.account"]._cron_compare_stock()
            self.push()
        self.check_all_but_the_broken_one()
        self.broken = self.env["product.product"]
        self.env["amazon.account"]._cron_compare_stock()
        self.push()
        self.assertEqual((self.at_amazon("S3"), self.offers[2].stock_state), (3, "done"))
        self.assertFalse(self.offers[2].stock_message)

    def test_a_fault_in_taking_the_changes_does_not_keep_what_is_pending_from_being_sent(self):
        self.broken = self.env["product.product"]
        self.compare(self.offers)
        changes = type(self.env["amazon.stock.change"])
        self.patch(changes, "_take", lambda _changes, _limit: 1 / 0)
        with self.assertLogs("odoo.addons.amazon_connector", "ERROR"):
            self.push()
        self.assertEqual(self.at_amazon("S3"), 3)
