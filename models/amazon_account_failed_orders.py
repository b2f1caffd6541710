from odoo import api, models

from .. import compat
from ..utils import kept_apart

FAILED_ORDERS_ACTIVITY = "amazon_connector.mail_activity_failed_orders"


class AmazonAccountFailedOrders(models.Model):
    """Orders that could not be imported, made one task of each account: their time to be shipped runs all the same."""

    _inherit = "amazon.account"

    # === BUSINESS METHODS ===

    @api.model
    def _update_failed_orders_tasks(self):
        """Make, change or close the tasks that are out of date; after each run of the inbox, not for each order."""
        failed = [("state", "=", "failed")]
        updates = self.env["amazon.order.update"]
        groups = updates._read_group(failed, ["account_id"], ["__count"])
        untold = updates._read_group([*failed, ("is_failure_told", "=", False)], ["account_id"], [])
        counts, news = dict(groups), {account for (account,) in untold}
        accounts = self.search([])
        tasks = accounts.activity_search([FAILED_ORDERS_ACTIVITY]).grouped("res_id")
        for account in accounts:
            task = tasks.get(account.id)
            outdated = task and set(task.mapped("summary")) != {account._failed_orders_summary(counts.get(account, 0))}
            if account in news or outdated:
                # A transaction of its own sees what other workers have told by now.
                with kept_apart(account), compat.own_cursor(self.env) as cr:
                    account.with_env(self.env(cr=cr))._update_failed_orders_task()

    def _update_failed_orders_task(self):
        """Bring the task up to date; one that was ticked off comes back when further orders have failed."""
        self.ensure_one()
        # What somebody else is at comes with the next run: the scheduler need not wait for it.
        self.env.cr.execute("SELECT id FROM amazon_account WHERE id = %s FOR NO KEY UPDATE SKIP LOCKED", [self.id])
        if not self.env.cr.fetchone():
            return
        updates = self.env["amazon.order.update"]
        news = updates._lock_untold_failures(self)
        count = updates.search_count([("account_id", "=", self.id), ("state", "=", "failed")])
        task = self.activity_search([FAILED_ORDERS_ACTIVITY])
        summary = self._failed_orders_summary(count)
        if not count:
            task.unlink()
        elif task:
            task.summary = summary
        elif news:
            self.activity_schedule(
                FAILED_ORDERS_ACTIVITY,
                summary=summary,
                note=self._in_language_of_responsible().env._(
                    "Click on Failed Orders on the account: each order says why, and what to do. Amazon expects them "
                    "to be shipped in time all the same."
                ),
                user_id=self._responsible().id,
            )
        news.is_failure_told = True

    def _failed_orders_summary(self, count):
        env = self._in_language_of_responsible().env
        if count == 1:
            return env._("1 Amazon order could not be imported")
        return env._("%(count)s Amazon orders could not be imported", count=count)

    def _in_language_of_responsible(self):
        return self.with_context(lang=self._responsible().lang)
