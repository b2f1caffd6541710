"""getOrder, the data sets of an order, and what is shown of its buyer."""

from datetime import timedelta

import pytest
from amazon_client import ALL_DATA, EU, NA, NOW, error_of

from simulator.samples import build_order
from simulator.sellers import DIRECT_TO_CONSUMER, ORDER_TRACKING, TAX_INVOICING

ORDER_ID = "302-1234567-1234567"
SECTIONS = {
    "BUYER": ("buyer", None),
    "RECIPIENT": ("recipient", None),
    "PROCEEDS": ("proceeds", "proceeds"),
    "PAYMENT": ("payment", None),
    "TAX": ("tax", "tax"),
    "FULFILLMENT": ("fulfillment", "fulfillment"),
    "PACKAGES": ("packages", None),
    "FULFILLMENT_ORDERS": ("fulfillmentOrders", None),
    "EXPENSE": (None, "expense"),
    "PROMOTION": (None, "promotion"),
    "CANCELLATION": (None, "cancellation"),
}


def full_order():
    """An order that has every data set."""
    order = build_order("DE", status="SHIPPED", order_id=ORDER_ID, business=True, discount="1", facilitator=True)
    order["fulfillmentOrders"] = [{"fulfillmentOrderId": "FO-1"}]
    item = order["orderItems"][0]
    item["expense"] = {"pointsCost": {"pointsGranted": {"pointsNumber": 5}}}
    item["cancellation"] = {"cancellationRequest": {"requester": "BUYER", "cancelReason": "ORDERED_BY_MISTAKE"}}
    return order


def shown(sim, client, roles=None, included=ALL_DATA, seller_id=EU, **options):
    """An order built with ``options``, as a seller with ``roles`` gets it."""
    if roles is not None:
        sim.store.sellers[seller_id].roles = {ORDER_TRACKING, *roles}
    options = {"order_id": ORDER_ID, "updated": NOW - timedelta(minutes=10), **options}
    sim.store.add_order(seller_id, build_order(**options))
    return client.get(ORDER_ID, included).json()["order"]


# getOrder


def test_an_order_is_found_at_once(sim, eu):
    assert shown(sim, eu, updated=NOW)["orderId"] == ORDER_ID


def test_an_unknown_order_is_not_found(eu):
    assert error_of(eu.get(ORDER_ID))[:2] == (404, "NotFound")


def test_another_sellers_order_is_not_found(sim, eu):
    sim.store.add_order(NA, build_order("US", order_id=ORDER_ID))
    assert error_of(eu.get(ORDER_ID))[:2] == (404, "NotFound")


@pytest.mark.parametrize("order_id", ["TEST_CASE_400", "302-1234567-123456", "302-1234567-1234567x"])
def test_an_identifier_that_cannot_be_is_refused(eu, order_id):
    assert error_of(eu.get(order_id))[:2] == (400, "InvalidInput")


def test_get_order_takes_no_other_parameter(eu):
    response = eu.call(f"/orders/2026-01-01/orders/{ORDER_ID}", {"marketplaceIds": "A1PA6795UKMFR9"})
    assert error_of(response)[:2] == (400, "InvalidInput")


# Data sets


def test_without_data_sets_only_the_head_and_the_items_come(sim, eu):
    order = shown(sim, eu, included=None)
    assert set(order) == {"orderId", "createdTime", "lastUpdatedTime", "programs", "salesChannel", "orderItems"}
    assert set(order["orderItems"][0]) == {"orderItemId", "quantityOrdered", "programs", "product"}


@pytest.mark.parametrize("data_set", SECTIONS)
def test_a_data_set_comes_when_it_is_asked_for(sim, eu, data_set):
    sim.store.add_order(EU, full_order())
    order = eu.get(ORDER_ID, data_set).json()["order"]
    in_order, in_item = SECTIONS[data_set]
    assert {in_order} - {None} == set(order) & {section for section, _item in SECTIONS.values()}
    assert {in_item} - {None} == set(order["orderItems"][0]) & {section for _order, section in SECTIONS.values()}


