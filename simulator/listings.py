"""The listings (offers) of the simulated Amazon.

A listing's quantity is one for the whole region: it stands in the attribute ``fulfillment_availability``, in an entry
for each fulfillment channel. Only the entry of the channel ``DEFAULT`` (the seller ships) has a quantity of the
seller's; https://developer-docs.amazon.com/sp-api/docs/listings-items-api-v2021-08-01-reference
"""

from dataclasses import asdict, dataclass, field
from datetime import datetime

from .clock import to_moment, to_text, whole_milliseconds
from .marketplaces import find_marketplace

DEFAULT_CHANNEL = "DEFAULT"
AVAILABILITY = "fulfillment_availability"
STATUSES = ("BUYABLE", "DISCOVERABLE")


@dataclass(frozen=True)
class Change:
    """The quantity was set, or taken away (None); ``source`` is patch, feed, seller or order."""

    at: datetime
    quantity: int | None
    source: str


@dataclass(frozen=True)
class Harm:
    """An offer that Amazon shipped (FBA) and that a quantity of the seller's has turned into one that he ships."""

    seller_id: str
    sku: str
    at: datetime
    source: str


@dataclass
class Listing:
    """One SKU of a seller. ``attributes`` are those of the Listings Items API."""

    seller_id: str
    sku: str
    marketplace_ids: list
    asin: str
    title: str
    product_type: str
    status: list
    created_at: datetime
    updated_at: datetime
    price: str = ""
    attributes: dict = field(default_factory=dict)
    issues: list = field(default_factory=list)
    changes: list = field(default_factory=list)

    @property
    def availability(self):
        """The entries of ``fulfillment_availability``."""
        return self.attributes.get(AVAILABILITY, [])

    def entry(self, channel):
        """The availability of one channel, an empty dictionary when there is none."""
        return next((row for row in self.availability if row["fulfillment_channel_code"] == channel), {})

    @property
    def channel(self):
        """Who ships: DEFAULT for the seller, or Amazon's channel such as AMAZON_EU; empty when nobody does."""
        codes = [row["fulfillment_channel_code"] for row in self.availability]
        return DEFAULT_CHANNEL if DEFAULT_CHANNEL in codes else next(iter(codes), "")

    @property
    def is_fba(self):
        """Whether Amazon ships this offer."""
        return self.channel not in ("", DEFAULT_CHANNEL)

    @property
    def quantity(self):
        """The quantity of the channel DEFAULT; None when Amazon ships or nothing was ever told."""
        return self.entry(DEFAULT_CHANNEL).get("quantity")

    @property
    def lead_time(self):
        """The handling time in days of the channel DEFAULT, None when it is not set."""
        return self.entry(DEFAULT_CHANNEL).get("lead_time_to_ship_max_days")


