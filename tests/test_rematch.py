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
