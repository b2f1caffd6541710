"""Plain HTTP with ``requests``, for what is not the Selling Partner API: Login with Amazon, and documents."""

from __future__ import annotations

import requests
from requests.adapters import HTTPAdapter

from ..connection import CONNECT_TIMEOUT, is_loopback


class _ConnectSooner(HTTPAdapter):
    """Waits less for the connection than for the answer.

    A pair as the session's timeout would do the same, but Odoo's guard for tests compares that with a number.
    """

    def send(self, request, timeout=None, **options):
        return super().send(request, timeout=(CONNECT_TIMEOUT, timeout), **options)


def open_session(url: str) -> requests.Session:
    """A session for ``url``, without anything that the environment would add to a request. Close it after use."""
    session = requests.Session()
    session.mount("https://", _ConnectSooner())
    session.mount("http://", _ConnectSooner())
    # Proxies of the environment are right for Amazon, and wrong for a simulator on this machine.
    session.trust_env = not is_loopback(url)
    # Without this, a password for the same host in a .netrc file would be sent along.
    session.auth = lambda request: request
    return session
