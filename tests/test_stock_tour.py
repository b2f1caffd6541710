from odoo.tests import HttpCase, tagged

from ..models import amazon_account_stock
from .account_common import SELLER_EU
from .stock_common import StockCase


@tagged("post_install", "-at_install")
class TestStockTour(StockCase, HttpCase):
    """An administrator in a browser."""

    def setUp(self):
        super().setUp()
        self.env["res.config.settings"].create({"group_amazon_sync": True}).execute()

    def test_administrator_sends_the_stock_reads_a_refusal_and_pauses_an_offer(self):
        self.account.synchronize_inventory = False
        self.listed_offer("MUG-1", stock=7)
        # Amazon refuses a type of product that is not the listing's.
        self.listed_offer("REFUSED", self.product("R"), stock=3, listing={"product_type": "CUP"}, product_type="PAN")
        self.start_tour("/odoo", "amazon_connector_stock", login="admin", timeout=120)
        self.assertEqual(self.at_amazon("MUG-1"), 7)

    def test_administrator_reads_a_submission_and_sends_what_failed_again(self):
        self.patch(amazon_account_stock, "PATCH_LIMIT", 2)
        for number in range(1, 5):
            self.listed_offer(f"S{number}", self.product(f"S{number}"), stock=number)
        self.store.add_fault("createFeed", "feed_partly_failed", skus=["S2"])
        self.push()
        for _step in range(3):
            self.process_feeds()
        self.start_tour("/odoo", "amazon_connector_submissions", login="admin", timeout=120)
        self.push()
        self.assertEqual(self.store.listing(SELLER_EU, "S2").quantity, 2)
