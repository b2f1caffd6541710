from collections import Counter
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from ..simulator.samples import build_order
from .account_common import SELLER_EU
from .test_order_sync import OrderSyncCase

BUYER = "Erika Beispiel"
PLACEHOLDER = "Amazon Customer"


class RolesCase(OrderSyncCase):
    """An application without the roles for personal data."""

    def setUp(self):
        super().setUp()
        self.refuse()

    def refuse(self):
        self.store.add_fault("searchOrders", "personal_data_denied", times=None)

    def refuse_once(self):
        self.store.clear_faults()
        self.store.add_fault("searchOrders", "personal_data_denied")

    def sync_until_refused_twice(self):
        """What stands for a missing role."""
        self.sync()
        self.sync()

    def sync(self, **later):
        """What the scheduler does, some time from now."""
        self.account.next_orders_sync = False
        with freeze_time(fields.Datetime.now() + timedelta(**later)):
            self.account._cron_sync_orders()
            self.env["amazon.order.update"]._cron_apply()

    def statuses(self):
        return [call.status for call in self.searches()]


@tagged("post_install", "-at_install")
class TestAskingForPersonalData(RolesCase):
    def test_what_was_refused_once_is_asked_for_again_in_the_next_run(self):
        """Amazon may refuse by mistake."""
        self.refuse_once()
        self.sync()
        self.sync(minutes=10)
        self.sync(minutes=20)
        self.assertEqual(self.statuses()[:3], [403, 200, 200])
        self.assertNotIn(403, self.statuses()[3:])
        self.assertFalse(self.account.personal_data_missing)

    def test_what_was_refused_twice_in_a_row_is_not_asked_for_in_the_next_run(self):
        self.sync_until_refused_twice()
        self.sync(minutes=10)
        self.assertEqual(self.statuses(), [403, 200, 403, 200, 200])
        self.assertTrue(self.account.personal_data_missing)

    def test_two_refusals_with_an_answer_between_them_are_not_in_a_row(self):
        for minutes in (0, 10, 20):
            self.refuse_once()
            self.sync(minutes=minutes)
            self.sync(minutes=minutes + 5)
        self.assertEqual(self.statuses().count(403), 3)
        self.assertFalse(self.account.personal_data_missing)

    def test_the_pages_of_one_run_count_as_one_refusal(self):
        self.refuse_once()
        self.store.add_orders(SELLER_EU, [build_order("DE") for _number in range(3)])
        query = {**self.account._prepare_orders_query(), "maxResultsPerPage": 1}
        with patch.object(type(self.account), "_prepare_orders_query", return_value=query):
            self.sync()
        self.assertEqual(self.statuses(), [403, 200, 200, 200])
        self.sync(minutes=10)
        self.assertEqual(self.sale_orders().partner_id.mapped("name").count(PLACEHOLDER), 0)

    def test_orders_that_come_without_asking_say_that_data_are_missing(self):
        self.sync_until_refused_twice()
        self.store.add_order(SELLER_EU, build_order("DE"))
        self.sync(minutes=10)
        self.assertTrue(self.updates().tax_data_missing)

    def test_it_is_asked_for_again_after_a_day(self):
        self.sync_until_refused_twice()
        self.account.personal_data_refused_on -= timedelta(days=1)
        self.sync(minutes=10)
        self.sync(minutes=20)
        self.assertEqual(self.statuses(), [403, 200, 403, 200, 403, 200, 200])

    def test_it_is_asked_for_again_after_linking_again(self):
        self.sync_until_refused_twice()
        self.link()
        self.sync(minutes=10)
        self.sync(minutes=20)
        self.assertEqual(self.statuses(), [403, 200, 403, 200, 403, 200, 200])

    def test_it_is_asked_for_again_after_an_update_of_the_marketplaces(self):
        self.sync_until_refused_twice()
        self.account.action_update_marketplaces()
        self.sync(minutes=10)
        self.sync(minutes=20)
        self.assertEqual(self.statuses(), [403, 200, 403, 200, 403, 200, 200])

    def test_once_it_is_given_the_account_says_nothing_more(self):
        self.sync_until_refused_twice()
        self.store.clear_faults()
        self.account.personal_data_refused_on -= timedelta(days=1)
        self.sync(minutes=10)
        self.sync(minutes=20)
        self.assertEqual(self.statuses(), [403, 200, 403, 200, 200, 200])
        self.assertFalse(self.account.personal_data_missing)

    def test_a_refusal_that_took_the_last_call_is_kept_in_mind(self):
        self.leave_one_call()
        self.sync()
        self.assertEqual(self.statuses(), [403])
        self.assertTrue(self.account.personal_data_missing)
        self.leave_one_call()
        self.sync()
        self.assertEqual(self.statuses(), [403, 403])
        self.leave_one_call()
        self.sync()
        self.assertEqual(self.statuses(), [403, 403, 200])

    def leave_one_call(self):
        quotas = self.env["amazon.quota"]
        quotas.search([("account_id", "=", self.account.id), ("operation", "=", "searchOrders")]).unlink()
        quotas.create(
            {
                "account_id": self.account.id,
                "operation": "searchOrders",
                "rate": 0.0056,
                "burst": 20,
                "tokens": 1.5,
                "refilled_at": fields.Datetime.now(),
            }
        )
        self.env.flush_all()


