from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .. import compat
from ..models import amazon_account_privacy
from ..models.res_partner import PLACEHOLDER_NAME
from .privacy_common import TELLING, PrivacyCase


@tagged("post_install", "-at_install")
class TestKept(PrivacyCase):
    """What must not be deleted, and what is said of it."""

    def setUp(self):
        super().setUp()
        self.sale = self.sale_order(self.personal_order())
        self.buyer, self.address = self.sale.partner_id, self.sale.partner_shipping_id
        self.deliver(self.sale, days_ago=31)

    def test_posted_invoice_keeps_name_and_address_and_nothing_else(self):
        self.buyer.phone = "+49 30 999999"
        invoice = self.invoice(self.sale)
        invoice.action_post()
        self.purge()
        self.assertEqual(self.buyer.name, TELLING[0])
        self.assertFalse(self.buyer.phone or self.buyer.amazon_email)
        self.assertEqual(self.buyer.amazon_kept_reason, "invoice")
        self.assertIn(invoice.name, self.report(self.buyer).details)
        self.assertEqual(self.address.name, PLACEHOLDER_NAME)
        self.assertTrue(self.sale.amazon_erased_on)

    def test_mail_whose_message_the_audit_trail_needs_goes_alone_and_the_rest_is_deleted(self):
        self.company[compat.AUDIT_TRAIL] = True
        self.invoice(self.sale).action_post()
        vals = {"model": "res.partner", "res_id": self.buyer.id, "message_type": "notification"}
        mail = self.env["mail.mail"].create({**vals, "subject": "Sorry", "body_html": "Erika Beispiel, Lindenweg 7"})
        message, note = mail.mail_message_id, self.address.message_post(body="Otto Empfang called")
        self.buyer.phone = "+49 30 999999"
        self.purge()
        self.assertEqual(mail.exists(), mail.browse())
        self.assertTrue(message.exists())
        self.assertFalse(self.buyer.phone)
        self.assertNotIn("Otto Empfang", note.body)

    def test_contact_of_other_documents_is_not_touched(self):
        self.env["sale.order"].create(
            {"partner_id": self.buyer.id, "partner_shipping_id": self.buyer.id, "company_id": self.company.id}
        )
        self.purge()
        self.assertEqual((self.buyer.name, self.buyer.amazon_email), (TELLING[0], TELLING[4]))
        self.assertEqual(self.report(self.buyer).reason, "documents")
        self.assertIn("Sales Order (1)", self.report(self.buyer).details)
        self.assertEqual(self.address.name, PLACEHOLDER_NAME)

    def test_address_of_other_documents_keeps_its_contact(self):
        transfer = self.env["stock.picking"].create(
            {
                "partner_id": self.address.id,
                "picking_type_id": self.account.warehouse_id.out_type_id.id,
                "location_id": self.account.warehouse_id.lot_stock_id.id,
                "location_dest_id": self.env.ref("stock.stock_location_customers").id,
            }
        )
        self.purge()
        self.assertEqual(self.address.name, "Otto Empfang")
        self.assertEqual(self.buyer.name, TELLING[0])
        self.assertEqual(self.buyer.amazon_kept_reason, "documents")
        self.assertTrue(transfer)

    def test_contact_with_a_login_is_not_touched(self):
        user = new_test_user(self.env, "buyer_login", groups="base.group_portal")
        user.partner_id.amazon_account_id = self.account
        self.age(user.partner_id, fields.Datetime.now() - timedelta(days=31))
        self.purge()
        self.assertEqual(user.partner_id.amazon_kept_reason, "documents")
        self.assertNotEqual(user.partner_id.name, PLACEHOLDER_NAME)

    def test_legal_hold_on_the_contact_keeps_everything(self):
        self.buyer.amazon_legal_hold = True
        self.purge()
        self.assertFalse(self.sale.amazon_erased_on)
        self.assertEqual((self.buyer.name, self.address.name), (TELLING[0], "Otto Empfang"))
        self.assertEqual(self.report(self.buyer).reason, "legal_hold")
        self.assertEqual(self.report(self.sale).reason, "legal_hold")
        self.buyer.amazon_legal_hold = False
        self.address.amazon_erase_check_on = False
        self.purge()
        self.assertEqual((self.buyer.name, self.address.name), (PLACEHOLDER_NAME, PLACEHOLDER_NAME))

    def test_legal_hold_on_the_order_keeps_its_buyer(self):
        self.sale.amazon_legal_hold = True
        self.purge()
        self.assertEqual((self.buyer.name, self.address.name), (TELLING[0], "Otto Empfang"))
        self.assertEqual(self.buyer.amazon_kept_reason, "legal_hold")

    def test_contact_that_no_amazon_order_made_is_not_touched(self):
        customer = self.env["res.partner"].create({"name": "Own Customer", "street": "Main Street"})
        self.age(customer, fields.Datetime.now() - timedelta(days=99))
        self.sale.partner_id = customer
        self.purge()
        self.assertEqual(customer.street, "Main Street")

    def test_report_lists_what_is_there_and_forgets_what_is_gone(self):
        self.assertEqual(self.report(self.sale).reason, "not_due")
        self.assertEqual(self.report(self.sale).due_on, fields.Date.today() - timedelta(days=1))
        self.assertEqual(self.report(self.sale).action_open()["res_id"], self.sale.id)
        self.purge()
        self.assertFalse(self.report(self.sale) | self.report(self.buyer) | self.report(self.address))


