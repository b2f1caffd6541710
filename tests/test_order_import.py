from odoo.tests import tagged

from .common import AmazonCase


@tagged("post_install", "-at_install")
class TestOrderImport(AmazonCase):
    def test_fbm_order_becomes_a_confirmed_sales_order_with_a_delivery(self):
        raw = self.order("DE", items=[("MUG-RED-11OZ", 2)])
        sale_order = self.sale_order(raw)
        self.assertEqual(sale_order.state, "sale")
        self.assertEqual(sale_order.amazon_order_ref, raw["orderId"])
        self.assertEqual(sale_order.amazon_channel, "fbm")
        self.assertEqual(sale_order.order_line[0].product_id, self.mug)
        self.assertEqual(sale_order.order_line[0].product_uom_qty, 2)
        self.assertEqual(sale_order.picking_ids.move_ids.product_uom_qty, 2)
        self.assertNotEqual(sale_order.picking_ids.state, "done")

    def test_fba_order_moves_goods_out_of_the_fba_location_without_a_delivery(self):
        sale_order = self.sale_order(self.order("DE", channel="FBA", items=[("MUG-RED-11OZ", 3)]))
        move = sale_order.order_line.move_ids
        self.assertFalse(sale_order.picking_ids)
        self.assertEqual(move.state, "done")
        self.assertEqual(move.quantity, 3)
        self.assertEqual(move.location_id, self.account.location_id)
        self.assertEqual(move.location_dest_id.usage, "customer")
        self.assertEqual(sale_order.order_line.qty_delivered, 3)

    def test_shipping_and_gift_wrap_are_lines_of_their_own(self):
        raw = self.order("DE", items=[("MUG-RED-11OZ", 1)], shipping="5.99", gift_wrap="3.98")
        self.assertEqual(self.kinds(self.sale_order(raw)), ["product", "shipping", "gift_wrap"])

    def test_order_keeps_the_date_on_which_it_was_placed(self):
        raw = self.order("DE")
        sale_order = self.sale_order(raw)
        self.assertEqual(sale_order.date_order.isoformat(), raw["createdTime"][:19])

    def test_gift_message_is_a_note_on_the_order_and_on_the_delivery(self):
        raw = self.order("DE", gift_wrap="3.98", gift_message="Happy <b>birthday</b>!\nFrom Jane")
        sale_order = self.sale_order(raw)
        note = sale_order.order_line.filtered(lambda line: line.display_type == "line_note")
        self.assertIn("Happy <b>birthday</b>!", note.name)
        self.assertIn("Happy &lt;b&gt;birthday&lt;/b&gt;!<br>From Jane", str(sale_order.picking_ids.note))

    def test_applying_the_same_update_twice_changes_nothing(self):
        raw = self.order("DE")
        sale_order = self.sale_order(raw)
        again = self.receive(raw)
        self.assertEqual(again.sale_order_id, sale_order)
        self.assertEqual(self.env["sale.order"].search_count([("amazon_order_ref", "=", raw["orderId"])]), 1)

    def test_one_bad_order_does_not_delay_the_others(self):
        good = [self.order("DE") for _index in range(4)]
        bad = self.order("DE")
        bad["orderItems"] = [{"orderItemId": "1"}]
        updates = self.receive(good[0], good[1], bad, good[2], good[3])
        self.assertEqual(updates.mapped("state"), ["done", "done", "failed", "done", "done"])
        self.assertTrue(updates[2].error)

    def test_an_error_of_odoo_leaves_the_bad_order_alone_as_failed(self):
        good, bad = self.order("DE"), self.order("DE")
        buyer = bad["buyer"]["buyerName"]
        importer = type(self.env["amazon.order.importer"])
        original = importer._prepare_order_vals

        def refuse(this, new):
            if new.order.order_ref == bad["orderId"]:
                raise ZeroDivisionError(buyer)
            return original(this, new)

        self.patch(importer, "_prepare_order_vals", refuse)
        with self.assertLogs("odoo.addons.amazon_connector", "ERROR") as logs:
            updates = self.receive(good, bad)
        self.assertEqual(updates.mapped("state"), ["done", "failed"])
        self.assertEqual(updates[1].error_code, "unexpected")
        self.assertNotIn(buyer, updates[1].error + "".join(logs.output))

    def test_pending_order_is_kept_out_of_the_inbox(self):
        self.assertFalse(self.receive(self.order("DE", status="PENDING")))

    def test_order_of_a_marketplace_that_is_not_active_is_ignored_with_that_reason(self):
        self.account.active_marketplace_ids = self.account.active_marketplace_ids.filtered(
            lambda marketplace: marketplace.api_ref != "A1PA6795UKMFR9"
        )
        update = self.receive(self.order("DE"))
        self.assertEqual((update.state, update.error_code), ("ignored", "marketplace"))

    def test_order_placed_before_the_account_takes_orders_is_ignored_unless_recovered(self):
        raw = self.order("DE")
        self.account.orders_from = "2999-01-01"
        self.assertEqual(self.receive(raw).error_code, "too_old")
        self.assertEqual(self.receive(raw, recovered=True).state, "done")

    def test_fba_order_waits_until_amazon_has_shipped_it(self):
        update = self.receive(self.order("DE", channel="FBA", status="UNSHIPPED"))
        self.assertEqual((update.state, update.error_code), ("ignored", "not_shipped"))

    def test_cancelled_order_that_odoo_never_had_is_ignored(self):
        update = self.receive(self.order("DE", status="CANCELLED"))
        self.assertEqual((update.state, update.error_code), ("ignored", "cancelled"))

    def test_an_ignored_order_is_looked_at_again_only_when_a_setting_made_it_ignored(self):
        cancelled, old = self.order("DE", status="CANCELLED"), self.order("DE")
        self.receive(cancelled)
        self.account.orders_from = "2999-01-01"
        self.receive(old)
        self.account.orders_from = "2020-01-01"
        received = self.env["amazon.order.update"]._receive(self.account, [cancelled, old])
        self.assertEqual(received.mapped("amazon_order_ref"), [old["orderId"]])

    def test_cancelled_at_amazon_cancels_the_sales_order_even_when_it_is_locked(self):
        raw = self.order("DE")
        sale_order = self.sale_order(raw)
        sale_order.action_lock()
        cancelled = {**raw, "lastUpdatedTime": "2999-01-01T00:00:00Z"}
        cancelled["fulfillment"] = {**raw["fulfillment"], "fulfillmentStatus": "CANCELLED"}
        self.assertEqual(self.receive(cancelled).state, "done")
        self.assertEqual(sale_order.state, "cancel")
        self.assertEqual(sale_order.picking_ids.state, "cancel")

    def test_partially_shipped_fbm_order_has_the_shipped_part_delivered_and_the_rest_to_deliver(self):
        raw = self.order("DE", items=[("MUG-RED-11OZ", 5)], status="PARTIALLY_SHIPPED")
        raw["orderItems"][0]["fulfillment"] |= {"quantityFulfilled": 2, "quantityUnfulfilled": 3}
        sale_order = self.sale_order(raw)
        done = sale_order.picking_ids.filtered(lambda picking: picking.state == "done")
        rest = sale_order.picking_ids - done
        self.assertEqual(done.move_ids.quantity, 2)
        self.assertEqual(done.amazon_sync_status, "done")
        self.assertEqual(rest.move_ids.product_uom_qty, 3)
        self.assertFalse(rest.amazon_sync_status)

    def test_order_in_another_currency_gets_a_pricelist_and_switches_the_currency_on(self):
        self.env.ref("base.SEK").active = False
        sale_order = self.sale_order(self.order("SE"))
        self.assertEqual(sale_order.currency_id.name, "SEK")
        self.assertTrue(sale_order.currency_id.active)


