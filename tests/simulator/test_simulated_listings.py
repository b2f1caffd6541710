"""Listings Items: reading, searching and patching, with FBA kept apart."""

import json

import pytest
from amazon_client import DE, EU, NA, NOW, error_of

from simulator.listings import AVAILABILITY
from simulator.samples import build_order
from simulator.sellers import ORDER_TRACKING, PRODUCT_LISTING

FR = "A13V1IB3VIYZZH"
ALL = "summaries,attributes,issues,offers,fulfillmentAvailability,procurement,relationships,productTypes"


@pytest.fixture
def mug(sim):
    """An offer that the seller ships, with a handling time."""
    return sim.store.add_listing(EU, "MUG", quantity=5, lead_time=3, product_type="DRINKING_CUP", price="9.90")


@pytest.fixture
def fba(sim):
    """An offer that Amazon ships."""
    return sim.store.add_listing(EU, "FBA-MUG", channel="AMAZON_EU")


def entry(quantity, channel="DEFAULT", **members):
    return [{"fulfillment_channel_code": channel, "quantity": quantity, **members}]


# Reading


def test_a_listing_is_shown_with_its_summary(eu, mug):
    item = eu.listings("MUG").json()
    assert set(item) == {"sku", "summaries"}
    (summary,) = item["summaries"]
    assert (summary["marketplaceId"], summary["productType"]) == (DE, "DRINKING_CUP")
    assert summary["status"] == ["BUYABLE", "DISCOVERABLE"]


def test_every_data_set_can_be_asked_for(eu, mug):
    item = eu.listings("MUG", includedData=ALL).json()
    assert set(item) == {"sku", *ALL.split(",")}
    assert item["fulfillmentAvailability"] == [{"fulfillmentChannelCode": "DEFAULT", "quantity": 5}]
    assert item["attributes"][AVAILABILITY] == entry(5, lead_time_to_ship_max_days=3)
    assert item["offers"][0]["price"] == {"currencyCode": "EUR", "amount": "9.90"}


def test_an_offer_of_amazon_has_no_quantity(eu, fba):
    item = eu.listings("FBA-MUG", includedData="fulfillmentAvailability").json()
    assert item["fulfillmentAvailability"] == [{"fulfillmentChannelCode": "AMAZON_EU"}]


@pytest.mark.parametrize("sku", ["A/B", "50% off", "a+b", "Tasse é", "A//B#1?x=1"])
def test_a_sku_may_have_any_character(sim, eu, sku):
    sim.store.add_listing(EU, sku, quantity=1)
    assert eu.listings(sku).json()["sku"] == sku
    assert eu.patch(sku, entry(2)).json()["status"] == "ACCEPTED"
    assert sim.store.listing(EU, sku).quantity == 2


def test_a_slash_that_is_not_encoded_is_denied(sim, eu):
    sim.store.add_listing(EU, "A/B")
    path = f"/listings/2021-08-01/items/{EU}/A/B"
    assert error_of(eu.call(path, {"marketplaceIds": DE}, valid=False))[0] == 403


def test_an_unknown_sku_is_not_found(eu, mug):
    assert error_of(eu.listings("NO-MUG"))[:2] == (404, "NOT_FOUND")


def test_a_listing_is_not_found_in_another_marketplace(eu, mug):
    assert error_of(eu.listings("MUG", marketplaceIds=FR))[0] == 404


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({"marketplaceIds": None}, 400),
        ({"marketplaceIds": "NOWHERE"}, 400),
        ({"marketplaceIds": "ATVPDKIKX0DER"}, 403),
        ({"includedData": "everything"}, 400),
        ({"sellerId": EU}, 400),
    ],
)
def test_wrong_parameters_are_refused(eu, mug, params, status):
    assert eu.listings("MUG", **params).status_code == status


def test_the_listings_of_another_seller_are_denied(eu, mug):
    assert eu.listings("MUG", seller_id=NA).status_code == 403
    assert eu.listings(seller_id=NA).status_code == 403


def test_the_role_of_product_listing_is_needed(sim, eu, mug):
    sim.store.sellers[EU].roles = {ORDER_TRACKING}
    assert eu.listings("MUG").status_code == 403


# Searching


def found(response):
    return [item["sku"] for item in response.json()["items"]]


