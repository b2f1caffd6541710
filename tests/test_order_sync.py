from datetime import timedelta
from unittest import skipUnless

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..simulator.samples import IMPORTED_KINDS, build_order, demo_orders
from . import official
from .account_common import SELLER_EU, SELLER_NA, AccountCase


class OrderSyncCase(AccountCase):
    """A linked account whose orders come over HTTP from the simulated Amazon."""

    def setUp(self):
        super().setUp()
        self.link()
        self.account.orders_from = "2020-01-01"

    @property
    def store(self):
        return self.simulator.store

    def updates(self, **values):
        domain = [("account_id", "=", self.account.id), *((name, "=", value) for name, value in values.items())]
        return self.env["amazon.order.update"].search(domain)

    def sale_orders(self):
        return self.env["sale.order"].search([("amazon_account_id", "=", self.account.id)])

    def searches(self):
        return self.store.calls_of("searchOrders")


@tagged("post_install", "-at_install")
class TestOrderSync(OrderSyncCase):
    def test_sync_makes_sales_orders_of_what_amazon_has(self):
        self.store.add_orders(SELLER_EU, [build_order("DE"), build_order("FR", channel="FBA")])
        self.account.action_sync_orders()
        self.assertEqual(len(self.sale_orders()), 2)
        self.assertEqual(set(self.sale_orders().mapped("state")), {"sale"})

    def test_350_orders_of_two_marketplaces_with_a_broken_one_come_in_but_for_that_one(self):
        # Here all is one transaction, of which the database's statistics know nothing: it takes the tables for empty.
        self.env.cr.execute("SET LOCAL enable_nestloop = off")
        orders = demo_orders(350, seed=5, marketplaces=("DE", "FR"), kinds=IMPORTED_KINDS)
        broken = orders[170]
        broken["orderItems"][0]["quantityOrdered"] = None
        self.store.add_orders(SELLER_EU, orders)
        self.account._cron_sync_orders()
        self.assertEqual(len(self.sale_orders()), 349)
        failed = self.updates(state="failed")
        self.assertEqual(failed.amazon_order_ref, broken["orderId"])
        self.assertTrue(failed.error)
        self.assertEqual(len(self.searches()), 4)
        for sale_order in self.sale_orders():
            self.assertAlmostEqual(
                sale_order.amount_total, sale_order.amazon_total - sale_order.amazon_tax_collected, 2
            )

        watermark = self.account.last_orders_sync
        self.account._cron_sync_orders()
        self.assertEqual(len(self.sale_orders()), 349)
        since = fields.Datetime.to_datetime(
            self.searches()[-1].params["lastUpdatedAfter"].rstrip("Z").replace("T", " ")
        )
        self.assertEqual(since, watermark - timedelta(minutes=5))

    def test_watermark_is_what_amazon_says_the_search_reached(self):
        self.account.action_sync_orders()
        reached = self.account.last_orders_sync
        now = fields.Datetime.now()
        self.assertLessEqual(reached, now - timedelta(minutes=2) + timedelta(seconds=2))
        self.assertGreaterEqual(reached, now - timedelta(minutes=3))

    def test_without_quota_the_next_run_goes_on_from_the_page_that_was_reached(self):
        self.store.add_orders(SELLER_EU, demo_orders(250, seed=6, marketplaces=("DE",), kinds=("fbm",)))
        original = type(self.account)._store_page

        def throttle_after_the_first_page(account, page):
            self.store.add_fault("searchOrders", "throttled")
            return original(account, page)

        self.patch(type(self.account), "_store_page", throttle_after_the_first_page)
        self.account.action_sync_orders()
        self.assertEqual(len(self.sale_orders()), 100)
        self.assertTrue(self.account.sudo().orders_page_token)
        self.assertFalse(self.account.last_orders_sync)
        self.assertGreater(self.account.next_orders_sync, fields.Datetime.now())
        self.patch(type(self.account), "_store_page", original)
        for _page in range(2):  # each has to wait for the token of its call
            with freeze_time(self.account.next_orders_sync):
                self.account.action_sync_orders()
        self.assertEqual(len(self.sale_orders()), 250)
        self.assertEqual([call.status for call in self.searches()], [200, 429, 200, 200])
        self.assertTrue(self.account.last_orders_sync)
        self.assertFalse(self.account.sudo().orders_page_token)

    def test_scheduler_leaves_an_account_alone_until_its_quota_is_back(self):
        self.store.add_fault("searchOrders", "throttled")
        self.account._cron_sync_orders()
        self.account._cron_sync_orders()
        self.assertEqual(len(self.searches()), 1)
        with freeze_time(self.account.next_orders_sync + timedelta(seconds=1)):
            self.account._cron_sync_orders()
        self.assertEqual(len(self.searches()), 2)

    def test_a_button_that_amazon_holds_back_warns_and_says_what_happens(self):
        self.store.add_fault("searchOrders", "throttled")
        shown = self.account.action_sync_orders()["params"]
        self.assertEqual(shown["type"], "warning")
        self.assertIn("goes on later", shown["message"])

    def test_an_expired_page_token_starts_the_window_again_without_doubles(self):
        self.store.add_orders(SELLER_EU, demo_orders(150, seed=7, marketplaces=("DE",), kinds=("fbm",)))
        self.store.add_fault("searchOrders", "page_token_expired")
        self.account.action_sync_orders()
        self.assertEqual(len(self.sale_orders()), 150)
        self.assertTrue(self.account.last_orders_sync)

    def test_a_page_token_that_is_refused_every_time_ends_the_run(self):
        self.store.add_orders(SELLER_EU, demo_orders(101, seed=7, marketplaces=("DE",), kinds=("fbm",)))
        self.store.add_fault("searchOrders", "page_token_expired", times=None)
        self.account.action_sync_orders()
        self.assertLess(len(self.searches()), 8)
        self.assertFalse(self.account.last_orders_sync)
        self.assertTrue(self.account.orders_sync_message)

    def test_an_order_that_comes_on_two_pages_is_imported_once(self):
        self.store.add_orders(SELLER_EU, demo_orders(150, seed=8, marketplaces=("DE",), kinds=("fbm",)))
        self.store.add_fault("searchOrders", "duplicate_order")
        self.account.action_sync_orders()
        self.assertEqual(len(self.sale_orders()), 150)

    def test_an_order_that_changes_between_two_pages_is_not_lost(self):
        self.store.add_orders(SELLER_EU, demo_orders(150, seed=9, marketplaces=("DE",), kinds=("fbm",)))
        self.store.add_fault("searchOrders", "updated_between_pages")
        self.account.action_sync_orders()
        with freeze_time(fields.Datetime.now() + timedelta(minutes=10)):
            self.store.clock.advance(600)
            self.account.action_sync_orders()
        self.assertEqual(len(self.sale_orders()), 150)

    def test_scheduler_does_not_raise_whatever_amazon_answers(self):
        for kind in (
            "unavailable",
            "forbidden",
            "internal_failure",
            "invalid_input",
            "garbled",
            "truncated",
            "dropped",
        ):
            with self.subTest(kind=kind):
                self.store.clear_faults()
                self.store.add_fault("searchOrders", kind, times=None)
                self.account.next_orders_sync = False
                self.account._cron_sync_orders()
                self.assertTrue(self.account.orders_sync_message)
                self.assertEqual(self.account.state, "linked")

    def test_a_withdrawn_permission_asks_to_link_again(self):
        self.store.revoke(SELLER_EU)
        self.account._cron_sync_orders()
        self.assertEqual(self.account.state, "reauthorize")
        self.assertIn("Re-link", self.account.orders_sync_message)

    def test_the_trouble_of_one_account_does_not_delay_another(self):
        other = self.link(
            self.new_account(
                name="American Shop", base_marketplace_id=self.env.ref("amazon_connector.marketplace_us").id
            ),
            SELLER_NA,
        )
        other.orders_from = "2020-01-01"
        self.store.revoke(SELLER_EU)
        self.store.add_order(SELLER_NA, build_order("US"))
        self.account._cron_sync_orders()
        self.assertEqual(other.order_count, 1)

    def test_without_the_roles_for_personal_data_orders_come_in_all_the_same(self):
        self.store.add_fault("searchOrders", "personal_data_denied", times=None)
        self.store.add_order(SELLER_EU, build_order("DE"))
        self.account.action_sync_orders()
        self.assertEqual(self.sale_orders().partner_id.name, "Amazon Customer")
        self.assertIn("a role is missing", self.sale_orders().amazon_review_reason)
        self.assertTrue(self.account.personal_data_missing)

    def test_only_active_marketplaces_are_asked_for(self):
        self.account.active_marketplace_ids = self.germany
        self.store.add_orders(SELLER_EU, [build_order("DE"), build_order("FR")])
        self.account.action_sync_orders()
        self.assertEqual(self.sale_orders().amazon_marketplace_id, self.germany)
        self.assertEqual(self.searches()[-1].params["marketplaceIds"], "A1PA6795UKMFR9")

    def test_setting_last_order_sync_back_fetches_older_changes_again(self):
        self.store.add_order(SELLER_EU, build_order("DE", age=86400))
        self.account.last_orders_sync = fields.Datetime.now() - timedelta(hours=1)
        self.account.action_sync_orders()
        self.assertFalse(self.sale_orders())
        self.account.last_orders_sync = fields.Datetime.now() - timedelta(days=2)
        self.account.action_sync_orders()
        self.assertEqual(len(self.sale_orders()), 1)

    def test_sync_applies_what_an_interrupted_run_left_in_the_inbox(self):
        self.env["amazon.order.update"]._receive(self.account, [build_order("DE")])
        self.account.action_sync_orders()
        self.assertEqual(self.updates().state, "done")

    def test_unlinked_account_cannot_synchronize(self):
        self.account.action_disconnect()
        with self.assertRaises(UserError):
            self.account.action_sync_orders()

    @skipUnless(official.available(), official.MISSING)
    def test_every_official_and_sample_order_becomes_exact_or_is_ignored_for_a_reason(self):
        marketplaces = self.env["amazon.marketplace"].search([])
        self.account.write(
            {
                "available_marketplace_ids": [(6, 0, marketplaces.ids)],
                "active_marketplace_ids": [(6, 0, marketplaces.ids)],
            }
        )
        orders = official.sandbox_orders() + official.sample_orders()
        self.assertGreater(len(orders), 5)
        for raw in orders:
            self.store.add_order(SELLER_EU, raw, verbatim=True)
            self.account.action_recover_order(raw["orderId"])
            update = self.updates(amazon_order_ref=raw["orderId"])
            with self.subTest(order=raw["orderId"]):
                if update.state == "done":
                    sale_order = update.sale_order_id
                    expected = float(raw["proceeds"]["grandTotal"]["amount"]) - sale_order.amazon_tax_collected
                    self.assertAlmostEqual(sale_order.amount_total, expected, 2)
                else:
                    self.assertEqual(update.state, "ignored", update.error)
                    self.assertTrue(update.error)


