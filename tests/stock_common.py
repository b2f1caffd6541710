from datetime import timedelta

from freezegun import freeze_time

from odoo import fields

from ..models import amazon_account_stock
from .account_common import SELLER_EU, AccountCase


class StockCase(AccountCase):
    """A linked account that tells the simulated Amazon its stock, over HTTP."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.account.company_id
        cls.warehouse = cls.env["stock.warehouse"].search([("company_id", "=", cls.company.id)], limit=1)

    def setUp(self):
        super().setUp()
        self.link()
        self.env.ref("amazon_connector.ir_cron_push_stock").active = True
        self.account.synchronize_inventory = True
        self.mug = self.product("MUG")

    @property
    def store(self):
        return self.simulator.store

    # --- What there is ---

    def product(self, reference, **values):
        return self.env["product.product"].create(
            {"name": f"Product {reference}", "default_code": reference, "is_storable": True, **values}
        )

    def offer(self, sku, product=None, marketplace=None, seen="DEFAULT", **values):
        """An offer that Amazon was seen to list, unless `seen` is empty."""
        return self.env["amazon.offer"].create(
            {
                "account_id": self.account.id,
                "marketplace_id": (marketplace or self.germany).id,
                "sku": sku,
                "product_id": (product or self.mug).id,
                "listing_channel": seen,
                "listing_seen_on": seen and fields.Datetime.now(),
                **values,
            }
        )

    def listed_offer(self, sku, product=None, stock=None, listing=None, **values):
        """An offer with its listing at Amazon."""
        self.store.add_listing(SELLER_EU, sku, **(listing or {}))
        offer = self.offer(sku, product, **values)
        if stock is not None:
            self.set_stock(offer.product_id, stock)
        return offer

    def set_stock(self, product, quantity, location=None):
        """Have so many of a product in a location, by default the warehouse's stock."""
        location = location or self.warehouse.lot_stock_id
        there = sum(
            self.env["stock.quant"]
            .search([("product_id", "=", product.id), ("location_id", "=", location.id)])
            .mapped("quantity")
        )
        if quantity != there:
            self.env["stock.quant"]._update_available_quantity(product, location, quantity - there)
        self.env.invalidate_all()

    def delivery(self, product, quantity, reserve=True, source=None, destination=None):
        """A confirmed transfer to a customer."""
        move = self.env["stock.move"].create(
            {
                **self.move_name(),
                "product_id": product.id,
                "product_uom_qty": quantity,
                "location_id": (source or self.warehouse.lot_stock_id).id,
                "location_dest_id": (destination or self.env.ref("stock.stock_location_customers")).id,
            }
        )
        move._action_confirm()
        if reserve:
            move._action_assign()
        return move

    def move_name(self):
        return {"name": "Transfer"} if "name" in self.env["stock.move"]._fields else {}

    def ship(self, move):
        move.quantity = move.product_uom_qty
        move.picked = True
        move._action_done()

    # --- What is done ---

    def push(self):
        """What runs by itself, some time later: Amazon has quota again."""
        self.account.next_stock_sync = False
        self.store.reset_quotas()
        for quota in self.env["amazon.quota"].search([]):
            quota.write({"tokens": quota.burst, "blocked_until": False})
        self.env.flush_all()
        self.env["amazon.account"]._cron_push_stock()
        self.env.invalidate_all()

    def process_feeds(self):
        """Look after every submission, whenever it is due."""
        self.env["amazon.feed"].search([]).write({"next_step_on": fields.Datetime.now()})
        self.env["amazon.feed"]._cron_process()
        self.env.invalidate_all()

    def compare(self, offers):
        offers._compare_stock()
        self.env.invalidate_all()

    # --- What Amazon has ---

    def at_amazon(self, sku):
        return self.store.listing(SELLER_EU, sku).quantity

    def patches(self):
        return self.store.calls_of("patchListingsItem")


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
