from odoo.exceptions import UserError
from odoo.tests import tagged

from .catalogue_common import HARD_SKUS, CatalogueCase


@tagged("post_install", "-at_install")
class TestListingReview(CatalogueCase):
    """What a person decides about listings."""

    def test_accepted_listings_become_offers(self):
        product = self.product("MUG")
        self.list_at_amazon("MUG", title="Mug", asin="B00000000A", quantity=7, product_type="MUG")
        self.import_offers()
        self.listing("MUG").action_accept()
        offer = self.offers()
        self.assertEqual((offer.sku, offer.product_id, offer.marketplace_id), ("MUG", product, self.germany))
        self.assertEqual((offer.amazon_channel, offer.sync_stock), ("fbm", True))
        self.assertEqual((offer.title, offer.asin, offer.product_type), ("Mug", "B00000000A", "MUG"))
        self.assertEqual((offer.listing_status, offer.amazon_quantity_seen), ("active", 7))
        self.assertEqual((self.listing("MUG").match, self.listing("MUG").offer_id), ("offer", offer))

    def test_offer_of_an_fba_listing_sends_no_stock(self):
        self.product("MUG")
        self.list_at_amazon("MUG", channel="AMAZON_EU")
        self.import_offers().action_accept_matched()
        self.assertEqual((self.offers().amazon_channel, self.offers().sync_stock), ("fba", False))

    def test_offer_whose_channel_amazon_does_not_tell_sends_no_stock(self):
        self.product("MUG")
        self.list_at_amazon("MUG").attributes = {}
        self.import_offers().action_accept_matched()
        self.assertFalse(self.offers().sync_stock)

    def test_all_matched_are_accepted_and_no_proposal(self):
        self.product("MUG")
        self.product("HAT")
        self.product("proposed-1")
        for sku in ("MUG", "HAT", "PROPOSED-1", "UNKNOWN"):
            self.list_at_amazon(sku)
        self.import_offers().action_accept_matched()
        self.assertEqual(sorted(self.offers().mapped("sku")), ["HAT", "MUG"])

    def test_proposal_is_accepted_only_after_it_was_taken(self):
        product = self.product("mug-red")
        self.list_at_amazon("MUG-RED")
        self.import_offers()
        listing = self.listing("MUG-RED")
        with self.assertRaises(UserError):
            listing.action_accept()
        listing.action_use_proposal()
        self.assertFalse(self.offers())
        listing.action_accept()
        self.assertEqual(self.offers().product_id, product)

    def test_chosen_product_is_accepted(self):
        product = self.product("X")
        self.list_at_amazon("MUG")
        self.import_offers()
        self.listing("MUG").product_id = product
        self.assertEqual((self.listing("MUG").match, self.listing("MUG").reason), ("matched", "chosen"))
        self.listing("MUG").action_accept()
        self.assertEqual(self.offers("MUG").product_id, product)

    def test_choice_outlives_the_next_import(self):
        self.product("MUG")
        chosen = self.product("X")
        self.list_at_amazon("MUG", title="Old")
        self.import_offers()
        self.listing("MUG").product_id = chosen
        self.list_at_amazon("MUG", title="New")
        self.import_offers()
        self.assertEqual((self.listing("MUG").title, self.listing("MUG").product_id), ("New", chosen))

    def test_cleared_product_stays_cleared(self):
        self.product("MUG")
        self.list_at_amazon("MUG")
        self.import_offers()
        self.listing("MUG").product_id = False
        self.import_offers()
        self.assertEqual(self.listing("MUG").match, "unmatched")
        self.listing("MUG").action_forget_choice()
        self.assertEqual(self.listing("MUG").match, "matched")

    def test_another_product_chosen_for_an_offer_changes_it_when_accepted(self):
        offer = self.offer("MUG", self.product("MUG"))
        chosen = self.product("X")
        self.list_at_amazon("MUG")
        self.import_offers()
        self.listing("MUG").product_id = chosen
        self.assertEqual(self.listing("MUG").match, "matched")
        self.assertNotEqual(offer.product_id, chosen)
        self.listing("MUG").action_accept()
        self.assertEqual(offer.product_id, chosen)
        self.assertEqual(self.listing("MUG").match, "offer")
        self.assertEqual(len(self.offers()), 1)

    def test_product_edited_on_the_offer_shows_and_is_not_changed_back(self):
        offer = self.offer("MUG", self.product("MUG"))
        self.list_at_amazon("MUG")
        imported = self.import_offers()
        offer.product_id = self.product("X")
        self.assertEqual((self.listing("MUG").match, self.listing("MUG").product_id), ("offer", offer.product_id))
        with self.assertRaises(UserError):
            imported.action_accept_matched()

    def test_offer_made_since_the_import_is_not_made_twice(self):
        by_hand = self.product("BY-HAND")
        self.product("MUG")
        self.list_at_amazon("MUG")
        self.import_offers()
        offer = self.offer("MUG", by_hand)
        self.listing("MUG").action_accept()
        self.assertEqual(self.offers(), offer)
        self.assertEqual(self.listing("MUG").offer_id, offer)
        self.assertEqual(offer.product_id, by_hand)

    def test_deleted_offer_leaves_the_listing_to_be_reviewed(self):
        offer = self.offer("MUG", self.product("MUG"))
        self.list_at_amazon("MUG")
        self.import_offers()
        offer.unlink()
        self.assertEqual(self.listing("MUG").match, "matched")

    def test_same_sku_on_two_marketplaces_becomes_two_offers(self):
        self.account.active_marketplace_ids = self.germany | self.france
        self.product("MUG")
        self.list_at_amazon("MUG", marketplaces=("DE", "FR"))
        self.import_offers().action_accept_matched()
        self.assertEqual(self.offers("MUG").marketplace_id, self.germany | self.france)

    def test_hard_skus_become_offers(self):
        for sku in HARD_SKUS:
            self.product(sku)
            self.list_at_amazon(sku)
        self.import_offers().action_accept_matched()
        self.assertEqual(sorted(self.offers().mapped("sku")), sorted(HARD_SKUS))
        for offer in self.offers():
            self.assertEqual(offer.product_id.default_code, offer.sku)

    # --- Products ---

    def test_product_is_made_on_demand(self):
        self.list_at_amazon("MUG", title="Ceramic mug")
        self.import_offers()
        self.listing("MUG").action_create_products()
        product = self.listing("MUG").product_id
        self.assertEqual((product.name, product.default_code, product.is_storable), ("Ceramic mug", "MUG", True))
        self.assertEqual(product.company_id, self.account.company_id)
        self.assertFalse(self.offers())
        self.listing("MUG").action_accept()
        self.assertEqual(self.offers().product_id, product)

    def test_one_product_is_made_for_a_sku_on_two_marketplaces(self):
        self.account.active_marketplace_ids = self.germany | self.france
        self.list_at_amazon("MUG", marketplaces=("DE", "FR"))
        self.import_offers()
        self.listings().action_create_products()
        self.assertEqual(self.env["product.product"].search_count([("default_code", "=", "MUG")]), 1)
        self.assertEqual(set(self.listings().mapped("match")), {"matched"})

    def test_product_made_for_one_marketplace_is_found_on_the_other(self):
        self.account.active_marketplace_ids = self.germany | self.france
        self.list_at_amazon("MUG", marketplaces=("DE", "FR"))
        self.import_offers()
        self.listing("MUG").action_create_products()
        self.assertEqual(self.listing("MUG", self.france).product_id, self.listing("MUG").product_id)

    def test_no_product_is_made_where_there_is_one(self):
        self.product("MUG")
        self.list_at_amazon("MUG")
        self.import_offers()
        with self.assertRaises(UserError):
            self.listing("MUG").action_create_products()

    def test_no_product_is_made_beside_several_that_fit(self):
        self.product("MUG")
        self.product("MUG")
        self.list_at_amazon("MUG")
        self.import_offers()
        with self.assertRaises(UserError):
            self.listing("MUG").action_create_products()

    # --- Counts ---

    def test_import_counts_what_was_found(self):
        self.product("MUG")
        self.product("hat-1")
        self.offer("OFFERED", self.product("X"))
        for sku in ("MUG", "HAT-1", "OFFERED", "UNKNOWN"):
            self.list_at_amazon(sku)
        imported = self.import_offers()
        counts = [imported[f"{name}_count"] for name in ("matched", "proposal", "offer", "unmatched")]
        self.assertEqual(counts, [1, 1, 1, 1])
        self.assertEqual(self.account.listing_count, 3)

    def test_review_opens_the_listings_of_the_import(self):
        self.list_at_amazon("MUG")
        imported = self.import_offers()
        action = imported.with_context(amazon_match="unmatched").action_review()
        self.assertEqual(self.env["amazon.listing"].search(action["domain"]), self.listing("MUG"))
        self.assertTrue(action["context"]["search_default_unmatched"])
