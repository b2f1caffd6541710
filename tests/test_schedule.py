from datetime import timedelta

from odoo import fields
from odoo.tests import tagged
from odoo.tools import format_datetime

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
