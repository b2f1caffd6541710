from odoo.tests import HttpCase, new_test_user, tagged

from .common import AmazonCase

FBM, FBA, AMBIGUOUS = "302-0000001-0000001", "302-0000002-0000002", "302-0000003-0000003"


@tagged("post_install", "-at_install")
class TestOrdersTour(AmazonCase, HttpCase):
    """What a salesperson without administrator rights clicks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.config.settings"].create({"group_amazon_sync": True}).execute()
        cls.salesperson = new_test_user(
            cls.env,
            "amazon_salesperson",
            groups="sales_team.group_sale_salesman_all_leads",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )
        cls.twice = cls._create_product("TWICE") + cls._create_product("TWICE")

    def setUp(self):
        super().setUp()
        self.receive(
            self.order("DE", order_id=FBM),
            self.order("DE", channel="FBA", order_id=FBA),
            self.order("DE", order_id=AMBIGUOUS, items=["TWICE"]),
        )

    def run_tour(self, tour):
        self.start_tour("/odoo", tour, login="amazon_salesperson", timeout=120)

    def test_salesperson_filters_and_opens_amazon_orders(self):
        self.run_tour("amazon_connector_orders")

    def test_salesperson_reads_what_to_do_about_a_failed_order(self):
        self.run_tour("amazon_connector_failed_order")
        self.assertEqual(self.find_update().state, "failed")

    def test_salesperson_retries_a_mended_order_and_sees_its_offer(self):
        self.twice[1].default_code = "TWICE-B"
        self.run_tour("amazon_connector_mended_order")
        self.assertEqual(self.find_update().sale_order_id.order_line[0].product_id, self.twice[0])

    def find_update(self):
        self.env.invalidate_all()
        return self.env["amazon.order.update"].search([("amazon_order_ref", "=", AMBIGUOUS)])
