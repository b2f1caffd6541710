"""Where Amazon is, and as whom we speak to it."""

from __future__ import annotations

import ipaddress
import platform
from dataclasses import dataclass, field
from urllib.parse import urlsplit

CONNECT_TIMEOUT = 10  # seconds
READ_TIMEOUT = 30  # a page of 100 orders with all their data takes longer than an HTTP library's usual 5 seconds
# Amazon asks for this form: https://developer-docs.amazon.com/sp-api/docs/include-a-user-agent-header-in-all-requests
USER_AGENT = f"AmazonConnector/1.3.0 (Language=Python/{platform.python_version()}; Platform=Odoo)"

REGIONS = ("na", "eu", "fe")
# https://developer-docs.amazon.com/sp-api/docs/sp-api-endpoints and .../docs/the-selling-partner-api-sandbox
API_URLS = {
    "production": "https://sellingpartnerapi-{region}.amazon.com",
    "sandbox": "https://sandbox.sellingpartnerapi-{region}.amazon.com",
}
LOGIN_WITH_AMAZON_URL = "https://api.amazon.com"
# The sites of https://developer-docs.amazon.com/sp-api/docs/marketplace-ids
AMAZON_DOMAINS = tuple(
    f"amazon.{ending}"
    for ending in (
        *("com", "ca", "com.mx", "com.br", "ie", "es", "co.uk", "fr", "com.be", "nl", "de", "it", "se"),
        *("co.za", "pl", "eg", "com.tr", "sa", "ae", "in", "sg", "com.au", "co.jp"),
    )
)


@dataclass(frozen=True)
class Credentials:
    """What proves to Amazon who asks: the application's LWA client id and secret, and the seller's refresh token."""

    client_id: str = field(repr=False)
    client_secret: str = field(repr=False)
    refresh_token: str = field(repr=False)


@dataclass(frozen=True)
class Endpoint:
    """Base URLs, without a slash at the end: of the Selling Partner API and of Login with Amazon."""

    api_url: str
    token_url: str


def endpoint_for(environment: str, region: str, simulator_url: str | None = None) -> Endpoint:
    """The addresses that an account of ``environment`` and ``region`` speaks to. No URL comes from anywhere else.

    ``environment`` is production, sandbox or simulator; ``region`` na, eu or fe. ``simulator_url`` counts for the
    environment simulator only, which has one base URL for everything. Raises ``ValueError``.
    """
    if region not in REGIONS:
        raise ValueError(f"Unknown Amazon region: {region!r}")
    if environment in API_URLS:
        return Endpoint(API_URLS[environment].format(region=region), LOGIN_WITH_AMAZON_URL)
    if environment == "simulator":
        base_url = simulator_base_url(simulator_url)
        return Endpoint(base_url, base_url)
    raise ValueError(f"Unknown Amazon environment: {environment!r}")


def simulator_base_url(url: str | None) -> str:
    """The address of the simulator without a slash at the end; ``ValueError`` when it cannot be one."""
    text = (url or "").strip().rstrip("/")
    parts = split_url(text)
    if not text or parts is None or parts.scheme not in ("http", "https"):
        raise ValueError("The address of the Amazon simulator must be an http:// or https:// URL")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("The address of the Amazon simulator must be a plain URL without user, query or fragment")
    if is_amazon_host(parts.hostname):
        raise ValueError("The address of the Amazon simulator must not be one of Amazon's")
    return text


def split_url(url: str):
    """The parts of an absolute URL, or ``None`` for what browsers and Python might read differently."""
    if not url.isascii() or any(character in '\\"<>^`{|}' or not character.isprintable() for character in url):
        return None
    if " " in url:
        return None
    try:
        parts = urlsplit(url)
        # Reading the port raises when it is not a number.
        return parts if parts.hostname and parts.port != 0 else None
    except ValueError:
        return None


def is_amazon_host(host: str | None) -> bool:
    """Whether a host name belongs to one of Amazon's shops or their Seller Central."""
    host = (host or "").lower()
    return any(host == domain or host.endswith(f".{domain}") for domain in AMAZON_DOMAINS)


def is_loopback(url: str) -> bool:
    """Whether a URL leads to this very machine, where no proxy of the environment may come between."""
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
