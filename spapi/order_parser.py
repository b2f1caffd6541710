"""From the order as Amazon sends it (Orders API 2026-01-01) to typed values."""

from __future__ import annotations

from decimal import Decimal

from .errors import UnreadableOrder
from .order_types import Address, Buyer, Charge, Item, Order, Package, TaxRegistration, Window
from .sections import Section, as_flag

# The words of the older Orders API, which notifications and reports still use.
FULFILLED_BY = {"AFN": "AMAZON", "MFN": "MERCHANT"}
REPLACED = ("REPLACEMENT_ORIGINAL_ID", "EXCHANGE_ORIGINAL_ID")


def parse_order(raw: dict) -> Order:
    """Read one order object of ``searchOrders`` or ``getOrder``.

    Amounts keep Amazon's sign and are in the order's one currency; whether tax stands inside or beside them is not
    decided here. Raises ``UnreadableOrder``, with the path of the member, when something needed is missing, when an
    amount is not exact, or when the amounts are not all in one currency.
    """
    order = Section(raw)
    channel = order.section("salesChannel")
    fulfillment = order.section("fulfillment")
    proceeds = order.section("proceeds")
    fulfilled_by = fulfillment.text("fulfilledBy")
    return Order(
        order_ref=order.required("orderId"),
        created_at=order.required_time("createdTime"),
        last_updated=order.required_time("lastUpdatedTime"),
        channel=channel.required("channelName"),
        marketplace_id=channel.text("marketplaceId"),
        marketplace_name=channel.text("marketplaceName"),
        programs=order.texts("programs"),
        status=fulfillment.text("fulfillmentStatus"),
        fulfilled_by=FULFILLED_BY.get(fulfilled_by, fulfilled_by),
        service_level=fulfillment.text("fulfillmentServiceLevel"),
        ship_by=_window(fulfillment.section("shipByWindow")),
        deliver_by=_window(fulfillment.section("deliverByWindow")),
        buyer=_buyer(order.section("buyer")),
        address=_address(order.section("recipient")),
        items=_items(order),
        currency=_currency(order),
        grand_total=proceeds.money("grandTotal"),
        charges=_charges(proceeds),
        packages=tuple(_package(package) for package in order.sections("packages")),
        tax_registrations=_tax_registrations(order.section("tax")),
        replaces=_replaced_order(order),
        seller_order_ref=_seller_order_ref(order),
    )


def _window(window: Section) -> Window | None:
    if not window:
        return None
    return Window(window.time("earliestDateTime"), window.time("latestDateTime"))


def _buyer(buyer: Section) -> Buyer:
    return Buyer(
        name=buyer.text("buyerName"),
        email=buyer.text("buyerEmail"),
        company=buyer.text("buyerCompanyName"),
        purchase_order=buyer.text("buyerPurchaseOrderNumber"),
    )


def _address(recipient: Section) -> Address | None:
    address = recipient.section("deliveryAddress")
    if not address:
        return None
    # Brazil only: the parts of the street, and the neighbourhood, which the address lines do not hold.
    extended = address.section("extendedFields")
    return Address(
        name=address.text("name"),
        company=address.text("companyName"),
        lines=_address_lines(address, extended),
        city=address.text("city"),
        district=address.text("districtOrCounty") or address.text("municipality") or extended.text("neighborhood"),
        state=address.text("stateOrRegion"),
        postal_code=address.text("postalCode"),
        country_code=address.text("countryCode").upper(),
        phone=address.text("phone"),
        address_type=address.text("addressType"),
        instructions=_instructions(recipient.section("deliveryPreference")),
    )


def _address_lines(address: Section, extended: Section) -> tuple[str, ...]:
    lines = [address.text(f"addressLine{number}") for number in (1, 2, 3)]
    if not any(lines):
        street = [extended.text("streetName"), extended.text("streetNumber")]
        lines = [", ".join(filter(None, street)), extended.text("complement")]
    return tuple(filter(None, lines))


def _instructions(preference: Section) -> str:
    return "\n".join(filter(None, [preference.text("dropOffLocation"), preference.text("addressInstruction")]))


def _items(order: Section) -> tuple[Item, ...]:
    if order.data.get("orderItems") is None:
        raise UnreadableOrder("orderItems", "missing")
    return tuple(_item(item) for item in order.sections("orderItems"))


