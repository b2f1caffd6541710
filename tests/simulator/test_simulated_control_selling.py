"""The control page and its addresses for packages, listings, feeds and reports."""

import pytest
import requests
from amazon_client import EU, NA


@pytest.fixture
def post(sim):
    """Send JSON, as a script does."""
    return lambda path, **values: requests.post(f"{sim.url}/control/{path}", json=values, timeout=10)


@pytest.fixture
def press(sim):
    """Send a form, as the page does; the page that follows."""
    return lambda path, **values: requests.post(f"{sim.url}/control/{path}", data=values, timeout=10).text


@pytest.fixture
def order_id(post):
    """An order that is shipped in one package."""
    order_id = post("orders", seller_id=EU).json()["order_id"]
    post(f"orders/{order_id}/ship", tracking_number="JD0140000000009")
    return order_id


def message(quantity):
    value = [{"fulfillment_channel_code": "DEFAULT", "quantity": quantity}]
    patches = [{"op": "merge", "path": "/attributes/fulfillment_availability", "value": value}]
    return {"messageId": 1, "sku": "MUG", "operationType": "PATCH", "productType": "PRODUCT", "patches": patches}


def test_the_page_shows_packages_and_marks_one_as_delivered(sim, press, order_id):
    text = requests.get(f"{sim.url}/", params={"seller": EU}, timeout=10).text
    assert "JD0140000000009" in text
    assert "Delivered</button>" in text
    text = press(f"orders/{order_id}/packages/1/deliver", seller_id=EU)
    assert ">DELIVERED<" in text
    assert "Delivered</button>" not in text


@pytest.mark.parametrize(("news", "detailed"), [("return", "RETURNING_TO_SELLER"), ("lose", "LOST")])
def test_a_package_may_come_back_or_be_lost(sim, post, order_id, news, detailed):
    assert post(f"orders/{order_id}/packages/1/{news}").status_code == 200
    package = sim.store.orders[order_id].order["packages"][0]
    assert package["packageStatus"] == {"status": "UNDELIVERABLE", "detailedStatus": detailed}


def test_news_of_an_unknown_package_are_refused_in_words(post, order_id):
    response = post(f"orders/{order_id}/packages/9/deliver")
    assert response.status_code == 400
    assert "has no package 9" in response.json()["error"]


def test_a_listing_is_added_and_its_quantity_set_on_the_page(sim, press):
    text = press("listings", seller_id=EU, sku="MUG", channel="DEFAULT", quantity="3", lead_time="2")
    listing = sim.store.listing(EU, "MUG")
    assert "MUG" in text
    assert (listing.quantity, listing.lead_time) == (3, 2)
    assert set(listing.marketplace_ids) == set(sim.store.sellers[EU].marketplace_ids)
    assert "by seller" in press("listings/quantity", seller_id=EU, sku="MUG", quantity="9")
    assert listing.quantity == 9


@pytest.mark.parametrize(("seller_id", "channel"), [(EU, "AMAZON_EU"), (NA, "AMAZON_NA")])
def test_a_listing_of_amazon_has_the_channel_of_its_region(sim, press, seller_id, channel):
    assert "Amazon (FBA)" in press("listings", seller_id=seller_id, sku="MUG", channel="FBA", quantity="3")
    assert sim.store.listing(seller_id, "MUG").channel == channel


def test_the_sample_products_are_listed(sim, post):
    skus = post("listings/generate", seller_id=EU).json()["skus"]
    assert {"MUG-RED-11OZ", "MUG-RED-11OZ-FBA"} <= set(skus)
    assert [sim.store.listing(EU, sku).is_fba for sku in skus] == [sku.endswith("-FBA") for sku in skus]


def test_listings_are_told_as_json(sim, post):
    post("listings", seller_id=EU, sku="MUG", marketplaces=["DE"], quantity=3)
    sim.store.set_quantity(EU, "MUG", 4)
    (listing,) = requests.get(f"{sim.url}/control/listings", params={"seller_id": EU}, timeout=10).json()["listings"]
    assert (listing["sku"], listing["quantity"], listing["changes"][0][1:]) == ("MUG", 4, [4, "seller"])


def test_harm_to_an_offer_of_amazon_is_shown(sim, eu):
    sim.store.add_listing(EU, "FBA-MUG", channel="AMAZON_EU")
    eu.patch("FBA-MUG", [{"fulfillment_channel_code": "DEFAULT", "quantity": 1}])
    text = requests.get(f"{sim.url}/", params={"seller": EU}, timeout=10).text
    assert "FBA-MUG (patch)" in text


def test_feeds_and_reports_are_shown_and_finished(sim, eu, press):
    sim.store.add_listing(EU, "MUG")
    press("jobs/time", seller_id=EU, seconds="600")
    feed_id, report_id = eu.feed_listings([message(7)]), eu.create_report().json()["reportId"]
    text = requests.get(f"{sim.url}/", params={"seller": EU}, timeout=10).text
    assert feed_id in text
    assert report_id in text
    assert ">IN_QUEUE<" in text
    text = press("jobs/finish", seller_id=EU)
    assert ">DONE<" in text
    assert ">IN_QUEUE<" not in text
    assert sim.store.listing(EU, "MUG").quantity == 7


def test_a_fault_of_a_feed_is_scripted_on_the_page(sim, press):
    press("faults", seller_id=EU, operation="createFeed", kind="feed_fatal", times="1")
    assert [fault.kind for fault in sim.store.faults.coming] == ["feed_fatal"]
    text = press("faults", seller_id=EU, operation="createFeed", kind="patch_invalid", times="1")
    assert "That did not work" in text