def test_a_search_goes_through_pages(sim, eu):
    for number in range(45):
        sim.store.add_listing(EU, f"SKU-{number:02d}")
    first = eu.listings(pageSize=20, sortBy="sku", sortOrder="ASC")
    assert (first.json()["numberOfResults"], len(found(first))) == (45, 20)
    skus, page = found(first), first
    while "nextToken" in page.json()["pagination"]:
        token = page.json()["pagination"]["nextToken"]
        page = eu.listings(pageSize=20, sortBy="sku", sortOrder="ASC", pageToken=token)
        skus += found(page)
    assert skus == [f"SKU-{number:02d}" for number in range(45)]


def test_no_more_than_a_thousand_can_be_paged_through(sim, eu):
    sim.store.quotas.set_plan("searchListingsItems", 5, 100)
    for number in range(1005):
        sim.store.add_listing(EU, f"SKU-{number:04d}")
    page = eu.listings(pageSize=20)
    count = len(found(page))
    while "nextToken" in page.json()["pagination"]:
        page = eu.listings(pageSize=20, pageToken=page.json()["pagination"]["nextToken"])
        count += len(found(page))
    assert (page.json()["numberOfResults"], count) == (1005, 1000)


def test_a_search_for_skus(sim, eu, mug, fba):
    assert found(eu.listings(identifiers="MUG,OTHER", identifiersType="SKU")) == ["MUG"]
    assert found(eu.listings(identifiers=mug.asin, identifiersType="ASIN")) == ["MUG"]
    assert eu.listings(identifiers="MUG").status_code == 400
    assert eu.listings(identifiersType="SKU").status_code == 400
    assert eu.listings(identifiers=",".join("abcdefghijklmnopqrstu"), identifiersType="SKU").status_code == 400


def test_a_search_by_status_and_time(sim, eu, mug):
    sim.store.add_listing(EU, "HIDDEN", status=())
    assert found(eu.listings(withStatus="BUYABLE")) == ["MUG"]
    assert found(eu.listings(withoutStatus="BUYABLE")) == ["HIDDEN"]
    assert len(found(eu.listings(lastUpdatedAfter=NOW.isoformat()))) == 2
    assert found(eu.listings(lastUpdatedAfter="2026-11-24T00:00:00Z")) == []


@pytest.mark.parametrize(
    "params", [{"pageSize": 21}, {"pageSize": 0}, {"sortBy": "title"}, {"pageToken": "x"}, {"withStatus": "ACTIVE"}]
)
def test_a_wrong_search_is_refused(eu, mug, params):
    assert eu.listings(**params).status_code == 400


def test_a_page_token_is_for_the_same_search(sim, eu):
    for number in range(25):
        sim.store.add_listing(EU, f"SKU-{number:02d}")
    token = eu.listings(pageSize=20).json()["pagination"]["nextToken"]
    assert eu.listings(pageSize=20, withStatus="BUYABLE", pageToken=token).status_code == 400


# Patching


def test_merge_keeps_the_handling_time(sim, eu, mug):
    response = eu.patch("MUG", entry(7))
    assert (response.status_code, response.json()["status"]) == (200, "ACCEPTED")
    assert (mug.quantity, mug.lead_time) == (7, 3)


@pytest.mark.parametrize("operation", ["replace", "add"])
def test_replace_wipes_the_handling_time(eu, mug, operation):
    assert eu.patch("MUG", entry(7), operation).json()["status"] == "ACCEPTED"
    assert (mug.quantity, mug.lead_time) == (7, None)


def test_delete_takes_away_a_channel_or_the_attribute(sim, eu, mug):
    eu.patch("MUG", [{"fulfillment_channel_code": "DEFAULT"}], "delete")
    assert (mug.availability, mug.quantity) == ([], None)


def test_every_told_quantity_is_remembered_also_the_same_again(eu, mug):
    for quantity in (7, 7, 8):
        eu.patch("MUG", entry(quantity))
    assert [(change.quantity, change.source) for change in mug.changes] == [(7, "patch"), (7, "patch"), (8, "patch")]


@pytest.mark.parametrize("operation", ["merge", "replace"])
def test_a_quantity_for_an_offer_of_amazon_is_accepted_and_does_harm(sim, eu, fba, operation):
    assert eu.patch("FBA-MUG", entry(7), operation).json()["status"] == "ACCEPTED"
    assert (fba.channel, fba.quantity, fba.is_fba) == ("DEFAULT", 7, False)
    assert [(harm.seller_id, harm.sku, harm.source) for harm in sim.store.harmed_listings] == [(EU, "FBA-MUG", "patch")]


