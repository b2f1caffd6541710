"""What users of other connectors complain about, complaint by complaint: it must not happen here."""

import copy
from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..simulator.samples import build_order, demo_orders
from .account_common import SELLER_EU, SELLER_NA
from .common import AmazonCase
from .test_order_sync import OrderSyncCase


@tagged("post_install", "-at_install")
class TestFetching(OrderSyncCase):
    def test_regr_no_call_per_order_is_made(self):
        self.store.add_orders(SELLER_EU, demo_orders(120, marketplaces=("DE",), kinds=("fbm",)))
        self.account.action_sync_orders()
        self.assertEqual(len(self.searches()), 2)
        self.assertFalse(self.store.calls_of("getOrder"))

    def test_regr_nobody_sleeps_when_the_quota_is_used_up(self):
        self.store.add_fault("searchOrders", "throttled")
        started = fields.Datetime.now()
        self.account._cron_sync_orders()
        self.assertLess(fields.Datetime.now() - started, timedelta(seconds=5))
        self.assertTrue(self.account.next_orders_sync)

    def test_regr_an_order_that_appears_late_in_an_earlier_minute_is_caught_by_the_overlap(self):
        self.account.action_sync_orders()
        watermark = self.account.last_orders_sync
        late = (fields.Datetime.now() - watermark + timedelta(minutes=3)).total_seconds()
        self.store.add_order(SELLER_EU, build_order("DE", age=late))
        self.account.action_sync_orders()
        self.assertEqual(len(self.sale_orders()), 1)

    def test_regr_the_same_page_under_another_token_does_not_go_on_for_ever(self):
        self.store.add_orders(SELLER_EU, demo_orders(150, marketplaces=("DE",), kinds=("fbm",)))
        gateway = type(self.account._gateway())
        original = gateway.search_orders
        first = {}

        def repeat(this, query, pagination_token=None):
            page = first.setdefault("page", original(this, query))
            return page

        self.patch(gateway, "search_orders", repeat)
        self.account._cron_sync_orders()
        self.assertEqual(len(self.sale_orders()), 100)
        self.assertFalse(self.account.last_orders_sync)

    def test_regr_pages_are_asked_for_with_the_query_of_the_first_one(self):
        self.store.add_orders(SELLER_EU, demo_orders(120, marketplaces=("DE",), kinds=("fbm",)))
        self.account.action_sync_orders()
        first, second = (dict(call.params) for call in self.searches())
        self.assertTrue(second.pop("paginationToken"))
        self.assertEqual(first, second)

    def test_regr_orders_are_searched_by_their_last_change_never_by_creation(self):
        self.account.action_sync_orders()
        self.assertIn("lastUpdatedAfter", self.searches()[0].params)
        self.assertNotIn("createdAfter", self.searches()[0].params)

    def test_regr_the_watermark_does_not_move_before_the_last_page(self):
        self.store.add_orders(SELLER_EU, demo_orders(120, marketplaces=("DE",), kinds=("fbm",)))
        account = type(self.account)
        original = account._fetch_page

        def fail_on_the_second_page(this, gateway):
            if this.orders_page_token:
                self.store.add_fault("searchOrders", "unavailable", times=None)
            return original(this, gateway)

        self.patch(account, "_fetch_page", fail_on_the_second_page)
        self.account.action_sync_orders()
        self.assertFalse(self.account.last_orders_sync)
        self.assertEqual(len(self.sale_orders()), 100)

    def test_regr_a_passing_internal_failure_is_made_good_by_the_next_run(self):
        self.store.add_order(SELLER_EU, build_order("DE"))
        self.store.add_fault("searchOrders", "internal_failure")
        self.account._cron_sync_orders()
        self.account._cron_sync_orders()
        self.assertEqual(len(self.sale_orders()), 1)

    def test_regr_a_regional_400_does_not_switch_the_account_off(self):
        self.store.add_order(SELLER_EU, build_order("DE"))
        self.store.add_fault("searchOrders", "invalid_input")
        self.account._cron_sync_orders()
        self.assertEqual(self.account.state, "linked")
        self.account._cron_sync_orders()
        self.assertEqual(len(self.sale_orders()), 1)

    def test_regr_the_same_item_reference_at_two_sellers_is_no_clash(self):
        american = self.link(
            self.new_account(name="American", base_marketplace_id=self.env.ref("amazon_connector.marketplace_us").id),
            SELLER_NA,
        )
        american.orders_from = "2020-01-01"
        european, other = build_order("DE"), build_order("US")
        other["orderItems"][0]["orderItemId"] = european["orderItems"][0]["orderItemId"]
        self.store.add_order(SELLER_EU, european)
        self.store.add_order(SELLER_NA, other)
        (self.account | american).action_sync_orders()
        self.assertEqual(self.account.order_count + american.order_count, 2)

    def test_regr_a_locked_account_is_left_to_the_worker_that_has_it(self):
        self.store.add_order(SELLER_EU, build_order("DE"))
        self.patch(type(self.account), "_lock_for_fetch", lambda account: False)
        self.account._cron_sync_orders()
        self.assertFalse(self.searches())

    def test_regr_orders_of_an_outage_of_26_hours_are_caught_up(self):
        self.account.action_sync_orders()
        self.store.add_fault("searchOrders", "unavailable", times=None)
        with freeze_time(fields.Datetime.now() + timedelta(hours=26)):
            self.store.clock.advance(26 * 3600)
            self.store.add_order(SELLER_EU, build_order("DE", updated=self.store.clock.now() - timedelta(hours=12)))
            self.account._cron_sync_orders()
            self.assertFalse(self.sale_orders())
            self.store.clear_faults()
            self.account._cron_sync_orders()
        self.assertEqual(len(self.sale_orders()), 1)


