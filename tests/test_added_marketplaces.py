from datetime import timedelta

from freezegun import freeze_time
from psycopg2.errors import SerializationFailure

from odoo import fields
from odoo.tests import new_test_user, tagged

from ..simulator.samples import build_order, demo_orders
from .account_common import SELLER_EU
from .test_order_sync import OrderSyncCase

HOURS = 3600
DAYS = 24 * HOURS


class AddedMarketplaceCase(OrderSyncCase):
    """An account from whose marketplaces somebody removed Amazon.fr."""

    def setUp(self):
        super().setUp()
        user = new_test_user(self.env, "anna", groups="amazon_connector.group_amazon_administrator")
        self.account = self.account.with_user(user)
        self.account.active_marketplace_ids = self.germany

    def add_orders(self, country, *ages):
        orders = [build_order(country, age=age) for age in ages]
        self.store.add_orders(SELLER_EU, orders)
        return [order["orderId"] for order in orders]

    def add_france(self):
        self.account.active_marketplace_ids += self.france

    def refs(self):
        return sorted(self.sale_orders().mapped("amazon_order_ref"))

    def asked_for(self):
        return [call.params["marketplaceIds"] for call in self.searches()]

    def fetch_one_page_only(self):
        """Synchronize while Amazon's quota lasts for one page."""
        original = type(self.account)._store_page

        def throttle_afterwards(account, page):
            self.store.add_fault("searchOrders", "throttled")
            return original(account, page)

        self.patch(type(self.account), "_store_page", throttle_afterwards)
        self.account.action_sync_orders()
        self.patch(type(self.account), "_store_page", original)

    def synchronize_until_done(self):
        for _run in range(10):
            with freeze_time(self.account.next_orders_sync or fields.Datetime.now()):
                self.account.action_sync_orders()
            if not self.account.next_orders_sync:
                return
        self.fail("Fetching comes to no end.")


@tagged("post_install", "-at_install")
class TestAddedMarketplace(AddedMarketplaceCase):
    """A marketplace that is added brings what was missed on it, however far the account is with the others."""

    def test_marketplace_added_again_brings_what_was_ordered_meanwhile(self):
        missed = self.add_orders("FR", 3 * HOURS)
        self.account.action_sync_orders()
        self.assertFalse(self.refs())
        self.add_france()
        self.account.action_sync_orders()
        self.assertEqual(self.refs(), missed)

    def test_newly_opened_marketplace_brings_the_orders_since_orders_from(self):
        self.account.orders_from = fields.Datetime.now() - timedelta(days=5)
        seller = self.store.sellers[SELLER_EU]
        seller.marketplace_ids.remove(self.france.api_ref)
        self.account.action_update_marketplaces()
        self.account.action_sync_orders()
        seller.marketplace_ids.append(self.france.api_ref)
        missed = self.add_orders("FR", 4 * DAYS)
        self.account.action_update_marketplaces()
        self.account.action_sync_orders()
        self.assertEqual(self.refs(), missed)

    def test_orders_from_before_orders_from_stay_out(self):
        self.account.action_sync_orders()
        self.account.orders_from = orders_from = fields.Datetime.now() - timedelta(days=2)
        self.add_orders("FR", 3 * DAYS)
        self.add_france()
        self.account.action_sync_orders()
        self.assertFalse(self.refs())
        self.assertEqual(self.account.orders_from, orders_from)

    def test_order_from_before_orders_from_that_changed_since_stays_out(self):
        self.account.action_sync_orders()
        self.account.orders_from = fields.Datetime.now() - timedelta(days=2)
        (ref,) = self.add_orders("FR", 3 * DAYS)
        self.store.update_order(ref, age=HOURS)
        self.add_france()
        self.account.action_sync_orders()
        self.assertFalse(self.refs())
        self.assertEqual(self.updates(amazon_order_ref=ref).error_code, "too_old")

    def test_only_the_added_marketplace_is_asked_for_again_then_all_as_usual(self):
        self.account.action_sync_orders()
        reached = self.account.last_orders_sync
        self.add_france()
        self.account.action_sync_orders()
        self.assertEqual(self.asked_for()[1:], [self.france.api_ref, f"{self.france.api_ref},{self.germany.api_ref}"])
        after = self.searches()[-1].params["lastUpdatedAfter"].rstrip("Z")
        self.assertEqual(fields.Datetime.to_datetime(after.replace("T", " ")), reached - timedelta(minutes=5))
        self.account.action_sync_orders()
        self.assertEqual(len(self.searches()), 4)

    def test_changes_of_the_last_thirty_days_are_fetched_and_the_account_says_so(self):
        self.account.action_sync_orders()
        self.add_orders("FR", 31 * DAYS)
        recent = self.add_orders("FR", 29 * DAYS)
        self.add_france()
        body = self.account.message_ids[0].body
        self.assertIn("Amazon.fr", body)
        self.assertIn("Recover Order", body)
        self.account.action_sync_orders()
        self.assertEqual(self.refs(), recent)

    def test_marketplaces_of_a_first_link_need_no_words_and_no_more_calls(self):
        self.account.action_disconnect()
        other = self.new_account(name="Second Shop")
        other.last_orders_sync = fields.Datetime.now() - timedelta(days=3)
        self.link(other)
        other.action_sync_orders()
        self.assertEqual(len(self.searches()), 1)
        self.assertNotIn("Recover Order", " ".join(other.message_ids.mapped("body")))

    def test_added_before_the_first_synchronization_comes_with_the_others(self):
        missed = self.add_orders("FR", 40 * DAYS)
        self.add_france()
        self.account.action_sync_orders()
        self.assertEqual(len(self.searches()), 1)
        self.assertEqual(self.refs(), missed)


