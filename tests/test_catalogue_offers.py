from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .catalogue_common import CatalogueCase


@tagged("post_install", "-at_install")
class TestCatalogueOffers(CatalogueCase):
    """What an import does to the offers that exist."""

    def test_offer_is_brought_up_to_date(self):
        offer = self.offer("MUG", self.product("OTHER"))
        self.list_at_amazon("MUG", title="Mug", asin="B00000000A", quantity=7, product_type="MUG")
        self.import_offers()
        self.assertEqual((offer.title, offer.asin, offer.product_type), ("Mug", "B00000000A", "MUG"))
        self.assertEqual((offer.listing_status, offer.amazon_quantity_seen), ("active", 7))
        self.assertEqual(self.listing("MUG").offer_id, offer)
        self.assertEqual(self.listing("MUG").match, "offer")

    def test_offer_keeps_its_product_and_sku(self):
        by_hand = self.product("BY-HAND")
        self.product("MUG")
        offer = self.offer("MUG", by_hand)
        self.list_at_amazon("MUG")
        imported = self.import_offers()
        self.assertEqual((offer.product_id, offer.sku), (by_hand, "MUG"))
        with self.assertRaises(UserError):
            imported.action_accept_matched()
        self.assertEqual(offer.product_id, by_hand)

    def test_fba_at_amazon_makes_the_offer_fba(self):
        offer = self.offer("MUG", self.product("MUG"), amazon_channel="fbm")
        self.list_at_amazon("MUG", channel="AMAZON_EU")
        self.import_offers()
        self.assertEqual(offer.amazon_channel, "fba")

    def test_offer_that_comes_back_from_fba_sends_no_stock_before_a_person_says_so(self):
        offer = self.offer("MUG", self.product("MUG"), amazon_channel="fba", sync_stock=True)
        self.list_at_amazon("MUG", quantity=4)
        self.import_offers()
        self.assertEqual((offer.amazon_channel, offer.sync_stock), ("fbm", False))

    def test_channel_that_amazon_does_not_tell_changes_nothing(self):
        offer = self.offer("MUG", self.product("MUG"), amazon_channel="fba")
        listed = self.list_at_amazon("MUG")
        listed.attributes = {}
        self.import_offers()
        self.assertEqual(offer.amazon_channel, "fba")

    def test_what_was_seen_later_is_not_overwritten(self):
        later = fields.Datetime.now() + timedelta(minutes=5)
        offer = self.offer("MUG", self.product("MUG"), amazon_channel="fba")
        offer.listing_seen_on = later
        self.list_at_amazon("MUG", quantity=4, title="Mug")
        self.import_offers()
        self.assertEqual((offer.amazon_channel, offer.title, offer.listing_seen_on), ("fba", False, later))

    def test_report_counts_as_seen_when_it_was_asked_for(self):
        offer = self.offer("MUG", self.product("MUG"))
        self.list_at_amazon("MUG")
        self.store.add_fault("createReport", "report_slow", seconds=1800)
        self.account.action_import_offers()
        imported = self.account.catalogue_import_ids
        imported.step = "ask_report"
        self.run_scheduler(imported)
        self.assertEqual(offer.listing_seen_on, imported.report_asked_on)

    def test_offer_of_a_listing_counts_as_seen_when_the_listing_was(self):
        self.product("MUG")
        self.list_at_amazon("MUG")
        self.import_offers()
        seen_on = self.listing("MUG").seen_on
        with freeze_time(seen_on + timedelta(days=3)):
            self.listing("MUG").action_accept()
        self.assertEqual(self.offers().listing_seen_on, seen_on)

    def test_offer_that_amazon_does_not_list_is_marked(self):
        gone = self.offer("GONE", self.product("GONE"))
        self.env.cr.execute("UPDATE amazon_offer SET create_date = create_date - interval '1 day'")
        self.list_at_amazon("MUG")
        self.import_offers()
        self.assertTrue(gone.listing_missing)
        self.list_at_amazon("GONE")
        self.import_offers()
        self.assertFalse(gone.listing_missing)

    def test_offers_of_another_marketplace_and_case_are_left_alone(self):
        french = self.offer("MUG", self.product("MUG"), self.france)
        lower = self.offer("mug", self.product("mug"))
        self.list_at_amazon("MUG", title="Mug")
        self.import_offers()
        self.assertFalse(french.title)
        self.assertFalse(lower.title)

    def test_refresh_can_be_asked_for_by_others(self):
        self.offer("MUG", self.product("MUG"))
        self.list_at_amazon("MUG", title="Mug")
        self.account._start_offer_import()
        self.run_scheduler(self.account.catalogue_import_ids)
        self.assertEqual(self.offers("MUG").title, "Mug")


@tagged("post_install", "-at_install")
class TestCatalogueRights(CatalogueCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = "sales_team.group_sale_manager,product.group_product_manager"
        cls.sales_admin = new_test_user(cls.env, "catalogue_admin", groups=groups)
        cls.salesperson = new_test_user(cls.env, "catalogue_user", groups="sales_team.group_sale_salesman")

    def test_sales_administrator_imports_reviews_and_accepts(self):
        self.product("MUG")
        self.list_at_amazon("MUG")
        self.list_at_amazon("NEW")
        account = self.account.with_user(self.sales_admin)
        account.action_import_offers()
        imported = account.catalogue_import_ids
        imported.action_continue()
        self.assertEqual(imported.state, "done")
        imported.action_accept_matched()
        self.listing("NEW").with_user(self.sales_admin).action_create_products()
        self.listing("NEW").with_user(self.sales_admin).action_accept()
        self.assertEqual(len(self.offers()), 2)

    def test_sales_administrator_does_not_see_the_cursor(self):
        self.account.action_import_offers()
        imported = self.account.catalogue_import_ids.with_user(self.sales_admin)
        with self.assertRaises(AccessError):
            imported.read(["page_token"])

    def test_salesperson_reads_and_changes_nothing(self):
        self.product("MUG")
        self.list_at_amazon("MUG")
        imported = self.import_offers().with_user(self.salesperson)
        listing = self.listing("MUG").with_user(self.salesperson)
        self.assertEqual((imported.found_count, listing.sku), (1, "MUG"))
        for action in (
            self.account.with_user(self.salesperson).action_import_offers,
            imported.action_start,
            imported.action_continue,
            imported.action_cancel,
            imported.action_accept_matched,
            listing.action_accept,
            listing.action_match_again,
            listing.action_create_products,
        ):
            with self.subTest(action=action.__name__), self.assertRaises(AccessError):
                action()
        self.assertFalse(self.offers())

    def test_another_company_is_hidden(self):
        self.list_at_amazon("MUG")
        imported = self.import_offers()
        other = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            "catalogue_stranger",
            groups="sales_team.group_sale_manager",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        for records in (imported, self.listing("MUG")):
            with self.subTest(model=records._name):
                self.assertFalse(records.with_user(stranger).search([]))
                with self.assertRaises(AccessError):
                    records.with_user(stranger).read(["display_name"])
