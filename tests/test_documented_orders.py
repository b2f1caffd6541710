"""What Odoo's documentation of its Amazon connector promises of orders, promise by promise."""

from odoo import fields
from odoo.tests import tagged

from ..simulator.samples import build_order
from .account_common import SELLER_EU
from .common import AmazonCase
from .test_order_sync import OrderSyncCase
from .test_order_updates import OrderUpdateCase


@tagged("post_install", "-at_install")
class TestDocumentedOrderLines(AmazonCase):
    def offers(self):
        return self.env["amazon.offer"].search([("account_id", "=", self.account.id)])

    def test_up_to_three_lines_are_made_of_an_item(self):
        self.assertEqual(len(self.sale_order(self.order("DE")).order_line), 1)
        full = self.sale_order(self.order("DE", shipping="4.00", gift_wrap="2.00"))
        self.assertEqual(self.kinds(full), ["product", "shipping", "gift_wrap"])

    def test_internal_references_are_matched_with_sku_shipping_code_and_gift_wrapping_code(self):
        shipping = self._create_product("EXPEDITED", type="service", is_storable=False)
        wrapping = self._create_product("satin", type="service", is_storable=False)
        raw = self.order("DE", service_level="EXPEDITED", shipping="4.00", gift_wrap="2.00", gift_wrap_level="satin")
        self.assertEqual(self.sale_order(raw).order_line.product_id, self.mug | shipping | wrapping)

    def test_pairings_are_saved_as_offers_listed_on_the_account(self):
        self.sale_order(self.order("DE"))
        self.account.invalidate_recordset()
        self.assertEqual(self.account.offer_count, 1)
        action = self.account.action_open_offers()
        self.assertEqual(self.env["amazon.offer"].search(action["domain"]), self.offers())

    def test_an_offer_is_used_for_subsequent_orders(self):
        self.sale_order(self.order("DE"))
        self.mug.default_code = "RENAMED"
        self.assertEqual(self.sale_order(self.order("DE")).order_line.product_id, self.mug)

    def test_a_pairing_is_forced_by_changing_the_product_or_the_sku_of_an_offer(self):
        self.sale_order(self.order("DE"))
        other = self._create_product("OTHER")
        self.offers().product_id = other
        self.assertEqual(self.sale_order(self.order("DE")).order_line.product_id, other)
        self.offers().sku = "NEW-SKU"
        self.assertEqual(self.sale_order(self.order("DE", items=["NEW-SKU"])).order_line.product_id, other)

    def test_without_a_match_the_default_products_are_used(self):
        raw = self.order("DE", items=["NOBODY-KNOWS"], shipping="4.00", gift_wrap="2.00")
        sale = self.env.ref("amazon_connector.product_amazon_sale")
        shipping = self.env.ref("amazon_connector.product_amazon_shipping")
        self.assertEqual(self.sale_order(raw).order_line.mapped("product_id"), sale | shipping)

    def test_taxes_are_those_of_the_product(self):
        tax = self._create_tax(19, included=True)
        self.mug.taxes_id = tax
        self.assertEqual(self.taxes(self.sale_order(self.order("DE")).order_line), tax)


