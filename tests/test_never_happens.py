"""What must never happen, each with the tests that keep it from happening.

| never | tested by |
|---|---|
| 1. a copy of the database confirms a shipment or sends stock | test_neutralized_copy_tells_amazon_nothing, test_copy_that_nobody_neutralized_tells_amazon_nothing, test_copy_made_past_odoo_under_another_name_tells_amazon_nothing |
| 2. one bad order switches a scheduled action off | test_orders_of_no_known_shape_for_a_week_stop_no_scheduled_action, test_error_of_odoos_in_one_account_fails_no_scheduled_action |
| 3. an order is made twice | test_crash_before_the_cursor_moves_makes_no_order_twice, TestSharing, processes/test_workers.py, processes/test_crashes.py |
| 4. an order is lost behind the cursor | test_page_with_an_unreadable_order_loses_no_other_order, test_regr_the_watermark_does_not_move_before_the_last_page |
| 5. goods are confirmed that were not shipped | test_regr_goods_of_the_backorder_are_not_confirmed_with_the_first_parcel, test_a_part_that_is_never_delivered_is_never_told |
| 6. Amazon hears of what Odoo rolled back | test_rolled_back_delivery_never_reaches_amazon, test_the_validation_triggers_the_sending_and_a_rollback_takes_both_back |
| 7. what Amazon fulfils gets a quantity | TestStockGuard, test_an_offer_is_amazons_in_whatever_order_the_orders_of_a_batch_come |
| 8. a buyer gets a mail of Odoo's | test_no_template_and_no_message_writes_to_a_buyer, test_no_mail_is_made_whatever_is_switched_on |
| 9. a secret or a buyer stands in a log, a traceback, a mail | TestSecretsDoNotLeak, TestPersonalDataDoNotLeak, test_failure_mail_names_no_buyer |
| 10. a locked or delivered order is cancelled in silence | test_delivered_order_is_not_cancelled_and_somebody_is_told, test_cancelled_at_amazon_cancels_the_sales_order_even_when_it_is_locked |
| 11. one company sees another's orders | test_another_company_finds_nothing_by_any_way_of_reading, test_records_of_another_company_are_hidden |
| 12. a call is made with another account's token | test_two_accounts_of_a_region_in_one_worker_never_swap_tokens |
"""  # noqa: E501

from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from ..simulator.samples import build_order
from .account_common import SELLER_EU
from .shipment_common import NeverCase


class Killed(BaseException):
    """The process ends here."""


def _poisoned(**changes):
    return {**build_order("DE"), **changes}


@tagged("post_install", "-at_install")
class TestBadRecords(NeverCase):
    """2. and 4. What is wrong with one record stays with it."""

    POISON = (
        {"fulfillment": "SHIPPED"},
        {"fulfillment": ["SHIPPED"]},
        {"orderId": ["305-0000000-0000001"]},
        {"orderId": "305-0000000-00\x00001"},
        {"orderId": None},
        {"lastUpdatedTime": "0001-01-01T00:00:00+14:00"},
        {"lastUpdatedTime": {"at": 5}},
        {"orderItems": "none"},
        {"orderItems": [None]},
        {"salesChannel": 7},
        {"buyer": {"buyerName": "A\x00B"}},
    )

    def put_at_amazon(self, *raw_orders):
        """Have Amazon answer with these, whatever they are."""
        original = type(self.account)._fetch_page

        def fetch_page(account, gateway):
            page = original(account, gateway)
            page.orders.extend(raw_orders)
            return page

        self.patch(type(self.account), "_fetch_page", fetch_page)

    def test_orders_of_no_known_shape_for_a_week_stop_no_scheduled_action(self):
        self.put_at_amazon(*(_poisoned(**poison) for poison in self.POISON))
        with self.assertLogs("odoo.addons.amazon_connector"):
            for day in range(9):
                with freeze_time(fields.Datetime.now() + timedelta(days=day)):
                    good = self.store.add_order(SELLER_EU, build_order("DE"))
                    self.run_jobs()
                    self.assertIn(good.order["orderId"], self.sale_orders().mapped("amazon_order_ref"))
        self.assertFalse(self.account.orders_sync_message)

    def test_page_with_an_unreadable_order_loses_no_other_order(self):
        self.store.add_order(SELLER_EU, build_order("DE"))
        for poison in self.POISON:
            with self.subTest(poison=str(poison)):
                raw = _poisoned(**poison)
                updates = self.env["amazon.order.update"]._receive(self.account, [raw, build_order("DE")])
                updates._apply_pending()
                self.assertIn("done", updates.mapped("state"))
                self.assertNotIn("pending", updates.mapped("state"))

    def test_error_of_odoos_in_one_account_fails_no_scheduled_action(self):
        other = self.new_account(
            name="American Shop", base_marketplace_id=self.env.ref("amazon_connector.marketplace_us").id
        )
        self.link(other, "A2EXAMPLESELLERNA")
        other.orders_from = "2020-01-01"
        self.store.add_order("A2EXAMPLESELLERNA", build_order("US"))
        self.deliver(self.order_in())
        self.offer_to_send()
        broken, secret = self.account.id, "what nobody may read in a log"
        original = type(self.account)._gateway

        def gateway(account):
            if account.id == broken:
                raise TypeError(secret)
            return original(account)

        self.patch(type(self.account), "_gateway", gateway)
        with self.assertLogs("odoo.addons.amazon_connector", "ERROR") as logs:
            self.run_jobs()
        self.assertEqual(len(self.sale_orders(other)), 1)
        self.assertIn("TypeError", self.account.orders_sync_message)
        self.assertIn("TypeError", self.account.stock_sync_message)
        self.assertNotIn(secret, "".join(logs.output))

    def test_error_in_deleting_one_accounts_data_keeps_no_other_accounts(self):
        other = self.new_account(
            name="American Shop", base_marketplace_id=self.env.ref("amazon_connector.marketplace_us").id
        )
        original, done = type(self.account)._delete_due_personal_data, []

        def delete(account, **options):
            if account == self.account:
                raise TypeError
            done.append(account)
            return original(account, **options)

        self.patch(type(self.account), "_delete_due_personal_data", delete)
        with self.assertLogs("odoo.addons.amazon_connector", "ERROR"):
            self.run_jobs("delete_personal_data")
        self.assertIn(other, done)


