"""What Amazon says of one listing, whichever way it came. Pure: knows nothing of Odoo."""

from dataclasses import dataclass

from .harmless_texts import harmless_text

#: Amazon's word for what the seller ships; every other one means that Amazon does.
MERCHANT_CHANNEL = "DEFAULT"
#: The report's words for the state of a listing. https://developer-docs.amazon.com/sp-api/docs/inventory-report-attributes
REPORT_STATUSES = {"active": "active", "inactive": "inactive", "incomplete": "incomplete"}

#: https://www.gs1.org/standards/id-keys/gtin
GTIN_LENGTHS = (8, 12, 13, 14)


@dataclass(frozen=True)
class ListedItem:
    """One SKU on one marketplace.

    `channel` is "fbm", "fba", or empty when Amazon does not say who ships; `channel_code` is Amazon's own word for it.
    `quantity` is what a seller who ships has told Amazon, None when Amazon does not say. `product_type` is empty where
    it is not told: the report knows none. Texts are as Amazon has them; a SKU is never trimmed nor changed in case.
    """

    sku: str
    asin: str = ""
    title: str = ""
    channel: str = ""
    channel_code: str = ""
    status: str = "other"
    quantity: int | None = None
    product_type: str = ""
    barcodes: tuple = ()

    @classmethod
    def of_search(cls, listing):
        """An item from a `spapi` listing, as search_listings and get_listing give it."""
        codes = [entry.channel_code for entry in listing.availability if entry.channel_code]
        amazon = [code for code in codes if code != MERCHANT_CHANNEL]
        # One word of Amazon's own is enough: a quantity of the seller's must never touch such a listing.
        channel_code = (amazon or codes or [""])[0]
        return cls(
            sku=listing.sku,
            asin=_text(listing.asin),
            title=_text(listing.title),
            channel=channel_of(channel_code),
            channel_code=channel_code,
            status=_status_of_words(listing.statuses),
            quantity=None if amazon else listing.quantity,
            product_type=_text(listing.product_type),
            barcodes=_barcodes(listing.barcodes),
        )

    @classmethod
    def of_report(cls, row):
        """An item from a row of the report of all listings (`spapi` CatalogueRow)."""
        return cls(
            sku=row.sku,
            asin=_text(row.asin),
            title=_text(row.title),
            channel=channel_of(row.channel_code),
            channel_code=row.channel_code or "",
            status=REPORT_STATUSES.get((row.status or "").strip().casefold(), "other"),
            quantity=row.quantity if row.channel_code == MERCHANT_CHANNEL else None,
            barcodes=_barcodes([row.barcode]),
        )


def channel_of(channel_code):
    """ "fbm" or "fba" for Amazon's word; empty when there is none, for what is not known is never the seller's."""
    if not channel_code:
        return ""
    return "fbm" if channel_code == MERCHANT_CHANNEL else "fba"


def barcode_forms(barcode):
    """The ways in which one number may be written: a UPC is an EAN with a zero before it, and so on up to a GTIN.

    :return: the number as it stands first, then as 8, 12, 13 and 14 digits where it fits
    """
    if not (barcode.isascii() and barcode.isdigit()):
        return (barcode,)
    digits = barcode.lstrip("0")
    return tuple(dict.fromkeys([barcode, *(digits.zfill(length) for length in GTIN_LENGTHS if len(digits) <= length)]))


def _status_of_words(statuses):
    """A listing can be bought, or only found, or neither; words that are new are no reason to fail."""
    words = set(statuses)
    if "BUYABLE" in words:
        return "active"
    return "inactive" if words <= {"DISCOVERABLE"} else "other"


def _barcodes(values):
    return tuple(dict.fromkeys(value.strip() for value in values if value and value.strip()))


def _text(value):
    """PostgreSQL holds no zero bytes, and titles are written by other sellers, too."""
    return harmless_text((value or "").replace("\x00", "").strip())
