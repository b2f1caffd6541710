"""Hypothesis strategies for what Amazon says of one order as time goes by."""

import copy

from hypothesis import strategies as st

from .order_strategies import MARKETPLACES, ZERO, Purse, item_proceeds, order_proceeds, orders


@st.composite
def histories(draw, number=1, most=4):
    """Versions of one order, oldest first: what is known grows, quantities sink, the status goes forward."""
    statuses = ["PENDING", "UNSHIPPED", "UNSHIPPED", "UNSHIPPED", "SHIPPED"]
    versions = [draw(orders(number=number, statuses=statuses))]
    _set_fulfilled(versions[0])
    later = {section: versions[0].pop(section) for section in ("recipient", "buyer") if section in versions[0]}
    if "buyerEmail" in later.get("buyer", {}):  # two orders of one buyer would tell on each other
        later["buyer"]["buyerEmail"] = f"buyer{number}@marketplace.amazon.de"
    for minute in range(1, draw(st.integers(2, most))):
        version = copy.deepcopy(versions[-1])
        version["lastUpdatedTime"] = f"2026-08-01T10:{minute:02d}:00Z"
        changes = [_go_on, _ask_to_cancel, _price_anew]
        if _status(version) in ("PENDING", "UNSHIPPED"):
            changes += [_lower_quantity, _cancel_item]
        draw(st.sampled_from(changes))(draw, version)
        if draw(st.booleans()):
            version |= later
        versions.append(version)
    return versions


def _status(order):
    return order.get("fulfillment", {}).get("fulfillmentStatus")


def _set_fulfilled(order):
    """All of a shipped order, nothing of another one."""
    for item in order["orderItems"]:
        quantity = item["quantityOrdered"]
        shipped = quantity if _status(order) == "SHIPPED" else 0
        item["fulfillment"] = {"quantityFulfilled": shipped, "quantityUnfulfilled": quantity - shipped}
        item.pop("cancellation", None)


def _go_on(draw, order):
    steps = {
        "PENDING": ["UNSHIPPED", "CANCELLED"],
        "UNSHIPPED": ["PARTIALLY_SHIPPED", "SHIPPED", "CANCELLED"],
        "PARTIALLY_SHIPPED": ["SHIPPED"],
    }
    if _status(order) in steps:
        order["fulfillment"]["fulfillmentStatus"] = draw(st.sampled_from(steps[_status(order)]))


def _lower_quantity(draw, order):
    live = [item for item in order["orderItems"] if "cancellationExecution" not in item.get("cancellation", {})]
    for item in live[:1]:
        item["quantityOrdered"] = draw(st.integers(0, item["quantityOrdered"]))
        item["fulfillment"] = {"quantityFulfilled": 0, "quantityUnfulfilled": item["quantityOrdered"]}
        _price_anew(draw, order)


def _cancel_item(_draw, order):
    for item in order["orderItems"][-1:]:
        item["cancellation"] = {"cancellationExecution": {"cancelledBy": "SELLER"}}
        item["fulfillment"] = {"quantityFulfilled": 0, "quantityUnfulfilled": 0}


def _ask_to_cancel(_draw, order):
    for item in order["orderItems"][:1]:
        item.setdefault("cancellation", {})["cancellationRequest"] = {"requester": "BUYER"}


def _price_anew(draw, order):
    """Other amounts; an order that had none gets them, and no later version is without a total."""
    marketplace = order["salesChannel"].get("marketplaceId")
    if marketplace not in MARKETPLACES:
        return
    purse = Purse(*MARKETPLACES[marketplace])
    total = ZERO
    for item in order["orderItems"]:
        proceeds = draw(item_proceeds(purse, item["quantityOrdered"], ["none", "beside", "inside"]))
        item["proceeds"], _unit, item_total = proceeds
        total += item_total
    order["proceeds"] = {"grandTotal": purse.money(total), **draw(order_proceeds(purse, order["orderItems"], total))}


@st.composite
def many_histories(draw, size):
    """Histories of so many orders, each with a reference of its own."""
    return [draw(histories(number=number)) for number in range(1, size + 1)]
