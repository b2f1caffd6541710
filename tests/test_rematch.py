import copy

from odoo.tests import tagged

from .common import AmazonCase


@tagged("post_install", "-at_install")
class TestRematchAmounts(AmazonCase):
    """A line that gets its product afterwards is taxed as the product is, and the buyer's total stays."""

    def unmatched(self, marketplace="DE", **options):
        raw = self.order(marketplace, items=[{"sku": "NEW-1", "price": "10.00"}], **options)
        order = self.sale_order(raw)
        return order, order.order_line.filtered("amazon_unmatched")

    def test_the_products_taxes_are_in_the_price_that_the_buyer_paid(self):
        tax = self._create_tax(19)
        order, line = self.unmatched()
        total = order.amount_total
        self._create_product("NEW-1", taxes=tax)
        line.action_rematch_amazon()
        self.assertEqual(self.taxes(line), tax)
        self.assertEqual(order.amount_total, total)
        self.assertEqual(line.price_total, total)
        self.assertEqual(line.price_unit, 8.4)

    def test_what_amazon_collects_stays_without_a_tax_of_the_sellers(self):
        order, line = self.unmatched("US")
        self.assertTrue(order.amazon_tax_collected)
        total, taxes = order.amount_total, self.taxes(line)
        self._create_product("NEW-1", taxes=self._create_tax(15))
        line.action_rematch_amazon()
        self.assertEqual(self.taxes(line), taxes)
        self.assertEqual((order.amount_total, order.amount_tax), (total, 0.0))

    def test_a_collected_tax_of_nothing_is_amazons_too(self):
        order, line = self.unmatched("US", tax_rate="0")
        self.assertFalse(order.amazon_tax_collected)
        self._create_product("NEW-1", taxes=self._create_tax(15))
        line.action_rematch_amazon()
        self.assertEqual((order.amount_total, order.amount_tax), (10.0, 0.0))
        self.assertFalse(self.taxes(line))

    def test_only_the_items_whose_tax_amazon_collects_stay_without_the_sellers(self):
        raw = self.order("US", items=[{"sku": sku, "price": "10.00"} for sku in ("NEW-1", "NEW-2")])
        del raw["orderItems"][1]["tax"]
        order = self.sale_order(raw)
        self.assertTrue(order.amazon_tax_collected)
        tax = self._create_tax(8)
        self._create_product("NEW-1", taxes=tax)
        self._create_product("NEW-2", taxes=tax)
        order.order_line.action_rematch_amazon()
        collected, owed = order.order_line.filtered("amazon_sku")
        self.assertFalse(self.taxes(collected))
        self.assertEqual(self.taxes(owed), tax)
        self.assertEqual(order.amount_tax, 0.8)

    def test_who_collects_the_tax_changes_with_amazons_word(self):
        told = self.order("US", items=[{"sku": "NEW-1", "price": "10.00"}], tax_rate="0")
        untold = copy.deepcopy(told)
        del untold["orderItems"][0]["tax"]
        order = self.sale_order(untold)
        self.receive({**told, "lastUpdatedTime": "2998-01-01T00:00:00Z"})
        self._create_product("NEW-1", taxes=self._create_tax(8))
        order.order_line.action_rematch_amazon()
        self.assertEqual(order.amount_tax, 0.0)

    def test_an_order_from_before_the_connector_noted_who_collects_goes_by_the_collected_tax(self):
        order, line = self.unmatched("US")
        order.order_line.amazon_collects_tax = False
        self._create_product("NEW-1", taxes=self._create_tax(15))
        line.action_rematch_amazon()
        self.assertEqual(order.amount_tax, 0.0)

    def test_an_order_from_before_goes_by_the_tax_that_stands_for_amazons_too(self):
        collected = self.account.collected_tax_id = self._create_tax(0)
        order, line = self.unmatched("US", tax_rate="0")
        order.order_line.amazon_collects_tax = False
        self._create_product("NEW-1", taxes=self._create_tax(15))
        line.action_rematch_amazon()
        self.assertEqual(self.taxes(line), collected)

    def test_cents_that_the_unit_price_cannot_express_are_settled(self):
        raw = self.order("DE", items=[{"sku": "NEW-1", "quantity": 3, "price": "10.00"}])
        order = self.sale_order(raw)
        total = order.amount_total
        self._create_product("NEW-1", taxes=self._create_tax(7))
        order.order_line.action_rematch_amazon()
        self.assertEqual(order.amount_total, total)
        self.assertTrue(order._is_as_amazon_left_it())

    def test_a_tax_other_than_amazons_is_marked_for_review(self):
        tax = self._create_tax(19)
        sale = self.env.ref("amazon_connector.product_amazon_sale")
        sale.taxes_id = tax
        order, line = self.unmatched()
        order.write({"amazon_tax": order.amount_tax, "amazon_tax_stated": True, "amazon_review": False})
        self._create_product("NEW-1", taxes=self._create_tax(7))
        line.action_rematch_amazon()
        self.assertTrue(order.amazon_review)
        self.assertIn("Amazon states", order.amazon_review_reason)