INVALID = {
    "no channel": [{"quantity": 1}],
    "empty channel": entry(1, channel=""),
    "negative": entry(-1),
    "text": entry("1"),
    "true": entry(True),
    "fraction": entry(1.5),
    "unknown member": entry(1, leadtime=2),
    "long handling time": entry(1, lead_time_to_ship_max_days=31),
    "no date": entry(1, restock_date="tomorrow"),
    "twice": entry(1) + entry(2),
    "nothing": [],
}


@pytest.mark.parametrize("value", INVALID.values(), ids=INVALID)
def test_a_wrong_value_is_invalid_and_changes_nothing(eu, mug, value):
    response = eu.patch("MUG", value)
    assert (response.status_code, response.json()["status"]) == (200, "INVALID")
    assert response.json()["issues"][0]["severity"] == "ERROR"
    assert (mug.quantity, mug.changes) == (5, [])


def test_a_default_entry_needs_a_quantity(eu, mug):
    only_lead_time = [{"fulfillment_channel_code": "DEFAULT", "lead_time_to_ship_max_days": 4}]
    assert eu.patch("MUG", only_lead_time, "replace").json()["status"] == "INVALID"
    assert eu.patch("MUG", only_lead_time, "merge").json()["status"] == "ACCEPTED"
    assert (mug.quantity, mug.lead_time) == (5, 4)


def test_an_unknown_attribute_is_invalid(eu, mug):
    patches = [{"op": "replace", "path": "/attributes/fulfillmentAvailability", "value": entry(1)}]
    body = {"productType": "PRODUCT", "patches": patches}
    issue = eu.listings("MUG", method="PATCH", body=body).json()["issues"][0]
    assert (issue["code"], issue["attributeNames"]) == ("90000900", ["fulfillmentAvailability"])


def test_one_invalid_patch_stops_the_others(eu, mug):
    patches = [
        {"op": "merge", "path": "/attributes/fulfillment_availability", "value": entry(9)},
        {"op": "merge", "path": "/attributes/unheard_of", "value": entry(1)},
    ]
    eu.listings("MUG", method="PATCH", body={"productType": "PRODUCT", "patches": patches})
    assert mug.quantity == 5


@pytest.mark.parametrize(("product_type", "status"), [("DRINKING_CUP", "ACCEPTED"), ("SHIRT", "INVALID")])
def test_the_product_type_must_be_that_of_the_listing(eu, mug, product_type, status):
    patches = [{"op": "merge", "path": "/attributes/fulfillment_availability", "value": entry(9)}]
    response = eu.listings("MUG", method="PATCH", body={"productType": product_type, "patches": patches})
    assert response.json()["status"] == status


def test_an_unknown_sku_is_invalid_and_so_is_one_of_another_marketplace(eu, mug):
    assert eu.patch("NO-MUG", entry(1)).json()["status"] == "INVALID"
    assert eu.patch("MUG", entry(1), marketplaceIds=FR).json()["status"] == "INVALID"
    assert mug.quantity == 5


def test_a_preview_changes_nothing(eu, mug):
    response = eu.patch("MUG", entry(9), mode="VALIDATION_PREVIEW", includedData="identifiers,issues").json()
    assert (response["status"], response["identifiers"]) == ("VALID", [{"marketplaceId": DE, "asin": mug.asin}])
    assert eu.patch("MUG", entry(-9), mode="VALIDATION_PREVIEW").json()["status"] == "INVALID"
    assert mug.quantity == 5


WRONG = {
    "no product type": {"patches": [{"op": "merge", "path": "/attributes/x", "value": []}]},
    "no patches": {"productType": "PRODUCT"},
    "empty patches": {"productType": "PRODUCT", "patches": []},
    "patches are no list": {"productType": "PRODUCT", "patches": {"op": "merge"}},
    "unknown operation": {"productType": "PRODUCT", "patches": [{"op": "set", "path": "/attributes/x"}]},
    "operation is a number": {"productType": "PRODUCT", "patches": [{"op": 1, "path": "/attributes/x"}]},
    "no path": {"productType": "PRODUCT", "patches": [{"op": "merge"}]},
    "deep path": {"productType": "PRODUCT", "patches": [{"op": "merge", "path": "/attributes/x/0/quantity"}]},
    "value is no list": {
        "productType": "PRODUCT",
        "patches": [{"op": "merge", "path": "/attributes/x", "value": {"quantity": 1}}],
    },
    "stray member": {
        "productType": "PRODUCT",
        "patches": [{"op": "delete", "path": "/attributes/x"}],
        "marketplaceIds": [DE],
    },
}


