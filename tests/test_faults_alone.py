"""Every fault of the simulated Amazon alone, against every operation that the connector calls.

For each pair of operation and fault a job runs into it, once, or for two hours. Then Amazon is well again and time
passes. In the end all is as without the fault, by itself; or a record says in words what is wrong, and what a person
then does about it leads there.

The faults that only a single operation knows are always tried, and of those that befall every operation a few. All of
them, some 500 pairs, take four minutes::

    AMAZON_EVERY_FAULT=1 scripts/run_tests.py tests/test_faults_alone.py
"""

import os
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..models import amazon_account_stock
from ..simulator.faults import (
    API_ANSWERS,
    KINDS,
    LWA_FAULTS,
    OPERATION_FAULTS,
    OPERATIONS_OF,
    ORDER_FAULTS,
    WIRE_FAULTS,
    Faults,
)
from ..simulator.samples import build_order
from .account_common import SELLER_EU
from .shipment_common import ShipmentCase

#: Of the faults that can befall every operation, those that are tried by default.
FEW = ("throttled", "access_denied", "unavailable", "answer_lost")
#: Hours after the start at which the scheduler comes by; Amazon is well again after the third.
ROUNDS = (0, 0.5, 2, 2.5, 5, 8, 12, 30, 31)
WELL_AGAIN = 3
#: Amazon says that all is well; only the daily comparison can find out.
SILENT = ("accepted_without_effect",)
OPTIONS = {"slow": {"seconds": 0.1}, "feed_slow": {"seconds": 600}, "report_slow": {"seconds": 600}}


def faults_of(operation):
    """The kinds of fault that can befall an operation, as far as they are to be tried."""
    fitting = []
    for kind in KINDS if "AMAZON_EVERY_FAULT" in os.environ else (*FEW, *ORDER_FAULTS, *OPERATION_FAULTS, *LWA_FAULTS):
        try:
            Faults().add(operation, kind)
        except ValueError:
            continue
        if kind in {*API_ANSWERS, *WIRE_FAULTS, *ORDER_FAULTS, *LWA_FAULTS} or operation in OPERATIONS_OF[kind]:
            fitting.append(kind)
    return fitting


class FaultsAloneCase(ShipmentCase):
    """A job, its outcome, where its trouble is told, and what a person does about it."""

    job = ()

    def setUp(self):
        super().setUp()
        self.told = ""
        self.begun_on = datetime.now()
        folder = self.enterContext(tempfile.TemporaryDirectory())
        self.memory = Path(folder) / "store.json"

    def check_faults(self, *operations):
        """Compare each fault of these operations, once and lasting, with an undisturbed run."""
        self.env.flush_all()
        self.store.save(self.memory)
        expected = self.end_of_a_run()
        problems = []
        for operation, kind, times in self.every_fault(operations):
            try:
                self.assertEqual(self.end_of_a_run(operation, kind, times), expected)
            except AssertionError as problem:
                problems.append(f"{operation}, {kind}, {'once' if times else 'lasting'}: {problem}")
        self.assertFalse(problems, "\n".join(problems))

    def every_fault(self, operations):
        return [
            (operation, kind, times) for operation in operations for kind in faults_of(operation) for times in (1, None)
        ]

    def end_of_a_run(self, operation=None, kind=None, times=None):
        """The outcome, after a fault that is gone at last; fails when the trouble was not told in between."""
        self.store.reset()
        self.store.load(self.memory)
        self.told = ""
        savepoint = self.env.cr.savepoint(flush=True)
        try:
            if operation:
                self.store.add_fault(operation, kind, times, **OPTIONS.get(kind, {}))
            undisturbed = getattr(self, "undisturbed", None)
            for number, hours in enumerate(ROUNDS):
                self.run_after(hours)
                if operation and number == WELL_AGAIN - 1:
                    if kind not in SILENT:
                        self.check_told(undisturbed)
                    self.store.clear_faults()
                if self.outcome() == undisturbed and not self.store.faults.coming:
                    return undisturbed
            if operation:
                self.check_told(undisturbed)
                with self.at(ROUNDS[-1]):
                    self.act()
                for hours in (1, 2, 26):
                    self.run_after(ROUNDS[-1] + hours)
            else:
                self.undisturbed = self.outcome()
            return self.outcome()
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all(flush=False)

    def at(self, hours):
        return freeze_time(self.begun_on + timedelta(hours=hours), tick=True)

    def run_after(self, hours):
        """What is due at that time; a scheduled action that raises would be counted as failed."""
        with self.at(hours):
            self.env.flush_all()
            self.run_due()
            if hours >= 24:
                self.run_daily()
            self.env.flush_all()
            self.env.invalidate_all()

    def run_due(self):
        for name in self.job:
            self.env.ref(f"amazon_connector.ir_cron_{name}").ir_actions_server_id.run()

    def run_daily(self):
        """What is due a day later."""

    def check_told(self, expected):
        if self.outcome() != expected:
            told = self.trouble()
            self.assertTrue(told, "Nothing says that something is wrong")
            self.assertGreater(len(told), 20, told)

    def outcome(self):
        """What must be the same in the end, with and without a fault."""
        raise NotImplementedError

    def trouble(self):
        """The words that a person reads while something is wrong."""
        raise NotImplementedError

    def act(self):
        """What the words tell the person to do."""
        if self.account.state == "reauthorize":
            self.link()
        self.press_button()

    def press_button(self):
        """The button that the words name, where they name one."""


