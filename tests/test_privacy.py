from datetime import timedelta

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..models.res_partner import PLACEHOLDER_NAME
from .privacy_common import TELLING, PrivacyCase


@tagged("post_install", "-at_install")
class TestPurge(PrivacyCase):
    def setUp(self):
        super().setUp()
        self.raw = self.personal_order()
        self.sale = self.sale_order(self.raw)
        self.buyer, self.address = self.sale.partner_id, self.sale.partner_shipping_id

    def assertErased(self, partner):
        self.assertEqual(partner.name, PLACEHOLDER_NAME)
        self.assertFalse(partner.street or partner.street2 or partner.phone or partner.amazon_email or partner.vat)
        self.assertTrue(partner.amazon_erased_on)

    def test_nothing_is_deleted_before_its_time(self):
        self.deliver(self.sale, days_ago=29)
        self.purge()
        self.assertEqual(self.buyer.name, TELLING[0])
        self.assertFalse(self.sale.amazon_erased_on)
        self.assertFalse(self.log())

    def test_contact_and_address_are_anonymised_30_days_after_delivery(self):
        self.assertNotEqual(self.buyer, self.address)
        self.deliver(self.sale, days_ago=31)
        self.purge()
        self.assertErased(self.buyer)
        self.assertErased(self.address)
        self.assertEqual((self.address.city, self.address.zip), ("Berlin", "10115"))
        self.assertEqual(self.address.country_id.code, "DE")
        self.assertTrue(self.sale.amazon_erased_on)

    def test_account_may_keep_them_shorter_but_not_longer(self):
        self.account.personal_data_days = 10
        self.deliver(self.sale, days_ago=11)
        self.purge()
        self.assertErased(self.buyer)
        with self.assertRaises(ValidationError):
            self.account.personal_data_days = 31

    def test_log_counts_and_names_nobody(self):
        self.deliver(self.sale, days_ago=31)
        self.purge()
        entry = self.log()
        self.assertEqual((entry.contacts, entry.orders, entry.reason), (2, 1, "due"))
        self.assertFalse([text for text in TELLING if text in str(entry.read())])

    def test_again_deletes_and_notes_nothing_more(self):
        self.deliver(self.sale, days_ago=31)
        self.purge()
        self.purge()
        self.assertEqual(len(self.log()), 1)

    # === WHEN ===

    def retention_from(self, **vals):
        self.sale.write({"amazon_delivered_on": False, "amazon_shipped_on": False, "amazon_deliver_by": False, **vals})
        return self.sale.amazon_retention_from

    def test_counted_from_delivery_else_promise_else_shipping(self):
        day = fields.Datetime.to_datetime("2026-03-10 12:00:00")
        other = fields.Datetime.to_datetime("2026-03-01 12:00:00")
        self.assertEqual(self.retention_from(amazon_delivered_on=day, amazon_deliver_by=other), day)
        self.assertEqual(self.retention_from(amazon_deliver_by=day, amazon_shipped_on=other), day)
        self.assertEqual(self.retention_from(amazon_shipped_on=day), day + timedelta(days=7))
        self.assertEqual(
            self.retention_from(amazon_channel="fba", amazon_shipped_on=day, amazon_deliver_by=other),
            day + timedelta(days=7),
        )

    def test_delivery_is_noted_when_amazon_first_says_that_all_parcels_arrived(self):
        raw = self.personal_order(2)
        sale = self.sale_order(raw)
        self.assertFalse(sale.amazon_delivered_on)
        package = {
            "packageReferenceId": "1",
            "packageStatus": {"status": "DELIVERED"},
            "shipTime": "2026-03-01T10:00:00Z",
            "packageItems": [],
        }
        for minute, status in ((1, "IN_TRANSIT"), (2, "DELIVERED")):
            second = {**package, "packageReferenceId": "2", "packageStatus": {"status": status}}
            cancelled = {**package, "packageReferenceId": "3", "packageStatus": {"status": "CANCELLED"}}
            self.receive(
                {**raw, "packages": [package, second, cancelled], "lastUpdatedTime": f"2027-03-10T10:0{minute}:00Z"}
            )
            self.assertEqual(bool(sale.amazon_delivered_on), status == "DELIVERED")

    def test_order_that_is_still_to_be_delivered_keeps_its_address(self):
        sale = self.sale_order(
            self.personal_order(3, status="UNSHIPPED", buyer={"buyerEmail": "b@marketplace.amazon.de"})
        )
        sale.amazon_deliver_by = fields.Datetime.now() - timedelta(days=90)
        self.age(sale._amazon_buyer_partners(), sale.amazon_deliver_by)
        self.purge()
        self.assertEqual(sale.partner_id.name, TELLING[0])
        self.assertEqual(sale.partner_id.amazon_kept_reason, "undelivered")
        sale._action_cancel()
        sale.partner_id.amazon_erase_check_on = sale.partner_shipping_id.amazon_erase_check_on = False
        self.purge()
        self.assertErased(sale.partner_id)

    def test_buyer_with_a_younger_order_is_kept_until_that_is_due_too(self):
        younger = self.sale_order(self.personal_order(4))
        self.assertEqual(younger.partner_id, self.buyer)
        self.deliver(younger, days_ago=5)
        self.deliver(self.sale, days_ago=31)
        self.purge()
        self.assertTrue(self.sale.amazon_erased_on)
        self.assertEqual(self.buyer.name, TELLING[0])
        self.assertEqual(self.buyer.amazon_kept_reason, "not_due")
        self.assertEqual(self.buyer.amazon_erase_check_on, fields.Date.today() + timedelta(days=26))
        self.deliver(younger, days_ago=31)
        self.buyer.amazon_erase_check_on = self.address.amazon_erase_check_on = fields.Date.today()
        self.purge()
        self.assertErased(self.buyer)

    def test_contact_without_an_order_goes_too(self):
        alone = self.env["res.partner"].create({"name": "Left Behind", "amazon_account_id": self.account.id})
        self.age(alone, fields.Datetime.now() - timedelta(days=31))
        self.purge()
        self.assertErased(alone)

    def test_one_bad_order_does_not_keep_the_others(self):
        other = self.sale_order(self.personal_order(5, buyer={"buyerEmail": "other@marketplace.amazon.de"}))
        for sale in (self.sale, other):
            self.deliver(sale, days_ago=31)
        cls = type(self.sale)
        erase = cls._erase_amazon_personal_data

        def fail_for_one(orders, counts):
            if self.sale in orders:
                raise ValueError
            return erase(orders, counts)

        self.patch(cls, "_erase_amazon_personal_data", fail_for_one)
        with self.assertLogs("odoo.addons.amazon_connector", "ERROR") as logs:
            self.purge()
        self.assertNotIn(TELLING[0], str(logs.output))
        self.assertTrue(other.amazon_erased_on)
        self.assertErased(other.partner_id)
        self.assertFalse(self.sale.amazon_erased_on)

    # === WHAT ===

    def test_messages_of_the_buyer_are_deleted_from_order_and_delivery(self):
        raw = self.personal_order(6, status="UNSHIPPED")
        raw["orderItems"][0]["product"]["customization"] = {"customizedUrl": "https://amazon.example/custom.zip"}
        raw["orderItems"][0]["fulfillment"] = {
            **raw["orderItems"][0].get("fulfillment", {}),
            "packing": {"giftOption": {"giftMessage": "Dear Uwe, all the best!", "giftWrapLevel": "x"}},
        }
        sale = self.sale_order(raw)
        notes = sale.order_line.filtered("is_amazon_buyer_note")
        self.assertIn("Dear Uwe", str(notes.mapped("name")))
        self.assertIn("Dear Uwe", str(sale.picking_ids.mapped("note")))
        total = sale.amount_total
        self.deliver(sale, days_ago=31)
        sale.action_lock()
        self.purge()
        self.assertFalse(sale.order_line.filtered("is_amazon_buyer_note"))
        self.assertFalse(any(sale.picking_ids.mapped("note")))
        self.assertEqual(sale.amount_total, total)
        self.assertTrue(sale.locked)

    def test_gift_message_is_not_copied_to_an_invoice(self):
        raw = self.personal_order(7)
        raw["orderItems"][0]["fulfillment"] = {
            **raw["orderItems"][0].get("fulfillment", {}),
            "packing": {"giftOption": {"giftMessage": "Dear Uwe", "giftWrapLevel": "x"}},
        }
        sale = self.sale_order(raw)
        self.assertTrue(sale.order_line.filtered("is_amazon_buyer_note"))
        invoice = self.invoice(sale)
        self.assertNotIn("Dear Uwe", str(invoice.invoice_line_ids.mapped("name")))

    def test_chatter_that_names_the_buyer_is_emptied_and_other_messages_stay(self):
        self.sale.message_post(body="Called Erika Beispiel, she is at home on Friday")
        stays = self.sale.message_post(body="Packed in the small box")
        self.sale.activity_schedule("mail.mail_activity_data_todo", summary="Call", note="Otto Empfang, Lindenweg 7")
        self.buyer.message_post(body=f"Number: {TELLING[3]}")
        self.sale.picking_ids.message_post(body="<b>Erika</b> Beispiel wants it behind the house")
        self.deliver(self.sale, days_ago=31)
        self.purge()
        records = [self.sale, self.buyer, *self.sale.picking_ids]
        text = " ".join(str(message.body) for record in records for message in record.message_ids)
        text += " ".join(str(task.note) + str(task.summary) for task in self.sale.activity_ids)
        for word in (*TELLING, "Otto Empfang"):
            self.assertNotIn(word, text)
        self.assertIn("small box", stays.body)

    def test_head_of_a_message_does_not_name_the_buyer_either(self):
        message = self.buyer.message_post(body="Called", reply_to='"Shop Erika Beispiel" <catchall@example.com>')
        self.env.flush_all()
        self.deliver(self.sale, days_ago=31)
        self.purge()
        self.env.cr.execute("SELECT t::text FROM mail_message t WHERE id = %s", [message.id])
        self.assertNotIn("Erika", str(self.env.cr.fetchall()))

    def test_labels_of_the_deliveries_are_deleted(self):
        self.deliver(self.sale, days_ago=31)
        files = self.env["ir.attachment"].create(
            [
                {
                    "name": "Label.zpl",
                    "raw": b"x",
                    "res_model": "stock.picking",
                    "res_id": self.sale.picking_ids[:1].id,
                },
                {
                    "name": "Order.pdf",
                    "raw": b"%PDF-1.4 x",
                    "mimetype": "application/pdf",
                    "res_model": "sale.order",
                    "res_id": self.sale.id,
                },
                {
                    "name": "Drawing.png",
                    "raw": b"x",
                    "mimetype": "image/png",
                    "res_model": "sale.order",
                    "res_id": self.sale.id,
                },
            ]
        )
        self.purge()
        self.assertEqual(files.exists().mapped("name"), ["Drawing.png"])

    def test_nothing_telling_is_left_in_the_database_rows(self):
        self.deliver(self.sale, days_ago=31)
        self.purge()
        for table in (
            "res_partner",
            "sale_order",
            "sale_order_line",
            "stock_picking",
            "stock_move",
            "mail_message",
            "amazon_order_update",
            "mail_activity",
            "amazon_privacy_log",
        ):
            self.env.cr.execute(f"SELECT t::text FROM {table} t")
            rows = " ".join(row for [row] in self.env.cr.fetchall())
            for word in (*TELLING, "Otto Empfang"):
                with self.subTest(table=table, word=word):
                    self.assertNotIn(word, rows)

    # === THE INBOX ===

    def test_failed_and_ignored_updates_forget_what_amazon_sent(self):
        self.account.active_marketplace_ids = False
        ignored = self.receive(self.personal_order(8))
        self.assertEqual(ignored.state, "ignored")
        self.assertTrue(ignored.payload)
        ignored.last_updated = fields.Datetime.now() - timedelta(days=29)
        self.purge()
        self.assertTrue(ignored.payload)
        failed = self.receive(self.personal_order(9))
        failed.write({"state": "failed", "error": "Odoo refuses Erika Beispiel", "error_code": "refused"})
        (ignored | failed).write({"last_updated": fields.Datetime.now() - timedelta(days=31)})
        self.purge()
        self.assertFalse(ignored.payload or failed.payload)
        self.assertNotIn("Erika", failed.error)
        self.assertIn("Recover", failed.remedy)
        failed.action_retry()
        self.assertEqual((failed.state, failed.error_code), ("failed", "data_deleted"))

    def test_old_recovery_dialogs_are_deleted(self):
        dialog = self.env["amazon.recover.order"].create(
            {"account_id": self.account.id, "references": "Erika Beispiel"}
        )
        self.age(dialog, fields.Datetime.now() - timedelta(days=2))
        self.purge()
        self.assertFalse(dialog.exists())

    # === NOTHING COMES BACK ===

    def test_later_update_does_not_bring_erased_data_back(self):
        self.deliver(self.sale, days_ago=31)
        self.purge()
        self.receive({**self.raw, "lastUpdatedTime": "2027-01-01T10:00:00Z"})
        self.assertErased(self.buyer)
        self.assertErased(self.address)
        self.assertEqual(self.sale.partner_shipping_id, self.address)
        self.assertFalse(self.env["res.partner"].search([("name", "in", [TELLING[0], "Otto Empfang"])]))

    def test_new_order_of_an_erased_buyer_gets_a_new_contact(self):
        self.deliver(self.sale, days_ago=31)
        self.purge()
        sale = self.sale_order(self.personal_order(10))
        self.assertNotEqual(sale.partner_id, self.buyer)
        self.assertEqual(sale.partner_id.name, TELLING[0])
        self.assertErased(self.buyer)
