"""Amazon's own sandbox cases through the gateway: it sends what the models declare, and reads what they answer."""

import json
from datetime import datetime, timezone

import pytest
from api_server import answer
from official_requests import complaints, official

from spapi import InvalidRequest, ShippedPackage
from spapi.listings import quantity_patch
from spapi.sections import parse_time

if not official.available():
    pytest.skip(official.MISSING, allow_module_level=True)

MODELS = ("ordersV0", "listingsItems_2021-08-01", "feeds_2021-06-30", "reports_2021-06-30")
MARKETPLACE = "ATVPDKIKX0DER"


def confirm_shipment(gateway, orderId, body):
    detail = body["packageDetail"]
    package = ShippedPackage(
        reference=detail["packageReferenceId"],
        carrier_code=detail["carrierCode"],
        carrier_name=detail["carrierName"],
        shipping_method=detail["shippingMethod"],
        tracking_number=detail["trackingNumber"],
        # Amazon's bad case has a date in the American way, which cannot even be built here.
        shipped_at=parse_time(detail["shipDate"]) or datetime(2022, 2, 21, tzinfo=timezone.utc),
        items=tuple((item["orderItemId"], item["quantity"]) for item in detail["orderItems"]),
        ship_from_supply_source_id=detail["shipFromSupplySourceId"],
        transparency_codes=tuple(
            (item["orderItemId"], tuple(item["transparencyCodes"])) for item in detail["orderItems"]
        ),
    )
    return gateway.confirm_shipment(orderId, body["marketplaceId"], package)


CALLS = {
    "confirmShipment": confirm_shipment,
    "getListingsItem": lambda gateway, sku="GM-ZDPI-9B4E", **_other: gateway.get_listing("SELLER", sku, MARKETPLACE),
    "searchListingsItems": lambda gateway, identifiers=(), **_other: gateway.search_listings(
        "SELLER", MARKETPLACE, skus=tuple(identifiers)
    ),
    "patchListingsItem": lambda gateway, sku="GM-ZDPI-9B4E", **_other: gateway.patch_listing(
        "SELLER", sku, MARKETPLACE, "LUGGAGE", quantity_patch(7, 2)
    ),
    "createFeed": lambda gateway, body: gateway.create_feed(
        body.get("feedType", "JSON_LISTINGS_FEED"), body["inputFeedDocumentId"], body["marketplaceIds"]
    ),
    "getFeed": lambda gateway, feedId: gateway.get_feed(feedId),
    "getFeeds": lambda gateway, feedTypes, **_other: gateway.recent_feeds(
        feedTypes[0], datetime(2024, 3, 11, tzinfo=timezone.utc)
    ),
    "createReport": lambda gateway, body: gateway.create_report(body["reportType"], body["marketplaceIds"]),
    "getReport": lambda gateway, reportId: gateway.get_report(reportId),
    "createFeedDocument": lambda gateway, body: gateway.upload_feed_document(b"x", body.get("contentType", "x")),
    "getFeedDocument": lambda gateway, feedDocumentId: gateway.download_document("feed", feedDocumentId),
    "getReportDocument": lambda gateway, reportDocumentId: gateway.download_document("report", reportDocumentId),
}
CASES = [case for model in MODELS for case in official.sandbox_cases(model) if case["operation"] in CALLS]


def sandbox_answer(amazon, case):
    """The answer of a case; its documents lie with us."""
    body = dict(case["response"] or {})
    if "url" in body:
        body["url"] = amazon.store.url
    return answer("" if case["status"] == 204 else body, case["status"])


def call(gateway, case):
    parameters = {name: value for name, value in case["parameters"].items() if value is not None}
    return CALLS[case["operation"]](gateway, **parameters)


def test_every_operation_has_a_case_that_works_and_one_that_does_not():
    for operation in CALLS:
        statuses = {case["status"] for case in CASES if case["operation"] == operation}
        assert 400 in statuses and min(statuses) < 300, operation


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['operation']}-{case['status']}")
def test_a_sandbox_case_through_the_gateway(amazon, gateway, case):
    amazon.answers = [sandbox_answer(amazon, case)]
    if case["status"] < 300:
        call(gateway, case)
    else:
        with pytest.raises(InvalidRequest) as caught:
            call(gateway, case)
        assert caught.value.code == case["response"]["errors"][0]["code"]
        assert caught.value.amazon_message.lower().startswith("invalid input")
    assert [line for request in amazon.requests for line in complaints(request)] == []


