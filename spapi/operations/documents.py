"""The documents of feeds and reports, in and out. See ``transport.documents`` for how they travel."""

from __future__ import annotations

from ..calls import Calls, checked_ref
from ..transport import documents


class DocumentOperations(Calls):
    """Sending and fetching documents."""

    def upload_feed_document(self, document, content_type: str) -> str:
        """Leave a document with Amazon for a feed: bytes, or pieces of bytes (one that are made as they are asked for).

        The reference that comes back is good for one feed, for two days. An address that Amazon no longer takes is
        asked for again once. ``ValueError`` for an empty document, and for one that is too large.
        """
        with documents.in_a_file(document) as file:
            try:
                return self._upload_once(file, content_type)
            except documents.AddressExpired:
                return self._upload_once(file, content_type)

    def download_document(self, kind: str, document_ref: str) -> documents.Document:
        """The result of a feed (``kind`` "feed") or a report ("report"), unpacked, as bytes with ``content_type``.

        ``NotFound`` when Amazon no longer keeps it, ``Unavailable`` when it is too large or breaks off.
        """
        asked = {
            "feed": ("getFeedDocument", lambda api: api.feeds.get_feed_document(document_ref)),
            "report": ("getReportDocument", lambda api: api.reports.get_report_document(document_ref)),
        }[kind]
        checked_ref("document", document_ref)
        try:
            return self._download_once(*asked)
        except documents.AddressExpired:
            return self._download_once(*asked)

    def _upload_once(self, file, content_type) -> str:
        operation = "createFeedDocument"
        answer = self._call(operation, lambda api: api.feeds.create_feed_document(content_type))
        document_ref, url = answer.body.get("feedDocumentId"), answer.body.get("url")
        if not document_ref or not isinstance(document_ref, str):
            raise self._unreadable(operation, answer)
        documents.upload("uploadFeedDocument", self._endpoint, url, file, content_type)
        return document_ref

    def _download_once(self, operation, send) -> documents.Document:
        answer = self._call(operation, send)
        return documents.download("downloadDocument", self._endpoint, answer.body.get("url"))
