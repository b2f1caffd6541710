from unittest.mock import patch

import psycopg2

from odoo.exceptions import UserError
from odoo.tests import TransactionCase

from .. import compat
from ..models import amazon_order_update_workers
from .common import AmazonCase


class TestLanes(TransactionCase):
    """Several scheduled actions for one job, so that several workers do it side by side."""

    def setUp(self):
        super().setUp()
        self.job = self.env.ref("amazon_connector.ir_cron_apply_order_updates")

    def save_settings(self, **values):
        self.env["res.config.settings"].create(values).execute()

    def lanes(self):
        return self.job._amazon_lanes()

    def test_a_job_has_two_lanes_unless_the_settings_say_otherwise(self):
        self.save_settings(group_amazon_sync=True)
        self.assertEqual(len(self.lanes()), 1)
        self.assertTrue(self.lanes().active)
        self.assertEqual(self.lanes().ir_actions_server_id, self.job.ir_actions_server_id)

    def test_lanes_are_added_and_removed(self):
        self.save_settings(group_amazon_sync=True, amazon_lanes=4)
        self.assertEqual(len(self.lanes()), 3)
        self.save_settings(amazon_lanes=1)
        self.assertFalse(self.lanes())
        self.save_settings(amazon_lanes=2)
        self.assertEqual(len(self.lanes()), 1)

    def test_an_impossible_number_of_lanes_is_bounded(self):
        self.save_settings(group_amazon_sync=True, amazon_lanes=1000)
        self.assertEqual(len(self.lanes()), 31)
        self.save_settings(amazon_lanes=-3)
        self.assertEqual(len(self.lanes()), 1)

    def test_lanes_are_switched_off_with_the_feature(self):
        self.save_settings(group_amazon_sync=True)
        self.save_settings(group_amazon_sync=False)
        self.assertEqual(self.lanes().mapped("active"), [False])

    def test_lanes_belong_to_the_addon(self):
        """So that a copied database is neutralized, and uninstalling removes them."""
        self.save_settings(group_amazon_sync=True)
        self.assertEqual(
            self.lanes().get_external_id()[self.lanes().id], "amazon_connector.ir_cron_apply_order_updates_lane_2"
        )

    def test_waking_wakes_every_lane(self):
        self.save_settings(group_amazon_sync=True, amazon_lanes=3)
        triggers = self.env["ir.cron.trigger"]
        triggers.search([]).unlink()
        self.env["ir.cron"]._wake_amazon_lanes("ir_cron_apply_order_updates")
        self.assertEqual(triggers.search([]).cron_id, self.job | self.lanes())


