"""Access tokens: kept, renewed, and never given to somebody else."""

import json
import threading
from dataclasses import replace

import pytest
from werkzeug import Response

from spapi import AuthorizationRevoked, ClientRefused, Credentials, Endpoint, Unavailable
from spapi.tokens import AccessTokens

CREDENTIALS = Credentials("client", "the-client-secret", "Atzr|the-refresh-token")


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def tokens(clock):
    return AccessTokens(clock)


class Login:
    """A Login with Amazon that numbers its tokens."""

    def __init__(self, server):
        self.endpoint = Endpoint(server.url_for("").rstrip("/"), server.url_for("").rstrip("/"))
        self.answer = {"token_type": "bearer", "expires_in": 3600}
        self.forms = []
        self.wait = threading.Event()
        self.wait.set()
        server.expect_request("/auth/o2/token", method="POST").respond_with_handler(self.handle)

    def handle(self, request):
        self.forms.append(request.form.to_dict())
        self.wait.wait(5)
        if isinstance(self.answer, Response):
            return self.answer
        body = {"access_token": f"Atza|{len(self.forms)}", **self.answer}
        return Response(json.dumps(body), content_type="application/json")


@pytest.fixture
def login(httpserver):
    return Login(httpserver)


def test_a_token_is_asked_for_with_the_refresh_token(tokens, login):
    assert tokens.get(CREDENTIALS, login.endpoint) == "Atza|1"
    assert login.forms == [
        {
            "grant_type": "refresh_token",
            "refresh_token": CREDENTIALS.refresh_token,
            "client_id": CREDENTIALS.client_id,
            "client_secret": CREDENTIALS.client_secret,
        }
    ]


def test_a_token_is_kept_until_two_minutes_before_its_end(tokens, login, clock):
    tokens.get(CREDENTIALS, login.endpoint)
    clock.now += 3600 - 120 - 1
    assert tokens.get(CREDENTIALS, login.endpoint) == "Atza|1"
    clock.now += 1
    assert tokens.get(CREDENTIALS, login.endpoint) == "Atza|2"


@pytest.mark.parametrize(
    ("expires_in", "kept"),
    [(60, 0), ("1000", 879), (None, 3479), ("soon", 3479), (True, 3479)]
    + [("NaN", 3479), (float("nan"), 3479), ("9" * 5000, 3479), (1e300, 3479), (-5, 0)],
)
def test_amazon_says_how_long_a_token_lives(tokens, login, clock, expires_in, kept):
    login.answer = {"expires_in": expires_in}
    tokens.get(CREDENTIALS, login.endpoint)
    clock.now += kept
    tokens.get(CREDENTIALS, login.endpoint)
    assert len(login.forms) == (1 if kept else 2)
    clock.now += 2
    tokens.get(CREDENTIALS, login.endpoint)
    assert len(login.forms) == (2 if kept else 3)


@pytest.mark.parametrize("part", ["client_id", "client_secret", "refresh_token"])
def test_nobody_gets_the_token_of_somebody_else(tokens, login, part):
    other = replace(CREDENTIALS, **{part: "other"})
    assert tokens.get(CREDENTIALS, login.endpoint) == "Atza|1"
    assert tokens.get(other, login.endpoint) == "Atza|2"
    assert tokens.get(CREDENTIALS, login.endpoint) == "Atza|1"


def test_a_token_of_one_address_is_not_sent_to_another(tokens, login):
    elsewhere = replace(login.endpoint, token_url=login.endpoint.token_url.replace("localhost", "127.0.0.1"))
    assert tokens.get(CREDENTIALS, login.endpoint) == "Atza|1"
    assert tokens.get(CREDENTIALS, elsewhere) == "Atza|2"


def test_a_refused_token_is_forgotten_but_not_a_newer_one(tokens, login):
    tokens.get(CREDENTIALS, login.endpoint)
    tokens.invalidate(CREDENTIALS, login.endpoint, "Atza|1")
    assert tokens.get(CREDENTIALS, login.endpoint) == "Atza|2"
    tokens.invalidate(CREDENTIALS, login.endpoint, "Atza|1")
    assert tokens.get(CREDENTIALS, login.endpoint) == "Atza|2"


def test_threads_that_need_a_token_at_once_share_one_request(tokens, login):
    login.wait.clear()
    got = []
    threads = [
        threading.Thread(target=lambda: got.append(tokens.get(CREDENTIALS, login.endpoint))) for _number in range(8)
    ]
    for thread in threads:
        thread.start()
    login.wait.set()
    for thread in threads:
        thread.join(10)
    assert got == ["Atza|1"] * 8
    assert len(login.forms) == 1


def test_a_failure_is_not_kept(tokens, login):
    login.answer = Response('{"error": "invalid_grant"}', 400)
    with pytest.raises(AuthorizationRevoked):
        tokens.get(CREDENTIALS, login.endpoint)
    login.answer = {}
    assert tokens.get(CREDENTIALS, login.endpoint) == "Atza|2"


def test_a_page_instead_of_a_token_means_unavailable(tokens, login):
    login.answer = Response("<html>503</html>", 503)
    with pytest.raises(Unavailable) as caught:
        tokens.get(CREDENTIALS, login.endpoint)
    assert (caught.value.operation, caught.value.status) == ("getAccessToken", 503)


def test_blank_credentials_are_refused_without_a_call(tokens, login):
    with pytest.raises(ClientRefused):
        tokens.get(replace(CREDENTIALS, client_secret=""), login.endpoint)
    with pytest.raises(AuthorizationRevoked):
        tokens.get(replace(CREDENTIALS, refresh_token=""), login.endpoint)
    assert login.forms == []


def test_dead_tokens_do_not_pile_up(tokens, login, clock):
    for number in range(5):
        tokens.get(replace(CREDENTIALS, refresh_token=f"Atzr|{number}"), login.endpoint)
        clock.now += 4000
    assert len(tokens._held) == 1


def test_what_is_kept_does_not_show_the_token(tokens, login):
    tokens.get(CREDENTIALS, login.endpoint)
    assert "Atza" not in repr(tokens._held)
    assert CREDENTIALS.refresh_token not in repr(tokens._held)


@pytest.mark.parametrize("token", [["Atza|1"], {"Atza|1": 1}, 7, True, None, "", "a b", "Atza|1\n", "\u00e4"])
def test_what_is_no_token_is_not_taken_for_one(tokens, login, token):
    login.answer = {"access_token": token}
    with pytest.raises(Unavailable):
        tokens.get(CREDENTIALS, login.endpoint)
