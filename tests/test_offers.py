from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import AmazonCase


@tagged("post_install", "-at_install")
class TestOffers(AmazonCase):
    def offers(self, sku="MUG-RED-11OZ"):
        return self.env["amazon.offer"].search([("account_id", "=", self.account.id), ("sku", "=", sku)])

    def first_line(self, raw):
        return self.sale_order(raw).order_line[0]

    def offer(self, sku, product, marketplace="amazon_connector.marketplace_de"):
        return self.env["amazon.offer"].create(
            {
                "account_id": self.account.id,
                "marketplace_id": self.env.ref(marketplace).id,
                "sku": sku,
                "product_id": product.id,
            }
        )

    # --- Matching ---

    def test_internal_reference_that_is_the_sku_finds_the_product_and_makes_the_offer(self):
        line = self.first_line(self.order("DE"))
        self.assertEqual(line.product_id, self.mug)
        self.assertEqual(line.amazon_offer_id, self.offers())
        self.assertEqual(self.offers().amazon_channel, "fbm")

    def test_offer_goes_before_the_internal_reference(self):
        other = self._create_product("OTHER")
        self.offer("MUG-RED-11OZ", other)
        self.assertEqual(self.first_line(self.order("DE")).product_id, other)

    def test_offer_edited_by_hand_is_used_from_then_on(self):
        self.sale_order(self.order("DE"))
        other = self._create_product("OTHER")
        self.offers().product_id = other
        self.assertEqual(self.first_line(self.order("DE")).product_id, other)

    def test_offer_with_another_sku_by_hand_pairs_that_sku(self):
        self.offer("SOMETHING-ELSE", self.mug)
        self.assertEqual(self.first_line(self.order("DE", items=["SOMETHING-ELSE"])).product_id, self.mug)

    def test_the_same_sku_on_two_marketplaces_makes_two_offers(self):
        self.receive(self.order("DE"), self.order("FR"), self.order("DE"))
        self.assertEqual(len(self.offers()), 2)

    def test_the_same_sku_on_two_accounts_makes_two_offers(self):
        other = self._create_account(name="Other", seller_key="A9")
        self.receive(self.order("DE"))
        self.receive(self.order("DE"), account=other)
        self.assertEqual(len(self.env["amazon.offer"].search([("sku", "=", "MUG-RED-11OZ")])), 2)

    def test_unknown_sku_is_amazon_sale_and_makes_no_offer(self):
        line = self.first_line(self.order("DE", items=["NOBODY-KNOWS"]))
        self.assertEqual(line.product_id, self.env.ref("amazon_connector.product_amazon_sale"))
        self.assertIn("NOBODY-KNOWS", line.name)
        self.assertFalse(self.offers("NOBODY-KNOWS"))

    def test_account_may_name_the_product_for_unknown_skus(self):
        self.account.sale_product_id = self._create_product("UNKNOWN")
        self.assertEqual(
            self.first_line(self.order("DE", items=["NOBODY-KNOWS"])).product_id, self.account.sale_product_id
        )

    def test_shipping_and_gift_wrap_match_by_their_codes(self):
        express = self._create_product("NEXT_DAY", type="service", is_storable=False)
        ribbon = self._create_product("ribbon", type="service", is_storable=False)
        raw = self.order("DE", service_level="NEXT_DAY", shipping="4.00", gift_wrap="2.00", gift_wrap_level="ribbon")
        lines = {line.amazon_kind: line.product_id for line in self.sale_order(raw).order_line}
        self.assertEqual(lines["shipping"], express)
        self.assertEqual(lines["gift_wrap"], ribbon)

    def test_unmatched_shipping_is_amazon_shipping_and_unmatched_gift_wrap_amazon_sale(self):
        raw = self.order("DE", shipping="4.00", gift_wrap="2.00")
        lines = {line.amazon_kind: line.product_id for line in self.sale_order(raw).order_line}
        self.assertEqual(lines["shipping"], self.env.ref("amazon_connector.product_amazon_shipping"))
        self.assertEqual(lines["gift_wrap"], self.env.ref("amazon_connector.product_amazon_sale"))

    def test_gift_wrap_that_is_no_product_is_not_to_be_delivered(self):
        sale_order = self.sale_order(self.order("DE", gift_wrap="2.00"))
        self.assertEqual(sale_order.picking_ids.move_ids.product_id, self.mug)

    def test_skus_are_matched_to_the_letter(self):
        for sku in ("A/B C", "quote\"d'", "emoji-😀", "x" * 60, "MUG-red-11oz", "%_", " lead"):
            with self.subTest(sku=sku):
                product = self._create_product(sku)
                self.assertEqual(self.first_line(self.order("DE", items=[sku])).product_id, product)

    def test_several_products_with_the_reference_fail_the_order_and_are_named(self):
        self._create_product("TWICE", name="First")
        self._create_product("TWICE", name="Second")
        good, bad = self.order("DE"), self.order("DE", items=["TWICE"])
        updates = self.receive(good, bad)
        self.assertEqual(updates.mapped("state"), ["done", "failed"])
        self.assertEqual(updates[1].error_code, "ambiguous_reference")
        self.assertIn("First", updates[1].error)
        self.assertIn("Second", updates[1].error)

    def test_an_offer_settles_which_of_several_products_is_meant(self):
        self._create_product("TWICE")
        second = self._create_product("TWICE")
        self.offer("TWICE", second)
        self.assertEqual(self.first_line(self.order("DE", items=["TWICE"])).product_id, second)

    def test_archived_product_is_not_found_by_reference(self):
        self.mug.active = False
        self.assertEqual(
            self.first_line(self.order("DE")).product_id, self.env.ref("amazon_connector.product_amazon_sale")
        )

    def test_product_of_another_company_is_not_found(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.env.user.company_ids |= other
        self.mug.sudo().write({"company_id": other.id})
        self.assertEqual(
            self.first_line(self.order("DE")).product_id, self.env.ref("amazon_connector.product_amazon_sale")
        )

    def test_an_fba_order_turns_the_offer_into_an_fba_offer(self):
        self.sale_order(self.order("DE"))
        self.sale_order(self.order("DE", channel="FBA"))
        self.assertEqual(self.offers().amazon_channel, "fba")

    # --- Re-match ---

    def test_rematch_turns_amazon_sale_into_the_product_and_keeps_what_the_buyer_paid(self):
        sale_order = self.sale_order(self.order("DE", items=[{"sku": "NEW-1", "quantity": 2, "price": "7.77"}]))
        line = sale_order.order_line[0]
        product = self._create_product("NEW-1", list_price=99)
        line.action_rematch_amazon()
        self.assertEqual(line.product_id, product)
        self.assertEqual(line.price_unit, 7.77)
        self.assertEqual(sale_order.amount_total, 15.54)
        moves = sale_order.picking_ids.move_ids.filtered(lambda move: move.state != "cancel")
        self.assertEqual(moves.product_id, product)
        self.assertEqual(sum(moves.mapped("product_uom_qty")), 2)

    def test_rematch_by_an_offer_made_by_hand(self):
        line = self.first_line(self.order("DE", items=["NEW-2"]))
        offer = self.offer("NEW-2", self.mug)
        line.action_rematch_amazon()
        self.assertEqual((line.product_id, line.amazon_offer_id), (self.mug, offer))

    def test_delivered_lines_are_not_rematched(self):
        sale_order = self.sale_order(self.order("DE", channel="FBA", items=["NEW-3"]))
        self._create_product("NEW-3")
        sale_order.order_line.action_rematch_amazon()
        self.assertEqual(sale_order.order_line.product_id, self.env.ref("amazon_connector.product_amazon_sale"))

    def test_delivery_names_goods_that_are_no_product_as_amazon_lists_them(self):
        sale_order = self.sale_order(self.order("DE", items=["NEW-5", "MUG-RED-11OZ"]))
        picking = sale_order.picking_ids
        unknown, mug = (
            picking.move_ids.filtered(lambda move, line=line: move.sale_line_id == line)
            for line in sale_order.order_line[:2]
        )
        self.assertIn("NEW-5", unknown.description_picking)
        self.assertNotIn("NEW-5", mug.description_picking or "")
        self.assertEqual(picking.amazon_unknown_goods, f"1 × {sale_order.order_line[0].name}")
        self._create_product("NEW-5")
        sale_order.order_line[0].action_rematch_amazon()
        self.assertFalse(picking.amazon_unknown_goods)

    def test_account_counts_the_lines_with_an_unknown_sku(self):
        self.receive(self.order("DE", items=["NEW-4"]), self.order("DE"))
        self.account.invalidate_recordset()
        self.assertEqual(self.account.unmatched_line_count, 1)
        action = self.account.action_open_unmatched_lines()
        self.assertEqual(self.env["sale.order.line"].search_count(action["domain"]), 1)

    # --- Spreadsheets ---

    def test_offers_are_exported_and_imported_with_odoos_own_import(self):
        self.sale_order(self.order("DE"))
        fields = ["account_id", "marketplace_id", "sku", "product_id", "amazon_channel"]
        rows = self.offers().export_data(fields)["datas"]
        self.assertEqual(rows[0][2], "MUG-RED-11OZ")
        self.offers().unlink()
        result = self.env["amazon.offer"].load(fields, [[str(cell) for cell in row] for row in rows])
        self.assertFalse(result["messages"])
        self.assertEqual(self.offers().product_id, self.mug)

    def test_an_offer_cannot_be_made_twice(self):
        self.offer("ONCE", self.mug)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.offer("ONCE", self.mug)

    def test_retry_after_mending_imports_the_order(self):
        first = self._create_product("TWICE")
        second = self._create_product("TWICE")
        update = self.receive(self.order("DE", items=["TWICE"]))
        self.assertTrue(update.remedy)
        second.default_code = "ELSE"
        update.action_retry()
        self.assertEqual(update.state, "done")
        self.assertEqual(update.sale_order_id.order_line[0].product_id, first)

    def test_a_user_without_rights_cannot_synchronize(self):
        with self.assertRaises(AccessError):
            self.account.with_user(self.env.ref("base.public_user")).action_sync_orders()
