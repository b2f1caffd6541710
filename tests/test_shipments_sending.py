from datetime import timedelta
from unittest.mock import patch

import psycopg2
from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.sql_db import PoolError
from odoo.tests import new_test_user, tagged
from odoo.tools import file_open

from .account_common import SELLER_EU
from .shipment_common import TRACKING, ShipmentCase


@tagged("post_install", "-at_install")
class TestShipmentSending(ShipmentCase):
    """What reaches Amazon, when, and what becomes of a refusal."""

    def test_a_pending_parcel_is_confirmed_to_amazon_with_all_it_wants(self):
        sale_order = self.order_in(("MUG-RED-11OZ", 2))
        picking = self.deliver(sale_order)
        self.send()
        (confirmation,) = self.confirmations(sale_order)
        item = sale_order._amazon_product_lines().amazon_item_ref
        self.assertEqual(confirmation.items, {item: 2})
        self.assertEqual(confirmation.package_reference, "1")
        self.assertEqual((confirmation.carrier_code, confirmation.carrier_name), ("Other", "House Courier"))
        self.assertEqual(confirmation.tracking, TRACKING)
        self.assertEqual(confirmation.ship_date.replace(tzinfo=None), picking.date_done)
        self.assertEqual(confirmation.marketplace_id, self.germany.api_ref)
        self.assertEqual(picking.amazon_sync_status, "sent")

    def test_amazon_is_told_from_where_the_parcel_left_where_it_knows_the_place(self):
        self.account.warehouse_id.amazon_supply_source_ref = "SOURCE-1"
        sale_order = self.order_in()
        self.deliver(sale_order)
        self.assertEqual(self.shipments(sale_order)._prepare_package().ship_from_supply_source_id, "SOURCE-1")
        self.send()
        self.assertEqual(len(self.confirmations(sale_order)), 1)

    def test_every_parcel_is_sent_once(self):
        sale_orders = [self.order_in(("MUG-RED-11OZ", 2)) for _number in range(3)]
        for sale_order in sale_orders:
            self.deliver(sale_order, {self.mug: 1})
            self.deliver(sale_order)
        self.send()
        self.send()
        self.assertEqual(len(self.confirm_calls()), 6)
        for sale_order in sale_orders:
            references = [confirmation.package_reference for confirmation in self.confirmations(sale_order)]
            self.assertEqual(references, ["1", "2"])

    def test_without_tracking_it_waits_and_goes_when_the_number_is_entered(self):
        sale_order = self.order_in()
        picking = self.deliver(sale_order, tracking=False)
        self.send()
        self.assertFalse(self.confirm_calls())
        self.assertEqual(picking.amazon_sync_status, "waiting_tracking")
        self.assertIn("tracking reference", picking.amazon_sync_reason)
        before = self.triggers()
        picking.carrier_tracking_ref = "00 3404 34"
        self.assertEqual(picking.amazon_sync_status, "pending")
        self.assertTrue(self.triggers() - before)
        self.send()
        self.assertEqual(self.confirmations()[0].tracking, "00340434")

    def test_without_carrier_it_waits_and_goes_when_one_is_chosen(self):
        sale_order = self.order_in()
        picking = self.deliver(sale_order, carrier=self.env["delivery.carrier"])
        self.assertEqual(picking.amazon_sync_status, "waiting_tracking")
        self.assertIn("carrier", picking.amazon_sync_reason)
        picking.carrier_id = self.carrier
        self.send()
        self.assertEqual(picking.amazon_sync_status, "sent")

    def test_the_account_counts_and_opens_what_waits_for_tracking(self):
        waiting = self.deliver(self.order_in(), tracking=False).amazon_shipment_ids
        self.deliver(self.order_in())
        self.assertEqual((self.account.untracked_shipment_count, self.account.failed_shipment_count), (1, 0))
        action = self.account.action_open_untracked_shipments()
        self.assertEqual(self.env["amazon.shipment"].search(action["domain"]), waiting)
        waiting.tracking_ref = TRACKING
        self.account.invalidate_recordset()
        self.assertFalse(self.account.untracked_shipment_count)

    def test_a_corrected_tracking_number_is_sent_as_an_edit_of_the_same_parcel(self):
        sale_order = self.order_in()
        picking = self.deliver(sale_order, tracking="WRONG")
        self.send()
        picking.carrier_tracking_ref = TRACKING
        self.assertEqual(picking.amazon_sync_status, "pending")
        self.send()
        first, second = self.confirmations(sale_order)
        self.assertEqual((first.package_reference, second.package_reference), ("1", "1"))
        self.assertEqual((second.tracking, second.is_edit), (TRACKING, True))

    def test_a_corrected_carrier_is_sent_as_an_edit(self):
        sale_order = self.order_in()
        picking = self.deliver(sale_order)
        self.send()
        picking.carrier_id = self.new_carrier("Another Courier")
        self.send()
        self.assertEqual([entry.carrier_name for entry in self.confirmations()], ["House Courier", "Another Courier"])

    def test_what_stays_the_same_is_not_sent_again(self):
        picking = self.deliver(self.order_in())
        self.send()
        picking.write({"carrier_tracking_ref": TRACKING, "carrier_id": self.carrier.id})
        self.send()
        self.assertEqual(len(self.confirm_calls()), 1)

    def test_a_number_taken_away_after_sending_changes_nothing_at_amazon(self):
        picking = self.deliver(self.order_in())
        self.send()
        picking.carrier_tracking_ref = False
        self.send()
        self.assertEqual(picking.amazon_sync_status, "sent")
        self.assertEqual(len(self.confirm_calls()), 1)

    # --- Trouble that passes ---

    def test_throttled_parcels_wait_and_the_scheduler_comes_back_when_amazon_says(self):
        pickings = [self.deliver(self.order_in()) for _number in range(2)]
        self.store.add_fault("confirmShipment", "throttled")
        before = self.triggers()
        self.send()
        self.assertEqual([picking.amazon_sync_status for picking in pickings], ["pending", "pending"])
        trigger = self.triggers() - before
        self.assertGreater(trigger.call_at, fields.Datetime.now())
        with freeze_time(trigger.call_at + timedelta(seconds=1), tick=True):
            self.send()
        self.assertEqual([picking.amazon_sync_status for picking in pickings], ["sent", "sent"])
        self.assertFalse(self.sent_mails())

    def test_an_unavailable_amazon_is_tried_again_later_and_nobody_is_mailed(self):
        picking = self.deliver(self.order_in())
        self.store.add_fault("confirmShipment", "unavailable", times=3)
        self.send()
        shipment = picking.amazon_shipment_ids
        self.assertEqual(shipment.state, "pending")
        self.assertGreater(shipment.retry_at, fields.Datetime.now())
        self.assertIn("cannot be reached", picking.amazon_sync_reason)
        calls = len(self.confirm_calls())
        self.send()
        self.assertEqual(len(self.confirm_calls()), calls)
        self.store.clear_faults()
        with freeze_time(fields.Datetime.now() + timedelta(minutes=5), tick=True):
            self.send()
        self.assertEqual((picking.amazon_sync_status, picking.amazon_sync_reason), ("sent", False))
        self.assertFalse(self.sent_mails())

    def test_one_parcel_without_an_answer_does_not_hold_up_the_others(self):
        first, second = [self.deliver(self.order_in()) for _number in range(2)]
        self.store.add_fault("confirmShipment", "unavailable")
        self.send()
        states = {first.amazon_sync_status, second.amazon_sync_status}
        self.assertEqual(states, {"pending", "sent"})

    # --- Refusals ---

    def test_a_refused_parcel_shows_why_in_plain_words_and_amazons(self):
        picking = self.refuse(self.order_in())
        self.assertEqual(picking.amazon_sync_status, "error")
        self.assertIn("Amazon says: ", picking.amazon_sync_reason)
        self.assertIn("PackageToUpdateNotFound", picking.amazon_sync_reason)

    def test_a_refused_parcel_is_never_sent_again_by_itself(self):
        self.refuse(self.order_in())
        calls = len(self.confirm_calls())
        self.send()
        self.assertEqual(len(self.confirm_calls()), calls)

    def test_one_mail_lists_all_deliveries_that_failed_and_no_buyer(self):
        sale_orders = [self.order_in(buyer_name="Jane Example") for _number in range(3)]
        for sale_order in sale_orders:
            self.store.cancel_order(sale_order.amazon_order_ref)
        pickings = [self.deliver(sale_order) for sale_order in sale_orders]
        self.send()
        (mail,) = self.sent_mails()
        for picking in pickings:
            self.assertIn(picking.name, mail.body_html)
        self.assertIn("PackageToUpdateNotFound", mail.body_html)
        self.assertNotIn("Jane", mail.body_html)
        self.send()
        self.assertEqual(self.sent_mails(), mail)

    def test_a_parcel_that_fails_again_is_mailed_again(self):
        picking = self.refuse(self.order_in())
        picking.action_retry_amazon_sync()
        self.send()
        self.assertEqual(len(self.sent_mails()), 2)

    # --- Refusals of which nobody can be mailed ---

    def failure_tasks(self):
        kind = self.env.ref("amazon_connector.mail_activity_failed_shipments")
        return self.account.activity_ids.filtered(lambda task: task.activity_type_id == kind)

    def test_without_a_salesperson_what_failed_is_a_task_of_who_made_the_account(self):
        self.account.user_id = False
        self.refuse(self.order_in())
        task = self.failure_tasks()
        self.assertEqual(task.user_id, self.account.create_uid)
        self.assertIn("Failed Shipments", task.note)
        self.assertIn("e-mail address", task.note)

    def test_a_salesperson_without_an_e_mail_address_gets_a_task(self):
        self.account.user_id.email = False
        self.refuse(self.order_in())
        self.assertEqual(self.failure_tasks().user_id, self.account.user_id)
        self.assertFalse(self.sent_mails())

    def test_who_is_mailed_of_what_failed_gets_no_task(self):
        self.refuse(self.order_in())
        self.assertFalse(self.failure_tasks())

    def test_what_fails_later_makes_one_task_of_all_that_failed(self):
        self.account.user_id = False
        self.refuse(self.order_in())
        first = self.failure_tasks()
        self.send()
        self.assertEqual(self.failure_tasks(), first)
        self.refuse(self.order_in())
        task = self.failure_tasks()
        self.assertEqual(len(task), 1)
        self.assertIn("2", task.summary)

    def test_task_goes_away_when_nothing_is_failed_any_more(self):
        self.account.user_id = False
        self.store.add_fault("confirmShipment", "invalid_input")
        picking = self.deliver(self.order_in())
        self.send()
        self.assertTrue(self.failure_tasks())
        picking.action_retry_amazon_sync()
        self.send()
        self.assertFalse(self.failure_tasks())

    # --- Retry ---

    def test_retry_sends_many_again_and_later_success_shows(self):
        sale_orders = [self.order_in() for _number in range(2)]
        pickings = self.env["stock.picking"]
        self.store.add_fault("confirmShipment", "invalid_input", times=2)
        for sale_order in sale_orders:
            pickings |= self.deliver(sale_order)
        self.send()
        self.assertEqual(set(pickings.mapped("amazon_sync_status")), {"error"})
        action = pickings.action_retry_amazon_sync()
        self.assertEqual(action["params"]["type"], "success")
        self.assertEqual(set(pickings.mapped("amazon_sync_status")), {"pending"})
        self.send()
        for sale_order in sale_orders:
            self.update_order(sale_order)
        self.assertEqual(set(pickings.mapped("amazon_sync_status")), {"done"})
        labels = dict(pickings._fields["amazon_sync_status"]._description_selection(self.env))
        self.assertEqual(labels["done"], "Synchronized with Amazon")
        self.assertEqual(labels["error"], "Synchronization with Amazon failed")

    # --- Trouble of our own ---

    def test_a_database_that_is_busy_fails_no_parcel(self):
        picking = self.deliver(self.order_in())
        for error in (psycopg2.errors.LockNotAvailable(), psycopg2.OperationalError(), PoolError("full")):
            with (
                self.subTest(type(error).__name__),
                patch.object(type(self.account._gateway()), "confirm_shipment", side_effect=error),
                self.assertNoLogs("odoo.addons.amazon_connector", "ERROR"),
            ):
                self.send()
            self.assertEqual(picking.amazon_sync_status, "pending")
        self.assertFalse(self.sent_mails())
        self.send()
        self.assertEqual(picking.amazon_sync_status, "sent")

    def test_a_parcel_whose_order_cannot_be_looked_at_does_not_hold_up_the_others(self):
        for kind in ("unavailable", "access_denied", "throttled"):
            with self.subTest(kind):
                first, second = [self.deliver(self.order_in()) for _number in range(2)]
                self.store.add_fault("confirmShipment", "invalid_input", code="PackageToUpdateNotFound")
                self.store.add_fault("getOrder", kind, times=None)
                self.send()
                self.store.clear_faults()
                states = {first.amazon_sync_status, second.amazon_sync_status}
                self.assertEqual(states, {"pending", "sent"})
                waiting = (first | second).amazon_shipment_ids.filtered(lambda parcel: parcel.state == "pending")
                self.assertGreater(waiting.retry_at, fields.Datetime.now())
                self.assertEqual(waiting.attempts, 1)
                self.assertFalse(self.sent_mails())
                self.store.reset_quotas()
                self.env["amazon.quota"].search([]).unlink()

    def test_an_attempt_is_counted_once(self):
        self.assertEqual(self.refuse(self.order_in()).amazon_shipment_ids.attempts, 1)

    def test_a_fault_of_our_own_stops_one_parcel_and_no_other(self):
        first, second = [self.deliver(self.order_in()) for _number in range(2)]
        original = type(self.env["amazon.shipment"])._prepare_package

        def broken(shipment):
            if shipment.picking_id == first:
                raise ZeroDivisionError
            return original(shipment)

        self.patch(type(self.env["amazon.shipment"]), "_prepare_package", broken)
        with self.assertLogs("odoo.addons.amazon_connector", "ERROR"):
            self.send()
        self.assertEqual((first.amazon_sync_status, second.amazon_sync_status), ("error", "sent"))
        self.assertIn("ZeroDivisionError", first.amazon_sync_reason)

    # --- Accounts ---

    def test_an_account_that_has_to_be_linked_again_loses_nothing(self):
        picking = self.deliver(self.order_in())
        self.store.revoke(SELLER_EU)
        self.send()
        self.assertEqual(self.account.state, "reauthorize")
        self.assertEqual(picking.amazon_sync_status, "pending")
        self.assertFalse(self.sent_mails())
        self.link()
        self.send()
        self.assertEqual(picking.amazon_sync_status, "sent")

    def test_a_disconnected_account_keeps_what_waits(self):
        sale_order = self.order_in()
        self.account.action_disconnect()
        picking = self.deliver(sale_order)
        self.send()
        self.assertEqual(picking.amazon_sync_status, "pending")
        self.link()
        self.send()
        self.assertEqual(picking.amazon_sync_status, "sent")

    def test_a_neutralized_copy_sends_nothing(self):
        picking = self.deliver(self.order_in())
        with file_open("amazon_connector/data/neutralize.sql") as file:
            self.env.cr.execute(file.read())
        self.env.invalidate_all()
        self.send()
        self.assertFalse(self.confirm_calls())
        self.assertEqual(picking.amazon_sync_status, "pending")
        self.assertFalse(self.env.ref("amazon_connector.ir_cron_send_shipments").active)

    def test_sync_pickings_sends_at_once_and_says_what_became_of_it(self):
        picking = self.deliver(self.order_in())
        action = self.account.action_sync_pickings()
        self.assertEqual(picking.amazon_sync_status, "sent")
        self.assertIn("sent to Amazon: 1", action["params"]["message"])
        self.assertEqual(self.account.action_sync_pickings()["params"]["type"], "info")

    def test_a_parcel_of_another_company_is_not_seen(self):
        picking = self.deliver(self.order_in())
        other = self.env["res.company"].create({"name": "Other Company"})
        user = new_test_user(
            self.env,
            "other_worker",
            groups="stock.group_stock_user",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        visible = self.env["amazon.shipment"].with_user(user).with_company(other).search([])
        self.assertNotIn(picking.amazon_shipment_ids, visible)

    def test_a_warehouse_worker_validates_enters_the_number_and_retries(self):
        worker = new_test_user(self.env, "worker", groups="stock.group_stock_user")
        sale_order = self.order_in()
        picking = self.pick(self.delivery(sale_order)).with_user(worker)
        picking.carrier_id = self.carrier
        self.validate(picking)
        picking.amazon_shipment_ids.tracking_ref = TRACKING
        self.store.add_fault("confirmShipment", "invalid_input")
        self.send()
        self.assertEqual(picking.amazon_sync_status, "error")
        picking.action_retry_amazon_sync()
        self.send()
        self.assertEqual(picking.amazon_sync_status, "sent")

    def test_a_worker_who_sees_only_own_sales_orders_sees_the_parcels_of_a_delivery(self):
        picking = self.deliver(self.order_in(("MUG-RED-11OZ", 2)))
        groups = "stock.group_stock_user,sales_team.group_sale_salesman"
        shipment = picking.amazon_shipment_ids.with_user(new_test_user(self.env, "worker", groups=groups))
        self.assertEqual(shipment.contents, "2 × MUG-RED-11OZ")

    def test_a_warehouse_worker_cannot_call_a_parcel_sent(self):
        worker = new_test_user(self.env, "worker", groups="stock.group_stock_user")
        picking = self.deliver(self.order_in())
        with self.assertRaises(AccessError):
            picking.amazon_shipment_ids.with_user(worker).write({"state": "sent"})
