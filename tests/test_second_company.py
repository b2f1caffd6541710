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

    def receive(self):
        updates = self.env["amazon.order.update"]._receive(self.account, [build_order("DE", items=("MUG-RED-11OZ",))])
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
