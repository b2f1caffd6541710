import copy

from odoo.tests import tagged

from .common import AmazonCase

MUG_WITH_DISCOUNT = {"sku": "MUG-RED-11OZ", "discount": "1.00"}


class OrderUpdateCase(AmazonCase):
    def setUp(self):
        super().setUp()
        self.minute = 0

    def changed(self, raw, **members):
        """The same order as Amazon says it a minute later, with some members changed."""
        self.minute += 1
        later = copy.deepcopy(raw)
        later["lastUpdatedTime"] = f"2998-01-01T00:{self.minute:02d}:00Z"
        later.update(members)
        return later

    def with_status(self, raw, status):
        return self.changed(raw, fulfillment={**raw["fulfillment"], "fulfillmentStatus": status})

    def with_quantity(self, raw, quantity, unit_price):
        """The order with its one item cut to `quantity` pieces at Amazon."""
        later = self.changed(raw)
        total = {"amount": f"{quantity * unit_price:.2f}", "currencyCode": "EUR"}
        item = later["orderItems"][0]
        item["quantityOrdered"] = quantity
        item["fulfillment"] = {"quantityFulfilled": 0, "quantityUnfulfilled": quantity}
        item["proceeds"] = {"proceedsTotal": total, "breakdowns": [{"type": "ITEM", "subtotal": total}]}
        later["proceeds"] = {"grandTotal": total, "breakdowns": [{"type": "ITEM", "subtotal": total}]}
        return later

    def pick(self, sale_order, quantity=None):
        picking = sale_order.picking_ids.filtered(lambda picking: picking.state not in ("done", "cancel"))
        for move in picking.move_ids:
            move.quantity = move.product_uom_qty if quantity is None else quantity
            move.picked = True
        return picking

    def deliver(self, sale_order, quantity=None):
        picking = self.pick(sale_order, quantity)
        picking._action_done()
        return picking

    def to_deliver(self, sale_order):
        pickings = sale_order.picking_ids.filtered(lambda picking: picking.state not in ("done", "cancel"))
        return sum(pickings.move_ids.filtered(lambda move: move.state != "cancel").mapped("product_uom_qty"))


@tagged("post_install", "-at_install")
class TestCancellation(OrderUpdateCase):
    def test_pending_order_that_becomes_unshipped_comes_in(self):
        raw = self.order("DE", status="PENDING")
        self.assertFalse(self.receive(raw))
        self.assertEqual(self.receive(self.changed(self.order("DE", order_id=raw["orderId"]))).state, "done")

    def test_cancelled_before_shipping_cancels_order_and_delivery(self):
        raw = self.order("DE")
        sale_order = self.sale_order(raw)
        self.receive(self.with_status(raw, "CANCELLED"))
        self.assertEqual(sale_order.state, "cancel")
        self.assertEqual(sale_order.picking_ids.state, "cancel")

    def test_an_invoice_of_a_cancelled_order_asks_a_person_for_a_credit_note(self):
        raw = self.order("DE")
        sale_order = self.sale_order(raw)
        invoice = self.invoice(sale_order)
        invoice.action_post()
        self.receive(self.with_status(raw, "CANCELLED"))
        self.assertEqual((sale_order.state, invoice.state), ("cancel", "posted"))
        self.assertIn("a credit note is needed", sale_order.activity_ids.summary)
        self.assertIn(invoice.name, sale_order.activity_ids.note)

    def test_a_cancelled_order_whose_invoice_is_a_draft_or_credited_asks_nobody(self):
        drafted, credited = self.order("DE"), self.order("DE")
        sale_orders = self.sale_order(drafted) | self.sale_order(credited)
        draft = self.invoice(sale_orders[0])
        invoice = sale_orders[1]._create_invoices()
        invoice.action_post()
        invoice._reverse_moves(cancel=True)
        for raw in (drafted, credited):
            self.receive(self.with_status(raw, "CANCELLED"))
        self.assertEqual(sale_orders.mapped("state"), ["cancel", "cancel"])
        self.assertNotEqual(draft.state, "posted")
        self.assertFalse(sale_orders.activity_ids)

    def test_cancelled_after_partial_delivery_delivers_no_more_and_asks_a_person(self):
        raw = self.order("DE", items=[("MUG-RED-11OZ", 5)])
        sale_order = self.sale_order(raw)
        self.deliver(sale_order, 2)
        self.assertEqual(self.to_deliver(sale_order), 3)
        self.receive(self.with_status(raw, "CANCELLED"))
        self.assertEqual(sale_order.state, "sale")
        self.assertEqual(self.to_deliver(sale_order), 0)
        self.assertIn("goods of it were delivered", sale_order.activity_ids.summary)

    def test_cancelled_after_delivery_leaves_the_order_and_asks_a_person_once(self):
        raw = self.order("DE")
        sale_order = self.sale_order(raw)
        self.deliver(sale_order)
        self.receive(self.with_status(raw, "CANCELLED"))
        self.receive(self.with_status(raw, "CANCELLED"))
        self.assertEqual(sale_order.state, "sale")
        self.assertEqual(len(sale_order.activity_ids), 1)

    def test_an_order_cancelled_in_odoo_is_not_resurrected(self):
        raw = self.order("DE")
        sale_order = self.sale_order(raw)
        sale_order._action_cancel()
        self.assertEqual(self.receive(self.changed(raw)).state, "done")
        self.assertEqual(sale_order.state, "cancel")

    def test_an_order_deleted_in_odoo_comes_back_only_when_recovered(self):
        raw = self.order("DE")
        sale_order = self.sale_order(raw)
        sale_order._action_cancel()
        sale_order.unlink()
        update = self.receive(self.changed(raw))
        self.assertEqual((update.state, update.error_code), ("ignored", "deleted"))
        self.assertEqual(self.receive(self.changed(raw), recovered=True).state, "done")

    def test_the_buyers_wish_to_cancel_is_an_activity_and_shows_on_the_delivery(self):
        raw = self.order("DE")
        sale_order = self.sale_order(raw)
        asked = self.changed(raw)
        asked["orderItems"][0]["cancellation"] = {
            "cancellationRequest": {"requester": "BUYER", "cancelReason": "ORDERED_BY_MISTAKE"}
        }
        self.receive(asked)
        self.assertTrue(sale_order.amazon_cancellation_requested)
        self.assertTrue(sale_order.picking_ids.amazon_cancellation_requested)
        self.assertIn("asks to cancel", sale_order.activity_ids.summary)

    def test_a_wish_to_cancel_that_somebody_answered_is_no_task_again(self):
        raw = self.order("DE")
        raw["orderItems"][0]["cancellation"] = {"cancellationRequest": {"requester": "BUYER"}}
        sale_order = self.sale_order(raw)
        sale_order.activity_ids.action_feedback(feedback="The parcel has left.")
        self.receive(self.changed(raw))
        self.assertFalse(sale_order.activity_ids)

    def test_a_wish_to_cancel_is_seen_when_the_order_first_comes_in(self):
        raw = self.order("DE")
        raw["orderItems"][0]["cancellation"] = {"cancellationRequest": {"requester": "BUYER"}}
        self.assertTrue(self.sale_order(raw).amazon_cancellation_requested)


