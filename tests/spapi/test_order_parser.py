"""How an order of Amazon becomes typed values."""

import copy
import json
from datetime import datetime, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spapi.orders import Charge, Money, Order, UnreadableOrder, parse_order

ORDER = {
    "orderId": "111-2223334-5556667",
    "createdTime": "2026-11-22T18:04:11.482Z",
    "lastUpdatedTime": "2026-11-22T18:36:40Z",
    "salesChannel": {"channelName": "AMAZON", "marketplaceId": "APJ6JRA9NG5V4", "marketplaceName": "Amazon.it"},
    "programs": ["AMAZON_BUSINESS"],
    "orderAliases": [{"aliasId": "S00042", "aliasType": "SELLER_ORDER_ID"}],
    "associatedOrders": [{"orderId": "111-0000000-0000001", "associationType": "REPLACEMENT_ORIGINAL_ID"}],
    "buyer": {
        "buyerName": "Anna Beispiel",
        "buyerEmail": "abc123@marketplace.amazon.it",
        "buyerCompanyName": "Beispiel Srl",
        "buyerPurchaseOrderNumber": "PO-7",
    },
    "recipient": {
        "deliveryAddress": {
            "name": "Anna Beispiel",
            "addressLine1": "Via Roma 1",
            "addressLine2": "",
            "addressLine3": "Scala B",
            "city": "Milano",
            "stateOrRegion": "MI",
            "postalCode": "20121",
            "countryCode": "it",
            "phone": "+39 02 1234567",
            "addressType": "RESIDENTIAL",
        },
        "deliveryPreference": {"dropOffLocation": "Front door", "addressInstruction": "Ring twice"},
    },
    "proceeds": {
        "grandTotal": {"amount": "30.98", "currencyCode": "EUR"},
        "breakdowns": [{"type": "DELIVERY_TIP", "subtotal": {"amount": "1.00", "currencyCode": "EUR"}}],
    },
    "tax": {
        "taxRegistrations": [
            {
                "entityType": "BUYER",
                "taxRegistrationType": "VAT",
                "taxRegistrationNumber": "IT12345670017",
                "legalName": "Beispiel Srl",
            }
        ]
    },
    "fulfillment": {
        "fulfillmentStatus": "UNSHIPPED",
        "fulfilledBy": "MERCHANT",
        "fulfillmentServiceLevel": "STANDARD",
        "shipByWindow": {"latestDateTime": "2026-11-25T00:59:59.000+01:00"},
    },
    "orderItems": [
        {
            "orderItemId": "79039765272157",
            "quantityOrdered": 2,
            "programs": ["SUBSCRIBE_AND_SAVE"],
            "product": {
                "asin": "B0EXAMPLE1",
                "title": "Ceramic mug",
                "sellerSku": "MUG-RED",
                "condition": {"conditionNote": "as new"},
                "price": {"unitPrice": {"amount": "15.00", "currencyCode": "EUR"}},
                "serialNumbers": ["SN1", "SN2"],
                "customization": {"customizedUrl": "https://example.com/custom"},
            },
            "proceeds": {
                "proceedsTotal": {"amount": "29.98", "currencyCode": "EUR"},
                "breakdowns": [
                    {"type": "ITEM", "subtotal": {"amount": "30.00", "currencyCode": "EUR"}},
                    {
                        "type": "DISCOUNT",
                        "subtotal": {"amount": "-0.02", "currencyCode": "EUR"},
                        "detailedBreakdowns": [
                            {"subtype": "ITEM", "value": {"amount": "-0.01", "currencyCode": "EUR"}},
                            {"subtype": "ITEM", "value": {"amount": "-0.01", "currencyCode": "EUR"}},
                        ],
                    },
                ],
            },
            "promotion": {"breakdowns": [{"promotionId": "P1"}, {"promotionId": "P1"}, {"promotionId": "P2"}]},
            "cancellation": {"cancellationRequest": {"requester": "BUYER", "cancelReason": "ORDERED_BY_MISTAKE"}},
            "fulfillment": {
                "quantityFulfilled": 0,
                "quantityUnfulfilled": 2,
                "packing": {"giftOption": {"giftMessage": "Happy birthday!\nAnna", "giftWrapLevel": "classic"}},
                "shipping": {"internationalShipping": {"iossNumber": "IM0000000001"}},
            },
            "tax": {
                "taxCollections": [{"model": "MARKETPLACE_FACILITATOR", "responsibleParty": "Amazon"}],
                "taxCalculationBreakdowns": [{"reportingScheme": "UOSS"}],
            },
        }
    ],
    "packages": [
        {
            "packageReferenceId": "1",
            "packageStatus": {"status": "IN_TRANSIT", "detailedStatus": "OUT_FOR_DELIVERY"},
            "carrier": "DPD",
            "shippingService": "Next day",
            "shipTime": "2026-11-23T10:00:00Z",
            "trackingNumber": "155012345",
            "packageItems": [{"orderItemId": "79039765272157", "quantity": 1}],
        }
    ],
}
REMOVED = object()


