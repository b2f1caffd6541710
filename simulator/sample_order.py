"""The builder behind ``samples.build_order``: from a few options to a whole order that adds up."""

import itertools
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from .clock import to_text
from .marketplaces import find_marketplace
from .sample_amounts import item_amounts, money, order_proceeds
from .sample_buyers import SampleBuyer
from .sample_products import PRODUCTS

_numbers = itertools.count(1)
# Country -> tax mode, rate in percent, whether Amazon collects the tax; elsewhere no tax is told.
_TAXES = {
    "US": ("beside", "8", True),
    "CA": ("beside", "13", True),
    "DE": ("inside", "19", False),
    "FR": ("inside", "20", False),
    "IT": ("inside", "22", False),
    "ES": ("inside", "21", False),
}
_ID_PREFIXES = {"DE": 302, "FR": 404, "IT": 171, "ES": 408, "GB": 204, "US": 112, "CA": 701, "JP": 250}
_PENDING = ("PENDING", "PENDING_AVAILABILITY")
# Options of the order that stand for the same options of its first item.
_FIRST_ITEM = ("shipping", "gift_wrap", "gift_message", "gift_wrap_level", "discount", "shipping_discount")


@dataclass
class SampleOrder:
    """The options of ``samples.build_order``, which explains them."""

    marketplace: str = "DE"
    channel: str = "FBM"
    status: str = ""
    items: tuple = ("MUG-RED-11OZ",)
    order_id: str = ""
    age: float = 300
    created: datetime | None = None
    updated: datetime | None = None
    service_level: str = "STANDARD"
    shipping: object = None
    gift_wrap: object = None
    gift_message: str | None = None
    gift_wrap_level: str | None = None
    discount: object = None
    shipping_discount: object = None
    discount_sign: int = -1
    tax_mode: str = ""
    tax_rate: object = None
    facilitator: bool | None = None
    personal_data: bool = True
    buyer_name: str = "Jane Example"
    business: bool = False
    programs: tuple = ()
    seller_order_id: str = ""

    def __post_init__(self):
        self.place = find_marketplace(self.marketplace)
        mode, rate, facilitator = _TAXES.get(self.place.country_code, ("none", "0", False))
        self.tax_mode = self.tax_mode or mode
        self.tax_rate = rate if self.tax_rate is None else self.tax_rate
        self.facilitator = facilitator if self.facilitator is None else self.facilitator
        self.order_id = self.order_id or order_id_for(next(_numbers), self.place.country_code)
        self.fulfilled_by = {"FBM": "MERCHANT", "FBA": "AMAZON"}[self.channel]
        self.status = self.status or ("UNSHIPPED" if self.channel == "FBM" else "SHIPPED")
        self.updated = self.updated or datetime.now(timezone.utc) - timedelta(seconds=self.age)
        self.created = self.created or self.updated - timedelta(minutes=10)
        self.buyer = SampleBuyer(self.buyer_name, self.place.country_code, self.place.domain)
        self.is_cancelled = self.status == "CANCELLED"

    def build(self):
        """The order, as Amazon would show it whole."""
        rows = [self._item_values(index, item) for index, item in enumerate(self.items)]
        amounts = [self._amounts(row) for row in rows]
        order = self._head()
        if not self.is_cancelled:
            proceeds = order_proceeds(amounts)
            payment = {"paymentMethod": "CreditCard", "paymentAmount": proceeds["grandTotal"]}
            order.update(
                buyer=self._buyer(),
                recipient=self._recipient(),
                proceeds=proceeds,
                payment={"paymentExecutions": [payment]},
            )
        if self.business:
            order["tax"] = {"taxRegistrations": [self._tax_registration()]}
        order["fulfillment"] = self._fulfillment()
        shipped = self._shipped_quantities(rows)
        order["orderItems"] = [self._item(*parts) for parts in zip(rows, amounts, shipped, strict=True)]
        if self.channel == "FBM" and any(shipped):
            order["packages"] = [self._package(rows, shipped)]
        return order

    def _head(self):
        head = {
            "orderId": self.order_id,
            "createdTime": to_text(self.created),
            "lastUpdatedTime": to_text(self.updated),
            "programs": [*self.programs, *(["AMAZON_BUSINESS"] if self.business else [])],
            "salesChannel": {
                "channelName": "AMAZON",
                "marketplaceId": self.place.marketplace_id,
                "marketplaceName": self.place.title,
            },
        }
        if self.seller_order_id:
            head["orderAliases"] = [{"aliasId": self.seller_order_id, "aliasType": "SELLER_ORDER_ID"}]
        return head

    def _buyer(self):
        if not self.personal_data or self.status in _PENDING:
            return {}
        buyer = {"buyerName": self.buyer.name}
        if self.channel == "FBM":
            buyer["buyerEmail"] = self.buyer.email
        if self.business:
            buyer.update(buyerCompanyName=self.buyer.company(), buyerPurchaseOrderNumber="PO-0001")
        return buyer

    def _recipient(self):
        if self.status in _PENDING:
            return {}
        known = self.personal_data and self.channel == "FBM"
        return {"deliveryAddress": self.buyer.address(known, self.buyer.company() if self.business else "")}

    def _tax_registration(self):
        return {
            "entityType": "BUYER",
            "legalName": self.buyer.company(),
            "taxRegistrationType": "VAT",
            "taxRegistrationNumber": self.buyer.tax_number(),
        }

    def _fulfillment(self):
        def window(first_day, last_day):
            days = (self.created + timedelta(days=first_day), self.created + timedelta(days=last_day))
            return {"earliestDateTime": to_text(days[0]), "latestDateTime": to_text(days[1])}

        return {
            "fulfillmentStatus": self.status,
            "fulfilledBy": self.fulfilled_by,
            "fulfillmentServiceLevel": self.service_level,
            "shipByWindow": window(0, 2),
            "deliverByWindow": window(3, 7),
        }

    def _item_values(self, index, item):
        if isinstance(item, str):
            item = {"sku": item}
        elif isinstance(item, tuple):
            item = {"sku": item[0], "quantity": item[1]}
        first = {name: getattr(self, name) for name in _FIRST_ITEM} if index == 0 else {}
        product = PRODUCTS.get(item["sku"])
        usual = {"quantity": 1, "title": item["sku"], "asin": "B0EXAMPLE0", "price": "10.00"}
        if product:
            usual.update(title=product.name, asin=product.asin, price=product.price_in(self.place.currency))
        usual["item_id"] = self.order_id.replace("-", "")[:12] + f"{index + 1:02d}"
        return {**usual, **{name: value for name, value in first.items() if value is not None}, **item}

    def _amounts(self, row):
        return item_amounts(row, self.place.currency, self.tax_mode, self.tax_rate, self.discount_sign)

    def _shipped_quantities(self, rows):
        if self.status == "PARTIALLY_SHIPPED":
            return [1, *(0 for _row in rows[1:])]
        return [row["quantity"] if self.status == "SHIPPED" else 0 for row in rows]

    def _item(self, row, amounts, shipped):
        left = 0 if self.is_cancelled else row["quantity"] - shipped
        item = {
            "orderItemId": row["item_id"],
            "quantityOrdered": row["quantity"],
            "programs": [],
            "product": self._product(row),
            "fulfillment": {"quantityFulfilled": shipped, "quantityUnfulfilled": left},
        }
        if self.is_cancelled:
            item["cancellation"] = {"cancellationExecution": {"cancelledBy": "BUYER", "cancelReason": "BuyerCanceled"}}
        else:
            total = money(amounts.total, self.place.currency)
            item["proceeds"] = {"proceedsTotal": total, "breakdowns": amounts.breakdowns()}
        if self.facilitator:
            item["tax"] = {"taxCollections": [{"model": "MARKETPLACE_FACILITATOR", "responsibleParty": "Amazon"}]}
        self._add_promotions(item, row)
        self._add_packing(item, row)
        return item

    def _product(self, row):
        product = {
            "asin": row["asin"],
            "title": row["title"],
            "sellerSku": row["sku"],
            "condition": {"conditionType": "NEW", "conditionSubtype": "NEW"},
            "price": {"unitPrice": money(row["price"], self.place.currency)},
        }
        if self.business:
            product["price"]["priceDesignation"] = "BUSINESS_PRICE"
        if row.get("serial_numbers"):
            product["serialNumbers"] = list(row["serial_numbers"])
        return product

    def _add_promotions(self, item, row):
        discounted = row.get("discount") is not None or row.get("shipping_discount") is not None
        promotions = row.get("promotion_ids") or (["EXAMPLE-PROMOTION"] if discounted else [])
        if promotions:
            item["promotion"] = {"breakdowns": [{"promotionId": promotion} for promotion in promotions]}

    def _add_packing(self, item, row):
        gift = {"giftMessage": row.get("gift_message")}
        if row.get("gift_wrap") is not None:
            gift["giftWrapLevel"] = row.get("gift_wrap_level", "classic")
        gift = {name: value for name, value in gift.items() if value}
        if gift:
            item["fulfillment"]["packing"] = {"giftOption": gift}

    def _package(self, rows, shipped):
        return {
            "packageReferenceId": "1",
            "createdTime": to_text(self.updated),
            "packageStatus": {"status": "SHIPPED"},
            "carrier": "DHL",
            "shipTime": to_text(self.updated),
            "shippingService": "Standard",
            "trackingNumber": "JD0140000000001",
            "packageItems": [
                {"orderItemId": row["item_id"], "quantity": units}
                for row, units in zip(rows, shipped, strict=True)
                if units
            ],
        }


def order_id_for(number, country_code="DE"):
    """An order identifier that looks like Amazon's, another one for each ``number`` below ten million."""
    first, second = (number * 7654321 + 1234567) % 10**7, (number * 3456789 + 7654321) % 10**7
    return f"{_ID_PREFIXES.get(country_code, 303)}-{first:07d}-{second:07d}"