@tagged("post_install", "-at_install")
class TestQuantities(OrderUpdateCase):
    def test_a_quantity_that_amazon_lowers_lowers_the_delivery_and_the_price(self):
        raw = self.with_quantity(self.order("DE", items=[("MUG-RED-11OZ", 5)]), 5, 8)
        sale_order = self.sale_order(raw)
        self.receive(self.with_quantity(raw, 3, 8))
        self.assertEqual(sale_order.order_line[0].product_uom_qty, 3)
        self.assertEqual(self.to_deliver(sale_order), 3)
        self.assertEqual(sale_order.amount_total, 24.00)

    def test_more_picked_than_amazon_still_wants_is_to_be_taken_back_out(self):
        raw = self.with_quantity(self.order("DE", items=[("MUG-RED-11OZ", 5)]), 5, 8)
        sale_order = self.sale_order(raw)
        self.pick(sale_order, 5)
        self.receive(self.with_quantity(raw, 3, 8))
        self.assertEqual(self.to_deliver(sale_order), 3)
        picking = sale_order.picking_ids
        self.assertEqual(
            sale_order.activity_ids.summary,
            f"Take 2 × {self.mug.display_name} back out of {picking.name}",
        )

    def test_no_more_picked_than_amazon_still_wants_asks_nobody(self):
        raw = self.with_quantity(self.order("DE", items=[("MUG-RED-11OZ", 5)]), 5, 8)
        sale_order = self.sale_order(raw)
        self.pick(sale_order, 3)
        self.receive(self.with_quantity(raw, 3, 8))
        self.assertFalse(sale_order.activity_ids)

    def test_a_quantity_is_lowered_in_a_locked_order_too(self):
        raw = self.with_quantity(self.order("DE", items=[("MUG-RED-11OZ", 5)]), 5, 8)
        sale_order = self.sale_order(raw)
        sale_order.action_lock()
        self.receive(self.with_quantity(raw, 3, 8))
        self.assertEqual(self.to_deliver(sale_order), 3)
        self.assertTrue(sale_order.locked)

    def test_a_cancelled_item_in_a_live_order_is_not_delivered(self):
        raw = self.order("DE", items=[("MUG-RED-11OZ", 1), ("NB-A5", 2)])
        sale_order = self.sale_order(raw)
        later = self.changed(raw)
        later["orderItems"][1]["cancellation"] = {"cancellationExecution": {"cancelledBy": "BUYER"}}
        later["orderItems"][1]["fulfillment"] = {"quantityFulfilled": 0, "quantityUnfulfilled": 0}
        self.receive(later)
        self.assertEqual(self.to_deliver(sale_order), 1)

    def test_an_item_cancelled_before_the_order_came_in_is_not_delivered(self):
        raw = self.order("DE", items=[("MUG-RED-11OZ", 1), ("NB-A5", 2)])
        cancelled = raw["orderItems"][1]
        cancelled["cancellation"] = {"cancellationExecution": {"cancelledBy": "BUYER"}}
        cancelled["fulfillment"] = {"quantityFulfilled": 0, "quantityUnfulfilled": 0}
        self.assertEqual(self.to_deliver(self.sale_order(raw)), 1)

    def test_what_a_person_lowered_further_stays(self):
        raw = self.with_quantity(self.order("DE", items=[("MUG-RED-11OZ", 5)]), 5, 8)
        sale_order = self.sale_order(raw)
        sale_order.order_line[0].product_uom_qty = 1
        self.receive(self.with_quantity(raw, 3, 8))
        self.assertEqual(sale_order.order_line[0].product_uom_qty, 1)

    def test_less_ordered_than_delivered_asks_a_person(self):
        raw = self.with_quantity(self.order("DE", items=[("MUG-RED-11OZ", 5)]), 5, 8)
        sale_order = self.sale_order(raw)
        self.deliver(sale_order, 4)
        self.receive(self.with_quantity(raw, 3, 8))
        self.assertEqual(self.to_deliver(sale_order), 0)
        self.assertIn("More was delivered", "".join(sale_order.activity_ids.mapped("summary")))


