"""Whatever happens to stock and on the way to Amazon: in the end Amazon has Odoo's quantities, and FBA is untouched.

The number of generated histories is AMAZON_PROPERTY_STOCK. Without it there are few, and always the same ones.
"""

import os
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from odoo import fields
from odoo.tests import tagged

from ..models import amazon_account_stock
from .account_common import SELLER_EU
from .stock_common import StockCase

HISTORIES = int(os.environ.get("AMAZON_PROPERTY_STOCK") or 4)
FBM, FBA = ("S0", "S1", "S2", "S3", "BOTH"), ("F0", "F1", "F2")
FAULTS = (
    ("patchListingsItem", "throttled"),
    ("patchListingsItem", "unavailable"),
    ("patchListingsItem", "answer_lost"),
    ("patchListingsItem", "dropped"),
    ("patchListingsItem", "garbled"),
    ("patchListingsItem", "patch_invalid"),
    ("patchListingsItem", "accepted_without_effect"),
    ("createFeed", "throttled"),
    ("createFeed", "answer_lost"),
    ("createFeed", "unavailable"),
    ("createFeed", "feed_fatal"),
    ("createFeed", "feed_cancelled"),
    ("createFeed", "feed_partly_failed"),
    ("createFeed", "feed_slow"),
    ("createFeed", "accepted_without_effect"),
    ("createFeedDocument", "unavailable"),
    ("upload", "upload_expired"),
    ("upload", "upload_refused"),
    ("getFeed", "unavailable"),
    ("getFeed", "throttled"),
    ("getFeedDocument", "document_mislabelled"),
    ("getFeedDocument", "garbled"),
    ("searchListingsItems", "unavailable"),
)
STEPS = st.one_of(
    st.tuples(st.just("stock"), st.integers(0, 4), st.integers(0, 9)),
    st.tuples(st.just("stock_all"), st.integers(1, 9)),
    st.tuples(st.just("order"), st.integers(0, 4), st.integers(1, 3)),
    st.tuples(st.just("buffer"), st.integers(0, 4), st.integers(0, 2)),
    st.tuples(st.just("pause"), st.integers(0, 4)),
    st.tuples(st.just("resume"), st.integers(0, 4)),
    st.tuples(st.just("push")),
    st.tuples(st.just("push")),
    st.tuples(st.just("process")),
    st.tuples(st.just("process")),
    st.tuples(st.just("wait"), st.sampled_from([1, 5, 25, 70])),
    st.tuples(st.just("fault"), st.sampled_from(FAULTS), st.integers(1, 3)),
    st.tuples(st.just("killed"), st.sampled_from(["patch_listing", "create_feed"]), st.booleans()),
    st.tuples(st.just("seller"), st.integers(0, 4), st.integers(0, 50)),
    st.tuples(st.just("compare_all")),
)


class Killed(BaseException):
    """The process ends here."""


