from datetime import timedelta

from odoo import fields
from odoo.tests import new_test_user, tagged

from ..simulator.samples import build_order
from .account_common import SELLER_EU, AccountCase
from .test_order_sync import OrderSyncCase


@tagged("post_install", "-at_install")
class TestFreshlyLinkedAccount(AccountCase):
    """An account as it is a moment after somebody linked it: orders count from then on."""

    def setUp(self):
        super().setUp()
        user = new_test_user(self.env, "anna", groups="amazon_connector.group_amazon_administrator")
        self.account = self.link().with_user(user)
        self.store = self.simulator.store

    def sale_orders(self):
        return self.env["sale.order"].search([("amazon_account_id", "=", self.account.id)])

    def test_sync_orders_at_once_is_answered(self):
        shown = self.account.action_sync_orders()["params"]
        self.assertEqual([call.status for call in self.store.calls_of("searchOrders")], [200])
        self.assertEqual(shown["type"], "info")
        self.assertFalse(self.account.orders_sync_message)
        self.assertTrue(self.account.last_orders_sync)

    def test_orders_from_before_it_was_linked_stay_out(self):
        self.store.add_order(SELLER_EU, build_order("DE", age=150))
        self.account.action_sync_orders()
        self.assertFalse(self.sale_orders())

    def test_last_order_sync_set_to_an_earlier_date_brings_older_orders(self):
        self.store.add_order(SELLER_EU, build_order("DE", age=86400))
        self.account.action_sync_orders()
        since = fields.Datetime.now() - timedelta(days=30)
        self.account.last_orders_sync = since
        self.assertEqual(self.account.orders_from, since)
        self.assertIn("Orders From", self.account.message_ids[0].body)
        self.account.action_sync_orders()
        self.assertEqual(len(self.sale_orders()), 1)

    def test_last_order_sync_set_before_linking_brings_older_orders(self):
        account = self.new_account(name="Second Shop")
        self.account.action_disconnect()
        account.last_orders_sync = since = fields.Datetime.now() - timedelta(days=30)
        self.link(account)
        self.assertEqual(account.orders_from, since)

    def test_a_later_last_order_sync_leaves_orders_from_as_it_is(self):
        self.account.orders_from = orders_from = fields.Datetime.now() - timedelta(days=30)
        self.account.last_orders_sync = fields.Datetime.now() - timedelta(days=20)
        self.assertEqual(self.account.orders_from, orders_from)

    def test_fetching_itself_does_not_move_orders_from(self):
        orders_from = self.account.orders_from
        self.account.action_sync_orders()
        self.assertLess(self.account.last_orders_sync, orders_from)
        self.link(self.account.sudo())
        self.assertEqual(self.account.orders_from, orders_from)

    def test_both_dates_set_together_stay_as_they_are(self):
        orders_from = fields.Datetime.now() - timedelta(days=10)
        self.account.write({"orders_from": orders_from, "last_orders_sync": orders_from - timedelta(days=10)})
        self.assertEqual(self.account.orders_from, orders_from)


@tagged("post_install", "-at_install")
class TestWithoutMarketplaces(OrderSyncCase):
    """Amazon would take no list of marketplaces for all of them."""

    def setUp(self):
        super().setUp()
        self.store.add_order(SELLER_EU, build_order("DE"))
        self.account.active_marketplace_ids = False

    def test_amazon_is_not_asked_and_the_button_says_so(self):
        shown = self.account.action_sync_orders()["params"]
        self.assertFalse(self.searches())
        self.assertFalse(self.updates())
        self.assertEqual(shown["type"], "warning")
        self.assertIn("No marketplace", shown["message"])

    def test_the_scheduler_does_not_ask_amazon_and_the_account_says_so(self):
        self.account._cron_sync_orders()
        self.assertFalse(self.searches())
        self.assertIn("No marketplace", self.account.orders_sync_message)

    def test_the_button_says_so_beside_what_it_did(self):
        self.env["amazon.order.update"]._receive(self.account, [build_order("DE")])
        shown = self.account.action_sync_orders()["params"]
        self.assertIn("Ignored: 1", shown["message"])
        self.assertIn("No marketplace", shown["message"])

    def test_a_marketplace_that_is_added_again_brings_what_was_missed(self):
        self.account.action_sync_orders()
        self.account.active_marketplace_ids = self.germany
        self.account.action_sync_orders()
        self.assertEqual(len(self.sale_orders()), 1)
        self.assertFalse(self.account.orders_sync_message)