@tagged("post_install", "-at_install")
class TestOrdersOnce(NeverCase):
    """3. However a run ends, an order comes in once."""

    def test_crash_before_the_cursor_moves_makes_no_order_twice(self):
        raw_orders = [build_order("DE") for _number in range(3)]
        self.store.add_orders(SELLER_EU, raw_orders)
        with self.assertRaises(Killed), self.env.cr.savepoint():
            self.patch_once("_prepare_cursor")
            self.run_jobs("sync_orders")
        self.env.invalidate_all()
        self.assertFalse(self.sale_orders())
        self.run_jobs("sync_orders")
        # A crash after the orders, as if the cursor had never been saved.
        self.account.write({"last_orders_sync": False})
        self.run_jobs("sync_orders")
        self.assertEqual(
            sorted(self.sale_orders().mapped("amazon_order_ref")), sorted(raw["orderId"] for raw in raw_orders)
        )
        self.assertEqual(len(self.sale_orders().picking_ids), 3)

    def patch_once(self, name):
        original = getattr(type(self.account), name)
        killed = []

        def method(*args):
            if not killed:
                killed.append(True)
                raise Killed
            return original(*args)

        self.patch(type(self.account), name, method)


@tagged("post_install", "-at_install")
class TestDeliveriesAndBuyers(NeverCase):
    """6., 8., 9. and 10. What leaves Odoo, and what becomes of what has left."""

    def test_rolled_back_delivery_never_reaches_amazon(self):
        sale_order = self.order_in()
        self.env.flush_all()
        savepoint = self.env.cr.savepoint(flush=True)
        self.deliver(sale_order)
        savepoint.close(rollback=True)
        self.env.invalidate_all()
        self.run_jobs("send_shipments")
        self.assertFalse(self.confirm_calls())
        self.assertEqual(sale_order.picking_ids.mapped("amazon_sync_status"), [False])
        self.deliver(sale_order)
        self.run_jobs("send_shipments")
        self.assertEqual(len(self.confirmations(sale_order)), 1)

    def test_no_template_and_no_message_writes_to_a_buyer(self):
        sale_order = self.order_in()
        picking = self.deliver(sale_order)
        buyers = sale_order.partner_id | sale_order.partner_shipping_id
        alias = sale_order.partner_id.amazon_email
        self.assertTrue(alias)
        templates = self.env["mail.template"].search([("model", "in", ("sale.order", "stock.picking", "res.partner"))])
        self.assertTrue(templates)
        records = {"sale.order": sale_order, "stock.picking": picking, "res.partner": sale_order.partner_id}
        for template in templates:
            with self.subTest(template=template.name):
                self.env["mail.mail"].browse(template.send_mail(records[template.model].id))
        for record in (sale_order, picking):
            record.message_subscribe(buyers.ids)
            record.message_post(body="Hello", message_type="comment", subtype_xmlid="mail.mt_comment")
        sale_order._send_order_confirmation_mail()
        self.assertFalse(self.env["mail.followers"].search([("partner_id", "in", buyers.ids)]))
        for mail in self.env["mail.mail"].search([]):
            recipients = [*mail.recipient_ids.mapped("email"), mail.email_to, mail.email_cc]
            self.assertNotIn(alias, " ".join(filter(None, recipients)))
            self.assertFalse(any(buyer.email for buyer in mail.recipient_ids & buyers))

    def test_failure_mail_names_no_buyer(self):
        sale_order = self.order_in(buyer_name="Jane Example")
        self.store.add_fault("confirmShipment", "invalid_input", message="Jane Example has moved")
        self.deliver(sale_order)
        self.run_jobs("send_shipments")
        [mail] = self.sent_mails()
        self.assertIn(sale_order.amazon_order_ref, f"{mail.body_html}")
        for told in (mail.body_html, mail.subject):
            self.assertNotIn(sale_order.partner_shipping_id.street, f"{told}")

    def test_delivered_order_is_not_cancelled_and_somebody_is_told(self):
        sale_order = self.order_in()
        sale_order.action_lock()
        self.deliver(sale_order)
        self.store.cancel_order(sale_order.amazon_order_ref)
        self.store.clock.advance(600)
        with freeze_time(fields.Datetime.now() + timedelta(minutes=10)):
            self.update_order(sale_order)
        self.assertEqual(sale_order.state, "sale")
        self.assertEqual(len(sale_order.activity_ids), 1)
        self.assertTrue(sale_order.locked)
