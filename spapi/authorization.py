"""How a seller links an account: the consent page, the Appstore's confirmation, and the code that becomes a token.

https://developer-docs.amazon.com/sp-api/docs/website-authorization-workflow and
https://developer-docs.amazon.com/sp-api/docs/selling-partner-appstore-authorization-workflow
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode

from .connection import Endpoint, is_amazon_host, simulator_base_url, split_url
from .errors import AuthorizationRevoked, Unavailable
from .transport.lwa_client import request_token

CONSENT_PATH = "/apps/authorize/consent"
#: The page of one application; without dots alone, percent signs and further folders, which browsers resolve.
CONFIRM_PATH = re.compile(r"/apps/authorize/confirm/[A-Za-z0-9_-][A-Za-z0-9._-]*")
DRAFT = {"version": "beta"}  # while the application is a draft, and only then: else Amazon says MD1000


def consent_url(
    seller_central_url: str, application_id: str, state: str, redirect_uri: str | None = None, draft: bool = False
) -> str:
    """The page on which the seller allows the application to act. ``application_id`` is not the LWA client id."""
    parameters = {"application_id": application_id, "state": state}
    if redirect_uri:
        parameters["redirect_uri"] = redirect_uri
    if draft:
        parameters |= DRAFT
    return f"{seller_central_url.rstrip('/')}{CONSENT_PATH}?{urlencode(parameters)}"


def confirm_url(
    amazon_callback_uri: str,
    amazon_state: str,
    state: str,
    redirect_uri: str,
    draft: bool = False,
    simulator_url: str | None = None,
) -> str:
    """Where to send a seller who started in Amazon's Appstore back to.

    Raises ``ValueError`` when ``amazon_callback_uri`` is not a confirmation page of Amazon (or of the simulator at
    ``simulator_url``), or ``amazon_state`` no text: anybody can call the login URI, and must not be able to send our
    users elsewhere.
    """
    parts = split_url(amazon_callback_uri or "")
    if parts is None or parts.username is not None or parts.fragment or not CONFIRM_PATH.fullmatch(parts.path):
        raise ValueError("The address to return to is not Amazon's")
    if not (_is_amazon(parts) or _is_simulator(parts, simulator_url)):
        raise ValueError("The address to return to is not Amazon's")
    ours = {"redirect_uri": redirect_uri, "amazon_state": amazon_state, "state": state, **(DRAFT if draft else {})}
    # What a stranger put there under our names must not be read instead of ours.
    theirs = [(name, value) for name, value in parse_qsl(parts.query, True) if name not in {*ours, *DRAFT}]
    try:
        query = urlencode([*theirs, *ours.items()])
    except UnicodeError:
        # Neither chained nor with its words: they repeat the state.
        raise ValueError("The state is not one of Amazon's") from None
    return parts._replace(query=query).geturl()


def exchange_code(endpoint: Endpoint, client_id: str, client_secret: str, code: str) -> str:
    """The refresh token for a code that Amazon gave the seller's browser; the code lives five minutes and works once.

    Raises ``AuthorizationRevoked`` (the code is used, too old or somebody else's), ``ClientRefused``,
    ``InvalidRequest``, ``Throttled`` or ``Unavailable``.
    """
    operation = "exchangeCode"
    if not code:
        raise AuthorizationRevoked(operation)
    # Without redirect_uri, as in Amazon's own example: sent, it would have to match to the letter.
    answer = request_token(endpoint, operation, client_id, client_secret, grant_type="authorization_code", code=code)
    refresh_token = answer.get("refresh_token")
    if not isinstance(refresh_token, str) or not refresh_token.strip():
        raise Unavailable(operation, status=200, code="NoRefreshToken")
    return refresh_token.strip()


def _is_amazon(parts) -> bool:
    return parts.scheme == "https" and parts.port in (None, 443) and is_amazon_host(parts.hostname)


def _is_simulator(parts, simulator_url) -> bool:
    if not simulator_url:
        return False
    simulator = split_url(simulator_base_url(simulator_url))
    return (parts.scheme, parts.hostname, parts.port) == (simulator.scheme, simulator.hostname, simulator.port)
