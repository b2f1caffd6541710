"""What Amazon works off in its own time: feeds that it was sent, and reports that it was asked for.

https://developer-docs.amazon.com/sp-api/docs/feeds-api-v2021-06-30-use-case-guide and
https://developer-docs.amazon.com/sp-api/docs/reports-api-v2021-06-30-use-case-guide
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from .members import identifier_in, word_in
from .sections import parse_time

# DONE says nothing of success. CANCELLED: nothing was done. FATAL: some, none or all of it may have been done.
FINAL_STATUSES = ("DONE", "CANCELLED", "FATAL")


@dataclass(frozen=True)
class FeedStatus:
    """``status`` is IN_QUEUE, IN_PROGRESS, DONE, CANCELLED, FATAL, or a word that is new.

    ``result_document_ref`` is ``None`` where there is no result: always while the feed is not final, and after
    CANCELLED; after FATAL there may be one.
    """

    feed_ref: str
    status: str
    result_document_ref: str | None
    feed_type: str = ""
    created_at: datetime | None = None

    @property
    def is_final(self) -> bool:
        return self.status in FINAL_STATUSES


@dataclass(frozen=True)
class ReportStatus:
    """As ``FeedStatus``. CANCELLED is also how Amazon says that there is nothing to report."""

    report_ref: str
    status: str
    document_ref: str | None
    report_type: str = ""
    created_at: datetime | None = None

    @property
    def is_final(self) -> bool:
        return self.status in FINAL_STATUSES


def parse_feed(raw: dict) -> FeedStatus:
    """A feed as ``getFeed`` sends it."""
    return FeedStatus(
        feed_ref=identifier_in(raw, "feedId"),
        status=word_in(raw, "processingStatus"),
        result_document_ref=identifier_in(raw, "resultFeedDocumentId") or None,
        feed_type=word_in(raw, "feedType"),
        created_at=parse_time(word_in(raw, "createdTime")),
    )


def parse_report(raw: dict) -> ReportStatus:
    """A report as ``getReport`` sends it."""
    return ReportStatus(
        report_ref=identifier_in(raw, "reportId"),
        status=word_in(raw, "processingStatus"),
        document_ref=identifier_in(raw, "reportDocumentId") or None,
        report_type=word_in(raw, "reportType"),
        created_at=parse_time(word_in(raw, "createdTime")),
    )
