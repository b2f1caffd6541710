"""Feeds: upload, queue, processing of JSON_LISTINGS_FEED, the processing report, and what goes wrong."""

import functools
import gzip
import json

import official
import pytest
import requests
from amazon_client import DE, EU, FEEDS, NOW, Client, error_of

from simulator.bodies import complaints
from simulator.clock import to_text
from simulator.feed_rules import HEADER, MESSAGE, MOST_MESSAGES, OPERATION_RULES
from simulator.sellers import ORDER_TRACKING

JSON = "application/json; charset=UTF-8"


@pytest.fixture(autouse=True)
def offers(sim):
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


# The way of a feed


def test_a_feed_goes_from_the_queue_to_its_report(sim, eu):
    feed_id = eu.feed_listings([message(1, "MUG", 7), message(2, "CUP", 8)])
    assert sim.store.feeds[feed_id].status == "IN_QUEUE"
    first, second = eu.get_feed(feed_id), eu.get_feed(feed_id)
    assert first["processingStatus"] == "IN_PROGRESS"
    assert "resultFeedDocumentId" not in first
    assert (second["processingStatus"], second["marketplaceIds"]) == ("DONE", [DE])
    assert report_of(eu, second) == {
        "header": {"sellerId": EU, "version": "2.0", "feedId": feed_id},
        "issues": [],
        "summary": {
            "errors": 0,
            "warnings": 0,
            "messagesProcessed": 2,
            "messagesAccepted": 2,
            "messagesInvalid": 0,
        },
    }


def test_quantities_change_when_the_feed_ends_and_merge_keeps_the_handling_time(sim, eu):
    feed_id = eu.feed_listings([message(1, "MUG", 7), message(2, "CUP", 8)])
    assert quantities(sim) == {"MUG": 5, "CUP": 5}
    finished(eu, feed_id)
    assert quantities(sim) == {"MUG": 7, "CUP": 8}
    assert sim.store.listing(EU, "MUG").lead_time == 3
    assert [change.source for change in sim.store.listing(EU, "MUG").changes] == ["feed"]


def test_replace_wipes_the_handling_time(sim, eu):
    finished(eu, eu.feed_listings([message(1, "MUG", 7, op="replace")]))
    assert sim.store.listing(EU, "MUG").lead_time is None


def test_a_quantity_for_an_offer_of_amazon_does_harm(sim, eu):
    finished(eu, eu.feed_listings([message(1, "FBA-MUG", 7)]))
    assert [(harm.sku, harm.source) for harm in sim.store.harmed_listings] == [("FBA-MUG", "feed")]


def test_a_feed_that_is_only_listed_goes_on_too(sim, eu):
    eu.feed_listings([message(1, "MUG", 7)])
    listed = [eu.call(f"{FEEDS}/feeds", {"feedTypes": "JSON_LISTINGS_FEED"}).json()["feeds"][0] for _time in range(2)]
    assert [feed["processingStatus"] for feed in listed] == ["IN_PROGRESS", "DONE"]


def test_a_feed_that_takes_time_goes_by_the_clock(sim, eu):
    sim.store.feed_seconds = 600
    feed_id = eu.feed_listings([message(1, "MUG", 7)])
    seen = []
    for seconds in (0, 299, 1, 299, 1):
        sim.store.clock.advance(seconds)
        seen.append(eu.get_feed(feed_id)["processingStatus"])
    assert seen == ["IN_QUEUE", "IN_QUEUE", "IN_PROGRESS", "IN_PROGRESS", "DONE"]


def test_all_feeds_can_be_finished_at_once(sim, eu):
    sim.store.feed_seconds = 600
    eu.feed_listings([message(1, "MUG", 7)])
    eu.feed_listings([message(1, "MUG", 9)])
    sim.store.finish_feeds()
    assert sim.store.listing(EU, "MUG").quantity == 9


def test_the_messages_of_a_feed_can_be_looked_at(sim, eu):
    feed_id = eu.feed_listings([message(1, "MUG", 7)])
    feed = sim.store.feeds[feed_id]
    assert (feed.feed_type, feed.feed_ref, feed.messages) == ("JSON_LISTINGS_FEED", feed_id, [message(1, "MUG", 7)])


# Messages


