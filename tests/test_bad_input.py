"""Whatever Amazon or a buyer sends: the bad order stands alone in the inbox, and words are shown as text.

Few generated examples by default. The long run::

    AMAZON_FUZZ_EXAMPLES=2000 AMAZON_TEST_DB=fuzz scripts/run_tests.py \
        tests/test_bad_input.py tests/test_bad_documents.py tests/test_oauth_fuzz.py
"""

import contextlib
import copy
from datetime import timedelta
from unittest.mock import Mock, patch

from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..order_problems import REMEDIES
from ..spapi import gateway
from . import bad_input
from .common import AmazonCase, undone

EVIL = '<script>alert("evil")</script><img src="x" onerror="evil()"><b>evil</b>{{ object.company_id.name }}'
DATABASE = "odoo.sql_db"
INBOX = "odoo.addons.amazon_connector.models.amazon_order_update"


class BadOrderCase(AmazonCase):
    def good_orders(self):
        return [self.order("DE", order_id=f"305-0000000-000000{number}") for number in (1, 2)]

    def take_in(self, *raw_orders):
        """Put orders into the inbox and apply them; their updates, in no order."""
        before = self.env["amazon.order.update"].search([])
        self.env["amazon.order.update"]._receive(self.account, list(raw_orders))
        self.env["amazon.order.update"]._apply_pending(everything=True)
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env["amazon.order.update"].search([]) - before

    def take_in_among_good_ones(self, raw):
        """The update of a bad order that came between two good ones, which have to be there."""
        first, second = self.good_orders()
        updates = self.take_in(first, raw, second)
        refs = {first["orderId"], second["orderId"]}
        good = updates.filtered(lambda update: update.amazon_order_ref in refs)
        self.assertEqual(good.mapped("state"), ["done", "done"], raw)
        return updates - good

    def assertRefused(self, update, code="unreadable"):
        self.assertEqual((update.state, update.error_code), ("failed", code))
        self.assertTrue(update.error and update.remedy)