@tagged("post_install", "-at_install")
class TestContent(AmazonCase):
    def test_regr_old_words_for_the_channel_are_understood(self):
        for word, channel in (("AFN", "fba"), ("MFN", "fbm")):
            raw = self.order("DE", channel="FBA" if word == "AFN" else "FBM")
            raw["fulfillment"]["fulfilledBy"] = word
            with self.subTest(word=word):
                self.assertEqual(self.sale_order(raw).amazon_channel, channel)

    def test_regr_the_amount_of_an_item_is_for_all_its_pieces(self):
        sale_order = self.sale_order(self.order("DE", items=[{"sku": "MUG-RED-11OZ", "quantity": 4, "price": "2.50"}]))
        self.assertEqual(sale_order.order_line.price_unit, 2.50)
        self.assertEqual(sale_order.amount_total, 10.00)

    def test_regr_an_unknown_charge_is_a_line(self):
        raw = self.order("DE", tax_mode="none", items=[{"sku": "MUG-RED-11OZ", "price": "10.00"}])
        item = raw["orderItems"][0]["proceeds"]
        item["breakdowns"].append({"type": "ECO_FEE", "subtotal": {"amount": "1.00", "currencyCode": "EUR"}})
        item["proceedsTotal"]["amount"] = raw["proceeds"]["grandTotal"]["amount"] = "11.00"
        sale_order = self.sale_order(raw)
        self.assertEqual(sale_order.amount_total, 11.00)
        self.assertIn("ECO_FEE", sale_order.order_line[1].name)

    def test_regr_an_item_without_tax_in_europe_takes_odoos_tax(self):
        self.mug.taxes_id = self._create_tax(19, included=True)
        sale_order = self.sale_order(self.order("DE", tax_mode="none"))
        self.assertGreater(sale_order.amount_tax, 0)
        self.assertFalse(sale_order.amazon_review)

    def test_regr_a_quantity_of_zero_divides_nothing(self):
        raw = self.order("DE", items=[("MUG-RED-11OZ", 1), ("X", 1)])
        gone = raw["orderItems"][1]
        total = raw["orderItems"][0]["proceeds"]["proceedsTotal"]["amount"]
        gone["quantityOrdered"] = 0
        gone["proceeds"] = {"proceedsTotal": {"amount": "0.00", "currencyCode": "EUR"}, "breakdowns": []}
        raw["proceeds"]["grandTotal"]["amount"] = total
        sale_order = self.sale_order(raw)
        self.assertEqual(len(sale_order.order_line), 1)

    def test_regr_orders_from_outside_amazon_are_not_imported(self):
        raw = self.order("DE")
        raw["salesChannel"]["channelName"] = "NON_AMAZON"
        self.assertEqual(self.receive(raw).error_code, "non_amazon")

    def test_regr_unfulfillable_and_unknown_statuses_are_said_not_crashed_on(self):
        for status, state, code in (
            ("UNFULFILLABLE", "ignored", "unfulfillable"),
            ("INVOICE_UNCONFIRMED", "failed", "status"),
        ):
            with self.subTest(status=status):
                update = self.receive(self.order("DE", status=status))
                self.assertEqual((update.state, update.error_code), (state, code))

    def test_regr_ship_by_is_the_commitment_of_the_order_and_the_date_of_the_delivery(self):
        sale_order = self.sale_order(self.order("DE"))
        self.assertEqual(sale_order.commitment_date, sale_order.amazon_ship_by)
        self.assertTrue(sale_order.amazon_deliver_by)
        self.assertLessEqual(sale_order.picking_ids.scheduled_date, sale_order.amazon_ship_by)

    def test_regr_customization_is_a_note_with_its_link(self):
        raw = self.order("DE")
        raw["orderItems"][0]["product"]["customization"] = {"customizedUrl": "https://example.com/custom/1"}
        note = self.sale_order(raw).order_line.filtered(lambda line: line.display_type == "line_note")
        self.assertIn("https://example.com/custom/1", note.name)

    def test_regr_no_address_at_all_is_imported(self):
        raw = self.order("DE")
        del raw["recipient"], raw["buyer"]
        self.assertEqual(self.sale_order(raw).partner_id.name, "Amazon Customer")

    def test_regr_a_recipient_without_name_takes_the_buyers(self):
        raw = self.order("DE", buyer_name="Jane Example")
        del raw["recipient"]["deliveryAddress"]["name"]
        self.assertEqual(self.sale_order(raw).partner_shipping_id.name, "Jane Example")

    def test_regr_a_buyer_without_name_takes_the_recipients(self):
        raw = self.order("DE", buyer_name="Jane Example")
        del raw["buyer"]["buyerName"]
        self.assertEqual(self.sale_order(raw).partner_id.name, "Jane Example")

    def test_regr_a_phone_number_with_extension_is_kept_as_it_is(self):
        raw = self.order("US")
        raw["recipient"]["deliveryAddress"]["phone"] = "+1 512-555-0100 ext. 01234"
        self.assertEqual(self.sale_order(raw).partner_shipping_id.phone, "+1 512-555-0100 ext. 01234")

    def test_regr_the_company_of_the_address_is_not_lost(self):
        raw = self.order("DE")
        raw["recipient"]["deliveryAddress"]["companyName"] = "Example GmbH"
        self.assertEqual(self.sale_order(raw).partner_id.parent_id.name, "Example GmbH")

    def test_regr_collected_tax_without_responsible_party_is_still_amazons(self):
        raw = self.order("US")
        raw["orderItems"][0]["tax"] = {"taxCollections": [{"model": "MARKETPLACE_FACILITATOR"}]}
        sale_order = self.sale_order(raw)
        self.assertGreater(sale_order.amazon_tax_collected, 0)
        self.assertEqual(sale_order.amount_tax, 0)

    def test_regr_an_unknown_tax_model_does_not_block(self):
        raw = self.order("DE")
        raw["orderItems"][0]["tax"] = {"taxCollections": [{"model": "LowValueGoods", "responsibleParty": ""}]}
        self.assertEqual(self.receive(raw).state, "done")

    def test_regr_a_product_without_taxes_does_not_block_the_order(self):
        sale_order = self.sale_order(self.order("DE"))
        self.assertAlmostEqual(sale_order.amount_total, sale_order.amazon_total)
        self.assertTrue(sale_order.amazon_review)

    def test_regr_an_unknown_currency_is_said(self):
        raw = copy.deepcopy(self.order("DE"))
        _replace_currency(raw, "XXZ")
        update = self.receive(raw)
        self.assertEqual((update.state, update.error_code), ("failed", "currency"))


