"""What the parser refuses, and that it never does anything else with what it cannot read."""

import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from order_example import ORDER, REMOVED, order_with

from spapi.orders import Order, UnreadableOrder, parse_order


@pytest.mark.parametrize(
    "path",
    [
        "orderId",
        "createdTime",
        "lastUpdatedTime",
        "salesChannel.channelName",
        "orderItems",
        "orderItems.0.orderItemId",
        "orderItems.0.quantityOrdered",
        "orderItems.0.proceeds.breakdowns.0.subtotal",
        "orderItems.0.proceeds.breakdowns.0.type",
    ],
)
@pytest.mark.parametrize("value", [None, REMOVED], ids=["null", "missing"])
def test_what_is_needed_must_be_there(path, value):
    with pytest.raises(UnreadableOrder) as caught:
        parse_order(order_with(path, value))
    assert caught.value.path == path.replace(".0", "[0]")
    assert "missing" in str(caught.value)


@pytest.mark.parametrize(
    "amount",
    ["NaN", "Infinity", "-Infinity", "1e3", "1,99", "", "12 EUR", "0x10", "٣", None, True, [], {}, 19.99, 1e300]
    + [float("nan"), float("inf")],
)
def test_an_amount_that_is_not_exact_is_refused(amount):
    money = {"amount": amount, "currencyCode": "EUR"}
    with pytest.raises(UnreadableOrder) as caught:
        parse_order(order_with("orderItems.0.proceeds.proceedsTotal", money))
    assert caught.value.path == "orderItems[0].proceeds.proceedsTotal.amount"


@pytest.mark.parametrize("currency", ["", "eur", "EURO", None, 978])
def test_a_currency_must_be_a_code(currency):
    with pytest.raises(UnreadableOrder, match="currencyCode"):
        parse_order(order_with("proceeds.grandTotal.currencyCode", currency))


@pytest.mark.parametrize(
    "path",
    [
        "proceeds.breakdowns.0.subtotal",
        "orderItems.0.proceeds.proceedsTotal",
        "orderItems.0.proceeds.breakdowns.0.subtotal",
        "orderItems.0.proceeds.breakdowns.1.detailedBreakdowns.0.value",
    ],
)
def test_amounts_in_two_currencies_are_refused(path):
    with pytest.raises(UnreadableOrder, match="currency"):
        parse_order(order_with(path, {"amount": "1.00", "currencyCode": "GBP"}))


@pytest.mark.parametrize("value", ["yesterday", "2026-13-01T00:00:00Z", "2026-11-22", "0001-01-01T00:00:00+23:00"])
def test_a_time_must_be_a_timestamp(value):
    with pytest.raises(UnreadableOrder, match="timestamp"):
        parse_order(order_with("lastUpdatedTime", value))


@pytest.mark.parametrize("value", [-1, 1.5, "two", True, 10**12, []])
def test_a_quantity_must_be_a_whole_number(value):
    with pytest.raises(UnreadableOrder, match="quantity"):
        parse_order(order_with("orderItems.0.quantityOrdered", value))


def test_the_reason_never_repeats_the_value():
    with pytest.raises(UnreadableOrder) as caught:
        parse_order(order_with("buyer", ["Anna Beispiel"]))
    assert "Anna" not in str(caught.value)


@pytest.mark.parametrize("raw", [[], "order", 3, None, {}])
def test_something_else_is_not_an_order(raw):
    with pytest.raises(UnreadableOrder):
        parse_order(raw)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=10,
)


def paths(value, prefix=()):
    yield prefix
    if isinstance(value, (dict, list)):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from paths(inner, (*prefix, key))


@given(path=st.sampled_from([path for path in paths(ORDER) if path]), value=JSON)
def test_whatever_stands_in_a_member_the_parser_returns_an_order_or_says_unreadable(path, value):
    raw = copy.deepcopy(ORDER)
    target = raw
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = value
    try:
        assert isinstance(parse_order(raw), Order)
    except UnreadableOrder as error:
        assert error.path


@given(JSON)
def test_the_parser_raises_nothing_but_unreadable_on_any_json(value):
    try:
        parse_order(value)
    except UnreadableOrder as error:
        json.dumps(str(error))
