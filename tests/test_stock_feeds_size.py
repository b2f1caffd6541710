import time
import tracemalloc

from odoo.tests import tagged

from ..models import amazon_feed_submission
from .stock_common import FeedCase


@tagged("post_install", "-at_install")
class TestStockFeedsSize(FeedCase):
    """Submissions of many thousand SKUs take neither memory nor time that grows faster than they do."""

    def test_the_document_of_many_lines_is_built_in_flat_memory(self):
        few, many = self.peak_of(1200), self.peak_of(6000)
        self.assertLess(many, few * 2.5)

    def peak_of(self, count):
        """The memory in bytes that building a document of so many lines takes at most."""
        self.make_pending_offers(count)
        feed = self.env["amazon.feed"]._make(self.account)
        self.env.invalidate_all()
        tracemalloc.start()
        size = sum(len(part) for part in self.document_parts(feed))
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        self.assertGreater(size, count * 100)
        self.env.cr.execute("UPDATE amazon_offer SET feed_id = NULL, stock_state = 'done'")
        self.env.invalidate_all()
        return peak

    def test_25000_skus_are_taken_and_confirmed_without_looking_through_all_for_each(self):
        """The planner knows nothing of rows that were just written: joining them took minutes."""
        self.make_pending_offers(25000)
        started = time.monotonic()
        feed = self.env["amazon.feed"]._make(self.account)
        self.assertEqual(feed.line_count, 25000)
        self.env.cr.execute("UPDATE amazon_feed_line SET state = 'accepted' WHERE feed_id = %s", [feed.id])
        feed._finish("done")
        self.assertLess(time.monotonic() - started, 180)
        self.assertFalse(self.env["amazon.offer"].search([("feed_id", "=", feed.id)], limit=1))

    def make_pending_offers(self, count):
        self.env.flush_all()
        self.env.cr.execute(
            """
            INSERT INTO amazon_offer (account_id, company_id, marketplace_id, product_id, sku, amazon_channel,
                                      sync_stock, stock_state, listing_channel, listing_seen_on, stock_share)
            SELECT %s, %s, %s, %s, %s || number, 'fbm', TRUE, 'pending', 'DEFAULT', NOW() AT TIME ZONE 'UTC', 100
              FROM GENERATE_SERIES(1, %s) AS number
            """,
            [self.account.id, self.company.id, self.germany.id, self.mug.id, f"L{count}-", count],
        )
        self.env.invalidate_all()

    def document_parts(self, feed):
        return amazon_feed_submission.feed_document("SELLER", feed._messages())
