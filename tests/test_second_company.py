from odoo.tests import tagged

from ..simulator.samples import build_order
from .common import AmazonCase


@tagged("post_install", "-at_install")
class TestCompanyWithoutWarehouse(AmazonCase):
    """Odoo makes a warehouse for the first company only; those of the others come when somebody makes them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # In tests, Odoo makes one for every company.
        cls.warehouse = cls.env["stock.warehouse"].search([("company_id", "=", cls.company.id)])
        cls.warehouse.active = False
        cls.account.unlink()
        cls.account = cls._create_account(name="Without a Warehouse")

    def receive(self, **options):
        raw = build_order("DE", items=("MUG-RED-11OZ",), **options)
        updates = self.env["amazon.order.update"]._receive(self.account, [raw])
        updates._apply_pending()
        return updates

    def test_an_account_can_be_made(self):
        self.assertFalse(self.account.warehouse_id or self.account.location_id)
        self.assertTrue(self.account.team_id)

    def test_orders_wait_and_say_what_is_missing(self):
        update = self.receive()
        self.assertEqual((update.state, update.error_code), ("failed", "no_warehouse"))
        self.assertIn(self.company.name, update.error)
        self.assertIn("Warehouses", update.remedy)

    def test_orders_come_in_once_there_is_a_warehouse(self):
        update = self.receive()
        self.warehouse.active = True
        update.action_retry()
        self.assertEqual(update.state, "done", update.error)
        self.assertEqual(update.sale_order_id.warehouse_id, self.warehouse)
        self.assertEqual(self.account.warehouse_id, self.warehouse)
        self.assertEqual(self.account.location_id.location_id, self.warehouse.view_location_id)

    def test_fba_orders_come_in_once_somebody_chose_a_warehouse_by_hand(self):
        self.warehouse.active = True
        self.account.warehouse_id = self.warehouse
        update = self.receive(channel="FBA", status="SHIPPED")
        self.assertEqual(update.state, "done", update.error)
        self.assertEqual(update.sale_order_id.order_line.move_ids.location_id, self.account.location_id)
        self.assertEqual(self.account.location_id.location_id, self.warehouse.view_location_id)

    def test_fba_orders_without_a_location_wait_and_say_what_is_missing(self):
        self.env["amazon.marketplace.setting"].create(
            {
                "account_id": self.account.id,
                "marketplace_id": self.env.ref("amazon_connector.marketplace_de").id,
                "warehouse_id": self.warehouse.id,
            }
        )
        update = self.receive(channel="FBA", status="SHIPPED")
        self.assertEqual((update.state, update.error_code), ("failed", "no_fba_location"))
        self.assertIn(self.account.name, update.error)
        self.assertIn("Stock Location", update.remedy)