def order_with(path, value):
    """ORDER with one member replaced or removed; the path is dotted, list positions are numbers."""
    raw = copy.deepcopy(ORDER)
    *parents, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    target = raw
    for step in parents:
        target = target[step]
    if value is REMOVED:
        del target[last]
    else:
        target[last] = value
    return raw


def utc(*moment):
    return datetime(*moment, tzinfo=timezone.utc)


# --- what is read ---


def test_the_head_of_the_order():
    order = parse_order(ORDER)
    assert (order.order_ref, order.seller_order_ref, order.replaces) == (
        "111-2223334-5556667",
        "S00042",
        "111-0000000-0000001",
    )
    assert (order.channel, order.marketplace_id, order.marketplace_name) == ("AMAZON", "APJ6JRA9NG5V4", "Amazon.it")
    assert (order.status, order.fulfilled_by, order.service_level) == ("UNSHIPPED", "MERCHANT", "STANDARD")
    assert order.created_at == utc(2026, 11, 22, 18, 4, 11, 482000)
    assert order.last_updated == utc(2026, 11, 22, 18, 36, 40)
    assert order.is_business and not order.is_fba


def test_an_offset_is_turned_into_utc_and_a_window_may_be_open():
    order = parse_order(ORDER)
    assert order.ship_by.earliest is None
    assert order.ship_by.latest == utc(2026, 11, 24, 23, 59, 59)
    assert order.deliver_by is None


def test_the_buyer_and_the_delivery_address():
    order = parse_order(ORDER)
    assert (order.buyer.name, order.buyer.company, order.buyer.purchase_order) == (
        "Anna Beispiel",
        "Beispiel Srl",
        "PO-7",
    )
    assert order.buyer.email == "abc123@marketplace.amazon.it"
    assert order.address.lines == ("Via Roma 1", "Scala B")
    assert (order.address.postal_code, order.address.city, order.address.state) == ("20121", "Milano", "MI")
    assert order.address.country_code == "IT"
    assert order.address.instructions == "Front door\nRing twice"


def test_a_brazilian_address_in_parts():
    address = {
        "extendedFields": {"streetName": "Rua das Flores", "streetNumber": "123", "neighborhood": "Vila Madalena"},
        "countryCode": "BR",
    }
    order = parse_order(order_with("recipient.deliveryAddress", address))
    assert order.address.lines == ("Rua das Flores, 123",)
    assert order.address.district == "Vila Madalena"


def test_the_item():
    item = parse_order(ORDER).items[0]
    assert (item.item_ref, item.sku, item.asin, item.title) == (
        "79039765272157",
        "MUG-RED",
        "B0EXAMPLE1",
        "Ceramic mug",
    )
    assert (item.quantity, item.quantity_fulfilled, item.quantity_unfulfilled) == (2, 0, 2)
    assert (item.gift_message, item.gift_wrap_level) == ("Happy birthday!\nAnna", "classic")
    assert item.serial_numbers == ("SN1", "SN2")
    assert item.promotion_ids == ("P1", "P2")
    assert item.customization_url == "https://example.com/custom"
    assert (item.cancellation_requested, item.cancellation_reason, item.cancelled_by) == (
        True,
        "ORDERED_BY_MISTAKE",
        "",
    )
    assert (item.tax_models, item.reporting_schemes, item.ioss_number) == (
        ("MARKETPLACE_FACILITATOR",),
        ("UOSS",),
        "IM0000000001",
    )
    assert item.is_facilitated
    assert (item.condition_note, item.programs) == ("as new", ("SUBSCRIBE_AND_SAVE",))


def test_amounts_are_exact_and_keep_amazons_sign():
    order = parse_order(ORDER)
    assert order.grand_total == Money(Decimal("30.98"), "EUR")
    assert order.currency == "EUR"
    assert order.charges == (Charge("DELIVERY_TIP", Decimal("1.00")),)
    item = order.items[0]
    assert item.unit_price == Money(Decimal("15.00"), "EUR")
    assert item.total == Money(Decimal("29.98"), "EUR")
    assert item.charges[0] == Charge("ITEM", Decimal("30.00"))


def test_details_of_one_subtype_are_summed():
    assert parse_order(ORDER).items[0].charges[1] == Charge("DISCOUNT", Decimal("-0.02"), {"ITEM": Decimal("-0.02")})


