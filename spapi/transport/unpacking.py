"""What comes over the wire, piece by piece: unpacked, of a limited size, and within a limited time.

Nobody's answer may fill the memory of a worker or hold it for good, neither one that is huge nor a small one that
becomes huge when it is unpacked.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterable, Iterator

CHUNK = 64 * 1024
GZIP = b"\x1f\x8b"
GZIP_WINDOW = 31  # how zlib is told to expect gzip
LONGEST_TRANSFER = 90  # seconds for the whole of it: Odoo ends a scheduled action after two minutes
LARGEST_ANSWER = 16 * 1024 * 1024  # bytes, after unpacking; a page of a hundred orders has half a megabyte


class UnusableContent(Exception):
    """What came cannot be used. The name of the subclass is the ``code`` of the error that is made of it."""


class TooLarge(UnusableContent):
    """More than the limit, after unpacking."""


class TooSlow(UnusableContent):
    """Still not all of it after ``LONGEST_TRANSFER``."""


class Incomplete(UnusableContent):
    """It breaks off."""


class Unreadable(UnusableContent):
    """It begins as gzip does and is none."""


def read_all(chunks: Iterable[bytes], largest: int = LARGEST_ANSWER) -> bytes:
    """All of ``chunks``, unpacked where they are packed, whatever they are labelled as.

    Raises an ``UnusableContent``, at the latest a chunk after ``largest`` bytes.
    """
    return b"".join(_limited(_unpacked(_in_time(chunks)), largest))


def _in_time(chunks):
    ends_at = time.monotonic() + LONGEST_TRANSFER
    for chunk in chunks:
        yield chunk
        if time.monotonic() > ends_at:
            raise TooSlow


def _limited(pieces, largest):
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > largest:
            raise TooLarge
        yield piece


def _unpacked(chunks):
    """The pieces without gzip. The first bytes tell whether it is gzip: labels are not always right."""
    first = b""
    for chunk in chunks:
        first += chunk
        if len(first) >= len(GZIP):
            break
    return (_gunzip if first.startswith(GZIP) else _as_it_is)(first, chunks)


def _as_it_is(first, chunks) -> Iterator[bytes]:
    yield first
    yield from chunks


def _gunzip(first, chunks) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(GZIP_WINDOW)
    try:
        for data in _as_it_is(first, chunks):
            while data:
                if unpacker.eof and not data.startswith(GZIP):
                    break  # padding after the end
                if unpacker.eof:
                    unpacker = zlib.decompressobj(GZIP_WINDOW)  # gzip files may be strung together
                yield unpacker.decompress(data, CHUNK)
                data = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
        yield unpacker.flush()
    except zlib.error:
        raise Unreadable from None
    if not unpacker.eof:
        raise Incomplete
