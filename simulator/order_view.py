"""What of an order a seller gets to see: the data sets that were asked for, and personal data by role.

Personal data: https://developer-docs.amazon.com/sp-api/docs/access-orders-pii
"""

import copy

from .clock import to_moment
from .sellers import DIRECT_TO_CONSUMER, TAX_ROLES

# Members that are present only when their data set is asked for (parameter includedData).
ORDER_SECTIONS = {
    "buyer": "BUYER",
    "recipient": "RECIPIENT",
    "proceeds": "PROCEEDS",
    "payment": "PAYMENT",
    "tax": "TAX",
    "fulfillment": "FULFILLMENT",
    "packages": "PACKAGES",
    "fulfillmentOrders": "FULFILLMENT_ORDERS",
}
ITEM_SECTIONS = {
    "proceeds": "PROCEEDS",
    "expense": "EXPENSE",
    "promotion": "PROMOTION",
    "cancellation": "CANCELLATION",
    "fulfillment": "FULFILLMENT",
    "tax": "TAX",
}
INCLUDED_DATA = (
    "BUYER",
    "RECIPIENT",
    "PROCEEDS",
    "EXPENSE",
    "PROMOTION",
    "CANCELLATION",
    "FULFILLMENT",
    "PACKAGES",
    "TAX",
    "PAYMENT",
    "FULFILLMENT_ORDERS",
)
PERSONAL_ADDRESS = ("name", "addressLine1", "addressLine2", "addressLine3", "postalCode", "phone", "extendedFields")
STATUSES_WITH_BUYER = ("UNSHIPPED", "PARTIALLY_SHIPPED", "SHIPPED")
# There a tax role does not give the buyer's name.
NO_NAME_FOR_TAX_ROLES = ("ATVPDKIKX0DER", "A1VC38T7YXB528", "A19VAU5U5O7RUS")


def view(stored, included, seller, now):
    """The order as ``seller`` sees it.

    :param stored: a StoredOrder
    :param included: the values of includedData
    """
    order = _sections(stored.order, ORDER_SECTIONS, included)
    order["orderItems"] = [_sections(item, ITEM_SECTIONS, included) for item in order["orderItems"]]
    order = copy.deepcopy(order)
    if not stored.verbatim:
        _hide_buyer(order, stored, seller)
        _hide_recipient(order, stored, seller, now)
        _hide_item_texts(order, seller)
    return order


def _sections(members, sections, included):
    return {name: value for name, value in members.items() if sections.get(name) in {None, *included}}


def _hide_buyer(order, stored, seller):
    buyer = order.get("buyer")
    if buyer is None:
        return
    shown = stored.status in STATUSES_WITH_BUYER
    merchant, to_consumer = stored.is_merchant_fulfilled, DIRECT_TO_CONSUMER in seller.roles
    if not (shown and merchant and to_consumer):
        buyer.pop("buyerEmail", None)
    by_tax_role = bool(TAX_ROLES & seller.roles)
    if order["salesChannel"].get("marketplaceId") in NO_NAME_FOR_TAX_ROLES:
        by_tax_role = False
    if not (shown and (by_tax_role or (merchant and to_consumer))):
        buyer.pop("buyerName", None)


def _hide_recipient(order, stored, seller, now):
    recipient = order.get("recipient")
    if recipient is None:
        return
    if stored.status in ("PENDING", "PENDING_AVAILABILITY"):
        recipient.clear()
        return
    address = recipient.get("deliveryAddress", {})
    if not (stored.is_merchant_fulfilled and DIRECT_TO_CONSUMER in seller.roles):
        for name in PERSONAL_ADDRESS:
            address.pop(name, None)
        recipient.pop("deliveryPreference", None)
    latest = stored.order.get("fulfillment", {}).get("deliverByWindow", {}).get("latestDateTime")
    if latest and now > to_moment(latest):
        address.pop("phone", None)


def _hide_item_texts(order, seller):
    if DIRECT_TO_CONSUMER in seller.roles:
        return
    for item in order["orderItems"]:
        item["product"].pop("customization", None)
        gift_option = item.get("fulfillment", {}).get("packing", {}).get("giftOption", {})
        gift_option.pop("giftMessage", None)