@tagged("post_install", "-at_install")
class TestMarketplacesOfAHalfFetchedWindow(AddedMarketplaceCase):
    """The window that is being fetched asks for the marketplaces of its beginning; then they change."""

    def test_added_while_a_window_is_half_fetched(self):
        self.account.action_sync_orders()
        self.store.add_orders(SELLER_EU, demo_orders(150, seed=6, marketplaces=("DE",), kinds=("fbm",)))
        missed = self.add_orders("FR", 3 * HOURS)
        self.account.last_orders_sync = fields.Datetime.now() - timedelta(hours=4)
        self.fetch_one_page_only()
        self.add_france()
        self.synchronize_until_done()
        self.assertEqual(len(self.sale_orders()), 151)
        self.assertIn(missed[0], self.refs())
        self.assertGreater(self.account.last_orders_sync, fields.Datetime.now() - timedelta(hours=1))

    def test_added_while_the_first_window_is_half_fetched(self):
        self.store.add_orders(SELLER_EU, demo_orders(150, seed=6, marketplaces=("DE",), kinds=("fbm",)))
        self.add_orders("FR", 40 * DAYS)
        self.fetch_one_page_only()
        self.add_france()
        self.synchronize_until_done()
        self.assertEqual(len(self.sale_orders()), 151)

    def test_removed_while_a_window_is_half_fetched_is_not_asked_for_any_more(self):
        self.add_france()
        self.store.add_orders(SELLER_EU, demo_orders(220, seed=6, marketplaces=("DE", "FR"), kinds=("fbm",)))
        self.fetch_one_page_only()
        in_before = self.sale_orders()
        self.account.active_marketplace_ids -= self.france
        self.synchronize_until_done()
        self.assertEqual(self.asked_for()[-1], self.germany.api_ref)
        self.assertEqual(len((self.sale_orders() - in_before).amazon_marketplace_id), 1)
        self.assertEqual(
            len(self.sale_orders().filtered(lambda order: order.amazon_marketplace_id == self.germany)), 110
        )

    def test_what_an_added_marketplace_missed_comes_in_several_runs(self):
        self.account.action_sync_orders()
        reached = self.account.last_orders_sync
        self.store.add_orders(SELLER_EU, demo_orders(250, seed=6, marketplaces=("FR",), kinds=("fbm",)))
        self.add_france()
        self.fetch_one_page_only()
        self.assertEqual(len(self.sale_orders()), 100)
        self.assertEqual(self.account.last_orders_sync, reached)
        self.synchronize_until_done()
        self.assertEqual(len(self.sale_orders()), 250)
        self.assertEqual(set(self.asked_for()[1:-1]), {self.france.api_ref})

    def test_another_one_added_meanwhile_brings_what_was_missed_too(self):
        self.account.action_sync_orders()
        self.store.add_orders(SELLER_EU, demo_orders(150, seed=6, marketplaces=("FR",), kinds=("fbm",)))
        self.add_orders("IT", 3 * HOURS)
        self.add_france()
        self.fetch_one_page_only()
        self.account.active_marketplace_ids += self.env.ref("amazon_connector.marketplace_it")
        self.synchronize_until_done()
        self.assertEqual(len(self.sale_orders()), 151)

    def test_removed_again_before_what_it_missed_was_fetched(self):
        self.account.action_sync_orders()
        self.add_orders("FR", 3 * HOURS)
        self.add_france()
        self.account.active_marketplace_ids -= self.france
        self.account.action_sync_orders()
        self.assertEqual(self.asked_for()[1:], [self.germany.api_ref])
        self.assertFalse(self.refs())

    def test_added_while_the_database_refuses_a_page(self):
        """The page that was refused belongs to the old marketplaces: it must not end the window of the new ones."""
        self.account.action_sync_orders()
        missed = self.add_orders("FR", 3 * HOURS)
        original = type(self.env["amazon.order.update"])._receive

        def refuse_once(updates, account, *args, **options):
            self.patch(type(updates), "_receive", original)
            self.add_france()
            raise SerializationFailure

        self.patch(type(self.env["amazon.order.update"]), "_receive", refuse_once)
        self.account.action_sync_orders()
        self.account.action_sync_orders()
        self.assertEqual(self.refs(), missed)
