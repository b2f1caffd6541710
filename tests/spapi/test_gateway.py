"""The gateway over real HTTP: what it sends, and what it makes of what comes back."""

import json
from datetime import datetime

import pytest
from api_server import ORDER, ORDER_REF, QUERY, SEARCH, answer

from spapi import ALL_ORDER_DATA, Unavailable
from spapi.connection import USER_AGENT

# --- what is sent ---


def test_a_search_is_sent_as_amazon_documents_it(amazon, gateway):
    amazon.answers = [answer({"orders": []})]
    gateway.search_orders({**QUERY, "maxResultsPerPage": 50, "lastUpdatedBefore": None})
    request = amazon.requests[0]
    assert (request.method, request.path) == ("GET", SEARCH)
    assert request.args.to_dict(flat=False) == {
        "lastUpdatedAfter": [QUERY["lastUpdatedAfter"]],
        "marketplaceIds": ["A1,A2"],
        "maxResultsPerPage": ["50"],
        "includedData": [",".join(ALL_ORDER_DATA)],
    }
    assert request.headers["x-amz-access-token"] == "Atza|1"
    assert request.headers["User-Agent"] == USER_AGENT
    assert request.headers["Host"] == amazon.endpoint.api_url.removeprefix("http://")
    assert datetime.strptime(request.headers["x-amz-date"], "%Y%m%dT%H%M%SZ")


def test_the_query_of_the_caller_is_not_changed(amazon, gateway):
    amazon.answers = [answer({"orders": []})]
    query = dict(QUERY)
    gateway.search_orders(query, "the-token")
    assert query == QUERY
    assert amazon.requests[0].args["paginationToken"] == "the-token"


def test_no_marketplace_is_made_up(amazon, gateway):
    amazon.answers = [answer({"orders": []})]
    gateway.search_orders({"lastUpdatedAfter": QUERY["lastUpdatedAfter"]})
    assert set(amazon.requests[0].args) == {"lastUpdatedAfter", "includedData"}


def test_an_order_reference_cannot_leave_its_place_in_the_path(amazon, gateway):
    amazon.answers = [answer({"order": ORDER})]
    gateway.get_order("1/../x?y")
    assert amazon.requests[0].environ["REQUEST_URI"].startswith(f"{SEARCH}/1%2F..%2Fx%3Fy?")
    with pytest.raises(ValueError, match="reference"):
        gateway.get_order("")


# --- what comes back ---


def test_a_page_of_orders(amazon, gateway):
    body = {"orders": [ORDER], "pagination": {"nextToken": "next"}, "lastUpdatedBefore": "2026-11-23T09:58:00.000Z"}
    amazon.answers = [answer(body, x_amzn_RateLimit_Limit="0.0167")]
    page = gateway.search_orders(QUERY)
    assert page.orders == [ORDER]
    assert (page.next_token, page.last_updated_before) == ("next", "2026-11-23T09:58:00.000Z")
    assert (page.rate_limit, page.personal_data_missing) == (0.0167, False)


@pytest.mark.parametrize(
    "pagination", [{}, {"pagination": None}, {"pagination": {}}, {"pagination": {"nextToken": None}}]
)
def test_the_last_page_has_no_token(amazon, gateway, pagination):
    amazon.answers = [answer({"orders": [], **pagination})]
    page = gateway.search_orders(QUERY)
    assert (page.next_token, page.last_updated_before, page.rate_limit) == (None, None, None)


def test_one_order(amazon, gateway):
    amazon.answers = [answer({"order": ORDER})]
    order = gateway.get_order(ORDER_REF)
    assert order == ORDER
    assert order.personal_data_missing is False
    assert json.loads(json.dumps(order)) == ORDER


def test_what_was_got_does_not_show_personal_data(amazon, gateway):
    amazon.answers = [answer({"order": ORDER}), answer({"orders": [ORDER]})]
    assert "Anna" not in repr(gateway.get_order(ORDER_REF))
    assert "Anna" not in repr(gateway.search_orders(QUERY))


def test_the_participations(amazon, gateway):
    entry = {
        "marketplace": {"id": "A1", "name": "Amazon.de", "countryCode": "DE", "defaultCurrencyCode": "EUR"},
        "storeName": "Shop",
        "participation": {"isParticipating": "true", "hasSuspendedListings": False},
    }
    amazon.answers = [answer({"payload": [entry, {"marketplace": {"id": "A2"}}, {}, None, {"marketplace": "x"}]})]
    first, second = gateway.marketplace_participations()
    assert (first.marketplace_id, first.name, first.country_code, first.currency) == ("A1", "Amazon.de", "DE", "EUR")
    assert (first.is_participating, first.store_name) == (True, "Shop")
    assert (second.marketplace_id, second.is_participating) == ("A2", False)
    assert amazon.requests[0].query_string == b""


def test_a_member_called_headers_does_no_harm(amazon, gateway):
    amazon.answers = [answer({"orders": [], "headers": {"x": 1}, "payload": 3, "errors": None})]
    assert gateway.search_orders(QUERY).orders == []


def test_characters_that_no_database_stores_are_dropped_from_a_page(amazon, gateway):
    name = b"An\\u0000na \\ud800\\ud83d\\ude00 \xed\xa0\x80"
    amazon.answers = [answer(b'{"orders": [{"orderId": "1", "buyer": {"buyerName": "' + name + b'"}}]}')]
    # The raw bytes of half a pair are no UTF-8; the decoder lets them pass, the database would not.
    assert gateway.search_orders(QUERY).orders[0]["buyer"]["buyerName"] == "Anna \U0001f600 "


@pytest.mark.parametrize(
    "body",
    ["", "<html>sign in</html>", '{"orders": [', "[]", "3", "{}", '{"message": "ok"}', '{"orders": {}}']
    + ['{"orders": [null]}', '{"orders": [], "pagination": "x"}', '{"orders": [{"a": NaN}]}', b"\xff\xfe\x00x"]
    + ["[" * 100000, '{"errors": [{"code": "X", "message": "y"}]}'],
    ids=lambda body: str(body)[:30],
)
def test_a_success_that_is_none_means_unavailable(amazon, gateway, body):
    amazon.answers = [answer(body)]
    with pytest.raises(Unavailable) as caught:
        gateway.search_orders(QUERY)
    assert (caught.value.operation, caught.value.status, caught.value.request_id) == ("searchOrders", 200, "req-1")


@pytest.mark.parametrize("body", ["{}", '{"order": null}', '{"order": []}'])
def test_an_order_that_is_none_means_unavailable(amazon, gateway, body):
    amazon.answers = [answer(body)]
    with pytest.raises(Unavailable):
        gateway.get_order(ORDER_REF)


def test_participations_that_are_none_mean_unavailable(amazon, gateway):
    amazon.answers = [answer({"message": "ok"})]
    with pytest.raises(Unavailable):
        gateway.marketplace_participations()
