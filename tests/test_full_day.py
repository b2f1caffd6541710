"""A seller's whole day against the simulated Amazon, while every tenth call goes wrong.

A small seller's by default; AMAZON_FULL_DAY=1 makes it 200 orders and 5,000 SKUs.
"""

import os
import random
from datetime import timedelta, timezone

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from ..simulator.samples import build_order
from .account_common import SELLER_EU
from .shipment_common import ShipmentCase

IS_FULL = bool(os.environ.get("AMAZON_FULL_DAY"))
ORDERS = 200 if IS_FULL else 32
OFFERS = 5000 if IS_FULL else 600  # more than are sent one by one
HALF_HOURS = 16
FBA_EVERY = 10  # every tenth SKU lies at Amazon
ROUND = timedelta(minutes=30)
#: What befalls calls, and how often; together every tenth.
WEATHER = {"unavailable": 0.03, "internal_failure": 0.02, "throttled": 0.02, "answer_lost": 0.015, "dropped": 0.015}


@tagged("post_install", "-at_install")
class TestFullDay(ShipmentCase):
    """Orders, three carriers, partial and multi-package deliveries, and many SKUs with moving stock."""

    def setUp(self):
        super().setUp()
        self.chance = random.Random(11)
        self.now = fields.Datetime.now()
        self.store.clock.freeze(self.now.replace(tzinfo=timezone.utc))
        self.store.feed_seconds = 300  # by Amazon's clock, so that one whose number was lost ends, too
        self.carriers = [self.new_carrier(name) for name in ("DHL", "ups", "House Courier")]
        self.skus = [f"DAY-{number:04d}" for number in range(OFFERS)]
        self.products = self.env["product.product"].create(
            [{"name": sku, "default_code": sku, "type": "consu", "is_storable": True} for sku in self.skus]
        )
        self.location = self.account.warehouse_id.lot_stock_id
        self._list_at_amazon()
        self._fill_the_shelves()

    def test_every_parcel_is_confirmed_once_and_every_quantity_is_right_in_the_end(self):
        for kind, share in WEATHER.items():
            self.store.add_fault("*", kind, times=None, share=share)
        orders = self._orders_of_the_day()
        for number in range(HALF_HOURS):
            for raw in orders[number::HALF_HOURS]:
                self.store.add_order(SELLER_EU, raw, age=180)
            self._pass_time()
            self._work_in_the_warehouse()
            self._move_stock()
        failed_calls = sum(call.status != 200 for call in self.store.calls if call.operation != "confirmShipment")
        self.assertGreater(failed_calls, 5)
        self.store.clear_faults()
        for _round in range(12):
            self._pass_time()
            self._work_in_the_warehouse(everything=True)
        self._check_orders(orders)
        self._check_parcels()
        self._check_quantities()

    # --- The seller's things ---

    def _list_at_amazon(self):
        vals_list = []
        for number, (sku, product) in enumerate(zip(self.skus, self.products, strict=True)):
            is_fba = number % FBA_EVERY == 0
            self.store.add_listing(SELLER_EU, sku, channel="AMAZON_EU" if is_fba else "DEFAULT", lead_time=2)
            vals_list.append(
                {
                    "account_id": self.account.id,
                    "marketplace_id": self.germany.id,
                    "sku": sku,
                    "product_id": product.id,
                    # Half of what lies at Amazon is still taken for the seller's in Odoo.
                    "amazon_channel": "fba" if number % (2 * FBA_EVERY) == 0 else "fbm",
                }
            )
        self.offers = self.env["amazon.offer"].create(vals_list)
        self.env.ref("amazon_connector.ir_cron_push_stock").active = True
        self.account.synchronize_inventory = True

    def _fill_the_shelves(self):
        self.env["stock.quant"].create(
            [
                {"product_id": product.id, "location_id": self.location.id, "quantity": self.chance.randint(0, 40)}
                for product in self.products
            ]
        )

    def _orders_of_the_day(self):
        merchant = [sku for number, sku in enumerate(self.skus) if number % FBA_EVERY]
        orders = []
        for number in range(ORDERS):
            items = [
                {"sku": self.chance.choice(merchant), "quantity": self.chance.choice([1, 1, 2, 5])}
                for _item in range(self.chance.choice([1, 1, 2, 3]))
            ]
            orders.append(build_order("DE", items=items, buyer_name=f"Buyer {number}"))
        return orders

    # --- The day ---

    def _pass_time(self):
        """Half an hour: at Amazon, and in Odoo, whose scheduler runs every ten minutes of it."""
        for _run in range(3):
            self.now += ROUND / 3
            self.store.clock.freeze(self.now.replace(tzinfo=timezone.utc))
            with freeze_time(self.now):
                self.env["amazon.account"]._cron_sync_orders()
                self.env["amazon.shipment"]._cron_send()
                self.env["amazon.account"]._cron_push_stock()
                self.env["amazon.feed"]._cron_process()
                self.env.invalidate_all()

    def _work_in_the_warehouse(self, everything=False):
        with freeze_time(self.now):
            orders = self.env["sale.order"].search([("amazon_account_id", "=", self.account.id)])
            for picking in orders.picking_ids.filtered(lambda picking: picking.state not in ("done", "cancel")):
                self._ship(picking, everything)

    def _ship(self, picking, everything):
        """All of it, a part of it, or in two packages; the shelf gives what it does not have."""
        way = "all" if everything else self.chance.choice(["all", "all", "part", "packages", "later"])
        if way == "later":
            return
        picking.carrier_id = self.chance.choice(self.carriers)
        number = f"00340{self.chance.randint(10**14, 10**15 - 1)}"
        parts = {}
        if way == "part":
            parts = {move.product_id: self.chance.randint(0, int(move.product_uom_qty)) for move in picking.move_ids}
        self.pick(picking, parts if any(parts.values()) else None)
        if way == "packages":
            first = picking.move_ids[0]
            self.pack(picking, {first.product_id: 1})
            loose = picking.move_line_ids.filtered(lambda line: not line.result_package_id and line.quantity)
            if loose:
                number = f"{number},{number}9"
        picking.carrier_tracking_ref = number
        self.validate(picking)

    def _move_stock(self):
        """Goods come in and are counted, here and there."""
        with freeze_time(self.now):
            for product in self.chance.sample(list(self.products), OFFERS // 80):
                change = self.chance.choice([-3, -2, -1, 1, 4, 9])
                self.env["stock.quant"]._update_available_quantity(product, self.location, change)

    # --- The evening ---

    def _check_orders(self, orders):
        found = self.env["sale.order"].search([("amazon_account_id", "=", self.account.id)])
        updates = self.env["amazon.order.update"].search([("state", "!=", "done")])
        self.assertFalse(updates.mapped("error"))
        self.assertEqual(set(found.mapped("amazon_order_ref")), {raw["orderId"] for raw in orders})
        self.assertEqual(len(found), ORDERS)

    def _check_parcels(self):
        """Amazon has each unit as shipped once, in the parcels in which Odoo sent them."""
        for sale_order in self.env["sale.order"].search([("amazon_account_id", "=", self.account.id)]):
            at_amazon = self.store.orders[sale_order.amazon_order_ref].order
            for item in at_amazon["orderItems"]:
                self.assertEqual(item["fulfillment"]["quantityFulfilled"], item["quantityOrdered"])
            packages = {package["packageReferenceId"]: package for package in at_amazon["packages"]}
            shipments = sale_order.amazon_shipment_ids
            self.assertEqual(set(packages), {str(shipment.package_ref) for shipment in shipments})
            for shipment in shipments:
                package = packages[str(shipment.package_ref)]
                self.assertEqual(package["trackingNumber"], shipment.tracking_ref)
                self.assertEqual(
                    {item["orderItemId"]: item["quantity"] for item in package["packageItems"]},
                    {line.item_ref: line.quantity for line in shipment.line_ids},
                )
            self.assertEqual(set(shipments.mapped("state")), {"done"})

    def _check_quantities(self):
        self.assertFalse(self.store.harmed_listings)
        wrong = {}
        for number, (sku, product) in enumerate(zip(self.skus, self.products, strict=True)):
            listing = self.store.listing(SELLER_EU, sku)
            if number % FBA_EVERY == 0:
                self.assertFalse(listing.changes, sku)
                continue
            self.assertEqual(listing.lead_time, 2)
            free = max(int(product.with_context(location=self.location.id).free_qty), 0)
            if listing.quantity != free:
                wrong[sku] = (listing.quantity, free)
        self.assertFalse(wrong)
