"""Access tokens: got from Login with Amazon when needed, kept as long as they live, shared by all threads.

https://developer-docs.amazon.com/sp-api/docs/connect-to-the-selling-partner-api
"""

from __future__ import annotations

import hashlib
import math
import threading
import time
from concurrent.futures import Future
from dataclasses import dataclass, field

from .connection import Credentials, Endpoint
from .errors import AuthorizationRevoked
from .transport.lwa_client import request_token

USUAL_LIFETIME = 3600  # seconds, where Amazon does not say
SAFETY_MARGIN = 120  # a token that is about to die is not used any more


@dataclass(frozen=True)
class _Held:
    token: str = field(repr=False)
    good_until: float


class AccessTokens:
    """The access tokens of any number of applications and sellers. Nobody gets the token of somebody else.

    Threads that need the same token at the same time wait for one request, and share its failure.
    """

    def __init__(self, clock=time.monotonic):
        self._clock = clock
        self._lock = threading.Lock()
        self._held: dict[str, _Held] = {}
        self._on_the_way: dict[str, Future] = {}

    def get(self, credentials: Credentials, endpoint: Endpoint) -> str:
        """An access token that is good for two minutes at least.

        Raises what ``request_token`` raises; ``AuthorizationRevoked`` when there is no refresh token.
        """
        key = self._key(credentials, endpoint)
        with self._lock:
            held = self._held.get(key)
            if held and held.good_until > self._clock():
                return held.token
            answer = self._on_the_way.get(key)
            nobody_asked = answer is None
            if nobody_asked:
                answer = self._on_the_way[key] = Future()
        if nobody_asked:
            self._fetch(key, credentials, endpoint, answer)
        return answer.result()

    def invalidate(self, credentials: Credentials, endpoint: Endpoint, token: str) -> None:
        """Forget ``token``, which Amazon refused; a newer one that another thread got meanwhile stays."""
        key = self._key(credentials, endpoint)
        with self._lock:
            held = self._held.get(key)
            if held and held.token == token:
                del self._held[key]

    def _fetch(self, key, credentials, endpoint, answer):
        try:
            held = self._request(credentials, endpoint)
        except BaseException as error:
            with self._lock:
                del self._on_the_way[key]
            answer.set_exception(error)
        else:
            with self._lock:
                del self._on_the_way[key]
                self._drop_dead()
                self._held[key] = held
            answer.set_result(held.token)

    def _request(self, credentials, endpoint) -> _Held:
        operation = "getAccessToken"
        if not credentials.refresh_token:
            raise AuthorizationRevoked(operation)
        asked_at = self._clock()
        answer = request_token(
            endpoint,
            operation,
            credentials.client_id,
            credentials.client_secret,
            grant_type="refresh_token",
            refresh_token=credentials.refresh_token,
        )
        return _Held(answer["access_token"], asked_at + _lifetime(answer) - SAFETY_MARGIN)

    def _drop_dead(self):
        now = self._clock()
        for key in [key for key, held in self._held.items() if held.good_until <= now]:
            del self._held[key]

    @staticmethod
    def _key(credentials, endpoint) -> str:
        parts = (credentials.client_id, credentials.client_secret, credentials.refresh_token, endpoint.token_url)
        return hashlib.sha256("\0".join(part or "" for part in parts).encode()).hexdigest()


def _lifetime(answer) -> float:
    """Seconds from 0 to an hour, whatever Amazon says of it."""
    told = answer.get("expires_in")
    try:
        seconds = math.nan if isinstance(told, bool) else float(told)
    except (TypeError, ValueError, OverflowError):
        return USUAL_LIFETIME
    return USUAL_LIFETIME if math.isnan(seconds) else min(max(seconds, 0), USUAL_LIFETIME)


# One for the process: every gateway of a seller uses the same token.
access_tokens = AccessTokens()
