"""Answers that are too large, too deep, in the wrong encoding or oddly labelled: an error class, and little memory."""

import gzip
import json
import tracemalloc
import zlib
from contextlib import contextmanager

import pytest
from api_server import CREDENTIALS, ORDER, ORDER_REF, QUERY, answer
from broken_server import RawServer
from werkzeug import Response

from spapi import Endpoint, Gateway, InvalidRequest, NotFound, SpApiError, Throttled, Unauthorized, Unavailable
from spapi.authorization import confirm_url
from spapi.catalogue_report import read_catalogue
from spapi.listings import parse_listing
from spapi.tokens import AccessTokens
from spapi.transport import unpacking

MEGABYTE = 1024 * 1024
#: What reading an answer or a document that is refused for its size may take, whatever its size.
MOST_MEMORY = 40 * MEGABYTE
BODY = {"orders": [ORDER], "lastUpdatedBefore": "2026-11-22T00:00:00Z"}
FIND = json.dumps(BODY).encode()
NAMES = ("NaN", "Infinity", "-Infinity")


@contextmanager
def peak_memory():
    """The most memory (in bytes) that was in use at once within, as ``peak[0]``."""
    peak = []
    tracemalloc.start()
    try:
        yield peak
    finally:
        peak.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()


@contextmanager
def gateway_to(amazon, pieces):
    with RawServer(pieces) as server:
        endpoint = Endpoint(server.url, amazon.endpoint.token_url)
        with Gateway(CREDENTIALS, endpoint, "eu", tokens=AccessTokens()) as gateway:
            yield gateway, server


def head(*lines, status="200 OK"):
    return "\r\n".join([f"HTTP/1.1 {status}", "Content-Type: application/json", *lines, "", ""]).encode("latin-1")