@tagged("post_install", "-at_install")
class TestLaterAmounts(OrderUpdateCase):
    def test_amounts_that_arrive_later_price_an_order_that_nobody_touched(self):
        raw = self.with_quantity(self.order("DE", items=[("MUG-RED-11OZ", 2)]), 2, 8)
        without = copy.deepcopy(raw)
        del without["proceeds"], without["orderItems"][0]["proceeds"]
        sale_order = self.sale_order(without)
        self.assertTrue(sale_order.amazon_review)
        self.receive(self.changed(raw))
        self.assertEqual(sale_order.amount_total, 16.00)
        self.assertFalse(sale_order.amazon_review)

    def test_shipping_that_arrives_later_becomes_a_line(self):
        raw = self.order("DE", order_id="302-5555555-0000001", tax_mode="none")
        sale_order = self.sale_order(raw)
        later = self.changed(self.order("DE", order_id="302-5555555-0000001", tax_mode="none", shipping="4.90"))
        self.receive(later)
        self.assertIn("shipping", self.kinds(sale_order))
        self.assertAlmostEqual(sale_order.amount_total, float(later["proceeds"]["grandTotal"]["amount"]))

    def test_a_discount_that_amazon_takes_back_leaves_no_tax_of_a_fixed_amount_behind(self):
        self.mug.taxes_id = self._create_tax(0.35, amount_type="fixed")
        discounted = self.order("DE", order_id="302-5555555-0000002", items=[MUG_WITH_DISCOUNT], tax_mode="none")
        sale_order = self.sale_order(discounted)
        plain = self.order("DE", order_id="302-5555555-0000002", tax_mode="none")
        self.receive(self.changed(plain))
        self.assertEqual(sale_order.amount_total, float(plain["proceeds"]["grandTotal"]["amount"]))
        self.assertNotIn("rounding", self.kinds(sale_order))
        self.assertFalse(sale_order.amazon_review)

    def test_prices_that_a_person_changed_stay_and_an_activity_says_so(self):
        raw = self.with_quantity(self.order("DE", items=[("MUG-RED-11OZ", 2)]), 2, 8)
        sale_order = self.sale_order(raw)
        sale_order.order_line[0].price_unit = 7
        self.receive(self.with_quantity(raw, 2, 9))
        self.assertEqual(sale_order.order_line[0].price_unit, 7)
        self.assertIn("changed the amounts", sale_order.activity_ids.summary)

    def test_an_invoiced_order_keeps_its_prices_and_an_activity_says_so(self):
        self.env["account.chart.template"].try_loading("generic_coa", self.company, install_demo=False)
        self.mug.invoice_policy = "order"
        raw = self.with_quantity(self.order("DE", items=[("MUG-RED-11OZ", 2)]), 2, 8)
        sale_order = self.sale_order(raw)
        sale_order._create_invoices()
        self.receive(self.with_quantity(raw, 2, 9))
        self.assertEqual(sale_order.amount_total, 16)
        self.assertIn("changed the amounts", sale_order.activity_ids.summary)

    def test_the_same_amounts_again_do_not_bring_back_what_a_person_changed(self):
        raw = self.order("DE")
        sale_order = self.sale_order(raw)
        sale_order.order_line[0].price_unit = 1
        self.receive(self.changed(raw))
        self.assertEqual(sale_order.order_line[0].price_unit, 1)
        self.assertFalse(sale_order.activity_ids)

    def test_an_older_update_changes_nothing(self):
        raw = self.with_quantity(self.order("DE", items=[("MUG-RED-11OZ", 5)]), 5, 8)
        cut = self.with_quantity(raw, 3, 8)
        sale_order = self.sale_order(cut)
        self.env["amazon.order.update"].search([("amazon_order_ref", "=", raw["orderId"])]).unlink()
        self.receive(raw)
        self.assertEqual(sale_order.amount_total, 24.00)
        self.assertEqual(self.to_deliver(sale_order), 3)