@tagged("post_install", "-at_install")
class TestStockProperties(StockCase):
    @settings(
        max_examples=HISTORIES,
        derandomize="AMAZON_PROPERTY_STOCK" not in os.environ,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(STEPS, min_size=5, max_size=25))
    def test_in_the_end_amazon_has_odoos_quantities_and_fba_is_untouched(self, steps):
        savepoint = self.env.cr.savepoint()
        self.simulator.store.reset()
        try:
            with (
                freeze_time(fields.Datetime.now()) as self.clock,
                patch.object(amazon_account_stock, "PATCH_LIMIT", 2),
            ):
                self.live(steps)
        finally:
            savepoint.rollback()
            self.env.invalidate_all()
            self.env.cr.precommit.clear()

    def live(self, steps):
        self.link(token=self.store.issue_refresh_token(SELLER_EU))
        self.make_offers()
        for name, *arguments in steps:
            self.clock.tick(timedelta(seconds=20))
            getattr(self, f"step_{name}")(*arguments)
            self.env.invalidate_all()
            self.check_nothing_is_crossing()
        self.come_to_rest()
        self.check_quantities()

    def make_offers(self):
        self.offers = self.env["amazon.offer"].browse()
        for sku in FBM:
            self.offers |= self.listed_offer(
                sku, self.product(sku), stock=3, seen=False, listing={"marketplaces": ("DE", "FR")}
            )
        self.offer("BOTH", self.offers[-1].product_id, marketplace=self.france, stock_buffer=1)
        for sku, known in zip(FBA, ("AMAZON_EU", False, "DEFAULT"), strict=True):
            self.store.add_listing(SELLER_EU, sku, channel="AMAZON_EU", marketplaces=("DE", "FR"))
            self.offer(sku, self.offers[0].product_id, seen=known)
        # Taken for the seller's by mistake, but seen as Amazon's on another marketplace.
        self.offer("F2", self.offers[0].product_id, marketplace=self.france, seen="AMAZON_EU", sync_stock=False)

    # --- What may happen ---

    def step_stock(self, index, quantity):
        self.set_stock(self.offers[index].product_id, quantity)

    def step_stock_all(self, quantity):
        for index, offer in enumerate(self.offers):
            self.set_stock(offer.product_id, quantity + index)

    def step_order(self, index, quantity):
        self.delivery(self.offers[index].product_id, quantity, reserve=quantity % 2)

    def step_buffer(self, index, quantity):
        self.offers[index].stock_buffer = quantity

    def step_pause(self, index):
        self.offers[index].action_pause()

    def step_resume(self, index):
        self.offers[index].action_resume()

    def step_push(self):
        self.env["amazon.account"]._cron_push_stock()

    def step_process(self):
        self.env["amazon.feed"]._cron_process()

    def step_wait(self, minutes):
        self.clock.tick(timedelta(minutes=minutes))

    def step_fault(self, fault, times):
        operation, kind = fault
        self.store.add_fault(operation, kind, times=times)

    def step_killed(self, method, before):
        gateway = type(self.account._gateway())
        original = getattr(gateway, method)

        def killed(this, *args, **kwargs):
            if not before:
                original(this, *args, **kwargs)
            raise Killed

        with patch.object(gateway, method, killed):
            try:
                self.step_push()
                self.step_process()
            except Killed:
                self.env.invalidate_all()

    def step_seller(self, index, quantity):
        self.store.listings.set_quantity(SELLER_EU, FBM[index], quantity)

    def step_compare_all(self):
        self.env["amazon.account"]._cron_compare_stock()

    # --- What must be ---

    def check_nothing_is_crossing(self):
        """A SKU is in one unfinished submission at most, and such a one is never patched meanwhile."""
        self.env.cr.execute(
            """
            SELECT line.sku
              FROM amazon_feed_line AS line
              JOIN amazon_feed AS feed ON feed.id = line.feed_id
             WHERE feed.state IN ('draft', 'submitting', 'in_progress') AND line.state = 'sent'
          GROUP BY line.sku
            HAVING COUNT(*) > 1
            """
        )
        self.assertFalse(self.env.cr.fetchall())

    def come_to_rest(self):
        """Amazon and Odoo are left alone for two days."""
        self.store.clear_faults()
        for _day in range(2):
            self.step_compare_all()
            for _hour in range(3):
                self.step_wait(245)
                self.env["amazon.catalogue.import"]._cron_run()
                self.step_push()
                self.step_process()
                self.step_wait(2)
                self.step_process()
                self.env.invalidate_all()

    def check_quantities(self):
        wanted = {}
        for offer in self.env["amazon.offer"].search([("account_id", "=", self.account.id), ("sku", "in", FBM)]):
            product = offer.product_id.with_context(warehouse_id=self.warehouse.id)
            stock = 0 if offer.is_paused else int(min(product.free_qty, product.qty_available - product.outgoing_qty))
            quantity = max(stock - offer.stock_buffer, 0)
            wanted[offer.sku] = min(wanted.get(offer.sku, quantity), quantity)
        self.assertEqual({sku: self.at_amazon(sku) for sku in FBM}, wanted)
        self.assertEqual(set(self.offers.mapped("stock_state")), {"done"})
        self.assertFalse(self.store.listings.harmed)
        for sku in FBA:
            self.assertFalse(self.store.listing(SELLER_EU, sku).changes)