@tagged("post_install", "-at_install")
class TestRecoverOrder(OrderSyncCase):
    def test_recovered_order_is_imported_however_old_it_is(self):
        raw = build_order("DE", age=90 * 86400)
        self.store.add_order(SELLER_EU, raw)
        self.account.orders_from = fields.Datetime.now()
        self.account.action_recover_order(raw["orderId"])
        self.assertEqual(self.sale_orders().amazon_order_ref, raw["orderId"])

    def test_recovering_an_order_that_odoo_has_does_not_double_it(self):
        raw = build_order("DE")
        self.store.add_order(SELLER_EU, raw)
        self.account.action_recover_order(raw["orderId"])
        self.account.action_recover_order(raw["orderId"])
        self.assertEqual(len(self.sale_orders()), 1)

    def test_unknown_reference_is_said_in_plain_words(self):
        with self.assertRaisesRegex(UserError, "302-0000000-0000000"):
            self.account.action_recover_order("302-0000000-0000000")

    def test_several_references_in_any_form_are_each_answered(self):
        first, second = build_order("DE"), build_order("FR", status="CANCELLED")
        self.store.add_orders(SELLER_EU, [first, second])
        link = f"https://sellercentral/orders-v3/order/{first['orderId']}"
        pasted = f"{link}\n{second['orderId'].replace('-', '')};302-0000000-0000000"
        wizard = self.env["amazon.recover.order"].create({"account_id": self.account.id, "references": pasted})
        wizard.action_recover()
        self.assertEqual(
            wizard.line_ids.mapped("amazon_order_ref"), [first["orderId"], second["orderId"], "302-0000000-0000000"]
        )
        self.assertEqual(wizard.line_ids.mapped("is_problem"), [False, True, True])
        self.assertEqual(wizard.line_ids[0].sale_order_id, self.sale_orders())
        self.assertIn("cancelled", wizard.line_ids[1].outcome)

    def test_a_mistyped_reference_among_others_is_not_passed_over(self):
        raw = build_order("DE")
        self.store.add_order(SELLER_EU, raw)
        pasted = f"{raw['orderId']} of 24.11.2026, 302-123456-1234567"
        wizard = self.env["amazon.recover.order"].create({"account_id": self.account.id, "references": pasted})
        wizard.action_recover()
        self.assertEqual(wizard.line_ids.mapped("amazon_order_ref"), [raw["orderId"], "302-123456-1234567", False])
        self.assertIn("no Amazon order reference", wizard.line_ids[1].outcome)

    def test_words_that_are_no_reference_are_named(self):
        raw = build_order("DE")
        self.store.add_order(SELLER_EU, raw)
        pasted = f"foo {raw['orderId']}; foo, - bar"
        wizard = self.env["amazon.recover.order"].create({"account_id": self.account.id, "references": pasted})
        wizard.action_recover()
        last = wizard.line_ids[-1]
        self.assertEqual((last.outcome, last.is_problem), ("Not an order reference: foo, bar", True))
        self.assertEqual(len(wizard.line_ids), 2)

    def test_of_many_or_long_words_that_are_no_reference_some_are_named(self):
        raw = build_order("DE")
        self.store.add_order(SELLER_EU, raw)
        words = " ".join(["x" * 400, *(f"word{number}" for number in range(300))])
        wizard = self.env["amazon.recover.order"].create(
            {"account_id": self.account.id, "references": f"{raw['orderId']} {words}"}
        )
        wizard.action_recover()
        outcome = wizard.line_ids[-1].outcome
        self.assertIn("word3, and 296 more", outcome)
        self.assertLess(len(outcome), 120)

    def test_text_without_a_reference_is_refused(self):
        wizard = self.env["amazon.recover.order"].create({"account_id": self.account.id, "references": "hello 12-34"})
        with self.assertRaises(UserError):
            wizard.action_recover()
