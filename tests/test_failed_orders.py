from unittest.mock import patch

from odoo.tests import new_test_user, tagged

from .common import AmazonCase

TASK = "amazon_connector.mail_activity_failed_orders"


@tagged("post_install", "-at_install")
class TestFailedOrders(AmazonCase):
    """Orders that could not be imported are one task of the account's salesperson."""

    def setUp(self):
        super().setUp()
        self.account.user_id = new_test_user(self.env, "responsible", groups="sales_team.group_sale_salesman")

    def tasks(self, account=None):
        return (account or self.account).activity_search([TASK])

    def broken(self, ref):
        """An order without its status, which a person has to look at."""
        raw = self.order("DE", order_id=ref)
        raw["fulfillment"] = {**raw["fulfillment"], "fulfillmentStatus": "NEVER_HEARD_OF"}
        return raw

    def fail(self, *numbers, account=None):
        updates = self.receive(*(self.broken(f"302-0000000-{number:07}") for number in numbers), account=account)
        self.assertEqual(set(updates.mapped("state")), {"failed"})
        return updates

    def run_inbox(self):
        self.env["amazon.order.update"]._cron_apply()
        self.env.invalidate_all()

    def test_failed_orders_are_one_task_that_counts_them(self):
        self.fail(1, 2, 3)
        self.assertEqual(self.tasks().mapped("summary"), ["3 Amazon orders could not be imported"])
        self.assertEqual(self.tasks().user_id, self.account.user_id)

    def test_further_failures_change_the_open_task(self):
        self.fail(1)
        task = self.tasks()
        self.fail(2)
        self.assertEqual(self.tasks(), task)
        self.assertEqual(task.summary, "2 Amazon orders could not be imported")

    def test_a_task_that_was_ticked_off_comes_back_with_further_failures_only(self):
        failed = self.fail(1)
        self.tasks().action_feedback()
        failed.action_retry()
        self.run_inbox()
        self.assertFalse(self.tasks())
        self.fail(2)
        self.assertEqual(self.tasks().summary, "2 Amazon orders could not be imported")

    def test_the_task_is_closed_when_nothing_is_failed_any_more(self):
        update = self.fail(1)
        mended = self.order("DE", order_id=update.amazon_order_ref)
        self.receive({**mended, "lastUpdatedTime": "2999-01-01T00:00:00Z"})
        self.assertFalse(self.tasks())
        self.assertFalse(update.is_failure_told, "should it fail again, that is news")

    def test_the_task_is_closed_when_the_failed_ones_were_deleted(self):
        self.fail(1).unlink()
        self.run_inbox()
        self.assertFalse(self.tasks())

    def test_ignored_orders_are_no_task(self):
        self.receive(self.order("DE", status="CANCELLED"))
        self.assertFalse(self.tasks())

    def test_each_account_has_its_own_task(self):
        other = self._create_account(name="Other", seller_key="A2OTHER")
        self.fail(1)
        self.fail(2, 3, account=other)
        self.assertEqual(len(self.tasks()), 1)
        self.assertEqual(self.tasks(other).summary, "2 Amazon orders could not be imported")

    def test_orders_that_a_salesperson_retries_raise_the_task_too(self):
        failed = self.fail(1, 2)
        failed.with_user(self.account.user_id).action_retry()
        self.assertEqual(len(self.tasks()), 1)

    def test_trouble_with_the_task_keeps_no_order_out(self):
        with (
            patch.object(type(self.account), "_update_failed_orders_task", side_effect=ValueError),
            self.assertLogs("odoo.addons.amazon_connector.utils", "ERROR"),
        ):
            self.fail(1)
        self.run_inbox()
        self.assertEqual(len(self.tasks()), 1)

    def test_a_run_asks_as_much_for_many_failures_as_for_one(self):
        self.fail(1)
        self.run_inbox()
        for_one = self.queries_of_a_run()
        self.fail(*range(2, 12))
        self.run_inbox()
        self.assertEqual(self.queries_of_a_run(), for_one)

    def queries_of_a_run(self):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.env["amazon.account"]._update_failed_orders_tasks()
        return self.env.cr.sql_log_count - before
