"""What the tests of feeds share: messages, the end of a feed, and its report held against Amazon's schema."""

import functools
import gzip
import json

import official
import requests
from amazon_client import EU, FEEDS

JSON = "application/json; charset=UTF-8"


def add_offers(sim):
    """Two offers of the seller, one of Amazon."""
    sim.store.add_listing(EU, "MUG", quantity=5, lead_time=3)
    sim.store.add_listing(EU, "CUP", quantity=5)
    sim.store.add_listing(EU, "FBA-MUG", channel="AMAZON_EU")


def message(number, sku, quantity, op="merge", **changes):
    value = [{"fulfillment_channel_code": "DEFAULT", "quantity": quantity}]
    patches = [{"op": op, "path": "/attributes/fulfillment_availability", "value": value}]
    usual = {"messageId": number, "sku": sku, "operationType": "PATCH", "productType": "PRODUCT", "patches": patches}
    return {**usual, **changes}


def finished(eu, feed_id):
    """The feed after it has ended."""
    for _look in range(3):
        feed = eu.get_feed(feed_id)
    return feed


@functools.cache
def report_validator():
    import jsonschema

    name = "listings-feed-processing-report-schema-v2.json"
    path = official.reference_folder() / "schemas" / "feeds" / name
    return jsonschema.Draft7Validator(json.loads(path.read_text())) if path.exists() else None


def report_of(eu, feed):
    """The processing report, held against Amazon's schema."""
    document = eu.document(FEEDS, feed["resultFeedDocumentId"])
    body = requests.get(document["url"], timeout=10).content
    report = json.loads(gzip.decompress(body) if document.get("compressionAlgorithm") else body)
    if report_validator():
        assert [error.message for error in report_validator().iter_errors(report)] == []
    return report


def quantities(sim):
    return {sku: sim.store.listing(EU, sku).quantity for sku in ("MUG", "CUP")}


def code_of(response):
    assert response.headers["Content-Type"] == "application/xml"
    return response.status_code, response.text.partition("<Code>")[2].partition("</Code>")[0]
