"""Every parser, fed with anything: it returns what it promises or raises its own error, which repeats nothing.

Few examples by default. The long run::

    AMAZON_FUZZ_EXAMPLES=1500 scripts/run_tests.py tests/spapi/test_fuzz_parsers.py tests/spapi/test_fuzz_gateway.py

That is about 80,000 examples and ten minutes.
"""

import gzip
import importlib.util
import json
import math
from datetime import datetime, timezone
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from order_example import ORDER

from spapi.amounts import OrderAmounts, order_amounts
from spapi.authorization import confirm_url, consent_url
from spapi.catalogue_report import CatalogueRow, read_catalogue
from spapi.connection import AMAZON_DOMAINS, endpoint_for, simulator_base_url, split_url
from spapi.errors import UnreadableCatalogue, UnreadableResult
from spapi.listings import Listing, ListingSubmission, parse_listing, parse_submission
from spapi.listings_feed import FeedResult, parse_feed_result
from spapi.orders import Order, UnreadableOrder, parse_order
from spapi.participations import parse_participations
from spapi.processing import parse_feed, parse_report
from spapi.redaction import LONGEST_MESSAGE, redact
from spapi.sections import UNSTORABLE, parse_time
from spapi.shipments import ShippedPackage, confirmation_body
from spapi.transport import unpacking
from spapi.transport.answers import rate_of

_spec = importlib.util.spec_from_file_location("bad_input", Path(__file__).resolve().parents[1] / "bad_input.py")
bad_input = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(bad_input)

LISTING = {
    "sku": "MUG",
    "summaries": [{"marketplaceId": "M", "asin": "B0", "itemName": "Mug", "productType": "MUG", "status": ["BUYABLE"]}],
    "attributes": {
        "fulfillment_availability": [
            {"fulfillment_channel_code": "DEFAULT", "quantity": 3, "lead_time_to_ship_max_days": 2}
        ],
        "externally_assigned_product_identifier": [{"type": "ean", "value": "4006381333931"}],
    },
    "issues": [{"code": "1", "message": "Anna Beispiel", "severity": "WARNING"}],
    "fulfillmentAvailability": [{"fulfillmentChannelCode": "DEFAULT", "quantity": 3}],
    "productTypes": [{"marketplaceId": "M", "productType": "MUG"}],
    "status": "ACCEPTED",
    "submissionId": "s",
}
FEED_RESULT = {
    "header": {"sellerId": "A", "version": "2.0", "feedId": "1"},
    "issues": [{"messageId": 1, "sku": "MUG", "code": "8", "severity": "ERROR", "message": "Anna Beispiel"}],
    "summary": {"messagesProcessed": 2, "messagesAccepted": 1, "messagesInvalid": 1},
}
PARTICIPATIONS = [
    {
        "marketplace": {"id": "M", "name": "Amazon.de", "countryCode": "DE", "defaultCurrencyCode": "EUR"},
        "participation": {"isParticipating": True, "hasSuspendedListings": False},
        "storeName": "Shop",
    }
]
PROCESSING = {
    **{"feedId": "1", "reportId": "1", "processingStatus": "DONE", "createdTime": "2026-11-22T18:36:40Z"},
    **{"resultFeedDocumentId": "d", "reportDocumentId": "d", "feedType": "F", "reportType": "R"},
}
HEADER = "seller-sku\titem-name\tasin1\tproduct-id\tproduct-id-type\tquantity\tprice\tfulfillment-channel\tstatus"
ROW = "MUG\tMug, red\tB012345678\t4006381333931\t4\t7\t9.99\tDEFAULT\tActive"
CHARSETS = [
    "utf-8",
    "utf-8-sig",
    "utf-16",
    "utf-32",
    "cp1252",
    "cp932",
    "latin-1",
    "utf-7",
    "base64",
    "idna",
    "zip",
    "\x00",
]


def assert_discreet(error):
    """Nothing of what was read stands in the error."""
    for word in (*bad_input.PERSONAL, *bad_input.SECRETS):
        assert word not in bad_input.told(error)


