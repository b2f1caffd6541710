from contextlib import suppress
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..listed_items import ListedItem
from .account_common import SELLER_EU, AccountCase

HARD_SKUS = [
    "A/B",
    "A B",
    "  lead",
    'say "hi"',
    "it's",
    "100%+&?#",
    "émoji-🎁",
    "x" * 40 + "-long",
    "Case",
    "CASE",
    "case",
    "comma,sku",
    "back\\slash",
]


class CatalogueCase(AccountCase):
    """A linked account on Amazon.de whose listings are at the simulated Amazon."""

    def setUp(self):
        super().setUp()
        self.link()
        self.account.active_marketplace_ids = self.germany
        for operation in ("searchListingsItems", "createReport", "getReport", "getReportDocument"):
            self.store.quotas.set_plan(operation, 1000, 1000)

    @property
    def store(self):
        return self.simulator.store

    def list_at_amazon(self, sku, **options):
        return self.store.add_listing(SELLER_EU, sku, **options)

    def list_many(self, count, **options):
        for number in range(count):
            self.list_at_amazon(f"BULK-{number:05}", **options)

    def product(self, reference=False, **values):
        return self.env["product.product"].create(
            {"name": f"Product {reference}", "default_code": reference, "is_storable": True, **values}
        )

    def offer(self, sku, product, marketplace=None, **values):
        return self.env["amazon.offer"].create(
            {
                "account_id": self.account.id,
                "marketplace_id": (marketplace or self.germany).id,
                "sku": sku,
                "product_id": product.id,
                **values,
            }
        )

    def offers(self, sku=None):
        domain = [("account_id", "=", self.account.id)]
        return self.env["amazon.offer"].search(domain + ([("sku", "=", sku)] if sku else []))

    def run_scheduler(self, imports, rounds=30):
        """Run the scheduler whenever an import is due, until all have come to an end."""
        for _round in range(rounds):
            waiting = imports.filtered(lambda record: record.state in ("queued", "running"))
            if not waiting:
                return
            moment = min(record.next_attempt_on or fields.Datetime.now() for record in waiting)
            self.store.clock.advance(60)
            with freeze_time(max(moment, fields.Datetime.now()) + timedelta(seconds=1)):
                imports._cron_run()
        self.fail(f"Still going on: {imports.mapped('message')}")

    def import_offers(self):
        """Import all that is listed; the imports."""
        self.account.action_import_offers()
        imports = self.account.catalogue_import_ids
        self.run_scheduler(imports)
        return imports

    def listings(self, **values):
        domain = [("account_id", "=", self.account.id), *((name, "=", value) for name, value in values.items())]
        return self.env["amazon.listing"].search(domain)

    def listing(self, sku, marketplace=None):
        found = self.listings(sku=sku, marketplace_id=(marketplace or self.germany).id)
        self.assertEqual(len(found), 1)
        return found


