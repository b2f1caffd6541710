"""What users of other connectors complain about, complaint by complaint: it must not happen here."""

from pathlib import Path
from unittest.mock import patch

from odoo.tests import tagged

from ..models import amazon_account_stock
from .account_common import SELLER_EU
from .stock_common import StockCase

ADDON = Path(__file__).resolve().parent.parent


@tagged("post_install", "-at_install")
class TestStockComplaints(StockCase):
    def entry(self, sku):
        return self.store.listing(SELLER_EU, sku).availability

    def test_regr_a_new_quantity_does_not_wipe_the_handling_time(self):
        self.listed_offer("A", stock=7, listing={"lead_time": 4})
        self.push()
        self.assertEqual(self.store.listing(SELLER_EU, "A").lead_time, 4)

    def test_regr_a_new_quantity_does_not_wipe_the_restock_date(self):
        self.listed_offer("A", stock=7)
        self.entry("A")[0]["restock_date"] = "2026-12-24"
        self.push()
        self.assertEqual(self.entry("A")[0]["restock_date"], "2026-12-24")

    def test_regr_no_second_fulfilment_channel_is_added(self):
        self.store.add_listing(SELLER_EU, "A", channel="AMAZON_EU")
        self.set_stock(self.mug, 7)
        self.offer("A", seen=False)
        self.push()
        self.assertEqual([row["fulfillment_channel_code"] for row in self.entry("A")], ["AMAZON_EU"])

    def test_regr_an_fba_offer_does_not_become_fbm(self):
        self.store.add_listing(SELLER_EU, "A", channel="AMAZON_EU")
        self.set_stock(self.mug, 7)
        self.offer("A", seen=False)
        self.account.action_sync_inventory()
        self.assertFalse(self.store.listings.harmed)

    def test_regr_each_quantity_names_its_channel(self):
        self.listed_offer("A", stock=7)
        self.patch(amazon_account_stock, "PATCH_LIMIT", 0)
        self.push()
        messages = [message for feed in self.store.feeds.values() for message in feed.messages]
        self.assertEqual(messages[0]["patches"][0]["value"][0]["fulfillment_channel_code"], "DEFAULT")

    def test_regr_fba_and_fbm_of_one_product_are_told_apart_by_the_offer(self):
        self.store.add_listing(SELLER_EU, "OF-AMAZON", channel="AMAZON_EU")
        fba = self.offer("OF-AMAZON", seen=False)
        fbm = self.listed_offer("OF-MINE", seen=False, stock=7)
        self.push()
        self.assertEqual((fba.amazon_channel, fbm.amazon_channel), ("fba", "fbm"))
        self.assertEqual(self.at_amazon("OF-MINE"), 7)

    def test_regr_skus_with_slashes_spaces_commas_and_other_signs_are_sent(self):
        skus = ["A/B", "A B", "A,B", "A+B", "A%2FB", "Ä-ß", "A?B#C", "A&B", "x" * 40]
        for number, sku in enumerate(skus):
            self.listed_offer(sku, self.product(f"P{number}"), stock=number + 1, seen=False)
        for _run in range(len(skus)):
            self.push()
        self.assertEqual([self.at_amazon(sku) for sku in skus], list(range(1, len(skus) + 1)))

    def test_regr_sold_goods_leave_the_stock_with_the_order_not_with_the_invoice(self):
        self.listed_offer("A", stock=7)
        self.delivery(self.mug, 2)
        self.push()
        self.assertEqual(self.at_amazon("A"), 5)

    def test_regr_the_quantity_can_be_paused_without_touching_the_stock(self):
        offer = self.listed_offer("A", stock=7)
        offer.action_pause()
        self.push()
        self.assertEqual((self.at_amazon("A"), self.mug.qty_available), (0, 7))

    def test_regr_a_copied_database_tells_amazon_nothing(self):
        self.listed_offer("A", stock=7)
        self.neutralize()
        self.push()
        self.assertFalse(self.patches())
        crons = ("ir_cron_push_stock", "ir_cron_process_feeds", "ir_cron_compare_stock")
        self.assertFalse(any(self.env.ref(f"amazon_connector.{name}").active for name in crons))

    def neutralize(self):
        self.env["res.config.settings"].create({"group_amazon_sync": True}).execute()
        self.env.flush_all()
        self.env.cr.execute((ADDON / "data" / "neutralize.sql").read_text(encoding="utf-8"))
        self.env.invalidate_all()

    def test_regr_a_cron_does_not_fail_for_one_bad_offer(self):
        """Odoo switches off a cron that keeps failing."""
        self.listed_offer("A", stock=7)
        self.store.add_fault("patchListingsItem", "patch_invalid")
        self.push()
        self.listed_offer("B", self.product("B"), stock=3)
        self.push()
        self.assertEqual(self.at_amazon("B"), 3)

    def test_regr_no_call_is_made_while_stock_moves(self):
        self.listed_offer("A", stock=7)
        self.push()
        calls = len(self.store.calls)
        with patch.object(type(self.env["amazon.offer"]), "_compare_stock", side_effect=AssertionError):
            self.ship(self.delivery(self.mug, 2))
            self.env.cr.flush()
        self.assertEqual(len(self.store.calls), calls)