def test_packages_and_tax_registrations():
    order = parse_order(ORDER)
    package = order.packages[0]
    assert (package.reference, package.carrier, package.service, package.tracking_number) == (
        "1",
        "DPD",
        "Next day",
        "155012345",
    )
    assert (package.status, package.detailed_status) == ("IN_TRANSIT", "OUT_FOR_DELIVERY")
    assert package.shipped_at == utc(2026, 11, 23, 10)
    assert package.items == (("79039765272157", 1),)
    registration = order.tax_registrations[0]
    assert (registration.entity, registration.type, registration.number, registration.legal_name) == (
        "BUYER",
        "VAT",
        "IT12345670017",
        "Beispiel Srl",
    )


# --- what is tolerated ---


@pytest.mark.parametrize(
    "section", ["buyer", "recipient", "proceeds", "tax", "fulfillment", "packages", "programs", "orderAliases"]
)
@pytest.mark.parametrize("value", [None, REMOVED], ids=["null", "missing"])
def test_a_section_may_be_missing_or_null(section, value):
    assert parse_order(order_with(section, value)).order_ref == "111-2223334-5556667"


@pytest.mark.parametrize("section", ["product", "proceeds", "promotion", "cancellation", "fulfillment", "tax"])
@pytest.mark.parametrize("value", [None, REMOVED], ids=["null", "missing"])
def test_a_section_of_an_item_may_be_missing_or_null(section, value):
    assert parse_order(order_with(f"orderItems.0.{section}", value)).items[0].quantity == 2


def test_without_a_fulfillment_section_the_status_is_empty():
    order = parse_order(order_with("fulfillment", REMOVED))
    assert (order.status, order.fulfilled_by, order.ship_by) == ("", "", None)


def test_without_the_restricted_roles_there_is_no_address():
    assert parse_order(order_with("recipient", {})).address is None


def test_words_that_are_new_are_kept():
    raw = order_with("fulfillment.fulfillmentStatus", "INVOICE_UNCONFIRMED")
    raw["programs"] = ["SOMETHING_NEW"]
    raw["orderItems"][0]["proceeds"]["breakdowns"][0]["type"] = "CARBON_OFFSET"
    raw["somethingNew"] = {"deep": [1, 2]}
    order = parse_order(raw)
    assert (order.status, order.programs, order.items[0].charges[0].type) == (
        "INVOICE_UNCONFIRMED",
        ("SOMETHING_NEW",),
        "CARBON_OFFSET",
    )


@pytest.mark.parametrize(("word", "expected"), [("AFN", "AMAZON"), ("MFN", "MERCHANT"), ("DRONE", "DRONE")])
def test_the_older_words_for_who_fulfils_are_understood(word, expected):
    assert parse_order(order_with("fulfillment.fulfilledBy", word)).fulfilled_by == expected


@pytest.mark.parametrize(("value", "expected"), [(0, 0), ("3", 3), (2.0, 2), ("2.0", 2)])
def test_quantities_may_be_zero_or_sent_as_text(value, expected):
    assert parse_order(order_with("orderItems.0.quantityOrdered", value)).items[0].quantity == expected


@pytest.mark.parametrize(
    ("request_", "expected"), [("true", True), ("false", False), (True, True), ({}, False), (None, False)]
)
def test_a_cancellation_request_may_be_a_flag(request_, expected):
    raw = order_with("orderItems.0.cancellation.cancellationRequest", request_)
    assert parse_order(raw).items[0].cancellation_requested is expected
    assert parse_order(raw).cancellation_requested is expected


def test_a_cancelled_item_says_by_whom_and_why():
    execution = {"cancellationExecution": {"cancelledBy": "MERCHANT", "cancelReason": "NoInventory"}}
    item = parse_order(order_with("orderItems.0.cancellation", execution)).items[0]
    assert (item.cancelled_by, item.cancellation_reason, item.cancellation_requested) == (
        "MERCHANT",
        "NoInventory",
        False,
    )


def test_a_postal_code_sent_as_a_number_is_read():
    assert parse_order(order_with("recipient.deliveryAddress.postalCode", 20121)).address.postal_code == "20121"


def test_characters_that_no_database_stores_are_dropped():
    assert parse_order(order_with("buyer.buyerName", "An\x00na\ud800")).buyer.name == "Anna"


def test_whole_amounts_may_be_numbers():
    money = {"amount": 30, "currencyCode": "EUR"}
    assert parse_order(order_with("proceeds.grandTotal", money)).grand_total.amount == Decimal(30)


# --- what is refused ---


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


# --- no personal data in what may be logged ---


def test_the_representation_shows_no_personal_data():
    shown = repr(parse_order(ORDER))
    for personal in ["Anna", "Beispiel", "abc123", "Via Roma", "Milano", "20121", "1234567", "Happy", "Ring twice"] + [
        "PO-7",
        "IT12345670017",
        "example.com",
        "155012345",
    ]:
        assert personal not in shown


# --- anything at all ---

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
