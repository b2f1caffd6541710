"""Many changes of listings at once: the document of a ``JSON_LISTINGS_FEED``, and the report that comes back.

https://developer-docs.amazon.com/sp-api/docs/listings-feed-type-values and the schemas named there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .errors import UnreadableResult
from .listings import ERROR
from .members import identifier_in, object_in, whole_number_in, word_in

LISTINGS_FEED_TYPE = "JSON_LISTINGS_FEED"
LISTINGS_FEED_CONTENT_TYPE = "application/json; charset=UTF-8"
FEED_LIMIT = 25_000  # messages
VERSION = "2.0"
LARGEST_MESSAGE_ID = 2**31 - 1
PIECE = 64 * 1024  # bytes


@dataclass(frozen=True)
class FeedMessage:
    """The changes of one listing. ``message_id`` (from 1, each once in a feed) is how the report speaks of it."""

    message_id: int
    sku: str
    product_type: str
    patches: list[dict]


@dataclass(frozen=True)
class FeedIssue:
    """What Amazon has against a message, in its words; ``message_id`` is ``None`` where it is about the whole feed.

    ``severity`` is ERROR, WARNING or INFO.
    """

    message_id: int | None
    sku: str
    code: str
    severity: str
    message: str


@dataclass(frozen=True)
class FeedResult:
    """How many messages Amazon looked at, took, and refused; and why.

    Accepted is not yet applied: the listing itself tells.
    """

    processed: int
    accepted: int
    invalid: int
    issues: tuple[FeedIssue, ...]

    @property
    def refused(self) -> dict[int, tuple[FeedIssue, ...]]:
        """The errors by message: a message with one was not taken."""
        found = {}
        for issue in self.issues:
            if issue.severity == ERROR and issue.message_id is not None:
                found.setdefault(issue.message_id, []).append(issue)
        return {message_id: tuple(issues) for message_id, issues in found.items()}


def feed_document(seller_id: str, messages: Iterable[FeedMessage], issue_locale: str | None = None) -> Iterator[bytes]:
    """The document of a feed, in pieces, made while they are read: it never stands in memory as a whole.

    ``issue_locale`` (such as en_US) is the language of Amazon's answers; its default is that of the marketplace.
    ``ValueError``, at the latest with the last piece, when there is no message, more than ``FEED_LIMIT``, or one that
    Amazon could not tell from another.
    """
    header = {"sellerId": seller_id, "version": VERSION}
    if issue_locale:
        header["issueLocale"] = issue_locale
    piece = bytearray(b'{"header":%s,"messages":[' % _json(header))
    seen = set()
    for message in messages:
        _check(message, seen)
        piece += (b"," if len(seen) > 1 else b"") + _json(_message(message))
        if len(piece) >= PIECE:
            yield bytes(piece)
            piece.clear()
    if not seen:
        raise ValueError("A feed needs messages")
    yield bytes(piece) + b"]}"


def parse_feed_result(document: bytes) -> FeedResult:
    """The processing report of a feed; ``UnreadableResult`` when it is not one.

    Source: the schema "Listings Feeds Processing Report (v2)" of
    https://developer-docs.amazon.com/sp-api/docs/listings-feed-type-values
    """
    try:
        report = json.loads(document)
    except (ValueError, RecursionError):
        raise UnreadableResult("it is not JSON") from None
    if not isinstance(report, dict):
        raise UnreadableResult("it is not an object")
    summary = object_in(report, "summary")
    processed = whole_number_in(summary, "messagesProcessed")
    accepted = whole_number_in(summary, "messagesAccepted")
    if processed is None or accepted is None:
        raise UnreadableResult("it does not say how many messages were accepted")
    invalid = whole_number_in(summary, "messagesInvalid")
    return FeedResult(
        processed=processed,
        accepted=accepted,
        invalid=max(processed - accepted, 0) if invalid is None else invalid,
        issues=tuple(_issue(entry) for entry in _issues(report)),
    )


def _issues(report):
    entries = report.get("issues")
    if entries is None:
        return []
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        # One that cannot be read may be the refusal of a message.
        raise UnreadableResult("its issues are not a list of objects")
    return entries


def _issue(entry):
    return FeedIssue(
        message_id=whole_number_in(entry, "messageId"),
        sku=identifier_in(entry, "sku"),
        code=word_in(entry, "code"),
        severity=word_in(entry, "severity").upper() or ERROR,
        message=word_in(entry, "message"),
    )


def _message(message):
    return {
        "messageId": message.message_id,
        "sku": message.sku,
        "operationType": "PATCH",
        "productType": message.product_type,
        "patches": message.patches,
    }


def _check(message, seen):
    message_id = message.message_id
    if isinstance(message_id, bool) or not isinstance(message_id, int) or not 1 <= message_id <= LARGEST_MESSAGE_ID:
        raise ValueError("The number of a feed's message must be a whole number from 1")
    if message_id in seen:
        raise ValueError("Each message of a feed needs a number of its own")
    if not message.sku or not message.product_type or not message.patches:
        raise ValueError("A message of a feed needs a SKU, a product type and changes")
    if len(seen) >= FEED_LIMIT:
        raise ValueError(f"A feed takes no more than {FEED_LIMIT} messages")
    seen.add(message_id)


def _json(value) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
