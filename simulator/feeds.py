"""The feeds of the simulated Amazon, and how each of them ends."""

import gzip
import json
from dataclasses import dataclass

from .jobs import Job
from .listings_feed import Report, process

RESULT_TYPE = "application/json; charset=UTF-8"


@dataclass
class Feed(Job):
    """A feed. The document is kept as it was when the feed was made."""

    document_id: str = ""
    content_type: str = ""
    packed: bytes = b""

    @property
    def feed_ref(self):
        """The identifier of the feed."""
        return self.job_id

    @property
    def feed_type(self):
        """Such as JSON_LISTINGS_FEED."""
        return self.kind

    @property
    def body(self):
        """The document's bytes."""
        return gzip.decompress(self.packed)

    @property
    def messages(self):
        """The messages of the document, an empty list when it cannot be read."""
        try:
            messages = json.loads(self.body)["messages"]
        except (ValueError, KeyError, TypeError):
            return []
        return messages if isinstance(messages, list) else []


def finish(store, feed):
    """Process a feed: apply it to the listings, write its report, set its last status."""
    if feed.fate == "feed_cancelled":
        feed.status = "CANCELLED"
        return
    report = process(store, feed)
    feed.status = "FATAL" if report.is_fatal else "DONE"
    if feed.fate_options.get("with_report", True):
        seller = store.sellers[feed.seller_id]
        body = json.dumps(_document(feed, report), ensure_ascii=False).encode("utf-8")
        feed.result_document_id = store.documents.add(seller, RESULT_TYPE, body).document_id


def _document(feed, report: Report):
    return {
        "header": {"sellerId": feed.seller_id, "version": "2.0", "feedId": feed.job_id},
        "issues": report.issues,
        "summary": {
            "errors": sum(issue["severity"] == "ERROR" for issue in report.issues),
            "warnings": sum(issue["severity"] == "WARNING" for issue in report.issues),
            "messagesProcessed": report.accepted + report.invalid,
            "messagesAccepted": report.accepted,
            "messagesInvalid": report.invalid,
        },
    }
