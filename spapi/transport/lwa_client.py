"""Login with Amazon: the one address that gives tokens.

Error codes: https://developer.amazon.com/docs/login-with-amazon/authorization-code-grant.html
"""

from __future__ import annotations

import json
import logging
import re
import time
from datetime import datetime, timedelta, timezone

import requests
import urllib3

from ..connection import READ_TIMEOUT, USER_AGENT, Endpoint
from ..errors import AuthorizationRevoked, ClientRefused, InvalidRequest, Throttled, Unavailable
from ..redaction import redact
from .session import open_session
from .unpacking import CHUNK, UnusableContent, read_all

_logger = logging.getLogger(__name__)

TOKEN_PATH = "/auth/o2/token"
WAIT_WHEN_THROTTLED = timedelta(minutes=1)  # Login with Amazon publishes no rate
LARGEST_ANSWER = 1024 * 1024  # bytes; two tokens are a few thousand
NO_ANSWER = (requests.RequestException, urllib3.exceptions.HTTPError, UnicodeError, UnusableContent)
HEADER_VALUE = re.compile(r"[\x21-\x7e]+")
ERRORS = {
    "invalid_grant": AuthorizationRevoked,
    "invalid_client": ClientRefused,
    "unauthorized_client": ClientRefused,
    "server_error": Unavailable,
    "temporarily_unavailable": Unavailable,
}


def request_token(endpoint: Endpoint, operation: str, client_id: str, client_secret: str, **grant) -> dict:
    """Ask for tokens; Amazon's answer, whose ``access_token`` was checked.

    Raises ``AuthorizationRevoked``, ``ClientRefused``, ``InvalidRequest``, ``Throttled`` or ``Unavailable``. What was
    sent stands in no message.
    """
    if not client_id or not client_secret:
        raise ClientRefused(operation)
    form = {**grant, "client_id": client_id, "client_secret": client_secret}
    started = time.monotonic()
    try:
        response, content = _post(endpoint.token_url + TOKEN_PATH, form)
    except NO_ANSWER as error:
        # Not chained: the request that an exception of requests carries holds the secrets.
        _log(operation, type(error).__name__, "", started)
        raise Unavailable(operation, code=type(error).__name__) from None
    request_id = redact(response.headers.get("x-amzn-RequestId", ""))
    _log(operation, response.status_code, request_id, started)
    body = _json(content)
    access_token = body.get("access_token")
    if response.status_code == 200 and isinstance(access_token, str) and HEADER_VALUE.fullmatch(access_token):
        return body
    secrets = [client_secret, grant.get("code"), grant.get("refresh_token")]
    raise _error(operation, response.status_code, request_id, body, secrets)


def _post(url: str, form: dict):
    """The answer, and its content."""
    # Nothing on the way is to pack so short a text.
    headers = {"User-Agent": USER_AGENT, "Accept": "application/json", "Accept-Encoding": "identity"}
    with open_session(url) as session:
        response = session.post(
            url, data=form, headers=headers, timeout=READ_TIMEOUT, allow_redirects=False, stream=True
        )
        with response:
            return response, read_all(response.raw.stream(CHUNK, decode_content=False), LARGEST_ANSWER)


def _json(content: bytes) -> dict:
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def _error(operation, status, request_id, body, secrets):
    code = str(body.get("error") or "") if status != 200 else "UnreadableAnswer"
    facts = {
        "status": status,
        "code": redact(code, secrets),
        "request_id": request_id,
        "amazon_message": redact(body.get("error_description"), secrets) if status != 200 else "",
    }
    if status == 429:
        return Throttled(operation, retry_at=datetime.now(timezone.utc) + WAIT_WHEN_THROTTLED, **facts)
    if code in ERRORS:
        return ERRORS[code](operation, **facts)
    if code and 400 <= status < 500:
        return InvalidRequest(operation, **facts)
    # A page of a proxy, half an answer, 5xx: nothing that Login with Amazon said.
    return Unavailable(operation, **facts)


def _log(operation, status, request_id, started):
    duration = (time.monotonic() - started) * 1000
    _logger.info("%s: %s, request %s, %.0f ms", operation, status, request_id or "-", duration)
