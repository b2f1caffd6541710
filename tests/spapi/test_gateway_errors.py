"""What the gateway makes of Amazon's refusals."""

from datetime import datetime, timedelta, timezone

import pytest
from api_server import CREDENTIALS, DENIED, EXPIRED, ORDER, ORDER_REF, QUERY, answer

from spapi import (
    AuthorizationRevoked,
    Endpoint,
    Gateway,
    InvalidRequest,
    NotFound,
    SpApiError,
    Throttled,
    Unauthorized,
    Unavailable,
)
from spapi.tokens import AccessTokens


def included(request):
    return request.args["includedData"].split(",")


# --- errors ---


@pytest.mark.parametrize(
    ("status", "expected"),
    [(400, InvalidRequest), (413, InvalidRequest), (415, InvalidRequest), (422, InvalidRequest), (404, NotFound)]
    + [(401, Unauthorized), (403, Unauthorized), (429, Throttled), (500, Unavailable), (502, Unavailable)]
    + [(503, Unavailable), (504, Unavailable), (418, InvalidRequest)],
)
def test_the_status_says_what_kind_of_error_it_is(amazon, gateway, status, expected):
    body = {"errors": [{"code": "TheCode", "message": "Words of Amazon.", "details": "And more."}]}
    amazon.answers = [answer(body, status)]
    with pytest.raises(SpApiError) as caught:
        gateway.marketplace_participations()
    error = caught.value
    assert type(error) is expected
    assert (error.operation, error.status, error.code) == ("getMarketplaceParticipations", status, "TheCode")
    assert (error.request_id, error.amazon_message) == ("req-1", "Words of Amazon. (And more.)")
    assert len(amazon.requests) == 1


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (400, Unavailable),
        (403, Unavailable),
        (404, Unavailable),
        (503, Unavailable),
        (302, Unavailable),
        (429, Throttled),
    ],
)
def test_a_page_of_something_between_is_not_amazons_word(amazon, gateway, status, expected):
    amazon.answers = [answer("<html><body>jane@example.com</body></html>", status, "text/html", Location="/elsewhere")]
    with pytest.raises(expected) as caught:
        gateway.marketplace_participations()
    assert caught.value.amazon_message == ""
    assert len(amazon.requests) == 1


def test_half_an_error_is_not_amazons_word(amazon, gateway):
    amazon.answers = [answer('{"errors": [{"code": "NotF', 404)]
    with pytest.raises(Unavailable):
        gateway.get_order(ORDER_REF)


@pytest.mark.parametrize("body", ['{"message": "Forbidden"}', '{"errors": "Forbidden"}', '{"errors": ["Forbidden"]}'])
def test_a_bare_message_is_understood(amazon, gateway, body):
    amazon.answers = [answer(body, 403)]
    with pytest.raises(Unauthorized) as caught:
        gateway.marketplace_participations()
    assert caught.value.amazon_message == "Forbidden"


@pytest.mark.parametrize("body", ["", "{}", '{"errors": [null]}', '{"errors": {"code": 1}}'])
def test_an_error_without_words_is_still_the_error(amazon, gateway, body):
    amazon.answers = [answer(body, 404)]
    with pytest.raises(NotFound):
        gateway.get_order(ORDER_REF)


def test_amazons_words_come_without_secrets(amazon, gateway):
    message = "Atza|abc of jane@example.com, " + "x" * 1000
    amazon.answers = [answer({"errors": [{"code": "InvalidInput", "message": message}]}, 400)]
    with pytest.raises(InvalidRequest) as caught:
        gateway.get_order(ORDER_REF)
    assert "abc" not in str(caught.value) and "jane" not in str(caught.value)
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [({}, 2), ({"x_amzn_RateLimit_Limit": "0.1"}, 10), ({"x_amzn_RateLimit_Limit": "0"}, 2)]
    + [({"x_amzn_RateLimit_Limit": "nan"}, 2), ({"x_amzn_RateLimit_Limit": "1e-300"}, 3600)],
)
def test_throttled_says_when_to_come_back(amazon, gateway, headers, seconds):
    amazon.answers = [answer({"errors": [{"code": "QuotaExceeded", "message": "m"}]}, 429, **headers)]
    before = datetime.now(timezone.utc)
    with pytest.raises(Throttled) as caught:
        gateway.get_order(ORDER_REF)
    after = datetime.now(timezone.utc)
    assert before <= caught.value.retry_at - timedelta(seconds=seconds) <= after