def assert_storable(value):
    assert not any(UNSTORABLE.search(text) for text in bad_input.texts_in(value))


# --- orders and amounts ---


@bad_input.examples(4)
@given(bad_input.broken(ORDER) | bad_input.values())
def test_an_order_is_read_or_unreadable(raw):
    try:
        order = parse_order(raw)
    except UnreadableOrder as error:
        assert_discreet(error)
        return
    assert isinstance(order, Order)
    assert_storable(order)
    assert order.order_ref.strip() and order.created_at.year in range(1900, 9000)
    assert all(isinstance(item.quantity, int) and 0 <= item.quantity < 10**9 for item in order.items)
    assert isinstance(order_amounts(order), OrderAmounts)


@st.composite
def amounts(draw):
    """What stands at the limit of an amount, or beyond it."""
    digits = draw(st.integers(0, 10**16))
    return draw(st.sampled_from(["", "-", "+"])) + str(Decimal(digits).scaleb(-draw(st.integers(0, 11))))


@bad_input.examples(4)
@given(st.data())
def test_any_amounts_and_quantities_are_split_into_lines(data):
    """However they contradict each other: the lines are exact amounts, and doubts are named."""
    raw = json.loads(json.dumps(ORDER))
    item = raw["orderItems"][0]
    money = [raw["proceeds"]["grandTotal"], item["proceeds"]["proceedsTotal"], item["product"]["price"]["unitPrice"]]
    for breakdown in (*item["proceeds"]["breakdowns"], *raw["proceeds"]["breakdowns"]):
        breakdown["type"] = data.draw(st.sampled_from(["ITEM", "TAX", "DISCOUNT", "SHIPPING", "NEW"]))
        money.append(breakdown["subtotal"])
        for detail in breakdown.get("detailedBreakdowns", []):
            detail["subtype"] = data.draw(st.sampled_from(["ITEM", "DISCOUNT", "SHIPPING", "NEW"]))
            money.append(detail["value"])
    for place in money:
        place["amount"] = data.draw(amounts() | st.sampled_from(["0", "0.00", "-0", "999999999999999.9999999999"]))
    item["quantityOrdered"] = data.draw(st.sampled_from([0, 1, 3, 10**9 - 1]))
    if data.draw(st.booleans()):
        del item["proceeds"]
    try:
        order = parse_order(raw)
    except UnreadableOrder:
        return
    found = order_amounts(order)
    assert all(line.paid.is_finite() and line.tax.is_finite() for line in found.lines)
    assert found.doubts or sum((line.paid for line in found.lines), Decimal(0)) == found.total


@bad_input.examples()
@given(bad_input.texts())
def test_a_text_is_a_moment_in_utc_or_none(text):
    moment = parse_time(text)
    assert moment is None or moment.tzinfo is timezone.utc


# --- listings, feeds, reports, marketplaces ---


@bad_input.examples(2)
@given(bad_input.broken(LISTING))
def test_a_listing_is_read_whatever_is_odd_about_it(raw):
    assume(isinstance(raw, dict))
    listing, submission = parse_listing(raw, "M"), parse_submission(raw)
    assert isinstance(listing, Listing) and isinstance(submission, ListingSubmission)
    assert_storable(listing)
    assert_storable(submission)
    assert listing.is_fba in (True, False)
    assert listing.quantity is None or 0 <= listing.quantity < 10**9


@bad_input.examples(2)
@given(bad_input.broken(FEED_RESULT).map(json.dumps) | bad_input.values().map(json.dumps) | bad_input.texts())
def test_the_result_of_a_feed_is_read_or_unreadable(text):
    for document in (text.encode("utf-8", "surrogatepass"), text.encode("utf-16", "surrogatepass")):
        _check_feed_result(document)


@bad_input.examples()
@given(st.binary(max_size=200))
def test_no_bytes_but_a_report_are_the_result_of_a_feed(document):
    _check_feed_result(document)
    _check_feed_result(json.dumps(FEED_RESULT).encode() + document)


