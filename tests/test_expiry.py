from datetime import timedelta

from odoo import fields
from odoo.tests import new_test_user, tagged

from .account_common import SELLER_EU, AccountCase

CONSENT = "amazon_connector.mail_activity_renew_permission"
SECRET = "amazon_connector.mail_activity_renew_client_secret"
ENTERED_ON = "amazon_connector.lwa_client_secret_entered_on"


@tagged("post_install", "-at_install")
class TestExpiry(AccountCase):
    """Amazon's two dates become tasks in time, once each, and go away when they are renewed."""

    def setUp(self):
        super().setUp()
        self.link()
        self.account.user_id = new_test_user(self.env, "responsible", groups="sales_team.group_sale_salesman")
        self.today = fields.Date.context_today(self.account)
        self.secret_entered(days_ago=0)

    def secret_entered(self, days_ago):
        self.env["ir.config_parameter"].set_param(ENTERED_ON, str(self.today - timedelta(days=days_ago)))

    def consent_ends(self, days):
        """Let days go by until the permission ends in `days`, without anybody renewing it."""
        self.account.flush_recordset()
        self.env.cr.execute(
            "UPDATE amazon_account SET authorization_expires_on = %s WHERE id = %s",
            [self.today + timedelta(days=days), self.account.id],
        )
        self.account.invalidate_recordset()
        self.env["amazon.account"]._cron_check_expiry()

    def tasks(self, xmlid, account=None):
        kind = self.env.ref(xmlid)
        return (account or self.account).activity_ids.filtered(lambda task: task.activity_type_id == kind)

    def test_no_task_while_there_is_time(self):
        self.consent_ends(31)
        self.secret_entered(days_ago=149)
        self.assertFalse(self.tasks(CONSENT) | self.tasks(SECRET))

    def test_permission_that_ends_in_30_days_is_a_task_of_the_salesperson(self):
        self.consent_ends(30)
        task = self.tasks(CONSENT)
        self.assertEqual(task.user_id, self.account.user_id)
        self.assertEqual(task.date_deadline, self.today + timedelta(days=30))
        self.assertIn("Re-link", task.note)

    def test_task_is_made_once_for_each_warning(self):
        self.consent_ends(30)
        first = self.tasks(CONSENT)
        self.env["amazon.account"]._cron_check_expiry()
        self.assertEqual(self.tasks(CONSENT), first)
        first.action_done()
        # The date stays the same while days go by.
        self.account.consent_reminder = f"{self.today + timedelta(days=14)}/30"
        self.consent_ends(14)
        self.assertEqual(len(self.tasks(CONSENT)), 1)
        self.tasks(CONSENT).action_done()
        self.account.consent_reminder = f"{self.today + timedelta(days=1)}/14"
        self.consent_ends(1)
        self.assertFalse(self.tasks(CONSENT))

    def test_open_task_is_replaced_by_the_second_warning(self):
        self.consent_ends(30)
        self.consent_ends(13)
        self.assertEqual(len(self.tasks(CONSENT)), 1)
        self.assertEqual(self.tasks(CONSENT).date_deadline, self.today + timedelta(days=13))

    def test_task_speaks_of_the_past_once_the_day_has_gone_by(self):
        self.consent_ends(0)
        self.assertIn("; then no order comes in", self.tasks(CONSENT).note)
        self.consent_ends(-1)
        [task] = self.tasks(CONSENT)
        self.assertRegex(task.note, "ended on .*no order comes in until you click on Re-link")
        self.env["amazon.account"]._cron_check_expiry()
        self.assertEqual(self.tasks(CONSENT), task)

    def test_task_of_the_client_secret_speaks_of_the_past_once_the_day_has_gone_by(self):
        self.secret_entered(days_ago=180)
        self.assertIn("It ends on", self.tasks(SECRET).note)
        self.secret_entered(days_ago=181)
        [task] = self.tasks(SECRET)
        self.assertRegex(task.note, "It ended on .*nothing is synchronized until a new one is entered")

    def test_linking_again_closes_the_task(self):
        self.consent_ends(10)
        self.assertTrue(self.tasks(CONSENT))
        self.account.authorization_expires_on = self.today + timedelta(days=365)
        self.assertFalse(self.tasks(CONSENT))
        self.consent_ends(10)
        self.link(token=self.simulator.store.issue_refresh_token(SELLER_EU))
        self.assertFalse(self.tasks(CONSENT), "the token of a private application does not end")

    def test_disconnecting_closes_the_task(self):
        self.consent_ends(10)
        self.account.action_disconnect()
        self.assertFalse(self.tasks(CONSENT))

    def test_client_secret_that_ends_is_a_task_and_a_new_one_closes_it(self):
        self.secret_entered(days_ago=150)
        task = self.tasks(SECRET)
        self.assertEqual((task.user_id, task.date_deadline), (self.account.user_id, self.today + timedelta(days=30)))
        self.env["ir.config_parameter"].set_param("amazon_connector.lwa_client_secret", "a new one")
        self.assertFalse(self.tasks(SECRET))

    def test_one_task_for_each_person_for_the_one_client_secret(self):
        same = self.link(self.new_account(name="Second", user_id=self.account.user_id.id))
        other = self.link(self.new_account(name="Third"))
        self.secret_entered(days_ago=170)
        self.assertEqual([len(self.tasks(SECRET, account)) for account in (self.account, same, other)], [1, 0, 1])

    def test_account_that_is_not_linked_needs_no_task(self):
        self.account.action_disconnect()
        self.secret_entered(days_ago=170)
        self.assertFalse(self.tasks(SECRET))

    def test_account_says_what_ends_and_what_has_ended(self):
        self.consent_ends(10)
        self.assertIn("expires on", self.account.authorization_warning)
        self.consent_ends(-1)
        self.assertIn("expired on", self.account.authorization_warning)
        self.secret_entered(days_ago=181)
        self.account.invalidate_recordset()
        self.assertIn("client secret of your Amazon application expired", self.account.authorization_warning)