@pytest.mark.parametrize("body", WRONG.values(), ids=WRONG)
def test_a_wrong_body_is_refused(eu, mug, body):
    assert error_of(eu.listings("MUG", method="PATCH", body=body))[:2] == (400, "InvalidInput")


# Faults, quotas, restarts


def test_a_patch_may_be_invalid_by_fault(sim, eu, mug):
    sim.store.add_fault("patchListingsItem", "patch_invalid", code="8541", message="Not now.")
    response = eu.patch("MUG", entry(9)).json()
    assert (response["status"], response["issues"][0]["message"], mug.quantity) == ("INVALID", "Not now.", 5)
    assert eu.patch("MUG", entry(9)).json()["status"] == "ACCEPTED"


def test_a_patch_may_be_accepted_without_effect(sim, eu, mug):
    sim.store.add_fault("patchListingsItem", "accepted_without_effect")
    assert eu.patch("MUG", entry(9)).json()["status"] == "ACCEPTED"
    assert (mug.quantity, mug.changes) == (5, [])


@pytest.mark.parametrize(
    ("call", "burst"),
    [
        (lambda eu: eu.listings(), 5),
        (lambda eu: eu.listings("MUG"), 10),
        (lambda eu: eu.patch("MUG", entry(1)), 5),
    ],
    ids=["search", "get", "patch"],
)
def test_a_burst_and_then_five_a_second(sim, eu, mug, call, burst):
    assert [call(eu).status_code for _time in range(burst + 1)] == [200] * burst + [429]
    sim.store.clock.advance(0.21)
    assert call(eu).headers["x-amzn-RateLimit-Limit"] == "5"


def test_the_seller_may_change_a_quantity_himself(sim, mug, fba):
    sim.store.set_quantity(EU, "MUG", 42)
    assert (mug.quantity, mug.lead_time, mug.changes[-1].source) == (42, 3, "seller")
    with pytest.raises(ValueError, match="Amazon ships"):
        sim.store.set_quantity(EU, "FBA-MUG", 1)


def test_a_sale_takes_units_off_the_listing_and_no_more_than_there_are(sim, mug):
    sim.store.sell(EU, build_order("DE", order_id="302-1111111-1111111", items=[("MUG", 2), ("MUG", 1)]), age=600)
    assert (mug.quantity, mug.lead_time, mug.changes[-1].source) == (2, 3, "order")
    with pytest.raises(ValueError, match="has not 3 units left"):
        sim.store.sell(EU, build_order("DE", order_id="302-2222222-2222222", items=[("MUG", 3)]))
    assert (mug.quantity, len(sim.store.orders)) == (2, 1)


def test_a_sale_that_amazon_ships_takes_no_units_of_the_seller(sim, fba):
    order = build_order("DE", order_id="302-1111111-1111111", items=[("FBA-MUG", 2)], channel="FBA")
    sim.store.sell(EU, order)
    assert fba.changes == []


def test_listings_outlast_the_process(sim, eu, mug, fba, tmp_path):
    eu.patch("MUG", entry(9))
    eu.patch("FBA-MUG", entry(9))
    before, harmed = dict(sim.store.listings), list(sim.store.harmed_listings)
    sim.store.save(tmp_path / "state")
    sim.store.reset()
    assert (dict(sim.store.listings), sim.store.harmed_listings) == ({}, [])
    sim.store.load(tmp_path / "state")
    assert (sim.store.listings, sim.store.harmed_listings) == (before, harmed)


def test_a_state_from_before_there_were_listings_gets_the_role(sim, tmp_path):
    sim.store.save(tmp_path / "state")
    data = json.loads((tmp_path / "state").read_text())
    new = ("listings", "harmed", "confirmations", "documents", "feeds", "reports")
    data = {name: value for name, value in data.items() if name not in new}
    for seller in data["sellers"]:
        seller["roles"].remove(PRODUCT_LISTING)
    (tmp_path / "state").write_text(json.dumps(data))
    sim.store.load(tmp_path / "state")
    assert PRODUCT_LISTING in sim.store.sellers[EU].roles
