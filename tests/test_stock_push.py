from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..spapi import errors
from .account_common import SELLER_EU
from .stock_common import StockCase


class Killed(BaseException):
    """The process ends here."""


@tagged("post_install", "-at_install")
class TestStockPush(StockCase):
    """Amazon is told quantities SKU by SKU."""

    # --- What is sent ---

    def test_amazon_is_told_the_quantity_and_it_is_confirmed(self):
        offer = self.listed_offer("A", stock=7)
        self.push()
        self.assertEqual(self.at_amazon("A"), 7)
        self.assertEqual((offer.stock_state, offer.confirmed_quantity), ("done", 7))
        self.assertTrue(offer.confirmed_on)

    def test_only_what_differs_from_what_amazon_confirmed_is_sent(self):
        self.listed_offer("A", stock=7)
        other = self.listed_offer("B", self.product("B"), stock=3)
        self.push()
        self.set_stock(other.product_id, 2)
        self.push()
        self.assertEqual(len(self.patches()), 3)
        self.assertEqual((self.at_amazon("A"), self.at_amazon("B")), (7, 2))

    def test_stock_that_came_back_meanwhile_is_not_sent(self):
        offer = self.listed_offer("A", stock=7)
        self.push()
        self.set_stock(self.mug, 4)
        self.set_stock(self.mug, 7)
        self.push()
        self.assertEqual(len(self.patches()), 1)
        self.assertEqual(offer.stock_state, "done")

    def test_handling_time_is_sent_where_it_is_set(self):
        self.listed_offer("A", stock=7, handling_time=3)
        self.push()
        self.assertEqual(self.store.listing(SELLER_EU, "A").lead_time, 3)

    def test_a_changed_handling_time_is_sent_without_a_changed_quantity(self):
        offer = self.listed_offer("A", stock=7)
        self.push()
        offer.handling_time = 5
        self.push()
        self.assertEqual(self.store.listing(SELLER_EU, "A").lead_time, 5)

    def test_one_sku_on_two_marketplaces_is_sent_once(self):
        german = self.listed_offer("A", stock=7, listing={"marketplaces": ("DE", "FR")})
        french = self.offer("A", marketplace=self.france, stock_maximum=5)
        self.push()
        self.assertEqual((self.at_amazon("A"), len(self.patches())), (5, 1))
        self.assertEqual((german | french).mapped("confirmed_quantity"), [5, 5])
        self.push()
        self.assertEqual(len(self.patches()), 1)

    def test_the_type_of_product_that_amazon_names_is_used(self):
        offer = self.listed_offer("A", stock=7, listing={"product_type": "DRINKING_CUP"}, seen=False)
        self.push()
        self.assertEqual((offer.product_type, self.at_amazon("A")), ("DRINKING_CUP", 7))

    # --- When it is sent ---

    def test_a_change_of_stock_is_noted_once_in_its_transaction_and_wakes_the_sender(self):
        self.listed_offer("A")
        self.env.cr.flush()
        self.env["amazon.stock.change"]._take(100)
        cron = self.env.ref("amazon_connector.ir_cron_push_stock")
        triggers = [("cron_id", "=", cron.id)]
        self.env["ir.cron.trigger"].search(triggers).unlink()
        self.set_stock(self.mug, 7)
        self.delivery(self.mug, 2)
        self.env.cr.flush()
        noted = self.env["amazon.stock.change"].search([]).product_id
        self.assertEqual(noted, self.mug)
        self.assertEqual(len(self.env["ir.cron.trigger"].search(triggers)), 1)

    def test_nothing_is_noted_where_no_account_sends_its_stock(self):
        self.listed_offer("A")
        self.env["amazon.account"].search([]).synchronize_inventory = False
        self.env["amazon.stock.change"].search([]).unlink()
        self.env.cr.precommit.clear()
        self.set_stock(self.mug, 7)
        self.env.cr.flush()
        self.assertFalse(self.env["amazon.stock.change"].search([]))

    def test_noting_changes_adds_three_statements_to_a_transaction_however_much_moves(self):
        self.listed_offer("A")
        products = [self.product(f"P{number}") for number in range(20)]
        for product in products:
            self.set_stock(product, 5)
        self.push()

        def count(noting):
            moves = self.env["stock.move"].concat(*(self.delivery(p, 1, reserve=False) for p in products))
            self.env.cr.flush()
            before = self.env.cr.sql_log_count
            with patch.object(type(self.env["amazon.stock.change"]), "_note", noting):
                moves._action_assign()
                self.env.cr.flush()
            return self.env.cr.sql_log_count - before

        def nothing(_changes, _product_ids):
            return None

        original = type(self.env["amazon.stock.change"])._note
        count(nothing)
        self.assertLessEqual(count(original), count(nothing) + 3)

    def test_orders_receipts_and_settings_change_what_amazon_is_told(self):
        offer = self.listed_offer("A", stock=7)
        self.push()
        move = self.delivery(self.mug, 2, reserve=False)
        self.push()
        self.assertEqual(self.at_amazon("A"), 5)
        move._action_cancel()
        self.push()
        self.assertEqual(self.at_amazon("A"), 7)
        offer.stock_buffer = 3
        self.push()
        self.assertEqual(self.at_amazon("A"), 4)
        self.account.stock_basis = "forecast"
        vendors = self.env.ref("stock.stock_location_suppliers")
        self.delivery(self.mug, 10, source=vendors, destination=self.warehouse.lot_stock_id)
        self.push()
        self.assertEqual(self.at_amazon("A"), 14)

    def test_nothing_is_sent_of_an_account_that_does_not_synchronize(self):
        self.account.synchronize_inventory = False
        self.listed_offer("A", stock=7)
        self.push()
        self.assertFalse(self.patches())

    def test_switching_the_synchronization_on_sends_everything(self):
        self.account.synchronize_inventory = False
        self.listed_offer("A", stock=7)
        self.push()
        self.account.synchronize_inventory = True
        self.push()
        self.assertEqual(self.at_amazon("A"), 7)

    # --- What Amazon answers ---

    def test_amazons_words_on_a_refused_quantity_stand_on_the_offer(self):
        offer = self.listed_offer("A", stock=7)
        self.store.add_fault("patchListingsItem", "patch_invalid", message="The offer is suppressed.")
        self.push()
        self.assertEqual(offer.stock_state, "refused")
        self.assertIn("The offer is suppressed.", offer.stock_message)
        self.assertFalse(offer.confirmed_on)

    def test_what_was_refused_is_tried_again_with_another_quantity_and_once_a_day(self):
        offer = self.listed_offer("A", stock=7)
        self.store.add_fault("patchListingsItem", "patch_invalid", times=2)
        self.push()
        self.env["amazon.stock.change"]._note(self.mug.ids)
        self.push()
        self.assertEqual(len(self.patches()), 1)
        self.set_stock(self.mug, 8)
        self.push()
        self.assertEqual((len(self.patches()), offer.stock_state), (2, "refused"))
        self.env["amazon.account"]._cron_compare_stock()
        self.push()
        self.assertEqual((self.at_amazon("A"), offer.stock_state), (8, "done"))

    def test_a_sku_that_amazon_does_not_list_is_told_and_nothing_is_sent(self):
        offer = self.offer("UNKNOWN", seen=False)
        self.set_stock(self.mug, 7)
        self.push()
        self.assertEqual(offer.stock_state, "refused")
        self.assertIn("does not list", offer.stock_message)
        self.assertFalse(self.patches())

    def test_throttled_the_rest_waits_and_is_sent_later(self):
        offers = self.env["amazon.offer"].browse()
        for number in range(4):
            offers |= self.listed_offer(f"S{number}", self.product(f"S{number}"), stock=number + 1)
        self.store.add_fault("patchListingsItem", "throttled")
        self.push()
        self.assertEqual(offers.mapped("stock_state").count("done"), 0)
        self.assertTrue(self.account.next_stock_sync)
        self.push()
        self.assertEqual([self.at_amazon(f"S{number}") for number in range(4)], [1, 2, 3, 4])
        self.assertEqual(set(offers.mapped("stock_state")), {"done"})

    def test_an_unanswered_call_leaves_the_quantity_in_doubt_and_is_repeated(self):
        offer = self.listed_offer("A", stock=7)
        other = self.listed_offer("B", self.product("B"), stock=3)
        self.push()
        self.set_stock(self.mug, 5)
        self.set_stock(other.product_id, 2)
        self.store.add_fault("patchListingsItem", "unavailable", times=1)
        self.push()
        self.assertEqual(sorted((offer | other).mapped("stock_state")), ["done", "sending"])
        doubtful = (offer | other).filtered(lambda o: o.stock_state == "sending")
        self.assertFalse(doubtful.confirmed_on)
        self.assertTrue(self.account.next_stock_sync)
        self.push()
        self.assertEqual((self.at_amazon("A"), self.at_amazon("B")), (5, 2))

    def test_a_quantity_in_doubt_is_sent_although_it_is_what_amazon_confirmed_before(self):
        offer = self.listed_offer("A", stock=7)
        self.push()
        self.set_stock(self.mug, 5)
        patch_listing = self.gateway_class().patch_listing

        def interrupted(gateway, *args):
            patch_listing(gateway, *args)
            raise Killed

        with patch.object(self.gateway_class(), "patch_listing", interrupted):
            self.push_until_killed()
        self.assertEqual((self.at_amazon("A"), offer.stock_state), (5, "sending"))
        self.set_stock(self.mug, 7)
        self.push()
        self.assertEqual((self.at_amazon("A"), offer.stock_state), (7, "done"))

    def push_until_killed(self):
        """Without the savepoint of assertRaises: what was written before the call is committed."""
        try:
            self.push()
        except Killed:
            self.env.invalidate_all()
        else:
            self.fail("The process was not killed")

    def gateway_class(self):
        return type(self.account._gateway())

    def test_an_amazon_that_is_down_is_left_alone_after_three_calls(self):
        for number in range(6):
            self.listed_offer(f"S{number}", self.product(f"S{number}"), stock=1)
        with patch.object(self.gateway_class(), "patch_listing", side_effect=errors.Unavailable("x")) as call:
            self.push()
        self.assertEqual(call.call_count, 3)
        self.assertIn("cannot be reached", self.account.stock_sync_message)

    def test_a_withdrawn_authorization_is_told_on_the_account(self):
        offer = self.listed_offer("A", stock=7)
        with patch.object(self.gateway_class(), "patch_listing", side_effect=errors.AuthorizationRevoked("x")):
            self.push()
        self.assertEqual(self.account.state, "reauthorize")
        self.assertIn("Re-link", self.account.stock_sync_message)
        self.assertNotEqual(offer.stock_state, "done")

    # --- Pause ---

    def test_pause_and_resume_an_offer(self):
        offer = self.listed_offer("A", stock=7)
        self.push()
        offer.action_pause()
        self.push()
        self.assertEqual((self.at_amazon("A"), offer.is_paused), (0, True))
        offer.action_resume()
        self.push()
        self.assertEqual(self.at_amazon("A"), 7)

    def test_pause_and_resume_an_account(self):
        self.listed_offer("A", stock=7)
        self.listed_offer("B", self.product("B"), stock=2)
        self.push()
        self.account.action_pause_stock()
        self.push()
        self.assertEqual((self.at_amazon("A"), self.at_amazon("B")), (0, 0))
        self.account.action_resume_stock()
        self.push()
        self.assertEqual((self.at_amazon("A"), self.at_amazon("B")), (7, 2))

    def test_pausing_needs_an_account_that_sends_its_stock(self):
        offer = self.listed_offer("A", stock=7)
        self.account.synchronize_inventory = False
        with self.assertRaises(UserError):
            offer.action_pause()
        with self.assertRaises(UserError):
            self.account.action_pause_stock()

    # --- Drift ---

    def test_a_quantity_changed_at_amazon_is_put_right_by_the_daily_comparison(self):
        self.listed_offer("A", stock=7)
        self.push()
        self.store.listings.set_quantity(SELLER_EU, "A", 99)
        with freeze_time(fields.Datetime.now() + timedelta(hours=5), tick=True):
            self.daily_comparison()
        self.assertEqual(self.at_amazon("A"), 7)

    def test_a_change_that_amazon_accepted_and_dropped_is_sent_again(self):
        offer = self.listed_offer("A", stock=7)
        self.store.add_fault("patchListingsItem", "accepted_without_effect")
        self.push()
        self.assertEqual((self.at_amazon("A"), offer.confirmed_quantity), (0, 7))
        with freeze_time(fields.Datetime.now() + timedelta(hours=5), tick=True):
            self.daily_comparison()
        self.assertEqual(self.at_amazon("A"), 7)

    def daily_comparison(self):
        self.env["amazon.account"]._cron_compare_stock()
        for _run in range(5):
            self.env["amazon.catalogue.import"]._cron_run()
        self.push()

    # --- By hand ---

    def test_synchronize_inventory_sends_now_and_tells_what_came_of_it(self):
        self.listed_offer("A", stock=7)
        action = self.account.action_sync_inventory()
        self.assertEqual(self.at_amazon("A"), 7)
        self.assertEqual(action["tag"], "display_notification")
        self.assertIn("up to date 1", action["params"]["message"])

    def test_synchronize_inventory_needs_a_linked_account_that_sends_its_stock(self):
        self.account.synchronize_inventory = False
        with self.assertRaises(UserError):
            self.account.action_sync_inventory()
        self.account.synchronize_inventory = True
        self.account.state = "reauthorize"
        with self.assertRaises(UserError):
            self.account.action_sync_inventory()

    def test_offer_sent_again_by_hand_whatever_was_confirmed(self):
        offer = self.listed_offer("A", stock=7)
        self.push()
        self.store.listings.set_quantity(SELLER_EU, "A", 99)
        offer.action_sync_stock()
        self.push()
        self.assertEqual(self.at_amazon("A"), 7)

    def test_sales_administrators_send_and_salespeople_do_not(self):
        offer = self.listed_offer("A", stock=7)
        manager = new_test_user(self.env, "amazon_manager", groups="sales_team.group_sale_manager")
        salesman = new_test_user(self.env, "amazon_salesman", groups="sales_team.group_sale_salesman")
        for action in (self.account.action_sync_inventory, offer.action_sync_stock, offer.action_pause):
            record, name = action.__self__, action.__name__
            with self.subTest(action=name), self.assertRaises(AccessError):
                getattr(record.with_user(salesman), name)()
        self.account.with_user(manager).action_sync_inventory()
        offer.with_user(manager).action_pause()
        offer.with_user(manager).action_sync_stock()
        self.assertEqual(self.at_amazon("A"), 7)

    def test_who_moves_goods_needs_no_right_on_amazon(self):
        self.listed_offer("A", stock=7)
        user = new_test_user(self.env, "amazon_stock", groups="stock.group_stock_user")
        move = self.delivery(self.mug, 2).with_user(user)
        self.ship(move)
        self.env.cr.flush()
        self.push()
        self.assertEqual(self.at_amazon("A"), 5)
