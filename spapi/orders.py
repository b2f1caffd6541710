"""Amazon orders as typed values: ``parse_order`` and what it returns."""

from .errors import UnreadableOrder
from .order_parser import parse_order
from .order_types import (
    FULFILLED_BY_AMAZON,
    FULFILLED_BY_MERCHANT,
    MARKETPLACE_FACILITATOR,
    Address,
    Buyer,
    Charge,
    Item,
    Money,
    Order,
    Package,
    TaxRegistration,
    Window,
)

__all__ = [
    "FULFILLED_BY_AMAZON",
    "FULFILLED_BY_MERCHANT",
    "MARKETPLACE_FACILITATOR",
    "Address",
    "Buyer",
    "Charge",
    "Item",
    "Money",
    "Order",
    "Package",
    "TaxRegistration",
    "UnreadableOrder",
    "Window",
    "parse_order",
]
