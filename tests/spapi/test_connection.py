"""The addresses that are spoken to, and as whom."""

import ast
from pathlib import Path

import pytest

from spapi import Credentials, Endpoint, endpoint_for
from spapi.connection import USER_AGENT, is_loopback


@pytest.mark.parametrize("region", ["na", "eu", "fe"])
def test_production_speaks_to_the_region_of_the_account(region):
    endpoint = endpoint_for("production", region)
    assert endpoint == Endpoint(f"https://sellingpartnerapi-{region}.amazon.com", "https://api.amazon.com")


@pytest.mark.parametrize("region", ["na", "eu", "fe"])
def test_the_sandbox_has_its_own_api_and_the_same_login(region):
    endpoint = endpoint_for("sandbox", region)
    assert endpoint == Endpoint(f"https://sandbox.sellingpartnerapi-{region}.amazon.com", "https://api.amazon.com")


@pytest.mark.parametrize("environment", ["production", "sandbox"])
def test_the_simulators_address_never_redirects_real_accounts(environment):
    assert endpoint_for(environment, "eu", "http://127.0.0.1:8099") == endpoint_for(environment, "eu")


@pytest.mark.parametrize("url", ["http://127.0.0.1:8099", "http://localhost:8099/", " https://simulator.example.com "])
def test_the_simulator_has_one_base_url(url):
    base_url = url.strip().rstrip("/")
    assert endpoint_for("simulator", "eu", url) == Endpoint(base_url, base_url)


@pytest.mark.parametrize(
    "url",
    [None, "", "127.0.0.1:8099", "ftp://127.0.0.1", "file:///etc/passwd", "http://", "http://user:pw@127.0.0.1"]
    + ["http://127.0.0.1/?a=b", "http://127.0.0.1/#x", "http://127.0.0.1:port", "http://a b", "http://a\nb"]
    + ["http://sellingpartnerapi-eu.amazon.com", "https://api.amazon.com"],
)
def test_a_simulator_needs_a_plain_url_that_is_not_amazons(url):
    with pytest.raises(ValueError, match="simulator"):
        endpoint_for("simulator", "eu", url)


@pytest.mark.parametrize(("environment", "region"), [("production", "cn"), ("live", "eu"), ("", "eu"), ("sandbox", "")])
def test_unknown_environments_and_regions_are_refused(environment, region):
    with pytest.raises(ValueError, match="Unknown"):
        endpoint_for(environment, region)


@pytest.mark.parametrize(
    ("url", "expected"),
    [("http://127.0.0.1:1", True), ("http://localhost", True), ("http://[::1]:80", True), ("http://127.9.9.9", True)]
    + [("https://api.amazon.com", False), ("http://10.0.0.1", False), ("http://localhost.example.com", False)],
)
def test_loopback_is_recognized(url, expected):
    assert is_loopback(url) is expected


def test_credentials_show_nothing():
    credentials = Credentials("amzn1.application-oa2-client.x", "the-secret", "Atzr|token")
    assert repr(credentials) == str(credentials) == "Credentials()"


def test_the_user_agent_has_amazons_form():
    manifest = ast.literal_eval((Path(__file__).resolve().parents[2] / "__manifest__.py").read_text())
    assert USER_AGENT.startswith(f"AmazonConnector/{manifest['version']} (Language=Python/3.")
    assert len(USER_AGENT) < 500
