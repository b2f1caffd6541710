"""Hypothesis strategies for orders as Amazon's Orders API 2026-01-01 may send them.

They follow the official model (https://developer-docs.amazon.com/sp-api/docs/orders-api): what it requires is always
there, what it does not may be missing, words it does not enumerate may be any. `UNKNOWN_WORD` stands where Amazon may
use a word some day that the model does not know yet. Amounts mostly add up the way Amazon's examples do, sometimes
not at all. Pure Python: nothing of Odoo is imported.
"""

from decimal import Decimal

from hypothesis import strategies as st

UNKNOWN_WORD = "WORD_OF_TOMORROW"

#: Marketplaces with currency and the decimals of its amounts.
MARKETPLACES = {
    "A1PA6795UKMFR9": ("EUR", 2),  # DE
    "APJ6JRA9NG5V4": ("EUR", 2),  # IT
    "A13V1IB3VIYZZH": ("EUR", 2),  # FR
    "A1F83G8C2ARO7P": ("GBP", 2),  # GB
    "A2NODRKZP88ZB9": ("SEK", 2),  # SE
    "ATVPDKIKX0DER": ("USD", 2),  # US
    "A2EUQ1WTGCTBG2": ("CAD", 2),  # CA
    "A1VC38T7YXB528": ("JPY", 0),  # JP
}

UGLY_TEXTS = [
    "",
    " ",
    "Plain mug",
    "\u202eעברית \u0627\u0644\u0639\u0631\u0628\u064a\u0629",
    "☕ 👩‍👩‍👧‍👦 mug",
    "nul\x00inside",
    "half a pair \ud83d",
    "<script>alert(1)</script> & <b>bold",
    "100% %(name)s %s {0} ${x}",
    "first\nsecond\r\n\tthird",
    "'; DROP TABLE sale_order; --",
    "x" * 3000,
]

#: Several are known by the Odoo tests; one of them stands for two products.
SKUS = [
    *("MUG-RED-11OZ", "TAX-INCLUDED", "TAX-EXCLUDED", "TAX-SEVERAL", "TAX-FIXED", "TAX-MIXED", "SERVICE", "LOT"),
    "MUG-RED-11OZ",
    "TAX-INCLUDED",
    "TAX-EXCLUDED",
    "TAX-SEVERAL",
    "TAX-FIXED",
    "TAX-MIXED",
    "SERVICE",
    "LOT",
    "SERIAL",
    "TWICE",
    "mug-red-11oz",
    "UNKNOWN/SKU 40+ characters \"quoted\" '☕' and more",
    " blank around ",
]

ALIASES = ["", "a1@marketplace.amazon.de", "a2@marketplace.amazon.com", "not an address"]
COUNTRIES = ["DE", "DE", "FR", "IT", "GB", "US", "CA", "JP", "BR", "de", "XX", ""]
STATES = ["", "BY", "Bayern", "California", "CA", "US-CA", "Nowhere", "Île-de-France"]
VAT_NUMBERS = ["DE123456788", "FR23334175221", "IT00743110157", "XX1", "", "123", "ugly ☕"]
TIMES = ["2021-03-04T05:06:07Z", "2026-02-28T23:59:59.999Z", "2026-07-01T00:00:00+02:00", "2019-01-01T00:00:00Z"]
LEVELS = ["", "GIFT-PAPER", "TAX-INCLUDED", "classic-wrap"]
SERVICE_LEVELS = ["STANDARD", "EXPEDITED", "TAX-EXCLUDED", "SERVICE", UNKNOWN_WORD]
STATUSES = ["UNSHIPPED"] * 12 + ["SHIPPED"] * 16 + ["PARTIALLY_SHIPPED"] * 4
STATUSES += ["CANCELLED", "UNFULFILLABLE", "PENDING", "PENDING_AVAILABILITY", UNKNOWN_WORD]

SURCHARGES = ["SHIPPING", "GIFT_WRAP", "COD_FEE", "OTHER", UNKNOWN_WORD]
ZERO = Decimal(0)


def rarely(one_in=8):
    """True once in so many times; hypothesis tries the other case first."""
    return st.integers(1, one_in).map(lambda number: number == one_in)


def often(one_in=8):
    return rarely(one_in).map(lambda rare: not rare)


def ugly_text():
    return st.sampled_from(UGLY_TEXTS) | st.sampled_from(UGLY_TEXTS) | st.text(max_size=12)


