from odoo.tests import tagged

from ..service_levels import service_level_name
from .common import AmazonCase


@tagged("post_install", "-at_install")
class TestDeliveryRules(AmazonCase):
    """The delivery method of an order, by Amazon's service level."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.standard = cls.create_delivery_method("Standard Parcel")
        cls.express = cls.create_delivery_method("Express Parcel", fixed_price=25.0)

    @classmethod
    def create_delivery_method(cls, name, **values):
        product = cls.env["product.product"].create({"name": name, "type": "service", "company_id": cls.company.id})
        return cls.env["delivery.carrier"].create({"name": name, "product_id": product.id, **values})

    def rule(self, carrier, **values):
        return self.env["amazon.delivery.rule"].create(
            {"account_id": self.account.id, "carrier_id": carrier.id, **values}
        )

    def carrier_of(self, country="DE", **options):
        return self.sale_order(self.order(country, **options)).carrier_id

    def marketplace(self, country):
        return self.env["amazon.marketplace"].search([("country_id.code", "=", country)], limit=1)

    def test_order_without_a_rule_has_no_delivery_method(self):
        self.assertFalse(self.carrier_of(service_level="EXPEDITED"))

    def test_service_level_chooses_the_delivery_method(self):
        self.rule(self.express, service_level="EXPEDITED")
        self.rule(self.standard, service_level="STANDARD")
        self.assertEqual(self.carrier_of(service_level="EXPEDITED"), self.express)
        self.assertEqual(self.carrier_of(service_level="STANDARD"), self.standard)
        self.assertFalse(self.carrier_of(service_level="NEXT_DAY"))

    def test_spelling_of_the_service_level_does_not_matter(self):
        self.rule(self.express, service_level="second day")
        self.assertEqual(self.carrier_of(service_level="SECOND_DAY"), self.express)
        self.assertEqual(self.carrier_of(service_level="SecondDay"), self.express)

    def test_first_rule_that_fits_counts(self):
        self.rule(self.standard, sequence=20)
        self.rule(self.express, sequence=10, service_level="EXPEDITED")
        self.assertEqual(self.carrier_of(service_level="EXPEDITED"), self.express)
        self.assertEqual(self.carrier_of(service_level="NEXT_DAY"), self.standard)

    def test_rule_may_be_for_one_marketplace(self):
        self.rule(self.express, marketplace_id=self.marketplace("FR").id)
        self.assertEqual(self.carrier_of("FR"), self.express)
        self.assertFalse(self.carrier_of("DE"))

    def test_deliveries_get_the_delivery_method(self):
        self.rule(self.express)
        sale_order = self.sale_order(self.order("DE"))
        self.assertEqual(sale_order.picking_ids.carrier_id, self.express)

    def test_deliveries_get_it_where_the_route_does_not_pass_it_on(self):
        self.rule(self.express)
        self.account.warehouse_id.route_ids.rule_ids.propagate_carrier = False
        sale_order = self.sale_order(self.order("DE"))
        self.assertEqual(sale_order.picking_ids.carrier_id, self.express)

    def test_last_step_of_several_gets_it(self):
        self.rule(self.express)
        warehouse = self.account.warehouse_id
        warehouse.delivery_steps = "pick_ship"
        warehouse.route_ids.rule_ids.propagate_carrier = False
        sale_order = self.sale_order(self.order("DE"))
        picking = sale_order.picking_ids
        for move in picking.move_ids:
            move.quantity = move.product_uom_qty
            move.picked = True
        picking._action_done()
        delivery = sale_order.picking_ids - picking
        self.assertEqual(delivery.carrier_id, self.express)

    def test_nothing_is_charged_for_it(self):
        """The buyer has paid Amazon: the total is Amazon's to the cent."""
        self.rule(self.express)
        sale_order = self.sale_order(self.order("DE", items=[("MUG-RED-11OZ", 1)]))
        self.assertFalse(sale_order.order_line.filtered("is_delivery"))
        self.assertEqual(sale_order.amount_total, sale_order.amazon_total)

    def test_what_the_carrier_costs_is_not_charged_at_the_delivery(self):
        self.express.invoice_policy = "real"
        self.rule(self.express)
        sale_order = self.sale_order(self.order("DE"))
        total, delivery = sale_order.amount_total, sale_order.picking_ids
        delivery.carrier_price = 25.0
        delivery._add_delivery_cost_to_so()
        self.assertFalse(sale_order.order_line.filtered("is_delivery"))
        self.assertEqual(sale_order.amount_total, total)

    def test_what_amazon_ships_needs_no_delivery_method(self):
        self.rule(self.express)
        self.assertFalse(self.carrier_of(channel="FBA"))

    def test_archived_delivery_method_is_passed_over(self):
        self.rule(self.express)
        self.rule(self.standard)
        self.express.active = False
        self.assertEqual(self.carrier_of(), self.standard)

    def test_choice_of_a_person_is_not_overwritten(self):
        self.rule(self.express)
        raw = self.order("DE", age=600)
        sale_order = self.sale_order(raw)
        sale_order.carrier_id = self.standard
        sale_order.picking_ids.carrier_id = self.standard
        self.receive({**raw, "lastUpdatedTime": "2030-01-01T00:00:00Z"})
        self.assertEqual(sale_order.carrier_id, self.standard)
        self.assertEqual(sale_order.picking_ids.carrier_id, self.standard)

    def test_orders_keep_their_delivery_method_when_the_rules_change(self):
        raw = self.order("DE", age=600)
        sale_order = self.sale_order(raw)
        self.rule(self.express)
        self.receive({**raw, "lastUpdatedTime": "2030-01-01T00:00:00Z"})
        self.assertFalse(sale_order.carrier_id)

    def test_deliveries_that_wait_follow_another_choice_on_the_order(self):
        self.rule(self.express)
        sale_order = self.sale_order(self.order("DE", items=[("MUG-RED-11OZ", 3)]))
        done, total = sale_order.picking_ids, sale_order.amount_total
        done.move_ids.quantity = 1
        done.move_ids.picked = True
        done._action_done()
        sale_order.carrier_id = self.standard
        self.assertEqual(done.carrier_id, self.express)
        self.assertEqual((sale_order.picking_ids - done).carrier_id, self.standard)
        self.assertEqual(sale_order.amount_total, total)

    def test_choice_on_the_delivery_survives_another_choice_on_the_order(self):
        self.rule(self.express)
        sale_order = self.sale_order(self.order("DE"))
        own = self.create_delivery_method("Own Van")
        sale_order.picking_ids.carrier_id = own
        sale_order.carrier_id = self.standard
        self.assertEqual(sale_order.picking_ids.carrier_id, own)

    # === AMAZON'S WORDS ===

    def test_service_levels_read_well(self):
        for level, name in (
            ("EXPEDITED", "Expedited"),
            ("SECOND_DAY", "Second Day"),
            ("SecondDay", "Second Day"),
            ("FreeEconomy", "Free Economy"),
            ("STANDARD", "Standard"),
        ):
            self.assertEqual(service_level_name(self.env, level), name)

    def test_unknown_service_level_stays_as_amazon_wrote_it(self):
        self.assertEqual(service_level_name(self.env, "DRONE_2H"), "DRONE_2H")
        self.assertEqual(service_level_name(self.env, ""), "")

    def test_shipping_line_names_the_service_level_in_words(self):
        sale_order = self.sale_order(self.order("DE", service_level="SECOND_DAY", shipping=4))
        line = sale_order.order_line.filtered(lambda line: line.amazon_kind == "shipping")
        self.assertIn("Shipping (Second Day)", line.name)

    def test_order_shows_the_service_level_in_words(self):
        sale_order = self.sale_order(self.order("DE", service_level="SECOND_DAY"))
        self.assertEqual(sale_order.amazon_service_level, "SECOND_DAY")
        self.assertEqual(sale_order.amazon_service_level_name, "Second Day")
