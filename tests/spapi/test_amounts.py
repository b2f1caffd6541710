"""What the buyer paid, split into lines. Pure logic: no Odoo."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spapi.amounts import allocate, order_amounts
from spapi.orders import parse_order

D = Decimal


def money(amount, currency="EUR"):
    return {"amount": str(amount), "currencyCode": currency}


def breakdown(kind, amount, details=None):
    detailed = [{"subtype": subtype, "value": money(value)} for subtype, value in (details or {}).items()]
    return {"type": kind, "subtotal": money(amount), **({"detailedBreakdowns": detailed} if detailed else {})}


def item(total, *breakdowns, quantity=1, ref="1", facilitated=False, unit_price=None):
    raw = {"orderItemId": ref, "quantityOrdered": quantity, "product": {"sellerSku": "SKU"}}
    if total is not None or breakdowns:
        raw["proceeds"] = {"breakdowns": [breakdown(*parts) for parts in breakdowns]}
    if total is not None:
        raw["proceeds"]["proceedsTotal"] = money(total)
    if unit_price is not None:
        raw["product"]["price"] = {"unitPrice": money(unit_price)}
    if facilitated:
        raw["tax"] = {"taxCollections": [{"model": "MARKETPLACE_FACILITATOR", "responsibleParty": "Amazon"}]}
    return raw


def amounts(*items, grand_total=None, breakdowns=()):
    raw = {
        "orderId": "302-0000001-0000001",
        "createdTime": "2026-11-20T10:00:00Z",
        "lastUpdatedTime": "2026-11-20T10:00:00Z",
        "salesChannel": {"channelName": "AMAZON", "marketplaceId": "A1PA6795UKMFR9"},
        "orderItems": list(items),
    }
    if grand_total is not None:
        raw["proceeds"] = {
            "grandTotal": money(grand_total),
            "breakdowns": [breakdown(*parts) for parts in breakdowns],
        }
    return order_amounts(parse_order(raw))


def paid(result):
    return [(line.kind, line.paid) for line in result.lines]


def test_without_tax_the_lines_are_amazons_amounts():
    result = amounts(item("25.98", ("ITEM", "19.99"), ("SHIPPING", "5.99")), grand_total="25.98")
    assert paid(result) == [("product", D("19.99")), ("shipping", D("5.99"))]
    assert result.total == D("25.98")
    assert result.doubts == ()


def test_tax_beside_the_amounts_is_part_of_what_the_buyer_paid():
    result = amounts(
        item(
            "119.00", ("ITEM", "90.00"), ("SHIPPING", "10.00"), ("TAX", "19.00", {"ITEM": "17.10", "SHIPPING": "1.90"})
        ),
        grand_total="119.00",
    )
    assert paid(result) == [("product", D("107.10")), ("shipping", D("11.90"))]
    assert result.tax == D("19.00")
    assert result.doubts == ()


def test_tax_inside_the_amounts_is_not_added_again():
    result = amounts(item("119.00", ("ITEM", "119.00"), ("TAX", "19.00")), grand_total="119.00")
    assert paid(result) == [("product", D("119.00"))]
    assert result.tax == D("19.00")
    assert result.doubts == ()


@pytest.mark.parametrize("sign", ["-", ""])
def test_a_discount_lowers_the_price_whatever_its_sign(sign):
    result = amounts(
        item("25.50", ("ITEM", "30.00"), ("DISCOUNT", f"{sign}4.50", {"ITEM": f"{sign}4.50"})), grand_total="25.50"
    )
    assert paid(result) == [("product", D("30.00")), ("promotion", D("-4.50"))]
    assert result.doubts == ()


def test_a_promotion_is_split_by_what_it_discounts():
    result = amounts(
        item(
            "31.49",
            ("ITEM", "30.00"),
            ("SHIPPING", "5.99"),
            ("DISCOUNT", "-4.50", {"ITEM": "-3.00", "SHIPPING": "-1.50"}),
        ),
        grand_total="31.49",
    )
    promotions = [(line.discounts, line.paid) for line in result.lines if line.kind == "promotion"]
    assert promotions == [("product", D("-3.00")), ("shipping", D("-1.50"))]


def test_tax_collected_by_the_marketplace_is_neither_in_the_lines_nor_in_the_total():
    result = amounts(
        item(
            "38.31",
            ("ITEM", "30.00"),
            ("SHIPPING", "5.99"),
            ("GIFT_WRAP", "3.98"),
            ("DISCOUNT", "-4.50", {"ITEM": "-3.00", "SHIPPING": "-1.50"}),
            ("TAX", "2.84", {"ITEM": "2.40", "SHIPPING": "0.48", "GIFT_WRAP": "0.32", "DISCOUNT": "-0.36"}),
            quantity=2,
            facilitated=True,
        ),
        grand_total="38.31",
    )
    assert result.total == D("35.47")
    assert result.tax_collected == D("2.84")
    assert sum(line.paid for line in result.lines) == D("35.47")
    assert result.tax == 0


def test_collected_tax_inside_the_amounts_is_taken_out_of_the_lines():
    result = amounts(item("10.80", ("ITEM", "10.80"), ("TAX", "0.80"), facilitated=True), grand_total="10.80")
    assert paid(result) == [("product", D("10.00"))]
    assert (result.total, result.tax_collected) == (D("10.00"), D("0.80"))


def test_cash_on_delivery_other_and_unknown_charges_are_lines():
    result = amounts(
        item("26.00", ("ITEM", "20.00"), ("COD_FEE", "3.00"), ("OTHER", "2.00"), ("RECYCLING_FEE", "1.00")),
        grand_total="26.00",
    )
    assert [(line.kind, line.label) for line in result.lines] == [
        ("product", ""),
        ("cod_fee", ""),
        ("other", "OTHER"),
        ("other", "RECYCLING_FEE"),
    ]
    assert result.total == D("26.00")


def test_a_tip_of_the_whole_order_is_a_line_without_item():
    result = amounts(
        item("20.00", ("ITEM", "20.00")),
        grand_total="23.00",
        breakdowns=[("ITEM", "20.00"), ("DELIVERY_TIP", "3.00")],
    )
    assert [(line.kind, line.item_ref, line.paid) for line in result.lines] == [
        ("product", "1", D("20.00")),
        ("tip", "", D("3.00")),
    ]
    assert result.doubts == ()


def test_charges_of_the_order_that_its_total_does_not_contain_are_no_lines():
    result = amounts(item("20.00", ("ITEM", "20.00")), grand_total="20.00", breakdowns=[("ITEM", "25.00")])
    assert paid(result) == [("product", D("20.00"))]
    assert result.doubts == ()


def test_an_item_whose_parts_do_not_add_up_is_doubted_and_the_total_stays_amazons():
    result = amounts(item("25.00", ("ITEM", "19.99"), ("TAX", "3.00")), grand_total="25.00")
    assert result.total == D("25.00")
    assert result.doubts == ("item_total",)


def test_an_order_whose_items_do_not_add_up_is_doubted():
    result = amounts(item("20.00", ("ITEM", "20.00")), grand_total="21.00")
    assert result.total == D("21.00")
    assert result.doubts == ("order_total",)


def test_without_item_totals_the_grand_total_decides_where_the_tax_stands():
    beside = amounts(item(None, ("ITEM", "100.00"), ("TAX", "19.00")), grand_total="119.00")
    inside = amounts(item(None, ("ITEM", "119.00"), ("TAX", "19.00")), grand_total="119.00")
    assert paid(beside) == paid(inside) == [("product", D("119.00"))]
    assert beside.doubts == inside.doubts == ()


def test_without_any_proceeds_the_unit_price_is_taken_and_doubted():
    result = amounts(item(None, quantity=3, unit_price="3.33"))
    assert paid(result) == [("product", D("9.99"))]
    assert result.doubts == ("no_amounts",)


def test_a_total_without_parts_is_the_products():
    result = amounts(item("9.99", quantity=3), grand_total="9.99")
    assert paid(result) == [("product", D("9.99"))]


def test_an_item_of_which_nothing_is_ordered_makes_no_line():
    result = amounts(
        item("0.00", ("ITEM", "0.00"), quantity=0), item("5.00", ("ITEM", "5.00"), ref="2"), grand_total="5.00"
    )
    assert [(line.item_ref, line.paid) for line in result.lines] == [("2", D("5.00"))]


def test_a_free_item_is_a_line_all_the_same():
    assert paid(amounts(item("0.00", ("ITEM", "0.00")), grand_total="0.00")) == [("product", D("0.00"))]


def test_money_for_an_item_of_which_nothing_is_ordered_is_doubted():
    result = amounts(item("5.00", ("ITEM", "5.00"), quantity=0), grand_total="5.00")
    assert [(line.kind, line.quantity) for line in result.lines] == [("other", 1)]
    assert result.doubts == ("quantity",)


def test_tax_without_details_is_shared_by_amount():
    result = amounts(item("35.70", ("ITEM", "20.00"), ("SHIPPING", "10.00"), ("TAX", "5.70")), grand_total="35.70")
    assert paid(result) == [("product", D("23.80")), ("shipping", D("11.90"))]


def test_collected_tax_on_an_item_of_which_nothing_is_ordered_is_not_the_sellers():
    result = amounts(
        item(
            "404",
            ("ITEM", "0"),
            ("COD_FEE", "434"),
            ("DISCOUNT", "-30"),
            ("TAX", "23", {"ITEM": "23"}),
            quantity=0,
            facilitated=True,
        ),
        grand_total="404",
    )
    assert result.tax_collected == D("23")
    assert result.total == sum(line.paid for line in result.lines) == D("381")


def test_tax_on_shipping_that_costs_nothing_is_counted():
    result = amounts(
        item("12.00", ("ITEM", "10.00"), ("SHIPPING", "0.00"), ("TAX", "2.00", {"SHIPPING": "2.00"})),
        grand_total="12.00",
    )
    assert result.tax == D("2.00")
    assert sum(line.paid for line in result.lines) == D("12.00")


@given(
    amount=st.decimals(-10000, 10000, places=2),
    weights=st.lists(st.decimals(0, 1000, places=2), min_size=1, max_size=8),
)
def test_shares_always_add_up_exactly(amount, weights):
    parts = allocate(amount, weights)
    assert sum(parts) == amount
    assert len(parts) == len(weights)


def test_yen_are_shared_in_whole_yen():
    assert allocate(D("100"), [D(1), D(1), D(1)]) == [D(34), D(33), D(33)]
