from odoo.tests import tagged

from .shipment_common import TRACKING, ShipmentCase


@tagged("post_install", "-at_install")
class TestShippedElsewhere(ShipmentCase):
    """What was confirmed outside Odoo, as in Seller Central, must not leave a second time."""

    def ship_elsewhere(self, sale_order, quantities=None, tracking="SC1"):
        """Confirm a parcel in Seller Central: of everything, or of quantities by product."""
        if quantities is not None:
            lines = sale_order._amazon_product_lines()
            quantities = {line.amazon_item_ref: quantities.get(line.product_id, 0) for line in lines}
            quantities = {item_ref: quantity for item_ref, quantity in quantities.items() if quantity}
        self.store.ship_order(sale_order.amazon_order_ref, quantities=quantities, tracking_number=tracking)
        self.update_order(sale_order)

    def warnings(self, picking):
        """What is said of goods that left from elsewhere before the delivery leaves."""
        picking.write({"carrier_id": self.carrier.id, "carrier_tracking_ref": TRACKING})
        return picking._amazon_warnings()

    def tasks(self, sale_order):
        return sale_order.activity_ids.filtered(lambda activity: "Shipped outside Odoo" in activity.summary)

    def test_a_delivery_of_what_was_shipped_elsewhere_is_stopped_before_it_leaves(self):
        sale_order = self.order_in(("MUG-RED-11OZ", 2))
        self.ship_elsewhere(sale_order)
        picking = self.pick(self.delivery(sale_order))
        (warning,) = self.warnings(picking)
        self.assertIn("shipped already, without Odoo: 2 × ", warning)
        self.assertEqual(picking.button_validate()["res_model"], "amazon.delivery.warning")

    def test_a_delivery_that_nothing_is_reserved_for_is_warned_of_too(self):
        sale_order = self.order_in(("MUG-RED-11OZ", 2))
        self.ship_elsewhere(sale_order)
        self.assertEqual(len(self.warnings(self.delivery(sale_order))), 1)

    def test_the_salesperson_gets_one_task_when_amazon_first_says_so(self):
        sale_order = self.order_in(("MUG-RED-11OZ", 2))
        self.ship_elsewhere(sale_order)
        self.assertIn("2 × ", self.tasks(sale_order).note)
        self.assertEqual(self.tasks(sale_order).user_id, sale_order.user_id or self.account.user_id)
        self.tasks(sale_order).action_feedback()
        self.store.update_order(sale_order.amazon_order_ref)
        self.update_order(sale_order)
        self.assertFalse(self.tasks(sale_order))

    def test_the_first_step_of_several_in_the_warehouse_is_enough_for_the_task(self):
        self.account.warehouse_id.delivery_steps = "pick_ship"
        sale_order = self.order_in(("MUG-RED-11OZ", 2))
        self.ship_elsewhere(sale_order)
        self.assertEqual(len(self.tasks(sale_order)), 1)

    def test_only_the_goods_that_were_shipped_elsewhere_are_named(self):
        sale_order = self.order_in(("MUG-RED-11OZ", 1), ("TEA", 1))
        self.ship_elsewhere(sale_order, {self.tea: 1})
        (warning,) = self.warnings(self.pick(self.delivery(sale_order)))
        self.assertIn("TEA", warning)
        self.assertNotIn("MUG", warning)

    def test_what_is_delivered_first_is_taken_for_what_was_shipped_elsewhere(self):
        sale_order = self.order_in(("MUG-RED-11OZ", 3))
        self.ship_elsewhere(sale_order, {self.mug: 1})
        picking = self.pick(self.delivery(sale_order), {self.mug: 2})
        (warning,) = self.warnings(picking)
        self.assertIn("1 × ", warning)
        self.validate(picking)
        self.assertEqual(sum(self.told(sale_order).values()), 1)
        self.assertFalse(self.warnings(self.delivery(sale_order)))

    def test_what_odoo_told_amazon_of_is_no_reason_to_warn(self):
        sale_order = self.order_in(("MUG-RED-11OZ", 3))
        self.deliver(sale_order, {self.mug: 2})
        self.send()
        self.update_order(sale_order)
        self.assertFalse(self.warnings(self.delivery(sale_order)))
        self.assertFalse(sale_order.activity_ids)

    def test_what_is_delivered_in_odoo_already_needs_no_task(self):
        sale_order = self.order_in(("MUG-RED-11OZ", 2))
        self.deliver(sale_order, tracking=False)
        self.ship_elsewhere(sale_order)
        self.assertFalse(self.tasks(sale_order))

    def test_an_order_that_comes_in_partly_shipped_needs_no_task(self):
        sale_order = self.order_in(("MUG-RED-11OZ", 3))
        self.store.ship_order(
            sale_order.amazon_order_ref, quantities={sale_order._amazon_product_lines().amazon_item_ref: 1}
        )
        sale_order._action_cancel()
        sale_order.unlink()
        self.account.action_recover_order(next(iter(self.store.orders)))
        sale_order = self.env["sale.order"].search([("amazon_account_id", "=", self.account.id)])
        self.assertEqual(sale_order._amazon_product_lines().amazon_shipped_elsewhere, 1)
        self.assertFalse(sale_order.activity_ids)
        self.assertFalse(self.warnings(self.delivery(sale_order)))

    def test_the_label_that_amazon_sells_is_no_shipment_from_elsewhere(self):
        sale_order = self.order_in(("MUG-RED-11OZ", 2), programs=["AMAZON_EASY_SHIP"])
        self.ship_elsewhere(sale_order)
        self.assertFalse(sale_order.activity_ids)
        self.assertFalse(self.delivery(sale_order)._amazon_warnings())
