from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from .. import utils
from .shipment_common import ShipmentCase
from .stock_common import StockCase


@tagged("post_install", "-at_install")
class TestTurnsOfShipments(ShipmentCase):
    """Every account gets its turn at sending shipments, whichever others do not answer."""

    def test_the_trouble_of_one_account_does_not_delay_another(self):
        self.new_account(name="An account that comes first").write({"state": "linked", "seller_key": "A9OTHER"})
        picking = self.deliver(self.order_in())
        self.send()
        self.assertEqual(picking.amazon_sync_status, "sent")

    def turns(self):
        """The accounts in the order in which a run of the job serves them."""
        served = []
        sending = patch.object(
            type(self.env["amazon.shipment"]), "_send_pending", lambda _outbox, account, *_args: served.append(account)
        )
        with sending:
            self.send()
        return served

    def other_account(self):
        """A linked account whose name comes last."""
        account = self.new_account(name="Zoo Shop")
        account.write({"state": "linked", "seller_key": "A9OTHER"})
        return account

    def test_an_account_that_did_not_answer_last_time_comes_last(self):
        other = self.other_account()
        self.assertEqual(self.turns(), [self.account, other])
        self.deliver(self.order_in())
        self.store.add_fault("confirmShipment", "unavailable")
        self.send()
        # Also when the other one was called later.
        self.env["amazon.quota"].create(
            {"account_id": other.id, "operation": "confirmShipment", "refilled_at": fields.Datetime.now()}
        ).refilled_at += timedelta(minutes=1)
        self.assertEqual(self.turns(), [other, self.account])

    def test_the_account_that_was_called_longest_ago_comes_first(self):
        other = self.other_account()
        for operation in ("confirmShipment", "getOrder"):
            with self.subTest(operation):
                quota = self.env["amazon.quota"].create(
                    {
                        "account_id": self.account.id,
                        "operation": operation,
                        "refilled_at": fields.Datetime.now(),
                    }
                )
                self.assertEqual(self.turns(), [other, self.account])
                quota.unlink()

    def test_an_account_is_left_when_its_turn_is_over_and_the_scheduler_comes_back(self):
        pickings = [self.deliver(self.order_in()) for _number in range(2)]
        before = self.triggers()
        with patch.object(utils, "TURN_SECONDS", 0):
            self.send()
            self.assertEqual(len(self.confirm_calls()), 1)
            self.assertLessEqual((self.triggers() - before).call_at, fields.Datetime.now())
            self.send()
        self.assertEqual([picking.amazon_sync_status for picking in pickings], ["sent", "sent"])

    def test_an_account_that_lets_a_whole_turn_pass_without_an_answer_is_called_once_in_a_run(self):
        for _number in range(2):
            self.deliver(self.order_in())
        self.store.add_fault("confirmShipment", "unavailable", times=None)
        before = self.triggers()
        with patch.object(utils, "TURN_SECONDS", 0):
            self.send()
        self.assertEqual(len(self.confirm_calls()), 1)
        self.assertGreater(min((self.triggers() - before).mapped("call_at")), fields.Datetime.now())

    def test_a_run_that_took_long_leaves_the_other_accounts_to_the_next_one(self):
        self.other_account()
        before = self.triggers()
        with patch.object(utils, "RUN_SECONDS", 0):
            self.assertEqual(self.turns(), [self.account])
        self.assertTrue(self.triggers() - before)


@tagged("post_install", "-at_install")
class TestTurnsOfStock(StockCase):
    """Every account gets its turn at sending quantities, whichever others do not answer."""

    def test_the_trouble_of_one_account_does_not_keep_another_from_sending(self):
        broken = self.new_account(name="Aaa", synchronize_inventory=True, state="linked", seller_key="A9X")
        self.assertTrue(broken)
        self.listed_offer("A", stock=7)
        self.push()
        self.assertEqual(self.at_amazon("A"), 7)

    def turns(self):
        """The accounts in the order in which a run of the job serves them."""
        served = []
        with patch.object(type(self.account), "_push_stock", lambda account, *_args: served.append(account)):
            self.push()
        return served

    def other_account(self):
        """An account that sends stock, and whose name comes last."""
        return self.new_account(name="Zoo Shop", synchronize_inventory=True, state="linked", seller_key="A9X")

    def test_an_account_that_did_not_answer_last_time_comes_last(self):
        other = self.other_account()
        self.assertEqual(self.turns(), [self.account, other])
        other.last_stock_sync = fields.Datetime.now()
        self.account.stock_sync_message = "Amazon cannot be reached"
        self.assertEqual(self.turns(), [other, self.account])

    def test_the_account_that_had_no_turn_for_the_longest_time_comes_first(self):
        other = self.other_account()
        self.account.last_stock_sync = fields.Datetime.now()
        self.assertEqual(self.turns(), [other, self.account])

    def test_an_account_is_left_when_its_turn_is_over_and_the_scheduler_comes_back(self):
        for sku in ("A", "B"):
            self.listed_offer(sku, self.product(sku), stock=7)
        cron = self.env.ref("amazon_connector.ir_cron_push_stock")
        with patch.object(utils, "TURN_SECONDS", 0):
            self.push()
            self.assertEqual(len(self.patches()), 1)
            self.assertFalse(self.account.next_stock_sync)
            self.assertTrue(self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]))
            self.push()
        self.assertEqual((self.at_amazon("A"), self.at_amazon("B")), (7, 7))

    def test_asking_how_skus_are_fulfilled_ends_with_the_turn_too(self):
        for number in range(21):
            self.listed_offer(f"S{number}", self.product(f"S{number}"), stock=1, seen=False)
        with patch.object(utils, "TURN_SECONDS", 0):
            self.push()
        self.assertEqual(len(self.store.calls_of("searchListingsItems")), 1)

    def test_an_account_that_lets_a_whole_turn_pass_without_an_answer_is_called_once_in_a_run(self):
        for sku in ("A", "B"):
            self.listed_offer(sku, self.product(sku), stock=7)
        self.store.add_fault("patchListingsItem", "unavailable", times=None)
        with patch.object(utils, "TURN_SECONDS", 0):
            self.push()
        self.assertEqual(len(self.patches()), 1)
        self.assertGreater(self.account.next_stock_sync, fields.Datetime.now())

    def test_a_run_that_took_long_leaves_the_other_accounts_to_the_next_one(self):
        self.other_account()
        with patch.object(utils, "RUN_SECONDS", 0):
            self.assertEqual(self.turns(), [self.account])
