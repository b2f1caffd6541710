"""Orders API v0: confirmShipment.

Model: https://developer-docs.amazon.com/sp-api/docs/orders-api-v0-reference
"""

import re

from .answers import Refusal, invalid_input
from .marketplaces import find_marketplace
from .orders import ORDER_ID
from .shipments import confirm

REFERENCE = re.compile(r"[0-9]*[1-9][0-9]*", re.ASCII)
TEXT = {"type": "string"}
ORDER_ITEM = {
    "type": "object",
    "required": ["orderItemId", "quantity"],
    "properties": {
        "orderItemId": TEXT,
        "quantity": {"type": "integer"},
        "transparencyCodes": {"type": "array", "items": TEXT},
    },
}
CONFIRMATION = {
    "type": "object",
    "required": ["marketplaceId", "packageDetail"],
    "properties": {
        "marketplaceId": TEXT,
        "codCollectionMethod": {"type": "string", "enum": ["DirectPayment"]},
        "packageDetail": {
            "type": "object",
            "required": ["packageReferenceId", "carrierCode", "trackingNumber", "shipDate", "orderItems"],
            "properties": {
                "packageReferenceId": TEXT,
                "carrierCode": TEXT,
                "carrierName": TEXT,
                "shippingMethod": TEXT,
                "trackingNumber": TEXT,
                "shipDate": {"type": "string", "format": "date-time"},
                "shipFromSupplySourceId": TEXT,
                "orderItems": {"type": "array", "items": ORDER_ITEM},
            },
        },
    },
}


def confirm_shipment(store, seller, query, request, order_id, body):
    """Confirm one package of an order; nothing comes back."""
    _check(body)
    if not ORDER_ID.fullmatch(order_id):
        raise invalid_input("", "AmazonOrderId is invalid, it must be in 3-7-7 format.")
    stored = store.orders.get(order_id)
    if stored is None or stored.seller_id != seller.seller_id:
        raise Refusal(404, "NotFound", "The requested order was not found.")
    if store.faults.take("confirmShipment", {"accepted_without_effect"}):
        return
    confirm(store, stored, body["marketplaceId"], body["packageDetail"])


def _check(body):
    """What the model says in words only."""
    package = body["packageDetail"]
    if not REFERENCE.fullmatch(package["packageReferenceId"]):
        raise invalid_input("", "PackageReferenceId: is invalid, must be a positive numeric value.")
    for name in ("carrierCode", "trackingNumber"):
        if not package[name].strip():
            raise invalid_input("", f"{name[0].upper()}{name[1:]}: is invalid, must not be empty.")
    if package["carrierCode"] == "Other" and not package.get("carrierName", "").strip():
        raise invalid_input("", "CarrierName: is invalid, it is required when CarrierCode is Other.")
    if not package["orderItems"] or any(item["quantity"] < 1 for item in package["orderItems"]):
        raise invalid_input("", "OrderItems: is invalid, each item must have a positive quantity.")
    if "codCollectionMethod" in body and body["marketplaceId"] != find_marketplace("JP").marketplace_id:
        raise invalid_input("", "CodCollectionMethod: is invalid, it is supported in the JP marketplace only.")
