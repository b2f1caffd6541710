import ast
from pathlib import Path

from odoo.tests import tagged

from ..models import amazon_account_stock
from ..models.amazon_offer_guard import FulfilledByAmazon
from ..simulator.samples import build_order
from .account_common import SELLER_EU
from .stock_common import StockCase

ADDON = Path(__file__).resolve().parent.parent


@tagged("post_install", "-at_install")
class TestStockGuard(StockCase):
    """What Amazon fulfils never gets a quantity: it would become an offer that the seller ships."""

    def setUp(self):
        super().setUp()
        self.store.add_listing(SELLER_EU, "FBA", marketplaces=("DE", "FR"), channel="AMAZON_EU")
        self.set_stock(self.mug, 7)

    def assert_not_told(self, *offers):
        """Whichever way quantities go, and whatever button is pressed."""
        self.push()
        for offer in offers:
            offer.action_sync_stock()
        self.account.action_sync_inventory()
        self.patch(amazon_account_stock, "PATCH_LIMIT", 0)
        self.push()
        self.process_feeds()
        self.process_feeds()
        self.assertFalse(self.store.listings.harmed)
        self.assertFalse(self.store.listing(SELLER_EU, "FBA").changes)
        self.assertFalse(self.patches())
        for feed in self.store.feeds.values():
            self.assertNotIn("FBA", [message["sku"] for message in feed.messages])

    # --- Each side from which it can be known ---

    def test_offer_whose_channel_is_fba(self):
        offer = self.offer("FBA", amazon_channel="fba")
        self.assert_not_told(offer)
        self.assertEqual(offer.stock_state, "none")

    def test_listing_that_was_seen_at_amazon_as_fba(self):
        offer = self.offer("FBA", seen="AMAZON_EU")
        self.assert_not_told(offer)
        self.assertEqual(offer.stock_state, "blocked")
        self.assertIn("Amazon fulfils this SKU", offer.stock_message)

    def test_listing_that_was_never_seen_is_asked_about_first(self):
        offer = self.offer("FBA", seen=False)
        self.assert_not_told(offer)
        self.assertEqual(offer.amazon_channel, "fba")

    def test_listing_that_was_seen_long_ago_is_asked_about_again(self):
        offer = self.offer("FBA", listing_seen_on="2020-01-01")
        self.assert_not_told(offer)
        self.assertEqual(offer.amazon_channel, "fba")

    def test_fba_order_just_seen_though_its_import_waits(self):
        offer = self.offer("FBA")
        raw = build_order("DE", channel="FBA", items=["FBA"])
        self.env["amazon.order.update"]._receive(self.account, [raw])
        self.assertEqual(offer.amazon_channel, "fba")
        self.assert_not_told(offer)

    def test_fba_order_imported_before_the_offer_was_made(self):
        self.account.orders_from = "2020-01-01"
        raw = build_order("DE", channel="FBA", items=["FBA"])
        updates = self.env["amazon.order.update"]
        updates._receive(self.account, [raw])
        updates._apply_pending(everything=True)
        offer = self.offer("FBA", listing_seen_on="2026-01-01")
        guard = offer._stock_guard(self.account, ["FBA"])
        self.assertIn("just fulfilled an order", guard.reason("FBA"))

    def test_sibling_offer_of_the_sku_that_is_fba(self):
        german = self.offer("FBA")
        self.offer("FBA", marketplace=self.france, amazon_channel="fba")
        self.assert_not_told(german)
        self.assertEqual(german.stock_state, "blocked")
        self.assertIn("Amazon.fr", german.stock_message)

    def test_sibling_offer_that_was_seen_at_amazon_as_fba(self):
        german = self.offer("FBA")
        self.offer("FBA", marketplace=self.france, seen="AMAZON_EU", sync_stock=False)
        self.assert_not_told(german)

    def test_offer_of_another_account_of_the_same_seller_that_is_fba(self):
        other = self.new_account(name="Twin", seller_key=SELLER_EU, state="linked")
        german = self.offer("FBA")
        self.offer("FBA", amazon_channel="fba", account_id=other.id)
        self.assert_not_told(german)
        self.assertEqual(german.stock_state, "blocked")

    def test_paused_it_is_not_told_zero_either(self):
        offer = self.offer("FBA", seen="AMAZON_EU")
        offer.action_pause()
        self.account.action_pause_stock()
        self.assert_not_told(offer)

    def test_listing_of_which_amazon_does_not_say_who_ships(self):
        self.store.listing(SELLER_EU, "FBA").attributes["fulfillment_availability"] = []
        offer = self.offer("FBA", seen=False)
        self.assert_not_told(offer)
        self.assertEqual(offer.stock_state, "blocked")

    # --- In the middle of things ---

    def test_an_offer_that_becomes_fba_between_comparing_and_sending(self):
        offer = self.offer("FBA")
        self.compare(offer)
        self.assertEqual(offer.stock_state, "pending")
        self.env.cr.execute("UPDATE amazon_offer SET amazon_channel = 'fba' WHERE id = %s", [offer.id])
        self.env.invalidate_all()
        self.assert_not_told(offer)

    def test_a_sku_that_becomes_fba_between_making_and_sending_a_submission_is_left_out(self):
        offer, other = self.offer("FBA"), self.listed_offer("FBM")
        self.compare(offer | other)
        feed = self.env["amazon.feed"]._make(self.account)
        self.assertEqual(feed.line_count, 2)
        self.env.cr.execute("UPDATE amazon_offer SET listing_channel = 'AMAZON_EU' WHERE id = %s", [offer.id])
        self.env.invalidate_all()
        feed._take_next_step()
        self.assertEqual(feed.line_ids.filtered(lambda line: line.sku == "FBA").state, "blocked")
        for _step in range(3):
            self.process_feeds()
        self.assertEqual((offer.stock_state, other.stock_state), ("blocked", "done"))
        self.assertFalse(self.store.listings.harmed)

    def test_a_submission_of_which_nothing_is_left_is_not_sent(self):
        offer = self.offer("FBA")
        self.compare(offer)
        feed = self.env["amazon.feed"]._make(self.account)
        offer.amazon_channel = "fba"
        feed._take_next_step()
        self.assertEqual(feed.state, "done")
        self.assertFalse(self.store.feeds)

    def test_an_offer_that_becomes_the_sellers_again_is_sent_when_amazon_says_so(self):
        self.store.add_listing(SELLER_EU, "BACK")
        offer = self.offer("BACK", seen="AMAZON_EU")
        self.push()
        self.assertEqual(offer.stock_state, "blocked")
        offer.write({"listing_channel": "DEFAULT"})
        self.push()
        self.assertEqual((self.at_amazon("BACK"), offer.stock_state), (7, "done"))

    # --- The one place ---

    def test_the_guard_itself_refuses(self):
        self.offer("FBA", seen="AMAZON_EU")
        self.offer("NEW", seen=False)
        guard = self.env["amazon.offer"]._stock_guard(self.account, ["FBA", "NEW"])
        for sku in ("FBA", "NEW", "NEVER-HEARD-OF"):
            with self.subTest(sku=sku), self.assertRaises(FulfilledByAmazon):
                guard.patches(sku, 7)

    def test_only_the_guard_builds_quantities(self):
        """A second way to a quantity would be a way around the guard."""
        users = []
        for path in [*ADDON.glob("*.py"), *ADDON.glob("models/*.py"), *ADDON.glob("wizard/*.py")]:
            tree = ast.parse(path.read_text(encoding="utf-8"))
            names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
            names |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
            words = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
            if "quantity_patch" in names or "fulfillment_availability" in words:
                users.append(path.name)
        self.assertEqual(users, ["amazon_offer_guard.py"])

    def test_two_accounts_of_one_seller_do_not_tell_different_quantities(self):
        other = self.new_account(
            name="Twin",
            seller_key=SELLER_EU,
            state="linked",
            synchronize_inventory=True,
            available_marketplace_ids=self.france.ids,
        )
        self.account.active_marketplace_ids -= self.france
        other.active_marketplace_ids = self.france
        offer = self.listed_offer("A", listing={"marketplaces": ("DE", "FR")})
        twin = self.offer("A", account_id=other.id, marketplace=self.france, stock_maximum=1)
        self.compare(offer | twin)
        self.assertEqual((offer.stock_state, twin.stock_state), ("pending", "blocked"))
        self.assertIn("already tells Amazon", twin.stock_message)
        self.push()
        self.assertEqual(self.at_amazon("A"), 7)
