"""What can go wrong with Amazon: one class for each thing that the caller does about it."""

from __future__ import annotations

from datetime import datetime

from .redaction import redact


class SpApiError(Exception):
    """Amazon did not do what was asked.

    ``operation`` is Amazon's name of the call, ``status`` the HTTP status (0 without an answer), ``code`` Amazon's
    error code, ``request_id`` what Amazon's support asks for, ``amazon_message`` Amazon's words without anything
    secret or personal, shortened; each may be empty.
    """

    summary = "Amazon did not accept the request"

    def __init__(self, operation="", *, status=0, code="", request_id="", amazon_message=""):
        self.operation = operation
        self.status = status
        self.code = redact(code)
        self.request_id = redact(request_id)
        self.amazon_message = redact(amazon_message)
        super().__init__(self._describe())

    def _describe(self) -> str:
        facts = [self.operation, str(self.status or ""), self.code, self.request_id]
        description = f"{self.summary} ({', '.join(filter(None, facts))})"
        return f"{description}: {self.amazon_message}" if self.amazon_message else description


class AuthorizationRevoked(SpApiError):
    """Login with Amazon says ``invalid_grant``: consent withdrawn or run out, or a code too old. Link again."""

    summary = "Amazon no longer accepts the authorization of this account"


class ClientRefused(SpApiError):
    """Login with Amazon says ``invalid_client`` or ``unauthorized_client``: the application's id or secret."""

    summary = "Amazon does not accept the application's client ID or client secret"


class Unauthorized(SpApiError):
    """401 or 403 of the Selling Partner API: a role is missing or access was denied."""

    summary = "Amazon denied access"


class Throttled(SpApiError):
    """429: the quota is used up. ``retry_at`` (aware, UTC) is when one more call should be allowed."""

    summary = "Amazon asks to wait"

    def __init__(self, operation="", *, retry_at: datetime, **facts):
        self.retry_at = retry_at
        super().__init__(operation, **facts)


class Unavailable(SpApiError):
    """5xx, no connection, no answer in time, or an answer that is not what Amazon documents. Try later."""

    summary = "Amazon is not available"


class InvalidRequest(SpApiError):
    """400, 413, 415 or 422: refused; ``amazon_message`` says why. The same request will be refused again."""

    summary = "Amazon refused the request"


class NotFound(SpApiError):
    """404: Amazon does not have it, or not for this seller."""

    summary = "Amazon does not know it"


class UnreadableOrder(ValueError):
    """An order that lacks something needed. ``path`` says where, ``reason`` what; the value itself is not repeated."""

    def __init__(self, path, reason):
        self.path = path
        self.reason = reason
        super().__init__(f"{path or 'order'}: {reason}")


class UnreadableDocument(ValueError):
    """A document of Amazon's that is not what it should be; ``reason`` says how, without repeating any of it."""

    what = "The document"

    def __init__(self, reason):
        self.reason = reason
        super().__init__(f"{self.what} cannot be read: {reason}")


class UnreadableResult(UnreadableDocument):
    """The processing report of a feed."""

    what = "Amazon's report about the feed"


class UnreadableCatalogue(UnreadableDocument):
    """The report of the seller's listings."""

    what = "Amazon's report of the listings"
