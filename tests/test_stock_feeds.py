import json

from odoo.tests import tagged

from ..models import amazon_feed_submission
from .account_common import SELLER_EU
from .stock_common import FeedCase


@tagged("post_install", "-at_install")
class TestStockFeeds(FeedCase):
    """Amazon is told many quantities in one submission."""

    # --- The way it should go ---

    def test_many_quantities_go_in_one_submission_and_are_confirmed_by_its_result(self):
        self.push()
        feed = self.feeds()
        self.assertEqual((feed.state, feed.line_count), ("in_progress", 4))
        self.assertEqual(set(self.offers.mapped("stock_state")), {"sending"})
        self.assertFalse(any(self.offers.mapped("confirmed_on")))
        self.assertFalse(self.patches())
        self.finish_feeds()
        self.assertEqual(self.quantities(), [1, 2, 3, 4])
        self.assertEqual((feed.state, feed.accepted_count, feed.refused_count), ("done", 4, 0))
        self.assertEqual(set(self.offers.mapped("stock_state")), {"done"})
        self.assertEqual(self.offers.mapped("confirmed_quantity"), [1, 2, 3, 4])
        self.assertFalse(self.offers.feed_id)

    def test_few_quantities_go_one_by_one(self):
        self.offers[2:].sync_stock = False
        self.push()
        self.assertFalse(self.feeds())
        self.assertEqual(len(self.patches()), 2)

    def test_handling_time_survives_a_submission_and_is_sent_where_it_is_set(self):
        self.store.add_listing(SELLER_EU, "S1", lead_time=4)
        self.offers[1].handling_time = 2
        self.push()
        self.finish_feeds()
        self.assertEqual(self.store.listing(SELLER_EU, "S1").lead_time, 4)
        self.assertEqual(self.store.listing(SELLER_EU, "S2").lead_time, 2)
        self.assertEqual(set(self.offers.mapped("stock_state")), {"done"})

    def test_the_submitted_and_the_returned_document_are_kept_and_go_after_thirty_days(self):
        self.push()
        self.finish_feeds()
        feed = self.feeds()
        self.assertEqual(len(json.loads(feed.document_id.raw)["messages"]), 4)
        self.assertEqual(json.loads(feed.result_document_id.raw)["summary"]["messagesAccepted"], 4)
        documents = feed.document_id | feed.result_document_id
        with self.later(days=29):
            self.env["amazon.feed"]._gc_documents()
        self.assertTrue(documents.exists())
        with self.later(days=31):
            self.env["amazon.feed"]._gc_documents()
        self.assertFalse(documents.exists())
        self.assertTrue(feed.line_ids)

    def test_the_skus_of_a_submission_go_thirty_days_after_its_end_and_the_counts_stay(self):
        self.store.add_fault("createFeed", "feed_partly_failed", skus=["S2"])
        self.push()
        self.finish_feeds()
        ended = self.feeds()
        under_way = ended.create({"account_id": self.account.id, "feed_type": ended.feed_type})
        under_way.line_ids = ended.line_ids[:1].copy({"feed_id": under_way.id})
        with self.later(days=29):
            ended._gc_lines()
        self.assertEqual(len(ended.line_ids), 4)
        with self.later(days=31):
            ended._gc_lines()
        self.assertFalse(ended.line_ids)
        self.assertEqual((ended.line_count, ended.accepted_count, ended.refused_count), (4, 3, 1))
        self.assertTrue(under_way.line_ids)
        self.assertIn("no longer", ended.action_retry_failed()["params"]["message"])

    def test_a_retry_of_several_submissions_sends_what_is_kept_and_says_what_is_not(self):
        self.store.add_fault("createFeed", "feed_partly_failed", skus=["S2"])
        self.push()
        self.finish_feeds()
        recent = self.feeds()
        vals = {"account_id": self.account.id, "feed_type": recent.feed_type, "state": "partial", "line_count": 4}
        action = (recent | recent.create(vals)).action_retry_failed()
        self.assertIn("within a minute", action["params"]["message"])
        self.assertIn("no longer", action["params"]["message"])
        self.push()
        self.assertEqual(self.quantities(), [1, 2, 3, 4])

    def test_one_sku_on_two_marketplaces_is_one_line(self):
        self.store.add_listing(SELLER_EU, "S1", marketplaces=("DE", "FR"))
        french = self.offer("S1", self.offers[0].product_id, marketplace=self.france)
        self.push()
        self.assertEqual(self.feeds().line_count, 4)
        self.finish_feeds()
        self.assertEqual((french.stock_state, french.confirmed_quantity), ("done", 1))

    # --- What does not cross ---

    def test_a_sku_in_an_unfinished_submission_is_not_patched_and_its_newer_quantity_waits(self):
        self.push()
        self.set_stock(self.offers[0].product_id, 9)
        self.push()
        self.assertFalse(self.patches())
        self.assertEqual((self.offers[0].stock_quantity, self.offers[0].stock_state), (9, "sending"))
        self.finish_feeds()
        self.assertEqual((self.offers[0].confirmed_quantity, self.offers[0].stock_state), (1, "pending"))
        self.push()
        self.assertEqual(self.at_amazon("S1"), 9)
        self.assertEqual([change.quantity for change in self.store.listing(SELLER_EU, "S1").changes], [1, 9])

    def test_other_skus_are_patched_meanwhile(self):
        self.push()
        other = self.listed_offer("OTHER", stock=5)
        self.push()
        self.assertEqual((self.at_amazon("OTHER"), other.stock_state), (5, "done"))

    def test_a_second_submission_waits_for_the_first_and_for_twenty_minutes(self):
        self.push()
        more = [self.listed_offer(f"T{n}", self.product(f"T{n}"), stock=1) for n in range(5)]
        self.push()
        self.assertEqual(len(self.feeds()), 1)
        self.assertEqual(len(self.patches()), 2)
        self.finish_feeds()
        self.push()
        self.assertEqual((len(self.feeds()), len(self.patches())), (1, 4))
        more += [self.listed_offer(f"U{n}", self.product(f"U{n}"), stock=1) for n in range(5)]
        with self.later(minutes=21):
            self.push()
            self.assertEqual(len(self.feeds()), 2)
            self.finish_feeds()
        self.assertEqual({offer.stock_state for offer in more}, {"done"})

    def test_more_than_one_submission_can_hold_go_in_several(self):
        self.patch(amazon_feed_submission, "FEED_LIMIT", 3)
        self.push()
        self.assertEqual(self.feeds().mapped("line_count"), [3, 1])
        self.finish_feeds()
        self.assertEqual(self.quantities(), [1, 2, 3, 4])

    # --- Rights ---

    def test_documents_of_a_submission_are_no_business_of_portal_users(self):
        self.push()
        with self.assertRaises(Exception):  # noqa: B017 - whichever Odoo raises
            self.feeds().document_id.with_user(self.env.ref("base.public_user")).read(["datas"])