def test_an_invalid_message_does_not_stop_the_others(sim, eu):
    feed = finished(eu, eu.feed_listings([message(1, "MUG", -1), message(2, "NO-MUG", 1), message(3, "CUP", 8)]))
    report = report_of(eu, feed)
    assert feed["processingStatus"] == "DONE"
    assert [(issue["messageId"], issue["sku"]) for issue in report["issues"]] == [(1, "MUG"), (2, "NO-MUG")]
    assert report["summary"]["errors"] == report["summary"]["messagesInvalid"] == 2
    assert (report["summary"]["messagesProcessed"], report["summary"]["messagesAccepted"]) == (3, 1)
    assert quantities(sim) == {"MUG": 5, "CUP": 8}


def test_a_listing_of_another_marketplace_is_unknown(sim, eu):
    sim.store.add_listing(EU, "FRENCH", marketplaces=("FR",))
    report = report_of(eu, finished(eu, eu.feed_listings([message(1, "FRENCH", 7)])))
    assert report["summary"]["messagesInvalid"] == 1


BAD_MESSAGES = {
    "no object": "MUG",
    "no sku": {"messageId": 1, "operationType": "DELETE"},
    "identifier is zero": message(0, "MUG", 7),
    "identifier is text": message("1", "MUG", 7),
    "identifier is too large": message(2147483648, "MUG", 7),
    "unknown operation": message(1, "MUG", 7, operationType="SET"),
    "no product type": {"messageId": 1, "sku": "MUG", "operationType": "PATCH", "patches": []},
    "no patches": message(1, "MUG", 7, patches=[]),
    "attributes in a patch": message(1, "MUG", 7, attributes={"fulfillment_availability": []}),
    "patches in a deletion": message(1, "MUG", 7, operationType="DELETE"),
    "deep path": message(1, "MUG", 7, patches=[{"op": "merge", "path": "/attributes/a/0", "value": []}]),
    "stray member": message(1, "MUG", 7, lead_time=7),
}


@pytest.mark.parametrize("bad", BAD_MESSAGES.values(), ids=BAD_MESSAGES)
def test_a_message_against_the_schema_is_invalid(sim, eu, bad):
    report = report_of(eu, finished(eu, eu.feed_listings([bad, message(9, "CUP", 8)])))
    assert (report["summary"]["messagesInvalid"], report["summary"]["messagesAccepted"]) == (1, 1)
    assert report["issues"][0]["message"] == "Invalid parameters provided."
    assert quantities(sim) == {"MUG": 5, "CUP": 8}


def test_a_message_identifier_counts_once(sim, eu):
    report = report_of(eu, finished(eu, eu.feed_listings([message(1, "MUG", 7), message(1, "CUP", 8)])))
    assert report["summary"]["messagesInvalid"] == 1
    assert quantities(sim) == {"MUG": 7, "CUP": 5}


def test_partial_update_update_and_delete(sim, eu):
    value = [{"fulfillment_channel_code": "DEFAULT", "quantity": 9}]
    attributes = {"attributes": {"fulfillment_availability": value}, "productType": "PRODUCT"}
    sim.store.listing(EU, "CUP").attributes["item_name"] = [{"value": "Cup"}]
    finished(
        eu,
        eu.feed_listings(
            [
                {"messageId": 1, "sku": "MUG", "operationType": "PARTIAL_UPDATE", **attributes},
                {"messageId": 2, "sku": "CUP", "operationType": "UPDATE", **attributes},
                {"messageId": 3, "sku": "FBA-MUG", "operationType": "DELETE"},
            ]
        ),
    )
    assert quantities(sim) == {"MUG": 9, "CUP": 9}
    assert "item_name" not in sim.store.listing(EU, "CUP").attributes
    assert (EU, "FBA-MUG") not in sim.store.listings


# Documents that cannot be processed


def feed_of(eu, body, content_type=JSON):
    return finished(eu, eu.create_feed(eu.upload(body, content_type)[0]).json()["feedId"])


BAD_DOCUMENTS = {
    "not json": b"no",
    "not utf-8": b'{"header": "\xff"}',
    "no object": b"[]",
    "no messages": json.dumps({"header": {"sellerId": EU, "version": "2.0"}}).encode(),
    "empty messages": json.dumps({"header": {"sellerId": EU, "version": "2.0"}, "messages": []}).encode(),
    "no version": json.dumps({"header": {"sellerId": EU}, "messages": [message(1, "MUG", 7)]}).encode(),
    "another version": json.dumps(
        {"header": {"sellerId": EU, "version": "1.0"}, "messages": [message(1, "MUG", 7)]}
    ).encode(),
    "another seller": json.dumps(
        {"header": {"sellerId": "A9", "version": "2.0"}, "messages": [message(1, "MUG", 7)]}
    ).encode(),
}