class TestSharing(AmazonCase):
    """What one worker does with what another one has done."""

    def receive_only(self, *raw_orders, account=None):
        return self.env["amazon.order.update"]._receive(account or self.account, list(raw_orders))

    def test_the_accounts_take_turns(self):
        other = self._create_account(name="Other", seller_key="A2OTHER")
        updates = self.receive_only(*(self.order() for _number in range(5)))
        updates |= self.receive_only(self.order(), account=other)
        taken = []

        def apply(batch, **_options):
            taken.append(batch.account_id)
            batch.write({"state": "done"})

        with (
            patch.object(type(updates), "_apply", apply),
            patch.object(amazon_order_update_workers, "BATCH_SIZE", 2),
        ):
            updates._apply_pending(everything=True)
        self.assertEqual(taken, [self.account, other, self.account, self.account])

    def test_a_refused_batch_is_done_again_smaller(self):
        updates = self.receive_only(*(self.order() for _number in range(4)))
        sizes = []

        def apply(batch, **_options):
            sizes.append(len(batch))
            if len(sizes) < 3:
                raise psycopg2.errors.SerializationFailure()
            batch.write({"state": "done"})

        with (
            patch.object(type(updates), "_apply", apply),
            patch.object(amazon_order_update_workers, "BATCH_SIZE", 4),
        ):
            updates._apply_pending(everything=True)
        self.assertEqual(sizes, [4, 2, 1, 2, 1])
        self.assertEqual(set(updates.mapped("state")), {"done"})

    def test_an_order_is_not_blamed_for_another_worker_because_its_batch_holds_a_bad_one(self):
        updates = self.receive_only(*(self.order() for _number in range(4)))
        bad, unlucky = updates[0].amazon_order_ref, updates[-1].amazon_order_ref
        importer = type(self.env["amazon.order.importer"])
        begun_again = []

        def import_orders(model, account, orders, *args, **options):
            refs = {order.order_ref for order in orders}
            if bad in refs:
                raise UserError(bad)
            # What the other worker made is not visible before the next transaction.
            if unlucky in refs and not begun_again:
                raise psycopg2.errors.UniqueViolation()
            return original(model, account, orders, *args, **options)

        original = importer._import_orders
        with (
            patch.object(importer, "_import_orders", import_orders),
            patch.object(compat, "begin_again", lambda env, error: begun_again.append(error)),
        ):
            updates._apply_pending(everything=True)
        self.assertTrue(begun_again)
        self.assertEqual([update.state for update in updates], ["failed", "done", "done", "done"])

    def test_orders_that_are_always_refused_wait_for_the_next_run(self):
        updates = self.receive_only(self.order())
        with patch.object(type(updates), "_apply", side_effect=psycopg2.errors.DeadlockDetected()):
            updates._apply_pending(everything=True)
        self.assertEqual(updates.state, "pending")

    def test_a_query_that_the_database_refuses_is_logged_without_its_values(self):
        updates = self.receive_only(self.order())

        def refused(_batch, **_options):
            self.env.cr.execute("UPDATE res_partner SET name = %s WHERE id = 'none'", ["Anna Beispiel"])

        with (
            patch.object(type(updates), "_apply", refused),
            self.assertLogs("odoo.sql_db", "ERROR") as log,
            self.assertRaises(psycopg2.DataError),
        ):
            updates._apply_pending(everything=True)
        self.assertNotIn("Anna", log.output[0])
        self.assertIn("UPDATE res_partner: InvalidTextRepresentation", log.output[0])

    def test_a_run_of_the_scheduler_ends_in_time(self):
        updates = self.receive_only(self.order(), self.order())

        def apply(batch, **_options):
            batch.write({"state": "done"})

        with (
            patch.object(type(updates), "_apply", apply),
            patch.object(amazon_order_update_workers, "BATCH_SIZE", 1),
            patch.object(amazon_order_update_workers, "RUN_SECONDS", 0),
        ):
            updates._cron_apply()
        self.assertEqual(sorted(updates.mapped("state")), ["done", "pending"])

    def test_what_is_made_once_is_claimed(self):
        claims = self.env["amazon.claim"]
        before = claims.search_count([])
        self.receive(self.order(), self.order())
        self.assertGreater(claims.search_count([]), before)
        known = claims.search_count([])
        self.receive(self.order())  # the buyer, the address and the pricelist are there
        self.assertEqual(claims.search_count([]), known)

    def test_a_claim_holds_no_personal_data(self):
        update = self.receive(self.order())
        alias = update.sale_order_id.partner_id.amazon_email
        self.assertTrue(alias)
        self.assertFalse([key for key in self.env["amazon.claim"].search([]).mapped("key") if alias in key])

    def test_old_claims_are_forgotten(self):
        claims = self.env["amazon.claim"]
        claims._take("test", ["one"])
        self.env.cr.execute("UPDATE amazon_claim SET claimed_on = claimed_on - interval '3 days'")
        claims._gc_old()
        self.assertFalse(claims.search_count([]))

    def test_an_offer_is_amazons_in_whatever_order_the_orders_of_a_batch_come(self):
        shipped_by_amazon = self.order(channel="FBA", items=["MUG-RED-11OZ"], age=900)
        self.receive(shipped_by_amazon, self.order(items=["MUG-RED-11OZ"], age=300))
        offer = self.env["amazon.offer"].search([("account_id", "=", self.account.id)])
        self.assertEqual(offer.amazon_channel, "fba")