# Personal data


def test_the_seller_who_ships_sees_whom_to_ship_to(sim, eu):
    order = shown(sim, eu, roles={DIRECT_TO_CONSUMER})
    assert order["buyer"]["buyerName"] == "Jane Example"
    assert order["buyer"]["buyerEmail"].endswith("@marketplace.amazon.de")
    assert {"name", "addressLine1", "postalCode", "phone"} <= set(order["recipient"]["deliveryAddress"])


def test_without_the_shipping_role_only_city_region_and_country_are_left(sim, eu):
    order = shown(sim, eu, roles=())
    assert order["buyer"] == {}
    assert set(order["recipient"]["deliveryAddress"]) == {"city", "stateOrRegion", "countryCode", "addressType"}


def test_a_tax_role_gives_the_name_but_neither_mail_nor_address(sim, eu):
    order = shown(sim, eu, roles={TAX_INVOICING})
    assert order["buyer"] == {"buyerName": "Jane Example"}
    assert "name" not in order["recipient"]["deliveryAddress"]


def test_a_tax_role_gives_no_name_in_the_united_states(sim, na):
    assert shown(sim, na, roles={TAX_INVOICING}, seller_id=NA, marketplace="US")["buyer"] == {}


def test_amazons_own_shipments_hide_mail_and_address(sim, eu):
    known = build_order(order_id=ORDER_ID, status="SHIPPED")
    known["fulfillment"]["fulfilledBy"] = "AMAZON"
    assert {"buyerEmail", "buyerName"} == set(known["buyer"])
    sim.store.add_order(EU, known)
    order = eu.get(ORDER_ID).json()["order"]
    assert order["buyer"] == {"buyerName": "Jane Example"}
    assert set(order["recipient"]["deliveryAddress"]) == {"city", "stateOrRegion", "countryCode", "addressType"}


def test_the_name_on_amazons_own_shipments_takes_a_tax_role(sim, eu):
    assert shown(sim, eu, roles={DIRECT_TO_CONSUMER}, channel="FBA")["buyer"] == {}


def test_a_pending_order_has_neither_buyer_nor_recipient(sim, eu):
    stored = build_order(order_id=ORDER_ID)
    stored["fulfillment"]["fulfillmentStatus"] = "PENDING"
    sim.store.add_order(EU, stored)
    order = eu.get(ORDER_ID).json()["order"]
    assert (order["buyer"], order["recipient"]) == ({}, {})
    assert order["proceeds"]["grandTotal"]["amount"] == "14.99"


def test_the_phone_goes_after_the_latest_delivery_date(sim, eu):
    shown(sim, eu)
    sim.store.clock.advance(8 * 86400)
    eu.access_token = eu.token().json()["access_token"]
    assert "phone" not in eu.get(ORDER_ID).json()["order"]["recipient"]["deliveryAddress"]


@pytest.mark.parametrize(("roles", "there"), [((), False), ((DIRECT_TO_CONSUMER,), True)])
def test_gift_messages_take_the_shipping_role(sim, eu, roles, there):
    order = shown(sim, eu, roles=roles, gift_wrap="3", gift_message="Enjoy!")
    gift = order["orderItems"][0]["fulfillment"]["packing"]["giftOption"]
    assert ("giftMessage" in gift) is there
    assert gift["giftWrapLevel"] == "classic"


def test_a_verbatim_order_is_shown_word_for_word(sim, eu):
    order = build_order(channel="FBA", order_id=ORDER_ID, created=NOW - timedelta(days=3000))
    order["recipient"]["deliveryAddress"]["phone"] = "+49 30 23125 001"
    sim.store.add_order(EU, order, verbatim=True)
    assert eu.get(ORDER_ID).json()["order"] == order
