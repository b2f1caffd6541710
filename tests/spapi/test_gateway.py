"""The gateway over real HTTP, against a server that answers as oddly as the internet does."""

import json
import logging
import re
import socket
import threading
from datetime import datetime, timedelta, timezone

import httpx
import pytest
from werkzeug import Response

from spapi import (
    ALL_ORDER_DATA,
    AuthorizationRevoked,
    Credentials,
    Endpoint,
    Gateway,
    InvalidRequest,
    NotFound,
    SpApiError,
    Throttled,
    Unauthorized,
    Unavailable,
)
from spapi.connection import USER_AGENT
from spapi.tokens import AccessTokens

CREDENTIALS = Credentials("client", "the-client-secret", "Atzr|the-refresh-token")
SEARCH = "/orders/2026-01-01/orders"
ORDER_REF = "111-2223334-5556667"
ORDER = {"orderId": ORDER_REF, "buyer": {"buyerName": "Anna Beispiel"}}
QUERY = {"lastUpdatedAfter": "2026-11-22T00:00:00Z", "marketplaceIds": ["A1", "A2"]}
EXPIRED = {
    "errors": [{"code": "Unauthorized", "message": "Access denied.", "details": "The access token has expired."}]
}
DENIED = {"errors": [{"code": "Unauthorized", "message": "Access to requested resource is denied.", "details": ""}]}


class Amazon:
    """Answers each call to the API with the next of ``answers``, the last one for ever."""

    def __init__(self, server):
        url = server.url_for("").rstrip("/")
        self.endpoint = Endpoint(url, url)
        self.answers = []
        self.requests = []
        self.tokens = 0
        server.expect_request("/auth/o2/token").respond_with_handler(self.give_token)
        server.expect_request(re.compile("/(orders|sellers)/")).respond_with_handler(self.answer)

    def give_token(self, _request):
        self.tokens += 1
        return Response(json.dumps({"access_token": f"Atza|{self.tokens}", "expires_in": 3600}))

    def answer(self, request):
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return answer() if callable(answer) and not isinstance(answer, Response) else answer


def answer(body, status=200, content_type="application/json", **headers):
    data = body if isinstance(body, (str, bytes)) else json.dumps(body)
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(data, status, headers={"x-amzn-RequestId": "req-1", **headers}, content_type=content_type)


@pytest.fixture
def amazon(httpserver):
    return Amazon(httpserver)


@pytest.fixture
def gateway(amazon):
    with Gateway(CREDENTIALS, amazon.endpoint, "eu", tokens=AccessTokens()) as gateway:
        yield gateway


def included(request):
    return request.args["includedData"].split(",")


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


# --- the wire ---


def test_nobody_listening_means_unavailable(amazon):
    with Gateway(
        CREDENTIALS, Endpoint("http://127.0.0.1:9", amazon.endpoint.token_url), "eu", tokens=AccessTokens()
    ) as gateway:
        with pytest.raises(Unavailable) as caught:
            gateway.get_order(ORDER_REF)
    assert (caught.value.code, caught.value.status) == ("ConnectError", 0)
    assert caught.value.__cause__ is None and caught.value.__suppress_context__


def test_an_answer_that_does_not_come_means_unavailable_without_a_second_try(amazon):
    released = threading.Event()

    def never():
        released.wait(10)
        return answer({})

    amazon.answers = [never]
    try:
        with Gateway(CREDENTIALS, amazon.endpoint, "eu", timeout=(1, 0.2), tokens=AccessTokens()) as gateway:
            with pytest.raises(Unavailable) as caught:
                gateway.get_order(ORDER_REF)
    finally:
        released.set()
    assert caught.value.code == "ReadTimeout"
    assert len(amazon.requests) == 1


def test_the_usual_timeouts_are_ten_and_thirty_seconds(amazon, gateway):
    amazon.answers = [answer({"order": ORDER})]
    gateway.get_order(ORDER_REF)
    timeout = gateway._http_client.timeout
    assert (timeout.connect, timeout.read, timeout.write, timeout.pool) == (10, 30, 30, 30)


