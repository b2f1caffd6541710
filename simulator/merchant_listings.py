"""The report GET_MERCHANT_LISTINGS_ALL_DATA: all listings of a seller, tab separated.

https://developer-docs.amazon.com/sp-api/docs/report-type-values-inventory. Amazon writes it in the character set of
the marketplace (Cp1252 in Europe and America) and puts a question mark for what that set lacks.
"""

from .marketplaces import known_marketplace

REPORT_TYPE = "GET_MERCHANT_LISTINGS_ALL_DATA"
COLUMNS = (
    "item-name item-description listing-id seller-sku price quantity open-date image-url item-is-marketplace "
    "product-id-type zshop-shipping-fee item-note item-condition zshop-category1 zshop-browse-path "
    "zshop-storefront-feature asin1 asin2 asin3 will-ship-internationally expedited-shipping zshop-boldface "
    "product-id bid-for-featured-placement add-delete pending-quantity fulfillment-channel "
    "merchant-shipping-group status"
).split()
# Country -> the charset in Amazon's words, and the codec.
CHARSETS = {"JP": ("Shift_JIS", "cp932")}
USUAL_CHARSET = ("Cp1252", "cp1252")


def finish(store, report):
    """Write the report and set its last status."""
    if report.fate == "report_cancelled":
        report.status = "CANCELLED"
        return
    report.status = "FATAL" if report.fate == "report_fatal" else "DONE"
    if report.status == "FATAL":
        return
    country = known_marketplace(report.marketplace_ids[0]).country_code
    charset, codec = CHARSETS.get(country, USUAL_CHARSET)
    rows = [listing_row(listing) for listing in _listings(store, report)]
    text = "".join("\t".join(row) + "\r\n" for row in [COLUMNS, *rows])
    body = text.encode(codec, errors="replace")
    seller = store.sellers[report.seller_id]
    report.result_document_id = store.documents.add(seller, f"text/plain; charset={charset}", body).document_id


def _listings(store, report):
    wanted = set(report.marketplace_ids)
    return [listing for listing in store.listings.of_seller(report.seller_id) if wanted & set(listing.marketplace_ids)]


def listing_row(listing):
    """A listing as a row of the report."""
    values = {
        "item-name": " ".join(listing.title.split()),
        "seller-sku": listing.sku,
        "price": listing.price,
        "quantity": "" if listing.quantity is None else str(listing.quantity),
        "open-date": f"{listing.created_at:%d/%m/%Y %H:%M:%S} UTC",
        "item-is-marketplace": "y",
        "product-id-type": "1",
        "item-condition": "11",
        "asin1": listing.asin,
        "product-id": listing.asin,
        "pending-quantity": "" if listing.is_fba else "0",
        "fulfillment-channel": listing.channel,
        "merchant-shipping-group": "" if listing.is_fba else "Migrated Template",
        "status": _status(listing),
    }
    return [values.get(name, "") for name in COLUMNS]


def _status(listing):
    if "BUYABLE" in listing.status:
        return "Active"
    return "Inactive" if listing.status else "Incomplete"
