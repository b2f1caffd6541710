"""confirmShipment: what is accepted and what becomes of the order, and what Amazon refuses."""

import copy

import pytest
import requests
from amazon_client import DE, EU, NOW, Client, error_of

from simulator.clock import to_text
from simulator.samples import build_order
from simulator.sellers import DIRECT_TO_CONSUMER, ORDER_TRACKING, PRODUCT_LISTING

ORDER = "302-1234567-1234567"


@pytest.fixture
def items(sim):
    """The identifiers of the two order items (3 and 1 units) of an unshipped order."""
    order = build_order("DE", order_id=ORDER, items=[("MUG-RED-11OZ", 3), ("MUG-BLUE-11OZ", 1)])
    sim.store.add_order(EU, order, age=600)
    return [item["orderItemId"] for item in order["orderItems"]]


def body_for(units, reference="1", **changes):
    package = {
        "packageReferenceId": reference,
        "carrierCode": "DHL",
        "shippingMethod": "DHL Paket",
        "trackingNumber": "00340434161094012345",
        "shipDate": "2026-11-23T10:00:00Z",
        "orderItems": [{"orderItemId": item, "quantity": quantity} for item, quantity in units.items()],
    }
    return {"marketplaceId": DE, "packageDetail": {**package, **changes}}


def order_of(eu):
    return eu.get(ORDER).json()["order"]


def quantities(order):
    rows = [item["fulfillment"] for item in order["orderItems"]]
    return [(row["quantityFulfilled"], row["quantityUnfulfilled"]) for row in rows]


def test_a_whole_order_is_confirmed_without_a_body(sim, eu, items):
    response = eu.confirm(ORDER, body_for({items[0]: 3, items[1]: 1}))
    assert (response.status_code, response.content) == (204, b"")
    order = order_of(eu)
    assert order["fulfillment"]["fulfillmentStatus"] == "SHIPPED"
    assert quantities(order) == [(3, 0), (1, 0)]
    assert order["packages"] == [
        {
            "packageReferenceId": "1",
            "createdTime": to_text(NOW),
            "packageStatus": {"status": "SHIPPED"},
            "carrier": "DHL",
            "shipTime": "2026-11-23T10:00:00.000Z",
            "shippingService": "DHL Paket",
            "trackingNumber": "00340434161094012345",
            "packageItems": [{"orderItemId": items[0], "quantity": 3}, {"orderItemId": items[1], "quantity": 1}],
        }
    ]


def test_a_confirmation_moves_the_last_update(eu, items):
    before = order_of(eu)["lastUpdatedTime"]
    eu.confirm(ORDER, body_for({items[0]: 1}))
    assert order_of(eu)["lastUpdatedTime"] > before


def test_a_confirmation_is_remembered(sim, eu, items):
    eu.confirm(ORDER, body_for({items[0]: 2}, carrierCode="Other", carrierName="Bike Courier"))
    (confirmation,) = sim.store.confirmations
    assert (confirmation.order_id, confirmation.package_reference) == (ORDER, "1")
    assert (confirmation.carrier_code, confirmation.carrier_name) == ("Other", "Bike Courier")
    assert confirmation.items == {items[0]: 2}
    assert (confirmation.at, confirmation.is_edit) == (NOW, False)


def test_two_packages_make_the_order_whole(eu, items):
    eu.confirm(ORDER, body_for({items[0]: 2}))
    order = order_of(eu)
    assert (order["fulfillment"]["fulfillmentStatus"], quantities(order)) == ("PARTIALLY_SHIPPED", [(2, 1), (0, 1)])
    eu.confirm(ORDER, body_for({items[0]: 1, items[1]: 1}, reference="2"))
    order = order_of(eu)
    assert (order["fulfillment"]["fulfillmentStatus"], quantities(order)) == ("SHIPPED", [(3, 0), (1, 0)])
    assert [package["packageReferenceId"] for package in order["packages"]] == ["1", "2"]


def test_the_same_reference_edits_the_package(sim, eu, items):
    eu.confirm(ORDER, body_for({items[0]: 3, items[1]: 1}))
    response = eu.confirm(ORDER, body_for({items[0]: 3}, trackingNumber="NEW1"))
    order = order_of(eu)
    assert response.status_code == 204
    assert [package["trackingNumber"] for package in order["packages"]] == ["NEW1"]
    assert quantities(order) == [(3, 0), (0, 1)]
    assert order["fulfillment"]["fulfillmentStatus"] == "PARTIALLY_SHIPPED"
    assert [row.is_edit for row in sim.store.confirmations] == [False, True]


def test_the_same_confirmation_twice_changes_nothing(eu, items):
    body = body_for({items[0]: 3, items[1]: 1})
    eu.confirm(ORDER, body)
    before = order_of(eu)
    assert eu.confirm(ORDER, body).status_code == 204
    assert order_of(eu) == before