class OrderFaultsCase(FaultsAloneCase):
    """Two orders, on two pages."""

    def setUp(self):
        super().setUp()
        self.raw_orders = [build_order("DE"), build_order("DE", items=("TEA",))]
        self.store.add_orders(SELLER_EU, self.raw_orders)
        original = type(self.account)._prepare_orders_query
        self.patch(
            type(self.account),
            "_prepare_orders_query",
            lambda account: {**original(account), "maxResultsPerPage": 1},
        )

    def outcome(self):
        orders = self.env["sale.order"].search([("amazon_account_id", "=", self.account.id)])
        return sorted(
            (order.amazon_order_ref, order.state, order.amount_total, len(order.picking_ids)) for order in orders
        )

    def trouble(self):
        return self.account.orders_sync_message or self.account.authorization_warning


@tagged("post_install", "-at_install")
class TestFaultsOfOrders(OrderFaultsCase):
    """Fetching orders."""

    job = ("sync_orders", "apply_order_updates")

    def test_search(self):
        self.check_faults("searchOrders")

    def test_login_with_amazon(self):
        self.check_faults("token")


@tagged("post_install", "-at_install")
class TestFaultsOfSingleOrders(OrderFaultsCase):
    """Recovering orders by reference, which a person does and reads the answer of."""

    def run_due(self):
        try:
            for raw in self.raw_orders:
                self.account.action_recover_order(raw["orderId"])
        except UserError as error:
            self.told = str(error)

    def trouble(self):
        return self.told or super().trouble()

    def test_single_order(self):
        self.check_faults("getOrder")


@tagged("post_install", "-at_install")
class TestFaultsOfShipments(FaultsAloneCase):
    """Confirming a parcel, and hearing of it again."""

    job = ("send_shipments", "sync_orders")

    def setUp(self):
        super().setUp()
        self.picking = self.deliver(self.order_in())

    def outcome(self):
        confirmed = {(entry.order_id, entry.package_reference) for entry in self.confirmations()}
        return len(confirmed), self.picking.amazon_sync_status

    def trouble(self):
        waits = self.picking.amazon_sync_status == "sent" and "Amazon was told and has not shown it yet"
        return self.picking.amazon_sync_reason or self.account.authorization_warning or waits

    def press_button(self):
        self.picking.amazon_shipment_ids.action_retry()

    def test_confirmation(self):
        self.check_faults("confirmShipment")