@tagged("post_install", "-at_install")
class TestRights(AmazonCase):
    def test_regr_users_of_another_company_do_not_see_the_orders_updates_and_offers(self):
        update = self.receive(self.order("DE"))
        other = self.env["res.company"].create({"name": "Other"})
        stranger = (
            self.env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "name": "Other Seller",
                    "login": "other-seller",
                    "company_id": other.id,
                    "company_ids": [(6, 0, other.ids)],
                }
            )
        )
        self.env.ref("sales_team.group_sale_manager").sudo().write({_users_field(self.env): [(4, stranger.id)]})
        for record in (update, update.sale_order_id, self.account, update.sale_order_id.order_line.amazon_offer_id):
            with self.subTest(model=record._name):
                self.assertFalse(self._visible_to(stranger, other, record))

    def _visible_to(self, user, company, record):
        records = self.env[record._name].with_user(user).with_context(allowed_company_ids=company.ids)
        return records.search([("id", "=", record.id)])

    def test_regr_a_reference_is_asked_for_before_anything_is_recovered(self):
        with self.assertRaises(UserError):
            self.env["amazon.recover.order"].create({"account_id": self.account.id}).action_recover()


def _users_field(env):
    return "user_ids" if "user_ids" in env["res.groups"]._fields else "users"


def _replace_currency(node, code):
    """Write another currency into every amount of an order."""
    if isinstance(node, dict):
        if "currencyCode" in node:
            node["currencyCode"] = code
        for value in node.values():
            _replace_currency(value, code)
    elif isinstance(node, list):
        for value in node:
            _replace_currency(value, code)
