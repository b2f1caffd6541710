from datetime import datetime, timedelta

from odoo.tests import HttpCase, new_test_user, tagged

from .test_deadlines import DeadlineCase


@tagged("post_install", "-at_install")
class TestDeadlinesTour(DeadlineCase, HttpCase):
    """What a warehouse worker clicks."""

    def test_worker_finds_what_is_late_and_is_warned_of_an_odd_tracking_number(self):
        new_test_user(
            self.env,
            "amazon_packer",
            # Odoo 19 lets only those see the carriers of a delivery who may create contacts.
            groups="stock.group_stock_user,base.group_partner_manager",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        now = datetime.now().replace(microsecond=0)
        # Noon of a winter's day: the tour reads the name of the time zone.
        late = self.due(datetime(2025, 12, 1, 20, 0), "US")
        self.due(now + timedelta(days=3), "DE")
        product = self.env["product.product"].create({"name": "UPS", "type": "service"})
        late.carrier_id = self.env["delivery.carrier"].create({"name": "UPS", "product_id": product.id})
        self.start_tour(
            "/odoo/action-stock.action_picking_tree_all",
            "amazon_connector_deadlines",
            login="amazon_packer",
            timeout=120,
        )
        self.assertEqual(late.picking_ids.carrier_tracking_ref, "1Z12345E0205271688")
