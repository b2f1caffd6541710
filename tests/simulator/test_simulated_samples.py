"""Sample orders: valid for Amazon's model, and right to the cent."""

from decimal import Decimal

import contract
import official
import pytest
from amazon_client import EU, NOW

from simulator.samples import DEMO_PRODUCTS, IMPORTED_KINDS, KINDS, UNKNOWN_PRODUCT, build_order, demo_orders

VARIANTS = {
    "usual": {},
    "japan": {"marketplace": "JP"},
    "by identifier": {"marketplace": "A1F83G8C2ARO7P"},
    "amazon ships": {"channel": "FBA"},
    "pending": {"status": "PENDING"},
    "partially shipped": {"status": "PARTIALLY_SHIPPED", "items": [("MUG-RED-11OZ", 3), "POSTER-A2"]},
    "shipped": {"status": "SHIPPED"},
    "cancelled": {"status": "CANCELLED"},
    "gift": {"gift_wrap": "3.98", "gift_message": "Enjoy!", "shipping": "5.99"},
    "discount": {"discount": "3.00", "shipping": "5.99", "shipping_discount": "1.50"},
    "positive discount": {"discount": "3.00", "discount_sign": 1},
    "tax beside": {"tax_mode": "beside", "tax_rate": 20},
    "tax inside": {"tax_mode": "inside", "tax_rate": 20},
    "no tax told": {"tax_mode": "none"},
    "facilitator": {"marketplace": "US", "facilitator": True},
    "no personal data": {"personal_data": False},
    "company": {"business": True},
    "unknown product": {"items": [{"sku": "ANYTHING", "price": "3.33", "quantity": 3, "amount": "10.00"}]},
    "serial numbers": {"items": [{"sku": "POSTER-A2", "serial_numbers": ["S1"]}], "channel": "FBA"},
}


def complaints(order):
    if official.available():
        return official.complaints("orders_2026-01-01", "Order", order)
    return contract.class_complaints("orders_2026-01-01", "Order", order)


def amount(money):
    return Decimal(money["amount"])


def assert_adds_up(order):
    """Every sum of an order is the sum of its parts."""
    totals = [amount(item["proceeds"]["proceedsTotal"]) for item in order["orderItems"]]
    assert sum(totals) == amount(order["proceeds"]["grandTotal"])
    sums = {}
    for item in order["orderItems"]:
        for line in item["proceeds"]["breakdowns"]:
            details = [amount(detail["value"]) for detail in line.get("detailedBreakdowns", [])]
            assert not details or sum(details) == amount(line["subtotal"])
            sums[line["type"]] = sums.get(line["type"], 0) + amount(line["subtotal"])
    assert sums == {line["type"]: amount(line["subtotal"]) for line in order["proceeds"]["breakdowns"]}


@pytest.mark.parametrize("options", VARIANTS.values(), ids=VARIANTS)
def test_a_sample_is_valid_and_adds_up(options):
    order = build_order(**options)
    assert complaints(order) == []
    if "proceeds" in order:
        assert_adds_up(order)


def total(**options):
    return build_order(**options)["proceeds"]["grandTotal"]


def test_tax_beside_the_amounts_comes_on_top():
    item = [{"sku": "X", "price": "10.00", "quantity": 2}]
    assert total(items=item, shipping="5.00", discount="2.00", tax_mode="beside", tax_rate=10)["amount"] == "25.30"


def test_tax_inside_the_amounts_is_told_and_not_added():
    order = build_order(items=[{"sku": "X", "price": "12.00"}], tax_mode="inside", tax_rate=20)
    assert order["proceeds"]["grandTotal"]["amount"] == "12.00"
    assert amount(order["proceeds"]["breakdowns"][-1]["subtotal"]) == 2


def test_either_sign_of_a_discount_lowers_the_total():
    options = {"items": [{"sku": "X", "price": "10.00"}], "discount": "3.00", "tax_mode": "none"}
    lines = [build_order(**options, discount_sign=sign)["proceeds"] for sign in (-1, 1)]
    assert [line["grandTotal"]["amount"] for line in lines] == ["7.00", "7.00"]
    assert [line["breakdowns"][1]["subtotal"]["amount"] for line in lines] == ["-3.00", "3.00"]


def test_the_units_of_an_item_may_cost_another_amount_than_price_times_quantity():
    item = {"sku": "X", "price": "3.33", "quantity": 3, "amount": "10.00"}
    assert total(items=[item], tax_mode="none")["amount"] == "10.00"


def test_yen_have_no_decimals():
    assert total(marketplace="JP") == {"amount": "2398", "currencyCode": "JPY"}


def test_each_order_has_another_identifier():
    assert len({build_order()["orderId"] for _time in range(50)}) == 50


def test_demo_orders_are_the_same_for_a_seed():
    assert demo_orders(30, seed=3, now=NOW) == demo_orders(30, seed=3, now=NOW)
    assert demo_orders(30, seed=3, now=NOW) != demo_orders(30, seed=4, now=NOW)


@pytest.mark.parametrize("marketplaces", [("DE", "FR", "IT", "ES", "GB"), ("US", "CA", "MX"), ("JP", "AU")])
def test_demo_orders_are_valid_and_add_up(marketplaces):
    orders = demo_orders(60, marketplaces=marketplaces, now=NOW)
    assert [complaint for order in orders for complaint in complaints(order)] == []
    for order in orders:
        if "proceeds" in order:
            assert_adds_up(order)


def test_a_short_demo_shows_every_kind():
    orders = demo_orders(sum(kind["weight"] for kind in KINDS.values()), now=NOW)
    statuses = {order["fulfillment"]["fulfillmentStatus"] for order in orders}
    assert statuses == {"UNSHIPPED", "PARTIALLY_SHIPPED", "SHIPPED", "CANCELLED", "PENDING"}
    assert any("AMAZON_BUSINESS" in order["programs"] for order in orders)


def test_a_demo_can_keep_to_what_is_imported_at_once():
    orders = demo_orders(60, kinds=IMPORTED_KINDS, now=NOW)
    assert {order["fulfillment"]["fulfillmentStatus"] for order in orders} == {"UNSHIPPED", "SHIPPED"}


def test_demo_orders_have_identifiers_of_their_own(sim):
    orders = [order for seed in range(1, 6) for order in demo_orders(400, seed=seed, now=NOW)]
    assert len({order["orderId"] for order in orders}) == 2000


def test_demo_orders_are_found_at_once(sim, eu):
    sim.store.add_orders(EU, demo_orders(40, now=NOW))
    assert len(eu.search_ids()) == 40


def test_demo_products_have_names_and_prices_and_one_is_unknown():
    skus = {product.sku for product in DEMO_PRODUCTS}
    assert {"MUG-RED-11OZ", "POSTER-A2"} <= skus
    assert UNKNOWN_PRODUCT.sku not in skus
    assert all(product.name and product.price_in("JPY") % 1 == 0 for product in DEMO_PRODUCTS)
