"""The gateway and the wire: time, broken connections, threads, and what is logged."""

import logging
import threading

import httpx
import pytest
from api_server import CREDENTIALS, DENIED, ORDER, ORDER_REF, QUERY, answer
from broken_server import BreakingServer

from spapi import Endpoint, Gateway, Unauthorized, Unavailable
from spapi.tokens import AccessTokens

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


@pytest.mark.parametrize(("breaks", "succeeds"), [(1, True), (2, False)])
def test_a_broken_connection_is_tried_once_more(amazon, breaks, succeeds):
    with BreakingServer(breaks, {"order": ORDER}) as server:
        endpoint = Endpoint(server.url, amazon.endpoint.token_url)
        with Gateway(CREDENTIALS, endpoint, "eu", tokens=AccessTokens()) as gateway:
            if succeeds:
                assert gateway.get_order(ORDER_REF) == ORDER
            else:
                with pytest.raises(Unavailable):
                    gateway.get_order(ORDER_REF)
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
    caplog.set_level(logging.INFO)
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
        caplog.set_level(logging.DEBUG, logger=name)
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
    caplog.set_level(logging.INFO, logger="httpx")
    logging.getLogger("httpx").info("HTTP Request: %s %s", "GET", httpx.URL("https://example.com/"))
    logging.getLogger("sp_api.base.client").warning("something is wrong")
    assert "example.com" in caplog.text and "something is wrong" in caplog.text
