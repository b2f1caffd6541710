from unittest.mock import patch

from odoo.tests import tagged

from ..spapi import errors
from .stock_common import FeedCase


class Killed(BaseException):
    """The process ends here."""


@tagged("post_install", "-at_install")
class TestStockFeedsUpload(FeedCase):
    """What may happen on a submission's way up to Amazon."""

    def test_a_dead_upload_address_is_replaced(self):
        self.store.add_fault("upload", "upload_expired")
        self.push()
        self.finish_feeds()
        self.assertEqual(self.quantities(), [1, 2, 3, 4])

    def test_a_refused_upload_is_done_again_later(self):
        self.store.add_fault("upload", "upload_refused")
        self.push()
        self.finish_feeds()
        self.assertEqual(self.quantities(), [1, 2, 3, 4])
        self.assertEqual(len(self.feeds()), 1)

    def test_throttled_the_submission_waits(self):
        self.store.add_fault("createFeed", "throttled")
        self.push()
        self.assertFalse(self.feeds().feed_ref)
        with self.later(minutes=5):
            self.finish_feeds()
        self.assertEqual((self.quantities(), len(self.feeds())), ([1, 2, 3, 4], 1))

    def test_what_amazon_refuses_to_take_ends_with_its_words(self):
        with patch.object(
            self.gateway_class(),
            "create_feed",
            side_effect=errors.InvalidRequest("createFeed", amazon_message="No such type."),
        ):
            self.push()
        self.assertEqual(self.feeds().state, "fatal")
        self.assertIn("No such type.", self.feeds().message)
        self.assertFalse(self.offers.feed_id)

    def test_killed_before_the_submission_it_goes_up_again(self):
        self.push_until_killed("create_feed", before=True)
        self.assertEqual(self.feeds().state, "submitting")
        self.finish_feeds()
        self.assertEqual((self.quantities(), self.feeds().state), ([1, 2, 3, 4], "done"))
        self.assertEqual(len(self.store.feeds), 1)

    def test_killed_after_the_submission_it_is_found_left_to_end_and_sent_anew(self):
        self.store.feed_seconds = 60
        self.push_until_killed("create_feed", before=False)
        self.set_stock(self.offers[0].product_id, 9)
        self.process_feeds()
        self.assertEqual((self.feeds().state, len(self.store.feeds)), ("submitting", 1))
        self.store.clock.advance(120)
        self.finish_feeds()
        self.assertEqual(self.feeds().state, "lost")
        self.assertEqual(len(self.store.feeds), 1)
        self.store.feed_seconds = 0
        with self.later(minutes=21):
            self.push()
            self.finish_feeds()
        self.assertEqual(self.quantities(), [9, 2, 3, 4])

    def test_killed_after_the_submission_an_unexpected_answer_to_the_search_for_it_does_not_end_it(self):
        self.store.feed_seconds = 60
        self.push_until_killed("create_feed", before=False)
        self.set_stock(self.offers[3].product_id, 0)
        for error in (errors.InvalidRequest("getFeeds"), errors.NotFound("getFeeds")):
            with patch.object(self.gateway_class(), "recent_feeds", side_effect=error):
                self.process_feeds()
            self.push()
            self.assertEqual((self.feeds().state, self.patches()), ("submitting", []))

    def push_until_killed(self, method, before):
        original = getattr(self.gateway_class(), method)

        def killed(gateway, *args, **kwargs):
            if not before:
                original(gateway, *args, **kwargs)
            raise Killed

        with patch.object(self.gateway_class(), method, killed):
            try:
                self.push()
            except Killed:
                self.env.invalidate_all()
            else:
                self.fail("The process was not killed")
