import tempfile
from datetime import timedelta, timezone

from odoo import api, fields, models

from .. import compat
from ..spapi.listings_feed import (
    FEED_LIMIT,
    LISTINGS_FEED_CONTENT_TYPE,
    LISTINGS_FEED_TYPE,
    FeedMessage,
    feed_document,
)
from .amazon_feed import POLL_MINUTES
from .amazon_offer_guard import CHANNEL_VALID, ChannelUnknown, FulfilledByAmazon
from .amazon_offer_push import ANY_PRODUCT_TYPE

#: Amazon takes five submissions in five minutes.
#: https://developer-docs.amazon.com/sp-api/changelog/update-feed-size-and-rate-limit-changes-for-the-json_listings_feed
FEEDS_PER_RUN = 5
#: How far Odoo's clock and Amazon's may be apart.
CLOCKS_DIFFER = timedelta(minutes=2)
#: So many lines of a document are built at once.
LINES_AT_ONCE = 1000
#: A document up to this size is built in memory.
IN_MEMORY = 1 << 20


class AmazonFeedSubmission(models.Model):
    """How a submission is made of offers and goes up to Amazon."""

    _inherit = "amazon.feed"

    # === MAKE ===

    @api.model
    def _submit_pending(self, account):
        """Put what is to be sent of an account into submissions and send them.

        All of them are written down first; one that cannot be sent now is sent by the next run.
        """
        feeds = self.browse()
        for _number in range(FEEDS_PER_RUN):
            feed = self._make(account)
            if not feed:
                break
            feeds |= feed
            compat.commit(self.env)
        for feed in feeds:
            feed._take_next_step()

    @api.model
    def _make(self, account):
        """Make a submission of pending offers of an account and take them for it; empty when there are none."""
        feed = self.create({"account_id": account.id, "feed_type": LISTINGS_FEED_TYPE})
        offer_ids = self._take_offers(account)
        if not offer_ids:
            feed.unlink()
            return feed.browse()
        self.env.cr.execute(self._sql_make_lines(), [feed.id, ANY_PRODUCT_TYPE, offer_ids])
        feed.line_count = self.env.cr.rowcount
        self.env.cr.execute(
            """
            UPDATE amazon_offer
               SET feed_id = %s, stock_state = 'sending', confirmed_on = NULL
             WHERE id = ANY(%s)
            """,
            [feed.id, offer_ids],
        )
        self.env["amazon.offer"].invalidate_model()
        return feed

    @api.model
    def _take_offers(self, account):
        """Lock the offers of the next SKUs that are to be sent, leaving out those of which another worker holds one.

        :return: their identifiers
        """
        self.env.flush_all()
        seen_since = fields.Datetime.now() - CHANNEL_VALID
        self.env.cr.execute(self._sql_next_skus(), [account.id, seen_since, FEED_LIMIT])
        of_these = [account.id, [sku for (sku,) in self.env.cr.fetchall()]]
        self.env.cr.execute(
            "SELECT sku, COUNT(*) FROM amazon_offer WHERE account_id = %s AND sku = ANY(%s) GROUP BY sku", of_these
        )
        missing = dict(self.env.cr.fetchall())
        self.env.cr.execute(self._sql_lock_offers(), of_these)
        rows = self.env.cr.fetchall()
        for _offer_id, sku, feed_id, _state in rows:
            missing[sku] -= 0 if feed_id else 1
        return [
            offer_id for offer_id, sku, _feed, state in rows if not missing[sku] and state in ("pending", "sending")
        ]

    @api.model
    def _sql_next_skus(self):
        """SKUs of which Amazon said lately who ships them: the guard would refuse the others."""
        return """
            SELECT sku
              FROM amazon_offer
             WHERE account_id = %s
               AND stock_state IN ('pending', 'sending')
               AND feed_id IS NULL
               AND listing_channel IS NOT NULL
               AND listing_seen_on >= %s
          GROUP BY sku
          ORDER BY MIN(id)
             LIMIT %s
        """

    @api.model
    def _sql_lock_offers(self):
        return """
            SELECT id, sku, feed_id, stock_state
              FROM amazon_offer
             WHERE account_id = %s AND sku = ANY(%s)
               FOR NO KEY UPDATE SKIP LOCKED
        """

    @api.model
    def _sql_make_lines(self):
        """One line per SKU: its offers have the same quantity since they were compared."""
        return """
            INSERT INTO amazon_feed_line
                        (feed_id, message_number, sku, product_type, quantity, handling_time, state)
            SELECT %s, ROW_NUMBER() OVER (ORDER BY MIN(id)), sku, COALESCE(MAX(product_type), %s),
                   MIN(stock_quantity), MAX(stock_handling_time), 'sent'
              FROM amazon_offer
             WHERE id = ANY(%s)
          GROUP BY sku
        """

    # === SEND ===

    def _submit(self, gateway):
        """Send this submission up to Amazon; each step is committed.

        Whoever is interrupted between asking for the submission and its number does not know whether Amazon has it, and
        looks for it before sending anything again.
        """
        if self.state == "submitting" and self._may_be_at_amazon(gateway):
            return
        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as document:
            if not self._write_document(document):
                self._finish("done")
                return
            document.seek(0)
            self._keep_document("document_id", f"submission-{self.id}.json", document.read())
            document.seek(0)
            self.document_ref = gateway.upload_feed_document(
                iter(lambda: document.read(IN_MEMORY), b""), LISTINGS_FEED_CONTENT_TYPE
            )
        self.write({"state": "submitting", "submitted_on": fields.Datetime.now()})
        compat.commit(self.env)
        marketplaces = self._marketplaces().mapped("api_ref")
        self._note_submitted(gateway.create_feed(self.feed_type, self.document_ref, marketplaces))

    def _write_document(self, document):
        """Write the document part by part; False when the guard left nothing to send."""
        try:
            for part in feed_document(self.account_id.seller_key, self._messages()):
                document.write(part)
        except ValueError:
            if self._lines_to_send():
                raise
            return False
        return True

    def _may_be_at_amazon(self, gateway):
        """Whether Amazon has a submission that Odoo does not know, which may be this one.

        It is left to end, whatever it is; then the quantities are sent anew: nothing newer may cross it.
        """
        since = self.submitted_on - CLOCKS_DIFFER
        found = gateway.recent_feeds(self.feed_type, since.replace(tzinfo=timezone.utc))
        known = self.search([("feed_ref", "in", [feed.feed_ref for feed in found])]).mapped("feed_ref")
        unknown = [feed for feed in found if feed.feed_ref not in known]
        if not unknown:
            return False
        if all(feed.is_final for feed in unknown) or self._is_overdue():
            self._finish("lost", self.env._("The submission was interrupted. Its quantities are sent again."))
        else:
            self._wait_longer()
        return True

    def _note_submitted(self, feed_ref):
        self.write({"feed_ref": feed_ref, "state": "in_progress", "message": False})
        self._look_again_at(fields.Datetime.now() + timedelta(minutes=POLL_MINUTES[0]))
        compat.commit(self.env)

    def _messages(self):
        """The message of each line. The guard looks at the lines just before they leave the house."""
        lines = self._lines_to_send()
        for start in range(0, len(lines), LINES_AT_ONCE):
            part = lines[start : start + LINES_AT_ONCE]
            guard = self.env["amazon.offer"]._stock_guard(self.account_id, part.mapped("sku"))
            for line in part:
                try:
                    patches = guard.patches(line.sku, line.quantity, line.handling_time)
                except ChannelUnknown as refusal:
                    self._set_back(line, refusal.reason, {"stock_state": "pending"})
                except FulfilledByAmazon as refusal:
                    vals = {"stock_state": "blocked", "stock_message": refusal.reason}
                    self._set_back(line, refusal.reason, vals)
                else:
                    yield FeedMessage(line.message_number, line.sku, line.product_type, patches)
            # What is behind is not kept in memory.
            part.invalidate_model()
            guard.offers.clear()
            self.env["amazon.offer"].invalidate_model()

    def _lines_to_send(self):
        return self.env["amazon.feed.line"].search([("feed_id", "=", self.id), ("state", "=", "sent")])

    def _set_back(self, line, reason, vals):
        """Take a SKU out of this submission before it leaves; `vals` are what its offers get."""
        line.write({"state": "blocked", "message": reason})
        offers = self.env["amazon.offer"].search([("feed_id", "=", self.id), ("sku", "=", line.sku)])
        offers.write({"feed_id": False, **vals})

    def _marketplaces(self):
        """The marketplaces of the offers of this submission; Amazon takes 25 at most, more than a region has."""
        groups = self.env["amazon.offer"]._read_group([("feed_id", "=", self.id)], ["marketplace_id"])
        return self.env["amazon.marketplace"].concat(*(marketplace for (marketplace,) in groups))
