"""What is looked up in an order as Amazon sent it, before the order is read as a whole.

Whatever shape it has, it raises nothing: what is wrong with an order is for its own update to say, and must not keep
the other orders of the page from coming in.
"""

from collections import Counter

from .spapi.sections import LARGEST_QUANTITY, UNSTORABLE


def order_ref(raw):
    """The order's reference; None where there is none."""
    return _text(raw.get("orderId"))


def fulfillment_status(raw):
    """Amazon's status, None where it gives none."""
    return _text(_mapping(raw.get("fulfillment")).get("fulfillmentStatus"))


def is_fulfilled_by_amazon(raw):
    """Whether Amazon ships the order."""
    return _text(_mapping(raw.get("fulfillment")).get("fulfilledBy")) in ("AMAZON", "AFN")


def skus(raw):
    """The SKUs of its items."""
    return {_sku(item) for item in _items(raw)} - {None}


def ordered_units(raw):
    """How many units of each SKU were ordered."""
    units = Counter()
    for item in _items(raw):
        sku, quantity = _sku(item), item.get("quantityOrdered")
        if sku and isinstance(quantity, int) and 0 < quantity < LARGEST_QUANTITY:
            units[sku] += quantity
    return units


def _items(raw):
    items = raw.get("orderItems")
    return [_mapping(item) for item in (items if isinstance(items, list) else [])]


def _sku(item):
    return _text(_mapping(item.get("product")).get("sellerSku"))


def _mapping(value):
    return value if isinstance(value, dict) else {}


def _text(value):
    """A text that PostgreSQL takes."""
    return value if isinstance(value, str) and value and not UNSTORABLE.search(value) else None