@tagged("post_install", "-at_install")
class TestRequests(PrivacyCase):
    """A buyer, or Amazon, asks for the data to be deleted."""

    def setUp(self):
        super().setUp()
        self.sale = self.sale_order(self.personal_order())
        self.buyer, self.address = self.sale.partner_id, self.sale.partner_shipping_id

    def erase(self, record):
        action = record.action_erase_amazon_buyer()
        wizard = self.env[action["res_model"]].with_context(**action["context"]).create({})
        wizard.action_erase()
        self.env.invalidate_all()
        return wizard.outcome

    def unshipped_order(self, number):
        buyer = {"buyerEmail": "c@marketplace.amazon.de"}
        return self.sale_order(self.personal_order(number, status="UNSHIPPED", buyer=buyer))

    def send_today(self, sale):
        """The goods leave; Amazon has not said yet that they arrived."""
        for move in sale.picking_ids.move_ids:
            move.write({"quantity": move.product_uom_qty, "picked": True})
        sale.picking_ids._action_done()
        self.assertEqual(sale.delivery_status, "full")

    def next_day_purge(self, partners):
        """The daily deletion of the day on which these contacts are looked into again."""
        self.assertGreater(min(partners.mapped("amazon_erase_check_on")), fields.Date.today())
        partners.amazon_erase_check_on = fields.Date.today()
        self.purge()

    def test_buyer_is_erased_at_once(self):
        self.deliver(self.sale, days_ago=0)
        outcome = self.erase(self.sale)
        self.assertEqual((self.buyer.name, self.address.name), (PLACEHOLDER_NAME, PLACEHOLDER_NAME))
        self.assertIn("contacts: 2, orders: 1", outcome)
        self.assertEqual(self.log().reason, "buyer")

    def test_buyer_is_erased_from_the_address_too(self):
        self.deliver(self.sale, days_ago=0)
        self.erase(self.address)
        self.assertEqual(self.buyer.name, PLACEHOLDER_NAME)

    def test_request_says_what_is_kept_and_why(self):
        self.deliver(self.sale, days_ago=0)
        self.env["sale.order"].create({"partner_id": self.buyer.id, "company_id": self.company.id})
        outcome = self.erase(self.buyer)
        self.assertEqual(self.buyer.name, TELLING[0])
        self.assertIn("Used in other documents (Sales Order (1))", outcome)

    def test_goods_on_their_way_out_keep_their_address(self):
        sale = self.unshipped_order(2)
        outcome = self.erase(sale.partner_id)
        self.assertEqual(sale.partner_id.name, TELLING[0])
        self.assertIn(f"Still to be delivered ({sale.name})", outcome)
        self.assertIn("Nothing was deleted", outcome)
        self.assertIn("once the goods have left", outcome)

    def test_what_had_to_wait_is_deleted_once_the_goods_have_left(self):
        sale = self.unshipped_order(2)
        buyer = sale.partner_id
        self.erase(buyer)
        tomorrow = fields.Date.today() + timedelta(days=1)
        self.assertEqual((self.report(sale).reason, self.report(sale).due_on), ("undelivered", tomorrow))
        self.assertEqual((self.report(buyer).reason, self.report(buyer).due_on), ("undelivered", tomorrow))
        self.next_day_purge(buyer)
        self.assertEqual(buyer.name, TELLING[0])
        self.send_today(sale)
        self.next_day_purge(buyer)
        self.assertEqual(buyer.name, PLACEHOLDER_NAME)
        self.assertTrue(sale.amazon_erased_on)
        self.assertFalse(self.report(sale) | self.report(buyer))

    def test_request_is_followed_when_the_legal_hold_ends(self):
        self.deliver(self.sale, days_ago=0)
        self.sale.amazon_legal_hold = True
        outcome = self.erase(self.sale)
        self.assertIn("once the legal hold has ended", outcome)
        self.next_day_purge(self.buyer | self.address)
        self.assertEqual((self.buyer.name, self.address.name), (TELLING[0], "Otto Empfang"))
        self.sale.amazon_legal_hold = False
        self.next_day_purge(self.buyer | self.address)
        self.assertEqual((self.buyer.name, self.address.name), (PLACEHOLDER_NAME, PLACEHOLDER_NAME))

    def test_order_that_the_buyer_makes_after_the_request_keeps_its_data_for_their_time(self):
        sale = self.unshipped_order(2)
        buyer = sale.partner_id
        self.erase(buyer)
        later = self.unshipped_order(3)
        self.assertEqual(later.partner_id, buyer)
        self.send_today(sale)
        self.send_today(later)
        self.next_day_purge(buyer)
        self.assertTrue(sale.amazon_erased_on)
        self.assertFalse(later.amazon_erased_on)
        self.assertEqual(buyer.name, TELLING[0])

    def test_contact_of_ones_own_is_not_erased(self):
        customer = self.env["res.partner"].create({"name": "Own Customer"})
        with self.assertRaisesRegex(UserError, "Own Customer"):
            customer.action_erase_amazon_buyer()

    def test_all_data_of_a_disconnected_account_are_deleted_and_orders_stay(self):
        self.deliver(self.sale, days_ago=0)
        self.account.active_marketplace_ids = False
        ignored = self.receive(self.personal_order(3))
        wizard = self.env["amazon.delete.data"].create({"account_id": self.account.id})
        with self.assertRaisesRegex(UserError, "Disconnect"):
            wizard.action_delete()
        self.account.action_disconnect()
        self.assertEqual((wizard.order_count, wizard.contact_count), (1, 2))
        self.assertEqual(wizard.new({"account_id": self.account.id}).contact_count, 2, "as the dialog opens")
        wizard.action_delete()
        self.env.invalidate_all()
        self.assertEqual((self.buyer.name, self.address.name), (PLACEHOLDER_NAME, PLACEHOLDER_NAME))
        self.assertFalse(ignored.payload)
        self.assertIn("contacts: 2, orders: 1", self.account.message_ids[0].body)
        self.assertEqual(self.sale.state, "sale")
        self.assertTrue(self.sale.order_line)
        self.assertEqual(self.log().reason, "asked")

    def test_many_buyers_are_deleted_in_the_background(self):
        partners = self.env["res.partner"].create(
            [{"name": f"Buyer {number}", "amazon_account_id": self.account.id} for number in range(30)]
        )
        self.patch(amazon_account_privacy, "BATCH_SIZE", 4)
        self.account.action_disconnect()
        self.account._delete_all_personal_data()
        self.assertTrue(partners.filtered(lambda partner: partner.name != PLACEHOLDER_NAME))
        self.purge()
        self.assertEqual(set(partners.mapped("name")), {PLACEHOLDER_NAME})

    def test_linking_again_ends_the_deletion(self):
        self.account.is_data_deletion_asked = True
        self.account.state = "linked"
        self.assertFalse(self.account.is_data_deletion_asked)
