from datetime import timedelta

from lxml import html

from odoo import fields
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL, format_datetime

from .account_common import AccountCase


@tagged("post_install", "-at_install")
class TestSchedule(AccountCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        crons = cls.env["ir.cron"].with_context(active_test=False)
        cls.crons = crons.search([("cron_name", "=like", "Amazon: %")])
        cls.crons.active = True

    def schedule(self):
        self.account.invalidate_recordset(["schedule"])
        return str(self.account.schedule)

    def test_an_account_that_is_not_linked_says_that_nothing_runs(self):
        self.assertIn("until it is linked", self.schedule())

    def test_what_amazon_holds_back_is_shown_with_its_reason(self):
        self.link()
        later = fields.Datetime.now().replace(microsecond=0) + timedelta(hours=3)
        self.account.write({"next_orders_sync": later, "orders_sync_message": "Amazon allows only so many requests"})
        self.env["ir.cron.trigger"].create(
            {"cron_id": self.env.ref("amazon_connector.ir_cron_sync_orders").id, "call_at": later}
        )
        self.assertIn(format_datetime(self.env, later, dt_format="short"), self.schedule())
        self.assertIn("only so many requests", self.schedule())

    def test_what_is_switched_off_says_so(self):
        self.link()
        self.crons.active = False
        self.assertIn("Switched off", self.schedule())

    def test_a_reason_is_shown_as_text(self):
        self.link()
        self.account.orders_sync_message = "<b>Amazon</b>"
        self.assertIn("&lt;b&gt;Amazon", self.schedule())

    def calls_to_amazon(self):
        """What the rows of the table that need Amazon say of their next run."""
        rows = [[cell.text for cell in row.iter("td")] for row in html.fromstring(self.schedule()).iter("tr")]
        return {row[2] for row in rows if row and row[0] != "Import fetched orders"}

    def test_what_cannot_reach_amazon_shows_no_time_but_the_reason(self):
        self.link()
        self.account.orders_sync_message = "an older reason"
        yesterday = fields.Date.context_today(self.account) - timedelta(days=1)
        stops = {
            "copied database": ({"linked_database": "another"}, "Use This Database"),
            "lost key": ({"refresh_token": "fernet:of another key"}, "cannot be read"),
            "expired": ({"authorization_expires_on": yesterday}, "expired on"),
            "to link again": ({"state": "reauthorize"}, "no longer accepts"),
        }
        self.assertNotIn("Stopped", self.calls_to_amazon())
        for name, (vals, reason) in stops.items():
            with self.subTest(name):
                before = self.account.sudo().read(list(vals), load=None)[0]
                self.stop(vals)
                self.assertTrue(self.account.is_stopped)
                self.assertEqual(self.calls_to_amazon(), {"Stopped"})
                self.assertIn(reason, self.schedule())
                self.assertNotIn("an older reason", self.schedule())
                self.stop({name: before[name] for name in vals})
                self.assertNotIn("Stopped", self.calls_to_amazon())

    def test_without_the_applications_credentials_no_time_is_shown_but_where_to_enter_them(self):
        self.link()
        self.set_parameters(lwa_client_id=False)
        self.account.invalidate_recordset()
        self.assertEqual(self.calls_to_amazon(), {"Stopped"})
        self.assertIn("enter the credentials", self.schedule())

    def stop(self, vals):
        self.env.flush_all()
        for name, value in vals.items():
            column = SQL.identifier(name)
            self.env.cr.execute(
                SQL("UPDATE amazon_account SET %s = %s WHERE id = %s", column, value or None, self.account.id)
            )
        self.env.invalidate_all()

    def test_what_ends_soon_runs_until_then(self):
        self.link()
        self.account.authorization_expires_on = fields.Date.context_today(self.account) + timedelta(days=3)
        self.assertIn("expires on", self.account.authorization_warning)
        self.assertFalse(self.account.is_stopped)
        self.assertNotIn("Stopped", self.calls_to_amazon())

    def test_a_salesperson_sees_why_nothing_runs(self):
        self.link()
        self.stop({"refresh_token": "fernet:of another key"})
        user = new_test_user(self.env, "looks_only", groups="sales_team.group_sale_salesman_all_leads")
        self.assertIn("cannot be read", str(self.account.with_user(user).schedule))
