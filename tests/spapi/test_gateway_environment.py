"""What the environment of the process says must not change whom we speak to, or as whom."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from spapi import Credentials, Endpoint, Gateway
from spapi.tokens import AccessTokens

ROOT = Path(__file__).resolve().parents[2]
ORDER = {"orderId": "111-2223334-5556667"}
PROXY_VARIABLES = ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")
CALL = """
import json, os, sys
from spapi import Credentials, Endpoint, Gateway
before = dict(os.environ)
with Gateway(Credentials("client", "secret", "Atzr|token"), Endpoint(sys.argv[1], sys.argv[1]), "eu") as gateway:
    order = gateway.get_order("111-2223334-5556667")
assert dict(os.environ) == before, "the environment was changed"
print(json.dumps(order))
"""
CHECK_IMPORTS = """
import sys
import spapi
print(sorted({"odoo", "sp_api", "httpx"} & set(sys.modules)))
"""


@pytest.fixture
def amazon(httpserver):
    """A server that answers as Amazon does; its base URL."""
    httpserver.expect_request("/auth/o2/token").respond_with_json({"access_token": "Atza|1", "expires_in": 3600})
    httpserver.expect_request(f"/orders/2026-01-01/orders/{ORDER['orderId']}").respond_with_json({"order": ORDER})
    return httpserver.url_for("").rstrip("/")


def run(script, *arguments, **environment):
    """Run Python in a fresh process; what it printed."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    process = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert process.returncode == 0, process.stderr
    return process.stdout


def get_order(url):
    with Gateway(
        Credentials("client", "secret", "Atzr|token"), Endpoint(url, url), "eu", tokens=AccessTokens()
    ) as gateway:
        return gateway.get_order(ORDER["orderId"])


@pytest.mark.parametrize(
    "environment",
    [
        {"AWS_ENV": "SANDBOX"},
        {"AWS_ENV": "staging"},
        {"SP_API_DEFAULT_MARKETPLACE": "US"},
        {"SP_API_DEFAULT_MARKETPLACE": "nowhere"},
        {"SP_API_AUTH_CACHE_SIZE": "many", "SP_API_AUTH_CACHE_TTL": "long"},
        {"LWA_APP_ID": "other", "LWA_CLIENT_SECRET": "other", "SP_API_REFRESH_TOKEN": "Atzr|other"},
    ],
    ids=lambda environment: "-".join(f"{name}={value}" for name, value in environment.items())[:60],
)
def test_the_librarys_variables_do_not_matter(httpserver, amazon, environment):
    assert json.loads(run(CALL, amazon, **environment)) == ORDER
    form = httpserver.log[0][0].form
    assert (form["client_id"], form["client_secret"], form["refresh_token"]) == ("client", "secret", "Atzr|token")


@pytest.mark.parametrize("proxy", ["http://127.0.0.1:9", "socks5://127.0.0.1:9", "nonsense"])
def test_a_proxy_does_not_come_between_this_machine_and_itself(amazon, monkeypatch, proxy):
    for name in PROXY_VARIABLES:
        monkeypatch.setenv(name, proxy)
    assert get_order(amazon) == ORDER


def test_a_proxy_is_used_for_what_is_elsewhere(httpserver, amazon, monkeypatch):
    for name in ("NO_PROXY", "no_proxy", *PROXY_VARIABLES):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", amazon)
    assert get_order("http://simulator.example:8099") == ORDER
    assert [request.headers["Host"] for request, _response in httpserver.log] == ["simulator.example:8099"] * 2


def test_a_password_file_of_the_user_is_not_sent_along(httpserver, amazon, monkeypatch, tmp_path):
    passwords = tmp_path / "netrc"
    passwords.write_text("machine simulator.example login somebody password something\n", encoding="utf-8")
    passwords.chmod(0o600)
    monkeypatch.setenv("NETRC", str(passwords))
    monkeypatch.setenv("http_proxy", amazon)
    monkeypatch.setenv("no_proxy", "")
    get_order("http://simulator.example:8099")
    assert not [request for request, _response in httpserver.log if "Authorization" in request.headers]


def test_importing_loads_neither_odoo_nor_the_library():
    assert run(CHECK_IMPORTS).strip() == "[]"


def test_our_client_has_all_that_the_librarys_own_has(monkeypatch):
    """Its constructor is not called: should a new version set something more, this says so."""
    from sp_api.api.orders.orders_2026_01_01 import OrdersV20260101
    from sp_api.base.credential_provider import FromCodeCredentialProvider

    from spapi.transport.sp_client import OrdersClient

    credentials = {"lwa_app_id": "x", "lwa_client_secret": "x", "refresh_token": "x"}
    theirs = OrdersV20260101(credentials=credentials, credential_providers=[FromCodeCredentialProvider])
    not_needed = {"credentials", "region", "_auth", "proxies", "timeout", "verify"}
    with theirs:
        ours = OrdersClient(Endpoint("http://127.0.0.1:9", ""), None, "Atza|1")
        assert {name for name in vars(theirs) if not hasattr(ours, name)} == not_needed
