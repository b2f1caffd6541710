"""Calls to the Selling Partner API, whatever the operation: tokens, quotas, connections, repeats, and the log.

Nothing here sleeps. A refused access token is renewed and the call repeated once; a connection that broke without an
answer is tried once more where a repeat does no harm; everything else is raised, for the caller to come back later.
"""

from __future__ import annotations

import logging
import threading
import time

from .connection import CONNECT_TIMEOUT, READ_TIMEOUT, Credentials, Endpoint
from .errors import SpApiError, Throttled, Unavailable
from .redaction import redact
from .tokens import AccessTokens, access_tokens
from .transport.answers import AccessTokenRefused, Answer, read_answer

_logger = logging.getLogger(__name__)


def checked_ref(what: str, ref: str) -> str:
    """``ref``, which becomes a part of a path; ``ValueError`` when it would not be one: empty, or leading elsewhere."""
    if not ref or ref in (".", ".."):
        raise ValueError(f"The reference of the {what} is missing or not one")
    return ref


class Calls:
    """The connection of one seller account in one region, on which the operations are called.

    ``timeout`` is (connect, read) in seconds. ``quotas`` keeps account of Amazon's quotas, for all processes at once:
    ``take(operation)`` is called before each call and raises ``Throttled`` when there is none left for it,
    ``learn(operation, rate)`` when Amazon names a rate (calls a second), ``spent(operation, retry_at)`` when Amazon
    refused a call for its quota. Without it nothing is held back.
    """

    def __init__(
        self,
        credentials: Credentials,
        endpoint: Endpoint,
        region: str,
        timeout: tuple[float, float] = (CONNECT_TIMEOUT, READ_TIMEOUT),
        tokens: AccessTokens = access_tokens,
        quotas=None,
    ):
        self.region = region
        self._credentials = credentials
        self._endpoint = endpoint
        self._timeout = timeout
        self._tokens = tokens
        self._quotas = quotas
        self._lock = threading.Lock()
        self._http_client = None
        self._rates = {}

    def __enter__(self):
        return self

    def __exit__(self, *_exception):
        self.close()

    def close(self):
        """Close the connections. The gateway may be used again: it opens new ones."""
        with self._lock:
            if self._http_client is not None:
                self._http_client.close()
                self._http_client = None

    def _call(self, operation, send, may_repeat=True) -> Answer:
        """Send, and once more with a new token where Amazon refused the one it had given.

        ``may_repeat``: doing it twice has the effect of doing it once, so that it may be sent again when the
        connection broke and nobody knows whether Amazon took it.
        """
        try:
            return self._call_once(operation, send, may_repeat)
        except AccessTokenRefused:
            return self._call_once(operation, send, may_repeat)

    def _call_once(self, operation, send, may_repeat) -> Answer:
        token = self._tokens.get(self._credentials, self._endpoint)
        response, started = self._send(operation, send, token, may_repeat)
        try:
            answer = read_answer(operation, response, self._rates.get(operation))
        except SpApiError as error:
            self._log(operation, error.status, error.request_id, started)
            if isinstance(error, AccessTokenRefused):
                self._tokens.invalidate(self._credentials, self._endpoint, token)
            if isinstance(error, Throttled) and self._quotas:
                self._quotas.spent(operation, error.retry_at)
            raise
        self._log(operation, response.status_code, answer.request_id, started)
        if answer.rate:
            self._rates[operation] = answer.rate
            if self._quotas:
                self._quotas.learn(operation, answer.rate)
        return answer

    def _send(self, operation, send, token, may_repeat):
        """The bare answer, and when it was asked for."""
        from .transport import sp_client

        api = sp_client.SellingPartnerApi(self._endpoint, self._connection(sp_client), token)
        for is_last in (False, True) if may_repeat else (True,):
            if self._quotas:
                self._quotas.take(operation)
            started = time.monotonic()
            try:
                return send(api), started
            except sp_client.NO_ANSWER as error:
                kind = type(error).__name__
                self._log(operation, f"{kind}: {redact(error)}", "", started)
                # After a timeout there is no second try: the worker has waited long enough.
                if is_last or not isinstance(error, sp_client.BROKEN_CONNECTION):
                    # Not chained: the exception holds the request with its token.
                    raise Unavailable(operation, code=kind) from None

    def _connection(self, sp_client):
        with self._lock:
            if self._http_client is None:
                self._http_client = sp_client.new_http_client(self._endpoint, self._timeout)
            return self._http_client

    @staticmethod
    def _unreadable(operation, answer) -> Unavailable:
        return Unavailable(operation, status=200, code="UnreadableAnswer", request_id=answer.request_id)

    @staticmethod
    def _log(operation, outcome, request_id, started):
        duration = (time.monotonic() - started) * 1000
        _logger.info("%s: %s, request %s, %.0f ms", operation, outcome, request_id or "-", duration)
