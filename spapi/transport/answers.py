"""Reading what the Selling Partner API answered: a JSON object, or the error that it means.

https://developer-docs.amazon.com/sp-api/docs/sp-api-errors and
https://developer-docs.amazon.com/sp-api/docs/usage-plans-and-rate-limits
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

from ..errors import InvalidRequest, NotFound, Throttled, Unauthorized, Unavailable
from ..redaction import redact
from ..sections import UNSTORABLE
from ..usage_plans import SLOWEST_RATE, usage_plan

# What an operation answers that has done what was asked; the others answer 200. Only 204 comes without a body.
SUCCESS = {"confirmShipment": 204, "createFeedDocument": 201, "createFeed": 202, "createReport": 202}
NO_CONTENT = 204
REFUSED = (400, 409, 413, 415, 422)
BY_STATUS = {401: Unauthorized, 403: Unauthorized, 404: NotFound, **dict.fromkeys(REFUSED, InvalidRequest)}
DEAD_TOKEN = re.compile(r"access token.*(expired|revoked|malformed|invalid)|token.*expired", re.IGNORECASE | re.DOTALL)
# NUL, or half of a surrogate pair: escaped, or (against the rules of UTF-8) as it is.
SUSPICIOUS = re.compile(rb"\\u0000|\\ud[89a-f]|\xed[\xa0-\xbf]", re.IGNORECASE)


@dataclass(frozen=True)
class Answer:
    """A successful answer: the JSON object, empty where the operation has none to give.

    ``rate`` is how many calls a second Amazon says it allows, if it does.
    """

    body: dict = field(repr=False)
    rate: float | None
    request_id: str


class AccessTokenRefused(Unauthorized):
    """Amazon says that the access token itself has expired or is not valid: another one may do."""


def read_answer(operation: str, response, known_rate: float | None = None) -> Answer:
    """The body of ``response`` (of httpx); raises the ``SpApiError`` that its status and body mean.

    ``known_rate`` is the rate that Amazon named last, for an answer that names none (429 never does).
    """
    body = _json_object(response.content)
    rate = rate_of(response)
    request_id = redact(response.headers.get("x-amzn-RequestId", ""))
    if _is_success(operation, response.status_code, body):
        return Answer(body or {}, rate, request_id)
    raise _error(operation, response, request_id, body, rate or known_rate)


def _is_success(operation, status, body) -> bool:
    if status not in (200, SUCCESS.get(operation)):
        return False
    return status == NO_CONTENT or (body is not None and not body.get("errors"))


def rate_of(response) -> float | None:
    """Calls per second, from the header that Amazon sends with some answers."""
    try:
        rate = float(response.headers.get("x-amzn-RateLimit-Limit", ""))
    except ValueError:
        return None
    return rate if math.isfinite(rate) and rate > 0 else None


def _json_object(content: bytes) -> dict | None:
    try:
        body = json.loads(content, parse_constant=_refuse_constant)
        body = _storable(body) if SUSPICIOUS.search(content) else body
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def _refuse_constant(name):
    raise ValueError(name)  # NaN and Infinity are not JSON, and no database takes them for it


def _storable(value):
    """Without the characters that PostgreSQL refuses: one such name must not keep a whole page out of the inbox."""
    if isinstance(value, str):
        return UNSTORABLE.sub("", value)
    if isinstance(value, list):
        return [_storable(item) for item in value]
    if isinstance(value, dict):
        return {_storable(name): _storable(item) for name, item in value.items()}
    return value


def _error(operation, response, request_id, body, rate):
    status = response.status_code
    code, message, details = _first_error(body)
    facts = {
        "status": status,
        "code": code,
        "request_id": request_id,
        "amazon_message": f"{message} ({details})" if details else message,
    }
    if status == 429:
        return Throttled(operation, retry_at=_retry_at(operation, rate), **facts)
    if body is None and (status < 400 or response.content.strip()):
        # A page of whoever stands between (a proxy, a load balancer), or half an answer: not the API's own words, so
        # that the status is not its word either. A bare status without any body is.
        return Unavailable(operation, **{**facts, "code": "UnreadableAnswer"})
    if status in (401, 403) and DEAD_TOKEN.search(f"{message} {details}"):
        return AccessTokenRefused(operation, **facts)
    if status in BY_STATUS:
        return BY_STATUS[status](operation, **facts)
    if 400 <= status < 500 and code:
        return InvalidRequest(operation, **facts)
    return Unavailable(operation, **facts)


def _retry_at(operation, rate) -> datetime:
    rate = max(rate or usage_plan(operation).rate, SLOWEST_RATE)
    return datetime.now(timezone.utc) + timedelta(seconds=1 / rate)


def _first_error(body) -> tuple[str, str, str]:
    """Code, message and details of Amazon's first error, or the message of a gateway before the API."""
    body = body or {}
    errors = body.get("errors")
    first = errors[0] if isinstance(errors, list) and errors else errors
    if isinstance(first, str):
        return "", first, ""
    if not isinstance(first, dict):
        first = body
    return tuple(str(first.get(name) or "") for name in ("code", "message", "details"))