def of_megabytes(number):
    """An orders page whose first order has a name of so many megabytes."""
    yield b'{"orders":[{"orderId":"1","buyer":{"buyerName":"'
    for _number in range(16 * number):
        yield b"A" * (MEGABYTE // 16)
    yield b'"}}]}'


def packed_zeros(number):
    """So many megabytes of zeros, packed to a thousandth."""
    packer = zlib.compressobj(9, zlib.DEFLATED, unpacking.GZIP_WINDOW)
    for _number in range(number):
        yield packer.compress(b"\0" * MEGABYTE)
    yield packer.flush()


# --- size ---


@pytest.mark.parametrize("lines", [["Content-Length: 104857600"], []], ids=["of a told size", "until it ends"])
def test_an_answer_of_100_megabytes_is_given_up_early(amazon, lines):
    def pieces():
        yield head(*lines)
        yield from of_megabytes(100)

    with gateway_to(amazon, pieces) as (gateway, server), peak_memory() as peak:
        with pytest.raises(Unavailable) as caught:
            gateway.search_orders(QUERY)
    assert caught.value.code == "TooLarge"
    assert peak[0] < MOST_MEMORY
    assert server.sent < 40 * MEGABYTE, "the rest is not waited for"
    assert server.taken == 1, "and not asked for again"


def test_an_error_answer_of_100_megabytes_is_given_up_early(amazon):
    def pieces():
        yield head(status="400 Bad Request")
        yield from of_megabytes(100)

    with gateway_to(amazon, pieces) as (gateway, _server), peak_memory() as peak:
        with pytest.raises(Unavailable):
            gateway.search_orders(QUERY)
    assert peak[0] < MOST_MEMORY


def test_a_small_answer_that_unpacks_to_hundreds_of_megabytes_is_given_up_early(amazon):
    bomb = b"".join(packed_zeros(300))
    assert len(bomb) < MEGABYTE

    def pieces():
        yield head("Content-Encoding: gzip", f"Content-Length: {len(bomb)}")
        yield bomb

    with gateway_to(amazon, pieces) as (gateway, _server), peak_memory() as peak:
        with pytest.raises(Unavailable) as caught:
            gateway.search_orders(QUERY)
    assert caught.value.code == "TooLarge"
    assert peak[0] < MOST_MEMORY


def test_a_document_that_unpacks_to_more_than_256_megabytes_is_given_up_there(amazon, gateway):
    bomb = b"".join(packed_zeros(300))
    amazon.answers = [answer({"reportDocumentId": "d", "url": amazon.store.url})]
    amazon.store.answers = [Response(bomb)]
    with peak_memory() as peak, pytest.raises(Unavailable) as caught:
        gateway.download_document("report", "d")
    assert caught.value.code == "TooLarge"
    assert peak[0] < 300 * MEGABYTE, "its limit, and not twice that"


def test_a_token_answer_of_100_megabytes_is_given_up_early(amazon):
    def pieces():
        yield head()
        yield from of_megabytes(100)

    with RawServer(pieces) as server, peak_memory() as peak:
        with Gateway(
            CREDENTIALS, Endpoint(amazon.endpoint.api_url, server.url), "eu", tokens=AccessTokens()
        ) as gateway:
            with pytest.raises(Unavailable) as caught:
                gateway.get_order(ORDER_REF)
    assert caught.value.code == "TooLarge"
    assert peak[0] < 10 * MEGABYTE


def test_an_answer_of_the_largest_size_is_read(amazon, gateway):
    body = {**BODY, "padding": "A" * (unpacking.LARGEST_ANSWER - len(FIND) - 20)}
    amazon.answers = [answer(body)]
    assert gateway.search_orders(QUERY).orders == [ORDER]


def test_an_answer_that_drips_is_given_up(amazon, gateway, monkeypatch):
    monkeypatch.setattr(unpacking, "LONGEST_TRANSFER", -1)
    amazon.answers = [answer(BODY)]
    with pytest.raises(Unavailable) as caught:
        gateway.search_orders(QUERY)
    assert caught.value.code == "TooSlow"


# --- packing ---


@pytest.mark.parametrize(
    ("content", "label"),
    [(gzip.compress(FIND), "gzip"), (gzip.compress(FIND), None), (FIND, "gzip"), (FIND, "br"), (FIND, "x-unknown")],
    ids=["packed", "packed without saying so", "not packed", "not brotli", "an unknown label"],
)
def test_an_answer_is_unpacked_whatever_its_label_says(amazon, gateway, content, label):
    amazon.answers = [answer(content, **({"Content_Encoding": label} if label else {}))]
    assert gateway.search_orders(QUERY).orders == [ORDER]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (gzip.compress(FIND)[:-9], "Incomplete"),
        (b"\x1f\x8b" + FIND, "Unreadable"),
        (b"\x1f\x8b", "Incomplete"),
        (zlib.compress(FIND), "UnreadableAnswer"),
    ],
    ids=["broken off", "garbled", "only the beginning", "deflate, which was not asked for"],
)
def test_an_answer_that_cannot_be_unpacked_means_unavailable(amazon, gateway, content, code):
    amazon.answers = [answer(content, Content_Encoding="gzip")]
    with pytest.raises(Unavailable) as caught:
        gateway.search_orders(QUERY)
    assert caught.value.code == code


# --- depth ---


@pytest.mark.parametrize("opening", ["[", '{"a":', '{"orders":[', '{"orders":[{"buyer":'])
@pytest.mark.parametrize("depth", [1000, 100_000])
def test_an_answer_of_any_depth_means_unavailable(amazon, gateway, opening, depth):
    for content in (opening * depth, json_of_depth(depth), f'{{"errors":{opening * depth}'):
        for status in (200, 400, 500):
            amazon.answers = [answer(content, status)]
            with pytest.raises(SpApiError):
                gateway.search_orders(QUERY)
            with pytest.raises(SpApiError):
                gateway.get_order(ORDER_REF)


def json_of_depth(depth):
    return '{"orders":' + "[" * depth + "]" * depth + "}"


