import dataclasses
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from ..models import amazon_feed, amazon_feed_result
from ..spapi import errors
from .stock_common import FeedCase


@tagged("post_install", "-at_install")
class TestStockFeedsResults(FeedCase):
    """How a submission may end, and what Amazon may answer until then."""

    def test_refused_skus_get_amazons_words_and_the_others_are_confirmed(self):
        self.store.add_fault("createFeed", "feed_partly_failed", skus=["S2"])
        self.push()
        self.finish_feeds()
        feed = self.feeds()
        self.assertEqual((feed.state, feed.accepted_count, feed.refused_count), ("partial", 3, 1))
        refused = feed.line_ids.filtered(lambda line: line.state == "refused")
        self.assertEqual(refused.sku, "S2")
        self.assertTrue(refused.message)
        self.assertEqual(self.offers.mapped("stock_state"), ["done", "refused", "done", "done"])
        self.assertIn(refused.message, self.offers[1].stock_message)
        self.assertFalse(self.offers[1].confirmed_on)

    def test_refused_skus_can_be_sent_again_from_the_submission(self):
        self.store.add_fault("createFeed", "feed_partly_failed", skus=["S2"])
        self.push()
        self.finish_feeds()
        self.feeds().action_retry_failed()
        self.push()
        self.assertEqual(self.quantities(), [1, 2, 3, 4])
        self.assertEqual(set(self.offers.mapped("stock_state")), {"done"})

    def test_a_cancelled_submission_is_sent_again(self):
        self.store.add_fault("createFeed", "feed_cancelled")
        self.push()
        self.finish_feeds()
        self.assertEqual(self.feeds().state, "cancelled")
        self.assertEqual(set(self.offers.mapped("stock_state")), {"pending"})
        self.assertEqual(set(self.feeds().line_ids.mapped("state")), {"unknown"})
        with self.later(minutes=21):
            self.push()
            self.finish_feeds()
        self.assertEqual(self.quantities(), [1, 2, 3, 4])

    def test_a_fatal_submission_that_was_half_done_is_sent_again_whole(self):
        for with_report in (True, False):
            with self.subTest(with_report=with_report):
                self.store.add_fault("createFeed", "feed_fatal", applied=2, with_report=with_report)
                for offer in self.offers:
                    self.set_stock(offer.product_id, offer.stock_quantity + 10)
                with self.later(minutes=30 if with_report else 90):
                    self.push()
                    self.finish_feeds()
                    self.assertEqual(self.feeds()[-1].state, "fatal")
                    self.assertFalse(any(self.offers.mapped("confirmed_on")))
                with self.later(minutes=55 if with_report else 115):
                    self.push()
                    self.finish_feeds()
                self.assertEqual(self.quantities(), self.offers.mapped("stock_quantity"))
                self.assertEqual(set(self.offers.mapped("stock_state")), {"done"})

    def test_a_slow_submission_is_asked_after_at_one_two_five_and_ten_minutes(self):
        self.store.add_fault("createFeed", "feed_slow", seconds=3600)
        self.push()
        feed = self.feeds()
        steps = []
        with freeze_time(fields.Datetime.now()) as clock:
            feed.next_step_on = fields.Datetime.now() + timedelta(minutes=1)
            for _poll in range(4):
                steps.append((feed.next_step_on - fields.Datetime.now()).total_seconds() / 60)
                clock.move_to(feed.next_step_on)
                self.env["amazon.feed"]._cron_process()
        self.assertEqual(steps, [1, 2, 5, 10])
        self.store.clock.advance(3700)
        self.finish_feeds()
        self.assertEqual(self.quantities(), [1, 2, 3, 4])

    def test_the_next_look_at_a_submission_is_planned(self):
        cron = self.env.ref("amazon_connector.ir_cron_process_feeds")
        self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]).unlink()
        self.push()
        planned = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]).mapped("call_at")
        self.assertIn(self.feeds().next_step_on, planned)

    def test_a_submission_that_amazon_lost_is_given_up_after_a_day(self):
        self.store.add_fault("createFeed", "feed_slow", seconds=10**7)
        self.push()
        with self.later(hours=25):
            self.process_feeds()
            self.assertEqual(self.feeds().state, "lost")
            self.push()
            self.finish_feeds()
        self.assertEqual(self.quantities(), [1, 2, 3, 4])

    def test_a_result_that_cannot_be_read_is_asked_for_again(self):
        self.push()
        self.store.add_fault("getFeedDocument", "unavailable", times=1)
        self.finish_feeds()
        self.assertEqual(self.feeds().state, "done")

    def test_a_mislabelled_result_is_read(self):
        self.store.add_fault("getFeedDocument", "document_mislabelled")
        self.push()
        self.finish_feeds()
        self.assertEqual(self.feeds().state, "done")

    def test_a_result_that_can_never_be_read_ends_the_submission(self):
        self.push()
        with patch.object(self.gateway_class(), "download_document", return_value=b"<html>"):
            self.finish_feeds()
        self.assertEqual(self.feeds().state, "lost")
        self.assertEqual(set(self.offers.mapped("stock_state")), {"pending"})

    def test_an_unexpected_answer_to_the_question_how_far_a_submission_is_does_not_end_it(self):
        """It runs at Amazon all the same: a newer quantity that goes before it would be overwritten by it."""
        self.store.add_fault("createFeed", "feed_slow", seconds=600)
        self.push()
        self.set_stock(self.offers[3].product_id, 0)
        for error in (errors.InvalidRequest("getFeed"), errors.NotFound("getFeed")):
            with patch.object(self.gateway_class(), "get_feed", side_effect=error):
                self.process_feeds()
            self.push()
            self.assertEqual((self.feeds().state, self.patches()), ("in_progress", []))
            self.assertTrue(self.feeds().message)
        self.store.clock.advance(700)
        self.finish_feeds()
        self.push()
        self.assertEqual(self.quantities(), [1, 2, 3, 0])
        self.assertEqual((self.feeds().state, self.offers[3].stock_state), ("done", "done"))

    def test_a_submission_that_amazon_does_not_know_for_a_day_is_given_up(self):
        self.push()
        with patch.object(self.gateway_class(), "get_feed", side_effect=errors.NotFound("getFeed")):
            with self.later(hours=23):
                self.process_feeds()
                self.assertEqual(self.feeds().state, "in_progress")
            with self.later(hours=25):
                self.process_feeds()
        self.assertEqual(self.feeds().state, "lost")
        self.assertEqual(set(self.offers.mapped("stock_state")), {"pending"})

    def test_what_amazon_counts_as_invalid_without_naming_it_is_not_taken_for_accepted(self):
        self.store.add_fault("createFeed", "feed_partly_failed", skus=["S2", "S3"], with_message_id=False)
        self.push()
        self.finish_feeds()
        feed = self.feeds()
        self.assertEqual((feed.state, feed.accepted_count, feed.refused_count), ("partial", 0, 0))
        self.assertIn("not say", feed.message)
        self.assertEqual(set(feed.line_ids.mapped("state")), {"unknown"})
        self.assertEqual(set(self.offers.mapped("stock_state")), {"pending"})
        self.push()
        self.push()
        self.assertEqual((self.quantities(), len(self.feeds())), ([1, 2, 3, 4], 1))
        self.assertEqual(set(self.offers.mapped("stock_state")), {"done"})

    def test_what_a_slow_submission_left_open_is_sent_singly_before_the_next_submission(self):
        self.store.add_fault("createFeed", "feed_slow", seconds=3600)
        self.push()
        self.store.clock.advance(3700)
        with self.later(minutes=62):
            self.answer_anonymously()
            self.finish_feeds()
            self.assertEqual(self.feeds().state, "partial")
            self.push()
        self.assertEqual((len(self.feeds()), len(self.patches())), (1, 2))

    def answer_anonymously(self):
        """Amazon's next reports count one message less as accepted, and name none."""
        original = amazon_feed_result.parse_feed_result

        def less(document):
            result = original(document)
            return dataclasses.replace(result, accepted=result.accepted - 1, invalid=1)

        self.patch(amazon_feed_result, "parse_feed_result", less)

    def test_refused_and_unnamed_messages_are_told_apart(self):
        self.store.add_fault("createFeed", "feed_partly_failed", skus=["S2"])
        self.push()
        self.answer_anonymously()
        self.finish_feeds()
        self.assertEqual(self.feeds().line_ids.mapped("state"), ["unknown", "refused", "unknown", "unknown"])

    def test_a_throttled_download_is_no_failed_read(self):
        self.push()
        self.store.add_fault("getFeedDocument", "throttled", times=None)
        for number in range(1, amazon_feed.RESULT_TRIES + 4):
            with self.later(hours=number):
                self.push()
                self.process_feeds()
        self.assertGreater(len(self.store.calls_of("getFeedDocument")), amazon_feed.RESULT_TRIES)
        self.assertEqual((self.feeds().state, self.feeds().result_tries), ("in_progress", 0))
        self.store.clear_faults()
        with self.later(hours=12):
            self.push()
            self.finish_feeds()
        self.assertEqual(self.feeds().state, "done")
