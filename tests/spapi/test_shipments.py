"""What Amazon is told of a package."""

from dataclasses import replace
from datetime import datetime, timezone

import pytest

from spapi.shipments import ShippedPackage, confirmation_body

PACKAGE = ShippedPackage(
    reference="3",
    carrier_code="Other",
    carrier_name="Radkurier",
    shipping_method=None,
    tracking_number="RK-1",
    shipped_at=datetime(2026, 11, 23, 10, 0, 0, 123456, tzinfo=timezone.utc),
    items=(("item-1", 2), ("item-2", 1)),
)


def detail(**changes):
    return confirmation_body("A1", replace(PACKAGE, **changes))["packageDetail"]


def test_what_is_not_known_is_left_out():
    assert confirmation_body("A1", PACKAGE) == {
        "marketplaceId": "A1",
        "packageDetail": {
            "packageReferenceId": "3",
            "carrierCode": "Other",
            "carrierName": "Radkurier",
            "trackingNumber": "RK-1",
            "shipDate": "2026-11-23T10:00:00Z",
            "orderItems": [{"orderItemId": "item-1", "quantity": 2}, {"orderItemId": "item-2", "quantity": 1}],
        },
    }


def test_an_item_stands_once_with_all_its_units():
    assert detail(items=(("item-1", 2), ("item-2", 1), ("item-1", 3)))["orderItems"] == [
        {"orderItemId": "item-1", "quantity": 5},
        {"orderItemId": "item-2", "quantity": 1},
    ]


def test_transparency_codes_go_to_their_item():
    items = detail(transparency_codes=(("item-2", ("AZ:1", "AZ:2")), ("item-1", ())))["orderItems"]
    assert items[1] == {"orderItemId": "item-2", "quantity": 1, "transparencyCodes": ["AZ:1", "AZ:2"]}
    assert "transparencyCodes" not in items[0]


def test_cash_on_delivery_and_the_place_of_shipping():
    body = confirmation_body(
        "A1", replace(PACKAGE, cod_collection_method="DirectPayment", ship_from_supply_source_id="source")
    )
    assert body["codCollectionMethod"] == "DirectPayment"
    assert body["packageDetail"]["shipFromSupplySourceId"] == "source"


@pytest.mark.parametrize("reference", ["", "0", "-1", "01", "1.0", "a", "１", 1, None])
def test_the_reference_is_a_positive_whole_number_as_a_text(reference):
    with pytest.raises(ValueError, match="reference"):
        detail(reference=reference)


@pytest.mark.parametrize(
    "changes",
    [
        {"carrier_code": ""},
        {"tracking_number": ""},
        {"tracking_number": None},
        {"carrier_name": None},
        {"shipped_at": datetime(2026, 11, 23)},
        {"items": ()},
        {"items": (("item-1", 0),)},
        {"items": (("item-1", 1.0),)},
        {"items": (("item-1", True),)},
        {"items": (("", 1),)},
    ],
)
def test_a_package_that_lacks_something_is_none(changes):
    with pytest.raises(ValueError):
        detail(**changes)


def test_a_tracking_number_is_not_shown():
    assert "RK-1" not in repr(PACKAGE)
