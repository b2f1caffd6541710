from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..models import amazon_account_stock
from .stock_common import StockCase


@tagged("post_install", "-at_install")
class TestStockChannel(StockCase):
    """A quantity waits until Amazon has said who ships the SKU, and is sent as soon as it has."""

    def setUp(self):
        super().setUp()
        self.old = fields.Datetime.now() - timedelta(days=8)

    def throttled_once(self):
        offer = self.listed_offer("A", stock=5, listing_seen_on=self.old)
        self.store.add_fault("searchListingsItems", "throttled")
        self.push()
        return offer

    def test_a_sku_waits_to_be_sent_while_amazon_cannot_be_asked_who_ships_it(self):
        offer = self.throttled_once()
        self.assertEqual(offer.stock_state, "pending")
        self.assertTrue(self.account.next_stock_sync)
        self.assertFalse(self.patches())
        self.push()
        self.assertEqual((offer.stock_state, self.at_amazon("A")), ("done", 5))

    def test_a_sku_waits_for_its_submission_while_amazon_cannot_be_asked_who_ships_it(self):
        self.patch(amazon_account_stock, "PATCH_LIMIT", 0)
        offer = self.throttled_once()
        self.assertEqual(offer.stock_state, "pending")
        self.assertFalse(self.env["amazon.feed"].search([]))
        self.push()
        for _step in range(3):
            self.process_feeds()
        self.assertEqual((offer.stock_state, self.at_amazon("A")), ("done", 5))

    def test_a_sku_that_waits_does_not_keep_others_from_being_sent(self):
        self.listed_offer("B", self.product("B"), stock=3)
        self.throttled_once()
        self.assertEqual(self.at_amazon("B"), 3)

    def test_what_amazon_said_may_grow_old_while_a_submission_waits(self):
        offer = self.listed_offer("A", stock=5)
        self.compare(offer)
        feed = self.env["amazon.feed"]._make(self.account)
        offer.listing_seen_on = self.old
        feed._take_next_step()
        self.assertEqual((offer.stock_state, offer.feed_id.id), ("pending", False))
        self.assertFalse(self.store.feeds)
        self.push()
        self.assertEqual((offer.stock_state, self.at_amazon("A")), ("done", 5))

    def test_what_amazon_said_may_grow_old_while_a_quantity_is_about_to_leave(self):
        offer = self.listed_offer("A", stock=5, listing_seen_on=self.old)
        self.compare(offer)
        with self.account._gateway() as gateway:
            offer._patch_quantity(gateway)
        self.assertEqual(offer.stock_state, "pending")
        self.assertFalse(self.patches())