@tagged("post_install", "-at_install")
class TestBadOrders(BadOrderCase):
    @bad_input.examples()
    @given(st.data())
    @mute_logger(DATABASE)
    def test_a_bad_order_never_keeps_the_others_of_a_batch_from_coming_in(self, data):
        status = data.draw(st.sampled_from(["UNSHIPPED", "UNSHIPPED", "SHIPPED", "CANCELLED"]))
        valid = self.order("DE", order_id="305-0000000-0000003", status=status, buyer_name="Anna")
        raw = data.draw(bad_input.broken(valid))
        if not isinstance(raw, dict):
            raw = {"orderId": raw}
        with undone(self.env):
            for update in self.take_in_among_good_ones(raw):
                self.assertIn(update.state, ("done", "ignored", "failed"))
                self.assertNotEqual(update.error_code, "unexpected", raw)
                self.assertTrue(update.state == "done" or update.error_code in REMEDIES)

    def test_an_order_without_a_usable_reference_stands_in_the_inbox(self):
        for ref in (
            None,
            "",
            " ",
            [],
            {},
            True,
            1.5,
            bad_input.LONG,
            "\x00",
            "\ud83d",
            "=1+1",
            "@x",
            "-1",
            "a b",
            "<b>",
        ):
            with self.subTest(repr(ref)[:20]), undone(self.env):
                raw = {**self.order("DE"), "orderId": ref}
                updates = self.take_in_among_good_ones(raw)
                self.assertEqual(len(updates), 1)
                self.assertRefused(updates)
                self.assertTrue(updates.amazon_order_ref.startswith("? "))
                self.take_in(copy.deepcopy(raw))
                self.assertEqual(len(updates.search([("amazon_order_ref", "=", updates.amazon_order_ref)])), 1)

    def test_an_order_that_is_nested_too_deeply_stands_in_the_inbox(self):
        for depth in (200, 900, 5000):
            with self.subTest(depth), undone(self.env):
                raw = {**self.order("DE", order_id="305-0000000-0000003"), "buyer": bad_input.nested(depth)}
                self.assertRefused(self.take_in_among_good_ones(raw))

    def test_parts_of_another_kind_make_an_order_unreadable(self):
        for path in ("fulfillment", "salesChannel", "buyer", "recipient", "proceeds", "tax"):
            for value in ([1], "text", 7, True):
                with self.subTest(path=path, value=value), undone(self.env):
                    raw = {**self.order("DE", order_id="305-0000000-0000003"), path: value}
                    self.assertRefused(self.take_in_among_good_ones(raw))

    def test_numbers_that_are_out_of_range_make_an_order_unreadable(self):
        for quantity in (10**30, -1, 1.5, float("nan"), float("inf"), "1e3", 10**9):
            with self.subTest(quantity=quantity), undone(self.env):
                raw = self.order("DE", order_id="305-0000000-0000003")
                raw["orderItems"][0]["quantityOrdered"] = quantity
                self.assertRefused(self.take_in_among_good_ones(raw))
        for amount in ("1e400", "NaN", "9" * 30, 1e300, float("inf"), "1,99"):
            with self.subTest(amount=amount), undone(self.env):
                raw = self.order("DE", order_id="305-0000000-0000003")
                raw["proceeds"]["grandTotal"]["amount"] = amount
                self.assertRefused(self.take_in_among_good_ones(raw))

    def test_the_largest_amounts_and_quantities_come_in_or_stand_in_the_inbox(self):
        for quantity, amount in ((999_999_999, "0.01"), (1, "999999999999999.99"), (999_999_999, "999999999999999.99")):
            with self.subTest(quantity=quantity, amount=amount), undone(self.env):
                raw = self.order("DE", order_id="305-0000000-0000003", items=[("UNKNOWN-SKU", 1)])
                raw["orderItems"][0]["quantityOrdered"] = quantity
                raw["orderItems"][0]["proceeds"]["proceedsTotal"]["amount"] = amount
                raw["orderItems"][0]["proceeds"]["breakdowns"][0]["subtotal"]["amount"] = amount
                raw["proceeds"]["grandTotal"]["amount"] = amount
                update = self.take_in_among_good_ones(raw)
                self.assertIn(update.state, ("done", "failed"))
                self.assertNotEqual(update.error_code, "unexpected")

    def test_dates_at_the_ends_of_the_calendar_do_no_harm(self):
        for moment in (
            "0001-01-01T00:00:00Z",
            "9999-12-31T23:59:59Z",
            "9999-12-31T23:59:59-14:00",
            "1899-12-31T00:00:00Z",
        ):
            with self.subTest(moment), undone(self.env):
                raw = self.order("DE", order_id="305-0000000-0000003")
                self.assertRefused(self.take_in_among_good_ones({**raw, "lastUpdatedTime": moment}))
                # The next, readable update counts as newer.
                later = {**raw, "lastUpdatedTime": (fields.Datetime.now() + timedelta(minutes=1)).isoformat() + "Z"}
                update = self.receive(later)
                self.assertEqual((update.state, update.error), ("done", False))
            with self.subTest("windows", moment=moment), undone(self.env):
                raw = self.order("DE", order_id="305-0000000-0000003")
                window = {"earliestDateTime": moment, "latestDateTime": moment}
                raw["fulfillment"] |= {"shipByWindow": window, "deliverByWindow": window}
                update = self.take_in_among_good_ones(raw)
                self.assertIn((update.state, update.error_code), [("done", False), ("failed", "unreadable")])

    def test_texts_that_are_too_long_for_the_database_do_not_stop_the_inbox(self):
        """PostgreSQL refuses an entry of an index that is too long by what also stands for a lack of memory."""
        raw = self.order("DE", order_id="305-0000000-0000003", items=[bad_input.LONG])
        raw["buyer"] = {
            "buyerName": bad_input.LONG,
            "buyerEmail": f"{bad_input.LONG}@marketplace.amazon.de",
            "buyerPurchaseOrderNumber": bad_input.LONG,
        }
        raw["orderItems"][0]["product"]["title"] = bad_input.LONG * 10
        raw["orderItems"][0]["orderItemId"] = bad_input.LONG
        with mute_logger(DATABASE, INBOX):
            update = self.take_in_among_good_ones(raw)
        self.assertIn(update.state, ("done", "failed"))
        self.assertTrue(update.state == "done" or update.error_code in REMEDIES)

    def test_what_the_database_cannot_store_is_left_out(self):
        bad = "A\x00B\ud83dC"
        raw = self.order("DE", order_id="305-0000000-0000003", items=[{"sku": bad, "title": bad, "gift_message": bad}])
        raw["buyer"] = {"buyerName": bad, "buyerPurchaseOrderNumber": bad}
        raw["recipient"] = {"deliveryAddress": {"name": bad, "addressLine1": bad, "city": bad, "countryCode": "DE"}}
        update = self.take_in_among_good_ones(raw)
        self.assertEqual(update.state, "done", update.error)
        self.assertEqual(update.sale_order_id.partner_id.name, "ABC")