@pytest.mark.parametrize("body", BAD_DOCUMENTS.values(), ids=BAD_DOCUMENTS)
def test_a_document_that_cannot_be_read_is_fatal(sim, eu, body):
    feed = feed_of(eu, body)
    assert feed["processingStatus"] == "FATAL"
    assert report_of(eu, feed)["summary"]["messagesProcessed"] == 0
    assert quantities(sim) == {"MUG": 5, "CUP": 5}


def test_another_content_type_is_fatal(eu):
    body = json.dumps({"header": {"sellerId": EU, "version": "2.0"}, "messages": [message(1, "MUG", 7)]}).encode()
    assert feed_of(eu, body, "text/xml; charset=UTF-8")["processingStatus"] == "FATAL"


def test_a_retired_feed_type_is_fatal(eu):
    document_id = eu.upload(b"<AmazonEnvelope/>", "text/xml; charset=UTF-8")[0]
    feed_id = eu.create_feed(document_id, "POST_INVENTORY_AVAILABILITY_DATA").json()["feedId"]
    assert finished(eu, feed_id)["processingStatus"] == "FATAL"


def test_25000_messages_are_processed_and_one_more_is_fatal(sim, eu):
    messages = [message(number, "MUG", number % 100) for number in range(1, MOST_MESSAGES + 1)]
    feed = finished(eu, eu.feed_listings(messages))
    assert report_of(eu, feed)["summary"]["messagesAccepted"] == 25000
    feed = finished(eu, eu.feed_listings([*messages, message(25001, "MUG", 1)]))
    assert feed["processingStatus"] == "FATAL"


# Requests that Amazon refuses


@pytest.mark.parametrize(
    "changes",
    [
        {"feedType": "POST_FEED_OF_TOMORROW"},
        {"feedType": 1},
        {"marketplaceIds": []},
        {"marketplaceIds": DE},
        {"marketplaceIds": [DE] * 26},
        {"marketplaceIds": ["NOWHERE"]},
        {"inputFeedDocumentId": "badDocumentId1"},
        {"feedOptions": {"number": 1}},
        {"feedOptions": "none"},
        {"MarketplaceIds": [DE]},
        {"path": "/feeds"},
    ],
)
def test_a_wrong_feed_is_refused(sim, eu, changes):
    document_id = eu.upload(b"{}")[0]
    assert error_of(eu.create_feed(document_id, **{"feed_type": "JSON_LISTINGS_FEED", **changes}))[0] == 400
    assert not sim.store.feeds


@pytest.mark.parametrize("body", [{}, {"contentType": 1}, {"contentType": "json"}, {"contentType": JSON, "path": "/"}])
def test_a_wrong_document_is_refused(eu, body):
    assert error_of(eu.call(f"{FEEDS}/documents", method="POST", body=body))[:2] == (400, "InvalidInput")


def test_marketplaces_of_others_are_denied(eu):
    assert eu.create_feed(eu.upload(b"{}")[0], marketplaceIds=["ATVPDKIKX0DER"]).status_code == 403


def test_a_document_must_be_uploaded_and_the_sellers_own_and_recent(sim, eu, na):
    empty = eu.call(f"{FEEDS}/documents", method="POST", body={"contentType": JSON}).json()["feedDocumentId"]
    assert eu.create_feed(empty).status_code == 400
    document_id = eu.upload(b"{}")[0]
    assert na.create_feed(document_id, marketplaceIds=["ATVPDKIKX0DER"]).status_code == 400
    sim.store.clock.advance(2 * 86400 + 1)
    assert Client(sim, EU).create_feed(document_id).status_code == 400


def test_the_role_of_product_listing_is_needed(sim, eu):
    document_id = eu.upload(b"{}")[0]
    sim.store.sellers[EU].roles = {ORDER_TRACKING}
    assert eu.create_feed(document_id).status_code == 403


def test_five_listings_feeds_in_five_minutes(sim, eu):
    document_id = eu.upload(b"{}")[0]
    assert [eu.create_feed(document_id).status_code for _time in range(6)] == [202] * 5 + [429]
    sim.store.clock.advance(301)
    assert eu.create_feed(document_id).status_code == 202


