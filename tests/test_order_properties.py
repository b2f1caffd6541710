"""Whatever order Amazon's Orders API can describe: it becomes the right sales order, or stands in the inbox.

The number of generated orders is AMAZON_PROPERTY_ORDERS. Without it there are few, and always the same ones. A long
run, with figures for what became of the orders::

    AMAZON_PROPERTY_ORDERS=20000 AMAZON_TEST_DB=properties \\
        scripts/run_tests.py tests/test_order_properties.py --hypothesis-show-statistics -s
"""

import copy
import json
import logging
import os
import unittest
from collections import Counter, defaultdict
from decimal import Decimal

from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from ..order_problems import REMEDIES
from ..utils import exact_amount
from . import official, order_histories, order_strategies
from .common import AmazonCase, undone

_logger = logging.getLogger(__name__)

ORDERS = int(os.environ.get("AMAZON_PROPERTY_ORDERS") or 120)
BATCH = 8
HISTORIES = 3
COUNTS = Counter()
ROUNDING_METHODS = st.sampled_from(["round_per_line", "round_globally"])
LINE_VALUES = (
    "amazon_kind", "amazon_item_ref", "amazon_sku", "amazon_quantity", "amazon_unmatched", "display_type", "name",
    "amazon_collects_tax", "amazon_discounts",
    "sequence", "product_uom_qty", "price_unit", "price_subtotal", "price_total", "qty_delivered",
)  # fmt: skip
ORDER_VALUES = (
    "state", "amount_total", "amount_tax", "amazon_total", "amazon_tax", "amazon_tax_collected", "amazon_channel",
    "amazon_last_updated", "amazon_review", "amazon_review_reason", "amazon_cancellation_requested",
    "amazon_replaces_ref", "client_order_ref", "date_order", "commitment_date",
)  # fmt: skip
PARTNER_VALUES = (
    "name", "type", "is_company", "street", "street2", "city", "zip", "vat", "phone", "email", "amazon_email",
    "lang", "comment",
)  # fmt: skip


