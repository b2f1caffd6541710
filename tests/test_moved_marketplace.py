from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from ..simulator.samples import build_order
from .account_common import SELLER_EU
from .shipment_common import ShipmentCase


@tagged("post_install", "-at_install")
class TestMovedMarketplace(ShipmentCase):
    """Amazon.fr moved from one account to another one of the same seller: who says what became of its orders."""

    def setUp(self):
        super().setUp()
        self.order = self.order_in(marketplace="FR", age=7200)

    def move_france(self, **values):
        self.account.active_marketplace_ids -= self.france
        other = self.link(self.new_account(name="French Shop", **values))
        other.active_marketplace_ids = self.france
        return other

    def cancel(self, age=0):
        self.store.cancel_order(self.order.amazon_order_ref, age=age)

    def update_in(self, account):
        return self.env["amazon.order.update"].search([("account_id", "=", account.id)])

    def test_order_that_amazon_cancels_afterwards_is_cancelled(self):
        other = self.move_france()
        self.cancel()
        with freeze_time(fields.Datetime.now() + timedelta(minutes=10)):
            self.store.clock.advance(600)
            other.action_sync_orders()
        self.assertEqual(self.update_in(other).state, "done", self.update_in(other).error)
        self.assertEqual(self.order.state, "cancel")

    def test_order_stays_with_the_account_that_brought_it(self):
        other = self.move_france()
        other.action_recover_order(self.order.amazon_order_ref)
        self.assertEqual(self.update_in(other).sale_order_id, self.order)
        self.assertEqual(self.order.amazon_account_id, self.account)
        self.assertFalse(other.order_count)

    def test_shipment_is_confirmed_by_the_account_that_brought_the_order(self):
        other = self.move_france()
        other.action_recover_order(self.order.amazon_order_ref)
        self.deliver(self.order)
        shipment = self.env["amazon.shipment"].search([("sale_order_id", "=", self.order.id)])
        self.assertEqual(shipment.account_id, self.account)

    def test_order_of_an_account_that_is_no_longer_used_is_cancelled(self):
        self.account.action_disconnect()
        self.account.active = False
        other = self.move_france()
        self.cancel()
        other.action_recover_order(self.order.amazon_order_ref)
        self.assertEqual(self.order.state, "cancel")

    def test_order_cancelled_before_the_new_account_was_linked_is_cancelled(self):
        self.cancel(age=3600)
        other = self.move_france()
        other.action_sync_orders()
        self.assertEqual(self.order.state, "cancel")

    def test_orders_from_before_the_new_accounts_orders_from_stay_out_all_the_same(self):
        self.store.add_order(SELLER_EU, build_order("FR", age=3600))
        other = self.move_france()
        other.action_sync_orders()
        self.assertFalse(other.order_count)

    def test_account_of_another_company_leaves_the_order_alone(self):
        company = self.env["res.company"].create({"name": "Another Company"})
        self.account.active_marketplace_ids -= self.france
        other = self.link(self.new_account(name="French Shop", company_id=company.id))
        self.cancel()
        other.action_recover_order(self.order.amazon_order_ref)
        self.assertEqual(self.update_in(other).error_code, "other_account")
        self.assertIn(self.account.name, self.update_in(other).error)
        self.assertEqual(self.order.state, "sale")

    def test_account_of_another_seller_leaves_the_order_alone(self):
        other = self.new_account(name="Other Shop")
        other.sudo().write({"state": "linked", "seller_key": "A3ANOTHERSELLER"})
        self.cancel()
        updates = self.env["amazon.order.update"]._receive(
            other, [self.store.orders[self.order.amazon_order_ref].order]
        )
        updates._apply_pending()
        self.assertEqual(updates.error_code, "other_account")
        self.assertEqual(self.order.state, "sale")
