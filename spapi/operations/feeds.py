"""Feeds: Feeds API, version 2021-06-30.

https://developer-docs.amazon.com/sp-api/docs/feeds-api-v2021-06-30-use-case-guide
"""

from __future__ import annotations

from datetime import datetime, timezone

from ..calls import Calls, checked_ref
from ..members import identifier_in, objects_in
from ..processing import FeedStatus, parse_feed


class FeedOperations(Calls):
    """Having a document worked off. It is left with Amazon first (``upload_feed_document``)."""

    def create_feed(self, feed_type: str, document_ref: str, marketplace_ids) -> str:
        """Start a feed; its reference.

        Never sent twice by itself. After ``Unavailable`` the feed may exist all the same: look for it
        (``recent_feeds``) before another one is made.
        """
        operation = "createFeed"
        body = {"feedType": feed_type, "inputFeedDocumentId": document_ref, "marketplaceIds": list(marketplace_ids)}
        answer = self._call(operation, lambda api: api.feeds.create_feed(body), may_repeat=False)
        feed_ref = identifier_in(answer.body, "feedId")
        if not feed_ref:
            raise self._unreadable(operation, answer)
        return feed_ref

    def get_feed(self, feed_ref: str) -> FeedStatus:
        """How far a feed is; ``NotFound`` when Amazon does not have it."""
        operation = "getFeed"
        answer = self._call(operation, lambda api: api.feeds.get_feed(checked_ref("feed", feed_ref)))
        feed = parse_feed(answer.body)
        if not feed.status:
            raise self._unreadable(operation, answer)
        return feed

    def recent_feeds(self, feed_type: str, created_since: datetime) -> tuple[FeedStatus, ...]:
        """The feeds of a type since a moment (aware), the newest first, at most 100."""
        operation = "getFeeds"
        query = {
            "feedTypes": feed_type,
            "createdSince": created_since.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "pageSize": 100,
        }
        answer = self._call(operation, lambda api: api.feeds.get_feeds(**query))
        if not isinstance(answer.body.get("feeds"), list):
            raise self._unreadable(operation, answer)
        return tuple(parse_feed(entry) for entry in objects_in(answer.body, "feeds"))