def enough(share, orders_per_example):
    """Settings that make a property see its share of the orders."""
    return settings(
        max_examples=max(int(ORDERS * share) // orders_per_example, 1),
        derandomize="AMAZON_PROPERTY_ORDERS" not in os.environ,
        phases=[Phase.generate],  # making a failure smaller takes minutes; add Phase.shrink where that helps
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


class OrderPropertyCase(AmazonCase):
    """Products with every kind of tax, and a description of what orders became."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        included, excluded = cls._create_tax(19, included=True), cls._create_tax(22)
        fixed = cls._create_tax(0.35, amount_type="fixed", sequence=3)
        several = cls._create_tax(5, sequence=1) | cls._create_tax(9.975, sequence=2) | fixed
        cls._create_product("TAX-INCLUDED", included)
        cls._create_product("TAX-EXCLUDED", excluded)
        cls._create_product("TAX-SEVERAL", several)
        cls._create_product("TAX-FIXED", fixed)
        cls._create_product("TAX-MIXED", included | cls._create_tax(3.3, sequence=9))
        cls._create_product("SERVICE", excluded, type="service", is_storable=False)
        cls._create_product("GIFT-PAPER", included, type="service", is_storable=False)
        cls._create_product("LOT", included, tracking="lot")
        cls._create_product("SERIAL", excluded, tracking="serial")
        cls._create_product("TWICE")
        cls._create_product("TWICE")
        cls.env.ref("amazon_connector.product_amazon_shipping").taxes_id = excluded

    def configure(self, draw):
        """Settings of company and account under which the properties hold, too."""
        self.company.tax_calculation_rounding_method = draw(ROUNDING_METHODS)
        self.account.amounts_policy = draw(st.sampled_from(["review"] * 5 + ["accept", "hold"]))
        self.account.collected_tax_id = self._create_tax(0) if draw(st.booleans()) else False

    # --- What became of orders, without ids and numbers ---

    def described(self, raw_orders):
        """By order reference, everything that the connector made of the order."""
        self.env.flush_all()
        self.env.invalidate_all()
        refs = [raw["orderId"] for raw in raw_orders]
        updates = self.env["amazon.order.update"].search([("amazon_order_ref", "in", refs)])
        sale_orders = self.env["sale.order"].search([("amazon_order_ref", "in", refs)], order="amazon_order_ref")
        found = {update.amazon_order_ref: [update.state, update.error_code] for update in updates}
        contacts = defaultdict(list)
        for sale_order in sale_orders:
            contacts[sale_order.partner_id].append(sale_order.amazon_order_ref)
        for sale_order in sale_orders:
            same_buyer = contacts[sale_order.partner_id]
            found[sale_order.amazon_order_ref].append({"same_buyer": same_buyer, **self._described_order(sale_order)})
        return found

    def _described_order(self, sale_order):
        return {
            **{name: sale_order[name] for name in ORDER_VALUES},
            "currency": sale_order.currency_id.name,
            "fiscal_position": sale_order.fiscal_position_id.name,
            "contact": self._described_partner(sale_order.partner_id),
            "delivery": self._described_partner(sale_order.partner_shipping_id),
            "lines": [self._described_line(line) for line in sale_order.order_line],
            "deliveries": [
                [picking.state, picking.amazon_sync_status, str(picking.note), self._described_moves(picking.move_ids)]
                for picking in sale_order.picking_ids.sorted("id")
            ],
            "moves": self._described_moves(sale_order.order_line.move_ids),
            "activities": sorted(sale_order.activity_ids.mapped("summary")),
        }

    def _described_line(self, line):
        values = {name: line[name] for name in LINE_VALUES}
        return {**values, "product": line.product_id.default_code, "taxes": self.taxes(line).mapped("name")}

    def _described_moves(self, moves):
        return sorted(
            (move.product_id.default_code or "", move.product_uom_qty, move.quantity, move.state) for move in moves
        )

    def _described_partner(self, partner):
        values = {name: partner[name] and str(partner[name]) for name in PARTNER_VALUES}
        return {
            **values,
            "country": partner.country_id.code,
            "state": partner.state_id.code,
            "of": partner.parent_id.name,
        }


@tagged("post_install", "-at_install")
class TestOrderProperties(OrderPropertyCase):
    @classmethod
    def tearDownClass(cls):
        if "AMAZON_PROPERTY_ORDERS" in os.environ:
            _logger.warning("What became of the orders: %s", dict(COUNTS))
        super().tearDownClass()

    @unittest.skipUnless(official.available(), official.MISSING)
    @enough(0.3, BATCH)
    @given(order_strategies.batches(BATCH))
    def test_generated_orders_are_such_as_the_official_model_describes(self, raw_orders):
        validator = official.validator("orders_2026-01-01", "Order", strict=False)
        for raw in raw_orders:
            wrong = [
                error.message
                for error in validator.iter_errors(raw)
                if (error.validator, error.instance) != ("enum", order_strategies.UNKNOWN_WORD)
            ]
            self.assertFalse(wrong)

    @enough(0.75, BATCH)
    @given(order_strategies.batches(BATCH), st.data())
    def test_each_order_is_exact_or_in_the_inbox_and_applying_twice_equals_once(self, raw_orders, data):
        with undone(self.env):
            self.configure(data.draw)
            for raw, update in zip(raw_orders, self._received(raw_orders), strict=True):
                event(f"{update.state} {update.error_code or ''}")
                COUNTS[update.state, update.error_code] += 1
                self._check_outcome(raw, update)
            once = self.described(raw_orders)
            self._apply_again(raw_orders)
            self._check_same(raw_orders, self.described(raw_orders), once)

    @enough(0.15, BATCH)
    @given(order_strategies.batches(BATCH), st.data())
    def test_a_batch_equals_one_by_one(self, raw_orders, data):
        with undone(self.env):
            self.configure(data.draw)
            with undone(self.env):
                self.receive(*raw_orders)
                together = self.described(raw_orders)
            for raw in raw_orders:
                self.receive(raw)
            self._check_same(raw_orders, self.described(raw_orders), together)

    @enough(0.1, HISTORIES)
    @given(order_histories.many_histories(HISTORIES), st.data())
    def test_any_order_of_the_updates_ends_in_the_state_of_the_newest(self, histories, data):
        newest = [versions[-1] for versions in histories]
        shuffled = [data.draw(st.permutations(versions)) for versions in histories]
        with undone(self.env):
            self.company.tax_calculation_rounding_method = data.draw(ROUNDING_METHODS)
            with undone(self.env):
                in_time = self._state_after(histories)
            with undone(self.env):
                out_of_time = self._state_after(shuffled)
            with undone(self.env):
                newest_only = self._state_after([[raw] for raw in newest])
        for versions in histories:
            ref = versions[0]["orderId"]
            self.assertEqual(out_of_time[ref], in_time[ref], versions)
            self.assertEqual(newest_only[ref], in_time[ref], versions)

    # --- Helpers ---

    def _state_after(self, histories):
        """What there is to do and to pay once the versions of each order came in, one after the other."""
        for number in range(max(map(len, histories))):
            self.receive(*(versions[number] for versions in histories if number < len(versions)))
        newest = [max(versions, key=lambda raw: raw["lastUpdatedTime"]) for versions in histories]
        refs = [raw["orderId"] for raw in newest]
        updates = self.env["amazon.order.update"].search([("amazon_order_ref", "in", refs)])
        by_ref = {update.amazon_order_ref: update for update in updates}
        return {raw["orderId"]: self._state_of(raw, by_ref.get(raw["orderId"])) for raw in newest}

    def _state_of(self, raw, update):
        sale_order = update and update.sale_order_id
        if not sale_order or sale_order.state == "cancel":
            return "nothing to do"
        COUNTS["later versions", update.error_code] += 1
        self._check_outcome(raw, update)
        lines = sale_order.order_line.filtered(lambda line: line.amazon_kind == "product" and line.product_uom_qty)
        names = ("amount_total", "amazon_total", "amazon_tax_collected", "amazon_last_updated", "amazon_review")
        return {
            **{name: sale_order[name] for name in (*names, "amazon_cancellation_requested")},
            "goods": {line.amazon_item_ref: line.product_uom_qty for line in lines},
            "place": [sale_order.partner_shipping_id[name] or "" for name in ("name", "street", "zip", "phone")],
        }

    def _received(self, raw_orders):
        """The updates of the orders; those that wait for a payment stay out of the inbox, and of `raw_orders`."""
        updates = self.receive(*raw_orders)
        kept = set(updates.mapped("amazon_order_ref"))
        for raw in list(raw_orders):
            if raw["orderId"] not in kept:
                self.assertIn("PENDING", raw["fulfillment"]["fulfillmentStatus"])
                raw_orders.remove(raw)
        return updates

    def _check_same(self, raw_orders, found, expected):
        for raw in raw_orders:
            self.assertEqual(found.get(raw["orderId"]), expected.get(raw["orderId"]), raw)

    def _check_outcome(self, raw, update):
        if update.state != "done":
            self.assertIn(update.state, ("ignored", "failed"))
            self.assertIn(update.error_code, REMEDIES)
            self.assertNotIn(update.error_code, ("unexpected", "unreadable"), raw)
            return
        sale_order = update.sale_order_id
        total = exact_amount(sale_order.amount_total, sale_order.currency_id)
        self.assertEqual(total, self._expected_total(raw, sale_order), raw)

    def _expected_total(self, raw, sale_order):
        """The buyer's total less the tax that the marketplace collects, from the order as Amazon sent it."""
        grand_total = raw.get("proceeds", {}).get("grandTotal")
        if not grand_total:
            return exact_amount(sale_order.amazon_total - sale_order.amazon_tax_collected, sale_order.currency_id)
        collected = [
            Decimal(entry["subtotal"]["amount"])
            for item in raw["orderItems"]
            if any("FACILITATOR" in entry.get("model", "") for entry in item.get("tax", {}).get("taxCollections", []))
            for entry in item.get("proceeds", {}).get("breakdowns", [])
            if entry["type"] == "TAX"
        ]
        expected = Decimal(grand_total["amount"]) - sum(collected, Decimal(0))
        return exact_amount(float(expected), sale_order.currency_id)

    def _apply_again(self, raw_orders):
        """The same updates once more, as a cursor set back or a crash makes them come."""
        updates = self.receive(*copy.deepcopy(raw_orders))
        for raw, update in zip(raw_orders, updates, strict=True):
            if update.state == "done":
                update.write({"payload": json.dumps(raw), "state": "pending"})
        self.env["amazon.order.update"]._apply_pending(everything=True)