def test_throttled_remembers_the_rate_that_amazon_named_last(amazon, gateway):
    amazon.answers = [answer({"order": ORDER}, x_amzn_RateLimit_Limit="0.02"), answer("", 429)]
    gateway.get_order(ORDER_REF)
    with pytest.raises(Throttled) as caught:
        gateway.get_order(ORDER_REF)
    assert 45 < (caught.value.retry_at - datetime.now(timezone.utc)).total_seconds() <= 50


# --- tokens ---


@pytest.mark.parametrize("status", [401, 403])
def test_an_expired_token_is_renewed_and_the_call_repeated_once(amazon, gateway, status):
    amazon.answers = [answer(EXPIRED, status), answer({"order": ORDER})]
    assert gateway.get_order(ORDER_REF) == ORDER
    assert [request.headers["x-amz-access-token"] for request in amazon.requests] == ["Atza|1", "Atza|2"]


def test_a_token_that_stays_refused_is_not_tried_a_third_time(amazon, gateway):
    amazon.answers = [answer(EXPIRED, 403)]
    with pytest.raises(Unauthorized):
        gateway.search_orders(QUERY)
    assert len(amazon.requests) == 2


def test_gateways_of_one_seller_share_the_token(amazon):
    amazon.answers = [answer({"order": ORDER})]
    tokens = AccessTokens()
    for _number in range(2):
        with Gateway(CREDENTIALS, amazon.endpoint, "eu", tokens=tokens) as gateway:
            gateway.get_order(ORDER_REF)
    assert amazon.tokens == 1


def test_what_login_with_amazon_says_is_raised(httpserver):
    httpserver.expect_request("/auth/o2/token").respond_with_json({"error": "invalid_grant"}, status=400)
    url = httpserver.url_for("").rstrip("/")
    with Gateway(CREDENTIALS, Endpoint(url, url), "eu", tokens=AccessTokens()) as gateway:
        with pytest.raises(AuthorizationRevoked):
            gateway.search_orders(QUERY)


# --- personal data ---


def test_orders_come_without_personal_data_where_amazon_refuses_it(amazon, gateway):
    amazon.answers = [answer(DENIED, 403), answer({"orders": [ORDER]})]
    page = gateway.search_orders(QUERY)
    assert page.personal_data_missing
    assert page.orders == [ORDER]
    first, second = amazon.requests
    assert {"BUYER", "RECIPIENT", "TAX"} <= set(included(first))
    assert set(included(first)) - set(included(second)) == {"BUYER", "RECIPIENT", "TAX"}
    assert {name: first.args[name] for name in QUERY} == {name: second.args[name] for name in QUERY}


def test_what_was_refused_is_not_asked_for_again(amazon, gateway):
    amazon.answers = [answer(DENIED, 403), answer({"orders": []}), answer({"order": ORDER})]
    gateway.search_orders(QUERY)
    assert gateway.get_order(ORDER_REF).personal_data_missing
    assert len(amazon.requests) == 3


def test_access_that_stays_denied_is_raised_and_asked_for_in_full_next_time(amazon, gateway):
    amazon.answers = [answer(DENIED, 403), answer({"message": "Forbidden"}, 403), answer({"order": ORDER})]
    with pytest.raises(Unauthorized):
        gateway.search_orders(QUERY)
    assert not gateway.get_order(ORDER_REF).personal_data_missing


def test_there_is_nothing_to_leave_out_of_impersonal_data(amazon, gateway):
    amazon.answers = [answer(DENIED, 403)]
    with pytest.raises(Unauthorized):
        gateway.search_orders({**QUERY, "includedData": ["PROCEEDS"]})
    assert len(amazon.requests) == 1


def test_401_is_about_who_asks_not_about_what(amazon, gateway):
    amazon.answers = [answer(DENIED, 401)]
    with pytest.raises(Unauthorized):
        gateway.search_orders(QUERY)
    assert len(amazon.requests) == 1
