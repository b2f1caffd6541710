from collections import Counter

from odoo.tests import tagged

from .test_order_updates import OrderUpdateCase

GIFT = "All the best!\nFrom Jane"


@tagged("post_install", "-at_install")
class TestBuyerNotes(OrderUpdateCase):
    """Whoever packs the goods finds what the buyer wrote, whenever Amazon says it and however the goods leave."""

    def with_notes(self, raw, gift=GIFT, link="https://amazon.example/custom.zip", later=True):
        raw = self.changed(raw) if later else raw
        item = raw["orderItems"][0]
        item["product"]["customization"] = {"customizedUrl": link}
        item["fulfillment"] = {**item.get("fulfillment", {}), "packing": {"giftOption": {"giftMessage": gift}}}
        return raw

    def notes(self, sale_order):
        return sale_order.order_line.filtered("is_amazon_buyer_note")

    # --- On every step of the delivery ---

    def test_gift_message_is_on_the_pick_and_on_the_delivery_that_follows_it(self):
        self.account.warehouse_id.delivery_steps = "pick_ship"
        sale_order = self.sale_order(self.order("DE", gift_message=GIFT))
        pick = sale_order.picking_ids
        self.assertIn("All the best!<br>From Jane", str(pick.note))
        self.deliver(sale_order)
        delivery = sale_order.picking_ids - pick
        self.assertEqual(delivery.picking_type_code, "outgoing")
        self.assertEqual(delivery.note, pick.note)

    def test_gift_message_is_on_the_backorder_once(self):
        sale_order = self.sale_order(self.order("DE", items=[("MUG-RED-11OZ", 3)], gift_message=GIFT))
        first = self.deliver(sale_order, 1)
        backorder = sale_order.picking_ids - first
        self.assertEqual(str(backorder.note).count("All the best!"), 1)

    def test_each_note_names_the_goods_that_it_is_on(self):
        items = [{"sku": "MUG-RED-11OZ", "gift_message": "For Uwe"}, {"sku": "NB-A5", "gift_message": "For Ada"}]
        note = str(self.sale_order(self.order("DE", items=items)).picking_ids.note)
        places = [note.index(word) for word in ("[MUG-RED-11OZ]", "For Uwe", "[NB-A5]", "For Ada")]
        self.assertEqual(places, sorted(places))

    def test_link_to_a_customization_is_on_the_delivery(self):
        sale_order = self.sale_order(self.with_notes(self.order("DE"), later=False))
        self.assertIn("https://amazon.example/custom.zip", str(sale_order.picking_ids.note))

    def test_delivery_without_a_gift_has_no_note(self):
        self.assertFalse(self.sale_order(self.order("DE")).picking_ids.note)

    def test_delivery_made_after_the_buyers_data_were_deleted_has_no_note(self):
        self.account.warehouse_id.delivery_steps = "pick_ship"
        sale_order = self.sale_order(self.order("DE", gift_message=GIFT))
        pick = sale_order.picking_ids
        sale_order._erase_amazon_personal_data(Counter())
        self.deliver(sale_order)
        self.assertFalse((sale_order.picking_ids - pick).note)

    # --- Said later ---

    def test_notes_that_arrive_later_are_added_to_order_and_open_delivery_once(self):
        raw = self.order("DE", items=[("MUG-RED-11OZ", 2), "NB-A5"])
        sale_order = self.sale_order(raw)
        sale_order.picking_ids.note = "Mind the dog"
        later = self.with_notes(raw)
        self.receive(later)
        self.receive(self.with_notes(later, link="https://amazon.example/signed-anew.zip"))
        lines = sale_order.order_line.sorted(lambda line: (line.sequence, line.id))
        self.assertEqual(lines.mapped("is_amazon_buyer_note"), [False, True, True, False])
        note = str(sale_order.picking_ids.note)
        for words in ("Mind the dog", "All the best!<br>From Jane", "custom.zip"):
            self.assertEqual(note.count(words), 1, words)

    def test_link_that_arrives_after_the_gift_message_is_added_alone(self):
        raw = self.order("DE", gift_message=GIFT)
        sale_order = self.sale_order(raw)
        self.receive(self.with_notes(raw))
        self.assertEqual(len(self.notes(sale_order)), 2)
        self.assertEqual(str(sale_order.picking_ids.note).count("All the best!"), 1)
        self.assertIn("custom.zip", str(sale_order.picking_ids.note))

    def test_notes_are_added_to_a_locked_order_too(self):
        raw = self.order("DE")
        sale_order = self.sale_order(raw)
        sale_order.action_lock()
        self.receive(self.with_notes(raw))
        self.assertEqual(len(self.notes(sale_order)), 2)
        self.assertTrue(sale_order.locked)

    def test_note_that_a_person_removed_does_not_come_back(self):
        raw = self.order("DE", gift_message=GIFT)
        sale_order = self.sale_order(raw)
        self.notes(sale_order).unlink()
        self.receive(self.changed(raw))
        self.assertFalse(self.notes(sale_order))

    def test_notes_do_not_keep_later_prices_from_coming_in(self):
        raw = self.with_quantity(self.order("DE", items=[("MUG-RED-11OZ", 2)]), 2, 8)
        sale_order = self.sale_order(raw)
        self.receive(self.with_notes(raw))
        self.receive(self.with_quantity(raw, 2, 9))
        self.assertEqual(sale_order.amount_total, 18)

    def test_done_delivery_is_left_as_it_is(self):
        raw = self.order("DE")
        sale_order = self.sale_order(raw)
        delivery = self.deliver(sale_order)
        self.receive(self.with_notes(raw))
        self.assertFalse(delivery.note)

    def test_order_whose_data_were_deleted_gets_no_notes(self):
        raw = self.order("DE")
        sale_order = self.sale_order(raw)
        sale_order._erase_amazon_personal_data(Counter())
        self.receive(self.with_notes(raw))
        self.assertFalse(self.notes(sale_order))
        self.assertFalse(sale_order.picking_ids.note)
