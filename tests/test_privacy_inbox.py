from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .privacy_common import TELLING, PrivacyCase


@tagged("post_install", "-at_install")
class TestInboxForgets(PrivacyCase):
    """What Amazon sent of an order is not kept because Odoo never came to apply it."""

    def setUp(self):
        super().setUp()
        self.raw = self.personal_order()
        self.update = self.env["amazon.order.update"]._receive(self.account, [self.raw])

    def wait(self, days, changed=None):
        """Let the update lie in the inbox for some days; Amazon last changed the order as long ago, or longer."""
        now = fields.Datetime.now()
        self.update.last_updated = now - timedelta(days=changed or days)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE amazon_order_update SET write_date = %s WHERE id = %s",
            [now - timedelta(days=days), self.update.id],
        )
        self.update.invalidate_recordset()

    def apply(self):
        self.env["amazon.order.update"]._cron_apply()
        self.env.invalidate_all()

    def assertForgotten(self):
        self.assertFalse(bool(self.update.payload))
        self.assertEqual((self.update.state, self.update.error_code), ("failed", "data_deleted"))
        self.assertIn("Recover Order", self.update.remedy)

    def test_update_that_waits_longer_than_data_may_be_kept_is_emptied(self):
        self.wait(29)
        self.purge()
        self.assertTrue(self.update.payload)
        self.wait(31)
        self.purge()
        self.assertForgotten()
        self.assertEqual(self.log().payloads, 1)

    def test_update_of_an_archived_account_is_emptied_too(self):
        self.account.active = False
        self.wait(31)
        self.purge()
        self.assertForgotten()

    def test_old_order_that_came_in_just_now_still_gets_its_turn(self):
        self.wait(0, changed=90)
        self.account.personal_data_days = 0
        self.purge()
        self.assertTrue(self.update.payload)
        self.apply()
        self.assertEqual(self.update.state, "done")

    def test_deletion_that_was_asked_for_empties_all_updates_at_once(self):
        self.account.action_disconnect()
        self.account._delete_all_personal_data()
        self.assertForgotten()
        self.assertIn("asked", self.update.error)
        self.apply()
        self.assertFalse(self.env["sale.order"].search([("amazon_order_ref", "=", self.raw["orderId"])]))

    def test_update_that_comes_in_after_the_deletion_was_asked_for_is_not_applied(self):
        self.account.action_disconnect()
        self.account.is_data_deletion_asked = True
        self.apply()
        self.assertForgotten()
        self.assertFalse(self.env["res.partner"].search([("name", "=", TELLING[0])]))
        self.update.action_retry()
        self.assertForgotten()

    def test_report_says_until_when_a_waiting_update_is_kept(self):
        self.wait(3, changed=90)
        data = self.env["amazon.personal.data"].search([("update_id", "=", self.update.id)])
        self.assertEqual(data.due_on, fields.Date.today() + timedelta(days=27))

    def test_order_is_recovered_once_the_account_is_linked_again(self):
        self.account.action_disconnect()
        self.account._delete_all_personal_data()
        self.account.state = "linked"
        update = self.receive(self.raw, recovered=True)
        self.assertEqual((update, update.state), (self.update, "done"))
        self.assertEqual(update.sale_order_id.partner_id.name, TELLING[0])

    def test_retrying_what_was_ignored_and_forgotten_says_that_it_was_forgotten(self):
        self.update.write({"state": "ignored", "error_code": "marketplace"})
        self.wait(31)
        self.purge()
        self.assertEqual((self.update.state, self.update.error_code), ("ignored", "marketplace"))
        self.update.action_retry()
        self.assertForgotten()
