"""Linking an account: the addresses a seller is sent to, and the exchange of the code."""

import logging
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from requests import Session
from requests.adapters import HTTPAdapter
from werkzeug import Response

from spapi import (
    AuthorizationRevoked,
    ClientRefused,
    Endpoint,
    InvalidRequest,
    Throttled,
    Unavailable,
    confirm_url,
    consent_url,
    exchange_code,
)

APPLICATION = "amzn1.sp.solution.11111111-2222-3333-4444-555555555555"
CONFIRM = f"https://sellercentral-europe.amazon.com/apps/authorize/confirm/{APPLICATION}"
TOKENS = {"access_token": "Atza|access", "refresh_token": "Atzr|new", "token_type": "bearer", "expires_in": 3600}
SECRETS = {"client_secret": "amzn1.oa2-cs.v1.0123456789", "code": "ANtheSecretCode"}


def query_of(url):
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query, strict_parsing=True).items()}


@pytest.fixture
def login(httpserver):
    """The endpoint of a local Login with Amazon; ``login.answers(...)`` says how it answers."""
    base_url = httpserver.url_for("").rstrip("/")
    return Endpoint(base_url, base_url)


def exchange(endpoint):
    return exchange_code(endpoint, "client", SECRETS["client_secret"], SECRETS["code"])


def answers_with(httpserver, *arguments, **options):
    httpserver.expect_request("/auth/o2/token", method="POST").respond_with_response(Response(*arguments, **options))


# --- the consent page ---


def test_the_consent_page_is_asked_for_the_application_and_the_state():
    url = consent_url("https://sellercentral.amazon.com/", APPLICATION, "a state&=+")
    assert url.startswith("https://sellercentral.amazon.com/apps/authorize/consent?")
    assert query_of(url) == {"application_id": APPLICATION, "state": "a state&=+"}


def test_a_draft_application_is_asked_for_as_beta():
    url = consent_url("https://sellercentral.amazon.de", APPLICATION, "s", "https://odoo.example.com/return?a=b", True)
    assert query_of(url) == {
        "application_id": APPLICATION,
        "state": "s",
        "redirect_uri": "https://odoo.example.com/return?a=b",
        "version": "beta",
    }


# --- the Appstore's confirmation ---


def test_a_seller_from_the_appstore_is_sent_back_with_both_states():
    url = confirm_url(CONFIRM, "theirs", "ours", "https://odoo.example.com/return")
    assert url.startswith(CONFIRM + "?")
    assert query_of(url) == {
        "redirect_uri": "https://odoo.example.com/return",
        "amazon_state": "theirs",
        "state": "ours",
    }


def test_a_query_of_amazons_is_kept():
    url = confirm_url(CONFIRM + "?mons_sel=1", "theirs", "ours", "https://odoo.example.com/return", draft=True)
    assert query_of(url)["mons_sel"] == "1"
    assert query_of(url)["version"] == "beta"


def test_what_a_stranger_put_under_our_names_is_replaced():
    strange = "redirect_uri=https%3A%2F%2Fevil.example&state=evil&amazon_state=evil&version=beta"
    url = confirm_url(f"{CONFIRM}?{strange}", "theirs", "ours", "https://odoo.example.com/return")
    assert parse_qsl(urlsplit(url).query) == [
        ("redirect_uri", "https://odoo.example.com/return"),
        ("amazon_state", "theirs"),
        ("state", "ours"),
    ]


@pytest.mark.parametrize("host", ["amazon.com", "sellercentral.amazon.co.uk", "sellercentral.amazon.co.jp"])
def test_amazons_hosts_are_accepted(host):
    url = f"https://{host}/apps/authorize/confirm/{APPLICATION}"
    assert confirm_url(url, "theirs", "ours", "https://odoo.example.com/return").startswith(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        None,
        "/apps/authorize/confirm/x",
        "javascript:alert(1)//amazon.com/apps/authorize/confirm/x",
        "http://amazon.com/apps/authorize/confirm/x",
        "https://evil.example/apps/authorize/confirm/x",
        "https://amazon.com.evil.example/apps/authorize/confirm/x",
        "https://notamazon.com/apps/authorize/confirm/x",
        "https://amazon.com@evil.example/apps/authorize/confirm/x",
        "https://evil.example\\@amazon.com/apps/authorize/confirm/x",
        "https://evil.example\\.amazon.com/apps/authorize/confirm/x",
        "https://amazon.com:8443/apps/authorize/confirm/x",
        "https://amazon.com/gp/redirect?to=evil",
        "https://amazon.com/apps/authorize/confirm/x#@evil.example",
        "https://www.amazon.com/apps/authorize/confirm/../../../gp/redirect.html?location=https://evil.example",
        "https://www.amazon.com/apps/authorize/confirm/..",
        "https://www.amazon.com/apps/authorize/confirm/%2e%2e/gp/redirect.html",
        "https://www.amazon.com/apps/authorize/confirm/",
        "https://evil.example/\n@amazon.com/apps/authorize/confirm/x",
        "https://\u0430mazon.com/apps/authorize/confirm/x",
        "http://127.0.0.1:8099/apps/authorize/confirm/x",
    ],
)
def test_no_other_address_is_redirected_to(url):
    with pytest.raises(ValueError, match="not Amazon's"):
        confirm_url(url, "theirs", "ours", "https://odoo.example.com/return")