def test_an_unknown_feed_is_not_found(eu, na):
    feed_id = eu.feed_listings([message(1, "MUG", 7)])
    assert error_of(na.call(f"{FEEDS}/feeds/{feed_id}"))[:2] == (404, "NotFound")
    assert error_of(na.call(f"{FEEDS}/documents/{eu.upload(b'{}')[0]}"))[:2] == (404, "NotFound")


# Cancelling and listing


def test_only_a_feed_in_the_queue_can_be_cancelled(sim, eu):
    path = f"{FEEDS}/feeds/" + eu.feed_listings([message(1, "MUG", 7)])
    response = eu.call(path, method="DELETE")
    assert (response.status_code, response.content) == (200, b"")
    feed = finished(eu, path.rpartition("/")[2])
    assert feed["processingStatus"] == "CANCELLED"
    assert "resultFeedDocumentId" not in feed
    assert eu.call(path, method="DELETE").status_code == 400
    assert sim.store.listing(EU, "MUG").quantity == 5


def test_feeds_are_listed_latest_first_through_pages(sim, eu):
    feed_ids = [eu.feed_listings([message(1, "MUG", number)]) for number in range(3)]
    first = eu.call(f"{FEEDS}/feeds", {"feedTypes": "JSON_LISTINGS_FEED", "pageSize": 2}).json()
    second = eu.call(f"{FEEDS}/feeds", {"nextToken": first["nextToken"]}).json()
    assert [feed["feedId"] for feed in first["feeds"] + second["feeds"]] == feed_ids[::-1]
    assert "nextToken" not in second


@pytest.mark.parametrize(
    ("params", "count"),
    [
        ({"processingStatuses": "IN_QUEUE,IN_PROGRESS"}, 1),
        ({"processingStatuses": "DONE"}, 0),
        ({"marketplaceIds": DE}, 1),
        ({"marketplaceIds": "A13V1IB3VIYZZH"}, 0),
        ({"createdSince": to_text(NOW)}, 1),
        ({"createdUntil": "2026-01-01T00:00:00Z"}, 0),
    ],
)
def test_feeds_are_found_by_filters(eu, params, count):
    eu.feed_listings([message(1, "MUG", 7)])
    found = eu.call(f"{FEEDS}/feeds", {"feedTypes": "JSON_LISTINGS_FEED", **params}).json()["feeds"]
    assert len(found) == count


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"feedTypes": "X", "processingStatuses": "FINISHED"},
        {"feedTypes": "X", "pageSize": 101},
        {"nextToken": "x"},
        {"feedTypes": "X", "nextToken": "x"},
    ],
)
def test_a_wrong_list_is_refused(eu, params):
    assert eu.call(f"{FEEDS}/feeds", params).status_code == 400


# Uploads and downloads


def code_of(response):
    assert response.headers["Content-Type"] == "application/xml"
    return response.status_code, response.text.partition("<Code>")[2].partition("</Code>")[0]


def test_an_upload_needs_the_same_content_type(eu):
    assert eu.upload(b"{}")[1].status_code == 200
    assert code_of(eu.upload(b"{}", headers={"Content-Type": "application/json"})[1]) == (403, "SignatureDoesNotMatch")


@pytest.mark.parametrize("header", ["Authorization", "x-amz-access-token"])
def test_an_upload_takes_no_token(eu, header):
    assert code_of(eu.upload(b"{}", headers={header: "x"})[1]) == (400, "InvalidArgument")


def test_an_upload_needs_a_length(eu):
    assert code_of(eu.upload(iter([b"{", b"}"]))[1]) == (501, "NotImplemented")


def test_an_address_lives_five_minutes(sim, eu):
    made = eu.call(f"{FEEDS}/documents", method="POST", body={"contentType": JSON}).json()
    sim.store.clock.advance(299)
    assert requests.put(made["url"], data=b"{}", headers={"Content-Type": JSON}, timeout=10).status_code == 200
    sim.store.clock.advance(1)
    response = requests.put(made["url"], data=b"{}", headers={"Content-Type": JSON}, timeout=10)
    assert code_of(response) == (403, "AccessDenied")


def test_an_address_is_for_one_method_and_document(eu):
    made = eu.call(f"{FEEDS}/documents", method="POST", body={"contentType": JSON}).json()
    assert code_of(requests.get(made["url"], timeout=10)) == (403, "SignatureDoesNotMatch")
    other = made["url"].replace(made["feedDocumentId"], eu.upload(b"{}")[0])
    assert code_of(requests.put(other, data=b"", headers={"Content-Type": JSON}, timeout=10))[0] == 403
    assert code_of(requests.get(made["url"].partition("?")[0], timeout=10))[0] == 403


