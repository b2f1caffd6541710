"""What Odoo's documentation promises of deliveries of Amazon orders (Amazon Connector, "Manage deliveries").

https://www.odoo.com/documentation/18.0/applications/sales/sales/amazon_connector/manage.html
"""

from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from .shipment_common import TRACKING, ShipmentCase


@tagged("post_install", "-at_install")
class TestDocumentedDeliveries(ShipmentCase):
    def deliver_refused(self, *sale_orders):
        """Deliver what Amazon refuses once."""
        self.store.add_fault("confirmShipment", "invalid_input", times=len(sale_orders))
        pickings = self.env["stock.picking"].concat(*(self.deliver(sale_order) for sale_order in sale_orders))
        self.send()
        self.assertEqual(set(pickings.mapped("amazon_sync_status")), {"error"})
        return pickings

    def label(self, picking):
        return dict(picking._fields["amazon_sync_status"]._description_selection(self.env))[picking.amazon_sync_status]

    def test_a_delivery_is_made_with_the_synchronized_order(self):
        sale_order = self.order_in(("MUG-RED-11OZ", 2))
        self.assertEqual(len(sale_order.picking_ids), 1)
        self.assertEqual(sale_order.picking_ids.move_ids.product_uom_qty, 2)

    def test_an_order_is_shipped_at_once_or_in_parts_through_backorders(self):
        sale_order = self.order_in(("MUG-RED-11OZ", 3))
        for _parcel in range(3):
            self.deliver(sale_order, {self.mug: 1})
            self.send()
        quantities = [sum(confirmation.items.values()) for confirmation in self.confirmations(sale_order)]
        self.assertEqual(quantities, [1, 1, 1])
        order = self.store.orders[sale_order.amazon_order_ref].order
        self.assertEqual(order["fulfillment"]["fulfillmentStatus"], "SHIPPED")

    def test_validating_the_delivery_notifies_amazon(self):
        sale_order = self.order_in()
        self.deliver(sale_order)
        self.assertTrue(self.triggers())
        self.send()
        self.assertEqual(len(self.confirmations(sale_order)), 1)

    def test_a_tracking_reference_is_wanted_on_every_marketplace_and_may_be_entered_by_hand(self):
        for marketplace in ("DE", "FR", "IT", "ES", "GB"):
            sale_order = self.order_in(marketplace=marketplace)
            picking = self.deliver(sale_order, tracking=False)
            self.assertEqual(picking.amazon_sync_status, "waiting_tracking")
            picking.carrier_tracking_ref = TRACKING
            self.send()
            self.assertEqual(self.confirmations(sale_order)[0].tracking, TRACKING)

    def test_the_carrier_is_found_whatever_the_case_of_its_name(self):
        for name in ("DHL", "dhl", "Dhl"):
            sale_order = self.order_in()
            self.deliver(sale_order, carrier=self.new_carrier(name))
            self.send()
            self.assertEqual(self.confirmations(sale_order)[0].carrier_code, "DHL")

    def test_a_carrier_that_amazon_does_not_know_goes_by_its_own_name(self):
        sale_order = self.order_in()
        self.deliver(sale_order, carrier=self.new_carrier("Bicycle Messengers"))
        self.send()
        (confirmation,) = self.confirmations(sale_order)
        self.assertEqual((confirmation.carrier_code, confirmation.carrier_name), ("Other", "Bicycle Messengers"))

    def test_self_delivery_needs_a_tracking_reference_too(self):
        sale_order = self.order_in()
        picking = self.deliver(sale_order, carrier=self.new_carrier("Self Delivery"), tracking=False)
        self.send()
        self.assertFalse(self.confirmations(sale_order))
        picking.carrier_tracking_ref = "OWN-VAN-1"
        self.send()
        self.assertEqual(self.confirmations(sale_order)[0].tracking, "OWN-VAN-1")

    def test_the_responsible_gets_one_mail_with_all_failed_shipments_and_amazons_errors(self):
        pickings = self.deliver_refused(self.order_in(), self.order_in())
        (mail,) = self.sent_mails()
        for picking in pickings:
            self.assertIn(picking.name, mail.body_html)
            self.assertIn(picking.amazon_order_ref, mail.body_html)
        self.assertIn("Amazon says", mail.body_html)

    def test_a_failed_delivery_has_the_tag_and_the_retry_button_helps_after_mending(self):
        sale_order = self.order_in()
        picking = self.deliver_refused(sale_order)
        self.assertEqual(self.label(picking), "Synchronization with Amazon failed")
        picking.carrier_tracking_ref = "MENDED"
        picking.action_retry_amazon_sync()
        self.send()
        self.assertEqual(self.confirmations(sale_order)[0].tracking, "MENDED")

    def test_failed_and_synchronized_deliveries_are_found_by_filters(self):
        failed = self.deliver_refused(self.order_in())
        view = self.env["stock.picking"].get_view(self.env.ref("stock.view_picking_internal_search").id, "search")
        for name in ("amazon_failed", "amazon_synchronized", "amazon_waiting_tracking"):
            self.assertIn(f'name="{name}"', view["arch"])
        self.assertIn(failed, self.env["stock.picking"].search([("amazon_sync_status", "=", "error")]))

    def test_an_error_that_names_no_shipment_fails_all_that_wait(self):
        """Amazon may deny access once by mistake; what it denies in the next run, too, it denies to all."""
        pickings = [self.deliver(self.order_in()) for _number in range(3)]
        for minutes in (0, 11):
            self.store.add_fault("confirmShipment", "access_denied")
            with freeze_time(fields.Datetime.now() + timedelta(minutes=minutes), tick=True):
                self.send()
        self.assertEqual({picking.amazon_sync_status for picking in pickings}, {"error"})

    def test_the_tag_becomes_synchronized_once_amazon_confirms_hastened_by_recover_order(self):
        sale_order = self.order_in()
        picking = self.deliver_refused(sale_order)
        picking.action_retry_amazon_sync()
        self.send()
        self.account.action_recover_order(sale_order.amazon_order_ref)
        self.assertEqual(self.label(picking), "Synchronized with Amazon")

    def test_the_tag_becomes_synchronized_hastened_by_sync_orders(self):
        picking = self.deliver(self.order_in())
        self.send()
        self.store.clock.advance(130)
        self.account.last_orders_sync = False
        self.account.action_sync_orders()
        self.assertEqual(self.label(picking), "Synchronized with Amazon")

    # --- More than is promised ---

    def test_a_delivery_without_carrier_or_tracking_is_stopped_before_it_leaves(self):
        for carrier, tracking, words in (
            (self.env["delivery.carrier"], TRACKING, "No carrier"),
            (self.carrier, False, "tracking reference is missing"),
            (self.carrier, "A1,B2", "2 tracking numbers"),
        ):
            picking = self.pick(self.delivery(self.order_in()))
            picking.write({"carrier_id": carrier.id, "carrier_tracking_ref": tracking})
            action = picking.button_validate()
            self.assertEqual(action["res_model"], "amazon.delivery.warning")
            self.assertNotEqual(picking.state, "done")
            warning = self.env["amazon.delivery.warning"].browse(action["res_id"])
            self.assertIn(words, warning.message)

    def test_a_carrier_that_gives_the_number_itself_is_not_warned_about(self):
        picking = self.pick(self.delivery(self.order_in()))
        picking.picking_type_id.print_label = True
        picking.carrier_id = self.carrier
        self.assertTrue(picking._amazon_warnings())
        with patch.object(type(picking), "_amazon_gets_tracking_from_carrier", return_value=True):
            self.assertFalse(picking._amazon_warnings())

    def test_the_warning_can_be_overridden_and_the_delivery_waits(self):
        picking = self.pick(self.delivery(self.order_in()))
        action = picking.button_validate()
        warning = self.env["amazon.delivery.warning"].with_context(**action["context"]).browse(action["res_id"])
        self.assertIs(warning.action_validate_anyway(), True)
        self.assertEqual((picking.state, picking.amazon_sync_status), ("done", "waiting_tracking"))

    def test_after_the_warning_odoo_still_asks_for_the_backorder(self):
        picking = self.pick(self.delivery(self.order_in(("MUG-RED-11OZ", 2))), {self.mug: 1})
        action = picking.button_validate()
        warning = self.env["amazon.delivery.warning"].with_context(**action["context"]).browse(action["res_id"])
        action = warning.action_validate_anyway()
        self.assertEqual(action["res_model"], "stock.backorder.confirmation")
        backorder = self.env[action["res_model"]].with_context(**action["context"]).create({})
        backorder.process()
        self.assertEqual(picking.state, "done")

    def test_a_complete_delivery_and_one_of_other_orders_are_not_stopped(self):
        picking = self.pick(self.delivery(self.order_in()))
        picking.write({"carrier_id": self.carrier.id, "carrier_tracking_ref": TRACKING})
        self.assertIs(picking.with_context(skip_sms=True).button_validate(), True)
        self.assertEqual(picking.state, "done")
        internal = self.env["stock.picking"].create(
            {
                "picking_type_id": self.account.warehouse_id.out_type_id.id,
                "location_id": picking.location_id.id,
                "location_dest_id": picking.location_dest_id.id,
            }
        )
        self.assertFalse(internal._amazon_warnings())

    def test_several_packages_are_several_parcels_with_a_number_each(self):
        sale_order = self.order_in(("MUG-RED-11OZ", 3))
        picking = self.pick(self.delivery(sale_order))
        self.pack(picking, {self.mug: 1}, {self.mug: 2})
        picking.write({"carrier_id": self.carrier.id, "carrier_tracking_ref": "A1,B2"})
        self.validate(picking)
        self.send()
        told = [
            (confirmation.package_reference, confirmation.tracking, sum(confirmation.items.values()))
            for confirmation in self.confirmations(sale_order)
        ]
        self.assertEqual(told, [("1", "A1", 1), ("2", "B2", 2)])