def test_a_delivered_package_is_shown_as_delivered(sim, eu, items):
    eu.confirm(ORDER, body_for({items[0]: 3, items[1]: 1}))
    sim.store.deliver_package(ORDER, "1")
    assert order_of(eu)["packages"][0]["packageStatus"] == {"status": "DELIVERED", "detailedStatus": "DELIVERED"}
    with pytest.raises(KeyError):
        sim.store.deliver_package(ORDER, "7")


def test_transparency_codes_are_shown_with_the_package(eu, items):
    body = body_for({items[1]: 1})
    body["packageDetail"]["orderItems"][0]["transparencyCodes"] = ["09876543211234567890"]
    eu.confirm(ORDER, body)
    assert order_of(eu)["packages"][0]["packageItems"][0]["transparencyCodes"] == ["09876543211234567890"]


def test_an_order_that_is_shipped_takes_no_new_package(eu, items):
    eu.confirm(ORDER, body_for({items[0]: 3, items[1]: 1}))
    response = eu.confirm(ORDER, body_for({items[0]: 1}, reference="2"))
    assert response.status_code == 400
    assert "PackageToUpdateNotFound" in response.json()["errors"][0]["message"]


def test_a_cancelled_order_takes_no_package(sim, eu, items):
    sim.store.cancel_order(ORDER)
    response = eu.confirm(ORDER, body_for({items[0]: 1}))
    assert "order already fulfilled" in response.json()["errors"][0]["message"]


def test_more_than_was_ordered_is_refused_and_nothing_happens(sim, eu, items):
    eu.confirm(ORDER, body_for({items[0]: 2}))
    response = eu.confirm(ORDER, body_for({items[0]: 2}, reference="2"))
    assert error_of(response)[:2] == (400, "InvalidInput")
    assert "Quantity" in response.json()["errors"][0]["message"]
    assert quantities(order_of(eu)) == [(2, 1), (0, 1)]
    assert len(sim.store.confirmations) == 1


def test_an_item_of_another_order_is_refused(eu, items):
    response = eu.confirm(ORDER, body_for({"12345678901234": 1}))
    assert "OrderItemId is invalid" in response.json()["errors"][0]["message"]


def test_an_order_that_amazon_ships_is_refused(sim, eu):
    order = build_order("DE", order_id="302-7654321-7654321", channel="FBA")
    sim.store.add_order(EU, order, age=600)
    response = eu.confirm("302-7654321-7654321", body_for({order["orderItems"][0]["orderItemId"]: 1}))
    assert error_of(response)[:2] == (400, "InvalidInput")


def test_a_pending_order_is_refused(sim, eu):
    order = build_order("DE", order_id="302-7654321-7654321", status="PENDING")
    sim.store.add_order(EU, order, age=600)
    response = eu.confirm("302-7654321-7654321", body_for({order["orderItems"][0]["orderItemId"]: 1}))
    assert error_of(response)[:2] == (400, "InvalidInput")


def test_the_order_of_another_seller_is_not_found(sim, na, items):
    assert error_of(na.confirm(ORDER, body_for({items[0]: 1})))[:2] == (404, "NotFound")


def test_another_marketplace_is_refused(eu, items):
    body = {**body_for({items[0]: 1}), "marketplaceId": "A13V1IB3VIYZZH"}
    assert error_of(eu.confirm(ORDER, body))[:2] == (400, "InvalidInput")


WRONG = {
    "reference is a number": {"packageReferenceId": 1},
    "reference is zero": {"packageReferenceId": "0"},
    "reference is a word": {"packageReferenceId": "WH/OUT/00001"},
    "no carrier": {"carrierCode": ""},
    "other without a name": {"carrierCode": "Other"},
    "no tracking number": {"trackingNumber": " "},
    "tracking number is none": {"trackingNumber": None},
    "date of the sandbox's error": {"shipDate": "02/21/2022"},
    "date without a zone": {"shipDate": "2026-11-23T10:00:00"},
    "items are no list": {"orderItems": {"orderItemId": "1", "quantity": 1}},
    "no items": {"orderItems": []},
    "quantity is text": {"orderItems": [{"orderItemId": "1", "quantity": "1"}]},
    "quantity is true": {"orderItems": [{"orderItemId": "1", "quantity": True}]},
    "quantity has a fraction": {"orderItems": [{"orderItemId": "1", "quantity": 1.0}]},
    "quantity is zero": {"orderItems": [{"orderItemId": "1", "quantity": 0}]},
    "quantity is missing": {"orderItems": [{"orderItemId": "1"}]},
    "unknown member": {"packageId": "1"},
}


@pytest.mark.parametrize("changes", WRONG.values(), ids=WRONG)
def test_a_wrong_package_is_refused(sim, eu, items, changes):
    assert error_of(eu.confirm(ORDER, body_for({items[0]: 1}, **changes)))[:2] == (400, "InvalidInput")
    assert sim.store.confirmations == []