def _check_feed_result(document):
    try:
        result = parse_feed_result(document)
    except UnreadableResult as error:
        assert_discreet(error)
        return
    assert isinstance(result, FeedResult)
    assert_storable(result)
    assert all(isinstance(message_id, int) and issues for message_id, issues in result.refused.items())


@bad_input.examples(2)
@given(bad_input.broken(PARTICIPATIONS) | bad_input.values())
def test_marketplaces_are_read_whatever_is_odd_about_them(raw):
    participations = parse_participations(raw)
    assert_storable(participations)
    assert all(entry.marketplace_id and isinstance(entry.is_participating, bool) for entry in participations)


@bad_input.examples(2)
@given(bad_input.broken(PROCESSING))
def test_a_feed_or_a_report_is_read_whatever_is_odd_about_it(raw):
    assume(isinstance(raw, dict))
    for status in (parse_feed(raw), parse_report(raw)):
        assert_storable(status)
        assert status.is_final in (True, False)


# --- the report of the catalogue ---


@st.composite
def catalogues(draw):
    """A report in any encoding, with cells of any kind, and what is said of its encoding."""
    cells = HEADER.split("\t")
    header = "\t".join(draw(st.permutations(cells))) if draw(st.booleans()) else HEADER
    rows = [ROW]
    for _row in range(draw(st.integers(0, 4))):
        rows.append("\t".join(draw(bad_input.texts()) for _cell in range(draw(st.integers(0, 12)))))
    text = draw(st.sampled_from(["\n", "\r\n", "\r", "\u2028"])).join([header, *rows])
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252", "cp932"]))
    content = text.encode(encoding, "surrogatepass" if encoding.startswith("utf") else "replace")
    told = draw(st.sampled_from(CHARSETS) | bad_input.texts())
    return content, draw(st.sampled_from(["", "text/plain", f"text/plain; charset={told}", f'x;charset="{told}']))


@bad_input.examples(4)
@given(catalogues() | st.tuples(st.binary(max_size=300), bad_input.texts()))
def test_a_catalogue_in_any_encoding_is_read_or_unreadable(report):
    document, content_type = report
    try:
        rows = list(read_catalogue(document, content_type))
    except UnreadableCatalogue as error:
        assert_discreet(error)
        return
    assert all(isinstance(row, CatalogueRow) and row.sku for row in rows)
    assert_storable(rows)
    assert all(row.quantity is None or 0 <= row.quantity < 10**9 for row in rows)
    assert all(row.price is None or row.price.is_finite() for row in rows)


# --- what came packed ---


@bad_input.examples(2)
@given(st.binary(max_size=400), st.integers(1, 50), st.booleans(), st.integers(0, 30), st.binary(max_size=5))
def test_content_in_any_pieces_is_unpacked_or_unusable(content, size, packed, cut, tail):
    stored = gzip.compress(content) if packed else content
    stored = stored[: len(stored) - cut] + tail
    pieces = [stored[start : start + size] for start in range(0, len(stored), size)]
    try:
        found = unpacking.read_all(iter(pieces), largest=300)
    except unpacking.UnusableContent as error:
        assert str(error) == ""
        return
    assert len(found) <= 300
    if packed and not cut and not tail:
        assert found == content
    if not stored.startswith(unpacking.GZIP):
        assert found == stored


# --- words of Amazon ---


@bad_input.examples(4)
@given(bad_input.texts(), st.sampled_from(bad_input.SECRETS), bad_input.texts(), st.sampled_from(" \"'<>,;()\n\t"))
def test_no_secret_comes_through_among_any_words(before, secret, after, between):
    line = redact(f"{before}{between}{secret}{between}{after}")
    assert secret not in line and len(line) <= LONGEST_MESSAGE and line.isprintable()
    known = before.strip() or "x"
    assert known not in redact(f"a {known} b", [known]) or known in "[secret] a b"


@bad_input.examples()
@given(st.binary(max_size=40) | st.sampled_from([text.encode("utf-8", "ignore") for text in bad_input.UGLY_TEXTS]))
def test_a_rate_is_a_number_of_calls_or_none(header):
    response = httpx.Response(200, headers=[(b"x-amzn-RateLimit-Limit", header), (b"x-amzn-ratelimit-limit", header)])
    rate = rate_of(response)
    assert rate is None or (math.isfinite(rate) and rate > 0)


