"""Confirming shipments: Orders API, version 0, whose ``confirmShipment`` has no successor.

https://developer-docs.amazon.com/sp-api/docs/confirm-the-shipment-status
"""

from __future__ import annotations

from ..calls import Calls, checked_ref
from ..shipments import ShippedPackage, confirmation_body


class ShipmentOperations(Calls):
    """Telling Amazon what left the seller."""

    def confirm_shipment(self, order_ref: str, marketplace_id: str, package: ShippedPackage) -> None:
        """Tell Amazon of one package. The same package reference again corrects what was told of it.

        A repeat does no harm, so a broken connection is tried once more. Amazon's yes (204) is no proof: the order's
        packages are. ``InvalidRequest`` has Amazon's words for what it refuses; ``ValueError`` when the package is
        not one (see ``confirmation_body``).
        """
        body = confirmation_body(marketplace_id, package)
        checked_ref("order", order_ref)
        self._call("confirmShipment", lambda api: api.orders_v0.confirm_shipment(order_ref, **body))
