"""What is looked up in an order as Amazon sent it, before the order is read as a whole.

Whatever shape it has, it raises nothing: what is wrong with an order is for its own update to say, and must not keep
the other orders of the page from coming in.
"""

from .spapi.sections import UNSTORABLE


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
    items = raw.get("orderItems")
    products = [_mapping(_mapping(item).get("product")) for item in (items if isinstance(items, list) else [])]
    return {_text(product.get("sellerSku")) for product in products} - {None}


def _mapping(value):
    return value if isinstance(value, dict) else {}


def _text(value):
    """A text that PostgreSQL takes."""
    return value if isinstance(value, str) and value and not UNSTORABLE.search(value) else None