@tagged("post_install", "-at_install")
class TestCompletingOrders(RolesCase):
    def setUp(self):
        super().setUp()
        self.raw = self.old_order()
        self.store.add_order(SELLER_EU, self.raw)
        self.sync()
        self.order_in = self.sale_orders()

    def old_order(self, **options):
        return build_order("DE", age=5 * 86400, buyer_name=BUYER, **options)

    def grant(self):
        """The application gets its roles, and the seller links it again."""
        self.store.clear_faults()
        self.link()
        for minutes in (10, 20):
            self.sync(minutes=minutes)

    def test_open_orders_are_completed_by_themselves(self):
        self.assertEqual(self.order_in.partner_id.name, PLACEHOLDER)
        self.assertIn("a role is missing", self.order_in.amazon_review_reason)
        self.grant()
        self.assertEqual(self.order_in.partner_id.name, BUYER)
        self.assertTrue(self.order_in.partner_shipping_id.street)
        self.assertNotIn("a role is missing", self.order_in.amazon_review_reason)
        self.assertFalse(self.updates().tax_data_missing)
        self.assertEqual(len(self.sale_orders()), 1)

    def test_orders_that_came_after_a_single_refusal_are_completed_by_the_next_runs(self):
        self.grant()
        raws = [build_order("DE", buyer_name="Max Muster"), build_order("DE", channel="FBA", status="SHIPPED")]
        self.refuse_once()
        self.store.add_orders(SELLER_EU, raws)
        self.account.last_orders_sync = fields.Datetime.now() - timedelta(days=1)
        self.sync(minutes=30)
        orders = self.sale_orders() - self.order_in
        self.assertEqual(orders.partner_id.mapped("name"), [PLACEHOLDER] * 2)
        self.sync(minutes=40)
        self.sync(minutes=50)
        self.assertNotIn("a role is missing", " ".join(filter(None, orders.mapped("amazon_review_reason"))))
        fbm = orders.filtered(lambda order: order.amazon_order_ref == raws[0]["orderId"])
        self.assertEqual(fbm.partner_id.name, "Max Muster")
        self.assertTrue(fbm.partner_shipping_id.street)
        self.assertFalse(any(self.updates().mapped("tax_data_missing")))

    def test_an_order_that_could_not_be_imported_yet_is_completed_too(self):
        waiting = self.updates()
        waiting.write({"state": "failed", "error_code": "refused", "sale_order_id": False, "payload": "{}"})
        self.order_in._action_cancel()
        self.grant()
        self.assertFalse(waiting.tax_data_missing)
        self.assertEqual(waiting.state, "done")

    def test_fetching_goes_on_from_where_it_was(self):
        self.grant()
        since = self.searches()[-1].params["lastUpdatedAfter"]
        self.assertLess(since, (fields.Datetime.now() - timedelta(days=5)).isoformat())
        attempts = Counter(self.updates().mapped("attempts"))
        self.sync(minutes=30)
        self.assertGreater(
            self.searches()[-1].params["lastUpdatedAfter"], (fields.Datetime.now() - timedelta(days=1)).isoformat()
        )
        self.assertEqual(Counter(self.updates().mapped("attempts")), attempts)

    def test_without_an_open_order_nothing_is_fetched_again(self):
        self.order_in._action_cancel()
        self.grant()
        since = self.searches()[-1].params["lastUpdatedAfter"]
        self.assertGreater(since, (fields.Datetime.now() - timedelta(days=1)).isoformat())

    def test_orders_that_came_with_their_data_are_not_fetched_again(self):
        self.grant()
        self.refuse()
        self.sync(days=1)
        self.sync(days=1, minutes=10)
        self.grant()
        since = self.searches()[-1].params["lastUpdatedAfter"]
        self.assertGreater(since, (fields.Datetime.now() - timedelta(days=1)).isoformat())

    def test_an_order_that_had_its_data_keeps_them_when_the_role_is_lost(self):
        self.grant()
        update = self.updates()
        attempts = update.attempts
        self.refuse()
        self.account.last_orders_sync = fields.Datetime.now() - timedelta(days=10)
        self.sync(minutes=30)
        self.assertEqual(update.attempts, attempts)
        self.assertFalse(update.tax_data_missing)

    def test_an_order_whose_tax_amazon_collects_keeps_its_total_while_the_role_is_lost_and_after(self):
        self.grant()
        collected = self.old_order(facilitator=True)
        self.store.add_order(SELLER_EU, collected)
        self.account.last_orders_sync = fields.Datetime.now() - timedelta(days=10)
        self.sync(minutes=25)
        order = self.sale_orders() - self.order_in
        amounts = (order.amount_total, order.amazon_tax_collected)
        self.assertTrue(order.amazon_tax_collected)
        self.refuse()
        self.store.update_order(collected["orderId"], fulfillment={"fulfillmentStatus": "PARTIALLY_SHIPPED"})
        self.account.last_orders_sync = fields.Datetime.now() - timedelta(days=10)
        self.sync(minutes=30)
        update = self.updates(amazon_order_ref=collected["orderId"])
        self.assertTrue(update.tax_data_missing)
        self.assertEqual((order.amount_total, order.amazon_tax_collected), amounts)
        self.grant()
        self.assertFalse(update.tax_data_missing)
        self.assertEqual((order.amount_total, order.amazon_tax_collected), amounts)
        self.assertFalse(order.amazon_review, order.amazon_review_reason)

    def test_what_was_deleted_does_not_come_back(self):
        other = self.old_order()  # it takes the window back over the deleted one
        self.store.add_order(SELLER_EU, other)
        self.account.last_orders_sync = fields.Datetime.now() - timedelta(days=10)
        self.sync(minutes=5)
        self.order_in._erase_amazon_personal_data(Counter())
        update = self.updates(amazon_order_ref=self.raw["orderId"])
        attempts = update.attempts
        self.grant()
        self.assertEqual(self.order_in.partner_id.name, PLACEHOLDER)
        self.assertEqual(update.attempts, attempts)
        self.assertFalse(update.payload)
        self.assertEqual((self.sale_orders() - self.order_in).partner_id.name, BUYER)

    def test_what_was_deleted_of_an_order_that_never_came_in_does_not_come_back(self):
        update = self.updates()
        update.write({"state": "pending", "sale_order_id": False, "sale_order_name": False, "payload": "{}"})
        update._forget_payloads()
        self.store.clear_faults()
        self.account.last_orders_sync = fields.Datetime.now() - timedelta(days=10)
        self.link()
        self.sync(minutes=10)
        self.assertEqual(update.error_code, "data_deleted")
        self.assertFalse(update.payload)

    def test_the_first_window_starts_again_as_a_whole(self):
        self.account.last_orders_sync = False
        self.store.clear_faults()
        self.account.personal_data_refused_on = False
        self.sync(minutes=10)
        self.assertFalse(self.account.last_orders_sync)
        self.sync(minutes=20)
        self.assertEqual(self.order_in.partner_id.name, BUYER)
