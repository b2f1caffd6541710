from odoo import fields
from odoo.tests import tagged

from ..models.res_partner import PLACEHOLDER_NAME
from .privacy_common import TELLING, PrivacyCase

NAMES = (*TELLING, "Otto Empfang", "Erika Neumann", "Dear Uwe")
#: Where Odoo writes down names by itself.
TABLES = (
    "res_partner",
    "sale_order",
    "sale_order_line",
    "account_move",
    "account_move_line",
    "mail_message",
    "mail_tracking_value",
    "mail_activity",
    "mail_mail",
    "mail_scheduled_message",
)


@tagged("post_install", "-at_install")
class TestTraces(PrivacyCase):
    """What Odoo itself writes down of a buyer beside the contact and the order goes with them."""

    def setUp(self):
        super().setUp()
        raw = self.personal_order()
        raw["orderItems"][0]["fulfillment"] = {
            **raw["orderItems"][0].get("fulfillment", {}),
            "packing": {"giftOption": {"giftMessage": "Dear Uwe", "giftWrapLevel": "x"}},
        }
        self.sale = self.sale_order(raw)
        self.buyer, self.address = self.sale.partner_id, self.sale.partner_shipping_id
        self.deliver(self.sale, days_ago=31)

    def track(self):
        """Have Odoo write down what changed, as it does at the end of a request."""
        self.env.flush_all()
        self.env.cr.precommit.run()

    def assertNoTraces(self):
        """Nobody's name stands in the rows that this test made or changed."""
        self.env.flush_all()
        for table in TABLES:
            self.env.cr.execute(f"SELECT t::text FROM {table} t")
            rows = " ".join(row for [row] in self.env.cr.fetchall())
            for word in NAMES:
                with self.subTest(table=table, word=word):
                    self.assertFalse(word in rows, "it is still there")

    def person(self, records):
        """Records as a person changes them, with Odoo's tracking."""
        return records.with_context(tracking_disable=False, mail_notrack=False)

    def own_customer(self):
        return self.env["res.partner"].create({"name": "Own Customer", "company_id": self.company.id})

    # === TRACKED CHANGES ===

    def test_customer_that_a_person_changed_is_not_remembered(self):
        self.track()
        customer = self.own_customer()
        self.person(self.sale).write({"partner_id": customer.id, "partner_shipping_id": customer.id})
        self.track()
        values = self.env["mail.tracking.value"].search([("old_value_char", "=", TELLING[0])])
        self.assertTrue(values)
        self.sale.message_post(body="Erika Beispiel has it sent to Otto Empfang's friend")
        self.purge()
        self.assertNoTraces()

    def test_customer_is_not_remembered_where_the_contact_went_first(self):
        self.track()
        customer = self.own_customer()
        self.person(self.sale).write({"partner_id": customer.id, "partner_shipping_id": customer.id})
        self.track()
        self.sale.message_post(body="It was for Erika Beispiel")
        self.sale.amazon_delivered_on = fields.Datetime.now()
        self.purge()
        self.assertFalse(self.sale.amazon_erased_on)
        self.assertEqual(self.buyer.name, PLACEHOLDER_NAME)
        self.assertFalse([m.body for m in self.sale.message_ids if "Erika" in str(m.body)])
        self.env.cr.execute("SELECT t::text FROM mail_tracking_value t")
        self.assertNotIn(TELLING[0], str(self.env.cr.fetchall()))

    def test_own_quotation_whose_customer_was_a_buyer_for_a_while_does_not_remember(self):
        quotation = self.env["sale.order"].create({"partner_id": self.buyer.id, "company_id": self.company.id})
        self.track()
        self.person(quotation).partner_id = self.own_customer()
        self.track()
        quotation.message_post(body="Talked to Erika Beispiel")
        self.purge()
        self.assertEqual(self.buyer.name, PLACEHOLDER_NAME)
        self.assertNoTraces()

    def test_address_that_a_person_changed_is_not_remembered(self):
        self.sale.message_post(body="Otto Empfang was not at home")
        self.sale.partner_shipping_id = self.buyer
        self.purge()
        self.assertNoTraces()

    def test_name_that_a_person_corrected_is_not_remembered(self):
        self.track()
        for record in (self.sale, self.buyer, *self.sale.picking_ids):
            record.message_post(body="Erika Beispiel called from Lindenweg 7")
        self.person(self.buyer).write({"name": "Erika Neumann", "phone": "+49 30 7654321"})
        self.person(self.address).street = "Rosenweg 1"
        self.track()
        self.purge()
        self.assertNoTraces()

    def test_nobody_reads_what_a_buyer_was_called_before(self):
        self.buyer.name = "Erika Neumann"
        self.assertIn(TELLING[0], self.buyer.amazon_former_words)
        self.assertNotIn(
            "amazon_former_words",
            self.env(user=self.env.ref("base.user_admin"), context={})["res.partner"].fields_get(),
        )
        self.purge()
        self.assertFalse(self.buyer.amazon_former_words)

    # === DUPLICATES ===

    def test_duplicate_of_an_order_is_no_amazon_order_and_has_no_message_of_the_buyer(self):
        copy = self.sale.copy()
        self.assertFalse(copy.amazon_order_ref or copy.amazon_account_id or copy.origin)
        self.assertEqual(len(copy.order_line), len(self.sale.order_line) - 1)
        self.assertNotIn("Dear Uwe", str(copy.order_line.mapped("name")))
        copy.unlink()
        self.purge()
        self.assertNoTraces()

    # === ACTIVITIES AND MAILS ===

    def test_open_activity_on_the_contact_does_not_name_it(self):
        self.buyer.activity_schedule("mail.mail_activity_data_todo", summary="Call back")
        done = self.address.activity_schedule("mail.mail_activity_data_todo", summary="Call")
        done.active = False
        self.purge()
        self.assertEqual(self.buyer.activity_ids.res_name, PLACEHOLDER_NAME)
        self.assertEqual(self.buyer.activity_ids.summary, "Call back")
        self.assertNoTraces()

    def test_mails_of_the_messages_are_deleted(self):
        message = self.sale.message_post(body="Erika Beispiel called")
        stays = self.sale.message_post(body="Packed")
        mails = self.env["mail.mail"].create(
            [
                {"mail_message_id": message.id, "body_html": "Erika Beispiel called", "state": "exception"},
                {"mail_message_id": stays.id, "body_html": "Packed, in the order of Erika Beispiel"},
                {"mail_message_id": stays.id, "body_html": "Packed"},
                {
                    "model": "sale.order",
                    "res_id": self.sale.id,
                    "subject": "Erika Beispiel",
                    "body_html": "x",
                    "state": "exception",
                },
            ]
        )
        self.purge()
        self.assertEqual(mails.exists(), mails[2])
        self.assertIn("Packed", stays.body)
        self.assertNoTraces()

    def test_message_that_is_scheduled_is_deleted(self):
        self.env["mail.scheduled.message"].create(
            {
                "model": "sale.order",
                "res_id": self.sale.id,
                "body": "Ask Erika Beispiel",
                "author_id": self.env.user.partner_id.id,
                "scheduled_date": fields.Datetime.add(fields.Datetime.now(), days=9),
            }
        )
        self.purge()
        self.assertNoTraces()

    # === FILES ===

    def test_files_of_the_contacts_are_deleted(self):
        files = self.env["ir.attachment"].create(
            [
                {"name": "letter.txt", "raw": b"x", "res_model": "res.partner", "res_id": partner.id}
                for partner in (self.buyer, self.address)
            ]
        )
        self.purge()
        self.assertFalse(files.exists())

    # === INVOICES ===

    def prepare_invoice(self):
        invoice = self.invoice(self.sale)
        invoice.message_post(body="Erika Beispiel wants it by post")
        vals = {"name": "Invoice.pdf", "raw": b"%PDF-1.4 x", "res_model": "account.move", "res_id": invoice.id}
        return invoice, self.env["ir.attachment"].create(vals)

    def test_draft_invoice_keeps_no_message_and_no_file(self):
        _invoice, file = self.prepare_invoice()
        self.purge()
        self.assertFalse(file.exists())
        self.assertNoTraces()

    def test_posted_invoice_keeps_them_until_it_is_cancelled(self):
        invoice, file = self.prepare_invoice()
        invoice.action_post()
        self.purge()
        self.assertTrue(file.exists())
        self.assertIn("Erika", str(invoice.message_ids.mapped("body")))
        invoice.button_draft()
        invoice.button_cancel()
        self.buyer.amazon_erase_check_on = fields.Date.today()
        self.purge()
        self.assertFalse(file.exists())
        self.assertNoTraces()

    # === WHAT PEOPLE ADD ===

    def add_below(self, parent, **vals):
        vals = {"name": "Erika Neumann", "street": "Lindenweg 7", "type": "delivery", **vals}
        return self.env["res.partner"].create({"parent_id": parent.id, **vals})

    def test_address_that_a_person_added_below_the_buyer_goes_with_it(self):
        added = self.add_below(self.buyer)
        deeper = self.add_below(added, type="other")
        self.purge()
        self.assertEqual((added.name, deeper.name), (PLACEHOLDER_NAME, PLACEHOLDER_NAME))
        self.assertNoTraces()

    def test_address_that_a_person_added_is_kept_as_long_as_the_buyer(self):
        added = self.add_below(self.buyer)
        self.sale.amazon_delivered_on = fields.Datetime.now()
        self.purge()
        self.assertEqual(added.name, "Erika Neumann")
        data = self.env["amazon.personal.data"].search([("partner_id", "=", added.id)])
        self.assertEqual(data.reason, "not_due")
        self.age(added, fields.Datetime.subtract(fields.Datetime.now(), days=40))
        self.purge()
        self.assertEqual(added.name, "Erika Neumann")

    def test_address_that_a_person_added_and_uses_is_kept_and_reported(self):
        added = self.add_below(self.buyer)
        self.env["sale.order"].create(
            {"partner_id": self.own_customer().id, "partner_shipping_id": added.id, "company_id": self.company.id}
        )
        self.purge()
        self.assertEqual(added.name, "Erika Neumann")
        data = self.env["amazon.personal.data"].search([("partner_id", "=", added.id)])
        self.assertEqual(data.reason, "documents")

    def test_own_contact_that_is_put_below_a_buyer_is_not_touched(self):
        customer = self.own_customer()
        buyer = self.sale_order(self.personal_order(2, buyer={"buyerEmail": "n@marketplace.amazon.de"})).partner_id
        customer.parent_id = buyer
        stranger = self.add_below(buyer, company_id=self.env["res.company"].create({"name": "Other"}).id)
        self.env["amazon.account"]._cron_delete_personal_data()
        younger = self.own_customer()
        younger.parent_id = buyer
        self.env["amazon.account"]._cron_delete_personal_data()
        self.assertFalse((customer | younger | stranger).amazon_account_id)
        self.assertEqual((customer.name, stranger.name), ("Own Customer", "Erika Neumann"))

    def test_address_that_a_person_added_goes_when_the_buyer_asks(self):
        added = self.add_below(self.buyer)
        wizard = self.env["amazon.erase.buyer"].create({"partner_id": self.buyer.id})
        wizard.action_erase()
        self.assertEqual(added.name, PLACEHOLDER_NAME)
