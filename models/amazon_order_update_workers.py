import dataclasses
import logging
import time
from datetime import timedelta

import psycopg2

from odoo import SUPERUSER_ID, api, fields, models

from .. import compat
from ..query_log import values_of_failed_queries_hidden
from ..utils import TRANSIENT_ERRORS
from .amazon_order_update import BATCH_SIZE

_logger = logging.getLogger(__name__)

#: After so long a scheduled run hands back to the scheduler, which comes back for the rest: Odoo ends workers that are
#: busy for too long, and other jobs want their turn.
RUN_SECONDS = 10
#: So many times in a row the database may refuse a batch for the sake of another worker; then it is let be for a while.
MOST_REFUSALS = 8
LET_BE = timedelta(minutes=1)
JOB = "ir_cron_apply_order_updates"
#: Errors of the database that another worker may be the reason of.
REFUSALS = (*TRANSIENT_ERRORS, psycopg2.errors.UniqueViolation)


@dataclasses.dataclass
class Pace:
    """How one run gets on: its end, its batches, and what came in between."""

    ends: float = float("inf")
    reports: bool = True
    size: int = dataclasses.field(default_factory=lambda: BATCH_SIZE)
    refusals: int = 0
    last_account_id: int = 0
    has_called_help: bool = False

    @property
    def may_be_refused(self):
        """Whether a batch may still be done again."""
        return self.refusals < MOST_REFUSALS

    def refused(self):
        """Go on with less: the shorter a transaction, the less likely is it that another one comes between."""
        self.refusals += 1
        self.has_called_help = False  # the call was undone with the batch
        self.size = max(self.size // 2, 1)

    def succeeded(self):
        self.refusals = 0
        self.size = min(self.size * 2, BATCH_SIZE)


class AmazonOrderUpdateWorkers(models.Model):
    """How any number of workers, on any number of machines, share the inbox.

    A worker takes a batch of one account that nobody else holds, applies it and commits it. What two batches would both
    make, such as the contact of a buyer, only one of them makes: the database refuses the other one, which is done
    again and finds what was made (see `amazon.claim`).
    """

    _inherit = "amazon.order.update"

    @api.model
    def _cron_apply(self):
        self._apply_for_a_while()

    @api.model
    def _apply_for_a_while(self, reports=True):
        """Apply what waits, for about ten seconds; the scheduler comes back for what is left."""
        self._apply_pending(everything=True, seconds=RUN_SECONDS, reports=reports)

    @values_of_failed_queries_hidden()
    def _apply_pending(self, everything=False, seconds=None, reports=True):
        """Apply the pending updates among these, or all there are, batch by batch; then tell of those that failed.

        Runs as the superuser, so that an order is the same whoever's click brought it.

        :param float seconds: take no further batch after that time
        :param bool reports: tell the scheduler how far the job is, which then comes back for the rest
        """
        inbox = self.with_user(SUPERUSER_ID).sudo()
        pace = Pace(reports=reports)
        if seconds is not None:
            pace.ends = time.monotonic() + seconds
        inbox._apply_batches(everything, pace)
        inbox.env["amazon.account"]._update_failed_orders_tasks()

    def _apply_batches(self, everything, pace):
        """Apply batch after batch until nothing is left or the time is up; each batch is committed."""
        while True:
            try:
                if not self._apply_next_batch(everything, pace):
                    return
            except REFUSALS as error:
                compat.begin_again(self.env, error)
                if not pace.may_be_refused:
                    _logger.warning("Amazon orders wait for a later run: %s", type(error).__name__)
                    self.env["ir.cron"]._wake_amazon_lanes(JOB, at=fields.Datetime.now() + LET_BE)
                    return
                pace.refused()
                _logger.info("A batch of Amazon orders is done again: %s", type(error).__name__)
            if time.monotonic() > pace.ends:
                if not pace.reports:
                    self.env["ir.cron"]._wake_amazon_lanes(JOB)
                return

    def _apply_next_batch(self, everything, pace):
        """Apply one batch and commit it.

        :return: whether there was one
        """
        batch = self._lock_batch(everything, pace)
        if not batch:
            return False
        pace.last_account_id = batch.account_id.id
        batch._apply(may_be_redone=pace.may_be_refused)
        remaining = self._count_pending(everything)
        if remaining > BATCH_SIZE and not pace.has_called_help:
            # There is more than one worker does at once: the others need not wait for their time.
            pace.has_called_help = True
            self.env["ir.cron"]._wake_amazon_lanes(JOB)
        if pace.reports:
            compat.commit_progress(self.env, len(batch), remaining)
        else:
            self.env.flush_all()
            compat.commit(self.env)
        pace.succeeded()
        return True

    def _lock_batch(self, everything, pace):
        """The next pending updates that no other worker holds, locked until the transaction ends.

        The accounts take turns: the orders of one do not wait until the thousands of another one are done.
        """
        self.env["amazon.order.update"].flush_model()
        self.env.cr.execute(
            """
            SELECT id, account_id
              FROM amazon_order_update
             WHERE state = 'pending' AND (%s OR id = ANY(%s))
             ORDER BY account_id <= %s, account_id, last_updated, id
             LIMIT %s
               FOR UPDATE SKIP LOCKED
            """,
            [everything, self.ids, pace.last_account_id, pace.size],
        )
        rows = self.env.cr.fetchall()
        return self.browse([update_id for update_id, account_id in rows if account_id == rows[0][1]])

    def _lock_untold_failures(self, account):
        """The failed updates of an account that no task told of yet, locked, without those that are being retried."""
        self.flush_model()
        self.env.cr.execute(
            """
            SELECT id
              FROM amazon_order_update
             WHERE account_id = %s AND state = 'failed' AND is_failure_told IS NOT TRUE
               FOR NO KEY UPDATE SKIP LOCKED
            """,
            [account.id],
        )
        return self.browse([update_id for (update_id,) in self.env.cr.fetchall()])

    def _count_pending(self, everything):
        domain = [("state", "=", "pending")]
        return self.search_count(domain if everything else [*domain, ("id", "in", self.ids)])
