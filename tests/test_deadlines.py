from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.tests import new_test_user, tagged

from ..time_zones import end_of_day, local_time
from .common import AmazonCase

NOON = datetime(2026, 11, 24, 12, 0)


class DeadlineCase(AmazonCase):
    def windows(self, raw, ship_by=None, deliver_by=None):
        """The order with other deadlines; moments are in UTC."""
        fulfillment = {**raw["fulfillment"]}
        for name, latest in (("shipByWindow", ship_by), ("deliverByWindow", deliver_by)):
            fulfillment.pop(name, None)
            if latest:
                fulfillment[name] = {"earliestDateTime": "2026-11-20T00:00:00Z", "latestDateTime": f"{latest:%FT%TZ}"}
        return {**raw, "fulfillment": fulfillment}

    def due(self, ship_by, country="DE", **options):
        """The sales order of an order that has to be shipped by then."""
        return self.sale_order(self.windows(self.order(country, **options), ship_by=ship_by))

    def later(self, raw, **deadlines):
        """The same order as Amazon sends it later."""
        self.updates = getattr(self, "updates", 0) + 1
        return {**self.windows(raw, **deadlines), "lastUpdatedTime": f"2030-01-01T00:00:{self.updates:02}Z"}

    def deliver(self, delivery, tracking="JD014600003SE", quantity=None):
        service = self.env["product.product"].create({"name": "Courier", "type": "service"})
        courier = self.env["delivery.carrier"].create({"name": "Courier", "product_id": service.id})
        delivery.write({"carrier_id": courier.id, "carrier_tracking_ref": tracking})
        for move in delivery.move_ids:
            move.quantity = quantity or move.product_uom_qty
            move.picked = True
        delivery._action_done()


