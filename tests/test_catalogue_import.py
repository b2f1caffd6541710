from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from ..listed_items import ListedItem
from .account_common import SELLER_EU
from .catalogue_common import HARD_SKUS, CatalogueCase


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
