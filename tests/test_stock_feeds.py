import dataclasses
import json
import time
import tracemalloc
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from ..models import amazon_account_stock, amazon_feed, amazon_feed_result, amazon_feed_submission
from ..spapi import errors
from .account_common import SELLER_EU
from .stock_common import StockCase


class Killed(BaseException):
    """The process ends here."""


class FeedCase(StockCase):
    """Four offers are many: more than two go in a submission."""

    def setUp(self):
        super().setUp()
        self.patch(amazon_account_stock, "PATCH_LIMIT", 2)
        self.offers = self.env["amazon.offer"].browse()
        for number in range(1, 5):
            self.offers |= self.listed_offer(f"S{number}", self.product(f"S{number}"), stock=number)

    def feeds(self):
        return self.env["amazon.feed"].search([], order="id")

    def quantities(self):
        return [self.at_amazon(offer.sku) for offer in self.offers]

    def later(self, **duration):
        return freeze_time(fields.Datetime.now() + timedelta(**duration), tick=True)

    def finish_feeds(self):
        """Until Amazon has ended them all."""
        for _step in range(8):
            self.process_feeds()
            if not self.feeds().filtered(lambda feed: feed.state in ("draft", "submitting", "in_progress")):
                return

    def gateway_class(self):
        return type(self.account._gateway())


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

    # --- How it may end ---

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

    # --- What may happen on the way up ---

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

    # --- Rights ---

    def test_documents_of_a_submission_are_no_business_of_portal_users(self):
        self.push()
        with self.assertRaises(Exception):  # noqa: B017 - whichever Odoo raises
            self.feeds().document_id.with_user(self.env.ref("base.public_user")).read(["datas"])

    # --- Size ---

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