def test_a_document_can_be_downloaded_for_five_minutes(sim, eu):
    document = eu.document(FEEDS, eu.upload(b'{"a": 1}')[0])
    response = requests.get(document["url"], timeout=10)
    assert document["compressionAlgorithm"] == "GZIP"
    assert (gzip.decompress(response.content), response.headers["Content-Type"]) == (b'{"a": 1}', JSON)
    sim.store.clock.advance(300)
    assert code_of(requests.get(document["url"], timeout=10)) == (403, "AccessDenied")


def test_the_content_encoding_is_told_when_asked_for(eu):
    document = eu.document(FEEDS, eu.upload(b"{}")[0], enableContentEncodingUrlHeader="true")
    response = requests.get(document["url"], timeout=10)
    assert (response.headers["Content-Encoding"], response.content) == ("gzip", b"{}")


def test_documents_may_come_without_compression(sim, eu):
    sim.store.compress_documents = False
    document = eu.document(FEEDS, eu.upload(b"{}")[0])
    assert "compressionAlgorithm" not in document
    assert requests.get(document["url"], timeout=10).content == b"{}"


def test_documents_are_kept_for_28_days(sim, eu):
    document_id = eu.upload(b"{}")[0]
    sim.store.clock.advance(28 * 86400 + 1)
    assert Client(sim, EU).call(f"{FEEDS}/documents/{document_id}").status_code == 404


def test_no_key_of_a_document_is_remembered(sim, eu):
    eu.upload(b"{}")
    (call,) = sim.store.calls_of("upload")
    assert (call.seller_id, call.status, set(call.params)) == (EU, 200, {"document_id"})


# Faults


def test_feed_fatal(sim, eu):
    sim.store.add_fault("createFeed", "feed_fatal", applied=1)
    feed = finished(eu, eu.feed_listings([message(1, "MUG", 7), message(2, "CUP", 8)]))
    assert (feed["processingStatus"], quantities(sim)) == ("FATAL", {"MUG": 7, "CUP": 5})
    assert report_of(eu, feed)["issues"][0]["severity"] == "ERROR"


def test_feed_fatal_without_a_report(sim, eu):
    sim.store.add_fault("createFeed", "feed_fatal", with_report=False)
    assert "resultFeedDocumentId" not in finished(eu, eu.feed_listings([message(1, "MUG", 7)]))


def test_feed_cancelled(sim, eu):
    sim.store.add_fault("createFeed", "feed_cancelled")
    feed = finished(eu, eu.feed_listings([message(1, "MUG", 7)]))
    assert (feed["processingStatus"], quantities(sim)["MUG"]) == ("CANCELLED", 5)


@pytest.mark.parametrize("options", [{"skus": ["CUP"]}, {"every": 2}, {}], ids=["skus", "every", "default"])
def test_feed_partly_failed(sim, eu, options):
    sim.store.add_fault("createFeed", "feed_partly_failed", code="90220", message="Not this one.", **options)
    report = report_of(eu, finished(eu, eu.feed_listings([message(1, "MUG", 7), message(2, "CUP", 8)])))
    assert report["issues"] == [
        {"messageId": 2, "sku": "CUP", "code": "90220", "severity": "ERROR", "message": "Not this one."}
    ]
    assert quantities(sim) == {"MUG": 7, "CUP": 5}


def test_feed_slow(sim, eu):
    sim.store.add_fault("createFeed", "feed_slow", seconds=1000)
    feed_id = eu.feed_listings([message(1, "MUG", 7)])
    assert finished(eu, feed_id)["processingStatus"] == "IN_QUEUE"
    sim.store.clock.advance(1000)
    assert eu.get_feed(feed_id)["processingStatus"] == "DONE"


def test_feed_accepted_without_effect(sim, eu):
    sim.store.add_fault("createFeed", "accepted_without_effect")
    report = report_of(eu, finished(eu, eu.feed_listings([message(1, "MUG", 7)])))
    assert (report["summary"]["messagesAccepted"], quantities(sim)["MUG"]) == (1, 5)


@pytest.mark.parametrize(
    ("kind", "code"), [("upload_expired", "AccessDenied"), ("upload_refused", "SignatureDoesNotMatch")]
)
def test_an_upload_may_fail_once(sim, eu, kind, code):
    sim.store.add_fault("upload", kind)
    assert code_of(eu.upload(b"{}")[1]) == (403, code)
    assert eu.upload(b"{}")[1].status_code == 200