def test_a_token_answer_of_any_depth_means_unavailable(amazon):
    content = "[" * 100_000
    with RawServer(lambda: [head(f"Content-Length: {len(content)}"), content.encode()]) as server:
        with Gateway(CREDENTIALS, Endpoint(server.url, server.url), "eu", tokens=AccessTokens()) as gateway:
            with pytest.raises(Unavailable):
                gateway.get_order(ORDER_REF)


# --- encoding and content type ---


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32-be"])
@pytest.mark.parametrize("told", ["application/json", "application/json; charset=latin-1", "text/html", ""])
def test_every_encoding_of_json_is_read_whatever_the_label_says(amazon, gateway, encoding, told):
    named = {"order": {"orderId": ORDER_REF, "buyer": {"buyerName": "Zoë 山田 👩‍👩‍👧"}}}
    amazon.answers = [answer(json.dumps(named, ensure_ascii=False).encode(encoding), content_type=told)]
    assert gateway.get_order(ORDER_REF) == named["order"]


@pytest.mark.parametrize("content", ['{"order": {"orderId": "Zoë"}}'.encode("latin-1"), b"\xff\xfe\x00", b"\x80" * 99])
def test_what_is_no_encoding_of_json_means_unavailable(amazon, gateway, content):
    for status in (200, 403, 404, 500):
        amazon.answers = [answer(content, status)]
        with pytest.raises(Unavailable):
            gateway.get_order(ORDER_REF)


@pytest.mark.parametrize("name", NAMES)
def test_numbers_that_json_does_not_have_mean_unavailable(amazon, gateway, name):
    amazon.answers = [answer(f'{{"order": {{"orderId": "1", "quantity": {name}}}}}')]
    with pytest.raises(Unavailable):
        gateway.get_order(ORDER_REF)


def test_a_number_of_too_many_digits_means_unavailable(amazon, gateway):
    amazon.answers = [answer(f'{{"order": {{"orderId": {"9" * 5000}}}}}')]
    with pytest.raises(Unavailable):
        gateway.get_order(ORDER_REF)


# --- headers ---


@pytest.mark.parametrize(
    "lines",
    [
        ["x-amzn-RateLimit-Limit: NaN"],
        ["x-amzn-RateLimit-Limit: inf", "x-amzn-RateLimit-Limit: 1e999"],
        ["x-amzn-RateLimit-Limit: -1"],
        ["x-amzn-RateLimit-Limit: 0"],
        ["x-amzn-RateLimit-Limit: 1_000"],
        ["x-amzn-RateLimit-Limit: 0,5"],
        ["x-amzn-RateLimit-Limit: \u00b2"],
        ["x-amzn-RateLimit-Limit: " + "9" * 6000],
        ["x-amzn-RequestId: Atza|SecretOfSomebody", "x-amzn-RequestId: anna@example.com"],
        ["x-amzn-RequestId: \xff\xfe\x80"],
        ["Set-Cookie: a=1", "Set-Cookie: b=2", "X-Empty:"],
        [f"X-Many-{number}: {number}" for number in range(90)],
        ["Location: http://127.0.0.1:1/", "Refresh: 0"],
    ],
)
def test_odd_headers_do_no_harm(amazon, lines, caplog):
    caplog.set_level("INFO")
    content = json.dumps({"order": ORDER}).encode()
    with gateway_to(amazon, lambda: [head(f"Content-Length: {len(content)}", *lines), content]) as (gateway, _server):
        assert gateway.get_order(ORDER_REF) == ORDER
    assert "Secret" not in caplog.text and "anna@" not in caplog.text


