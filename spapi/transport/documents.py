"""Sending and fetching the documents of feeds and reports, which lie at an address that Amazon gives.

The address itself is the permission, for five minutes: it goes into no log and no message, our access token does not
go to it, and a redirect is not followed. https://developer-docs.amazon.com/sp-api/docs/feeds-api-v2021-06-30-use-case-guide
"""

from __future__ import annotations

import logging
import re
import tempfile
import threading
import time
from contextlib import contextmanager

import requests
import urllib3

from ..connection import READ_TIMEOUT, USER_AGENT, Endpoint, is_loopback, split_url
from ..errors import NotFound, Unavailable
from ..redaction import redact
from .session import open_session
from .unpacking import CHUNK, Incomplete, UnusableContent, read_all

_logger = logging.getLogger(__name__)

LARGEST_DOCUMENT = 256 * 1024 * 1024  # bytes, after unpacking; a report of a hundred thousand offers has a fifth of it
NO_ANSWER = (requests.RequestException, urllib3.exceptions.HTTPError, OSError, UnicodeError)
S3_CODE = re.compile(rb"<Code>\s*([A-Za-z]{1,60})\s*</Code>")


class AddressExpired(Unavailable):
    """The address is no longer good: another one has to be asked for."""


class Document(bytes):
    """A document as it was stored. ``content_type`` is what the store says it is, with the charset if it says so."""

    content_type = ""


class _Transfers(logging.Filter):
    """Keeps urllib3 quiet during our transfers: at DEBUG it would show the whole address, with its signature."""

    def __init__(self):
        super().__init__()
        self.running = threading.local()

    def filter(self, _record):
        return not getattr(self.running, "now", False)


_transfers = _Transfers()
for _name in ("urllib3.connectionpool", "urllib3.connection", "urllib3.util.retry"):
    logging.getLogger(_name).addFilter(_transfers)


def upload(operation: str, endpoint: Endpoint, url: str, body, content_type: str) -> None:
    """Put ``body`` (a binary file) where the address says.

    Raises ``AddressExpired``, ``NotFound`` or ``Unavailable``. Putting the same document again does no harm.
    """
    body.seek(0)
    with _request(operation, endpoint, "PUT", url, data=body, headers={"Content-Type": content_type}):
        pass


def download(operation: str, endpoint: Endpoint, url: str, largest=LARGEST_DOCUMENT) -> Document:
    """What lies at the address, unpacked when it is packed, whatever it is labelled as.

    Raises ``AddressExpired``, ``NotFound``, or ``Unavailable``, also where the document breaks off or is larger than
    ``largest`` bytes.
    """
    # Nothing on the way is to pack it once more.
    with _request(operation, endpoint, "GET", url, headers={"Accept-Encoding": "identity"}) as response:
        try:
            document = Document(read_all(_chunks(response), largest))
        except UnusableContent as error:
            raise Unavailable(operation, status=200, code=type(error).__name__) from None
        except NO_ANSWER as error:
            raise Unavailable(operation, code=type(error).__name__) from None
        document.content_type = response.headers.get("Content-Type") or ""
    return document


def in_a_file(document):
    """``document`` (bytes, or pieces of bytes one after the other) in a temporary file. Close it after use.

    The store wants to know the size before the first byte, and pieces can be read only once. Raises ``ValueError``
    for an empty document and for one above ``LARGEST_DOCUMENT``.
    """
    file = tempfile.TemporaryFile()
    try:
        for piece in [document] if isinstance(document, (bytes, bytearray)) else document:
            file.write(piece)
            if file.tell() > LARGEST_DOCUMENT:
                raise ValueError(f"The document has more than {LARGEST_DOCUMENT} bytes")
        if not file.tell():
            raise ValueError("The document is empty")
    except BaseException:
        file.close()
        raise
    return file


@contextmanager
def _request(operation, endpoint, method, url, headers, **options):
    _check_address(operation, endpoint, url)
    started = time.monotonic()
    _transfers.running.now = True
    try:
        with open_session(url) as session:
            response = _send(operation, session, method, url, {"User-Agent": USER_AGENT, **headers}, started, options)
            with response:
                yield response
    finally:
        _transfers.running.now = False


def _send(operation, session, method, url, headers, started, options):
    try:
        response = session.request(
            method, url, headers=headers, timeout=READ_TIMEOUT, allow_redirects=False, stream=True, **options
        )
    except NO_ANSWER as error:
        # Neither chained nor with its words: they repeat the address.
        _log(operation, type(error).__name__, "", started)
        raise Unavailable(operation, code=type(error).__name__) from None
    request_id = redact(response.headers.get("x-amz-request-id", ""))
    _log(operation, response.status_code, request_id, started)
    if response.status_code in (200, 201, 204):
        return response
    with response:
        raise _refusal(operation, response, request_id)


def _refusal(operation, response, request_id):
    """The error that the store's status and XML mean; of the XML only the code is used, it repeats the address."""
    try:
        start = response.raw.read(2000, decode_content=False)
    except NO_ANSWER:
        start = b""
    match = S3_CODE.search(start)
    code = match[1].decode() if match else ""
    facts = {"status": response.status_code, "code": code, "request_id": request_id}
    if response.status_code == 403 or code == "ExpiredToken":
        return AddressExpired(operation, **facts)
    return (NotFound if response.status_code == 404 else Unavailable)(operation, **facts)


def _check_address(operation, endpoint, url):
    """Only https; http where the API itself is spoken to so, which is the simulator, on this machine or its own."""
    parts = split_url(url) if isinstance(url, str) else None
    if parts is None or parts.username or parts.password:
        raise Unavailable(operation, code="UnusableAddress")
    if parts.scheme == "https":
        return
    api = split_url(endpoint.api_url)
    simulated = api is not None and api.scheme == "http" and (is_loopback(url) or parts.hostname == api.hostname)
    if not (parts.scheme == "http" and simulated):
        raise Unavailable(operation, code="UnusableAddress")


def _chunks(response):
    """The bytes as they were stored, all of them."""
    expected = response.headers.get("Content-Length", "")
    received = 0
    # Not ``iter_content``: it would unpack what is labelled so, and break where the label is wrong.
    for chunk in response.raw.stream(CHUNK, decode_content=False):
        received += len(chunk)
        yield chunk
    if expected.isdecimal() and received != int(expected):
        raise Incomplete


def _log(operation, outcome, request_id, started):
    duration = (time.monotonic() - started) * 1000
    _logger.info("%s: %s, request %s, %.0f ms", operation, outcome, request_id or "-", duration)
