from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from .account_common import SELLER_EU
from .shipment_common import ShipmentCase


@tagged("post_install", "-at_install")
class TestShipmentsDenied(ShipmentCase):
    """Amazon denies access: to the whole account, or to one parcel of it."""

    def deny(self):
        self.store.sellers[SELLER_EU].roles.clear()

    def send_later(self, **duration):
        with freeze_time(fields.Datetime.now() + timedelta(**duration), tick=True):
            self.send()

    def test_access_denied_in_one_run_fails_no_parcel(self):
        pickings = [self.deliver(self.order_in()) for _number in range(3)]
        self.store.add_fault("confirmShipment", "access_denied")
        before = self.triggers()
        self.send()
        self.assertEqual({picking.amazon_sync_status for picking in pickings}, {"pending"})
        self.assertEqual(len(self.confirm_calls()), 1)
        self.assertFalse(self.sent_mails())
        self.assertIn("roles", "".join(filter(None, (picking.amazon_sync_reason for picking in pickings))))
        self.assertTrue(self.triggers() - before)
        self.send_later(minutes=11)
        self.assertEqual({picking.amazon_sync_status for picking in pickings}, {"sent"})
        self.assertFalse(any(self.env["amazon.shipment"].search([]).mapped("denied_on")))

    def test_a_missing_role_fails_all_that_wait_in_the_second_run_and_names_it(self):
        pickings = [self.deliver(self.order_in()) for _number in range(3)]
        self.deny()
        self.send()
        self.send()
        self.assertEqual({picking.amazon_sync_status for picking in pickings}, {"pending"})
        self.send_later(minutes=11)
        self.assertEqual({picking.amazon_sync_status for picking in pickings}, {"error"})
        self.assertEqual(len(self.confirm_calls()), 3)
        self.assertIn("roles", pickings[0].amazon_sync_reason)
        self.assertEqual(len(self.sent_mails()), 1)

    def test_access_denied_twice_with_a_sent_parcel_in_between_fails_none(self):
        picking = self.deliver(self.order_in())
        self.store.add_fault("confirmShipment", "access_denied")
        self.send()
        other = self.deliver(self.order_in())
        self.send()
        self.assertEqual((picking.amazon_sync_status, other.amazon_sync_status), ("pending", "sent"))
        self.store.add_fault("confirmShipment", "access_denied")
        self.send_later(minutes=11)
        self.assertEqual(picking.amazon_sync_status, "pending")

    def test_linking_again_sends_what_failed_for_access_and_nothing_else(self):
        refused = self.refuse(self.order_in())
        pickings = [self.deliver(self.order_in()) for _number in range(2)]
        roles = set(self.store.sellers[SELLER_EU].roles)
        self.deny()
        self.send()
        self.send_later(minutes=11)
        self.assertEqual({picking.amazon_sync_status for picking in pickings}, {"error"})
        self.store.sellers[SELLER_EU].roles.update(roles)
        self.link()
        self.assertEqual({picking.amazon_sync_status for picking in pickings}, {"pending"})
        self.assertEqual(refused.amazon_sync_status, "error")
        self.send()
        self.assertEqual({picking.amazon_sync_status for picking in pickings}, {"sent"})

    # --- One parcel alone ---

    def denied_alone(self):
        """Deliver what Amazon always denies access to, whatever it takes of the account otherwise."""
        picking = self.deliver(self.order_in())
        self.deny_alone(picking)
        return picking

    def deny_alone(self, picking):
        path = picking.sale_id.amazon_order_ref
        self.store.add_fault("confirmShipment", "access_denied", times=None, path=path)

    def states_by_round(self, picking, minutes):
        """The state of a delivery after each of four rounds, in each of which another parcel is sent."""
        states = []
        for number in range(4):
            with freeze_time(fields.Datetime.now() + timedelta(minutes=number * minutes), tick=True):
                self.send()
                other = self.deliver(self.order_in())
                self.send()
                self.assertEqual(other.amazon_sync_status, "sent")
                states.append(picking.amazon_sync_status)
        return states

    def test_a_parcel_that_is_denied_three_times_while_others_go_fails_alone_with_one_mail(self):
        for minutes in (11, 24 * 60):
            with self.subTest(minutes=minutes):
                picking, before = self.denied_alone(), self.sent_mails()
                self.assertEqual(self.states_by_round(picking, minutes), ["pending", "pending", "error", "error"])
                self.assertIn("Amazon says: ", picking.amazon_sync_reason)
                self.assertIn("other shipments", picking.amazon_sync_reason)
                mail = self.sent_mails() - before
                self.assertEqual(len(mail), 1)
                self.assertIn(picking.name, mail.body_html)

    def test_a_refused_parcel_shows_as_well_that_amazon_lets_the_account_in(self):
        picking = self.denied_alone()
        self.send()
        self.refuse(self.order_in())
        for minutes in (11, 22):
            self.send_later(minutes=minutes)
        self.assertEqual(picking.amazon_sync_status, "error")
        self.assertIn("other shipments", picking.amazon_sync_reason)

    def test_what_waits_behind_a_denied_parcel_goes_with_the_next_run_before_it(self):
        denied = self.denied_alone()
        others = [self.deliver(self.order_in()) for _number in range(3)]
        self.send()
        self.send_later(minutes=11)
        self.assertEqual({picking.amazon_sync_status for picking in others}, {"sent"})
        self.assertEqual(denied.amazon_sync_status, "pending")

    def test_a_parcel_that_is_denied_alone_does_not_end_the_run(self):
        denied = [self.deliver(self.order_in()) for _number in range(2)]
        for picking in denied:
            self.deny_alone(picking)
            self.send()
        self.deliver(self.order_in())
        self.send()
        before = len(self.confirm_calls())
        self.send_later(minutes=11)
        self.assertEqual(len(self.confirm_calls()) - before, 2)
        self.assertEqual({picking.amazon_sync_status for picking in denied}, {"pending"})

    def test_a_run_ends_after_three_denials_in_a_row(self):
        denied = [self.deliver(self.order_in()) for _number in range(5)]
        for picking in denied:
            self.deny_alone(picking)
            self.send()
        self.deliver(self.order_in())
        self.send()
        before = len(self.confirm_calls())
        self.send_later(minutes=11)
        self.assertEqual(len(self.confirm_calls()) - before, 3)

    def test_what_failed_alone_is_sent_with_a_retry_and_with_a_new_link(self):
        for mend in (lambda picking: picking.action_retry_amazon_sync(), lambda _picking: self.link()):
            picking = self.denied_alone()
            self.states_by_round(picking, 11)
            self.assertEqual(picking.amazon_sync_status, "error")
            self.store.clear_faults()
            mend(picking)
            self.send()
            self.assertEqual(picking.amazon_sync_status, "sent")

    def test_access_withdrawn_from_the_account_later_fails_all_that_wait(self):
        alone = self.denied_alone()
        self.send()
        self.deliver(self.order_in())
        self.send()
        pickings = [self.deliver(self.order_in()) for _number in range(2)]
        self.deny()
        for minutes in (1, 12):
            self.send_later(minutes=minutes)
        self.assertEqual({picking.amazon_sync_status for picking in [alone, *pickings]}, {"error"})
        self.assertEqual(len(self.sent_mails()), 1)

    def test_a_parcel_once_denied_and_then_refused_is_no_business_of_a_new_link(self):
        sale_order = self.order_in()
        self.store.cancel_order(sale_order.amazon_order_ref)
        picking = self.deliver(sale_order)
        self.store.add_fault("confirmShipment", "access_denied")
        self.send()
        self.send_later(minutes=11)
        self.assertEqual(picking.amazon_sync_status, "error")
        self.link()
        self.assertEqual(picking.amazon_sync_status, "error")
