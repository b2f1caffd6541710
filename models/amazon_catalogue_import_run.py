import logging
import traceback
from datetime import timedelta
from itertools import islice

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import compat
from ..listed_items import ListedItem
from ..spapi import errors
from ..utils import TRANSIENT_ERRORS, naive_utc
from .amazon_catalogue_import import ACTIVE_STATES

_logger = logging.getLogger(__name__)

#: Amazon pages through no more than this: https://developer-docs.amazon.com/sp-api/docs/listings-items-api
SEARCH_LIMIT = 1000
SEARCH_PAGES = 50
#: So many listings of a report are stored in one transaction.
BATCH_SIZE = 1000
#: When a report is asked after; the last wait repeats.
REPORT_WAITS = [timedelta(minutes=minutes) for minutes in (1, 1, 2, 5, 10)]
REPORT_PATIENCE = timedelta(hours=12)
#: How often an import is tried again by itself while Amazon cannot be reached: for about two hours.
MOST_ATTEMPTS = 8
LONGEST_WAIT = timedelta(minutes=30)
#: Errors of the database that the work of others at the same moment may be the reason of.
REFUSALS = (*TRANSIENT_ERRORS, psycopg2.IntegrityError)


class AmazonCatalogueImportRun(models.Model):
    """How an import goes on: step by step, each committed with the cursor, so that any worker can take the next one.

    Few listings come by search, page by page. Many come by a report that Amazon writes: asked for, waited for without
    holding a worker, then read.
    """

    _inherit = "amazon.catalogue.import"

    @api.model
    def _cron_run(self):
        """Go on with every import that is due; the trouble of one does not delay another."""
        try:
            while record := self._next_due():
                record._run()
                compat.commit_progress(self.env, 1, self.search_count(self._due_domain()))
        except REFUSALS as error:
            # Another worker was at the same import: the next run takes what is left.
            compat.begin_again(self.env, error)
            self._trigger_cron()

    @api.model
    def _due_domain(self):
        now = fields.Datetime.now()
        return [
            ("state", "in", ACTIVE_STATES),
            "|",
            ("next_attempt_on", "=", False),
            ("next_attempt_on", "<=", now),
        ]

    def _next_due(self):
        """An import that is due and that no other worker holds."""
        for record in self.search(self._due_domain(), order="next_attempt_on NULLS FIRST, id"):
            if record._lock():
                return record
        return self.browse()

    def _lock(self):
        """Lock the import until the step is stored; False when another worker has it, or it is not to go on."""
        self.flush_recordset()
        self.env.cr.execute(
            "SELECT id FROM amazon_catalogue_import WHERE id = %s AND state IN %s FOR UPDATE SKIP LOCKED",
            [self.id, ACTIVE_STATES],
        )
        locked = bool(self.env.cr.fetchone())
        self.invalidate_recordset()
        return locked

    def _run(self):
        """Take one step after the other until the import is done, has to wait, or cannot go on.

        Never raises: the import says what happened, and when it goes on.
        """
        self.ensure_one()
        self.write({"state": "running", "next_attempt_on": False, "message": False})
        try:
            self._take_steps()
        except errors.SpApiError as error:
            self._note_trouble(error)
        except UserError as error:
            self._fail(str(error))
        except Exception as error:  # pylint: disable=broad-except
            # Whatever it is: one import must never keep the others from going on.
            compat.begin_again(self.env, error)
            self._note_failure(error)
        if self.next_attempt_on:
            self._trigger_cron(self.next_attempt_on)
        compat.commit(self.env)

    def _take_steps(self):
        run = self.run
        matcher = self.env["amazon.listing"]._matcher(self.account_id, self.marketplace_id)
        with self.account_id._gateway() as gateway:
            while self._lock() and self.run == run and not self.next_attempt_on:
                self._take_step(gateway, matcher)
                compat.commit(self.env)

    def _take_step(self, gateway, matcher):
        steps = {
            "search": lambda: self._read_page(gateway, matcher),
            "ask_report": lambda: self._ask_report(gateway),
            "wait_report": lambda: self._check_report(gateway),
            "read_report": lambda: self._read_report(gateway, matcher),
        }
        steps[self.step]()
        self.attempts = 0

    # === SEARCH ===

    def _read_page(self, gateway, matcher):
        """Store one page of a search; after the last one, or where a search does not reach, go on elsewhere."""
        asked_on = fields.Datetime.now()
        try:
            page = gateway.search_listings(
                self.account_id.seller_key,
                self.marketplace_id.api_ref,
                page_token=self.page_token or None,
                # For the barcodes among them.
                with_attributes=True,
            )
        except errors.InvalidRequest:
            if not self.page_token:
                raise
            # Amazon no longer takes the token, or never did: the report has it all.
            self.step = "ask_report"
            return
        self._store([ListedItem.of_search(listing) for listing in page.listings], matcher, asked_on)
        pages_read = self.pages_read + 1
        self.write(
            {
                "page_token": page.next_token,
                "pages_read": pages_read,
                "expected_count": page.total or self.expected_count,
            }
        )
        if self.expected_count > SEARCH_LIMIT or (page.next_token and pages_read >= SEARCH_PAGES):
            self.step = "ask_report"
        elif not page.next_token:
            self._end_search()

    def _end_search(self):
        """Listings that change while they are read move between the pages: what slipped through is in the report."""
        if self.found_count < self.expected_count:
            self.step = "ask_report"
        else:
            self._finish()

    # === REPORT ===

    def _ask_report(self, gateway):
        from ..spapi.catalogue_report import REPORT_TYPE

        report_ref = gateway.create_report(REPORT_TYPE, [self.marketplace_id.api_ref])
        self.write(
            {
                "step": "wait_report",
                "report_ref": report_ref,
                "report_asked_on": fields.Datetime.now(),
                "report_checks": 0,
            }
        )
        self._wait(REPORT_WAITS[0])

    def _check_report(self, gateway):
        report = gateway.get_report(self.report_ref)
        if not report.is_final:
            return self._wait_for_report()
        if report.status != "DONE" or not report.document_ref:
            return self._fail(self._explain_report(report.status))
        return self.write({"step": "read_report", "document_ref": report.document_ref})

    def _wait_for_report(self):
        """Come back later, each time a little later."""
        if fields.Datetime.now() > self.report_asked_on + REPORT_PATIENCE:
            return self._fail(
                self.env._("Amazon has not finished its report of your listings within half a day. Import again.")
            )
        self.report_checks += 1
        return self._wait(REPORT_WAITS[min(self.report_checks, len(REPORT_WAITS) - 1)])

    def _explain_report(self, status):
        """Why there is no report, in the user's words. Amazon also cancels a report that would be empty:
        https://developer-docs.amazon.com/sp-api/docs/reports-api-v2021-06-30-reference"""
        if status == "CANCELLED":
            return self.env._(
                "Amazon cancelled the report of your listings (%(report)s). That happens when there is nothing to "
                "list, when the same report was just asked for, or when it was cancelled in Seller Central. Import "
                "again in half an hour.",
                report=self.report_ref,
            )
        return self.env._(
            "Amazon could not make the report of your listings (%(report)s, %(status)s). Import again; if it happens "
            "again, ask Amazon's seller support about this report.",
            report=self.report_ref,
            status=status,
        )

    def _read_report(self, gateway, matcher):
        """Store the report batch by batch. When a worker is stopped, the next one reads it again from the start."""
        from ..spapi.catalogue_report import read_catalogue

        document = gateway.download_document("report", self.document_ref)
        self.write({"found_count": 0, "expected_count": max(document.count(b"\n") - 1, 0)})
        try:
            is_whole = self._store_rows(read_catalogue(document), matcher)
        except errors.UnreadableCatalogue:
            self._fail(self.env._("The report of your listings cannot be read. Import again."))
            return
        if is_whole:
            self.expected_count = self.found_count
            self._finish()

    def _store_rows(self, rows, matcher):
        """Store the rows of a report; False when meanwhile the import was stopped or started anew."""
        run = self.run
        while batch := list(islice(rows, BATCH_SIZE)):
            # Amazon may have looked any time since it was asked.
            self._store([ListedItem.of_report(row) for row in batch], matcher, self.report_asked_on)
            compat.commit(self.env)
            if not self._lock() or self.run != run:
                return False
        return True

    # === BOTH ===

    def _store(self, items, matcher, seen_on):
        """Store listings, match them with products, and bring the offers that exist up to date."""
        listings = self.env["amazon.listing"]
        self.env["amazon.offer"]._refresh_from_amazon(self.account_id, self.marketplace_id, items, seen_on)
        listings._store(self, items, matcher, seen_on)
        self.found_count = listings.search_count([("import_id", "=", self.id), ("run", "=", self.run)])
        # A big catalogue must not pile up in memory.
        self.env.flush_all()
        self.env.invalidate_all()

    def _finish(self):
        """What was not seen is no longer listed."""
        self.env["amazon.listing"].search([("import_id", "=", self.id), ("run", "!=", self.run)]).unlink()
        self._note_missing_offers()
        self.write(
            {
                "state": "done",
                "finished_on": fields.Datetime.now(),
                "message": False,
                "page_token": False,
                "document_ref": False,
            }
        )

    def _note_missing_offers(self):
        missing = self.env["amazon.offer"].search(
            [
                ("account_id", "=", self.account_id.id),
                ("marketplace_id", "=", self.marketplace_id.id),
                ("listing_ids", "=", False),
                # Not what was made while the import went on.
                ("create_date", "<", self.started_on),
            ]
        )
        missing.write({"listing_missing": True})

    # === TROUBLE ===

    def _wait(self, delay):
        self.next_attempt_on = fields.Datetime.now() + delay

    def _note_trouble(self, error):
        """What passes is tried again by itself; all else waits for a person."""
        if isinstance(error, errors.Throttled):
            message = self.env._("Amazon allows only so many requests at a time. The import goes on by itself.")
            self.write({"message": message, "next_attempt_on": naive_utc(error.retry_at) + timedelta(seconds=1)})
        elif isinstance(error, errors.Unavailable) and self.attempts < MOST_ATTEMPTS:
            message = self.env._("Amazon cannot be reached or does not answer. The import goes on by itself.")
            self.write({"message": message, "attempts": self.attempts + 1})
            self._wait(min(timedelta(minutes=2**self.attempts), LONGEST_WAIT))
        else:
            self._fail(self.account_id._handle_spapi_error(error))

    def _note_failure(self, error):
        """What the database refused for the sake of other work is tried again; all else is for a person to see."""
        if isinstance(error, REFUSALS) and self.attempts < MOST_ATTEMPTS:
            _logger.warning("Amazon offer import %s waits for the next run: %s", self.id, type(error).__name__)
            self.attempts += 1
            self._wait(timedelta(minutes=1))
        else:
            self._fail(self._explain_unexpected(error))

    def _explain_unexpected(self, error):
        """Words for whatever went wrong; the log gets the place, never the values."""
        _logger.error(
            "Amazon offer import %s failed with %s at:\n%s",
            self.id,
            type(error).__name__,
            "".join(traceback.format_tb(error.__traceback__)),
        )
        return self.env._(
            "An unexpected error (%(type)s) stopped the import. Import again; if it happens again, tell your "
            "administrator the number of this import, %(number)s.",
            type=type(error).__name__,
            number=self.id,
        )