class Listings(dict):
    """All listings by (seller, SKU), and the harm that was done to offers of FBA."""

    def __init__(self, clock):
        super().__init__()
        self._clock = clock
        self.harmed = []

    def clear(self):
        """Forget all listings."""
        super().clear()
        self.harmed.clear()

    def add(
        self,
        seller_id,
        sku,
        marketplaces=("DE",),
        channel=DEFAULT_CHANNEL,
        quantity=0,
        lead_time=None,
        title="",
        asin="",
        product_type="PRODUCT",
        status=STATUSES,
        price="",
    ):
        """Take in a listing (in place of one with the same SKU).

        :param marketplaces: country codes or marketplace identifiers
        :param channel: DEFAULT (FBM), or Amazon's channel such as AMAZON_EU (FBA): then ``quantity`` does not count
        :param lead_time: handling time in days
        :param price: amount of the B2C offer as text, in each marketplace's currency
        """
        now = whole_milliseconds(self._clock.now())
        listing = Listing(
            seller_id=seller_id,
            sku=sku,
            marketplace_ids=[find_marketplace(key).marketplace_id for key in marketplaces],
            asin=asin or _asin(sku),
            title=title or f"Article {sku}",
            product_type=product_type,
            status=list(status),
            created_at=now,
            updated_at=now,
            price=price,
            attributes={AVAILABILITY: [_entry(channel, quantity, lead_time)]},
        )
        self[seller_id, sku] = listing
        return listing

    def find(self, seller_id, sku, marketplace_ids):
        """The seller's listing that is on one of these marketplaces, None when there is none."""
        listing = self.get((seller_id, sku))
        return listing if listing and set(listing.marketplace_ids) & set(marketplace_ids) else None

    def of_seller(self, seller_id):
        """The seller's listings, by SKU."""
        mine = [listing for listing in self.values() if listing.seller_id == seller_id]
        return sorted(mine, key=lambda listing: listing.sku)

    def change(self, listing, attributes, names, source):
        """Put ``attributes`` in the place of the listing's own.

        A told quantity is remembered, also one that was so before, and so is the harm to an offer of FBA.

        :param names: the attributes that were told
        :param source: patch, feed, seller or order
        """
        was_fba = listing.is_fba
        listing.attributes = attributes
        listing.updated_at = now = whole_milliseconds(self._clock.now())
        if AVAILABILITY in names:
            listing.changes.append(Change(now, listing.quantity, source))
        if was_fba and not listing.is_fba:
            self.harmed.append(Harm(listing.seller_id, listing.sku, now, source))

    def set_quantity(self, seller_id, sku, quantity):
        """Set a quantity in Seller Central, past the connector."""
        listing = self[seller_id, sku]
        if listing.is_fba:
            raise ValueError(f"Amazon ships {sku}: it has no quantity of the seller's")
        entry = {**listing.entry(DEFAULT_CHANNEL), "fulfillment_channel_code": DEFAULT_CHANNEL, "quantity": quantity}
        self.change(listing, {**listing.attributes, AVAILABILITY: [entry]}, (AVAILABILITY,), "seller")
        return listing

    def take_units(self, seller_id, order_items):
        """Take ordered units off the quantities; ValueError, and nothing taken, when there are not that many."""
        units = {}
        for item in order_items:
            sku = item["product"].get("sellerSku", "")
            units[sku] = units.get(sku, 0) + item["quantityOrdered"]
        for sku, quantity in units.items():
            if quantity > (self[seller_id, sku].quantity or 0):
                raise ValueError(f"{sku} has not {quantity} units left")
        for sku, quantity in units.items():
            listing = self[seller_id, sku]
            entry = {**listing.entry(DEFAULT_CHANNEL), "quantity": listing.quantity - quantity}
            self.change(listing, {**listing.attributes, AVAILABILITY: [entry]}, (AVAILABILITY,), "order")

    def dump(self):
        """What :meth:`load` takes back."""
        return [_row(listing) for listing in self.values()]

    def load(self, rows):
        """Take in what :meth:`dump` gave."""
        for row in rows:
            changes = [Change(to_moment(at), quantity, source) for at, quantity, source in row.pop("changes")]
            times = {name: to_moment(row.pop(name)) for name in ("created_at", "updated_at")}
            listing = Listing(**row, **times, changes=changes)
            self[listing.seller_id, listing.sku] = listing


def _entry(channel, quantity, lead_time):
    entry = {"fulfillment_channel_code": channel}
    if channel == DEFAULT_CHANNEL:
        entry["quantity"] = quantity
    return entry if lead_time is None else {**entry, "lead_time_to_ship_max_days": lead_time}


def _row(listing):
    row = asdict(listing)
    row.update(created_at=to_text(listing.created_at), updated_at=to_text(listing.updated_at))
    row["changes"] = [[to_text(change.at), change.quantity, change.source] for change in listing.changes]
    return row


def _asin(sku):
    """An invented ASIN that is always the same for a SKU."""
    number = 0
    for byte in sku.encode("utf-8"):
        number = (number * 131 + byte) % 36**8
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return "B0" + "".join(digits[number // 36**place % 36] for place in reversed(range(8)))