@pytest.mark.parametrize(
    "start",
    [
        b"",
        b"\r\n\r\n",
        b"HTTP/1.1\r\n\r\n",
        b"HTTP/1.1 999999 What\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}",
        b"HTTP/1.1 200 OK\r\nX-\x00: \x00\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000,
        b"HTTP/1.1 101 Switching Protocols\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n" * 50,
        b"SSH-2.0-OpenSSH\r\n",
        bytes(range(256)) * 20,
    ],
)
def test_what_is_not_http_means_unavailable(amazon, start):
    with gateway_to(amazon, lambda: [start]) as (gateway, _server), pytest.raises(Unavailable):
        gateway.get_order(ORDER_REF)
    with RawServer(lambda: [start]) as server:
        with Gateway(CREDENTIALS, Endpoint(server.url, server.url), "eu", tokens=AccessTokens()) as gateway:
            with pytest.raises(Unavailable):
                gateway.get_order(ORDER_REF)


@pytest.mark.parametrize(
    ("status", "expected"),
    [(400, InvalidRequest), (401, Unauthorized), (404, NotFound), (429, Throttled), (500, Unavailable)],
)
@pytest.mark.parametrize(
    "errors",
    [{"code": ["x"], "message": {"a": 1}, "details": 5}, "words", [["list"]], [None], 7, True, [{"code": "x" * 9999}]],
    ids=lambda errors: type(errors).__name__ + "-" + str(errors)[:12],
)
def test_errors_of_any_shape_are_told_by_their_status(amazon, gateway, status, expected, errors):
    amazon.answers = [answer({"errors": errors}, status)]
    with pytest.raises(expected):
        gateway.marketplace_participations()


# --- what stands around the orders ---


@pytest.mark.parametrize("pagination", [{"nextToken": 7}, {"nextToken": {"a": 1}}, {"nextToken": True}, [], "t", 7])
def test_a_page_whose_token_cannot_be_read_is_not_taken_for_the_last_one(amazon, gateway, pagination):
    amazon.answers = [answer({**BODY, "pagination": pagination})]
    if pagination == []:
        assert gateway.search_orders(QUERY).next_token is None
        return
    with pytest.raises(Unavailable) as caught:
        gateway.search_orders(QUERY)
    assert caught.value.code == "UnreadableAnswer"


@pytest.mark.parametrize("moment", [7.5, {"a": 1}, [], True, None])
def test_a_moment_that_is_no_text_counts_as_not_told(amazon, gateway, moment):
    amazon.answers = [answer({**BODY, "lastUpdatedBefore": moment})]
    assert gateway.search_orders(QUERY).last_updated_before is None


# --- numbers and references that no database holds ---


@pytest.mark.parametrize("quantity", [10**9, 10**30, -1, 1.5, True, "9" * 30, "-1", "1e3", None, [], {}])
def test_a_quantity_of_a_listing_that_cannot_be_one_counts_as_not_told(quantity):
    entry = {"fulfillmentChannelCode": "DEFAULT", "quantity": quantity}
    assert parse_listing({"sku": "MUG", "fulfillmentAvailability": [entry]}, "M").quantity is None


@pytest.mark.parametrize("quantity", [3, "3", 3.0, " 3 "])
def test_a_quantity_of_a_listing_is_read_however_it_is_written(quantity):
    entry = {"fulfillmentChannelCode": "DEFAULT", "quantity": quantity}
    assert parse_listing({"sku": "MUG", "fulfillmentAvailability": [entry]}, "M").quantity == 3


def test_a_sku_that_is_too_long_to_be_one_is_passed_over(amazon, gateway):
    amazon.answers = [answer({"items": [{"sku": "x" * 256}, {"sku": "x" * 255}]})]
    assert [listing.sku for listing in gateway.search_listings("S", "M").listings] == ["x" * 255]
    rows = read_catalogue(f"seller-sku\tquantity\n{'x' * 256}\t1\nMUG\t1\n".encode())
    assert [row.sku for row in rows] == ["MUG"] and rows.skipped == 1


def test_a_state_that_is_no_text_is_not_sent_back():
    address = "https://sellercentral.amazon.de/apps/authorize/confirm/x"
    with pytest.raises(ValueError, match="The state is not") as caught:
        confirm_url(address, "half a pair \ud83d", "own", "https://odoo.example.com/")
    assert type(caught.value) is ValueError and caught.value.__suppress_context__
