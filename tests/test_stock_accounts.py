from odoo.tests import tagged

from .account_common import SELLER_EU
from .stock_common import StockCase


@tagged("post_install", "-at_install")
class TestStockAccounts(StockCase):
    """Which account of a seller tells a quantity, and what an account needs to tell one."""

    def setUp(self):
        super().setUp()
        self.newer = self.new_account(
            name="Newer",
            seller_key=SELLER_EU,
            state="linked",
            synchronize_inventory=True,
            available_marketplace_ids=self.france.ids,
        )
        self.account.active_marketplace_ids -= self.france
        self.newer.active_marketplace_ids = self.france
        self.older_offer = self.listed_offer("A", stock=7, listing={"marketplaces": ("DE", "FR")})
        self.newer_offer = self.offer("A", account_id=self.newer.id, marketplace=self.france)

    def assert_newer_sends(self):
        self.compare(self.older_offer | self.newer_offer)
        self.assertEqual((self.newer_offer.stock_state, self.newer_offer.stock_message), ("pending", False))

    def test_the_older_account_tells_the_quantity_of_a_sku_of_both(self):
        self.compare(self.older_offer | self.newer_offer)
        self.assertEqual((self.older_offer.stock_state, self.newer_offer.stock_state), ("pending", "blocked"))

    def test_an_older_account_that_gave_up_the_marketplace_leaves_the_quantity_to_the_newer(self):
        self.account.active_marketplace_ids -= self.germany
        self.assert_newer_sends()

    def test_an_older_account_whose_listing_is_gone_leaves_the_quantity_to_the_newer(self):
        self.older_offer.listing_missing = True
        self.assert_newer_sends()

    def test_an_older_account_that_is_not_linked_any_more_leaves_the_quantity_to_the_newer(self):
        self.account.state = "reauthorize"
        self.assert_newer_sends()

    def test_an_account_without_warehouse_says_so(self):
        self.account.warehouse_id = False
        self.compare(self.older_offer)
        self.assertEqual(self.older_offer.stock_state, "blocked")
        self.assertIn("has no warehouse", self.older_offer.stock_message)
        self.assertIn(self.account.name, self.older_offer.stock_message)

    def test_goods_whose_stock_is_not_kept_say_so_whatever_the_warehouse(self):
        offer = self.listed_offer("S", self.product("S", is_storable=False))
        self.compare(offer)
        self.assertIn("keeps no stock", offer.stock_message)
