import copy

from odoo.tests import tagged

from .common import AmazonCase, undone


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


@tagged("post_install", "-at_install")
class TestRematchedPromotions(AmazonCase):
    """What discounts the goods follows their taxes: the order becomes what it had been with the product known."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.tax_calculation_rounding_method = "round_per_line"
        cls.sale_tax, cls.shipping_tax = cls._create_tax(5), cls._create_tax(6)
        cls.env.ref("amazon_connector.product_amazon_sale").taxes_id = cls.sale_tax
        cls.env.ref("amazon_connector.product_amazon_shipping").taxes_id = cls.shipping_tax

    def discounted(self, marketplace="DE", price="100.00", discount="20.00", **options):
        """An order of an unknown SKU with a promotion on the goods, and what more the options say."""
        item = {"sku": "NEW-1", "price": price, "discount": discount, **options.pop("item", {})}
        return self.order(marketplace, items=[item, *options.pop("more", ())], **{"tax_mode": "none", **options})

    def rematched(self, raw, taxes, **values):
        order = self.sale_order(raw)
        self._create_product("NEW-1", taxes=taxes, **values)
        order.order_line.action_rematch_amazon()
        return order

    def amounts(self, order):
        """What an order's lines come to, but for a rounding line of nothing."""
        lines = order.order_line.filtered(lambda line: line.amazon_kind != "rounding" or line.price_total)
        names = ("price_unit", "price_subtotal", "price_tax", "price_total")
        return [
            (line.amazon_kind, line.product_id, self.taxes(line), *(round(line[name], 6) for name in names))
            for line in lines
        ]

    def promotions(self, order):
        return order.order_line.filtered(lambda line: line.amazon_kind == "promotion")

    def assert_as_if_the_product_had_been_known(self, taxes, **options):
        order = self.rematched(self.discounted(**options), taxes)
        known = self.sale_order(self.discounted(**options))
        self.assertEqual(self.amounts(order), self.amounts(known))
        self.assertEqual((order.amount_total, order.amount_tax), (known.amount_total, known.amount_tax))
        self.assertAlmostEqual(order.amount_total, order.amazon_total)
        self.assertTrue(order._is_as_amazon_left_it())

    def test_a_promotion_carries_the_products_taxes(self):
        order = self.rematched(self.discounted(), self._create_tax(19))
        self.assertEqual((order.amount_total, order.amount_tax), (80.0, 12.78))

    def test_the_order_is_as_if_the_product_had_been_known(self):
        included, excluded = self._create_tax(19, included=True), self._create_tax(19)
        other = {"sku": "MUG-RED-11OZ", "price": "9.99", "discount": "1.00"}
        cases = {
            "taxes on top": (excluded, {}),
            "taxes in the price": (included, {}),
            "several taxes": (excluded | self._create_tax(2), {}),
            "no taxes": (self.env["account.tax"], {}),
            "pounds": (included, {"marketplace": "GB", "price": "59.97", "discount": "3.33"}),
            "yen": (excluded, {"marketplace": "JP", "price": "999", "discount": "100"}),
            "several pieces": (excluded, {"price": "99.75", "item": {"quantity": 3}}),
            "free shipping": (excluded, {"shipping": "4.99", "shipping_discount": "4.99"}),
            "two items": (excluded, {"more": [other]}),
            "Amazon collects": (excluded, {"marketplace": "US", "facilitator": True}),
        }
        for name, (taxes, options) in cases.items():
            with self.subTest(name), undone(self.env):
                self.assert_as_if_the_product_had_been_known(taxes, **options)

    def test_so_it_is_where_taxes_are_rounded_once_for_the_order(self):
        self.company.tax_calculation_rounding_method = "round_globally"
        self.assert_as_if_the_product_had_been_known(self._create_tax(19))

    def test_each_of_several_promotions_carries_the_products_taxes(self):
        raw = self.discounted()
        breakdowns = raw["orderItems"][0]["proceeds"]["breakdowns"]
        (discount,) = (part for part in breakdowns if part["type"] == "DISCOUNT")
        for amount in (discount["subtotal"], *(detail["value"] for detail in discount["detailedBreakdowns"])):
            amount["amount"] = "-10.00"
        breakdowns.append(discount)
        tax = self._create_tax(19)
        order = self.rematched(raw, tax)
        self.assertEqual([self.taxes(line) for line in self.promotions(order)], [tax, tax])
        self.assertEqual((order.amount_total, order.amount_tax), (80.0, 12.77))

    def test_a_promotion_on_shipping_keeps_the_taxes_of_shipping(self):
        tax = self._create_tax(19)
        order = self.rematched(self.discounted(shipping="4.99", shipping_discount="4.99"), tax)
        goods, shipping = self.promotions(order)
        self.assertEqual((self.taxes(goods), self.taxes(shipping)), (tax, self.shipping_tax))

    def test_the_promotions_of_other_items_keep_their_taxes(self):
        order = self.rematched(self.discounted(more=[{"sku": "NEW-2", "discount": "1.00"}]), self._create_tax(19))
        self.assertEqual(self.taxes(self.promotions(order)[1]), self.sale_tax)

    def test_an_invoiced_promotion_stays_as_it_is(self):
        order = self.sale_order(self.discounted(shipping="25.00"))
        goods = order.order_line.filtered("amazon_unmatched")
        self.invoice(order).invoice_line_ids.filtered(lambda line: line.sale_line_ids == goods).unlink()
        self._create_product("NEW-1", taxes=self._create_tax(19))
        order.order_line.action_rematch_amazon()
        self.assertFalse(order.order_line.filtered("amazon_unmatched"))
        self.assertEqual(self.taxes(self.promotions(order)), self.sale_tax)
        self.assertEqual(order.amount_total, 105.0)

    def test_a_promotion_from_before_the_connector_noted_its_purpose_goes_by_its_taxes(self):
        """With taxes like those of shipping it may discount either, and stays as it is."""
        tax = self._create_tax(19)
        cases = [(self.shipping_tax, [tax, self.shipping_tax]), (self.sale_tax, [self.sale_tax, self.sale_tax])]
        for shipping_tax, expected in cases:
            with self.subTest(shipping_tax=shipping_tax), undone(self.env):
                self.env.ref("amazon_connector.product_amazon_shipping").taxes_id = shipping_tax
                order = self.sale_order(self.discounted(shipping="4.99", shipping_discount="4.99"))
                order.order_line.amazon_discounts = False
                self._create_product("NEW-1", taxes=tax)
                order.order_line.action_rematch_amazon()
                self.assertEqual([self.taxes(line) for line in self.promotions(order)], expected)
