"""The report of all the seller's listings in a marketplace: a table with tabs, one line for each SKU.

https://developer-docs.amazon.com/sp-api/docs/report-type-values-inventory
"""

from __future__ import annotations

import codecs
import io
import re
from dataclasses import dataclass
from decimal import Decimal

from .errors import UnreadableCatalogue
from .listings import SELLER_CHANNEL, usable_sku
from .sections import UNSTORABLE

REPORT_TYPE = "GET_MERCHANT_LISTINGS_ALL_DATA"

# The columns by their names in the report; Japan's are in Japanese.
COLUMNS = {
    "seller-sku": ("seller-sku", "出品者sku"),
    "title": ("item-name", "商品名"),
    "asin": ("asin1", "asin"),
    "product-id": ("product-id", "商品id"),
    "product-id-type": ("product-id-type", "商品idタイプ"),
    "quantity": ("quantity", "数量"),
    "price": ("price", "価格"),
    "channel": ("fulfillment-channel", "フルフィルメント・チャンネル", "フルフィルメントチャンネル"),
    "status": ("status", "ステータス"),
}
ASIN_TYPE = "1"  # of product-id-type
BARCODE_TYPES = ("2", "3", "4")  # ISBN, UPC, EAN
ASIN = re.compile(r"[A-Z0-9]{10}", re.ASCII)
QUANTITY = re.compile(r"[0-9]{1,9}", re.ASCII)
BARCODE = re.compile(r"[0-9]{8,14}", re.ASCII)
PRICE = re.compile(r"[0-9]{1,12}(?:[.,][0-9]{1,4})?", re.ASCII)
CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
# Names that Python does not know, or that mean a larger charset than they say, as browsers read them too.
MEANT = dict.fromkeys(("iso-8859-1", "iso8859-1", "latin-1", "latin1", "us-ascii", "ascii"), "cp1252")
MEANT |= dict.fromkeys(("windows-31j", "shift_jis", "shift-jis", "sjis", "x-sjis", "ms932", "cp943c"), "cp932")
CHUNK = 1024 * 1024


@dataclass(frozen=True)
class CatalogueRow:
    """One SKU.

    ``channel`` is "fbm" (the seller ships), "fba" (Amazon does) or "" (not told); ``channel_code`` is Amazon's word for
    it. ``quantity`` is ``None`` for what Amazon ships. ``status`` is Amazon's word (Active, Inactive, Incomplete ...).
    ``price`` is in the marketplace's currency, with tax where its prices have it. ``barcode`` is the EAN, UPC or ISBN,
    if the listing was made by one.
    """

    sku: str
    asin: str
    title: str
    quantity: int | None
    channel: str
    channel_code: str
    status: str
    price: Decimal | None
    barcode: str | None = None


class Catalogue:
    """The rows of a report, read while they are asked for. ``skipped`` counts the lines without a SKU, so far."""

    def __init__(self, lines, columns):
        self.skipped = 0
        self._lines = lines
        self._columns = columns

    def __iter__(self):
        return self

    def __next__(self) -> CatalogueRow:
        for line in self._lines:
            cells = _cells(line)
            row = _row({name: cells[index] for name, index in self._columns.items() if index < len(cells)})
            if row:
                return row
            self.skipped += any(cells)
        raise StopIteration


def read_catalogue(document: bytes, content_type: str | None = None) -> Catalogue:
    """The rows of ``document``, to be gone through once; ``UnreadableCatalogue`` when it is not such a report.

    ``content_type`` tells the charset (default: what ``document`` itself says, see ``Document``); where nobody does, or
    wrongly, it is found out. Columns are found by name, so that missing ones and new ones do no harm.
    """
    if content_type is None:
        content_type = getattr(document, "content_type", "")
    lines = io.TextIOWrapper(io.BytesIO(document), encoding=_charset(document, content_type), errors="replace")
    header = [cell.strip('"').lower() for cell in _cells(next(lines, "").lstrip("\ufeff"))]
    columns = {column: header.index(name) for column, names in COLUMNS.items() for name in names if name in header}
    if "seller-sku" not in columns:
        raise UnreadableCatalogue("it has no column of SKUs")
    return Catalogue(lines, columns)


def _cells(line):
    """The cells of a line. Quotes have no meaning in it: titles may begin with one."""
    return [UNSTORABLE.sub("", cell).strip() for cell in line.rstrip("\n").split("\t")]


def _row(cells) -> CatalogueRow | None:
    sku = usable_sku(cells.get("seller-sku", ""))
    if not sku:
        return None
    channel_code = cells.get("channel", "")
    return CatalogueRow(
        sku=sku,
        asin=_asin(cells),
        title=cells.get("title", ""),
        quantity=int(cells["quantity"]) if QUANTITY.fullmatch(cells.get("quantity", "")) else None,
        channel=_channel(channel_code),
        channel_code=channel_code,
        status=cells.get("status", ""),
        price=_price(cells.get("price", "")),
        barcode=_barcode(cells),
    )


def _channel(code):
    if not code:
        return ""
    return "fbm" if code.upper() == SELLER_CHANNEL else "fba"


def _asin(cells):
    asin = cells.get("asin", "")
    if not asin and cells.get("product-id-type") == ASIN_TYPE:
        asin = cells.get("product-id", "")
    return asin if ASIN.fullmatch(asin) else ""


def _barcode(cells):
    number = cells.get("product-id", "")
    return number if cells.get("product-id-type") in BARCODE_TYPES and BARCODE.fullmatch(number) else None


def _price(text):
    return Decimal(text.replace(",", ".")) if PRICE.fullmatch(text) else None


def _charset(document, content_type):
    """The charset that is told, if the document can be read by it; else UTF-8, or Western European."""
    match = CHARSET.search(content_type or "")
    told = _known(match[1]) if match else None
    for charset in filter(None, (told, "utf-8")):
        if _can_be(charset, document):
            return charset
    return "cp1252"


def _known(name):
    name = MEANT.get(name.lower(), name)
    try:
        b"x".decode(name, "replace")
    except (LookupError, UnicodeError):
        return None  # not a charset, or not one to read with
    return name


def _can_be(charset, document):
    decoder = codecs.getincrementaldecoder(charset)()
    try:
        for start in range(0, len(document), CHUNK):
            decoder.decode(document[start : start + CHUNK])
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True
