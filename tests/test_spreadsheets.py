"""Nothing that Amazon, a buyer or another seller wrote becomes a formula in a spreadsheet that Odoo exports."""

import csv
import io
import json
import zipfile

from odoo import http
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..harmless_texts import harmless_text
from .common import AmazonCase

FORMULAS = ['=HYPERLINK("http://evil","x")', "=1+1", "{=1+1}", "@SUM(1)", " =1+1", "\t=1+1", "\r=1+1", "\t-1+1", "\r+1"]
HARMLESS = ["Mug", "'=1", "+49 30 123456", "-10 % off", "a=b", "a@b", "", " lead", 7, 1.5, False, None]
#: What makes a program evaluate a cell of a CSV file.
STARTS = ("=", "+", "-", "@", "\t", "\r", "{=")


@tagged("post_install", "-at_install")
class TestSpreadsheets(AmazonCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order_refs = iter(range(1, 100))

    def setUp(self):
        super().setUp()
        self.env.ref("base.user_admin").company_ids |= self.company
        self.authenticate("admin", "admin")

    def exported(self, kind, records, names):
        """The file that Odoo's own export gives of some records."""
        data = {
            "model": records._name,
            "fields": [{"name": name, "label": name, "type": "char", "store": True} for name in names],
            "ids": records.ids,
            "domain": [],
            "import_compat": False,
            "context": {"allowed_company_ids": self.company.ids},
        }
        response = self.url_open(
            f"/web/export/{kind}", data={"data": json.dumps(data), "csrf_token": http.Request.csrf_token(self)}
        )
        response.raise_for_status()
        return response.content

    def assertNoFormula(self, records, names):
        with zipfile.ZipFile(io.BytesIO(self.exported("xlsx", records, names))) as book:
            sheet = book.read("xl/worksheets/sheet1.xml").decode()
            words = book.read("xl/sharedStrings.xml").decode()
        self.assertIn("<row", sheet)
        self.assertNotIn("<f", sheet.partition("<sheetData")[2])
        self.assertIn("1+1", words)
        rows = list(csv.reader(io.StringIO(self.exported("csv", records, names).decode())))
        cells = [cell for row in rows[1:] for cell in row]
        self.assertTrue(any("1+1" in cell for cell in cells))
        self.assertFalse([cell for cell in cells if cell.startswith(STARTS)])

    def test_texts_are_made_harmless_and_no_others_are_changed(self):
        for text in FORMULAS:
            self.assertEqual(harmless_text(text), f"'{text}")
            self.assertEqual(harmless_text(harmless_text(text)), f"'{text}")
        for value in HARMLESS:
            self.assertEqual(harmless_text(value), value)

    def test_what_the_buyer_wrote(self):
        for formula in ("=1+1", "{=1+1}", "@1+1", "+1+1", "-1+1", "\t=1+1"):
            with self.subTest(formula):
                raw = self.order("DE", order_id=f"305-0000000-{next(self.order_refs):07}")
                raw["buyer"] = {"buyerName": formula, "buyerPurchaseOrderNumber": formula}
                raw["recipient"] = {
                    "deliveryAddress": {
                        **dict.fromkeys(("name", "addressLine1", "addressLine2", "city", "postalCode"), formula),
                        "countryCode": "DE",
                    }
                }
                sale = self.sale_order(raw)
                names = ["name", "street", "street2", "city", "zip", "display_name"]
                self.assertNoFormula(sale._amazon_buyer_partners(), names)
                self.assertNoFormula(sale, ["client_order_ref", "partner_id", "partner_shipping_id/street"])

    def test_sku_and_title(self):
        for formula in ("=1+1", "{=1+1}", "@1+1", "\t=1+1"):
            with self.subTest(formula):
                item = {"sku": formula, "title": formula, "gift_message": formula}
                without_sku = {"sku": "", "title": formula}
                raw = self.order("DE", order_id=f"305-0000000-{next(self.order_refs):07}", items=[item, without_sku])
                sale = self.sale_order(raw)
                self.assertEqual(sale.order_line[0].amazon_sku, formula, "Amazon compares it to the letter")
                self.assertNoFormula(sale.order_line, ["amazon_sku", "name"])
                self.assertNoFormula(sale, ["name", "order_line/amazon_sku", "order_line/name"])

    def test_offers_and_the_words_of_a_submission(self):
        formula = "=1+1"
        offer = self.env["amazon.offer"].create(
            {
                "account_id": self.account.id,
                "marketplace_id": self.account.base_marketplace_id.id,
                "sku": formula,
                "product_id": self.mug.id,
            }
        )
        self.assertNoFormula(offer, ["sku", "display_name"])
        feed = self.env["amazon.feed"].create({"account_id": self.account.id, "feed_type": "JSON_LISTINGS_FEED"})
        line = self.env["amazon.feed.line"].create(
            {"feed_id": feed.id, "message_number": 1, "sku": formula, "code": formula, "message": formula}
        )
        self.assertNoFormula(line, ["sku", "code", "message"])

    @mute_logger("odoo.addons.amazon_connector.models.amazon_order_update")
    def test_the_reference_of_an_order(self):
        for formula in FORMULAS:
            with self.subTest(formula):
                self.env["amazon.order.update"]._receive(self.account, [{"orderId": formula}])
                update = self.env["amazon.order.update"].search([], order="id desc", limit=1)
                self.assertFalse(update.amazon_order_ref.startswith(STARTS))
