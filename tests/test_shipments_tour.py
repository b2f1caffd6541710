from odoo.tests import HttpCase, new_test_user, tagged

from .shipment_common import ShipmentCase

#: Who works in the warehouse; Odoo 19 shows its own form of a sold delivery with a carrier to nobody with less.
WORKER = "stock.group_stock_user,sales_team.group_sale_salesman_all_leads"


@tagged("post_install", "-at_install")
class TestShipmentsTour(ShipmentCase, HttpCase):
    """What a warehouse worker clicks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.config.settings"].create({"group_amazon_sync": True}).execute()
        new_test_user(cls.env, "amazon_warehouse_worker", groups=WORKER)

    def run_tour(self, tour, picking=None):
        record = f"/{picking.id}" if picking else ""
        url = f"/odoo/action-stock.action_picking_tree_all{record}"
        self.start_tour(url, tour, login="amazon_warehouse_worker", timeout=120)
        self.env.invalidate_all()

    def refused(self):
        self.store.add_fault("confirmShipment", "invalid_input")
        picking = self.deliver(self.order_in())
        self.send()
        self.assertEqual(picking.amazon_sync_status, "error")
        return picking

    def test_worker_validates_enters_the_number_and_sees_it_confirmed(self):
        sale_order = self.order_in(("MUG-RED-11OZ", 2))
        picking = self.pick(self.delivery(sale_order))
        picking.carrier_id = self.carrier
        self.run_tour("amazon_connector_delivery", picking)
        self.send()
        self.update_order(sale_order)
        self.run_tour("amazon_connector_delivery_confirmed", picking)
        self.assertEqual(len(self.confirmations(sale_order)), 1)

    def test_worker_retries_a_refused_delivery(self):
        picking = self.refused()
        self.run_tour("amazon_connector_delivery_refused", picking)
        self.send()
        self.assertEqual(picking.amazon_sync_status, "sent")

    def test_worker_retries_all_refused_deliveries_at_once(self):
        pickings = self.refused() | self.refused()
        self.run_tour("amazon_connector_deliveries_refused")
        self.send()
        self.assertEqual(set(pickings.mapped("amazon_sync_status")), {"sent"})
