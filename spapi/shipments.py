"""What Amazon is told of a package that left the seller.

https://developer-docs.amazon.com/sp-api/docs/confirm-the-shipment-status
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timezone

OTHER_CARRIER = "Other"
PACKAGE_REFERENCE = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)


@dataclass(frozen=True)
class ShippedPackage:
    """One package.

    ``reference`` is a positive whole number, as a text, unique within the order: the same one again corrects that
    package. ``items`` are (Amazon's order item reference, units); ``transparency_codes`` are (item reference, codes).
    ``carrier_name`` is wanted where ``carrier_code`` is "Other". ``cod_collection_method`` is for Japan only.
    """

    reference: str
    carrier_code: str
    carrier_name: str | None
    shipping_method: str | None
    tracking_number: str = field(repr=False)
    shipped_at: datetime
    items: tuple[tuple[str, int], ...]
    ship_from_supply_source_id: str | None = None
    transparency_codes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    cod_collection_method: str | None = None


def confirmation_body(marketplace_id: str, package: ShippedPackage) -> dict:
    """The body of ``confirmShipment``; ``ValueError`` when the package lacks what Amazon cannot do without."""
    _check(package)
    detail = {
        "packageReferenceId": package.reference,
        "carrierCode": package.carrier_code,
        "carrierName": package.carrier_name,
        "shippingMethod": package.shipping_method,
        "trackingNumber": package.tracking_number,
        "shipDate": package.shipped_at.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "shipFromSupplySourceId": package.ship_from_supply_source_id,
        "orderItems": _order_items(package),
    }
    body = {
        "marketplaceId": marketplace_id,
        "codCollectionMethod": package.cod_collection_method,
        "packageDetail": {name: value for name, value in detail.items() if value},
    }
    return {name: value for name, value in body.items() if value}


def _order_items(package):
    """Each item once, with all its units of this package."""
    units = {}
    for item_ref, quantity in package.items:
        units[item_ref] = units.get(item_ref, 0) + quantity
    codes = dict(package.transparency_codes)
    return [
        {"orderItemId": item_ref, "quantity": quantity}
        | ({"transparencyCodes": list(codes[item_ref])} if codes.get(item_ref) else {})
        for item_ref, quantity in units.items()
    ]


def _check(package):
    if not isinstance(package.reference, str) or not PACKAGE_REFERENCE.fullmatch(package.reference):
        raise ValueError("The reference of a package must be a positive whole number, as a text")
    if not package.carrier_code or not package.tracking_number:
        raise ValueError("A package needs a carrier and a tracking number")
    if package.carrier_code == OTHER_CARRIER and not package.carrier_name:
        raise ValueError("A carrier that Amazon does not know needs a name")
    if package.shipped_at.utcoffset() is None:
        raise ValueError("The time of shipping needs its time zone")
    if not package.items:
        raise ValueError("A package needs items")
    for item_ref, quantity in package.items:
        if not item_ref or isinstance(quantity, bool) or not isinstance(quantity, int) or quantity < 1:
            raise ValueError("Each item of a package needs its reference and a whole number of units")
