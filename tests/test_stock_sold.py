from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from ..simulator.samples import build_order
from .account_common import SELLER_EU
from .stock_common import StockCase


@tagged("post_install", "-at_install")
class TestStockSold(StockCase):
    """What Amazon sold is not put on sale again because Odoo does not have the order."""

    def setUp(self):
        super().setUp()
        self.account.orders_from = "2020-01-01"
        self.offer_sold = self.listed_offer("A", stock=5)
        self.push()
        self.updates = self.env["amazon.order.update"]

    def receive(self, units=1, **options):
        raw = build_order("DE", items=[("A", units)], **options)
        self.updates._receive(self.account, [raw])
        return raw

    def fail(self, raw):
        """The order cannot be imported."""
        update = self.updates.search([("amazon_order_ref", "=", raw["orderId"])])
        update.write({"state": "failed", "error": "Something is wrong with it."})
        return update

    def compared(self):
        self.compare(self.offer_sold)
        return self.offer_sold.stock_quantity

    def test_an_order_that_waits_in_the_inbox_is_not_sold_again(self):
        self.receive(2)
        self.assertEqual(self.compared(), 3)

    def test_an_order_that_failed_is_not_sold_again_however_it_is_shipped_meanwhile(self):
        for status in ("UNSHIPPED", "PARTIALLY_SHIPPED", "SHIPPED"):
            with self.subTest(status=status):
                self.fail(self.receive(2, order_id="303-1111111-1111111", status=status))
                self.assertEqual(self.compared(), 3)

    def test_an_imported_order_counts_once(self):
        self.receive(2)
        self.updates._apply_pending(everything=True)
        self.assertEqual(self.compared(), 3)

    def test_what_amazon_changes_in_an_imported_order_does_not_count_twice(self):
        options = {"order_id": "303-1111111-1111111"}
        self.receive(2, **options)
        self.updates._apply_pending(everything=True)
        self.receive(2, age=0, **options)
        self.assertEqual(self.updates.search([]).state, "pending")
        self.assertEqual(self.compared(), 3)

    def test_a_cancelled_order_and_one_that_amazon_ships_do_not_count(self):
        self.fail(self.receive(2, status="CANCELLED"))
        raw = build_order("DE", channel="FBA", items=[("OTHER", 2)])
        self.offer("OTHER", sync_stock=False)
        self.updates._receive(self.account, [raw])
        self.assertEqual(self.compared(), 5)

    def test_other_skus_of_the_same_goods_are_not_sold_again_either(self):
        other = self.listed_offer("B")
        self.receive(2)
        self.compare(other)
        self.assertEqual(other.stock_quantity, 3)

    def test_the_last_one_is_not_put_back_on_sale_when_its_order_failed(self):
        self.set_stock(self.mug, 1)
        self.push()
        raw = self.receive()
        self.store.listings.set_quantity(SELLER_EU, "A", 0)
        self.fail(raw)
        with freeze_time(fields.Datetime.now() + timedelta(hours=5), tick=True):
            self.daily_comparison()
        self.assertEqual(self.at_amazon("A"), 0)

    def test_an_order_that_cannot_be_read_keeps_no_quantity_back(self):
        raw = build_order("DE", items=["A"])
        raw["orderItems"] = [{"product": {"sellerSku": "A"}, "quantityOrdered": "many"}, "nonsense"]
        self.updates._receive(self.account, [raw])
        self.assertEqual((self.compared(), self.offer_sold.stock_state), (5, "done"))

    # --- Not paid yet ---

    def test_an_order_that_waits_for_its_payment_is_not_sold_again(self):
        self.receive(2, status="PENDING")
        self.assertFalse(self.updates.search([]))
        self.assertEqual(self.compared(), 3)

    def test_an_order_that_was_paid_counts_once(self):
        options = {"order_id": "303-1111111-1111111"}
        self.receive(2, status="PENDING", **options)
        self.receive(2, **options)
        self.assertEqual(self.compared(), 3)
        self.updates._apply_pending(everything=True)
        self.assertEqual(self.compared(), 3)

    def test_an_order_that_was_never_paid_is_offered_again(self):
        options = {"order_id": "303-1111111-1111111"}
        self.receive(2, status="PENDING", **options)
        self.push()
        self.assertEqual(self.at_amazon("A"), 3)
        self.receive(2, status="CANCELLED", **options)
        self.push()
        self.assertEqual(self.at_amazon("A"), 5)

    def test_an_unpaid_order_of_which_nothing_more_is_heard_counts_no_longer(self):
        self.receive(2, status="PENDING")
        with freeze_time(fields.Datetime.now() + timedelta(days=31), tick=True):
            self.assertEqual(self.compared(), 5)

    def test_an_unpaid_order_that_amazon_ships_does_not_count(self):
        self.receive(2, status="PENDING", channel="FBA", order_id="303-1111111-1111111")
        self.assertFalse(self.account.sudo().unpaid_orders)

    def daily_comparison(self):
        self.env["amazon.account"]._cron_compare_stock()
        for _run in range(5):
            self.env["amazon.catalogue.import"]._cron_run()
        self.push()
