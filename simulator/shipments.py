"""What the seller has told about packages, and what becomes of the orders by it.

Confirming: https://developer-docs.amazon.com/sp-api/docs/confirm-the-shipment-status
"""

from dataclasses import dataclass
from datetime import datetime

from .answers import Refusal, invalid_input
from .clock import to_moment, to_text

OPEN_STATUSES = ("UNSHIPPED", "PARTIALLY_SHIPPED", "SHIPPED")


@dataclass(frozen=True)
class Confirmation:
    """One confirmation that took effect; ``items`` are units by order item identifier."""

    seller_id: str
    order_id: str
    marketplace_id: str
    package_reference: str
    carrier_code: str
    carrier_name: str
    shipping_method: str
    tracking: str
    ship_date: datetime
    items: dict
    is_edit: bool
    at: datetime


def confirm(store, stored, marketplace_id, package):
    """Take a package detail of confirmShipment as true for the order; return the :class:`Confirmation`.

    The same package reference again edits that package. Refuses what cannot be.
    """
    order, reference = stored.order, package["packageReferenceId"]
    old = find_package(order, reference)
    _check_order(stored, marketplace_id, old)
    units = _units(package["orderItems"])
    _check_units(order, units, old)
    _count(order, units, old)
    _put_package(store, order, package, units, old)
    store.orders.touch(stored)
    confirmation = Confirmation(
        seller_id=stored.seller_id,
        order_id=order["orderId"],
        marketplace_id=marketplace_id,
        package_reference=reference,
        carrier_code=package["carrierCode"],
        carrier_name=package.get("carrierName", ""),
        shipping_method=package.get("shippingMethod", ""),
        tracking=package["trackingNumber"],
        ship_date=to_moment(package["shipDate"]),
        items=units,
        is_edit=old is not None,
        at=store.clock.now(),
    )
    store.confirmations.append(confirmation)
    return confirmation


def find_package(order, reference):
    """The package of an order with this reference, None when there is none."""
    for package in order.get("packages", ()):
        if package["packageReferenceId"] == reference:
            return package
    return None


def set_package_status(store, order_id, reference, status, detailed_status="", age=0):
    """The carrier reports on a package; KeyError when the order has no such package."""
    stored = store.orders[order_id]
    package = find_package(stored.order, str(reference))
    if package is None:
        raise KeyError(f"Order {order_id} has no package {reference}")
    package["packageStatus"] = {"status": status}
    if detailed_status:
        package["packageStatus"]["detailedStatus"] = detailed_status
    store.orders.touch(stored, age)
    return stored


def _check_order(stored, marketplace_id, old):
    if marketplace_id != stored.order["salesChannel"].get("marketplaceId"):
        raise invalid_input("", "MarketplaceId is invalid, the order was placed in another marketplace.")
    if not stored.is_merchant_fulfilled:
        raise invalid_input("", "The order is fulfilled by Amazon and cannot be confirmed by the seller.")
    if stored.status in ("PENDING", "PENDING_AVAILABILITY"):
        raise invalid_input("", "The order is pending and cannot be confirmed yet.")
    if stored.status not in OPEN_STATUSES or (stored.status == "SHIPPED" and old is None):
        raise package_not_found(stored.order["orderId"])


def package_not_found(order_id):
    """Amazon's words for a new package of an order that has nothing left to ship."""
    return Refusal(
        400,
        "InvalidInput",
        "Failed to create package due to not finding a matching package or order already fulfilled.  "
        f"ErrorMessage(errorCode=GeneralError, errorDescription=Unable to find package to update for order ({order_id})"
        ", errorMetric=PackageToUpdateNotFound, packageIndex=null)",
    )


def _units(order_items):
    units = {}
    for item in order_items:
        units[item["orderItemId"]] = units.get(item["orderItemId"], 0) + item["quantity"]
    return units


def _check_units(order, units, old):
    items = {item["orderItemId"]: item for item in order["orderItems"]}
    for item_id, quantity in units.items():
        if item_id not in items:
            raise invalid_input(
                "", "OrderItemId is invalid, please obtain the value through the getOrderItems API and try again."
            )
        if quantity > _left(items[item_id]) + _packed(old, item_id):
            raise invalid_input(
                "", f"Quantity is invalid for order item {item_id}: more than the quantity that is left to ship."
            )


def _left(item):
    fulfillment = item.get("fulfillment", {})
    return fulfillment.get("quantityUnfulfilled", item["quantityOrdered"] - fulfillment.get("quantityFulfilled", 0))


def _packed(package, item_id):
    rows = package.get("packageItems", ()) if package else ()
    return sum(row["quantity"] for row in rows if row["orderItemId"] == item_id)


def _count(order, units, old):
    """Move units from what is left to what is shipped, and those of the edited package back first."""
    for item in order["orderItems"]:
        item_id, left = item["orderItemId"], _left(item)
        moved = units.get(item_id, 0) - _packed(old, item_id)
        fulfillment = item.setdefault("fulfillment", {})
        fulfillment["quantityFulfilled"] = fulfillment.get("quantityFulfilled", 0) + moved
        fulfillment["quantityUnfulfilled"] = left - moved
    left = sum(item["fulfillment"]["quantityUnfulfilled"] for item in order["orderItems"])
    order["fulfillment"]["fulfillmentStatus"] = "PARTIALLY_SHIPPED" if left else "SHIPPED"


def _put_package(store, order, package, units, old):
    if old is None:
        old = {"packageReferenceId": package["packageReferenceId"], "createdTime": to_text(store.clock.now())}
        order.setdefault("packages", []).append(old)
        old["packageStatus"] = {"status": "SHIPPED"}
    codes = {item["orderItemId"]: item["transparencyCodes"] for item in package["orderItems"] if _has_codes(item)}
    old.update(
        carrier=package.get("carrierName") or package["carrierCode"],
        shipTime=to_text(to_moment(package["shipDate"])),
        shippingService=package.get("shippingMethod", "Standard"),
        trackingNumber=package["trackingNumber"],
        packageItems=[_package_item(item_id, quantity, codes) for item_id, quantity in units.items()],
    )


def _has_codes(item):
    return bool(item.get("transparencyCodes"))


def _package_item(item_id, quantity, codes):
    row = {"orderItemId": item_id, "quantity": quantity}
    return {**row, "transparencyCodes": codes[item_id]} if item_id in codes else row
