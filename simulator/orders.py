"""The orders of the simulated Amazon and what happens to them: paid, changed, shipped, cancelled.

Orders are kept in the shape of Orders API 2026-01-01, whole, as Amazon would show them to a seller with every role.
"""

import copy
import re
from dataclasses import dataclass, field
from datetime import timedelta

from .clock import to_moment, to_text, whole_milliseconds

ORDER_ID = re.compile(r"[A-Z0-9]{3}-[0-9]{7}-[0-9]{7}")
REQUIRED = ("orderId", "createdTime", "lastUpdatedTime", "salesChannel", "orderItems")


@dataclass
class StoredOrder:
    """An order and its owner. A ``verbatim`` order is shown as it is, whatever its age and its buyer's privacy."""

    seller_id: str
    order: dict
    verbatim: bool = False
    created_at: object = field(init=False)
    updated_at: object = field(init=False)

    def __post_init__(self):
        self.refresh()

    def refresh(self):
        """Read again the times that searches compare, after a change of ``order``."""
        self.created_at = to_moment(self.order["createdTime"])
        self.updated_at = to_moment(self.order["lastUpdatedTime"])

    @property
    def status(self):
        """The fulfillment status, empty where the order has none."""
        return self.order.get("fulfillment", {}).get("fulfillmentStatus", "")

    @property
    def is_merchant_fulfilled(self):
        """Whether the seller ships the order (FBM)."""
        return self.order.get("fulfillment", {}).get("fulfilledBy") == "MERCHANT"


class Orders(dict):
    """All orders by identifier, with the changes that Amazon, the buyer or the seller make to them."""

    def __init__(self, clock):
        super().__init__()
        self._clock = clock

    def add(self, seller_id, order, age=None, verbatim=False):
        """Take in ``order`` (in place of one with the same identifier).

        :param age: seconds since its last update; without it the times in the order stand. Searches show what is
            at least 120 seconds old.
        :param verbatim: show the order word for word: no two-year limit, nothing left out for privacy
        :raise ValueError: when it could not be an order of Amazon
        """
        missing = [name for name in REQUIRED if name not in order]
        if missing:
            raise ValueError(f"The order lacks {', '.join(missing)}")
        if not ORDER_ID.fullmatch(order["orderId"]):
            raise ValueError(f"{order['orderId']} is not an Amazon order identifier (such as 123-1234567-1234567)")
        stored = StoredOrder(seller_id, copy.deepcopy(order), verbatim)
        if age is not None:
            self.touch(stored, age)
        self[order["orderId"]] = stored
        return stored

    def of_seller(self, seller_id):
        """The seller's orders, the last updated first."""
        mine = [stored for stored in self.values() if stored.seller_id == seller_id]
        return sorted(mine, key=lambda stored: stored.updated_at, reverse=True)

    def update(self, order_id, age=0, **changes):
        """Change members of an order; objects are merged, lists and values replaced.

        The time of the last update becomes now (less ``age`` seconds) unless the changes name it.
        """
        stored = self[order_id]
        _merge(stored.order, copy.deepcopy(changes))
        if "lastUpdatedTime" in changes:
            stored.refresh()
        else:
            self.touch(stored, age)
        return stored

    def ship(self, order_id, quantities=None, carrier="DHL", tracking_number="JD0140000000001", age=0):
        """Ship an order, or only ``quantities`` (order item identifier -> units) of it."""
        stored = self[order_id]
        shipped = {}
        for item in stored.order["orderItems"]:
            units = _ship_item(item, quantities)
            if units:
                shipped[item["orderItemId"]] = units
        if not shipped:
            raise ValueError(f"Order {order_id} has nothing left to ship of what was asked for")
        left = sum(item["fulfillment"]["quantityUnfulfilled"] for item in stored.order["orderItems"])
        stored.order["fulfillment"]["fulfillmentStatus"] = "PARTIALLY_SHIPPED" if left else "SHIPPED"
        if stored.is_merchant_fulfilled:
            self._add_package(stored.order, shipped, carrier, tracking_number)
        self.touch(stored, age)
        return stored

    def cancel(self, order_id, by="BUYER", reason="BuyerCanceled", age=0):
        """Cancel an order. Amazon then no longer shows its buyer, recipient and proceeds."""
        stored = self[order_id]
        for name in ("buyer", "recipient", "proceeds", "payment"):
            stored.order.pop(name, None)
        stored.order.setdefault("fulfillment", {})["fulfillmentStatus"] = "CANCELLED"
        for item in stored.order["orderItems"]:
            item.pop("proceeds", None)
            item.setdefault("fulfillment", {}).update(quantityFulfilled=0, quantityUnfulfilled=0)
            execution = {"cancelledBy": by, "cancelReason": reason}
            item.setdefault("cancellation", {})["cancellationExecution"] = execution
        self.touch(stored, age)
        return stored

    def request_cancellation(self, order_id, reason="ORDERED_BY_MISTAKE", age=0):
        """The buyer asks the seller to cancel; nothing is cancelled yet."""
        stored = self[order_id]
        for item in stored.order["orderItems"]:
            request = {"requester": "BUYER", "cancelReason": reason}
            item.setdefault("cancellation", {})["cancellationRequest"] = request
        self.touch(stored, age)
        return stored

    def touch(self, stored, age=0):
        """Make ``age`` seconds ago the time of the order's last update."""
        moment = whole_milliseconds(self._clock.now() - timedelta(seconds=age))
        stored.order["lastUpdatedTime"] = to_text(moment)
        if stored.created_at > moment:
            stored.order["createdTime"] = to_text(moment)
        stored.refresh()

    def _add_package(self, order, shipped, carrier, tracking_number):
        packages = order.setdefault("packages", [])
        now = to_text(self._clock.now())
        packages.append(
            {
                "packageReferenceId": str(len(packages) + 1),
                "createdTime": now,
                "packageStatus": {"status": "SHIPPED"},
                "carrier": carrier,
                "shipTime": now,
                "shippingService": "Standard",
                "trackingNumber": tracking_number,
                "packageItems": [{"orderItemId": item, "quantity": units} for item, units in shipped.items()],
            }
        )


def _ship_item(item, quantities):
    """Ship units of one order item; return how many."""
    fulfillment = item.setdefault("fulfillment", {})
    done = fulfillment.get("quantityFulfilled", 0)
    left = fulfillment.get("quantityUnfulfilled", item["quantityOrdered"] - done)
    units = left if quantities is None else min(left, quantities.get(item["orderItemId"], 0))
    fulfillment.update(quantityFulfilled=done + units, quantityUnfulfilled=left - units)
    return units


def _merge(target, changes):
    for name, value in changes.items():
        if isinstance(value, dict) and isinstance(target.get(name), dict):
            _merge(target[name], value)
        else:
            target[name] = value
