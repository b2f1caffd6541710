from datetime import datetime, timedelta, timezone

from freezegun import freeze_time

from odoo import fields
from odoo.tests import new_test_user, tagged

from ..models.amazon_quota import AccountQuotas
from ..spapi.errors import Throttled
from ..spapi.usage_plans import usage_plan
from .test_order_sync import SELLER_EU, OrderSyncCase, build_order

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=timezone.utc)
SEARCH = "searchOrders"


@tagged("post_install", "-at_install")
class TestQuotas(OrderSyncCase):
    def setUp(self):
        super().setUp()
        self.quotas = AccountQuotas(self.account)

    def take_all(self, operation=SEARCH, quotas=None):
        """Take tokens until there is none; returns how many there were and when there is one again."""
        taken = 0
        while True:
            try:
                (quotas or self.quotas).take(operation)
            except Throttled as error:
                return taken, error.retry_at
            taken += 1

    def quota(self, operation=SEARCH):
        quota = self.env["amazon.quota"].search([("account_id", "=", self.account.id), ("operation", "=", operation)])
        quota.invalidate_recordset()
        return quota

    @freeze_time(NOON)
    def test_at_first_there_are_as_many_calls_as_amazons_burst(self):
        taken, _retry_at = self.take_all()
        self.assertEqual(taken, usage_plan(SEARCH).burst)

    def test_a_token_comes_back_at_amazons_rate(self):
        with freeze_time(NOON):
            _taken, retry_at = self.take_all()
        self.assertAlmostEqual((retry_at - NOON).total_seconds(), 1 / usage_plan(SEARCH).rate, delta=3)
        with freeze_time(retry_at - timedelta(seconds=2)):
            self.assertEqual(self.take_all()[0], 0)
        with freeze_time(retry_at):
            self.assertEqual(self.take_all()[0], 1)

    @freeze_time(NOON)
    def test_every_operation_and_every_account_has_a_bucket_of_its_own(self):
        self.take_all()
        self.assertEqual(self.take_all("getOrder")[0], usage_plan("getOrder").burst)
        self.assertEqual(self.take_all(quotas=AccountQuotas(self.new_account()))[0], usage_plan(SEARCH).burst)

    @freeze_time(NOON)
    def test_accounts_of_the_same_seller_share_the_bucket(self):
        """To Amazon they are one account, however many there are in Odoo."""
        twin = self.new_account(state="linked", seller_key=self.account.seller_key)
        self.take_all()
        self.assertEqual(self.take_all(quotas=AccountQuotas(twin))[0], 0)

    def test_every_account_of_a_seller_shows_what_they_share(self):
        twin = self.new_account(state="linked", seller_key=self.account.seller_key)
        self.quotas.take(SEARCH)
        self.assertIn(SEARCH, self.account.call_limits)
        self.assertEqual(twin.call_limits, self.account.call_limits)

    def test_an_account_that_never_called_amazon_says_so(self):
        self.assertIn("not called yet", self.new_account().call_limits)

    def test_a_user_of_another_company_sees_the_shared_limits_and_not_whose_account_counts_them(self):
        self.account.name = "Secret Shop"
        company = self.env["res.company"].create({"name": "Another Company"})
        twin = self.new_account(
            state="linked", seller_key=self.account.seller_key, company_id=company.id, user_id=False
        )
        self.quotas.take(SEARCH)
        user = new_test_user(
            self.env,
            "other_company",
            groups="sales_team.group_sale_salesman_all_leads",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        self.env.flush_all()
        self.env.invalidate_all()
        limits = twin.with_user(user).with_company(company).call_limits
        self.assertIn(SEARCH, limits)
        self.assertIn("Fetching orders", limits)
        self.assertNotIn("Secret Shop", limits)
        self.assertFalse(self.env["amazon.quota"].with_user(user).search([("account_id", "=", self.account.id)]))

    @freeze_time(NOON)
    def test_workers_share_the_bucket(self):
        for _call in range(5):
            self.quotas.take(SEARCH)
        self.assertEqual(self.take_all(quotas=AccountQuotas(self.account))[0], usage_plan(SEARCH).burst - 5)

    def test_the_rate_that_amazon_names_replaces_the_default(self):
        with freeze_time(NOON):
            self.take_all()
            self.quotas.learn(SEARCH, 0.1)
            _taken, retry_at = self.take_all()
        self.assertLess((retry_at - NOON).total_seconds(), 13)
        self.assertEqual(self.quota().rate, 0.1)

    def test_after_a_refusal_no_call_is_made_before_amazon_has_quota_again(self):
        with freeze_time(NOON):
            self.quotas.take(SEARCH)
            self.quotas.spent(SEARCH, NOON + timedelta(seconds=400))
            taken, retry_at = self.take_all()
        with freeze_time(retry_at):
            self.quotas.take(SEARCH)
        self.assertEqual((taken, retry_at), (0, NOON + timedelta(seconds=401)))

    def test_a_clock_that_goes_back_gives_and_takes_nothing(self):
        with freeze_time(NOON):
            self.quotas.take(SEARCH)
        with freeze_time(NOON - timedelta(hours=1)):
            self.assertEqual(self.take_all()[0], usage_plan(SEARCH).burst - 1)

    def test_after_a_clock_was_an_hour_ahead_tokens_come_back_as_usual(self):
        with freeze_time(NOON + timedelta(hours=1)):
            self.quotas.take("getOrder")
        with freeze_time(NOON):
            self.assertEqual(self.take_all("getOrder")[0], usage_plan("getOrder").burst - 1)
        with freeze_time(NOON + timedelta(seconds=10)):
            self.assertEqual(self.take_all("getOrder")[0], 5)

    def test_a_worker_that_waited_for_another_ones_call_gains_no_token(self):
        with freeze_time(NOON + timedelta(seconds=10)):
            self.quotas.take("getOrder")
        with freeze_time(NOON):  # the moment at which it began to wait
            self.quotas.take("getOrder")
        with freeze_time(NOON + timedelta(seconds=10)):
            self.assertEqual(self.take_all("getOrder")[0], usage_plan("getOrder").burst - 2)

    def test_a_refusal_that_is_noted_after_anothers_next_call_gains_no_token(self):
        ends = NOON + timedelta(seconds=10)
        with freeze_time(NOON):
            self.quotas.take("getOrder")
            self.quotas.spent("getOrder", ends)
        with freeze_time(ends + timedelta(seconds=1)):
            self.quotas.take("getOrder")
            self.quotas.spent("getOrder", ends)
            self.assertEqual(self.take_all("getOrder")[0], 0)

    def test_without_a_token_amazon_is_not_asked(self):
        self.store.add_order(SELLER_EU, build_order("DE"))
        self.take_all()
        self.account._cron_sync_orders()
        self.assertFalse(self.searches())
        self.assertGreater(self.account.next_orders_sync, fields.Datetime.now() + timedelta(seconds=100))
        self.assertTrue(self.account.orders_sync_message)

    def test_a_run_takes_tokens_and_learns_from_amazons_answer(self):
        self.account.action_sync_orders()
        quota = self.quota()
        self.assertAlmostEqual(quota.tokens, usage_plan(SEARCH).burst - 1, delta=0.5)
        self.assertAlmostEqual(quota.rate, 0.0056, 4)
        self.assertFalse(quota.available_on)

    def test_a_refusal_without_a_header_waits_as_long_as_the_usage_plan_says(self):
        self.store.add_fault(SEARCH, "throttled")
        self.account._cron_sync_orders()
        quota = self.quota()
        self.assertGreater(quota.available_on, fields.Datetime.now() + timedelta(seconds=100))
        self.assertEqual(quota.subject, "orders")
