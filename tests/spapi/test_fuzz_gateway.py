"""Every operation, answered with anything: it returns what it promises or raises an ``SpApiError`` that leaks nothing.

The answers come without a network, so that there can be many. Few by default; the long run stands in
``test_fuzz_parsers``.
"""

import importlib.util
import json
import logging
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from unittest.mock import patch

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from order_example import ORDER
from requests.structures import CaseInsensitiveDict

from spapi import Credentials, Endpoint, Gateway, SpApiError
from spapi.authorization import exchange_code
from spapi.listings import quantity_patch
from spapi.sections import UNSTORABLE
from spapi.shipments import ShippedPackage
from spapi.tokens import AccessTokens
from spapi.transport import lwa_client

_spec = importlib.util.spec_from_file_location("bad_input", Path(__file__).resolve().parents[1] / "bad_input.py")
bad_input = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(bad_input)

ENDPOINT = Endpoint("http://127.0.0.1:9", "http://127.0.0.1:9")
CREDENTIALS = Credentials("client", "the-client-secret", "Atzr|the-refresh-token")
CODE = "the-code-of-the-seller"
OWN_SECRETS = (CREDENTIALS.client_secret, CREDENTIALS.refresh_token, "Atza|the-access-token", CODE)
PACKAGE = ShippedPackage("1", "DPD", None, None, "T1", datetime(2026, 11, 22, tzinfo=timezone.utc), (("1", 1),))
SKU = {"sku": "MUG", "summaries": [{"marketplaceId": "M", "itemName": "Mug", "productType": "MUG", "status": []}]}
PROCESSING = {"processingStatus": "DONE", "resultFeedDocumentId": "d", "reportDocumentId": "d", "createdTime": "x"}

#: Each operation with a valid answer of Amazon's.
OPERATIONS = {
    "searchOrders": (
        lambda gateway: gateway.search_orders({"marketplaceIds": ["M"]}),
        {"orders": [ORDER], "pagination": {"nextToken": "t"}, "lastUpdatedBefore": "2026-11-22T00:00:00Z"},
    ),
    "getOrder": (lambda gateway: gateway.get_order("1"), {"order": ORDER}),
    "getMarketplaceParticipations": (
        lambda gateway: gateway.marketplace_participations(),
        {"payload": [{"marketplace": {"id": "M"}, "participation": {"isParticipating": True}}]},
    ),
    "getListingsItem": (lambda gateway: gateway.get_listing("S", "MUG", "M"), SKU),
    "searchListingsItems": (
        lambda gateway: gateway.search_listings("S", "M"),
        {"numberOfResults": 1, "items": [SKU], "pagination": {"nextToken": "t"}},
    ),
    "patchListingsItem": (
        lambda gateway: gateway.patch_listing("S", "MUG", "M", "MUG", quantity_patch(1)),
        {"sku": "MUG", "status": "ACCEPTED", "submissionId": "s", "issues": [{"code": "1", "message": "m"}]},
    ),
    "confirmShipment": (lambda gateway: gateway.confirm_shipment("1", "M", PACKAGE), {}),
    "createFeed": (lambda gateway: gateway.create_feed("F", ["M"], "d"), {"feedId": "1"}),
    "getFeed": (lambda gateway: gateway.get_feed("1"), {"feedId": "1", **PROCESSING}),
    "getFeeds": (
        lambda gateway: gateway.recent_feeds("F", datetime(2026, 11, 22, tzinfo=timezone.utc)),
        {"feeds": [{"feedId": "1", **PROCESSING}], "nextToken": None},
    ),
    "createReport": (lambda gateway: gateway.create_report("R", ["M"]), {"reportId": "1"}),
    "getReport": (lambda gateway: gateway.get_report("1"), {"reportId": "1", **PROCESSING}),
    "getFeedDocument": (lambda gateway: gateway.download_document("feed", "d"), {"url": "http://127.0.0.1:9/?s=1"}),
    "getReportDocument": (lambda gateway: gateway.download_document("report", "d"), {"url": "https://amazon.de:0/"}),
    "createFeedDocument": (
        lambda gateway: gateway.upload_feed_document(b"x", "application/json"),
        {"feedDocumentId": "d", "url": "http://127.0.0.1:9/?s=1"},
    ),
}
STATUSES = [200, 200, 200, 201, 202, 204, 301, 400, 401, 403, 404, 409, 413, 418, 422, 429, 500, 503, 599]
ERROR = {
    "errors": [{"code": "InvalidInput", "message": "Words of Amazon.", "details": "The access token has expired."}]
}
GRANT = {
    "access_token": "Atza|the-access-token",
    "refresh_token": "Atzr|new",
    "token_type": "bearer",
    "expires_in": 3600,
}
REFUSAL = {"error": "invalid_grant", "error_description": "The request has an invalid parameter : the-client-secret"}


class Tokens:
    """Always the same access token."""

    def get(self, *_credentials):
        return "Atza|the-access-token"

    def invalidate(self, *_token):
        pass