@tagged("post_install", "-at_install")
class TestTrackedGoodsShippedBefore(AmazonCase):
    """FBM orders that are shipped when they first come in, of products with lots or serial numbers."""

    def shipped(self, quantity=2, **item):
        return self.order("DE", items=[{"sku": "MUG-RED-11OZ", "quantity": quantity, **item}], status="SHIPPED")

    def delivered(self, raw):
        """What the order's deliveries brought, by lot."""
        pickings = self.sale_order(raw).picking_ids
        self.assertEqual(set(pickings.mapped("state")), {"done"})
        to_buyer = pickings.move_line_ids.filtered(lambda line: line.location_dest_id.usage == "customer")
        return {line.lot_id.name: line.quantity for line in to_buyer}

    def put_in_stock(self, *lot_names, quantity=1):
        for name in lot_names:
            lot = self.env["stock.lot"].create({"name": name, "product_id": self.mug.id, "company_id": self.company.id})
            self.env["stock.quant"]._update_available_quantity(
                self.mug, self.account.warehouse_id.lot_stock_id, quantity, lot_id=lot
            )

    def test_goods_with_lots_are_of_the_accounts_lot(self):
        self.mug.tracking = "lot"
        self.assertEqual(self.delivered(self.shipped(3)), {self.account.fba_lot_name: 3})

    def test_serial_numbers_that_amazon_names_are_written_and_the_others_made_up(self):
        self.mug.tracking = "serial"
        names = [*self.delivered(self.shipped(2, serial_numbers=["SN-1"]))]
        self.assertEqual(names[0], "SN-1")
        self.assertTrue(names[1].startswith(self.account.fba_lot_name))

    def test_lots_that_odoo_reserved_are_taken_first(self):
        self.mug.tracking = "lot"
        self.put_in_stock("LOT-1", quantity=2)
        self.assertEqual(self.delivered(self.shipped(3)), {"LOT-1": 2, self.account.fba_lot_name: 1})

    def test_serial_numbers_are_the_same_in_every_step_of_the_warehouse(self):
        self.mug.tracking = "serial"
        self.account.warehouse_id.delivery_steps = "pick_pack_ship"
        self.assertEqual(len(self.delivered(self.shipped(2))), 2)
        output = self.account.warehouse_id.wh_output_stock_loc_id | self.account.warehouse_id.wh_pack_stock_loc_id
        quants = self.env["stock.quant"].search([("location_id", "in", output.ids), ("quantity", "!=", 0)])
        self.assertFalse(quants)

    def test_the_shipped_part_alone_gets_its_lot(self):
        self.mug.tracking = "lot"
        raw = self.order("DE", items=[("MUG-RED-11OZ", 5)], status="PARTIALLY_SHIPPED")
        raw["orderItems"][0]["fulfillment"] |= {"quantityFulfilled": 2, "quantityUnfulfilled": 3}
        pickings = self.sale_order(raw).picking_ids
        rest = pickings.filtered(lambda picking: picking.state != "done")
        self.assertEqual((pickings - rest).move_line_ids.mapped("quantity"), [2])
        self.assertEqual(rest.move_ids.product_uom_qty, 3)
        self.assertFalse(rest.move_line_ids.lot_id)