def some_of(**members):
    """An object of which any member may be missing."""
    return st.fixed_dictionaries({}, optional=members)


def moment():
    return st.sampled_from(TIMES)


def window():
    far = moment() | moment() | st.sampled_from(["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
    return some_of(earliestDateTime=moment(), latestDateTime=far)


# --- Who bought, and where it goes ---


def buyer():
    return some_of(
        buyerName=ugly_text(),
        buyerEmail=st.sampled_from(ALIASES),
        buyerCompanyName=st.sampled_from(["", "Muster GmbH"]),
        buyerPurchaseOrderNumber=ugly_text(),
    )


def address():
    return some_of(
        name=ugly_text(),
        companyName=st.sampled_from(["", "Muster GmbH"]),
        addressLine1=ugly_text(),
        addressLine2=ugly_text(),
        addressLine3=st.just("3rd floor"),
        city=st.sampled_from(["München", "Paris", "", "\u202eעיר"]),
        districtOrCounty=st.just("District"),
        stateOrRegion=st.sampled_from(STATES),
        municipality=st.just("Municipality"),
        postalCode=st.sampled_from(["80331", "", "SW1A 1AA", "n/a"]),
        countryCode=st.sampled_from(COUNTRIES),
        phone=st.sampled_from(["+49 89 123456", "", "ext. 5 ☎"]),
        extendedFields=st.just({"streetName": "Rua", "streetNumber": "5", "complement": "apto", "neighborhood": "Sé"}),
        addressType=st.sampled_from(["RESIDENTIAL", UNKNOWN_WORD]),
    )


def recipient():
    preference = some_of(dropOffLocation=ugly_text(), addressInstruction=ugly_text())
    return some_of(deliveryAddress=address(), deliveryPreference=preference)


def tax_registrations():
    registration = some_of(
        entityType=st.sampled_from(["BUYER", "BUYER", "MERCHANT", "MARKETPLACE", UNKNOWN_WORD]),
        legalName=st.sampled_from(["", "Muster GmbH", "<b>Ltd"]),
        taxRegistrationType=st.sampled_from(["VAT", "VAT", "CNPJ", UNKNOWN_WORD]),
        taxRegistrationNumber=st.sampled_from(VAT_NUMBERS),
    )
    return some_of(taxRegistrations=st.lists(registration, max_size=2), taxInvoicing=st.just({"invoiceStatus": "X"}))


# --- What was paid ---


class Purse:
    """Writes amounts of one currency as Amazon does."""

    def __init__(self, currency, digits):
        self.currency = currency
        self.digits = digits

    def amounts(self, most=20000):
        return st.integers(0, most).map(self.amount)

    def amount(self, units):
        return Decimal(units).scaleb(-self.digits)

    def money(self, amount):
        return {"amount": str(amount), "currencyCode": self.currency}


@st.composite
def details(draw, purse, kinds, amount):
    """Detailed breakdowns of an amount: of all kinds or of some, and adding up to it or not."""
    first = draw(purse.amounts(300)) if draw(rarely(3)) else amount
    parts = [first, amount - first] if draw(often()) else [first, first + 1]
    return [
        {"subtype": kind, "value": purse.money(part)} for kind, part in zip(draw(kinds), parts, strict=True) if part
    ]


@st.composite
def item_proceeds(draw, purse, quantity, tax_modes):
    """What the buyer paid for an item, and the same as an exact amount (0 where Amazon does not say)."""
    unit = draw(purse.amounts(draw(st.sampled_from([20000, 20000, 20000, 10**9]))))
    charges = [("ITEM", unit * quantity)]
    for kind in draw(st.lists(st.sampled_from(SURCHARGES), max_size=2, unique=True)):
        charges.append((kind, draw(purse.amounts(2000))))
    gross = sum((amount for _kind, amount in charges), ZERO)
    breakdowns = [{"type": kind, "subtotal": purse.money(amount)} for kind, amount in charges]
    total = gross
    if draw(rarely(3)):
        discount = min(draw(purse.amounts(1500)), gross)
        total -= discount
        signed = discount * draw(st.sampled_from([1, -1]))
        entry = {"type": "DISCOUNT", "subtotal": purse.money(signed)}
        if draw(st.booleans()):
            kinds = st.sampled_from([["ITEM", "SHIPPING"], ["SHIPPING", "ITEM"], ["GIFT_WRAP", UNKNOWN_WORD]])
            entry["detailedBreakdowns"] = draw(details(purse, kinds, signed))
        breakdowns.append(entry)
    tax_mode = draw(st.sampled_from(tax_modes))
    if tax_mode != "none":
        tax = purse.amount(int(total.scaleb(purse.digits)) * draw(st.sampled_from([0, 7, 19, 20])) // 119)
        total += tax if tax_mode == "beside" else ZERO
        entry = {"type": "TAX", "subtotal": purse.money(tax)}
        if draw(st.booleans()):
            kinds = st.sampled_from([["ITEM", "SHIPPING"], ["SHIPPING", "DISCOUNT"], ["ITEM", UNKNOWN_WORD]])
            entry["detailedBreakdowns"] = draw(details(purse, kinds, tax))
        breakdowns.append(entry)
    if draw(rarely(10)):  # parts that do not add up
        total += draw(purse.amounts(500))
    proceeds = {"proceedsTotal": purse.money(total), "breakdowns": breakdowns}
    if draw(rarely(12)):
        del proceeds[draw(st.sampled_from(["proceedsTotal", "breakdowns"]))]
    return proceeds, unit, total


@st.composite
def order_proceeds(draw, purse, items, total):
    """The amounts of the whole order; mostly they are those of its items, and a tip."""
    sums = {}
    for item in items:
        for entry in item.get("proceeds", {}).get("breakdowns", []):
            sums[entry["type"]] = sums.get(entry["type"], ZERO) + Decimal(entry["subtotal"]["amount"])
    for kind in draw(st.sampled_from([[], [], [], ["DELIVERY_TIP"], [UNKNOWN_WORD], ["DISCOUNT"]])):
        extra = draw(purse.amounts(900))
        sums[kind] = sums.get(kind, ZERO) + extra
        total += -extra if kind == "DISCOUNT" else extra
    if draw(rarely(12)):
        total += draw(purse.amounts(500))
    if draw(rarely(30)):
        total += Decimal("0.005")  # finer than the currency
    proceeds = {"grandTotal": purse.money(total)}
    if draw(often(5)):
        proceeds["breakdowns"] = [{"type": kind, "subtotal": purse.money(value)} for kind, value in sums.items()]
    if draw(rarely(20)):
        del proceeds["grandTotal"]
    return proceeds


# --- The items ---


@st.composite
def items(draw, number, purse, status, tax_modes):
    """One item and its exact total."""
    product = draw(_product())
    quantities = [1, 1, 1, 2, 3, 7, 0, 100, 99999]
    if product.get("sellerSku") == "SERIAL":  # Odoo has a record for each piece: minutes for a hundred thousand
        quantities = [1, 1, 1, 2, 3, 7, 0, 20]
    quantity = draw(st.sampled_from(quantities))
    item = {"orderItemId": f"{number:014d}", "quantityOrdered": quantity, "product": product}
    total = ZERO
    if draw(often(15)):
        item["proceeds"], unit, total = draw(item_proceeds(purse, quantity, tax_modes))
        if draw(often(4)):
            item["product"]["price"] = {"unitPrice": purse.money(unit)}
    if draw(often(10)):
        item["fulfillment"] = draw(_item_fulfillment(quantity, status))
    if draw(rarely(12)):
        item["cancellation"] = draw(_cancellation())
    if draw(st.booleans()):
        models = st.sampled_from(["MARKETPLACE_FACILITATOR", "MARKETPLACE_FACILITATOR", UNKNOWN_WORD])
        item["tax"] = {"taxCollections": [draw(some_of(model=models, responsibleParty=st.just("Amazon")))]}
    return item, total


def _product():
    return some_of(
        asin=st.just("B0EXAMPLE1"),
        title=ugly_text(),
        sellerSku=st.sampled_from(SKUS),
        condition=some_of(conditionType=st.just("NEW"), conditionNote=ugly_text()),
        serialNumbers=st.lists(st.sampled_from(["S1", "S2", "", "S1", "☕"]), max_size=3),
        customization=some_of(customizedUrl=st.just("https://example.com/customization")),
    )


@st.composite
def _item_fulfillment(draw, quantity, status):
    fulfilled = {"SHIPPED": quantity, "PARTIALLY_SHIPPED": quantity // 2}.get(status, 0)
    if draw(rarely(12)):
        fulfilled = draw(st.integers(0, quantity + 2))
    fulfillment = {"quantityFulfilled": fulfilled, "quantityUnfulfilled": max(quantity - fulfilled, 0)}
    if draw(rarely(10)):
        del fulfillment[draw(st.sampled_from(sorted(fulfillment)))]
    if draw(rarely(5)):
        gift = some_of(giftMessage=ugly_text(), giftWrapLevel=st.sampled_from(LEVELS))
        fulfillment["packing"] = {"giftOption": draw(gift)}
    return fulfillment


def _cancellation():
    return some_of(
        cancellationRequest=some_of(requester=st.just("BUYER"), cancelReason=ugly_text()),
        cancellationExecution=some_of(cancelledBy=st.sampled_from(["BUYER", UNKNOWN_WORD]), cancelReason=ugly_text()),
    )


# --- The order ---


@st.composite
def orders(draw, number=1, statuses=None):
    """One order. `number` makes its reference unlike that of the others."""
    marketplace = draw(st.sampled_from(sorted(MARKETPLACES)))
    purse = Purse(*MARKETPLACES[marketplace])
    status = draw(st.sampled_from(statuses or STATUSES))
    tax_modes = draw(st.sampled_from([["none"], ["beside"], ["inside"], ["none", "beside", "inside"]]))
    size = draw(st.sampled_from([1, 1, 1, 2, 3, 0, 1, 1, 1, 2, 3, 7]))
    lines = [draw(items(10 * number + index, purse, status, tax_modes)) for index in range(size)]
    order = {
        "orderId": f"028-{number:07d}-0000001",
        "createdTime": draw(st.sampled_from([*TIMES[:3] * 5, *TIMES])),
        "lastUpdatedTime": "2026-08-01T10:00:00Z",
        "salesChannel": draw(_sales_channel(marketplace)),
        "orderItems": [item for item, _total in lines],
    }
    if draw(often(15)):
        total = sum((total for _item, total in lines), ZERO)
        order["proceeds"] = draw(order_proceeds(purse, order["orderItems"], total))
    if draw(often(25)):
        order["fulfillment"] = draw(_fulfillment(status))
    order |= draw(_other_sections())
    return order


@st.composite
def _sales_channel(draw, marketplace):
    channel = {"channelName": draw(st.sampled_from(["AMAZON"] * 25 + ["NON_AMAZON", UNKNOWN_WORD]))}
    if draw(often(40)):
        channel["marketplaceId"] = marketplace if draw(often(40)) else "A0UNKNOWN"
    if draw(st.booleans()):
        channel["marketplaceName"] = draw(ugly_text())
    return channel


def _fulfillment(status):
    by_amazon = 8 if status == "SHIPPED" else 2
    return st.fixed_dictionaries(
        {
            "fulfillmentStatus": st.just(status),
            "fulfilledBy": st.sampled_from(["MERCHANT"] * 10 + ["AMAZON"] * by_amazon + [UNKNOWN_WORD]),
        },
        optional={
            "fulfillmentServiceLevel": st.sampled_from(SERVICE_LEVELS),
            "shipByWindow": window(),
            "deliverByWindow": window(),
        },
    )


def _other_sections():
    associated = some_of(
        orderId=st.just("028-9999999-9999999"),
        associationType=st.sampled_from(["REPLACEMENT_ORIGINAL_ID", "EXCHANGE_ORIGINAL_ID", UNKNOWN_WORD]),
    )
    package = st.fixed_dictionaries(
        {"packageReferenceId": st.just("1")},
        optional={
            "packageStatus": st.fixed_dictionaries({"status": st.sampled_from(["SHIPPED", UNKNOWN_WORD])}),
            "carrier": ugly_text(),
            "shipTime": moment(),
            "trackingNumber": ugly_text(),
        },
    )
    return some_of(
        buyer=buyer(),
        recipient=recipient(),
        tax=tax_registrations(),
        programs=st.lists(st.sampled_from(["AMAZON_BUSINESS", "PRIME", UNKNOWN_WORD]), max_size=2),
        associatedOrders=st.lists(associated, max_size=1),
        orderAliases=st.just([{"aliasId": "S-1", "aliasType": "SELLER_ORDER_ID"}]),
        packages=st.lists(package, max_size=1),
    )


@st.composite
def batches(draw, size):
    """So many orders, each with a reference of its own."""
    return [draw(orders(number=number)) for number in range(1, size + 1)]
