"""JSON_LISTINGS_FEED: which messages and documents are taken, by the official schema."""

import json

import official
import pytest
from amazon_client import EU
from feeds import JSON, add_offers, finished, message, quantities, report_of

from simulator.bodies import complaints
from simulator.feed_rules import HEADER, MESSAGE, MOST_MESSAGES, OPERATION_RULES


@pytest.fixture(autouse=True)
def offers(sim):
    add_offers(sim)


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


# The official schema


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