def case_of(operation, number=0):
    return [case for case in CASES if case["operation"] == operation and case["status"] < 300][number]


def test_the_sandbox_shipment_arrives_as_amazon_wrote_it(amazon, gateway):
    case = case_of("confirmShipment")
    amazon.answers = [sandbox_answer(amazon, case)]
    assert call(gateway, case) is None
    expected = json.loads(json.dumps(case["parameters"]["body"]).replace("01:00:00.000Z", "01:00:00Z"))
    assert json.loads(amazon.requests[0].get_data()) == expected


def test_the_sandbox_listing_is_read(amazon, gateway):
    case = case_of("getListingsItem")
    amazon.answers = [sandbox_answer(amazon, case)]
    listing = call(gateway, case)
    assert (listing.sku, listing.asin, listing.product_type) == ("GM-ZDPI-9B4E", "B071VG5N9D", "LUGGAGE")
    assert listing.title == "Hardside Carry-On Spinner Suitcase Luggage"
    assert listing.statuses == ("BUYABLE",)
    assert {entry["fulfillmentChannelCode"] for entry in case["response"]["fulfillmentAvailability"]} == {
        entry.channel_code for entry in listing.availability
    }
    assert len(listing.issues) == len(case["response"]["issues"])


def test_the_sandbox_search_is_read(amazon, gateway):
    case = case_of("searchListingsItems")
    amazon.answers = [sandbox_answer(amazon, case)]
    page = call(gateway, case)
    assert page.total == 3
    assert page.next_token == case["response"]["pagination"]["nextToken"]
    assert [listing.sku for listing in page.listings] == [item["sku"] for item in case["response"]["items"]]
    assert amazon.requests[0].args["identifiers"] == "GM-ZDPI-9B4E,HW-ZDPI-9B4E,TC-ZDPI-9B4E"


def test_the_sandbox_changes_are_read(amazon, gateway):
    results = []
    for number in range(3):
        case = case_of("patchListingsItem", number)
        amazon.answers = [sandbox_answer(amazon, case)]
        results.append(call(gateway, case))
    assert [(result.status, result.accepted) for result in results] == [
        ("ACCEPTED", True),
        ("VALID", False),
        ("INVALID", False),
    ]
    (issue,) = results[2].issues
    assert (issue.code, issue.message, issue.severity) == ("90000900", "The attributes are invalid.", "ERROR")


def test_the_sandbox_feeds_and_reports_are_read(amazon, gateway):
    results = {}
    for operation in ("createFeed", "getFeed", "getFeeds", "createReport", "getReport", "createFeedDocument"):
        amazon.answers = [sandbox_answer(amazon, case_of(operation))]
        results[operation] = call(gateway, case_of(operation))
    assert results["createFeed"] == "3485934"
    assert results["createReport"] == "ID323"
    assert results["createFeedDocument"] == "3d4e42b5-1d6e-44e8-a89c-2abfca0625bb"
    feed = results["getFeed"]
    assert (feed.feed_ref, feed.status, feed.result_document_ref, feed.is_final) == ("FeedId1", "CANCELLED", None, True)
    assert results["getFeeds"] == (feed,)
    report = results["getReport"]
    assert (report.report_ref, report.status, report.document_ref) == ("ReportId1", "IN_PROGRESS", None)
    assert not report.is_final


def test_what_else_the_gateway_asks_is_declared_too(amazon, gateway):
    amazon.answers = [answer({"payload": []}), answer({"orders": []}), answer({"order": {"orderId": "1"}})]
    gateway.marketplace_participations()
    gateway.search_orders(
        {"lastUpdatedAfter": "2026-11-22T00:00:00Z", "marketplaceIds": ["A1", "A2"], "maxResultsPerPage": 100}, "token"
    )
    gateway.get_order("111-2223334-5556667")
    amazon.answers = [answer({"numberOfResults": 0, "items": []})]
    gateway.search_listings("SELLER", MARKETPLACE, page_token="the next")
    assert [line for request in amazon.requests for line in complaints(request)] == []
