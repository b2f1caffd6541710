from contextlib import suppress

import psycopg2

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..utils import unlocked
from .test_order_updates import OrderUpdateCase


@tagged("post_install", "-at_install")
class TestUpdateThatFails(OrderUpdateCase):
    """An update that needs a person changes nothing until the person has helped."""

    def setUp(self):
        super().setUp()
        self.raw = self.with_quantity(self.order("DE", items=[("MUG-RED-11OZ", 5)]), 5, 10)
        self.sale_order_in = self.sale_order(self.raw)
        service = {"type": "service", "is_storable": False}
        self.namesakes = [self._create_product("STANDARD", **service) for _number in range(2)]

    def with_shipping(self):
        """Three pieces for 30.00 instead of five for 50.00, and 4.00 for shipping, of which two products are."""
        later = self.with_quantity(self.raw, 3, 10)
        item, total = later["orderItems"][0], {"amount": "34.00", "currencyCode": "EUR"}
        shipping = {"type": "SHIPPING", "subtotal": {"amount": "4.00", "currencyCode": "EUR"}}
        item["proceeds"]["breakdowns"].append(shipping)
        item["proceeds"]["proceedsTotal"] = later["proceeds"]["grandTotal"] = total
        later["proceeds"]["breakdowns"].append(shipping)
        return later

    def test_nothing_of_it_is_kept(self):
        update = self.receive(self.with_shipping())
        self.assertEqual((update.state, update.error_code), ("failed", "ambiguous_reference"))
        self.assertEqual(self.sale_order_in.order_line.product_uom_qty, 5)
        self.assertEqual(self.sale_order_in.amount_total, 50.00)

    def test_retry_brings_the_order_to_amazons_total(self):
        update = self.receive(self.with_shipping())
        self.namesakes[0].default_code = False
        update.action_retry()
        self.assertEqual(update.state, "done")
        self.assertEqual((self.sale_order_in.amount_total, self.sale_order_in.amazon_total), (34.00, 34.00))
        self.assertEqual(self.to_deliver(self.sale_order_in), 3)

    def test_orders_of_the_same_batch_come_in(self):
        other = self.order("DE", service_level="EXPEDITED")
        failed, done = self.receive(self.with_shipping(), other)
        self.assertEqual((failed.state, done.state), ("failed", "done"))

    def test_a_locked_order_stays_locked(self):
        self.sale_order_in.action_lock()
        self.assertEqual(self.receive(self.with_shipping()).state, "failed")
        self.assertTrue(self.sale_order_in.locked)


@tagged("post_install", "-at_install")
class TestUnlocked(OrderUpdateCase):
    def setUp(self):
        super().setUp()
        self.locked_order = self.sale_order(self.order("DE"))
        self.locked_order.action_lock()

    def test_an_order_is_locked_again_when_its_change_is_refused(self):
        with suppress(UserError), unlocked(self.locked_order):
            raise UserError("No.")
        self.assertTrue(self.locked_order.locked)

    def test_an_error_of_the_database_is_passed_on_as_it_is(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.DivisionByZero),
            self.env.cr.savepoint(),
            unlocked(self.locked_order),
        ):
            self.env.cr.execute("SELECT 1 / 0")
        self.assertTrue(self.locked_order.locked)


@tagged("post_install", "-at_install")
class TestPricesAreNotOdoos(OrderUpdateCase):
    """No change of a quantity lets Odoo put its own price or discount on a line of Amazon's."""

    def show_discounts(self):
        """The pricelist that is found for orders in pounds takes 10 % off, and lines show it."""
        self.env.ref("base.group_user")._apply_group(self.env.ref("sale.group_discount_per_so_line"))
        pounds = self.env.ref("base.GBP")
        pounds.active = True
        self.env["product.pricelist"].search([("currency_id", "=", pounds.id)]).active = False
        self.env["product.pricelist"].create(
            {
                "name": "Ten off",
                "company_id": self.company.id,
                "currency_id": pounds.id,
                "item_ids": [(0, 0, {"applied_on": "3_global", "compute_price": "percentage", "percent_price": 10.0})],
            }
        )

    def in_pounds(self, quantity):
        items = [{"sku": "MUG-RED-11OZ", "quantity": quantity, "price": "8.00"}]
        return self.changed(self.order("GB", items=items, order_id="202-5555555-0000001", tax_mode="none"))

    def raised(self, raw, by):
        sale_order = self.sale_order(raw)
        sale_order.order_line[0].price_unit += by
        return sale_order

    def test_a_price_that_a_person_raised_by_one_stays_when_the_quantity_is_lowered(self):
        raw = self.with_quantity(self.order("DE", items=[("MUG-RED-11OZ", 5)]), 5, 8)
        sale_order = self.raised(raw, 1.0)
        self.receive(self.with_quantity(raw, 3, 8))
        self.assertEqual(sale_order.order_line[0].price_unit, 9.0)

    def test_a_price_raised_by_one_after_amazon_changed_it_stays_too(self):
        raw = self.with_quantity(self.order("DE", items=[("MUG-RED-11OZ", 5)]), 5, 8)
        sale_order = self.sale_order(raw)
        self.receive(self.with_quantity(raw, 5, 7))
        sale_order.order_line[0].price_unit += 1.0
        self.receive(self.with_quantity(raw, 3, 7))
        self.assertEqual(sale_order.order_line[0].price_unit, 8.0)

    def test_a_rematched_line_raised_by_one_keeps_its_price(self):
        raw = self.with_quantity(self.order("DE", items=[("NEW-1", 5)]), 5, 8)
        sale_order = self.sale_order(raw)
        self._create_product("NEW-1")
        sale_order.order_line.action_rematch_amazon()
        sale_order.order_line[0].price_unit += 1.0
        self.receive(self.with_quantity(raw, 3, 8))
        self.assertEqual(sale_order.order_line[0].price_unit, 9.0)

    def test_a_pricelists_discount_stays_off_a_line_whose_quantity_amazon_lowers(self):
        self.show_discounts()
        sale_order = self.sale_order(self.in_pounds(5))
        self.receive(self.in_pounds(3))
        self.assertEqual(sale_order.order_line.mapped("discount"), [0.0])
        self.assertEqual(sale_order.amount_total, 24.00)
        self.assertFalse(sale_order.amazon_review)

    def test_a_discount_that_an_earlier_change_left_goes_when_amazon_changes_the_amounts(self):
        self.show_discounts()
        sale_order = self.sale_order(self.in_pounds(5))
        sale_order.order_line.discount = 10
        sale_order._remember_amazon_lines()
        self.receive(self.in_pounds(3))
        self.assertEqual((sale_order.order_line.discount, sale_order.amount_total), (0.0, 24.00))

    def test_a_discount_that_a_person_gave_stays_when_the_quantity_is_lowered(self):
        self.show_discounts()
        sale_order = self.sale_order(self.in_pounds(5))
        sale_order.order_line.discount = 50
        self.receive(self.in_pounds(3))
        self.assertEqual(sale_order.order_line[0].discount, 50)