@tagged("post_install", "-at_install")
class TestFaultsOfStock(FaultsAloneCase):
    """Sending quantities: one by one, and in a submission."""

    job = ("push_stock", "process_feeds")

    def setUp(self):
        super().setUp()
        self.env.ref("amazon_connector.ir_cron_push_stock").active = True
        self.account.synchronize_inventory = True
        self.offers = self.env["amazon.offer"]
        for product, quantity in ((self.mug, 7), (self.tea, 5)):
            self.store.add_listing(SELLER_EU, product.default_code)
            location = self.account.warehouse_id.lot_stock_id
            self.env["stock.quant"]._update_available_quantity(product, location, quantity)
            self.offers |= self.offers.create(
                {
                    "account_id": self.account.id,
                    "marketplace_id": self.germany.id,
                    "sku": product.default_code,
                    "product_id": product.id,
                }
            )

    def outcome(self):
        there = [self.store.listing(SELLER_EU, offer.sku).quantity for offer in self.offers]
        return there, self.offers.mapped("stock_state")

    def trouble(self):
        feeds = self.env["amazon.feed"].search([("account_id", "=", self.account.id)])
        words = [*self.offers.mapped("stock_message"), *feeds.mapped("message"), self.account.stock_sync_message]
        open_feeds = [f"Submission {feed.id} is on its way" for feed in feeds if feed.state == "in_progress"]
        return "\n".join(filter(None, [*words, *open_feeds, self.account.authorization_warning]))

    def press_button(self):
        self.offers.action_sync_stock()

    def run_daily(self):
        for name in ("compare_stock", "import_offers", *self.job):
            self.env.ref(f"amazon_connector.ir_cron_{name}").ir_actions_server_id.run()

    def test_quantities_one_by_one(self):
        self.check_faults("searchListingsItems", "patchListingsItem")

    def test_quantities_in_a_submission(self):
        self.patch(amazon_account_stock, "PATCH_LIMIT", 1)
        self.check_faults("createFeedDocument", "upload", "createFeed")

    def test_result_of_a_submission(self):
        self.patch(amazon_account_stock, "PATCH_LIMIT", 1)
        self.check_faults("getFeed", "getFeedDocument", "download")


@tagged("post_install", "-at_install")
class TestFaultsOfTheCatalogue(FaultsAloneCase):
    """Importing what Amazon lists: by search, and by report."""

    job = ("import_offers",)

    def setUp(self):
        super().setUp()
        self.account.active_marketplace_ids = self.germany
        self.store.add_listing(SELLER_EU, "MUG-RED-11OZ")
        self.account.action_import_offers()
        self.catalogue_import = self.account.catalogue_import_ids

    def outcome(self):
        listings = self.env["amazon.listing"].search([("account_id", "=", self.account.id)])
        return self.catalogue_import.state, listings.mapped("sku")

    def trouble(self):
        on_its_way = self.catalogue_import.state == "running" and "The import goes on by itself"
        return self.catalogue_import.message or self.account.authorization_warning or on_its_way

    def press_button(self):
        by_report = self.catalogue_import.report_ref
        self.account.action_import_offers()
        if by_report:
            self.catalogue_import.step = "ask_report"

    def test_search(self):
        self.check_faults("searchListingsItems")

    def test_report(self):
        self.catalogue_import.step = "ask_report"
        self.check_faults("createReport", "getReport", "getReportDocument", "download")


@tagged("post_install", "-at_install")
class TestFaultsOfMarketplaces(FaultsAloneCase):
    """Asking where the seller sells, which a person does and reads the answer of."""

    def setUp(self):
        super().setUp()
        self.account.active_marketplace_ids = self.account.available_marketplace_ids = self.germany

    def run_due(self):
        try:
            self.account.action_update_marketplaces()
        except UserError as error:
            self.told = str(error)

    def outcome(self):
        return len(self.account.available_marketplace_ids) > 1

    def trouble(self):
        return self.told or self.account.authorization_warning

    def test_participations(self):
        self.check_faults("getMarketplaceParticipations")