def _item(item: Section) -> Item:
    product = item.section("product")
    proceeds = item.section("proceeds")
    fulfillment = item.section("fulfillment")
    gift = fulfillment.section("packing").section("giftOption")
    tax = item.section("tax")
    return Item(
        item_ref=item.required("orderItemId"),
        sku=product.identifier("sellerSku"),
        asin=product.text("asin"),
        title=product.text("title"),
        quantity=item.required_quantity("quantityOrdered"),
        quantity_fulfilled=fulfillment.quantity("quantityFulfilled"),
        quantity_unfulfilled=fulfillment.quantity("quantityUnfulfilled"),
        unit_price=product.section("price").money("unitPrice"),
        total=proceeds.money("proceedsTotal"),
        charges=_charges(proceeds),
        gift_message=gift.text("giftMessage"),
        gift_wrap_level=gift.text("giftWrapLevel"),
        serial_numbers=product.texts("serialNumbers"),
        promotion_ids=_words(item.section("promotion").sections("breakdowns"), "promotionId"),
        customization_url=product.section("customization").text("customizedUrl"),
        tax_models=_words(tax.sections("taxCollections"), "model"),
        reporting_schemes=_words(tax.sections("taxCalculationBreakdowns"), "reportingScheme"),
        ioss_number=fulfillment.section("shipping").section("internationalShipping").text("iossNumber"),
        condition_note=product.section("condition").text("conditionNote"),
        programs=item.texts("programs"),
        **_cancellation(item.section("cancellation")),
    )


def _cancellation(cancellation: Section) -> dict:
    execution = cancellation.section("cancellationExecution")
    request = cancellation.data.get("cancellationRequest")
    requested, reason = as_flag(request), ""
    if isinstance(request, dict):
        request = cancellation.section("cancellationRequest")
        requested, reason = bool(request), request.text("cancelReason")
    return {
        "cancellation_requested": requested,
        "cancellation_reason": reason or execution.text("cancelReason"),
        "cancelled_by": execution.text("cancelledBy"),
    }


def _charges(proceeds: Section) -> tuple[Charge, ...]:
    return tuple(_charge(breakdown) for breakdown in proceeds.sections("breakdowns"))


def _charge(breakdown: Section) -> Charge:
    details = {}
    for detail in breakdown.sections("detailedBreakdowns"):
        value = detail.money("value")
        if value:
            subtype = detail.text("subtype")
            details[subtype] = details.get(subtype, Decimal(0)) + value.amount
    return Charge(breakdown.required("type").strip(), breakdown.required_money("subtotal").amount, details)


def _currency(order: Section) -> str:
    """The one currency of the order; a charge carries none of its own, so two of them must not pass for a sum."""
    items = order.sections("orderItems")
    places = _amounts_of(order.section("proceeds"), "grandTotal")
    for item in items:
        places += _amounts_of(item.section("proceeds"), "proceedsTotal")
    currency = ""
    for section, name in places:
        money = section.money(name)
        currency = currency or (money.currency if money else "")
        if money and money.currency != currency:
            raise UnreadableOrder(section.path_of(name), "not in the currency of the order's other amounts")
    prices = (item.section("product").section("price").money("unitPrice") for item in items)
    return currency or next((price.currency for price in prices if price), "")


def _amounts_of(proceeds: Section, total: str) -> list[tuple[Section, str]]:
    """Where the amounts of proceeds stand."""
    places = [(proceeds, total)]
    for breakdown in proceeds.sections("breakdowns"):
        places.append((breakdown, "subtotal"))
        places += [(detail, "value") for detail in breakdown.sections("detailedBreakdowns")]
    return places


def _package(package: Section) -> Package:
    status = package.section("packageStatus")
    return Package(
        reference=package.identifier("packageReferenceId"),
        carrier=package.text("carrier"),
        service=package.text("shippingService"),
        tracking_number=package.text("trackingNumber"),
        shipped_at=package.time("shipTime"),
        status=status.text("status"),
        detailed_status=status.text("detailedStatus"),
        items=tuple(
            (item.required("orderItemId"), item.required_quantity("quantity"))
            for item in package.sections("packageItems")
        ),
    )


def _tax_registrations(tax: Section) -> tuple[TaxRegistration, ...]:
    return tuple(
        TaxRegistration(
            entity=registration.text("entityType"),
            type=registration.text("taxRegistrationType"),
            number=registration.text("taxRegistrationNumber"),
            legal_name=registration.text("legalName"),
        )
        for registration in tax.sections("taxRegistrations")
    )


def _replaced_order(order: Section) -> str:
    originals = [
        associated.identifier("orderId")
        for associated in order.sections("associatedOrders")
        if associated.text("associationType") in REPLACED
    ]
    return next(filter(None, originals), "")


def _seller_order_ref(order: Section) -> str:
    aliases = [
        alias.identifier("aliasId")
        for alias in order.sections("orderAliases")
        if alias.text("aliasType") == "SELLER_ORDER_ID"
    ]
    return next(filter(None, aliases), "")


def _words(sections: list[Section], name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, (section.text(name) for section in sections))))