@tagged("post_install", "-at_install")
class TestDeadlines(DeadlineCase):
    """What is late, and what is due today on the marketplace's clocks."""

    def found(self, model, deadline, operator="="):
        orders = self.env["sale.order"].search([("amazon_account_id", "=", self.account.id)])
        domain = [("id", "in", (orders if model == "sale.order" else orders.picking_ids).ids)]
        return self.env[model].search([*domain, ("amazon_deadline", operator, deadline)])

    def assertDeadline(self, sale_order, deadline):
        """The order and its delivery say so, and are found so."""
        for record in (sale_order, sale_order.picking_ids):
            record.invalidate_recordset(["amazon_deadline"])
            self.assertEqual(record.amazon_deadline, deadline)
            for candidate in ("late", "today", "later", False):
                self.assertEqual(record in self.found(record._name, candidate), candidate == deadline, candidate)
                self.assertEqual(record in self.found(record._name, candidate, "!="), candidate != deadline, candidate)

    def test_order_is_late_a_second_after_its_time(self):
        with freeze_time(NOON):
            sale_order = self.due(NOON)
            self.assertDeadline(sale_order, "today")
        with freeze_time(NOON + timedelta(seconds=1)):
            self.assertDeadline(sale_order, "late")

    def test_due_today_ends_at_the_marketplaces_midnight(self):
        # 23:00 UTC is midnight in Berlin, and 15:00 in Los Angeles.
        with freeze_time(NOON):
            self.assertDeadline(self.due(datetime(2026, 11, 24, 22, 59, 59), "DE"), "today")
            self.assertDeadline(self.due(datetime(2026, 11, 24, 23, 0, 0), "DE"), "later")
            self.assertDeadline(self.due(datetime(2026, 11, 24, 23, 0, 0), "US"), "today")
            self.assertDeadline(self.due(datetime(2026, 11, 25, 7, 59, 59), "US"), "today")
            self.assertDeadline(self.due(datetime(2026, 11, 25, 8, 0, 0), "US"), "later")

    def test_todays_day_is_the_marketplaces_even_before_utcs_begins(self):
        # 02:00 UTC on the 25th is still the 24th in Los Angeles, and the 25th in Tokyo.
        with freeze_time(datetime(2026, 11, 25, 2, 0)):
            self.assertDeadline(self.due(datetime(2026, 11, 25, 7, 59, 59), "US"), "today")
            self.assertDeadline(self.due(datetime(2026, 11, 25, 8, 0), "US"), "later")
            self.assertDeadline(self.due(datetime(2026, 11, 25, 14, 59, 59), "JP"), "today")
            self.assertDeadline(self.due(datetime(2026, 11, 25, 15, 0), "JP"), "later")

    def test_day_on_which_the_clocks_change_has_25_hours(self):
        # Berlin, 25 October 2026: midnight is 22:00 UTC before the change and 23:00 UTC after it.
        with freeze_time(datetime(2026, 10, 24, 23, 0)):
            self.assertDeadline(self.due(datetime(2026, 10, 25, 22, 30), "DE"), "today")
            self.assertDeadline(self.due(datetime(2026, 10, 25, 23, 0), "DE"), "later")

    def test_day_on_which_the_clocks_change_has_23_hours(self):
        # Berlin, 29 March 2026: the day ends at 22:00 UTC.
        with freeze_time(datetime(2026, 3, 28, 23, 30)):
            self.assertDeadline(self.due(datetime(2026, 3, 29, 21, 59, 59), "DE"), "today")
            self.assertDeadline(self.due(datetime(2026, 3, 29, 22, 0), "DE"), "later")

    def test_what_is_delivered_has_no_deadline(self):
        with freeze_time(NOON):
            sale_order = self.due(NOON - timedelta(days=1))
            self.deliver(sale_order.picking_ids)
            self.assertDeadline(sale_order, False)

    def test_what_left_without_tracking_stays_late_until_the_number_is_entered(self):
        with freeze_time(NOON):
            sale_order = self.due(NOON - timedelta(days=1))
            delivery = sale_order.picking_ids
            self.deliver(delivery, tracking=False)
            self.assertEqual(delivery.amazon_sync_status, "waiting_tracking")
            self.assertDeadline(sale_order, "late")
            delivery.carrier_tracking_ref = "JD014600003SE"
            self.assertDeadline(sale_order, False)

    def test_what_amazon_refused_is_not_late_for_ever(self):
        with freeze_time(NOON):
            sale_order = self.due(NOON - timedelta(days=1))
            self.deliver(sale_order.picking_ids)
            sale_order.amazon_shipment_ids._fail("Amazon refused it")
            self.assertDeadline(sale_order, False)

    def test_rest_of_a_partial_delivery_stays_late(self):
        with freeze_time(NOON):
            sale_order = self.due(NOON - timedelta(days=1), items=[("MUG-RED-11OZ", 3)])
            delivery = sale_order.picking_ids
            self.deliver(delivery, quantity=1)
            backorder = sale_order.picking_ids - delivery
            self.assertEqual((delivery.amazon_deadline, backorder.amazon_deadline), (False, "late"))
            self.assertEqual(sale_order.amazon_deadline, "late")

    def test_order_is_late_in_each_step_inside_the_warehouse(self):
        self.account.warehouse_id.delivery_steps = "pick_ship"
        with freeze_time(NOON):
            sale_order = self.due(NOON - timedelta(days=1))
            picking = sale_order.picking_ids
            self.assertDeadline(sale_order, "late")
            self.deliver(picking)
            delivery = sale_order.picking_ids - picking
            sale_order.invalidate_recordset(["amazon_deadline"])
            self.assertEqual((sale_order.amazon_deadline, delivery.amazon_deadline), ("late", "late"))
            self.deliver(delivery)
            sale_order.invalidate_recordset(["amazon_deadline"])
            self.assertFalse(sale_order.amazon_deadline)

    def test_cancelled_order_has_no_deadline(self):
        with freeze_time(NOON):
            sale_order = self.due(NOON - timedelta(days=1))
            sale_order._action_cancel()
            self.assertDeadline(sale_order, False)

    def test_order_without_a_time_has_no_deadline(self):
        self.assertDeadline(self.due(None), False)

    def test_what_amazon_ships_has_no_deadline(self):
        with freeze_time(NOON):
            sale_order = self.due(NOON - timedelta(days=1), channel="FBA")
            self.assertFalse(sale_order.amazon_deadline)
            self.assertNotIn(sale_order, self.found("sale.order", "late"))

    def test_several_deadlines_are_found_at_once(self):
        with freeze_time(NOON):
            late = self.due(NOON - timedelta(days=1))
            today = self.due(NOON + timedelta(hours=1))
            later = self.due(NOON + timedelta(days=3))
            self.assertEqual(self.found("sale.order", ["late", "today"], "in"), late | today)
            self.assertEqual(self.found("sale.order", ["late", "today"], "not in"), later)
            self.assertEqual(self.found("stock.picking", ["late", "later"], "in"), (late | later).picking_ids)

    def test_those_who_sell_and_those_who_ship_find_what_is_late(self):
        with freeze_time(NOON):
            sale_order = self.due(NOON - timedelta(days=1))
            for login, group, record in (
                ("deadline_seller", "sales_team.group_sale_salesman_all_leads", sale_order),
                ("deadline_packer", "stock.group_stock_user", sale_order.picking_ids),
            ):
                user = new_test_user(
                    self.env, login, groups=group, company_id=self.company.id, company_ids=[(6, 0, self.company.ids)]
                )
                found = self.env[record._name].with_user(user).search([("amazon_deadline", "=", "late")])
                self.assertEqual(found, record)
                self.assertEqual(found.amazon_deadline, "late")
                self.assertTrue(found.amazon_ship_by_local)

    def test_marketplace_without_a_time_zone_goes_by_utc(self):
        marketplace = self.env["amazon.marketplace"].search([("country_id.code", "=", "DE")])
        marketplace.tz = False
        with freeze_time(NOON):
            self.assertDeadline(self.due(datetime(2026, 11, 24, 23, 59, 59)), "today")

    # === LOCAL TIMES ===

    def test_times_are_shown_on_the_marketplaces_clocks(self):
        ship_by, deliver_by = datetime(2026, 11, 25, 7, 59, 59), datetime(2026, 7, 2, 6, 59, 59)
        sale_order = self.sale_order(self.windows(self.order("US"), ship_by=ship_by, deliver_by=deliver_by))
        self.assertEqual(sale_order.amazon_ship_by, ship_by)
        for record in (sale_order, sale_order.picking_ids):
            self.assertRegex(record.amazon_ship_by_local, r"11/24/2026, 11:59\sPM PST \(Amazon\.com\)")
            self.assertRegex(record.amazon_deliver_by_local, r"07/01/2026, 11:59\sPM PDT \(Amazon\.com\)")

    def test_times_do_not_depend_on_the_users_time_zone(self):
        sale_order = self.due(datetime(2026, 11, 25, 7, 59, 59), "US")
        shown = sale_order.with_context(tz="Asia/Tokyo").amazon_ship_by_local
        self.assertEqual(shown, sale_order.amazon_ship_by_local)

    def test_order_without_times_shows_none(self):
        self.assertFalse(self.due(None).amazon_ship_by_local)

    def test_every_marketplace_has_a_time_zone(self):
        marketplaces = self.env["amazon.marketplace"].search([("country_id", "!=", False)])
        self.assertGreater(len(marketplaces), 20)
        self.assertEqual(marketplaces.filtered("tz"), marketplaces)
        zones = {marketplace.country_id.code: marketplace.tz for marketplace in marketplaces}
        self.assertEqual(
            (zones["US"], zones["DE"], zones["GB"], zones["JP"]),
            ("America/Los_Angeles", "Europe/Berlin", "Europe/London", "Asia/Tokyo"),
        )

    def test_midnight_that_the_clocks_jump_over_is_when_they_jump(self):
        # Cairo, 24 April 2026: 00:00 became 01:00.
        self.assertEqual(end_of_day(datetime(2026, 4, 23, 12, 0), "Africa/Cairo"), datetime(2026, 4, 23, 22, 0))
        self.assertEqual(local_time(datetime(2026, 4, 23, 22, 0), "Africa/Cairo").hour, 1)


