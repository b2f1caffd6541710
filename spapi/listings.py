"""The seller's listings (offers) as Amazon has them, and how their quantity is set.

https://developer-docs.amazon.com/sp-api/docs/listings-items-api
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .members import identifier_in, object_in, objects_in, whole_number_in, word_in, words_in

# The channel of goods that the seller ships himself; every other one is Amazon's (AMAZON_EU, AMAZON_NA ...) or a
# warehouse that Amazon knows as a supply source.
SELLER_CHANNEL = "DEFAULT"
AVAILABILITY = "fulfillment_availability"
IDENTIFIERS = "externally_assigned_product_identifier"
BARCODE = re.compile(r"[0-9]{8,14}", re.ASCII)
LONGEST_SKU = 255  # characters; Amazon takes 40. What is longer is none, and no database could find it again
LONGEST_HANDLING_TIME = 30  # days; the product type definitions allow 0 to 30
ERROR = "ERROR"


@dataclass(frozen=True)
class Availability:
    """What a channel has for sale. Amazon names no quantity for what it ships itself."""

    channel_code: str
    quantity: int | None


@dataclass(frozen=True)
class ListingIssue:
    """What Amazon has against a listing or a change of it, in its words. ``severity`` is ERROR, WARNING or INFO."""

    code: str
    message: str
    severity: str


@dataclass(frozen=True)
class ListingSubmission:
    """What Amazon made of a change: ``status`` is ACCEPTED or INVALID. Accepted is not yet applied."""

    sku: str
    status: str
    submission_id: str
    issues: tuple[ListingIssue, ...]

    @property
    def accepted(self) -> bool:
        return self.status == "ACCEPTED"


@dataclass(frozen=True)
class Listing:
    """One SKU of the seller in one marketplace.

    ``statuses`` are BUYABLE and DISCOVERABLE, or none of them. ``handling_time`` is in days, ``None`` where the
    seller's usual one counts. ``barcodes`` are the numbers (EAN, UPC, GTIN) that the seller gave the article. Both
    stand in the attributes, which ``get_listing`` asks for, and ``search_listings`` on demand.
    """

    sku: str
    asin: str
    title: str
    product_type: str
    statuses: tuple[str, ...]
    availability: tuple[Availability, ...]
    handling_time: int | None = None
    issues: tuple[ListingIssue, ...] = ()
    barcodes: tuple[str, ...] = ()

    @property
    def is_fba(self) -> bool:
        """Whether any channel but the seller's own has it. A quantity for such a SKU would take it from Amazon."""
        return any(entry.channel_code != SELLER_CHANNEL for entry in self.availability)

    @property
    def quantity(self) -> int | None:
        """What the seller himself has for sale, as Amazon knows it."""
        quantities = [entry.quantity for entry in self.availability if entry.channel_code == SELLER_CHANNEL]
        return quantities[0] if quantities else None


@dataclass(frozen=True)
class ListingsPage:
    """Some listings. ``next_token`` is ``None`` on the last page; ``total`` counts all that were found.

    Amazon gives no more than the first 1,000 of a search.
    """

    listings: tuple[Listing, ...]
    next_token: str | None = field(repr=False)
    total: int | None


def quantity_patch(quantity: int, handling_time: int | None = None) -> list[dict]:
    """The change that sets what the seller has for sale, in whole units, and the handling time in days if given.

    The operation ``merge`` changes what is named and keeps the rest, such as the handling time and the restock date,
    which ``replace`` would wipe: https://developer-docs.amazon.com/sp-api/docs/merge-a-listing. It finds its entry by
    the channel code, and would add one to a listing that Amazon ships (FBA), which makes the seller ship it: never
    use it for one. No marketplace stands in it: the quantity is one for all of the region. ``ValueError`` for a number
    that is none.
    """
    _check_number("quantity", quantity)
    entry = {"fulfillment_channel_code": SELLER_CHANNEL, "quantity": quantity}
    if handling_time is not None:
        _check_number("handling time", handling_time, LONGEST_HANDLING_TIME)
        entry["lead_time_to_ship_max_days"] = handling_time
    return [{"op": "merge", "path": f"/attributes/{AVAILABILITY}", "value": [entry]}]


def parse_listing(raw: dict, marketplace_id: str) -> Listing:
    """A listing as ``getListingsItem`` and ``searchListingsItems`` send it. What is missing is left empty."""
    summary = _of_marketplace(objects_in(raw, "summaries"), marketplace_id)
    product_type = _of_marketplace(objects_in(raw, "productTypes"), marketplace_id)
    attributes = object_in(raw, "attributes")
    attribute = objects_in(attributes, AVAILABILITY)
    return Listing(
        sku=usable_sku(identifier_in(raw, "sku")),
        asin=word_in(summary, "asin"),
        title=word_in(summary, "itemName"),
        product_type=word_in(summary, "productType") or word_in(product_type, "productType"),
        statuses=words_in(summary, "status"),
        availability=_availability(objects_in(raw, "fulfillmentAvailability"), attribute),
        handling_time=_handling_time(attribute),
        issues=parse_issues(objects_in(raw, "issues")),
        barcodes=_barcodes(objects_in(attributes, IDENTIFIERS)),
    )


def parse_submission(raw: dict) -> ListingSubmission:
    """The answer to a change of a listing."""
    return ListingSubmission(
        sku=identifier_in(raw, "sku"),
        status=word_in(raw, "status"),
        submission_id=word_in(raw, "submissionId"),
        issues=parse_issues(objects_in(raw, "issues")),
    )


def parse_issues(entries: list[dict]) -> tuple[ListingIssue, ...]:
    """Issues; one of a severity that is not told counts as an error."""
    return tuple(
        ListingIssue(word_in(entry, "code"), word_in(entry, "message"), word_in(entry, "severity") or ERROR)
        for entry in entries
    )


def usable_sku(sku: str) -> str:
    """The SKU as it was sent, or "" where it cannot be one."""
    return sku if len(sku) <= LONGEST_SKU else ""


def _of_marketplace(entries, marketplace_id):
    return next((entry for entry in entries if entry.get("marketplaceId") == marketplace_id), {})


def _availability(entries, attribute):
    """The channels that Amazon names, and those that the listing's own data names beside them.

    Better one too many: whoever sees a channel of Amazon's keeps his hands off the quantity.
    """
    known = {word_in(entry, "fulfillmentChannelCode"): whole_number_in(entry, "quantity") for entry in entries}
    for entry in attribute:
        known.setdefault(word_in(entry, "fulfillment_channel_code"), whole_number_in(entry, "quantity"))
    return tuple(Availability(channel, quantity) for channel, quantity in known.items() if channel)


def _handling_time(attribute):
    entries = [entry for entry in attribute if entry.get("fulfillment_channel_code") == SELLER_CHANNEL]
    days = [whole_number_in(entry, "lead_time_to_ship_max_days") for entry in entries]
    return next((number for number in days if number is not None), None)


def _barcodes(entries):
    values = [identifier_in(entry, "value") for entry in entries]
    return tuple(dict.fromkeys(value for value in values if BARCODE.fullmatch(value)))


def _check_number(what, value, largest=None):
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"The {what} must be a whole number from 0")
    if largest is not None and value > largest:
        raise ValueError(f"The {what} must not be above {largest}")
