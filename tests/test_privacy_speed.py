from odoo.tests import tagged

from ..models import amazon_account_privacy
from .privacy_common import PrivacyCase


@tagged("post_install", "-at_install")
class TestPurgeSpeed(PrivacyCase):
    """The daily deletion of a large seller: it looks at what is due, in batches."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The first reading of an action, a setting or a translation is not the deletion's.
        cls.env["amazon.account"]._cron_delete_personal_data()

    def orders_of_buyers(self, count, days_ago):
        """Orders of as many buyers, delivered so many days ago."""
        first = self.env["sale.order"].search_count([]) + 1
        raw_orders = [
            self.personal_order(number, buyer={"buyerEmail": f"buyer{number}@marketplace.amazon.de"})
            for number in range(first, first + count)
        ]
        orders = self.receive(*raw_orders).sale_order_id
        self.assertEqual(len(orders), count)
        for order in orders:
            self.deliver(order, days_ago)
        return orders

    def queries(self):
        """How many statements one run of the deletion takes."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.purge()
        return self.env.cr.sql_log_count - before

    def test_the_number_of_queries_hardly_grows_with_the_orders_that_are_due(self):
        self.orders_of_buyers(3, days_ago=40)
        few = self.queries()
        orders = self.orders_of_buyers(23, days_ago=40)
        many = self.queries()
        self.assertTrue(all(orders.mapped("amazon_erased_on")))
        self.assertTrue(all(orders.partner_id.mapped("amazon_erased_on")))
        self.assertLess((many - few) / 20, 10)

    def test_orders_that_are_not_due_cost_nothing(self):
        none = self.queries()
        self.orders_of_buyers(20, days_ago=3)
        self.assertLessEqual(self.queries(), none + 2)

    def test_each_batch_is_committed_and_a_stopped_run_goes_on(self):
        self.patch(amazon_account_privacy, "BATCH_SIZE", 2)
        orders = self.orders_of_buyers(5, days_ago=40)
        commits = []
        self.patch(amazon_account_privacy.compat, "commit", commits.append)
        self.account._delete_due_personal_data(batches=1)
        self.env.invalidate_all()
        self.assertEqual(len(orders.filtered("amazon_erased_on")), 2)
        self.assertGreaterEqual(len(commits), 1)
        self.purge()
        self.assertEqual(len(orders.filtered("amazon_erased_on")), 5)
