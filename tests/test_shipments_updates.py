from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from .shipment_common import TRACKING, ShipmentCase


@tagged("post_install", "-at_install")
class TestShipmentUpdates(ShipmentCase):
    """Only what Amazon shows makes a parcel done."""

    def later(self, hours=2):
        return freeze_time(fields.Datetime.now() + timedelta(hours=hours), tick=True)

    def sent(self, *items, **options):
        sale_order = self.order_in(*items)
        picking = self.deliver(sale_order, **options)
        self.send()
        self.assertEqual(picking.amazon_sync_status, "sent")
        return sale_order, picking

    def test_sent_is_done_only_when_amazon_shows_the_parcel(self):
        sale_order, picking = self.sent()
        self.update_order(sale_order)
        self.assertEqual((picking.amazon_sync_status, picking.amazon_delivery_status), ("done", "Shipped"))

    def test_the_next_synchronization_makes_it_done(self):
        sale_order, picking = self.sent()
        self.store.clock.advance(130)
        self.account.last_orders_sync = False
        self.account.action_sync_orders()
        self.assertEqual(picking.amazon_sync_status, "done")

    def test_an_update_from_before_the_sending_changes_nothing(self):
        sale_order, picking = self.sent()
        self.store.update_order(sale_order.amazon_order_ref, packages=[], age=7200)
        self.update_order(sale_order)
        self.assertEqual(picking.amazon_sync_status, "sent")

    def test_a_dropped_parcel_is_sent_again_after_a_fair_time(self):
        sale_order = self.order_in()
        self.store.add_fault("confirmShipment", "accepted_without_effect")
        picking = self.deliver(sale_order)
        self.send()
        self.assertEqual((picking.amazon_sync_status, self.confirmations()), ("sent", []))
        self.send()
        self.assertEqual(len(self.confirm_calls()), 1)
        with self.later():
            self.send()  # asks Amazon for the order, which does not show the parcel
            self.assertEqual(picking.amazon_sync_status, "pending")
            self.send()
        self.assertEqual(len(self.confirmations(sale_order)), 1)
        self.update_order(sale_order)
        self.assertEqual(picking.amazon_sync_status, "done")

    def test_a_newer_update_that_does_not_show_the_parcel_sends_it_again(self):
        sale_order = self.order_in()
        self.store.add_fault("confirmShipment", "accepted_without_effect")
        picking = self.deliver(sale_order)
        self.send()
        self.store.clock.advance(7200)
        self.store.update_order(sale_order.amazon_order_ref)
        self.update_order(sale_order)
        self.assertEqual(picking.amazon_sync_status, "pending")

    def test_what_amazon_drops_again_and_again_needs_a_person(self):
        sale_order = self.order_in()
        self.store.add_fault("confirmShipment", "accepted_without_effect", times=9)
        picking = self.deliver(sale_order)
        for hours in range(0, 20, 2):
            with self.later(hours):
                self.send()
        self.assertEqual(picking.amazon_sync_status, "error")
        self.assertIn("does not show it", picking.amazon_sync_reason)
        self.assertEqual([call.status for call in self.confirm_calls() if call.status != 403], [204] * 4)
        self.assertEqual(len(self.sent_mails()), 1)

    def test_a_correction_is_done_only_when_amazon_shows_the_new_number(self):
        sale_order, picking = self.sent(tracking="OLD1")
        picking.carrier_tracking_ref = TRACKING
        self.update_order(sale_order)
        self.assertEqual(picking.amazon_sync_status, "pending")
        self.send()
        self.update_order(sale_order)
        self.assertEqual(picking.amazon_sync_status, "done")
        self.assertFalse(sale_order._amazon_product_lines().amazon_shipped_elsewhere)

    def test_delivered_comes_back_onto_the_delivery(self):
        sale_order, picking = self.sent()
        self.store.deliver_package(sale_order.amazon_order_ref, "1")
        self.update_order(sale_order)
        self.assertEqual((picking.amazon_sync_status, picking.amazon_delivery_status), ("done", "Delivered"))

    def test_an_unknown_status_of_the_carrier_is_shown_as_amazon_writes_it(self):
        sale_order, picking = self.sent()
        package = {**self.store.orders[sale_order.amazon_order_ref].order["packages"][0]}
        package["packageStatus"] = {"status": "IN_TRANSIT", "detailedStatus": "HANDED_TO_A_NEIGHBOUR"}
        self.store.update_order(sale_order.amazon_order_ref, packages=[package])
        self.update_order(sale_order)
        self.assertEqual(picking.amazon_delivery_status, "Handed to a neighbour")

    def test_the_same_update_twice_changes_nothing(self):
        sale_order, picking = self.sent()
        self.update_order(sale_order)
        before = picking.amazon_shipment_ids.read()
        self.update_order(sale_order)
        self.assertEqual(picking.amazon_shipment_ids.read(), before)

    # --- Confirmed elsewhere ---

    def test_what_was_confirmed_in_seller_central_is_not_told_again(self):
        sale_order = self.order_in(("MUG-RED-11OZ", 2))
        self.store.ship_order(sale_order.amazon_order_ref, tracking_number="SC1")
        self.update_order(sale_order)
        picking = self.deliver(sale_order)
        self.assertFalse(self.shipments(sale_order))
        self.assertEqual(picking.amazon_sync_status, "done")
        self.send()
        self.assertFalse(self.confirm_calls())

    def test_a_part_confirmed_in_seller_central_leaves_the_rest_to_tell(self):
        sale_order = self.order_in(("MUG-RED-11OZ", 3))
        item = sale_order._amazon_product_lines().amazon_item_ref
        self.store.ship_order(sale_order.amazon_order_ref, quantities={item: 1}, tracking_number="SC1")
        self.update_order(sale_order)
        self.deliver(sale_order)
        self.assertEqual(self.told(sale_order), {item: 2})
        self.assertEqual(self.shipments(sale_order).package_ref, 2)
        self.send()
        self.assertEqual(self.shipments(sale_order).state, "sent")

    def test_a_waiting_parcel_gives_way_to_one_confirmed_in_seller_central(self):
        sale_order = self.order_in(("MUG-RED-11OZ", 2))
        picking = self.deliver(sale_order, tracking=False)
        self.store.ship_order(sale_order.amazon_order_ref, tracking_number="SC1")
        self.update_order(sale_order)
        self.assertEqual(picking.amazon_sync_status, "done")
        picking.carrier_tracking_ref = TRACKING
        self.send()
        self.assertFalse(self.confirm_calls())

    def test_the_same_parcel_confirmed_in_seller_central_is_recognized_by_its_number(self):
        sale_order = self.order_in()
        picking = self.deliver(sale_order)
        self.store.ship_order(sale_order.amazon_order_ref, tracking_number=TRACKING.lower())
        self.update_order(sale_order)
        self.assertEqual(picking.amazon_sync_status, "done")
        self.send()
        self.assertFalse(self.confirm_calls())

    def test_a_refusal_because_amazon_has_the_parcel_already_is_a_success(self):
        sale_order = self.order_in()
        self.store.ship_order(sale_order.amazon_order_ref, tracking_number=TRACKING)
        picking = self.deliver(sale_order)
        self.shipments(sale_order).package_ref = 7
        self.send()
        self.assertEqual(picking.amazon_sync_status, "done")
        self.assertFalse(self.sent_mails())

    def test_a_refusal_because_amazon_has_other_parcels_is_an_error_until_amazon_shows_it(self):
        sale_order = self.order_in()
        self.store.ship_order(sale_order.amazon_order_ref, tracking_number="SOMETHING ELSE")
        picking = self.deliver(sale_order)
        self.shipments(sale_order).package_ref = 7
        self.send()
        self.assertEqual(picking.amazon_sync_status, "error")
        self.assertIn("shipped already", picking.amazon_sync_reason)
        package = {**self.store.orders[sale_order.amazon_order_ref].order["packages"][0], "trackingNumber": TRACKING}
        self.store.update_order(sale_order.amazon_order_ref, packages=[package])
        self.update_order(sale_order)
        self.assertEqual(picking.amazon_sync_status, "done")

    def test_a_call_that_amazon_took_without_answering_is_done_when_it_shows_the_parcel(self):
        sale_order = self.order_in()
        picking = self.deliver(sale_order)
        self.store.add_fault("confirmShipment", "unavailable")
        self.send()
        self.store.ship_order(sale_order.amazon_order_ref, tracking_number=TRACKING)
        self.update_order(sale_order)
        self.assertEqual(picking.amazon_sync_status, "done")

    def test_an_order_that_joins_easy_ship_later_is_not_told(self):
        sale_order = self.order_in()
        self.store.update_order(sale_order.amazon_order_ref, programs=["AMAZON_EASY_SHIP"])
        self.update_order(sale_order)
        self.deliver(sale_order)
        self.assertFalse(self.shipments(sale_order))
