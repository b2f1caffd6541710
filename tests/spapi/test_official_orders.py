"""Every order of Amazon's sandbox and every sample is read, and its amounts add up as Amazon's examples do."""

import importlib.util
from decimal import Decimal
from pathlib import Path

import pytest

from spapi.orders import parse_order

_spec = importlib.util.spec_from_file_location("official", Path(__file__).resolve().parents[1] / "official.py")
official = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(official)

if not official.available():
    pytest.skip(official.MISSING, allow_module_level=True)

ORDERS = {raw["orderId"]: raw for raw in official.sandbox_orders() + official.sample_orders()}


@pytest.fixture(params=ORDERS, ids=str)
def raw(request):
    return ORDERS[request.param]


def test_there_are_orders_to_read():
    assert len(ORDERS) >= 9


def test_an_official_order_is_read(raw):
    order = parse_order(raw)
    assert order.order_ref == raw["orderId"]
    assert order.status == raw["fulfillment"]["fulfillmentStatus"]
    assert [item.quantity for item in order.items] == [item["quantityOrdered"] for item in raw["orderItems"]]
    assert order.marketplace_id == raw["salesChannel"]["marketplaceId"]


def test_the_items_of_an_official_order_add_up_to_its_total(raw):
    order = parse_order(raw)
    if order.grand_total is None:
        assert order.status == "CANCELLED"
        return
    assert sum((item.total.amount for item in order.items), Decimal(0)) == order.grand_total.amount
    for item in order.items:
        assert sum((charge.amount for charge in item.charges), Decimal(0)) == item.total.amount


def test_no_personal_datum_of_an_official_order_is_shown(raw):
    shown = repr(parse_order(raw))
    personal = [*raw.get("buyer", {}).values(), *_texts(raw.get("recipient", {}))]
    # Words of two letters (states, countries) stand in other words too.
    assert not [
        value for value in personal if len(value) > 4 and value not in ("RESIDENTIAL", "COMMERCIAL") and value in shown
    ]


def _texts(value):
    if isinstance(value, dict):
        return [text for inner in value.values() for text in _texts(inner)]
    return [value] if isinstance(value, str) else []
