import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import compat
from ..spapi import errors
from ..spapi.listings_feed import LISTINGS_FEED_TYPE
from ..utils import TRANSIENT_ERRORS, kept_apart, naive_utc, notification

_logger = logging.getLogger(__name__)

OPEN_STATES = ("draft", "submitting", "in_progress")
#: Amazon wants a feed of one kind no more often than this. https://developer-docs.amazon.com/sp-api/docs/feeds-api-best-practices
FEED_INTERVAL = timedelta(minutes=20)
#: A submission is asked after in ever longer steps.
POLL_MINUTES = (1, 2, 5, 10)
RETRY_AFTER = timedelta(minutes=5)
#: What Amazon refuses of these it does not have.
SUBMITTING_OPERATIONS = ("createFeedDocument", "createFeed")
#: Amazon that has not ended a submission by then has lost it.
GIVE_UP_AFTER = timedelta(hours=24)
RESULT_TRIES = 5
DOCUMENTS_KEPT = timedelta(days=30)


class AmazonFeed(models.Model):
    """One submission of many changes to Amazon (Amazon's word is feed), and what became of each.

    A submission is written down with its lines before anything is sent; then it goes up, is asked after until it has
    ended, and its result goes to the offers. `amazon_feed_submission.py` makes it, `amazon_feed_result.py` reads it.
    """

    _name = "amazon.feed"
    _inherit = ["amazon.readonly.mixin"]
    _description = "Amazon Submission"
    _order = "id desc"

    account_id = fields.Many2one("amazon.account", required=True, index=True, ondelete="cascade", readonly=True)
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    feed_type = fields.Char(required=True, readonly=True)
    feed_ref = fields.Char("Amazon's Number", readonly=True, copy=False)
    document_ref = fields.Char(readonly=True, copy=False, help="Where at Amazon the document was put.")
    state = fields.Selection(
        [
            ("draft", "To Submit"),
            ("submitting", "Being Submitted"),
            ("in_progress", "At Amazon"),
            ("done", "Done"),
            ("partial", "Partly Refused"),
            ("cancelled", "Cancelled by Amazon"),
            ("fatal", "Failed at Amazon"),
            ("lost", "Without Result"),
        ],
        "Status",
        default="draft",
        required=True,
        readonly=True,
        index=True,
    )
    message = fields.Text("Remark", readonly=True)
    submitted_on = fields.Datetime(readonly=True)
    ended_on = fields.Datetime(readonly=True)
    next_step_on = fields.Datetime("Next Look", readonly=True, index=True, default=fields.Datetime.now)
    poll_count = fields.Integer(readonly=True)
    result_tries = fields.Integer(readonly=True)
    line_ids = fields.One2many("amazon.feed.line", "feed_id", "SKUs", readonly=True)
    line_count = fields.Integer("SKUs Sent", readonly=True)
    accepted_count = fields.Integer("Accepted", readonly=True)
    refused_count = fields.Integer("Refused", readonly=True)
    document_id = fields.Many2one("ir.attachment", "Submitted Document", readonly=True, ondelete="set null")
    result_document_id = fields.Many2one("ir.attachment", "Returned Document", readonly=True, ondelete="set null")

    # === COMPUTE METHODS ===

    @api.depends("feed_ref")
    def _compute_display_name(self):
        for feed in self:
            feed.display_name = feed.feed_ref or self.env._("Submission %(number)s", number=feed.id)

    # === ACTIONS ===

    def action_retry_failed(self):
        """Send again what Amazon did not accept of these submissions, with today's quantities.

        :return: a notification that says when
        """
        self.check_access("write")
        # sudo: the offers are compared whoever may see them.
        lines = self.sudo().line_ids.filtered(lambda line: line.state not in ("sent", "accepted"))
        offers = self.env["amazon.offer"].sudo().browse()
        for account, of_account in lines.grouped(lambda line: line.feed_id.account_id).items():
            offers |= offers.search([("account_id", "=", account.id), ("sku", "in", of_account.mapped("sku"))])
        are_lines_deleted = any(feed.line_count and not feed.line_ids for feed in self.sudo())
        if not offers and are_lines_deleted:
            return notification(self._message_lines_deleted(), kind="info")
        if not offers:
            return notification(self.env._("Amazon accepted everything."), kind="info")
        action = offers.action_sync_stock()
        if are_lines_deleted:
            action["params"]["message"] += "\n" + self._message_lines_deleted()
        return action

    def action_look_now(self):
        """Ask Amazon now how far these submissions are."""
        self.check_access("write")
        for feed in self.sudo().filtered(lambda feed: feed.state in OPEN_STATES):
            feed._take_next_step()
        return notification(self.env._("Amazon was asked."), kind="info")

    # === CRONS ===

    @api.model
    def _cron_process(self):
        """Take the submissions that are due one step on: send them, or ask Amazon for their result."""
        due = self.search([("state", "in", OPEN_STATES), ("next_step_on", "<=", fields.Datetime.now())], order="id")
        due = due.filtered(lambda feed: feed.account_id.state == "linked")
        for index, feed in enumerate(due):
            with kept_apart(feed, feed._note_unexpected_trouble):
                feed._take_next_step()
            compat.commit_progress(self.env, 1, len(due) - index - 1)

    @api.autovacuum
    def _gc_documents(self):
        """Documents are kept 30 days; the numbers stay."""
        limit = fields.Datetime.now() - DOCUMENTS_KEPT
        old = self.search(
            [
                ("create_date", "<", limit),
                "|",
                ("document_id", "!=", False),
                ("result_document_id", "!=", False),
            ]
        )
        documents = old.document_id | old.result_document_id
        documents.filtered(lambda document: document.res_model == self._name and document.res_id in old.ids).unlink()

    @api.autovacuum
    def _gc_lines(self):
        """The lines of a submission are kept 30 days, too: a large seller has a million a day. The counts stay."""
        limit = fields.Datetime.now() - DOCUMENTS_KEPT
        self.flush_model()
        self.env.cr.execute(
            """
            SELECT id
              FROM amazon_feed AS feed
             WHERE ended_on < %s AND EXISTS (SELECT 1 FROM amazon_feed_line AS line WHERE line.feed_id = feed.id)
            """,
            [limit],
        )
        for (feed_id,) in self.env.cr.fetchall():
            self.env.cr.execute("DELETE FROM amazon_feed_line WHERE feed_id = %s", [feed_id])
            compat.commit(self.env)
        self.env.invalidate_all()

    # === BUSINESS METHODS ===

    def _message_lines_deleted(self):
        return self.env._(
            "The SKUs of submissions that ended more than 30 days ago are no longer kept. What Amazon does not have is "
            "sent by itself; to send it now, press Send Stock on the account."
        )

    @api.model
    def _may_submit(self, account):
        """Whether Amazon has done the last submissions of an account, and they were long enough ago.

        What Amazon left open without saying why is sent one by one for a while first: then Amazon says it.
        """
        last = self.search([("account_id", "=", account.id), ("feed_type", "=", LISTINGS_FEED_TYPE)], limit=1)
        since = last.ended_on if last.state == "partial" and last._count_lines("unknown") else last.submitted_on
        return last.state not in OPEN_STATES and (not since or since <= fields.Datetime.now() - FEED_INTERVAL)

    def _take_next_step(self):
        """Send this submission, or ask for its result. Never raises for what Amazon answers."""
        self.ensure_one()
        if not self._lock():
            return
        try:
            with self.account_id._gateway() as gateway:
                self.message = False
                self._go_on(gateway)
        except errors.SpApiError as error:
            self._note_trouble(error)
        except UserError as error:
            self.message = str(error)
            self._look_again_at(fields.Datetime.now() + RETRY_AFTER)
        except TRANSIENT_ERRORS as error:
            _logger.warning("Amazon submission %s waits for the next run: %s", self.id, type(error).__name__)
            compat.begin_again(self.env, error)
        compat.commit(self.env)

    def _note_trouble(self, error):
        """Say what Amazon answered, and go on later.

        Only what Amazon would not take has ended. Of anything else nobody knows that it will not run yet, and then
        nothing newer may go before it: it is asked after until it is given up.
        """
        message = self.account_id._handle_spapi_error(error)
        is_refused = isinstance(error, errors.InvalidRequest)
        if is_refused and error.operation in SUBMITTING_OPERATIONS:
            self._finish("fatal", message)
        elif (is_refused or isinstance(error, errors.NotFound)) and self._is_overdue():
            self._finish("lost", message)
        else:
            self.message = message
            retry_at = isinstance(error, errors.Throttled) and naive_utc(error.retry_at)
            self._look_again_at(retry_at or fields.Datetime.now() + RETRY_AFTER)

    def _is_overdue(self):
        """Whether Amazon should have ended this submission long ago."""
        return bool(self.submitted_on) and self.submitted_on < fields.Datetime.now() - GIVE_UP_AFTER

    def _note_unexpected_trouble(self, error):
        self.message = self.account_id._get_unexpected_error_message(error)
        self._look_again_at(fields.Datetime.now() + RETRY_AFTER)

    def _lock(self):
        """Lock this submission, unless another worker is at it or it has ended."""
        self.flush_recordset()
        self.env.cr.execute("SELECT id FROM amazon_feed WHERE id = %s FOR NO KEY UPDATE SKIP LOCKED", [self.id])
        locked = bool(self.env.cr.fetchone())
        self.invalidate_recordset()
        return locked and self.state in OPEN_STATES

    def _go_on(self, gateway):
        if self.feed_ref:
            self._ask_for_result(gateway)
        else:
            self._submit(gateway)

    def _look_again_at(self, moment):
        self.next_step_on = moment
        self.env.ref("amazon_connector.ir_cron_process_feeds").sudo()._trigger(at=moment)

    def _keep_document(self, field_name, name, content):
        """Keep a document that went to Amazon or came from there, in the place of an earlier one.

        :param bytes content: JSON
        """
        # sudo: the document of a submission is kept whoever runs it.
        self.sudo()[field_name].unlink()
        vals = {
            "name": name,
            "res_model": self._name,
            "res_id": self.id,
            "mimetype": "application/json",
            "raw": content,
        }
        self[field_name] = self.env["ir.attachment"].sudo().create(vals)