# --- addresses ---


@st.composite
def addresses(draw):
    """An address put together from parts that have fooled others."""
    host = draw(
        st.sampled_from(
            ["sellercentral.amazon.de", "amazon.de.evil.example", "evil.example#amazon.de", "amazon.de@evil.example"]
            + [
                "evil.example\\@amazon.de",
                "evilamazon.de",
                "AMAZON.DE",
                "amazon.de.",
                "amazon.de:443",
                "amazon.de:8443",
            ]
            + [
                "[::1]",
                "xn--amazn-mye.de",
                "ａmazon.de",
                "amazon.de%2eevil.example",
                "amazon\t.de",
                "evil.example/amazon.de",
            ]
        )
    )
    scheme = draw(
        st.sampled_from(["https://", "http://", "//", "javascript:", "https:/", "https:\\\\", "data:", " https://"])
    )
    path = draw(st.sampled_from(["/apps/authorize/confirm/x", "/apps/authorize/confirm/../../x", "/", "", "?", "#"]))
    return f"{scheme}{host}{path}{draw(st.sampled_from(['', '?a=b', '#f']) | bad_input.texts())}"


@bad_input.examples(4)
@given(addresses() | bad_input.texts(), bad_input.texts(), bad_input.texts())
def test_a_seller_is_sent_to_amazon_and_nowhere_else(callback, amazon_state, state):
    try:
        url = confirm_url(callback, amazon_state, state, "https://odoo.example.com/amazon/oauth/return")
    except ValueError as error:
        assert not isinstance(error, UnicodeError)
        assert_discreet(error)
        return
    host = urlsplit(url).hostname
    assert url.startswith("https://") and any(host == name or host.endswith(f".{name}") for name in AMAZON_DOMAINS)
    assert url.isascii() and url.isprintable() and " " not in url


@bad_input.examples()
@given(bad_input.texts(), bad_input.texts())
def test_the_address_of_the_consent_page_holds_whatever_it_is_given(application, state):
    assume(not UNSTORABLE.search(application + state))
    url = consent_url("https://sellercentral.amazon.de/", application, state)
    assert url.startswith("https://sellercentral.amazon.de/apps/authorize/consent?application_id=")
    assert split_url(url).path == "/apps/authorize/consent"


@bad_input.examples()
@given(addresses() | bad_input.texts(), bad_input.texts(), bad_input.texts())
def test_an_address_of_the_simulator_is_plain_or_refused(url, environment, region):
    for call in (lambda: simulator_base_url(url), lambda: endpoint_for("simulator", "eu", url).api_url):
        try:
            found = call()
        except ValueError:
            continue
        assert found.startswith(("http://", "https://")) or found[:8].lower().startswith("http")
        assert "amazon.de" != split_url(found).hostname
    with pytest.raises(ValueError):
        endpoint_for(environment, region)


# --- what we tell Amazon ---


@bad_input.examples()
@given(
    st.builds(
        ShippedPackage,
        reference=bad_input.texts() | st.just("1"),
        carrier_code=bad_input.texts() | st.just("Other"),
        carrier_name=bad_input.texts() | st.none(),
        shipping_method=bad_input.texts() | st.none(),
        tracking_number=bad_input.texts(),
        shipped_at=st.just(datetime(2026, 11, 22, tzinfo=timezone.utc)) | st.just(datetime(2026, 11, 22)),
        items=st.lists(st.tuples(bad_input.texts(), st.integers(-1, 5) | st.just(True)), max_size=3).map(tuple),
    )
)
def test_a_package_is_told_as_json_or_refused(package):
    try:
        body = confirmation_body("M", package)
    except ValueError as error:
        assert_discreet(error)
        return
    assert json.loads(json.dumps(body, allow_nan=False)) == body
    assert body["packageDetail"]["trackingNumber"] not in repr(package) or len(package.tracking_number) < 30