@tagged("post_install", "-at_install")
class TestScheduledDates(DeadlineCase):
    """The deliveries follow the time that Amazon sets."""

    FIRST, SECOND = datetime(2026, 11, 25, 22, 59, 59), datetime(2026, 11, 27, 22, 59, 59)

    def setUp(self):
        super().setUp()
        self.raw = self.order("DE", items=[("MUG-RED-11OZ", 3)], age=600)

    def import_order(self):
        sale_order = self.sale_order(self.windows(self.raw, ship_by=self.FIRST, deliver_by=self.SECOND))
        return sale_order, sale_order.picking_ids

    def change(self, ship_by, **deadlines):
        self.receive(self.later(self.raw, ship_by=ship_by, **deadlines))

    def test_delivery_is_scheduled_by_amazons_time(self):
        sale_order, delivery = self.import_order()
        self.assertEqual(sale_order.commitment_date, self.FIRST)
        self.assertEqual((delivery.scheduled_date, delivery.date_deadline), (self.FIRST, self.FIRST))

    def test_security_lead_time_is_kept(self):
        self.company.security_lead = 1
        _sale_order, delivery = self.import_order()
        self.assertEqual(delivery.scheduled_date, self.FIRST - timedelta(days=1))
        self.change(self.SECOND)
        self.assertEqual(delivery.scheduled_date, self.SECOND - timedelta(days=1))
        self.assertEqual(delivery.date_deadline, self.SECOND)

    def test_delivery_follows_when_amazon_changes_the_time(self):
        sale_order, delivery = self.import_order()
        self.change(self.SECOND)
        self.assertEqual((sale_order.amazon_ship_by, sale_order.commitment_date), (self.SECOND, self.SECOND))
        self.assertEqual((delivery.scheduled_date, delivery.date_deadline), (self.SECOND, self.SECOND))
        self.assertIn("to be shipped by 11/27/2026", sale_order.message_ids[0].body)

    def test_delivery_follows_a_time_that_comes_later(self):
        sale_order = self.sale_order(self.windows(self.raw))
        self.change(self.SECOND)
        self.assertEqual(sale_order.amazon_ship_by, self.SECOND)
        self.assertEqual(sale_order.picking_ids.scheduled_date, self.SECOND)

    def test_same_times_again_say_nothing(self):
        sale_order, _delivery = self.import_order()
        messages = sale_order.message_ids
        self.change(self.FIRST, deliver_by=self.SECOND)
        self.assertEqual(sale_order.message_ids, messages)

    def test_time_that_amazon_leaves_out_stays(self):
        sale_order, delivery = self.import_order()
        self.change(None)
        self.assertEqual(sale_order.amazon_ship_by, self.FIRST)
        self.assertEqual(delivery.scheduled_date, self.FIRST)

    def test_date_that_a_person_chose_for_the_delivery_stays(self):
        sale_order, delivery = self.import_order()
        delivery.scheduled_date = chosen = datetime(2026, 11, 24, 9, 0)
        self.change(self.SECOND)
        self.assertEqual(delivery.scheduled_date, chosen)
        self.assertEqual(delivery.date_deadline, self.SECOND)
        self.assertEqual(sale_order.amazon_ship_by, self.SECOND)

    def test_backorder_of_a_rescheduled_delivery_stays_too(self):
        _sale_order, delivery = self.import_order()
        delivery.scheduled_date = chosen = datetime(2026, 11, 24, 9, 0)
        backorder = self.deliver_one(delivery)
        self.change(self.SECOND)
        self.assertEqual(backorder.scheduled_date, chosen)

    def test_date_that_a_person_promised_on_the_order_stays(self):
        sale_order, delivery = self.import_order()
        sale_order.commitment_date = promised = datetime(2026, 11, 24, 9, 0)
        self.change(self.SECOND)
        self.assertEqual(sale_order.commitment_date, promised)
        self.assertEqual(delivery.date_deadline, promised)
        self.assertEqual(delivery.scheduled_date, self.FIRST)
        self.assertEqual(sale_order.amazon_ship_by, self.SECOND)

    def test_done_delivery_stays_as_it_was_and_the_rest_follows(self):
        _sale_order, delivery = self.import_order()
        backorder = self.deliver_one(delivery)
        done_on = delivery.scheduled_date
        self.change(self.SECOND)
        self.assertEqual((delivery.scheduled_date, delivery.date_deadline), (done_on, self.FIRST))
        self.assertEqual((backorder.scheduled_date, backorder.date_deadline), (self.SECOND, self.SECOND))

    def test_what_is_all_delivered_does_not_follow(self):
        sale_order, delivery = self.import_order()
        self.deliver(delivery)
        messages = sale_order.message_ids
        self.change(self.SECOND)
        self.assertEqual(sale_order.amazon_ship_by, self.SECOND)
        self.assertEqual((sale_order.commitment_date, delivery.date_deadline), (self.FIRST, self.FIRST))
        self.assertEqual(sale_order.message_ids, messages)

    def test_what_amazon_ships_does_not_follow(self):
        self.raw = self.order("DE", channel="FBA", age=600)
        sale_order, _no_delivery = self.import_order()
        messages, moves = sale_order.message_ids, sale_order.order_line.move_ids
        deadlines = moves.mapped("date_deadline")
        self.change(self.SECOND)
        self.assertEqual((sale_order.message_ids, moves.mapped("date_deadline")), (messages, deadlines))

    def test_what_left_without_tracking_does_not_follow(self):
        sale_order, delivery = self.import_order()
        self.deliver(delivery, tracking=False)
        self.change(self.SECOND)
        self.assertEqual((sale_order.commitment_date, delivery.date_deadline), (self.FIRST, self.FIRST))

    def test_cancelled_order_does_not_follow(self):
        sale_order, _delivery = self.import_order()
        sale_order._action_cancel()
        self.change(self.SECOND)
        self.assertEqual(sale_order.commitment_date, self.FIRST)

    def test_steps_inside_the_warehouse_follow(self):
        self.account.warehouse_id.delivery_steps = "pick_ship"
        sale_order, picking = self.import_order()
        self.assertEqual(picking.picking_type_code, "internal")
        self.assertEqual(picking.scheduled_date, self.FIRST)
        self.change(self.SECOND)
        self.assertEqual(picking.scheduled_date, self.SECOND)
        self.deliver(picking)
        delivery = sale_order.picking_ids - picking
        self.assertEqual((delivery.scheduled_date, delivery.date_deadline), (self.SECOND, self.SECOND))
        done_deadline = picking.date_deadline
        self.change(self.FIRST)
        self.assertEqual((delivery.scheduled_date, delivery.date_deadline), (self.FIRST, self.FIRST))
        self.assertEqual(picking.date_deadline, done_deadline)

    def deliver_one(self, delivery):
        """Deliver one piece; returns the backorder."""
        self.deliver(delivery, quantity=1)
        return delivery.backorder_ids