@tagged("post_install", "-at_install")
class TestDocumentedSynchronization(OrderSyncCase):
    def test_orders_are_fetched_by_the_scheduler(self):
        cron = self.env.ref("amazon_connector.ir_cron_sync_orders")
        self.store.add_order(SELLER_EU, build_order("DE"))
        cron.ir_actions_server_id.run()
        self.assertEqual(len(self.sale_orders()), 1)

    def test_only_orders_that_changed_since_the_last_time_are_fetched(self):
        self.store.add_order(SELLER_EU, build_order("DE", age=7200))
        self.account.action_sync_orders()
        self.account.action_sync_orders()
        since = self.searches()[-1].params["lastUpdatedAfter"]
        self.assertGreater(since, fields.Datetime.subtract(fields.Datetime.now(), hours=1).isoformat())

    def test_fba_orders_come_in_shipped_and_fbm_orders_unshipped(self):
        raws = [
            build_order("DE", channel="FBA", status="SHIPPED"),
            build_order("DE", channel="FBA", status="UNSHIPPED"),
            build_order("DE", channel="FBM", status="UNSHIPPED"),
            build_order("DE", channel="FBM", status="PENDING"),
        ]
        self.store.add_orders(SELLER_EU, raws)
        self.account.action_sync_orders()
        imported = set(self.sale_orders().mapped("amazon_order_ref"))
        self.assertEqual(imported, {raws[0]["orderId"], raws[2]["orderId"]})

    def test_each_order_is_a_confirmed_sales_order_with_its_customer(self):
        self.store.add_order(SELLER_EU, build_order("DE", buyer_name="Jane Example"))
        self.account.action_sync_orders()
        self.assertEqual(self.sale_orders().state, "sale")
        self.assertEqual(self.sale_orders().partner_id.name, "Jane Example")

    def test_an_order_cancelled_at_amazon_is_cancelled(self):
        raw = build_order("DE")
        self.store.add_order(SELLER_EU, raw)
        self.account.action_sync_orders()
        self.store.cancel_order(raw["orderId"], age=121)
        self.account.last_orders_sync = False
        self.account.action_sync_orders()
        self.assertEqual(self.sale_orders().state, "cancel")

    def test_cancelling_in_odoo_does_not_tell_amazon(self):
        self.store.add_order(SELLER_EU, build_order("DE"))
        self.account.action_sync_orders()
        calls = len(self.store.calls)
        self.sale_orders()._action_cancel()
        self.assertEqual(len(self.store.calls), calls)

    def test_synchronizing_again_does_not_double_an_order(self):
        self.store.add_order(SELLER_EU, build_order("DE"))
        self.account.action_sync_orders()
        self.account.last_orders_sync = fields.Datetime.subtract(fields.Datetime.now(), days=2)
        self.account.action_sync_orders()
        self.assertEqual(len(self.sale_orders()), 1)

    def test_orders_are_assigned_to_the_sales_team_of_the_account(self):
        self.store.add_order(SELLER_EU, build_order("DE"))
        self.account.action_sync_orders()
        self.assertEqual(self.sale_orders().team_id, self.account.team_id)


@tagged("post_install", "-at_install")
class TestDocumentedFba(OrderUpdateCase):
    def test_one_move_per_item_from_the_amazon_location_and_no_delivery(self):
        sale_order = self.sale_order(self.order("DE", channel="FBA", items=[("MUG-RED-11OZ", 2), ("X", 1)]))
        moves = sale_order.order_line.move_ids
        self.assertEqual(len(moves), 2)
        self.assertEqual(moves.location_id, self.account.location_id)
        self.assertFalse(sale_order.picking_ids)

    def test_goods_come_into_the_amazon_location_by_an_internal_transfer(self):
        picking_type = self.account.warehouse_id.int_type_id
        self.env["stock.quant"]._update_available_quantity(self.mug, self.account.warehouse_id.lot_stock_id, 10)
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": picking_type.id,
                "location_id": self.account.warehouse_id.lot_stock_id.id,
                "location_dest_id": self.account.location_id.id,
            }
        )
        self.env["stock.move"].create(
            {
                "product_id": self.mug.id,
                "product_uom_qty": 10,
                "product_uom": self.mug.uom_id.id,
                "picking_id": picking.id,
                "location_id": picking.location_id.id,
                "location_dest_id": picking.location_dest_id.id,
                **({"name": "To Amazon"} if "name" in self.env["stock.move"]._fields else {}),
            }
        )
        picking.action_confirm()
        picking.action_assign()
        picking.move_ids.picked = True
        picking._action_done()
        self.sale_order(self.order("DE", channel="FBA", items=[("MUG-RED-11OZ", 4)]))
        quant = self.env["stock.quant"].search(
            [("product_id", "=", self.mug.id), ("location_id", "=", self.account.location_id.id)]
        )
        self.assertEqual(quant.quantity, 6)

    def test_tracked_products_do_not_stop_fba_orders(self):
        self.mug.tracking = "serial"
        self.assertEqual(self.receive(self.order("DE", channel="FBA")).state, "done")

    def test_a_kit_takes_its_components_from_the_amazon_location(self):
        if "mrp.bom" not in self.env:
            self.skipTest("Manufacturing is not installed: there are no kits")
        part = self._create_product("HANDLE")
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": self.mug.product_tmpl_id.id,
                "type": "phantom",
                "company_id": self.company.id,
                "bom_line_ids": [(0, 0, {"product_id": part.id, "product_qty": 2})],
            }
        )
        sale_order = self.sale_order(self.order("DE", channel="FBA", items=[("MUG-RED-11OZ", 3)]))
        moves = sale_order.order_line.move_ids
        self.assertEqual(moves.product_id, part)
        self.assertEqual(moves.quantity, 6)
        self.assertEqual(sale_order.order_line.qty_delivered, 3)