def test_the_simulator_is_accepted_where_one_is_configured():
    url = f"http://127.0.0.1:8099/apps/authorize/confirm/{APPLICATION}"
    arguments = ("theirs", "ours", "https://odoo.example.com/return")
    assert confirm_url(url, *arguments, simulator_url="http://127.0.0.1:8099/").startswith(url)
    with pytest.raises(ValueError, match="not Amazon's"):
        confirm_url(url, *arguments, simulator_url="http://127.0.0.1:8098")


# --- the code becomes a token ---


def test_a_code_is_exchanged_for_a_refresh_token(httpserver, login):
    httpserver.expect_request("/auth/o2/token", method="POST").respond_with_json(TOKENS)
    assert exchange(login) == "Atzr|new"
    request = httpserver.log[0][0]
    assert request.form.to_dict() == {"grant_type": "authorization_code", "client_id": "client", **SECRETS}
    assert request.mimetype == "application/x-www-form-urlencoded"
    assert "Authorization" not in request.headers


@pytest.mark.parametrize(
    ("status", "error", "expected"),
    [
        (400, "invalid_grant", AuthorizationRevoked),
        (401, "invalid_client", ClientRefused),
        (400, "unauthorized_client", ClientRefused),
        (400, "invalid_request", InvalidRequest),
        (400, "invalid_scope", InvalidRequest),
        (403, "access_denied", InvalidRequest),
        (429, "slow_down", Throttled),
        (500, "server_error", Unavailable),
        (503, "temporarily_unavailable", Unavailable),
    ],
)
def test_what_login_with_amazon_refuses(httpserver, login, status, error, expected):
    body = {"error": error, "error_description": f"no: {SECRETS['code']} {SECRETS['client_secret']}"}
    httpserver.expect_request("/auth/o2/token").respond_with_json(
        body, status=status, headers={"x-amzn-RequestId": "req-1"}
    )
    with pytest.raises(expected) as caught:
        exchange(login)
    assert type(caught.value) is expected
    assert (caught.value.status, caught.value.code, caught.value.request_id) == (status, error, "req-1")
    assert caught.value.amazon_message == "no: [secret] [secret]"


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (503, "<html><h1>Service Unavailable</h1></html>"),
        (403, "<html>proxy</html>"),
        (302, ""),
        (200, "<html>Please sign in to the WLAN</html>"),
        (200, '{"access_token": "Atza|acc'),
        (200, "[]"),
        (200, "{}"),
        (200, '{"access_token": "Atza|a\\nb", "refresh_token": "Atzr|new"}'),
        (200, '{"access_token": "Atza|access"}'),
        (200, '{"access_token": "Atza|access", "refresh_token": {}}'),
        (200, "[" * 100000),
        (200, b"\xff\xfe\x00"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_an_answer_that_is_none_means_unavailable(httpserver, login, status, body):
    answers_with(httpserver, body, status=status)
    with pytest.raises(Unavailable) as caught:
        exchange(login)
    assert caught.value.status == status


def test_a_redirection_is_not_followed(httpserver, login):
    answers_with(httpserver, "", status=307, headers={"Location": httpserver.url_for("/elsewhere")})
    with pytest.raises(Unavailable):
        exchange(login)
    assert len(httpserver.log) == 1


def test_amazon_has_ten_seconds_to_connect_and_thirty_to_answer(httpserver, login, monkeypatch):
    seen = []
    send = HTTPAdapter.send
    monkeypatch.setattr(
        HTTPAdapter, "send", lambda self, request, **options: seen.append(options) or send(self, request, **options)
    )
    httpserver.expect_request("/auth/o2/token").respond_with_json(TOKENS)
    exchange(login)
    assert [options["timeout"] for options in seen] == [(10, 30)]


def test_a_number_is_the_timeout_that_a_guard_of_the_session_sees(httpserver, login, monkeypatch):
    """Odoo's tests replace ``Session.send`` by a guard that compares the timeout with a number of seconds."""
    seen = []
    send = Session.send
    monkeypatch.setattr(
        Session, "send", lambda self, request, **options: seen.append(options) or send(self, request, **options)
    )
    httpserver.expect_request("/auth/o2/token").respond_with_json(TOKENS)
    exchange(login)
    assert [options["timeout"] for options in seen] == [30]


def test_nobody_listening_means_unavailable_and_tells_nothing():
    with pytest.raises(Unavailable) as caught:
        exchange(Endpoint("http://127.0.0.1:9", "http://127.0.0.1:9"))
    assert caught.value.code == "ConnectionError"
    assert caught.value.__cause__ is None and caught.value.__suppress_context__


def test_without_a_client_or_a_code_nothing_is_sent(httpserver, login):
    with pytest.raises(ClientRefused):
        exchange_code(login, "client", "", "code")
    with pytest.raises(AuthorizationRevoked):
        exchange_code(login, "client", "secret", "")
    assert httpserver.log == []


def test_a_proxy_of_the_environment_does_not_come_between_this_machine(httpserver, login, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    httpserver.expect_request("/auth/o2/token").respond_with_json(TOKENS)
    assert exchange(login) == "Atzr|new"


def test_the_log_tells_the_call_and_nothing_secret(httpserver, login, caplog):
    caplog.set_level(logging.DEBUG)
    body = {"error": "invalid_grant", "error_description": SECRETS["code"]}
    httpserver.expect_request("/auth/o2/token").respond_with_json(
        body, status=400, headers={"x-amzn-RequestId": "req-1"}
    )
    with pytest.raises(AuthorizationRevoked):
        exchange(login)
    lines = [record.getMessage() for record in caplog.records if record.name.startswith("spapi")]
    assert len(lines) == 1
    assert lines[0].startswith("exchangeCode: 400, request req-1, ")
    for secret in SECRETS.values():
        assert secret not in caplog.text
