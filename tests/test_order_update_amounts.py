from contextlib import suppress

import psycopg2

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..utils import unlocked
from .test_order_updates import OrderUpdateCase

ROLE_MISSING = "a role is missing"


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
class TestChargesOfTheOrder(OrderUpdateCase):
    def with_tip(self, raw, amount):
        later = self.changed(raw)
        total = float(raw["orderItems"][0]["proceeds"]["proceedsTotal"]["amount"]) + amount
        tip = {"type": "DELIVERY_TIP", "subtotal": {"amount": f"{amount:.2f}", "currencyCode": "EUR"}}
        later["proceeds"]["grandTotal"] = {"amount": f"{total:.2f}", "currencyCode": "EUR"}
        parts = [part for part in later["proceeds"]["breakdowns"] if part["type"] != "DELIVERY_TIP"]
        later["proceeds"]["breakdowns"] = [*parts, tip]
        return later

    def test_a_tip_that_changes_stays_one_line(self):
        raw = self.with_tip(self.with_quantity(self.order("DE", items=[("MUG-RED-11OZ", 1)]), 1, 10), 3)
        sale_order = self.sale_order(raw)
        self.assertEqual(self.receive(self.with_tip(raw, 5)).state, "done")
        tip = sale_order.order_line.filtered(lambda line: line.amazon_kind == "tip")
        self.assertEqual((len(tip), sale_order.amount_total), (1, 15.00))


@tagged("post_install", "-at_install")
class TestUnlocked(OrderUpdateCase):
    def setUp(self):
        super().setUp()
        self.locked_order = self.sale_order(self.order("DE"))
        self.locked_order.action_lock()

    def test_an_order_is_locked_again_when_its_change_is_refused(self):
        with suppress(UserError), unlocked(self.locked_order):
            raise UserError(self.env._("No."))
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
class TestUpdateWithoutTaxData(OrderUpdateCase):
    """Who collects the tax of an item stays known when a role is lost, or Amazon refuses by mistake."""

    def collected(self, quantity=2, **members):
        """An order whose tax Amazon collects."""
        items = [{"sku": "MUG-RED-11OZ", "quantity": quantity, "price": "14.99", "tax": f"{quantity * 1.2:.2f}"}]
        return self.changed(self.order("US", items=items, order_id="112-5555555-0000001", **members))

    def without_tax_data(self, raw):
        later = self.changed(raw)
        for item in later["orderItems"]:
            item.pop("tax", None)
        return later

    def receive_refused(self, raw):
        """Receive an order of which Amazon refused the tax data."""
        updates = self.env["amazon.order.update"]
        updates._receive(self.account, [self.without_tax_data(raw)], personal_data_missing=True)
        updates._apply_pending(everything=True)
        updates.invalidate_model()
        update = updates.search([("amazon_order_ref", "=", raw["orderId"])])
        self.assertEqual(update.state, "done", update.error)
        return update.sale_order_id

    def assertAmounts(self, sale_order, total, collected):
        self.assertEqual((sale_order.amount_total, sale_order.amazon_tax_collected), (total, collected))
        self.assertEqual(sale_order.amazon_total, round(total + collected, 2))
        self.assertEqual(sale_order.amount_tax, 0)
        self.assertFalse(sale_order.amazon_review, sale_order.amazon_review_reason)

    def test_the_tax_that_amazon_collects_does_not_become_the_sellers(self):
        self.mug.taxes_id = self._create_tax(8)
        sale_order = self.sale_order(self.collected())
        self.assertAmounts(sale_order, 29.98, 2.40)
        self.receive_refused(self.collected(status="PARTIALLY_SHIPPED"))
        self.assertAmounts(sale_order, 29.98, 2.40)

    def test_a_lower_quantity_and_new_charges_come_in_with_the_known_tax(self):
        self.mug.taxes_id = self._create_tax(8)
        sale_order = self.sale_order(self.collected())
        self.receive_refused(self.collected(quantity=1, shipping="4.00"))
        self.assertAmounts(sale_order, 18.99, 1.20)
        self.assertTrue(all(sale_order.order_line.mapped("amazon_collects_tax")))

    def test_once_the_data_come_again_nothing_changes_any_more(self):
        sale_order = self.sale_order(self.collected())
        self.receive_refused(self.collected(quantity=1))
        digest = sale_order.amazon_amounts_digest
        self.receive(self.collected(quantity=1))
        self.assertEqual(sale_order.amazon_amounts_digest, digest)
        self.assertAmounts(sale_order, 14.99, 1.20)

    def test_an_order_that_a_person_changed_gets_no_task_for_amounts_that_stayed(self):
        sale_order = self.sale_order(self.order("DE", order_id="302-5555555-0000003"))
        sale_order.order_line[0].price_unit = 1
        self.receive_refused(self.order("DE", order_id="302-5555555-0000003"))
        self.assertFalse(sale_order.activity_ids)

    def test_the_sellers_tax_that_stayed_is_no_reason_for_a_review(self):
        self.mug.taxes_id = self._create_tax(19)
        sale_order = self.sale_order(self.order("DE", order_id="302-5555555-0000004"))
        self.receive_refused(self.order("DE", order_id="302-5555555-0000004"))
        self.assertNotIn(ROLE_MISSING, sale_order.amazon_review_reason or "")

    def test_an_item_of_which_nothing_was_known_is_for_a_person_to_see(self):
        sale_order = self.sale_order(self.collected())
        raw = self.order("US", items=["MUG-RED-11OZ", "NB-A5"], order_id="112-5555555-0000001")
        self.receive_refused(raw)
        self.assertIn(ROLE_MISSING, sale_order.amazon_review_reason)

    def test_without_the_data_from_the_beginning_the_order_waits_for_them_in_review(self):
        sale_order = self.receive_refused(self.collected())
        self.receive_refused(self.collected(quantity=1))
        self.assertIn(ROLE_MISSING, sale_order.amazon_review_reason)
        self.receive(self.collected(quantity=1))
        self.assertAmounts(sale_order, 14.99, 1.20)


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
