"""What users of other connectors complain about, and must never happen here: shipments, carriers, cancellation."""

from unittest.mock import patch

from odoo.tests import tagged

from ..spapi.shipments import confirmation_body
from .account_common import SELLER_EU
from .shipment_common import TRACKING, ShipmentCase


@tagged("post_install", "-at_install")
class TestRegressionsShipments(ShipmentCase):
    def body(self, shipment):
        return confirmation_body(self.germany.api_ref, shipment._prepare_package())["packageDetail"]

    def test_regr_the_package_reference_is_a_number_sent_as_a_text(self):
        """https://github.com/amzn/selling-partner-api-models/issues/5094"""
        sale_order = self.order_in()
        self.deliver(sale_order)
        reference = self.body(self.shipments(sale_order))["packageReferenceId"]
        self.assertIsInstance(reference, str)
        self.assertGreater(int(reference), 0)

    def test_regr_package_numbers_count_from_one_in_each_order(self):
        first, second = self.order_in(("MUG-RED-11OZ", 2)), self.order_in(("MUG-RED-11OZ", 2))
        for sale_order in (first, second, first, second):
            self.deliver(sale_order, {self.mug: 1})
        for sale_order in (first, second):
            self.assertEqual(self.shipments(sale_order).mapped("package_ref"), [1, 2])

    def test_regr_an_order_already_fulfilled_with_this_parcel_is_a_success(self):
        """https://github.com/amzn/selling-partner-api-models/issues/5037"""
        sale_order = self.order_in()
        self.store.ship_order(sale_order.amazon_order_ref, tracking_number=TRACKING)
        picking = self.deliver(sale_order)
        self.shipments(sale_order).package_ref = 9
        self.send()
        self.assertEqual(picking.amazon_sync_status, "done")

    def test_regr_order_items_are_a_list_of_references_and_whole_numbers(self):
        sale_order = self.order_in(("MUG-RED-11OZ", 2), "TEA")
        self.deliver(sale_order)
        items = self.body(self.shipments(sale_order))["orderItems"]
        self.assertIsInstance(items, list)
        self.assertEqual(
            {item["orderItemId"]: item["quantity"] for item in items},
            {line.amazon_item_ref: int(line.product_uom_qty) for line in sale_order._amazon_product_lines()},
        )
        self.assertEqual({type(item["quantity"]) for item in items}, {int})

    def test_regr_a_carrier_outside_amazons_list_is_other_with_its_name(self):
        sale_order = self.order_in()
        self.deliver(sale_order)
        body = self.body(self.shipments(sale_order))
        self.assertEqual((body["carrierCode"], body["carrierName"]), ("Other", "House Courier"))

    def test_regr_spaces_in_a_tracking_number_do_not_reach_amazon(self):
        sale_order = self.order_in()
        self.deliver(sale_order, tracking=" 00 3404 3416 ")
        self.assertEqual(self.body(self.shipments(sale_order))["trackingNumber"], "0034043416")

    def test_regr_what_amazon_says_of_a_refused_number_is_shown(self):
        sale_order = self.order_in()
        self.store.add_fault("confirmShipment", "invalid_input")
        picking = self.deliver(sale_order)
        self.send()
        self.assertIn("Amazon says: ", picking.amazon_sync_reason)

    def test_regr_a_204_without_effect_is_not_taken_for_confirmed(self):
        """https://github.com/amzn/selling-partner-api-models/issues/5232"""
        sale_order = self.order_in()
        self.store.add_fault("confirmShipment", "accepted_without_effect")
        picking = self.deliver(sale_order)
        self.send()
        self.update_order(sale_order)
        self.assertEqual(picking.amazon_sync_status, "sent")

    def test_regr_a_cancellation_that_the_buyer_asks_for_warns_before_it_is_shipped(self):
        sale_order = self.order_in()
        self.store.request_cancellation(sale_order.amazon_order_ref)
        self.update_order(sale_order)
        self.assertTrue(sale_order.activity_ids)
        picking = self.pick(self.delivery(sale_order))
        picking.write({"carrier_id": self.carrier.id, "carrier_tracking_ref": TRACKING})
        action = picking.button_validate()
        self.assertEqual(action["res_model"], "amazon.delivery.warning")
        self.assertIn("asked Amazon to cancel", self.env[action["res_model"]].browse(action["res_id"]).message)

    def test_regr_a_buyer_who_asks_to_cancel_an_easy_ship_order_warns_too(self):
        sale_order = self.order_in(programs=("AMAZON_EASY_SHIP",))
        self.store.request_cancellation(sale_order.amazon_order_ref)
        self.update_order(sale_order)
        action = self.pick(self.delivery(sale_order)).button_validate()
        self.assertEqual(action["res_model"], "amazon.delivery.warning")

    def test_regr_cancelling_in_odoo_tells_amazon_nothing(self):
        """Amazon has no call for it: the seller cancels in Seller Central, and the order says so."""
        sale_order = self.order_in()
        sale_order._action_cancel()
        self.send()
        self.assertFalse(self.confirm_calls())

    def test_regr_joined_tracking_numbers_never_reach_amazon_as_one(self):
        sale_order = self.order_in(("MUG-RED-11OZ", 2))
        picking = self.deliver(sale_order, tracking="A1,B2")
        self.send()
        self.assertFalse(self.confirm_calls())
        self.assertEqual(picking.amazon_sync_status, "waiting_tracking")

    def test_regr_easy_ship_orders_are_not_confirmed(self):
        sale_order = self.order_in(programs=("AMAZON_EASY_SHIP",))
        self.deliver(sale_order)
        self.send()
        self.assertFalse(self.confirm_calls())

    def test_regr_goods_of_the_backorder_are_not_confirmed_with_the_first_parcel(self):
        sale_order = self.order_in(("MUG-RED-11OZ", 2), "TEA")
        self.deliver(sale_order, {self.mug: 1})
        self.send()
        (confirmation,) = self.confirmations(sale_order)
        self.assertEqual(list(confirmation.items.values()), [1])

    def test_regr_a_lost_answer_does_not_make_a_second_parcel(self):
        sale_order = self.order_in(("MUG-RED-11OZ", 2))
        self.store.add_fault("confirmShipment", "answer_lost", times=2)
        self.deliver(sale_order)
        self.send()
        self.shipments(sale_order).retry_at = False
        self.send()
        packages = self.store.orders[sale_order.amazon_order_ref].order["packages"]
        self.assertEqual([package["packageReferenceId"] for package in packages], ["1"])
        self.assertEqual(self.shipments(sale_order).state, "sent")

    def test_regr_a_worker_killed_after_the_call_sends_the_same_parcel_again(self):
        sale_order = self.order_in(("MUG-RED-11OZ", 2))
        self.deliver(sale_order)
        shipment = self.shipments(sale_order)
        with patch.object(type(shipment), "_note_sent", side_effect=KeyboardInterrupt):
            savepoint = self.env.cr.savepoint()
            with self.assertRaises(KeyboardInterrupt):
                self.send()
            savepoint.close(rollback=True)
            self.env.invalidate_all()
        self.assertEqual(shipment.state, "pending")
        self.send()
        packages = self.store.orders[sale_order.amazon_order_ref].order["packages"]
        self.assertEqual(len(packages), 1)
        self.assertEqual(sum(item["quantity"] for item in packages[0]["packageItems"]), 2)

    def test_regr_the_carriers_label_is_made_for_amazon_deliveries_too(self):
        """Odoo has the carrier make it where it would mail the buyer, which Amazon's buyers must not be."""
        self.carrier.integration_level = "rate_and_ship"
        self.account.warehouse_id.out_type_id.print_label = True
        picking = self.pick(self.delivery(self.order_in()))
        picking.carrier_id = self.carrier
        shipped = [{"exact_price": 0.0, "tracking_number": "FROM-CARRIER-1"}]
        with patch.object(type(self.carrier), "send_shipping", return_value=shipped):
            self.validate(picking)
        self.assertEqual(picking.carrier_tracking_ref, "FROM-CARRIER-1")
        self.assertEqual(picking.amazon_sync_status, "pending")

    def test_regr_the_carriers_price_does_not_change_what_the_buyer_paid(self):
        self.carrier.write({"fixed_price": 7.0, "invoice_policy": "real", "integration_level": "rate_and_ship"})
        self.account.warehouse_id.out_type_id.print_label = True
        sale_order = self.order_in()
        total = sale_order.amount_total
        picking = self.deliver(sale_order, tracking=False)
        self.assertEqual(picking.carrier_price, 7.0)
        self.assertEqual(sale_order.amount_total, total)

    def test_regr_the_buyer_gets_no_mail_of_the_delivery(self):
        self.env.company.stock_move_email_validation = True
        picking = self.deliver(self.order_in())
        mails = self.env["mail.mail"].search([("model", "=", "stock.picking"), ("res_id", "=", picking.id)])
        self.assertFalse(mails)
        self.assertFalse(picking.message_ids.filtered("partner_ids"))
        self.assertNotIn(picking.partner_id, picking.message_partner_ids)

    def test_regr_nothing_personal_stands_in_the_log_or_the_reason(self):
        sale_order = self.order_in(buyer_name="Jane Example")
        self.store.add_fault("confirmShipment", "invalid_input")
        picking = self.deliver(sale_order)
        with self.assertLogs("odoo.addons.amazon_connector", "DEBUG") as logs:
            self.send()
        for text in (*logs.output, picking.amazon_sync_reason):
            self.assertNotIn("Jane", text)
            self.assertNotIn(TRACKING, text)

    def test_regr_one_seller_cannot_confirm_with_the_token_of_another(self):
        other = self.new_account(name="Second Shop")
        other.write({"state": "linked", "seller_key": "A9OTHER"})
        self.deliver(self.order_in())
        self.send()
        self.assertEqual({call.seller_id for call in self.confirm_calls()}, {SELLER_EU})