class BreakingServer:
    """Takes ``breaks`` requests and hangs up without a word; answers the next ones."""

    def __init__(self, breaks):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.breaks = breaks
        self.taken = 0
        threading.Thread(target=self.serve, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.socket.getsockname()[1]}"

    def serve(self):
        while True:
            try:
                connection, _address = self.socket.accept()
            except OSError:
                return
            with connection:
                connection.recv(65536)
                self.taken += 1
                if self.taken > self.breaks:
                    body = json.dumps({"order": ORDER}).encode()
                    connection.sendall(
                        b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(body)
                    )
                    connection.sendall(body)


@pytest.mark.parametrize(("breaks", "succeeds"), [(1, True), (2, False)])
def test_a_broken_connection_is_tried_once_more(amazon, breaks, succeeds):
    server = BreakingServer(breaks)
    try:
        endpoint = Endpoint(server.url, amazon.endpoint.token_url)
        with Gateway(CREDENTIALS, endpoint, "eu", tokens=AccessTokens()) as gateway:
            if succeeds:
                assert gateway.get_order(ORDER_REF) == ORDER
            else:
                with pytest.raises(Unavailable):
                    gateway.get_order(ORDER_REF)
    finally:
        server.socket.close()
    assert server.taken == 2


def test_a_closed_gateway_opens_its_connections_again(amazon, gateway):
    amazon.answers = [answer({"order": ORDER})]
    gateway.get_order(ORDER_REF)
    connections = gateway._http_client
    gateway.close()
    gateway.close()
    assert connections.is_closed
    assert gateway.get_order(ORDER_REF) == ORDER


def test_threads_may_share_a_gateway(amazon, gateway):
    amazon.answers = [answer({"order": ORDER})]
    got = []

    def ask():
        got.extend(gateway.get_order(ORDER_REF)["orderId"] for _number in range(10))

    threads = [threading.Thread(target=ask) for _number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert got == [ORDER_REF] * 60
    assert amazon.tokens == 1


# --- the log ---


def test_the_log_has_one_line_for_each_call(amazon, gateway, caplog):
    caplog.set_level("INFO")
    amazon.answers = [answer({"order": ORDER}), answer(DENIED, 401)]
    gateway.get_order(ORDER_REF)
    with pytest.raises(Unauthorized):
        gateway.get_order(ORDER_REF)
    lines = [record.getMessage() for record in caplog.records if record.name.startswith(("spapi", "sp_api", "httpx"))]
    assert [line.rsplit(",", 1)[0] for line in lines if not line.startswith("getAccessToken")] == [
        "getOrder: 200, request req-1",
        "getOrder: 401, request req-1",
    ]


def test_no_logger_at_any_level_tells_a_token_or_an_order(amazon, gateway, caplog):
    for name in (None, "sp_api", "sp_api.base.client", "httpx", "httpcore", "urllib3", "requests"):
        caplog.set_level("DEBUG", logger=name)
    amazon.answers = [answer({"orders": [ORDER]}), answer({"order": ORDER})]
    gateway.search_orders(QUERY, "the-pagination-token")
    gateway.get_order(ORDER_REF)
    # Without the test's own server, which logs what it was asked.
    logged = "\n".join(record.getMessage() for record in caplog.records if record.name != "werkzeug")
    assert "getOrder: 200" in logged
    for secret in ("Atza|", "Atzr|", CREDENTIALS.client_secret, "Anna", "the-pagination-token"):
        assert secret not in logged


def test_the_loggers_of_others_are_left_alone(amazon, gateway, caplog):
    amazon.answers = [answer({"order": ORDER})]
    gateway.get_order(ORDER_REF)
    caplog.set_level("INFO", logger="httpx")
    logging.getLogger("httpx").info("HTTP Request: %s %s", "GET", httpx.URL("https://example.com/"))
    logging.getLogger("sp_api.base.client").warning("something is wrong")
    assert "example.com" in caplog.text and "something is wrong" in caplog.text
