"""Reports of listings and results of submissions that are garbage: a visible state, and what to do about it."""

from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..spapi import gateway
from ..spapi.transport.documents import Document
from . import bad_input
from .catalogue_common import CatalogueCase
from .common import undone
from .stock_common import FeedCase


@tagged("post_install", "-at_install")
class TestBadCatalogues(CatalogueCase):
    """A report of the listings that is none, or not quite."""

    HEADER = "seller-sku\titem-name\tquantity\tfulfillment-channel\tstatus\n"

    def import_report(self, content, content_type="text/plain"):
        document = Document(content)
        document.content_type = content_type
        with patch.object(gateway.Gateway, "download_document", return_value=document):
            self.account.action_import_offers()
            imported = self.account.catalogue_import_ids
            imported.write({"step": "read_report", "document_ref": "d", "report_asked_on": fields.Datetime.now()})
            self.run_scheduler(imported)
        return imported

    def test_what_is_no_report_fails_with_a_remedy(self):
        for content in (b"", b"\x00" * 100, b"<html>", b"{}", b"a\tb\n1\t2", b"\xff\xfe", "名前\t数\n".encode("cp932")):
            with self.subTest(content), undone(self.env):
                imported = self.import_report(content)
                self.assertEqual(imported.state, "failed")
                self.assertIn("Import again", imported.message)

    @bad_input.examples(0.3)
    @given(st.lists(st.lists(bad_input.texts(), max_size=6), max_size=4), st.binary(max_size=50), bad_input.texts())
    def test_rows_of_any_kind_come_in_or_are_passed_over(self, rows, tail, charset):
        table = self.HEADER + "MUG\tMug\t3\tDEFAULT\tActive\n" + "\n".join("\t".join(row) for row in rows)
        content = table.encode("utf-8", "surrogatepass") + tail
        with undone(self.env):
            imported = self.import_report(content, f"text/plain; charset={charset}")
            self.assertEqual(imported.state, "done", imported.message)
            self.assertIn("MUG", self.listings().mapped("sku"))

    def test_one_listing_that_is_out_of_range_does_not_stop_the_others(self):
        rows = [
            f"{bad_input.LONG}\tlong\t1\tDEFAULT\tActive",
            f"OTHER\t{bad_input.LONG * 20}\t{'9' * 30}\tDEFAULT\tActive",
        ]
        with mute_logger("odoo.sql_db"):
            imported = self.import_report((self.HEADER + "MUG\tMug\t3\tDEFAULT\tActive\n" + "\n".join(rows)).encode())
        self.assertEqual(imported.state, "done", imported.message)
        self.assertEqual(set(self.listings().mapped("sku")), {"MUG", "OTHER"})

    def test_a_listing_whose_numbers_are_out_of_range_is_found_all_the_same(self):
        for number, quantity in enumerate((10**12, -5, "9" * 30, 1.5, True)):
            entry = {"fulfillment_channel_code": "DEFAULT", "quantity": quantity}
            self.list_at_amazon(f"MUG-{number}").attributes["fulfillment_availability"] = [entry]
        imported = self.import_offers()
        self.assertEqual(imported.state, "done", imported.message)
        self.assertEqual(imported.found_count, 5)

    def test_titles_of_other_sellers_are_no_formulas(self):
        self.import_report((self.HEADER + "MUG\t=HYPERLINK(1)\t3\tDEFAULT\tActive\n").encode())
        self.assertEqual(self.listing("MUG").title, "'=HYPERLINK(1)")


@tagged("post_install", "-at_install")
class TestBadFeedResults(FeedCase):
    """The returned document of a submission is none, or not quite."""

    @bad_input.examples(0.2)
    @given(
        st.binary(max_size=100)
        | bad_input.broken(
            {
                "summary": {"messagesProcessed": 4, "messagesAccepted": 4},
                "issues": [{"messageId": 1, "code": "x", "severity": "ERROR", "message": "no", "sku": "S1"}],
            }
        ).map(lambda value: bad_input.as_json(value))
    )
    @mute_logger("odoo.sql_db")
    def test_any_result_ends_the_submission_in_a_state_that_says_what_to_do(self, content):
        with undone(self.env):
            self.push()
            with patch.object(self.gateway_class(), "download_document", return_value=Document(content)):
                self.finish_feeds()
            feed = self.feeds()
            self.assertIn(feed.state, ("done", "partial", "lost"))
            self.assertTrue(feed.state != "lost" or "sent again" in feed.message)
            self.assertNotIn("sending", self.offers.mapped("stock_state"))
