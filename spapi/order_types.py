"""What an Amazon order says, as typed values.

Every class is frozen. Money is ``Decimal`` in the order's currency, with Amazon's own sign; times are aware and in
UTC; a text that Amazon did not send is ``""`` and a list that it did not send is an empty tuple. Words that Amazon
defines (statuses, types, programs) are kept as Amazon writes them, known to us or not. The representation of a value
shows no personal data, so that it may stand in a log.

Source of the members: https://developer-docs.amazon.com/sp-api/docs/orders-api (version 2026-01-01).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

FULFILLED_BY_AMAZON = "AMAZON"
FULFILLED_BY_MERCHANT = "MERCHANT"
MARKETPLACE_FACILITATOR = "MARKETPLACE_FACILITATOR"


def _private(**options):
    """A dataclass field that the representation does not show."""
    return field(repr=False, **options)


@dataclass(frozen=True)
class Money:
    amount: Decimal
    currency: str


@dataclass(frozen=True)
class Charge:
    """One entry of Amazon's breakdown: of one item, or of the whole order.

    ``type`` is Amazon's word (ITEM, SHIPPING, GIFT_WRAP, COD_FEE, OTHER, TAX, DISCOUNT, DELIVERY_TIP, or a new one);
    ``details`` gives the amount of each subtype, summed when a subtype occurs more than once.
    """

    type: str
    amount: Decimal
    details: dict[str, Decimal] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Item:
    item_ref: str
    sku: str
    asin: str
    title: str
    quantity: int
    quantity_fulfilled: int | None
    quantity_unfulfilled: int | None
    unit_price: Money | None
    total: Money | None
    charges: tuple[Charge, ...] = ()
    gift_message: str = _private(default="")
    gift_wrap_level: str = ""
    serial_numbers: tuple[str, ...] = ()
    promotion_ids: tuple[str, ...] = ()
    customization_url: str = _private(default="")
    cancellation_requested: bool = False
    cancellation_reason: str = _private(default="")
    cancelled_by: str = ""
    tax_models: tuple[str, ...] = ()
    reporting_schemes: tuple[str, ...] = ()
    ioss_number: str = ""
    condition_note: str = ""
    programs: tuple[str, ...] = ()

    @property
    def is_facilitated(self) -> bool:
        """Whether the marketplace, not the seller, collects and remits the tax of this item."""
        return MARKETPLACE_FACILITATOR in self.tax_models

    @property
    def live_quantity(self) -> int:
        """How many are shipped or still wanted: what was ordered, less what was cancelled since."""
        if not self.cancelled_by:
            return self.quantity
        return min(self.quantity, (self.quantity_fulfilled or 0) + (self.quantity_unfulfilled or 0))


@dataclass(frozen=True)
class Address:
    """A delivery address. Without the restricted roles only city, state and country are there."""

    name: str = _private(default="")
    company: str = _private(default="")
    lines: tuple[str, ...] = _private(default=())
    city: str = _private(default="")
    district: str = _private(default="")
    state: str = _private(default="")
    postal_code: str = _private(default="")
    country_code: str = ""
    phone: str = _private(default="")
    address_type: str = ""
    instructions: str = _private(default="")


@dataclass(frozen=True)
class Buyer:
    """Who bought. ``email`` is Amazon's alias of the buyer; every member may be empty."""

    name: str = _private(default="")
    email: str = _private(default="")
    company: str = _private(default="")
    purchase_order: str = _private(default="")


@dataclass(frozen=True)
class TaxRegistration:
    """A tax number of the buyer, of the merchant or of the marketplace (``entity``: BUYER, MERCHANT, MARKETPLACE)."""

    entity: str
    type: str
    number: str = _private(default="")
    legal_name: str = _private(default="")


@dataclass(frozen=True)
class Package:
    """A package that Amazon knows of; ``items`` are pairs (item reference, quantity). FBM orders only."""

    reference: str
    carrier: str = ""
    service: str = ""
    tracking_number: str = _private(default="")
    shipped_at: datetime | None = None
    status: str = ""
    detailed_status: str = ""
    items: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Window:
    """A span of time; either end may be open."""

    earliest: datetime | None
    latest: datetime | None


@dataclass(frozen=True)
class Order:
    """One order. ``grand_total`` is what the buyer pays in all, taxes in; ``charges`` are those of the whole order."""

    order_ref: str
    created_at: datetime
    last_updated: datetime
    channel: str
    marketplace_id: str = ""
    marketplace_name: str = ""
    programs: tuple[str, ...] = ()
    status: str = ""
    fulfilled_by: str = ""
    service_level: str = ""
    ship_by: Window | None = None
    deliver_by: Window | None = None
    buyer: Buyer = field(default_factory=Buyer)
    address: Address | None = None
    items: tuple[Item, ...] = ()
    #: The currency of every amount of the order; "" when Amazon sent no amounts.
    currency: str = ""
    grand_total: Money | None = None
    charges: tuple[Charge, ...] = ()
    packages: tuple[Package, ...] = ()
    tax_registrations: tuple[TaxRegistration, ...] = ()
    replaces: str = ""
    seller_order_ref: str = ""
    #: Set by who asked: Amazon refused the tax data, so nothing is known of who owes the tax.
    tax_data_missing: bool = False

    @property
    def is_fba(self) -> bool:
        """Whether Amazon ships this order from its own warehouse."""
        return self.fulfilled_by == FULFILLED_BY_AMAZON

    @property
    def cancellation_requested(self) -> bool:
        """Whether the buyer asks to cancel at least one item that is not cancelled yet."""
        return any(item.cancellation_requested and not item.cancelled_by for item in self.items)

    def item(self, item_ref) -> Item | None:
        """The item with that reference; None when there is none, as for a charge of the whole order."""
        return next((item for item in self.items if item.item_ref == item_ref), None)
