from collections import namedtuple
from datetime import timedelta

from odoo import fields, models

from .. import compat
from ..spapi import errors
from ..spapi.listings_feed import parse_feed_result
from .amazon_feed import POLL_MINUTES, RESULT_TRIES

OFFERS_AT_ONCE = 1000
SentLine = namedtuple("SentLine", "sku quantity time message")


class AmazonFeedResult(models.Model):
    """How the result of a submission comes back to the offers."""

    _inherit = "amazon.feed"

    # === ASK ===

    def _ask_for_result(self, gateway):
        """Ask how far Amazon is; where it has ended, take over the result."""
        status = gateway.get_feed(self.feed_ref)
        if status.is_final:
            self._take_result(gateway, status)
        elif self._is_overdue():
            self._finish("lost", self.env._("Amazon did not end this submission within a day."))
        else:
            self._wait_longer()

    def _wait_longer(self):
        self.poll_count += 1
        minutes = POLL_MINUTES[min(self.poll_count, len(POLL_MINUTES) - 1)]
        self._look_again_at(fields.Datetime.now() + timedelta(minutes=minutes))

    def _take_result(self, gateway, status):
        """Take over what Amazon says of each SKU. A failed submission may have a result too: part of it was done."""
        if status.status == "CANCELLED" or not status.result_document_ref:
            self._finish(*self._end_without_result(status))
            return
        result = self._download_result(gateway, status.result_document_ref)
        if result is None:
            return
        self._apply_result(result, complete=status.status == "DONE")
        if status.status == "DONE":
            self._finish(*self._end_with_result())
        else:
            self._finish(*self._end_without_result(status))

    def _end_with_result(self):
        """The state and the words of a submission that Amazon did, whatever it says of each SKU."""
        if unsaid := self._count_lines("sent"):
            return "partial", self.env._(
                "Amazon did not say of %(count)s SKUs whether it took them: its counts do not agree with the SKUs that "
                "it names. They are sent again.",
                count=unsaid,
            )
        return "partial" if self.refused_count else "done", False

    def _end_without_result(self, status):
        """The state and the words of a submission that Amazon ended without doing all of it."""
        if status.status == "CANCELLED":
            return "cancelled", self.env._("Amazon cancelled the submission. Its quantities are sent again.")
        if status.status == "FATAL":
            return "fatal", self.env._(
                "Amazon broke the submission off. What it did not confirm is sent again; if this keeps happening, look "
                "at the returned document."
            )
        return "lost", self.env._("Amazon ended the submission without a result. Its quantities are sent again.")

    def _download_result(self, gateway, document_ref):
        """The result of this submission; None when it cannot be read now."""
        try:
            content = gateway.download_document("feed", document_ref)
            self._keep_document("result_document_id", f"result-{self.id}.json", content)
            return parse_feed_result(content)
        except (errors.UnreadableResult, errors.NotFound, errors.InvalidRequest, errors.Unavailable):
            self.result_tries += 1
            if self.result_tries < RESULT_TRIES:
                self._wait_longer()
            else:
                message = self.env._("Amazon's result could not be read. The quantities are sent again.")
                self._finish("lost", message)
            return None

    # === TAKE OVER ===

    def _apply_result(self, result, complete):
        """Note on the lines what Amazon said.

        :param spapi.listings_feed.FeedResult result: what Amazon returned
        :param bool complete: Amazon says that it did all of it; otherwise only what it names is sure
        """
        refusals = self._refusals(result)
        self.env.flush_all()
        if refusals:
            lines = self.env["amazon.feed.line"].search_fetch(
                [("feed_id", "=", self.id), ("state", "=", "sent"), ("message_number", "in", list(refusals))],
                ["message_number"],
            )
            self.env.cr.execute_values(
                """
                UPDATE amazon_feed_line AS line
                   SET state = 'refused', code = said.code, message = said.message
                  FROM (VALUES %s) AS said (line_id, code, message)
                 WHERE line.id = said.line_id
                """,
                [(line.id, *refusals[line.message_number]) for line in lines],
                template="(%s::int, %s::text, %s::text)",
                page_size=1000,
            )
        left = self._count_lines("sent")
        # What Amazon refused without saying which, it has not accepted.
        is_sure = result.processed >= left + len(refusals) and result.accepted >= left
        if complete and is_sure:
            self.env.cr.execute(
                "UPDATE amazon_feed_line SET state = 'accepted' WHERE feed_id = %s AND state = 'sent'", [self.id]
            )
        self.env["amazon.feed.line"].invalidate_model()
        self.accepted_count = self._count_lines("accepted")
        self.refused_count = self._count_lines("refused")

    def _refusals(self, result):
        """Code and words of each message that Amazon refused, by number."""
        return {
            number: (issues[0].code, " ".join(dict.fromkeys(issue.message for issue in issues)))
            for number, issues in result.refused.items()
        }

    def _count_lines(self, state):
        return self.env["amazon.feed.line"].search_count([("feed_id", "=", self.id), ("state", "=", state)])

    # === END ===

    def _finish(self, state, message=False):
        """End this submission: its offers get what Amazon said, and are free to be sent again.

        What Amazon did not say anything of is to be sent again, whatever its quantity: nobody knows what Amazon has.
        """
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE amazon_feed_line SET state = 'unknown' WHERE feed_id = %s AND state = 'sent'", [self.id]
        )
        self.env["amazon.feed.line"].invalidate_model()
        self._confirm_accepted()
        self._refuse_refused()
        self._release_rest()
        self.env["amazon.offer"].invalidate_model()
        self.write({"state": state, "message": message, "ended_on": fields.Datetime.now(), "next_step_on": False})
        self.env.ref("amazon_connector.ir_cron_push_stock").sudo()._trigger()
        compat.commit(self.env)

    def _confirm_accepted(self):
        """Amazon has these quantities; a newer one, which waited until now, is to be sent."""
        now = fields.Datetime.now()
        self.env.cr.execute_values(
            """
            UPDATE amazon_offer AS offer
               SET feed_id = NULL,
                   confirmed_quantity = line.quantity,
                   confirmed_handling_time =
                       CASE WHEN line.handling_time > 0 THEN line.handling_time ELSE confirmed_handling_time END,
                   confirmed_on = line.moment,
                   stock_state = CASE
                       WHEN offer.stock_state != 'sending' THEN offer.stock_state
                       WHEN offer.stock_quantity = line.quantity
                            AND offer.stock_handling_time IN (0, line.handling_time) THEN 'done'
                       ELSE 'pending' END
              FROM (VALUES %s) AS line (offer_id, quantity, handling_time, moment)
             WHERE offer.id = line.offer_id
            """,
            [(offer_id, line.quantity, line.time, now) for offer_id, line in self._offers_of_lines("accepted")],
            template="(%s::int, %s::int, %s::int, %s::timestamp)",
            page_size=OFFERS_AT_ONCE,
        )

    def _refuse_refused(self):
        """Amazon's words on the offers; a newer quantity is tried all the same."""
        message = self.env["amazon.offer"]._message_refused
        self.env.cr.execute_values(
            """
            UPDATE amazon_offer AS offer
               SET feed_id = NULL,
                   stock_message = line.message,
                   stock_state = CASE
                       WHEN offer.stock_state != 'sending' THEN offer.stock_state
                       WHEN offer.stock_quantity = line.quantity THEN 'refused'
                       ELSE 'pending' END
              FROM (VALUES %s) AS line (offer_id, quantity, message)
             WHERE offer.id = line.offer_id
            """,
            [(offer_id, line.quantity, message(line.message)) for offer_id, line in self._offers_of_lines("refused")],
            template="(%s::int, %s::int, %s::text)",
            page_size=OFFERS_AT_ONCE,
        )

    def _offers_of_lines(self, state):
        """The offers that wait for this submission, each with its line, where the line has that state.

        Brought together here and not by the database, which would take the lines of a new submission for few and look
        through all of them for each offer.
        """
        self.env.cr.execute(
            "SELECT sku, quantity, handling_time, message FROM amazon_feed_line WHERE feed_id = %s AND state = %s",
            [self.id, state],
        )
        lines = {row[0]: SentLine(*row) for row in self.env.cr.fetchall()}
        self.env.cr.execute("SELECT id, sku FROM amazon_offer WHERE feed_id = %s", [self.id])
        return [(offer_id, lines[sku]) for offer_id, sku in self.env.cr.fetchall() if sku in lines]

    def _release_rest(self):
        self.env.cr.execute(
            """
            UPDATE amazon_offer
               SET feed_id = NULL,
                   stock_state = CASE WHEN stock_state = 'sending' THEN 'pending' ELSE stock_state END
             WHERE feed_id = %s
            """,
            [self.id],
        )