@tagged("post_install", "-at_install")
class TestCatalogueImport(CatalogueCase):
    # --- What comes in ---

    def test_search_brings_in_what_amazon_lists(self):
        self.list_at_amazon("MUG", title="Mug", asin="B00000000A", quantity=7, product_type="MUG")
        self.list_at_amazon("HAT", channel="AMAZON_EU", status=["DISCOVERABLE"])
        imported = self.import_offers()
        self.assertEqual((imported.state, imported.found_count, imported.progress), ("done", 2, 100))
        mug, hat = self.listing("MUG"), self.listing("HAT")
        self.assertEqual((mug.title, mug.asin, mug.product_type), ("Mug", "B00000000A", "MUG"))
        self.assertEqual((mug.amazon_channel, mug.listing_status, mug.quantity), ("fbm", "active", 7))
        self.assertEqual((hat.amazon_channel, hat.listing_status, hat.quantity), ("fba", "inactive", 0))
        self.assertFalse(self.store.calls_of("createReport"))

    def test_nothing_is_created_without_consent(self):
        self.product("MUG")
        self.list_at_amazon("MUG")
        self.list_at_amazon("UNKNOWN")
        products = self.env["product.product"].search_count([])
        self.import_offers()
        self.assertFalse(self.offers())
        self.assertEqual(self.env["product.product"].search_count([]), products)

    def test_all_pages_are_read(self):
        self.list_many(45)
        self.assertEqual(self.import_offers().found_count, 45)
        self.assertEqual(len(self.store.calls_of("searchListingsItems")), 3)

    def test_every_active_marketplace_is_read_and_no_other(self):
        spain = self.env.ref("amazon_connector.marketplace_es")
        self.account.active_marketplace_ids = self.germany | self.france
        self.list_at_amazon("BOTH", marketplaces=("DE", "FR"))
        self.list_at_amazon("SPAIN", marketplaces=("ES",))
        imports = self.import_offers()
        self.assertEqual(imports.marketplace_id, self.germany | self.france)
        self.assertEqual(self.listings(sku="BOTH").marketplace_id, self.germany | self.france)
        self.assertFalse(self.listings(marketplace_id=spain.id))

    def test_hard_skus_come_in_as_they_are(self):
        for sku in HARD_SKUS:
            self.list_at_amazon(sku)
        self.import_offers()
        self.assertEqual(set(self.listings().mapped("sku")), set(HARD_SKUS))

    def test_seller_without_listings(self):
        imported = self.import_offers()
        self.assertEqual((imported.state, imported.found_count, imported.progress), ("done", 0, 100))

    # --- The report ---

    def test_many_listings_come_by_report(self):
        self.list_many(1001)
        self.list_at_amazon("MUG", quantity=3, title="Mug", asin="B00000000A")
        self.list_at_amazon("HAT", channel="AMAZON_EU", status=["DISCOVERABLE"])
        imported = self.import_offers()
        self.assertEqual((imported.state, imported.found_count), ("done", 1003))
        self.assertEqual(len(self.store.calls_of("searchListingsItems")), 1)
        self.assertEqual(len(self.store.calls_of("createReport")), 1)
        mug, hat = self.listing("MUG"), self.listing("HAT")
        self.assertEqual((mug.title, mug.asin, mug.quantity), ("Mug", "B00000000A", 3))
        self.assertEqual((mug.amazon_channel, hat.amazon_channel), ("fbm", "fba"))
        self.assertEqual((mug.listing_status, hat.listing_status), ("active", "inactive"))

    def test_hard_skus_come_in_by_report(self):
        skus = [sku.strip() for sku in HARD_SKUS if sku.isascii()]
        for sku in skus:
            self.list_at_amazon(sku)
        self.ask_for_report()
        self.assertEqual(set(self.listings().mapped("sku")), set(skus))

    def ask_for_report(self):
        self.account.action_import_offers()
        imports = self.account.catalogue_import_ids
        imports.write({"step": "ask_report"})
        self.run_scheduler(imports)
        return imports

    def test_report_is_waited_for_without_holding_a_worker(self):
        self.list_at_amazon("MUG")
        self.store.add_fault("createReport", "report_slow", seconds=600)
        self.account.action_import_offers()
        imported = self.account.catalogue_import_ids
        imported.write({"step": "ask_report"})
        imported._cron_run()
        self.assertEqual((imported.state, imported.step), ("running", "wait_report"))
        self.assertGreater(imported.next_attempt_on, fields.Datetime.now())
        imported._cron_run()
        self.assertFalse(self.store.calls_of("getReport"))
        self.run_scheduler(imported)
        self.assertEqual((imported.state, imported.found_count), ("done", 1))
        self.assertGreater(len(self.store.calls_of("getReport")), 2)

    def test_cancelled_report_says_why_and_can_be_asked_for_again(self):
        self.list_at_amazon("MUG")
        self.store.add_fault("createReport", "report_cancelled")
        imported = self.ask_for_report()
        self.assertEqual(imported.state, "failed")
        self.assertIn("cancelled the report", imported.message)
        imported.action_start()
        self.assertFalse(imported.message)
        self.run_scheduler(imported)
        self.assertEqual((imported.state, imported.found_count), ("done", 1))

    def test_fatal_report_says_why(self):
        self.list_at_amazon("MUG")
        self.store.add_fault("createReport", "report_fatal")
        imported = self.ask_for_report()
        self.assertEqual(imported.state, "failed")
        self.assertIn("FATAL", imported.message)
        self.assertIn(imported.report_ref, imported.message)

    def test_report_with_missing_and_new_columns_in_another_charset(self):
        document = "something new\tseller-sku\titem-name\nx\tSKU-1\tCaf\xe9\nx\t\tno sku\ny\tSKU-2\t\n".encode("cp1252")
        with patch("odoo.addons.amazon_connector.spapi.gateway.Gateway.download_document", lambda *args: document):
            imported = self.ask_for_report()
        self.assertEqual((imported.state, imported.found_count), ("done", 2))
        self.assertEqual(self.listing("SKU-1").title, "Café")
        self.assertFalse(self.listing("SKU-1").amazon_channel)

    def test_what_is_no_report_is_said(self):
        with patch("odoo.addons.amazon_connector.spapi.gateway.Gateway.download_document", lambda *args: b"<html>"):
            imported = self.ask_for_report()
        self.assertEqual(imported.state, "failed")
        self.assertIn("cannot be read", imported.message)

    def test_search_that_lost_listings_is_made_good_by_the_report(self):
        self.list_many(30)
        search = type(self.account._gateway()).search_listings

        def lose_one(gateway, *args, **kwargs):
            page = search(gateway, *args, **kwargs)
            return type(page)(page.listings[1:], page.next_token, page.total)

        with patch.object(type(self.account._gateway()), "search_listings", lose_one):
            imported = self.import_offers()
        self.assertEqual((imported.state, imported.found_count), ("done", 30))
        self.assertEqual(len(self.store.calls_of("createReport")), 1)

    def test_the_number_of_queries_does_not_grow_with_the_listings(self):
        self.list_many(210)
        products = [{"name": f"Product {n}", "default_code": f"BULK-{n:05}"} for n in range(105)]
        self.env["product.product"].create(products)
        few, many = self.count_queries(20), self.count_queries(200)
        self.assertLess(many, few + 10)

    def count_queries(self, count):
        """The queries that storing so many rows of a report takes."""
        imported = self.env["amazon.catalogue.import"]._queue(self.account, self.germany)
        skus = [sku for _seller, sku in self.store.listings][:count]
        items = [ListedItem(sku, title=f"Title {sku}", channel="fbm", status="active") for sku in skus]
        matcher = self.env["amazon.listing"]._matcher(self.account, self.germany)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        imported._store(items, matcher, fields.Datetime.now())
        queries = self.env.cr.sql_log_count - before
        imported.unlink()
        return queries

    # --- Trouble ---

    def test_throttled_import_goes_on_from_the_page_that_was_reached(self):
        self.list_many(45)
        self.store.quotas.set_plan("searchListingsItems", 1, 2)
        self.account.action_import_offers()
        imported = self.account.catalogue_import_ids
        imported._cron_run()
        self.assertEqual((imported.state, imported.found_count), ("running", 40))
        self.assertGreater(imported.next_attempt_on, fields.Datetime.now())
        self.assertIn("by itself", imported.message)
        triggers = self.env["ir.cron.trigger"].search(
            [("cron_id", "=", self.env.ref("amazon_connector.ir_cron_import_offers").id)]
        )
        self.assertIn(imported.next_attempt_on, triggers.mapped("call_at"))
        imported._cron_run()
        self.assertEqual(len(self.store.calls_of("searchListingsItems")), 3)
        self.run_scheduler(imported)
        self.assertEqual((imported.state, imported.found_count), ("done", 45))
        self.assertEqual(len(self.store.calls_of("searchListingsItems")), 4)

    def test_import_is_tried_again_while_amazon_cannot_be_reached(self):
        self.list_at_amazon("MUG")
        self.store.add_fault("searchListingsItems", "unavailable", times=3)
        imported = self.import_offers()
        self.assertEqual((imported.state, imported.found_count), ("done", 1))

    def test_import_gives_up_when_amazon_stays_away(self):
        self.store.add_fault("searchListingsItems", "unavailable", times=None)
        imported = self.import_offers()
        self.assertEqual(imported.state, "failed")
        self.assertIn("cannot be reached", imported.message)

    def test_refused_access_is_said_and_not_repeated(self):
        self.store.add_fault("searchListingsItems", "access_denied", times=None)
        imported = self.import_offers()
        self.assertEqual(imported.state, "failed")
        self.assertIn("roles", imported.message)
        imported._cron_run()
        self.assertEqual(len(self.store.calls_of("searchListingsItems")), 1)

    def test_refused_page_token_leads_to_the_report(self):
        self.list_many(25)
        self.account.action_import_offers()
        imported = self.account.catalogue_import_ids
        imported.page_token = "no token of Amazon's"
        self.run_scheduler(imported)
        self.assertEqual((imported.state, imported.found_count), ("done", 25))

    def test_import_goes_on_where_a_worker_was_stopped(self):
        self.list_many(45)
        self.account.action_import_offers()
        imported = self.account.catalogue_import_ids

        read_page = type(imported)._read_page

        def read_two_pages(record, gateway, matcher):
            if record.pages_read == 2:
                raise KeyboardInterrupt
            return read_page(record, gateway, matcher)

        with patch.object(type(imported), "_read_page", read_two_pages), suppress(KeyboardInterrupt):
            imported._cron_run()
        self.assertEqual((imported.state, imported.found_count), ("running", 40))
        self.run_scheduler(imported)
        self.assertEqual((imported.state, imported.found_count), ("done", 45))
        self.assertEqual(len(self.store.calls_of("searchListingsItems")), 3)

    def test_unexpected_error_is_said_and_keeps_no_other_import(self):
        self.account.active_marketplace_ids = self.germany | self.france
        self.list_at_amazon("MUG", marketplaces=("DE", "FR"))
        read_page = type(self.env["amazon.catalogue.import"])._read_page

        def fail_on_germany(record, *args):
            if record.marketplace_id == self.germany:
                raise ZeroDivisionError
            return read_page(record, *args)

        with (
            patch.object(type(self.env["amazon.catalogue.import"]), "_read_page", fail_on_germany),
            self.assertLogs("odoo.addons.amazon_connector", "ERROR"),
        ):
            imports = self.import_offers()
        states = {record.marketplace_id: record.state for record in imports}
        self.assertEqual(states, {self.germany: "failed", self.france: "done"})

    def test_import_under_way_is_not_started_twice(self):
        self.account.action_import_offers()
        self.account.catalogue_import_ids.page_token = "token"
        self.account.action_import_offers()
        self.assertEqual(self.account.catalogue_import_ids.page_token, "token")

    def test_stopped_import_does_not_go_on(self):
        self.account.action_import_offers()
        imported = self.account.catalogue_import_ids
        imported.action_cancel()
        imported._cron_run()
        self.assertEqual(imported.state, "failed")
        self.assertFalse(self.store.calls_of("searchListingsItems"))

    def test_user_can_go_on_without_the_scheduler(self):
        self.list_at_amazon("MUG")
        self.account.action_import_offers()
        self.account.catalogue_import_ids.action_continue()
        self.assertEqual(self.account.catalogue_import_ids.state, "done")

    def test_account_that_is_not_linked_cannot_import(self):
        self.account.action_disconnect()
        with self.assertRaises(UserError):
            self.account.action_import_offers()

    def test_account_without_marketplaces_cannot_import(self):
        self.account.active_marketplace_ids = False
        with self.assertRaises(UserError):
            self.account.action_import_offers()

    # --- Again ---

    def test_second_import_brings_listings_up_to_date_and_removes_what_is_gone(self):
        self.list_at_amazon("MUG", quantity=7)
        self.list_at_amazon("HAT")
        self.import_offers()
        del self.store.listings[SELLER_EU, "HAT"]
        self.store.set_quantity(SELLER_EU, "MUG", 9)
        self.list_at_amazon("NEW")
        imported = self.import_offers()
        self.assertEqual(len(imported), 1)
        self.assertEqual(self.listings().mapped("sku"), ["MUG", "NEW"])
        self.assertEqual((self.listing("MUG").quantity, imported.found_count), (9, 2))

    def test_report_keeps_the_product_type_that_a_search_told(self):
        self.list_at_amazon("MUG", product_type="MUG")
        self.import_offers()
        self.ask_for_report()
        self.assertEqual(self.listing("MUG").product_type, "MUG")


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
class TestListingMatching(CatalogueCase):
    """Which product is found for a listing."""

    def match(self, sku, **options):
        self.list_at_amazon(sku, **options)
        self.import_offers()
        listing = self.listing(sku)
        return listing.match, listing.reason, listing.product_id or listing.proposed_product_id

    def test_internal_reference_equal_to_the_sku(self):
        product = self.product("MUG")
        self.assertEqual(self.match("MUG"), ("matched", "reference", product))

    def test_reference_that_differs_in_case_is_a_proposal_only(self):
        product = self.product("mug-red")
        self.assertEqual(self.match("MUG-RED"), ("proposal", "similar_reference", product))

    def test_case_decides_between_references(self):
        product = self.product("Mug")
        self.product("MUG")
        self.assertEqual(self.match("Mug"), ("matched", "reference", product))

    def test_offer_comes_before_the_reference(self):
        self.product("MUG")
        by_hand = self.product("BY-HAND")
        self.offer("MUG", by_hand)
        self.assertEqual(self.match("MUG"), ("offer", False, by_hand))

    def test_the_same_sku_on_another_marketplace(self):
        self.product("MUG")
        by_hand = self.product("BY-HAND")
        self.offer("MUG", by_hand, self.france)
        self.assertEqual(self.match("MUG"), ("matched", "other_marketplace", by_hand))

    def test_several_products_with_the_reference_are_none(self):
        self.product("MUG")
        self.product("MUG")
        self.assertEqual(self.match("MUG"), ("unmatched", "several", self.env["product.product"]))

    def test_similar_name_is_a_proposal(self):
        product = self.product("X", name="Ceramic mug red")
        self.assertEqual(
            self.match("B-17", title="Acme Ceramic Mug, Red, 330 ml"), ("proposal", "similar_name", product)
        )

    def test_variants_are_found_by_the_names_of_their_values(self):
        attribute = self.env["product.attribute"].create(
            {"name": "Size", "value_ids": [(0, 0, {"name": "Small"}), (0, 0, {"name": "Large"})]}
        )
        template = self.env["product.template"].create(
            {
                "name": "Cotton towel",
                "attribute_line_ids": [
                    (0, 0, {"attribute_id": attribute.id, "value_ids": [(6, 0, attribute.value_ids.ids)]})
                ],
            }
        )
        large = template.product_variant_ids.filtered(
            lambda product: "Large" in product.product_template_attribute_value_ids.mapped("name")
        )
        self.assertEqual(self.match("T-9", title="Cotton towel large, white"), ("proposal", "similar_name", large))

    def test_nothing_is_found(self):
        self.assertEqual(self.match("ZZZ", title="Nothing of the kind"), ("unmatched", False, self.product().browse()))

    def test_archived_products_are_not_found(self):
        self.product("MUG", active=False)
        self.assertEqual(self.match("MUG")[0], "unmatched")

    def test_products_of_another_company_are_not_found(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.product("MUG", company_id=other.id)
        self.product("HAT-1", name="Woollen hat", company_id=other.id)
        self.assertEqual(self.match("MUG")[0], "unmatched")
        self.assertEqual(self.match("hat 1", title="Woollen hat")[0], "unmatched")

    def test_matching_again_finds_what_was_mended(self):
        self.assertEqual(self.match("MUG")[0], "unmatched")
        product = self.product("MUG")
        self.listing("MUG").action_match_again()
        self.assertEqual((self.listing("MUG").match, self.listing("MUG").product_id), ("matched", product))

    def list_with_barcode(self, sku, barcode, **options):
        listed = self.list_at_amazon(sku, **options)
        listed.attributes["externally_assigned_product_identifier"] = [{"type": "ean", "value": barcode}]

    def test_barcode(self):
        product = self.product("X", barcode="4006381333931")
        self.list_with_barcode("B-17", "4006381333931")
        self.import_offers()
        listing = self.listing("B-17")
        self.assertEqual((listing.match, listing.reason, listing.product_id), ("matched", "barcode", product))

    def test_barcode_of_another_length(self):
        product = self.product("X", barcode="0036000291452")
        self.list_with_barcode("B-17", "036000291452")
        self.import_offers()
        self.assertEqual(self.listing("B-17").product_id, product)
        self.listing("B-17").action_match_again()
        self.assertEqual(self.listing("B-17").product_id, product)

    def test_reference_comes_before_the_barcode(self):
        self.product("X", barcode="4006381333931")
        product = self.product("MUG")
        self.list_with_barcode("MUG", "4006381333931")
        self.import_offers()
        self.assertEqual((self.listing("MUG").reason, self.listing("MUG").product_id), ("reference", product))

    def test_product_made_for_a_listing_gets_its_barcode_unless_it_is_taken(self):
        self.list_with_barcode("NEW", "4006381333931")
        self.list_with_barcode("SECOND", "4006381333931")
        self.import_offers()
        self.listings().action_create_products()
        self.assertEqual(self.listing("NEW").product_id.barcode, "4006381333931")
        self.assertFalse(self.listing("SECOND").product_id.barcode)


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
