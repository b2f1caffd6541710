from odoo.tests import tagged

from .common import AmazonCase


@tagged("post_install", "-at_install")
class TestOrderAmounts(AmazonCase):
    """The worked examples of the Money rules: what the buyer paid is a fact."""

    def rounding(self, sale_order):
        return sum(sale_order.order_line.filtered(lambda line: line.amazon_kind == "rounding").mapped("price_total"))

    # --- The worked examples ---

    def test_a_italian_vat_on_top_of_a_two_decimal_price_still_comes_to_19_99(self):
        self.mug.taxes_id = self._create_tax(22)
        raw = self.order("IT", items=[{"sku": "MUG-RED-11OZ", "price": "19.99"}], tax_mode="none")
        sale_order = self.sale_order(raw)
        self.assertEqual(sale_order.amount_total, 19.99)
        self.assertAlmostEqual(self.rounding(sale_order), -0.01)
        self.assertFalse(sale_order.amazon_review)

    def test_b_tax_that_amazon_collects_is_not_in_the_order_but_known(self):
        self.mug.taxes_id = self._create_tax(8)
        raw = self.order(
            "US",
            items=[{"sku": "MUG-RED-11OZ", "quantity": 2, "price": "15.00", "tax": "2.84"}],
            shipping="5.99",
            gift_wrap="3.98",
            discount="3.00",
            shipping_discount="1.50",
        )
        sale_order = self.sale_order(raw)
        self.assertEqual(sale_order.amount_total, 35.47)
        self.assertEqual(sale_order.amazon_tax_collected, 2.84)
        self.assertEqual(sale_order.amazon_total, 38.31)
        self.assertEqual(sale_order.amount_tax, 0)

    def test_c_british_vat_is_odoos_when_amazon_states_none(self):
        self.mug.taxes_id = self._create_tax(20, included=True)
        raw = self.order("GB", channel="FBA", items=[{"sku": "MUG-RED-11OZ", "quantity": 2, "price": "19.99"}])
        sale_order = self.sale_order(raw)
        self.assertEqual(sale_order.amount_total, 39.98)
        self.assertEqual(sale_order.amount_tax, 6.66)
        self.assertEqual(sale_order.currency_id.name, "GBP")

    def test_d_yen_have_no_decimals(self):
        self.mug.taxes_id = self._create_tax(10)
        raw = self.order("JP", items=[{"sku": "MUG-RED-11OZ", "quantity": 3, "price": "999"}])
        sale_order = self.sale_order(raw)
        self.assertEqual(sale_order.amount_total, 2997)
        self.assertEqual(sale_order.currency_id.name, "JPY")

    def test_e_ten_euros_for_three_pieces_are_ten_euros(self):
        raw = self.order(
            "DE", items=[{"sku": "MUG-RED-11OZ", "quantity": 3, "price": "3.33", "amount": "10.00"}], tax_mode="none"
        )
        sale_order = self.sale_order(raw)
        self.assertEqual(sale_order.amount_total, 10.00)
        self.assertEqual(sale_order.order_line[0].price_unit, 3.33)
        self.assertAlmostEqual(self.rounding(sale_order), 0.01)
        self.assertFalse(sale_order.amazon_review)

    def test_f_a_sale_to_france_carries_french_vat_by_fiscal_position(self):
        french = self._create_tax(20, included=True)
        self._create_fiscal_position(french, auto_apply=True, country_id=self.env.ref("base.fr").id)
        sale_order = self.sale_order(self.order("FR", items=[{"sku": "MUG-RED-11OZ", "price": "24.00"}]))
        self.assertEqual(self.taxes(sale_order.order_line[0]), french)
        self.assertEqual(sale_order.amount_total, 24.00)
        self.assertEqual(sale_order.amount_tax, 4.00)

    def test_g_reverse_charge_leaves_the_net_that_was_paid(self):
        exempt = self._create_tax(0)
        self._create_fiscal_position(exempt, auto_apply=True, country_id=self.env.ref("base.fr").id, vat_required=True)
        raw = self.order("FR", items=[{"sku": "MUG-RED-11OZ", "price": "20.00"}], tax_mode="none", business=True)
        raw["tax"]["taxRegistrations"][0]["taxRegistrationNumber"] = "FR23334175221"
        sale_order = self.sale_order(raw)
        self.assertEqual(self.taxes(sale_order.order_line[0]), exempt)
        self.assertEqual(sale_order.amount_total, 20.00)
        self.assertEqual(sale_order.amount_tax, 0)

    def _create_fiscal_position(self, destination, **values):
        """A fiscal position that turns the mug's 19 % into `destination`."""
        german = self._create_tax(19, included=True)
        self.mug.taxes_id = german
        position = self.env["account.fiscal.position"].create({"name": "Test", "company_id": self.company.id, **values})
        if "tax_ids" in position._fields and position._fields["tax_ids"].type == "one2many":
            position.tax_ids = [(0, 0, {"tax_src_id": german.id, "tax_dest_id": destination.id})]
        else:
            destination.write({"fiscal_position_ids": [(4, position.id)], "original_tax_ids": [(4, german.id)]})
        return position

    # --- The rules one by one ---

    def test_total_is_the_same_whether_odoos_tax_is_price_included_or_not(self):
        for included in (True, False):
            with self.subTest(included=included):
                self.mug.taxes_id = self._create_tax(19, included=included)
                sale_order = self.sale_order(self.order("DE", items=[("MUG-RED-11OZ", 7)], shipping="4.99"))
                self.assertAlmostEqual(sale_order.amount_total, sale_order.amazon_total)

    def test_total_is_exact_with_several_taxes_and_with_a_fixed_tax(self):
        self.mug.taxes_id = (
            self._create_tax(5, sequence=1)
            | self._create_tax(9.975, sequence=2)
            | self._create_tax(0.35, amount_type="fixed", sequence=3)
        )
        sale_order = self.sale_order(self.order("DE", items=[{"sku": "MUG-RED-11OZ", "quantity": 3, "price": "17.77"}]))
        self.assertAlmostEqual(sale_order.amount_total, 53.31)
        self.assertGreater(sale_order.amount_tax, 5)

    def test_promotion_carries_the_tax_of_what_it_discounts(self):
        tax = self._create_tax(19, included=True)
        self.mug.taxes_id = tax
        sale_order = self.sale_order(self.order("DE", discount="2.00"))
        promotion = sale_order.order_line.filtered(lambda line: line.amazon_kind == "promotion")
        self.assertEqual(promotion.price_total, -2.00)
        self.assertEqual(self.taxes(promotion), tax)

    def test_lines_whose_tax_amazon_collects_carry_the_accounts_tax_for_that(self):
        self.mug.taxes_id = self._create_tax(8)
        self.account.collected_tax_id = self._create_tax(0)
        sale_order = self.sale_order(self.order("US", shipping="5.99"))
        for line in sale_order.order_line:
            self.assertEqual(self.taxes(line), self.account.collected_tax_id)

    def test_rounding_line_is_untaxed(self):
        self.env["decimal.precision"].search([("name", "=", "Product Price")]).digits = 2
        self.mug.taxes_id = self._create_tax(22)
        sale_order = self.sale_order(self.order("IT", items=[{"sku": "MUG-RED-11OZ", "price": "19.99"}]))
        line = sale_order.order_line.filtered(lambda line: line.amazon_kind == "rounding")
        self.assertEqual(len(line), 1)
        self.assertFalse(self.taxes(line))

    def test_tax_that_differs_from_amazons_marks_the_order_for_review_with_both_numbers(self):
        self.mug.taxes_id = self._create_tax(7, included=True)
        raw = self.order("DE", items=[{"sku": "MUG-RED-11OZ", "price": "119.00"}])
        sale_order = self.sale_order(raw)
        self.assertEqual(sale_order.amount_total, 119.00)
        self.assertTrue(sale_order.amazon_review)
        self.assertIn("7.79", sale_order.amazon_review_reason)
        self.assertIn("19.00", sale_order.amazon_review_reason)

    def test_amounts_that_do_not_add_up_come_to_amazons_total_and_are_marked(self):
        raw = self.order("DE", items=[{"sku": "MUG-RED-11OZ", "price": "10.00"}], tax_mode="none")
        raw["proceeds"]["grandTotal"]["amount"] = "12.34"
        sale_order = self.sale_order(raw)
        self.assertEqual(sale_order.amount_total, 12.34)
        self.assertTrue(sale_order.amazon_review)

    def test_a_new_quantity_does_not_bring_the_list_price_back(self):
        self.mug.list_price = 99
        sale_order = self.sale_order(self.order("DE", items=[{"sku": "MUG-RED-11OZ", "quantity": 2, "price": "5.00"}]))
        sale_order.order_line[0].product_uom_qty = 1
        self.assertEqual(sale_order.order_line[0].price_unit, 5.00)