@pytest.mark.parametrize(
    "path",
    [
        ("marketplaceId",),
        ("packageDetail",),
        ("packageDetail", "packageReferenceId"),
        ("packageDetail", "carrierCode"),
        ("packageDetail", "trackingNumber"),
        ("packageDetail", "shipDate"),
        ("packageDetail", "orderItems"),
    ],
)
def test_a_required_member_cannot_be_left_out(eu, items, path):
    body = body_for({items[0]: 1})
    parent = body if len(path) == 1 else body[path[0]]
    del parent[path[-1]]
    response = eu.confirm(ORDER, body)
    assert error_of(response)[:2] == (400, "InvalidInput")
    assert ".".join(path) in response.json()["errors"][0]["message"]


def test_the_words_for_a_number_as_reference_name_the_member(eu, items):
    response = eu.confirm(ORDER, body_for({items[0]: 1}, packageReferenceId=1))
    message = response.json()["errors"][0]["message"]
    assert "fields with invalid type [packageDetail.packageReferenceId]" in message


def test_cash_on_delivery_is_for_japan_only(eu, items):
    body = {**body_for({items[0]: 1}), "codCollectionMethod": "DirectPayment"}
    assert error_of(eu.confirm(ORDER, body))[:2] == (400, "InvalidInput")


def test_an_order_identifier_without_dashes_is_refused(eu, items):
    assert error_of(eu.confirm("30212345671234567", body_for({items[0]: 1})))[:2] == (400, "InvalidInput")


def test_a_body_that_is_not_json_is_refused(eu, items):
    path = f"/orders/v0/orders/{ORDER}/shipmentConfirmation"
    assert eu.call(path, method="POST", headers={"Content-Type": "text/plain"}).status_code == 415
    assert eu.call(path, method="POST", headers={"Content-Type": "application/json"}).status_code == 400


@pytest.mark.parametrize(("role", "status"), [(ORDER_TRACKING, 204), (DIRECT_TO_CONSUMER, 204), (PRODUCT_LISTING, 403)])
def test_one_of_two_roles_is_needed(sim, eu, items, role, status):
    sim.store.sellers[EU].roles = {role}
    assert eu.confirm(ORDER, body_for({items[0]: 1})).status_code == status


def test_a_confirmation_may_be_accepted_without_effect(sim, eu, items):
    sim.store.add_fault("confirmShipment", "accepted_without_effect")
    before = copy.deepcopy(order_of(eu))
    assert eu.confirm(ORDER, body_for({items[0]: 1})).status_code == 204
    assert (order_of(eu), sim.store.confirmations) == (before, [])
    assert eu.confirm(ORDER, body_for({items[0]: 1})).status_code == 204
    assert len(sim.store.confirmations) == 1


def test_a_lost_answer_has_taken_effect_and_may_be_sent_again(sim, eu, items):
    sim.store.add_fault("confirmShipment", "answer_lost")
    with pytest.raises(requests.ConnectionError):
        eu.confirm(ORDER, body_for({items[0]: 3, items[1]: 1}))
    assert order_of(eu)["fulfillment"]["fulfillmentStatus"] == "SHIPPED"
    assert eu.confirm(ORDER, body_for({items[0]: 3, items[1]: 1})).status_code == 204
    assert [row.is_edit for row in sim.store.confirmations] == [False, True]


def test_a_dropped_connection_has_no_effect(sim, eu, items):
    sim.store.add_fault("confirmShipment", "dropped")
    with pytest.raises(requests.ConnectionError):
        eu.confirm(ORDER, body_for({items[0]: 1}))
    assert sim.store.confirmations == []


def test_a_refusal_may_have_amazons_words(sim, eu, items):
    sim.store.add_fault("confirmShipment", "invalid_input", message="The tracking ID does not match.")
    response = eu.confirm(ORDER, body_for({items[0]: 1}))
    assert response.json()["errors"][0]["message"] == "The tracking ID does not match."


def test_ten_at_once_and_then_two_a_second(sim, eu, items):
    body = body_for({items[0]: 1})
    assert [eu.confirm(ORDER, body).status_code for _time in range(11)] == [204] * 10 + [429]
    sim.store.clock.advance(0.5)
    assert eu.confirm(ORDER, body).headers["x-amzn-RateLimit-Limit"] == "2"


def test_confirmations_outlast_the_process(sim, eu, items, tmp_path):
    eu.confirm(ORDER, body_for({items[0]: 1}))
    before = list(sim.store.confirmations)
    sim.store.save(tmp_path / "state")
    sim.store.reset()
    assert sim.store.confirmations == []
    sim.store.load(tmp_path / "state")
    assert sim.store.confirmations == before
    sim.store.clock.freeze(NOW)
    assert Client(sim, EU).get(ORDER).json()["order"]["packages"][0]["trackingNumber"]