@tagged("post_install", "-at_install")
class TestBadPages(AmazonCase):
    """What stands around the orders of a page."""

    def fetch(self, **page):
        values = {"orders": [], "next_token": None, "last_updated_before": None, "rate_limit": None}
        amazon = Mock()
        amazon.search_orders.return_value = gateway.OrdersPage(**{**values, **page})
        connection = contextlib.nullcontext(amazon)
        with patch.object(type(self.account), "_gateway", lambda account: connection):
            self.account._fetch_orders()
        return self.account.last_orders_sync

    def test_the_watermark_never_moves_to_where_orders_would_be_passed_over(self):
        for end in (None, "", "soon", "0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "3000-01-01T00:00:00Z"):
            for moment in (end, end and end.replace("3000", "9999")):
                with self.subTest(moment), undone(self.env):
                    reached = self.fetch(last_updated_before=moment)
                    self.assertLess(abs(reached - fields.Datetime.now()), timedelta(hours=1))
                    # And the next run can go on from there.
                    self.fetch(last_updated_before=moment)

    def recover(self, ref, answer):
        amazon = Mock()
        amazon.get_order.return_value = gateway.OrderData(answer)
        connection = contextlib.nullcontext(amazon)
        with patch.object(type(self.account), "_gateway", lambda account: connection):
            return self.account.action_recover_order(ref)

    def test_a_reference_that_is_none_is_not_asked_for(self):
        for ref in ("", ".", "..", "a/b", "\x00", "\ud83d", bad_input.LONG, "305-0000000-0000001?a=b"):
            with self.subTest(repr(ref)[:20]), self.assertRaisesRegex(UserError, "Check the reference"):
                self.recover(ref, self.order("DE"))

    def test_an_answer_about_another_order_is_not_taken_for_the_one_that_was_asked_for(self):
        for answer in ({}, self.order("DE", order_id="305-0000000-0000002"), {"orderId": ["305-0000000-0000001"]}):
            with self.subTest(answer.get("orderId")), self.assertRaisesRegex(UserError, "cannot be read"):
                self.recover("305-0000000-0000001", answer)

    def test_orders_of_any_shape_move_the_watermark_all_the_same(self):
        orders = [{}, {"orderId": []}, {"orderId": {"a": 1}}, {"fulfillment": [1]}, self.order("DE")]
        self.assertTrue(self.fetch(orders=orders, last_updated_before=None))
        self.assertFalse(self.account.orders_sync_message)
        updates = self.env["amazon.order.update"].search([("account_id", "=", self.account.id)])
        self.assertEqual(len(updates), 5)


@tagged("post_install", "-at_install")
class TestHostileWords(BadOrderCase):
    """HTML in what others write is shown as text, wherever Odoo shows it."""

    def evil_order(self):
        item = {
            "sku": "MUG-RED-11OZ",
            "title": EVIL,
            "gift_message": EVIL,
            "gift_wrap_level": EVIL,
            "gift_wrap": "1.00",
        }
        raw = self.order("DE", order_id="305-0000000-0000003", items=[item], service_level=EVIL)
        raw["salesChannel"]["marketplaceName"] = EVIL
        raw["buyer"] = {"buyerName": EVIL, "buyerCompanyName": EVIL, "buyerPurchaseOrderNumber": EVIL}
        address = dict.fromkeys(("name", "companyName", "addressLine1", "addressLine2", "city", "stateOrRegion"), EVIL)
        raw["recipient"] = {
            "deliveryAddress": {**address, "postalCode": EVIL, "phone": EVIL, "countryCode": "DE"},
            "deliveryPreference": {"dropOffLocation": EVIL, "addressInstruction": EVIL},
        }
        registration = {"entityType": "BUYER", "taxRegistrationType": "VAT", "taxRegistrationNumber": EVIL}
        raw["tax"] = {"taxRegistrations": [{**registration, "legalName": EVIL}]}
        raw["orderItems"][0]["product"] |= {
            "condition": {"conditionNote": EVIL},
            "customization": {"customizedUrl": EVIL},
        }
        return raw

    def evil_sale_order(self):
        """Imported, then asked by the buyer to be cancelled, then cancelled by Amazon after it was delivered."""
        raw = self.evil_order()
        sale = self.sale_order(raw)
        raw["lastUpdatedTime"] = "2037-01-01T00:00:00Z"
        request = {"requester": "BUYER", "cancelReason": EVIL}
        raw["orderItems"][0]["cancellation"] = {"cancellationRequest": request}
        self.sale_order(raw)
        self.assertTrue(sale.activity_ids)
        picking = sale.picking_ids
        picking.move_ids.write({"quantity": 1, "picked": True})
        picking._action_done()
        raw["lastUpdatedTime"] = "2037-01-02T00:00:00Z"
        raw["fulfillment"]["fulfillmentStatus"] = "CANCELLED"
        self.receive(raw)
        return sale

    def assertText(self, content, told=False):
        """Nothing of the evil words is markup in a piece of HTML."""
        tree = lxml_html.fromstring(f"<div>{content}</div>")
        self.assertFalse(
            tree.xpath("//*[@onerror='evil()']|//b[contains(., 'evil')]|//script[contains(., 'evil')]"), content
        )
        if told:
            self.assertIn("evil", tree.text_content())

    def html_of(self, records):
        """Each HTML field of some records that holds anything."""
        for record in records:
            for name, field in record._fields.items():
                if field.type == "html" and record[name]:
                    yield record[name]

    def test_no_html_field_message_or_activity_holds_markup(self):
        sale = self.evil_sale_order()
        partners = sale._amazon_buyer_partners()
        pickings = sale.picking_ids
        records = [sale, *partners, *pickings, *sale.order_line, *pickings.move_ids, self.account]
        found = [content for record in records for content in self.html_of(record)]
        for record in (sale, partners, pickings, self.account):
            found += record.message_ids.mapped("body")
            found += record.activity_ids.mapped("note")
        self.assertGreater(len(found), 3)
        for content in found:
            self.assertText(content)
        self.assertTrue(any("evil" in content for content in found), "the gift message is on the delivery")

    def test_printed_orders_and_deliveries_show_the_words_as_text(self):
        sale = self.evil_sale_order()
        report = self.env["ir.actions.report"]
        for name, record in (
            ("sale.report_saleorder", sale),
            ("stock.report_picking", sale.picking_ids),
            ("stock.report_deliveryslip", sale.picking_ids),
        ):
            with self.subTest(name):
                content, _kind = report._render_qweb_html(name, record.ids)
                self.assertText(content.decode(), told=True)

    def test_mails_show_the_words_as_text(self):
        sale = self.evil_sale_order()
        template = self.env.ref("sale.email_template_edi_sale")
        self.assertText(template._render_field("body_html", sale.ids)[sale.id])
        shipment = self.env["amazon.shipment"].new({"picking_id": sale.picking_ids.id, "reason": EVIL})
        template = self.env.ref("amazon_connector.mail_template_failed_shipments")
        context = {"amazon_failed": shipment}
        body = template.with_context(**context)._render_field("body_html", self.account.ids)[self.account.id]
        self.assertText(body, told=True)
        subject = template.with_context(**context)._render_field("subject", self.account.ids)[self.account.id]
        self.assertNotIn("evil", subject)

    def test_what_amazon_says_of_an_account_is_text_on_its_page(self):
        for name in ("lwa_client_id", "lwa_client_secret"):  # without them, the page would speak of nothing else
            self.env["ir.config_parameter"].set_param(f"amazon_connector.{name}", "known")
        self.account.orders_sync_message = EVIL
        self.assertText(self.account.schedule, told=True)

    def test_words_are_not_taken_for_placeholders(self):
        self.assertEqual(self.sale_order(self.evil_order()).partner_id.commercial_partner_id.name[:8], "<script>")
        raw = self.order("DE", order_id="305-0000000-0000004", items=[{"sku": "%(level)s %s", "title": "%(x)s %d {0}"}])
        raw["fulfillment"]["fulfillmentServiceLevel"] = "%(level)s %s"
        self.assertIn("%(x)s %d {0}", self.sale_order(raw).order_line[0].name)
