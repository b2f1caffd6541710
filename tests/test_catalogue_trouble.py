from contextlib import suppress
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .catalogue_common import CatalogueCase


@tagged("post_install", "-at_install")
class TestCatalogueTrouble(CatalogueCase):
    """What becomes of an import when Amazon, a worker or a person stops it."""

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
