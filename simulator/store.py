"""All that the simulated Amazon knows and remembers."""

import copy
import json
import threading
from collections import deque
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from .application import Application
from .authorizations import Authorizations
from .clock import Clock
from .faults import Faults
from .operations import OPERATION_NAMES
from .orders import Orders
from .quotas import Quotas
from .sellers import Seller, default_sellers

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
        self.sellers = default_sellers()
        self.calls = deque(maxlen=CALLS_KEPT)
        self.page_tokens = {}
        # Amazon does not promise to send the seller back after a refusal; by default it does not.
        self.cancel_redirects = False

    def reset(self):
        """Back to the default sellers without orders; codes, tokens, faults and calls are forgotten."""
        with self.lock:
            for part in (self.clock, self.authorizations, self.quotas, self.faults):
                part.reset()
            for part in (self.orders, self.calls, self.page_tokens):
                part.clear()
            self.sellers = default_sellers()
            self.application = copy.deepcopy(self._registered)
            self.cancel_redirects = False

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

    # Faults, quotas, calls

    def add_fault(self, operation, kind, times=1, **options):
        """Let the next ``times`` fitting calls of ``operation`` go wrong; see :mod:`.faults`."""
        if operation not in ("token", "*", *OPERATION_NAMES):
            raise ValueError(f"There is no operation {operation!r}; there are token, *, {', '.join(OPERATION_NAMES)}")
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
        """Write sellers, orders and authorizations to a file that only its owner can read."""
        with self.lock:
            data = {
                "sellers": [{**asdict(seller), "roles": sorted(seller.roles)} for seller in self.sellers.values()],
                "orders": [[stored.seller_id, stored.order, stored.verbatim] for stored in self.orders.values()],
                "authorizations": self.authorizations.dump(),
            }
        path = Path(path)
        draft = path.with_name(path.name + ".new")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(data), encoding="utf-8")
        draft.replace(path)

    def load(self, path):
        """Take back what :meth:`save` wrote."""
        data = json.loads(Path(path).read_text(encoding="utf-8"))
        with self.lock:
            sellers = [Seller(**{**values, "roles": set(values["roles"])}) for values in data["sellers"]]
            self.sellers = {seller.seller_id: seller for seller in sellers}
            for seller_id, order, verbatim in data["orders"]:
                self.orders.add(seller_id, order, verbatim=verbatim)
            self.authorizations.load(data["authorizations"])
