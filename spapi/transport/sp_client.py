"""The classes of ``python-amazon-sp-api``, which know Amazon's paths and parameters, behind our own connection.

Of the library only that knowledge is used. Its tokens, credentials, environment variables, timeouts and its reading
of answers are not: it would take a 503 page for an empty success, share tokens between applications, and give up
after five seconds. Importing this module imports the library (0.4 seconds), so import it where it is needed.
"""

from __future__ import annotations

import logging
import os
from contextlib import contextmanager
from datetime import datetime, timezone
from urllib.parse import urlsplit

import httpx

from ..connection import CONNECT_TIMEOUT, READ_TIMEOUT, USER_AGENT, Endpoint, is_loopback
from .unpacking import CHUNK, UnusableContent, read_all

# The library reads these while it is imported, and fails on a value it does not know (AWS_ENV is a common name).
LIBRARY_VARIABLES = ("AWS_ENV", "SP_API_DEFAULT_MARKETPLACE", "SP_API_AUTH_CACHE_SIZE", "SP_API_AUTH_CACHE_TTL")


@contextmanager
def _without_library_variables():
    hidden = {name: os.environ.pop(name) for name in LIBRARY_VARIABLES if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(hidden)


with _without_library_variables():
    from sp_api.api import Reports, Sellers
    from sp_api.api.feeds.feeds_2021_06_30 import FeedsV20210630
    from sp_api.api.listings_items.listings_items_2021_08_01 import ListingsItemsV20210801
    from sp_api.api.orders.orders_2026_01_01 import OrdersV20260101
    from sp_api.api.orders.orders_v0 import OrdersV0
    from sp_api.base import fill_query_params
    from sp_api.base._transport_httpx import HttpxTransport


class _OurCalls(logging.Filter):
    """Keeps quiet what a library says of our calls: the gateway writes the one line there is to write.

    The library's own logger would show tokens and whole orders at DEBUG, httpx shows the query of every call.
    """

    def __init__(self):
        super().__init__()
        self.hosts = set()

    def filter(self, record):
        if record.name.startswith("sp_api"):
            return record.levelno >= logging.WARNING
        return not any(getattr(argument, "host", None) in self.hosts for argument in record.args or ())


_our_calls = _OurCalls()
logging.getLogger("sp_api.base.client").addFilter(_our_calls)
logging.getLogger("httpx").addFilter(_our_calls)


# What a call may raise when no answer came, and of that: the connection broke, as a kept one does when it is stale.
NO_ANSWER = (httpx.HTTPError, httpx.InvalidURL, UnicodeError, UnusableContent)
PACKING = (b"content-encoding", b"content-length", b"transfer-encoding")
BROKEN_CONNECTION = (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError)


def new_http_client(endpoint: Endpoint, timeout=(CONNECT_TIMEOUT, READ_TIMEOUT)) -> httpx.Client:
    """One connection pool to the Selling Partner API. ``timeout`` is (connect, read) in seconds; close it after use."""
    connect, read = timeout
    _our_calls.hosts.add(urlsplit(endpoint.api_url).hostname)
    return httpx.Client(
        timeout=httpx.Timeout(read, connect=connect),
        # Proxies of the environment are right for Amazon, and wrong for a simulator on this machine.
        trust_env=not is_loopback(endpoint.api_url),
        follow_redirects=False,
    )


class LimitedTransport(HttpxTransport):
    """How the classes of the library send. What comes back is read piece by piece, and no more than is sound of it."""

    def request(self, method, url, **options) -> httpx.Response:
        with self._client.stream(method, url, **options) as response:
            content = read_all(response.iter_raw(CHUNK))
        # As it came, but for the packing.
        names = [(name, value) for name, value in response.headers.raw if name.lower() not in PACKING]
        return httpx.Response(response.status_code, headers=names, content=content, request=response.request)


class SellingPartnerClient:
    """To be mixed into a class of the library: sends with our token and our connection, returns the bare answer.

    The library's constructor is not called. It would read credentials and the endpoint from the environment, and
    build two HTTP clients of its own; what the request needs of it is set here.
    """

    keep_restricted_data_token = False
    restricted_data_token = None

    def __init__(self, endpoint: Endpoint, http_client: httpx.Client, access_token: str):
        self.endpoint = endpoint.api_url
        self.marketplace_id = None
        self.version = None
        self._transport = LimitedTransport(client=http_client)
        self._access_token = access_token

    @property
    def headers(self):
        # No Host: the library cuts it out of the URL as if every URL began with https.
        return {
            "user-agent": USER_AGENT,
            "accept": "application/json",
            "accept-encoding": "gzip",
            "content-type": "application/json",
            "x-amz-access-token": self._access_token,
            "x-amz-date": datetime.now(timezone.utc).strftime("%Y%m%dT%H%M%SZ"),
        }

    def _request(self, path, **options):
        # Else the library adds a marketplace under four names where the caller named none.
        return super()._request(path, **{**options, "add_marketplace": False})

    def _check_response(self, res, *_options) -> httpx.Response:
        return res


class OrdersClient(SellingPartnerClient, OrdersV20260101):
    """Orders API, version 2026-01-01."""


class OrdersV0Client(SellingPartnerClient, OrdersV0):
    """Orders API, version 0: only for what the newer version does not have."""


class ListingsClient(SellingPartnerClient, ListingsItemsV20210801):
    """Listings Items API, version 2021-08-01."""


class FeedsClient(SellingPartnerClient, FeedsV20210630):
    """Feeds API, version 2021-06-30.

    The library's own methods in the place of these would put stray members into a body, or move the document too,
    without our timeouts and limits.
    """

    def create_feed(self, body):
        return self._request("/feeds/2021-06-30/feeds", data={"method": "POST", **body})

    def create_feed_document(self, content_type):
        return self._request("/feeds/2021-06-30/documents", data={"method": "POST", "contentType": content_type})

    def get_feed_document(self, document_ref):
        return self._request(fill_query_params("/feeds/2021-06-30/documents/{}", document_ref))


class ReportsClient(SellingPartnerClient, Reports):
    """Reports API, version 2021-06-30."""


class SellersClient(SellingPartnerClient, Sellers):
    """Sellers API, version 1."""


class SellingPartnerApi:
    """The parts of the API on one connection, with one access token. Every method returns the bare answer of httpx."""

    def __init__(self, endpoint: Endpoint, http_client: httpx.Client, access_token: str):
        self.orders = OrdersClient(endpoint, http_client, access_token)
        self.orders_v0 = OrdersV0Client(endpoint, http_client, access_token)
        self.listings = ListingsClient(endpoint, http_client, access_token)
        self.feeds = FeedsClient(endpoint, http_client, access_token)
        self.reports = ReportsClient(endpoint, http_client, access_token)
        self.sellers = SellersClient(endpoint, http_client, access_token)