def test_a_download_may_have_expired_once(sim, eu):
    document_id = eu.upload(b"{}")[0]
    sim.store.add_fault("getFeedDocument", "document_expired")
    assert code_of(requests.get(eu.document(FEEDS, document_id)["url"], timeout=10)) == (403, "AccessDenied")
    assert requests.get(eu.document(FEEDS, document_id)["url"], timeout=10).status_code == 200


def test_a_document_may_be_mislabelled(sim, eu):
    sim.store.add_fault("getFeedDocument", "document_mislabelled")
    document = eu.document(FEEDS, eu.upload(b"{}")[0])
    assert (document["compressionAlgorithm"], requests.get(document["url"], timeout=10).content) == ("GZIP", b"{}")


def test_transfers_take_the_faults_of_the_connection(sim, eu):
    sim.store.add_fault("upload", "unavailable")
    assert eu.upload(b"{}")[1].status_code == 503
    document_id = eu.upload(b"{}")[0]
    sim.store.add_fault("download", "dropped")
    document = eu.document(FEEDS, document_id)
    with pytest.raises(requests.ConnectionError):
        requests.get(document["url"], timeout=10)
    with pytest.raises(ValueError, match="cannot happen"):
        sim.store.add_fault("upload", "throttled")


def test_a_lost_answer_leaves_the_feed_behind(sim, eu):
    document_id = eu.upload(json.dumps({"header": {"sellerId": EU, "version": "2.0"}, "messages": []}).encode())[0]
    sim.store.add_fault("createFeed", "answer_lost")
    with pytest.raises(requests.ConnectionError):
        eu.create_feed(document_id)
    assert len(sim.store.feeds) == 1


# Rules and restarts


def test_feeds_and_documents_outlast_the_process(sim, eu, tmp_path):
    done = finished(eu, eu.feed_listings([message(1, "MUG", 7)]))
    waiting = eu.feed_listings([message(1, "CUP", 8)])
    before = dict(sim.store.feeds), dict(sim.store.documents)
    sim.store.save(tmp_path / "state")
    sim.store.reset()
    sim.store.load(tmp_path / "state")
    assert (dict(sim.store.feeds), dict(sim.store.documents)) == before
    sim.store.clock.freeze(NOW)
    eu = Client(sim, EU)
    assert report_of(eu, done)["summary"]["messagesAccepted"] == 1
    finished(eu, waiting)
    assert quantities(sim) == {"MUG": 7, "CUP": 8}


@pytest.mark.skipif(not official.available(), reason=official.MISSING)
def test_the_rules_of_a_feed_are_those_of_the_official_schema():
    path = official.reference_folder() / "schemas" / "feeds" / "listings-feed-schema-v2.json"
    schema = json.loads(path.read_text())["properties"]
    messages = schema["messages"]
    assert (messages["minItems"], messages["maxItems"]) == (1, MOST_MESSAGES)
    assert_same(HEADER, schema["header"])
    assert_same(MESSAGE, messages["items"])
    for rule in messages["items"]["oneOf"]:
        needed, barred = OPERATION_RULES[rule["properties"]["operationType"]["const"]]
        assert list(needed) == rule.get("required", [])
        assert set(barred) == {name for name, member in rule["properties"].items() if member is False}


@pytest.mark.skipif(not official.available(), reason=official.MISSING)
def test_the_official_example_of_a_feed_is_taken():
    path = official.reference_folder() / "schemas" / "feeds" / "listings-feed-schema-v2.example.json"
    example = json.loads(path.read_text())
    assert complaints(HEADER, example["header"]) == []
    assert [line for message in example["messages"] for line in complaints(MESSAGE, message)] == []


def assert_same(declared, schema, path=""):
    """What binds in the official schema is declared, and nothing else."""
    if "const" in schema:
        schema = {**schema, "enum": [schema["const"]]}
    words = {"type", "required", "enum", "minItems", "minLength", "minimum", "maximum", "minProperties"}
    for word in words | {"additionalProperties"}:
        assert declared.get(word) == schema.get(word), f"{path} {word}"
    assert set(declared.get("properties", {})) == set(schema.get("properties", {})), path
    for name, member in declared.get("properties", {}).items():
        assert_same(member, schema["properties"][name], f"{path}.{name}")
    if "items" in declared:
        assert_same(declared["items"], schema["items"], f"{path}[]")