@tagged("post_install", "-at_install")
class TestLaterBuyer(OrderUpdateCase):
    def test_name_and_address_that_arrive_later_fill_the_placeholder(self):
        nameless = self.order("DE", personal_data=False, order_id="302-6666666-0000001")
        sale_order = self.sale_order(nameless)
        self.assertEqual(sale_order.partner_id.name, "Amazon Customer")
        self.receive(self.changed(self.order("DE", order_id="302-6666666-0000001", buyer_name="Erika Example")))
        self.assertEqual(sale_order.partner_id.name, "Erika Example")
        self.assertTrue(sale_order.partner_shipping_id.street)
        self.assertTrue(sale_order.partner_id.amazon_email)

    def test_the_label_of_a_gift_whose_names_arrive_later_bears_the_recipients_name(self):
        sale_order = self.sale_order(self.order("DE", personal_data=False, order_id="302-6666666-0000003"))
        gift = self.changed(self.order("DE", order_id="302-6666666-0000003", buyer_name="Jane Example"))
        gift["recipient"]["deliveryAddress"]["name"] = "Mother Example"
        self.receive(gift)
        self.assertEqual(sale_order.picking_ids.partner_id.name, "Mother Example")

    def test_names_that_arrive_later_part_the_buyer_from_the_recipient(self):
        sale_order = self.sale_order(self.order("DE", personal_data=False, order_id="302-6666666-0000004"))
        taxes, fiscal_position = self.taxes(sale_order.order_line), sale_order.fiscal_position_id
        gift = self.changed(self.order("DE", order_id="302-6666666-0000004", buyer_name="Jane Example"))
        gift["recipient"]["deliveryAddress"]["name"] = "Mother Example"
        self.receive(gift)
        delivery = sale_order.partner_shipping_id
        self.assertEqual(sale_order.partner_id.name, "Jane Example")
        self.assertEqual((delivery.name, delivery.type), ("Mother Example", "delivery"))
        self.assertEqual(delivery.parent_id, sale_order.partner_id)
        self.assertTrue(delivery.street)
        self.assertEqual((self.taxes(sale_order.order_line), sale_order.fiscal_position_id), (taxes, fiscal_position))
        self.assertFalse(sale_order.picking_ids.activity_ids)

    def test_a_name_that_a_person_entered_stays(self):
        sale_order = self.sale_order(self.order("DE", personal_data=False, order_id="302-6666666-0000002"))
        sale_order.partner_id.name = "Somebody I know"
        self.receive(self.changed(self.order("DE", order_id="302-6666666-0000002", buyer_name="Erika Example")))
        self.assertEqual(sale_order.partner_id.name, "Somebody I know")

    def test_an_address_that_a_person_corrected_stays(self):
        raw = self.order("DE")
        sale_order = self.sale_order(raw)
        sale_order.partner_shipping_id.street = "Corrected 1"
        self.receive(self.changed(raw))
        self.assertEqual(sale_order.partner_shipping_id.street, "Corrected 1")

    def test_replacement_links_to_the_order_it_replaces(self):
        raw = self.order("DE")
        sale_order = self.sale_order(raw)
        replacement = self.order("DE", items=[{"sku": "MUG-RED-11OZ", "price": "0.00"}])
        replacement["associatedOrders"] = [{"orderId": raw["orderId"], "associationType": "REPLACEMENT_ORIGINAL_ID"}]
        free = self.sale_order(replacement)
        self.assertEqual(free.amazon_replaces_id, sale_order)
        self.assertEqual(free.amount_total, 0)
        self.assertFalse(free.amazon_review)
