"""Listings as Amazon sends them, and the change that sets their quantity."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spapi.listings import Availability, Listing, parse_listing, parse_submission, quantity_patch

MARKETPLACE = "A1PA6795UKMFR9"
RAW = {
    "sku": "MUG-1",
    "summaries": [
        {"marketplaceId": "A13V1IB3VIYZZH", "asin": "B0FR", "productType": "MUG", "status": [], "itemName": "Tasse"},
        {
            "marketplaceId": MARKETPLACE,
            "asin": "B0DE",
            "productType": "MUG",
            "status": ["BUYABLE", "DISCOVERABLE"],
            "itemName": "Becher",
        },
    ],
    "fulfillmentAvailability": [{"fulfillmentChannelCode": "DEFAULT", "quantity": 7}],
    "attributes": {
        "fulfillment_availability": [
            {"fulfillment_channel_code": "DEFAULT", "quantity": 7, "lead_time_to_ship_max_days": 3}
        ]
    },
    "issues": [{"code": "18027", "message": "Bild fehlt.", "severity": "WARNING", "categories": []}],
}


def listing(**changes):
    return parse_listing({**RAW, **changes}, MARKETPLACE)


# --- reading ---


def test_a_listing_is_read_for_its_marketplace():
    found = listing()
    assert (found.sku, found.asin, found.title, found.product_type) == ("MUG-1", "B0DE", "Becher", "MUG")
    assert found.statuses == ("BUYABLE", "DISCOVERABLE")
    assert found.availability == (Availability("DEFAULT", 7),)
    assert (found.quantity, found.handling_time) == (7, 3)
    assert not found.is_fba
    (issue,) = found.issues
    assert (issue.code, issue.message, issue.severity) == ("18027", "Bild fehlt.", "WARNING")


def test_what_amazon_ships_has_no_quantity_of_ours():
    found = listing(fulfillmentAvailability=[{"fulfillmentChannelCode": "AMAZON_EU"}], attributes={})
    assert (found.is_fba, found.quantity) == (True, None)


@pytest.mark.parametrize(
    ("shown", "own"),
    [
        (["DEFAULT"], ["AMAZON_EU"]),
        (["AMAZON_EU"], ["DEFAULT"]),
        (["DEFAULT", "AMAZON_EU"], []),
        ([], ["DEFAULT", "AMAZON_EU"]),
        (["AMAZON_NA"], []),
        (["057d3fcc-b750-419f-bbcd-4d340c60c430"], ["DEFAULT"]),
    ],
)
def test_any_other_channel_means_hands_off(shown, own):
    found = listing(
        fulfillmentAvailability=[{"fulfillmentChannelCode": code} for code in shown],
        attributes={"fulfillment_availability": [{"fulfillment_channel_code": code} for code in own]},
    )
    assert found.is_fba


def test_a_listing_without_a_channel_is_not_amazons():
    found = listing(fulfillmentAvailability=[], attributes={})
    assert (found.is_fba, found.availability, found.quantity) == (False, (), None)


def test_the_quantity_that_is_shown_counts_before_the_one_that_was_sent():
    own = {"fulfillment_availability": [{"fulfillment_channel_code": "DEFAULT", "quantity": 9}]}
    assert listing(attributes=own).quantity == 7
    assert listing(attributes=own, fulfillmentAvailability=None).quantity == 9


def test_barcodes_stand_in_the_attributes():
    entries = [
        {"type": "ean", "value": "4006381333931"},
        {"type": "upc", "value": "036000291452"},
        {"type": "ean", "value": "4006381333931"},
        {"type": "gtin", "value": "exempt"},
        {"type": "ean"},
    ]
    found = listing(attributes={"externally_assigned_product_identifier": entries})
    assert found.barcodes == ("4006381333931", "036000291452")
    assert listing().barcodes == ()


def test_a_marketplace_without_a_summary_has_no_title():
    found = parse_listing({**RAW, "productTypes": [{"marketplaceId": "X", "productType": "CUP"}]}, "X")
    assert (found.sku, found.asin, found.title, found.statuses) == ("MUG-1", "", "", ())
    assert found.product_type == "CUP"


NAMES = ["sku", "summaries", "marketplaceId", "status", "attributes", "fulfillment_availability", "issues", "quantity"]
NAMES += ["fulfillmentAvailability", "fulfillmentChannelCode", "fulfillment_channel_code", "severity", "productTypes"]
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just(MARKETPLACE),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(NAMES), JUNK))
def test_no_junk_breaks_the_reading(raw):
    found = parse_listing(raw, MARKETPLACE)
    assert isinstance(found, Listing)
    assert found.quantity is None or found.quantity >= 0
    parse_submission(raw)


def test_an_issue_of_no_severity_counts_as_an_error():
    submission = parse_submission({"sku": "A", "status": "INVALID", "issues": [{"message": "x"}, None, 3]})
    assert [issue.severity for issue in submission.issues] == ["ERROR"]
    assert not submission.accepted


def test_a_sku_is_kept_as_it_is():
    assert listing(sku=" MUG 1 ").sku == " MUG 1 "


# --- changing ---


def test_a_quantity_is_merged_so_that_the_handling_time_stays():
    assert quantity_patch(7) == [
        {
            "op": "merge",
            "path": "/attributes/fulfillment_availability",
            "value": [{"fulfillment_channel_code": "DEFAULT", "quantity": 7}],
        }
    ]


def test_the_handling_time_is_sent_where_it_is_given():
    (patch,) = quantity_patch(0, handling_time=0)
    assert patch["value"] == [{"fulfillment_channel_code": "DEFAULT", "quantity": 0, "lead_time_to_ship_max_days": 0}]


@pytest.mark.parametrize("quantity", [-1, 1.5, 1.0, True, "1", None])
def test_a_quantity_is_a_whole_number_from_zero(quantity):
    with pytest.raises(ValueError, match="quantity"):
        quantity_patch(quantity)


@pytest.mark.parametrize("days", [-1, 31, 1.0, True])
def test_a_handling_time_is_at_most_thirty_days(days):
    with pytest.raises(ValueError, match="handling time"):
        quantity_patch(1, handling_time=days)
