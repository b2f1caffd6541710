"""All that the simulated Amazon knows and remembers."""

import copy
import threading
from collections import deque
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from . import state
from .application import Application
from .authorizations import Authorizations
from .clock import Clock
from .documents import Documents
from .faults import TRANSFERS, Faults
from .feeds import Feed
from .feeds import finish as finish_feed
from .jobs import Job, Jobs
from .listings import Listings
from .merchant_listings import finish as finish_report
from .operations import OPERATION_NAMES
from .orders import Orders
from .quotas import Quotas
from .sellers import default_sellers
from .shipments import set_package_status

CALLS_KEPT = 5000


@dataclass(frozen=True)
class Call:
    """One request that reached the simulated Amazon. ``params`` never holds a secret or a token."""

    operation: str
    status: int
    params: dict
    seller_id: str
    at: datetime
    request_id: str = ""


class Store:
    """Sellers, orders, authorizations, faults and calls.

    Requests come on several threads: each is handled under ``lock``. Tests may change anything between requests.
    """

    def __init__(self, application=None):
        self.lock = threading.RLock()
        self.clock = Clock()
        self._registered = application or Application()
        self.application = copy.deepcopy(self._registered)
        self.authorizations = Authorizations(self.clock)
        self.quotas = Quotas(self.clock)
        self.faults = Faults()
        self.orders = Orders(self.clock)
        self.confirmations = []
        self.listings = Listings(self.clock)
        self.documents = Documents(self.clock)
        self.feeds = Jobs(self.clock, Feed, partial(finish_feed, self))
        self.reports = Jobs(self.clock, Job, partial(finish_report, self))
        self.sellers = default_sellers()
        self.calls = deque(maxlen=CALLS_KEPT)
        self.page_tokens = {}
        self._set_habits()

    def reset(self):
        """Back to the default sellers without orders; codes, tokens, faults and calls are forgotten."""
        with self.lock:
            for part in (self.clock, self.authorizations, self.quotas, self.faults):
                part.reset()
            for part in self._memories():
                part.clear()
            self.sellers = default_sellers()
            self.application = copy.deepcopy(self._registered)
            self._set_habits()

    def _memories(self):
        yield from (self.orders, self.confirmations, self.listings, self.documents, self.feeds, self.reports)
        yield from (self.calls, self.page_tokens)

    def _set_habits(self):
        # Amazon does not promise to send the seller back after a refusal; by default it does not.
        self.cancel_redirects = False
        # How long feeds and reports take; 0 goes on a step with each look (see jobs.py).
        self.feed_seconds = self.report_seconds = 0
        self.compress_documents = True

    # Sellers and authorizations

    def add_seller(self, seller):
        """Take in one more :class:`~.sellers.Seller`."""
        self.sellers[seller.seller_id] = seller
        return seller

    def issue_refresh_token(self, seller_id):
        """A refresh token as self-authorization shows it to the developer of a private application."""
        return self.authorizations.issue_refresh_token(self.sellers[seller_id].seller_id)

    def revoke(self, seller_id):
        """The seller withdraws the authorization of the application."""
        self.authorizations.revoke(seller_id)

    # Orders (see orders.py for what each does)

    def add_order(self, seller_id, order, age=None, verbatim=False):
        """Take in an order (Orders API 2026-01-01 shape) of a seller; see :meth:`.orders.Orders.add`."""
        with self.lock:
            return self.orders.add(self.sellers[seller_id].seller_id, order, age, verbatim)

    def add_orders(self, seller_id, orders, **options):
        """Take in several orders."""
        return [self.add_order(seller_id, order, **options) for order in orders]

    def sell(self, seller_id, order, **options):
        """A buyer orders: the order is taken in, and its units off the listings that the seller ships.

        :param options: as for :meth:`add_order`
        :raise ValueError: when a listing has not that many units: Amazon would not have sold them
        """
        with self.lock:
            if order.get("fulfillment", {}).get("fulfilledBy") == "MERCHANT":
                self.listings.take_units(seller_id, order["orderItems"])
            return self.add_order(seller_id, order, **options)

    def update_order(self, order_id, age=0, **changes):
        """Change members of an order; see :meth:`.orders.Orders.update`."""
        with self.lock:
            return self.orders.update(order_id, age, **changes)

    def ship_order(self, order_id, **options):
        """Ship an order or a part of it; see :meth:`.orders.Orders.ship`."""
        with self.lock:
            return self.orders.ship(order_id, **options)

    def cancel_order(self, order_id, **options):
        """Cancel an order; see :meth:`.orders.Orders.cancel`."""
        with self.lock:
            return self.orders.cancel(order_id, **options)

    def request_cancellation(self, order_id, **options):
        """Let the buyer ask for a cancellation; see :meth:`.orders.Orders.request_cancellation`."""
        with self.lock:
            return self.orders.request_cancellation(order_id, **options)

    def deliver_package(self, order_id, reference, age=0):
        """The carrier has delivered a package of an order."""
        with self.lock:
            return set_package_status(self, order_id, reference, "DELIVERED", "DELIVERED", age)

    def set_package_status(self, order_id, reference, status, detailed_status="", age=0):
        """The carrier reports on a package: IN_TRANSIT, DELIVERED, UNDELIVERABLE, ..."""
        with self.lock:
            return set_package_status(self, order_id, reference, status, detailed_status, age)

    # Listings (see listings.py)

    def add_listing(self, seller_id, sku, **options):
        """Take in a listing; see :meth:`.listings.Listings.add`."""
        with self.lock:
            return self.listings.add(self.sellers[seller_id].seller_id, sku, **options)

    def listing(self, seller_id, sku):
        """The seller's listing with this SKU; KeyError when there is none."""
        return self.listings[seller_id, sku]

    def set_quantity(self, seller_id, sku, quantity):
        """The seller sets a quantity in Seller Central; see :meth:`.listings.Listings.set_quantity`."""
        with self.lock:
            return self.listings.set_quantity(seller_id, sku, quantity)

    @property
    def harmed_listings(self):
        """Each FBA offer that was turned into one of the seller's by a quantity: (seller_id, sku, at, source)."""
        return self.listings.harmed

    # Feeds and reports (see jobs.py)

    def finish_feeds(self):
        """Process every feed that still waits, whatever its time."""
        with self.lock:
            self.feeds.end_all()

    def finish_reports(self):
        """Write every report that still waits, whatever its time."""
        with self.lock:
            self.reports.end_all()

    # Faults, quotas, calls

    def add_fault(self, operation, kind, times=1, **options):
        """Let the next ``times`` fitting calls of ``operation`` go wrong; see :mod:`.faults`."""
        names = ("token", *TRANSFERS, "*", *OPERATION_NAMES)
        if operation not in names:
            raise ValueError(f"There is no operation {operation!r}; there are {', '.join(names)}")
        with self.lock:
            return self.faults.add(operation, kind, times, **options)

    def clear_faults(self):
        """Take all faults back."""
        self.faults.reset()

    def reset_quotas(self):
        """Fill every token bucket."""
        self.quotas.refill()

    def record(self, operation, status, params, seller_id="", request_id=""):
        """Remember a call."""
        self.calls.append(Call(operation, status, params, seller_id, self.clock.now(), request_id))

    def calls_of(self, operation):
        """The remembered calls of one operation, oldest first."""
        return [call for call in self.calls if call.operation == operation]

    # Across restarts

    def save(self, path):
        """Write what outlasts the process to a file that only its owner can read."""
        state.save(self, path)

    def load(self, path):
        """Take back what :meth:`save` wrote."""
        state.load(self, path)
