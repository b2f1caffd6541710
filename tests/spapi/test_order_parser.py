"""How an order of Amazon becomes typed values."""

from datetime import datetime, timezone
from decimal import Decimal

import pytest
from order_example import ORDER, REMOVED, order_with

from spapi.orders import Charge, Money, parse_order


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
    assert not order.is_fba


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


def test_the_currency_is_known_without_totals():
    raw = order_with("proceeds.grandTotal", REMOVED)
    raw["orderItems"] = raw["orderItems"][:1]
    raw["orderItems"][0]["proceeds"].pop("proceedsTotal", None)
    assert parse_order(raw).currency == "EUR"


def test_the_currency_of_a_unit_price_stands_for_want_of_amounts():
    raw = order_with("proceeds", REMOVED)
    raw["orderItems"] = raw["orderItems"][:1]
    del raw["orderItems"][0]["proceeds"]
    raw["orderItems"][0]["product"]["price"] = {"unitPrice": {"amount": "5.00", "currencyCode": "SEK"}}
    assert parse_order(raw).currency == "SEK"


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_a_date_at_the_end_of_the_calendar_is_no_date(moment):
    order = parse_order(order_with("fulfillment.shipByWindow.latestDateTime", moment))
    assert order.ship_by.latest is None