@st.composite
def contents(draw, valid):
    """The bytes of an answer: JSON that is somehow wrong, in any encoding; or no JSON at all."""
    if draw(st.integers(1, 6)) == 1:
        return draw(st.binary(max_size=100) | bad_input.texts().map(lambda text: text.encode("utf-8", "surrogatepass")))
    body = draw(bad_input.broken(st.sampled_from([valid, valid, valid, ERROR])) | bad_input.values())
    if isinstance(body, dict) and draw(st.booleans()):
        body |= draw(st.sampled_from([{}, {}, ERROR, {"errors": None}, {"errors": draw(bad_input.values())}]))
    text = json.dumps(body, ensure_ascii=draw(st.booleans()))
    return text.encode(draw(st.sampled_from(["utf-8", "utf-8", "utf-8-sig", "utf-16"])), "surrogatepass")


@st.composite
def headers(draw):
    names = [
        "x-amzn-RequestId",
        "x-amzn-RateLimit-Limit",
        "Content-Type",
        "Content-Encoding",
        "Location",
        "Retry-After",
    ]
    values = st.binary(max_size=20) | bad_input.texts().map(lambda text: text.encode("utf-8", "ignore"))
    return draw(st.lists(st.tuples(st.sampled_from(names).map(str.encode), values), max_size=4))


@contextmanager
def logged():
    """Every line that is logged within, at any level, as one text in ``lines[0]``."""
    lines, logger = [], logging.getLogger()
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(record.getMessage())
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        yield lines
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
        lines[:] = ["\n".join(lines)]


def assert_discreet(*shown):
    for secret in (*bad_input.SECRETS, *OWN_SECRETS):
        assert all(secret not in text for text in shown)


@pytest.mark.parametrize("operation", OPERATIONS)
@bad_input.examples(0.7)
@given(data=st.data())
def test_an_operation_returns_what_it_promises_or_an_error_of_ours(operation, data):
    call, valid = OPERATIONS[operation]

    def answer(_request):
        status = data.draw(st.sampled_from(STATUSES))
        return httpx.Response(status, headers=data.draw(headers()), content=iter([data.draw(contents(valid))]))

    with Gateway(CREDENTIALS, ENDPOINT, "eu", tokens=Tokens()) as gateway, logged() as lines:
        gateway._http_client = httpx.Client(transport=httpx.MockTransport(answer))
        try:
            found = call(gateway)
        except SpApiError as error:
            assert_discreet(bad_input.told(error), error.amazon_message, error.code, error.request_id)
        else:
            _check(operation, found)
    assert_discreet(*lines)


def _check(operation, found):
    assert not any(UNSTORABLE.search(text) for text in bad_input.texts_in(found))
    if operation == "searchOrders":
        assert all(isinstance(order, dict) for order in found.orders)
        assert found.next_token is None or isinstance(found.next_token, str)
        assert found.last_updated_before is None or isinstance(found.last_updated_before, str)
        # They go into the inbox as JSON.
        json.dumps(found.orders, allow_nan=False).encode()
    if operation in ("createFeed", "createReport"):
        assert isinstance(found, str) and found
    if operation == "getOrder":
        assert "Anna" not in repr(found)


@bad_input.examples(2)
@given(st.data())
def test_login_with_amazon_gives_a_token_or_an_error_of_ours(data):
    body = data.draw(contents(data.draw(st.sampled_from([GRANT, GRANT, REFUSAL]))))
    status = data.draw(st.sampled_from([200, 200, 400, 401, 403, 429, 500, 302]))
    answer = _LwaAnswer(status, CaseInsensitiveDict({"x-amzn-RequestId": data.draw(bad_input.texts())}))
    calls = [
        lambda: AccessTokens(lambda: 1000.0).get(CREDENTIALS, ENDPOINT),
        lambda: exchange_code(ENDPOINT, CREDENTIALS.client_id, CREDENTIALS.client_secret, CODE),
    ]
    with patch.object(lwa_client, "_post", lambda *_form: (answer, body)), logged() as lines:
        for call in calls:
            try:
                token = call()
            except SpApiError as error:
                assert_discreet(bad_input.told(error), error.amazon_message, error.code, error.request_id)
            else:
                assert isinstance(token, str) and token
    assert_discreet(*lines)


@bad_input.examples()
@given(st.none() | bad_input.scalars(), st.integers(0, 5000))
def test_a_token_of_any_lifetime_is_used_and_given_up(expires_in, later):
    now = [1000.0]
    tokens = AccessTokens(lambda: now[0])
    asked = []

    def post(*_form):
        asked.append(True)
        return _LwaAnswer(200, {}), json.dumps({**GRANT, "expires_in": expires_in}).encode("utf-8", "surrogatepass")

    with patch.object(lwa_client, "_post", post):
        tokens.get(CREDENTIALS, ENDPOINT)
        now[0] += later
        tokens.get(CREDENTIALS, ENDPOINT)
    assert len(asked) == 2 or later < 3600
    assert len(tokens._held) == 1


class _LwaAnswer:
    def __init__(self, status_code, headers):
        self.status_code = status_code
        self.headers = headers
