"""The documents of feeds and reports, and the presigned addresses at which they are put and got.

An address lives for five minutes, takes one method, and needs no token: whoever knows it may use it.
https://developer-docs.amazon.com/sp-api/docs/feeds-api-v2021-06-30-reference
"""

import base64
import gzip
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from .clock import to_moment, to_text

ADDRESS_LIFE = timedelta(minutes=5)
INPUT_LIFE = timedelta(days=2)
KEPT_FOR = timedelta(days=28)
PATH = "/documents"


@dataclass
class Document:
    """A document; ``packed`` is its body, compressed to keep memory and state small, None until it is uploaded."""

    document_id: str
    seller_id: str
    content_type: str
    created_at: datetime
    packed: bytes | None = None

    @property
    def body(self):
        """The bytes as they were uploaded or made, None before."""
        return None if self.packed is None else gzip.decompress(self.packed)

    @body.setter
    def body(self, body):
        self.packed = gzip.compress(body, compresslevel=5, mtime=0)


@dataclass(frozen=True)
class Address:
    """Where a document is put or got until ``expires_at``."""

    document: Document
    method: str
    expires_at: datetime
    compressed: bool = False
    encoding_header: bool = False


class Documents(dict):
    """All documents by identifier."""

    def __init__(self, clock):
        super().__init__()
        self._clock = clock
        self.addresses = {}

    def clear(self):
        """Forget all documents and addresses."""
        super().clear()
        self.addresses.clear()

    def add(self, seller, content_type, body=None):
        """Take in a document of a seller, which is to be uploaded when it has no body yet."""
        document_id = f"amzn1.tortuga.4.{seller.region}.{uuid.uuid4()}.T{secrets.token_hex(6).upper()}"
        document = Document(document_id, seller.seller_id, content_type, self._clock.now())
        if body is not None:
            document.body = body
        self[document_id] = document
        return document

    def find(self, seller_id, document_id):
        """The seller's document that is still kept, None when there is none."""
        document = self.get(document_id)
        if document is None or document.seller_id != seller_id or self.age(document) > KEPT_FOR:
            return None
        return document

    def age(self, document):
        """How long the document has been there."""
        return self._clock.now() - document.created_at

    def address(self, document, method, is_dead=False, compressed=False, encoding_header=False):
        """A presigned address (path and query) for one method on a document; ``is_dead`` makes one that expired."""
        signature = secrets.token_hex(32)
        life = timedelta(0) if is_dead else ADDRESS_LIFE
        expires_at = self._clock.now() + life
        self.addresses[signature] = Address(document, method, expires_at, compressed, encoding_header)
        seconds = int(ADDRESS_LIFE.total_seconds())
        return f"{PATH}/{document.document_id}?X-Amz-Expires={seconds}&X-Amz-Signature={signature}"

    def dump(self):
        """What :meth:`load` takes back. Addresses do not outlast the process."""
        return [_row(document) for document in self.values() if self.age(document) <= KEPT_FOR]

    def load(self, rows):
        """Take in what :meth:`dump` gave."""
        for row in rows:
            packed = row["packed"] and base64.b64decode(row["packed"])
            document = Document(**{**row, "created_at": to_moment(row["created_at"]), "packed": packed})
            self[document.document_id] = document


def _row(document):
    packed = document.packed and base64.b64encode(document.packed).decode("ascii")
    return {**vars(document), "created_at": to_text(document.created_at), "packed": packed}
