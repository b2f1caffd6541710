"""The document of a listings feed, and the report that comes back."""

import json
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st
from official_requests import official

from spapi.errors import UnreadableResult
from spapi.listings import quantity_patch
from spapi.listings_feed import FEED_LIMIT, FeedMessage, feed_document, parse_feed_result

SCHEMAS = official.reference_folder() / "schemas" / "feeds"
needs_schemas = pytest.mark.skipif(not SCHEMAS.is_dir(), reason=official.MISSING)
SUMMARY = {"errors": 1, "warnings": 0, "messagesProcessed": 3, "messagesAccepted": 2, "messagesInvalid": 1}


def message(number=1, sku="MUG", quantity=7):
    return FeedMessage(number, sku, "PRODUCT", quantity_patch(quantity))


def made(messages, **options):
    return json.loads(b"".join(feed_document("A1SELLER", messages, **options)))


def schema(name):
    return json.loads((SCHEMAS / f"listings-feed-{name}.json").read_text(encoding="utf-8"))


# --- the document ---


def test_a_feed_of_two_messages():
    assert made([message(1, "MUG/ü"), message(2, "CUP", 0)], issue_locale="de_DE") == {
        "header": {"sellerId": "A1SELLER", "version": "2.0", "issueLocale": "de_DE"},
        "messages": [
            {
                "messageId": number,
                "sku": sku,
                "operationType": "PATCH",
                "productType": "PRODUCT",
                "patches": quantity_patch(quantity),
            }
            for number, sku, quantity in [(1, "MUG/ü", 7), (2, "CUP", 0)]
        ],
    }


@needs_schemas
def test_a_feed_is_one_by_amazons_schema():
    import jsonschema

    document = made([message(number, f"SKU-{number}", number) for number in range(1, 200)])
    feed = {**schema("schema-v2"), "additionalProperties": False}
    assert list(jsonschema.Draft7Validator(feed).iter_errors(document)) == []
    validator = jsonschema.Draft7Validator(schema("message-schema-v2"))
    assert [error for entry in document["messages"] for error in validator.iter_errors(entry)] == []


def test_the_largest_feed_takes_little_memory():
    messages = (message(number, f"A-RATHER-LONG-SKU-{number:09}", number) for number in range(1, FEED_LIMIT + 1))
    tracemalloc.start()
    try:
        size = sum(map(len, feed_document("A1SELLER", messages)))
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert size > 5_000_000
    assert peak < 8_000_000


def test_the_largest_feed_is_whole():
    document = made(message(number, f"SKU-{number}") for number in range(1, FEED_LIMIT + 1))
    assert [entry["messageId"] for entry in document["messages"]] == list(range(1, FEED_LIMIT + 1))


def test_no_more_messages_than_amazon_takes():
    with pytest.raises(ValueError, match="25000"):
        made(message(number) for number in range(1, FEED_LIMIT + 2))


def test_a_feed_without_messages_is_none():
    with pytest.raises(ValueError, match="needs messages"):
        made([])


@pytest.mark.parametrize("number", [0, -1, 2**31, True, "1", None])
def test_a_message_has_a_number_from_one(number):
    with pytest.raises(ValueError, match="number"):
        made([message(number)])


def test_a_number_stands_once():
    with pytest.raises(ValueError, match="its own"):
        made([message(1), message(1, "CUP")])


@pytest.mark.parametrize(("sku", "product_type", "patches"), [("", "P", [{}]), ("S", "", [{}]), ("S", "P", [])])
def test_a_message_says_what_of_what(sku, product_type, patches):
    with pytest.raises(ValueError, match="needs a SKU"):
        made([FeedMessage(1, sku, product_type, patches)])


# --- the report ---


def report(**members):
    return json.dumps({"header": {"sellerId": "A1", "version": "2.0", "feedId": "1"}, **members}).encode()


@needs_schemas
def test_amazons_example_is_read():
    raw = (SCHEMAS / "listings-feed-processing-report-schema-v2.example.json").read_bytes()
    result = parse_feed_result(raw)
    summary = json.loads(raw)["summary"]
    assert (result.processed, result.accepted, result.invalid) == (
        summary["messagesProcessed"],
        summary["messagesAccepted"],
        summary["messagesInvalid"],
    )
    assert len(result.issues) == len(json.loads(raw)["issues"])
    assert [issue.code for issue in result.refused[4]] == ["90220", "90220"]
    assert result.refused[4][0].sku == "My-SKU-B"


def test_a_warning_refuses_nothing_and_an_unknown_word_stays():
    issues = [
        {"messageId": 1, "sku": "A", "code": "1", "severity": "WARNING", "message": "w"},
        {"messageId": "2", "sku": "B", "code": 2, "severity": "error", "message": "e"},
        {"messageId": 2, "sku": "B", "message": "no severity"},
        {"messageId": 3, "sku": "C", "severity": "NEW", "message": "n"},
        {"code": "4", "severity": "ERROR", "message": "the whole feed"},
    ]
    result = parse_feed_result(report(issues=issues, summary=SUMMARY))
    assert {number: [issue.message for issue in found] for number, found in result.refused.items()} == {
        2: ["e", "no severity"]
    }
    assert result.issues[1].code == "2"
    assert result.issues[3].severity == "NEW"
    assert (result.issues[4].message_id, result.issues[4].sku) == (None, "")


@pytest.mark.parametrize("members", [{}, {"issues": None}, {"issues": []}, {"items": [{}], "new": 1}])
def test_a_report_without_issues(members):
    result = parse_feed_result(report(summary=SUMMARY, **members))
    assert (result.processed, result.accepted, result.invalid, result.issues) == (3, 2, 1, ())


def test_what_was_refused_follows_where_it_is_not_told():
    assert parse_feed_result(report(summary={"messagesProcessed": 5, "messagesAccepted": 3})).invalid == 2


def test_a_byte_order_mark_and_other_encodings_do_no_harm():
    text = report(summary=SUMMARY).decode()
    for encoding in ("utf-8-sig", "utf-16", "utf-32"):
        assert parse_feed_result(text.encode(encoding)).accepted == 2


def test_characters_that_no_database_stores_are_dropped():
    issue = {"messageId": 1, "sku": "A\x00", "severity": "ERROR", "message": "a\x00b\ud800c"}
    (found,) = parse_feed_result(report(summary=SUMMARY, issues=[issue])).issues
    assert (found.sku, found.message) == ("A", "abc")


@pytest.mark.parametrize(
    "document",
    [b"", b"<html>", b"[]", b"3", b"null", b"{}", b'{"summary": 3}', b'{"summary": {"messagesProcessed": 1}}']
    + [b"\xff\xfe\x00", b"[" * 100_000, b'{"summary": {"messagesProcessed": -1, "messagesAccepted": 1}}']
    + [report(summary=SUMMARY, issues={}), report(summary=SUMMARY, issues=[None]), report(summary=SUMMARY)[:-3]]
    + [report(summary={**SUMMARY, "messagesAccepted": True}), report(summary={**SUMMARY, "messagesAccepted": 1.5})],
)
def test_what_is_no_report_is_unreadable(document):
    with pytest.raises(UnreadableResult) as caught:
        parse_feed_result(document)
    assert str(caught.value).startswith("Amazon's report about the feed cannot be read: ")
    assert caught.value.__cause__ is None


@given(st.binary(max_size=200))
def test_no_bytes_do_anything_else(document):
    try:
        parse_feed_result(document)
    except UnreadableResult:
        return
