"""What the buyer paid, line by line, and which part of it is the seller's.

Amazon does not document whether tax stands inside or beside the amounts of an item, nor the sign of DISCOUNT
(https://github.com/amzn/selling-partner-api-models/issues/5297), so both are found per item: `proceedsTotal` decides.
What does not add up is reported as a doubt, never guessed away.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from .order_types import Charge, Item, Order

PRODUCT = "product"
SHIPPING = "shipping"
GIFT_WRAP = "gift_wrap"
COD_FEE = "cod_fee"
OTHER = "other"
TIP = "tip"
PROMOTION = "promotion"

TAX = "TAX"
DISCOUNT = "DISCOUNT"
LINE_KINDS = {
    "ITEM": PRODUCT,
    "SHIPPING": SHIPPING,
    "GIFT_WRAP": GIFT_WRAP,
    "COD_FEE": COD_FEE,
    "DELIVERY_TIP": TIP,
}

#: Doubts: why a person should look at the amounts of an order.
DOUBT_ITEM_TOTAL = "item_total"  # an item's parts are neither its total with nor without tax
DOUBT_ORDER_TOTAL = "order_total"  # the items and the order's own charges are not the grand total
DOUBT_NO_AMOUNTS = "no_amounts"  # Amazon sent no amounts (yet)
DOUBT_TAX_OWNER = "tax_owner"  # there is tax, and Amazon does not say whether the marketplace collects it
DOUBT_QUANTITY = "quantity"  # money for an item of which nothing was ordered

ZERO = Decimal(0)


@dataclass(frozen=True)
class AmountLine:
    """One amount that becomes one line of the sales order.

    `paid` is the seller's part of what the buyer paid, in the order's currency: with the tax that the seller owes,
    without the tax that the marketplace collects; negative for a promotion. `tax` is the seller's tax inside `paid`
    as Amazon states it, `tax_collected` the tax that the marketplace collected on top of `paid`.
    """

    kind: str
    item_ref: str
    quantity: int
    paid: Decimal
    tax: Decimal = ZERO
    tax_collected: Decimal = ZERO
    facilitated: bool = False
    discounts: str = ""
    label: str = ""


@dataclass(frozen=True)
class OrderAmounts:
    """The amounts of an order: `total` is what its sales order must come to, taxes in (Money rule 1)."""

    currency: str
    lines: tuple[AmountLine, ...]
    total: Decimal
    grand_total: Decimal
    tax: Decimal
    tax_collected: Decimal
    states_tax: bool
    doubts: tuple[str, ...]

    @property
    def digest(self) -> str:
        """Tells whether two updates of an order say the same of its amounts."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:16]


@dataclass
class _Part:
    """An amount of an item before its tax is known to be inside or beside it."""

    kind: str
    amount: Decimal
    label: str = ""
    discounts: str = ""
    tax: Decimal = ZERO


def order_amounts(order: Order) -> OrderAmounts:
    """Split what the buyer of `order` paid into lines (Money rules 1 and 2)."""
    lines: list[AmountLine] = []
    doubts: list[str] = []
    tax_beside = _tax_beside_in_order(order)
    for item in order.items:
        item_lines, doubt = _item_lines(item, tax_beside)
        lines += item_lines
        doubts += doubt
    grand_total = _grand_total(order, lines)
    if sum((line.paid + line.tax_collected for line in lines), ZERO) != grand_total:
        lines += _order_level_lines(order)
    tax_collected = sum((line.tax_collected for line in lines), ZERO)
    total = grand_total - tax_collected
    if sum((line.paid for line in lines), ZERO) != total and DOUBT_ITEM_TOTAL not in doubts:
        doubts.append(DOUBT_ORDER_TOTAL)
    if not _states_amounts(order):
        doubts.append(DOUBT_NO_AMOUNTS)
    states_tax = any(_subtotal(item.charges, TAX) for item in order.items)
    if states_tax and order.tax_data_missing:
        doubts.append(DOUBT_TAX_OWNER)
    return OrderAmounts(
        currency=order.currency,
        lines=tuple(lines),
        total=total,
        grand_total=grand_total,
        tax=sum((line.tax for line in lines), ZERO),
        tax_collected=tax_collected,
        states_tax=states_tax,
        doubts=tuple(dict.fromkeys(doubts)),
    )


def allocate(amount: Decimal, weights: Iterable[Decimal]) -> list[Decimal]:
    """Split `amount` by `weights` so that the parts, at the amount's own precision, add up to it exactly."""
    weights = [abs(weight) for weight in weights]
    total = sum(weights, ZERO)
    if not weights:
        return []
    if not total:
        return [amount] + [ZERO] * (len(weights) - 1)
    quantum = Decimal(1).scaleb(min(amount.as_tuple().exponent, -2 if amount % 1 else 0))
    exact = [amount * weight / total for weight in weights]
    parts = [share.quantize(quantum, rounding=ROUND_DOWN) for share in exact]
    missing = int((amount - sum(parts, ZERO)) / quantum)
    by_remainder = sorted(range(len(parts)), key=lambda index: abs(exact[index] - parts[index]), reverse=True)
    for index in by_remainder[: abs(missing)]:
        parts[index] += quantum.copy_sign(amount)
    return parts


def _item_lines(item: Item, tax_beside_in_order: bool | None) -> tuple[list[AmountLine], list[str]]:
    parts = _item_parts(item)
    tax = _subtotal(item.charges, TAX)
    without_tax = sum((part.amount for part in parts), ZERO)
    beside = _tax_stands_beside(item, without_tax, tax, tax_beside_in_order)
    doubts = [] if beside is not None else [DOUBT_ITEM_TOTAL]
    _share_tax(parts, item.charges, tax)
    lines = []
    for part in parts:
        nothing_ordered = part.kind == PRODUCT and not item.live_quantity
        if not part.amount and not part.tax and (nothing_ordered or part.kind != PRODUCT):
            continue
        if nothing_ordered:
            doubts.append(DOUBT_QUANTITY)
            part.kind = OTHER
        lines.append(_line(item, part, bool(beside)))
    return lines, doubts


def _line(item: Item, part: _Part, beside: bool) -> AmountLine:
    paid = part.amount
    if beside and not item.is_facilitated:
        paid += part.tax
    elif item.is_facilitated and not beside:
        paid -= part.tax
    return AmountLine(
        kind=part.kind,
        item_ref=item.item_ref,
        quantity=item.live_quantity if part.kind == PRODUCT else 1,
        paid=paid,
        tax=ZERO if item.is_facilitated else part.tax,
        tax_collected=part.tax if item.is_facilitated else ZERO,
        facilitated=item.is_facilitated,
        discounts=part.discounts,
        label=part.label,
    )


def _item_parts(item: Item) -> list[_Part]:
    """The amounts of an item without TAX: the product first, then the other charges, then the promotions."""
    product = _Part(PRODUCT, _subtotal(item.charges, "ITEM"))
    others: list[_Part] = []
    promotions: list[_Part] = []
    for charge in item.charges:
        if charge.type == DISCOUNT:
            promotions += _promotion_parts(charge)
        elif charge.type not in (TAX, "ITEM"):
            kind = LINE_KINDS.get(charge.type, OTHER)
            others.append(_Part(kind, charge.amount, label=charge.type if kind == OTHER else ""))
    if not item.charges:
        product.amount = _stated_without_charges(item)
    return [product, *others, *promotions]


def _promotion_parts(charge: Charge) -> list[_Part]:
    """One part per thing discounted. Amazon writes discounts with either sign; a discount always lowers the price."""
    details = {
        LINE_KINDS[subtype]: amount
        for subtype, amount in charge.details.items()
        if LINE_KINDS.get(subtype) in (PRODUCT, SHIPPING, GIFT_WRAP, COD_FEE) and amount
    }
    if not details:
        return [_Part(PROMOTION, -abs(charge.amount), discounts=PRODUCT)]
    amounts = [-abs(amount) for amount in details.values()]
    if sum(amounts, ZERO) != -abs(charge.amount):
        amounts = allocate(-abs(charge.amount), amounts)
    return [_Part(PROMOTION, amount, discounts=kind) for kind, amount in zip(details, amounts, strict=True)]


def _tax_stands_beside(item: Item, without_tax: Decimal, tax: Decimal, in_order: bool | None) -> bool | None:
    """Whether the item's tax is to be added to its amounts; None when neither reading gives its total."""
    if item.total is None or not item.charges:
        return in_order if in_order is not None else False
    if item.total.amount == without_tax + tax:
        return True
    if item.total.amount == without_tax:
        return False
    return None


def _tax_beside_in_order(order: Order) -> bool | None:
    """What the order's total says of items that have no total of their own; None when it does not decide."""
    if order.grand_total is None:
        return None
    taxes = sum((_subtotal(item.charges, TAX) for item in order.items), ZERO)
    parts = sum((part.amount for item in order.items for part in _item_parts(item)), ZERO)
    order_level = sum((line.paid for line in _order_level_lines(order)), ZERO)
    if order.grand_total.amount == parts + order_level + taxes:
        return True
    if order.grand_total.amount == parts + order_level:
        return False
    return None


def _share_tax(parts: list[_Part], charges: Iterable[Charge], tax: Decimal) -> None:
    """Give each part its tax: as Amazon details it where the details add up, else by amount."""
    if not tax:
        return
    by_kind = _tax_details(charges)
    if by_kind is not None:
        for kind, amount in by_kind.items():
            same_kind = [part for part in parts if part.kind == kind]
            for part, share in zip(same_kind, allocate(amount, [part.amount for part in same_kind]), strict=True):
                part.tax = share
        if sum((part.tax for part in parts), ZERO) == tax:
            return
    taxable = [part for part in parts if part.amount > 0] or parts[:1]
    for part in parts:
        part.tax = ZERO
    for part, share in zip(taxable, allocate(tax, [part.amount for part in taxable]), strict=True):
        part.tax = share


def _tax_details(charges: Iterable[Charge]) -> Mapping[str, Decimal] | None:
    """Tax by kind of line from TAX's detailed breakdowns; None without any."""
    details: dict[str, Decimal] = {}
    for charge in charges:
        if charge.type != TAX:
            continue
        for subtype, amount in charge.details.items():
            kind = PROMOTION if subtype == DISCOUNT else LINE_KINDS.get(subtype, OTHER)
            value = -abs(amount) if kind == PROMOTION else amount
            details[kind] = details.get(kind, ZERO) + value
    return details or None


def _order_level_lines(order: Order) -> list[AmountLine]:
    """Charges of the order that no item accounts for, such as DELIVERY_TIP."""
    lines = []
    for charge in order.charges:
        if charge.type == TAX or not charge.amount:
            continue
        in_items = sum((_subtotal(item.charges, charge.type) for item in order.items), ZERO)
        rest = abs(charge.amount) - abs(in_items) if charge.type == DISCOUNT else charge.amount - in_items
        if not rest or not _items_state_amounts(order):
            continue
        if charge.type == DISCOUNT:
            lines.append(AmountLine(PROMOTION, "", 1, -rest, discounts=PRODUCT))
            continue
        kind = LINE_KINDS.get(charge.type, OTHER)
        kind = OTHER if kind == PRODUCT else kind
        lines.append(AmountLine(kind, "", 1, rest, label=charge.type if kind == OTHER else ""))
    return lines


def _grand_total(order: Order, lines: Iterable[AmountLine]) -> Decimal:
    if order.grand_total is not None:
        return order.grand_total.amount
    if order.items and all(item.total is not None for item in order.items):
        return sum((item.total.amount for item in order.items), ZERO)
    return sum((line.paid + line.tax_collected for line in lines), ZERO)


def _stated_without_charges(item: Item) -> Decimal:
    """The best figure for an item without breakdowns: its total, else unit price times quantity."""
    if item.total is not None:
        return item.total.amount
    if item.unit_price is not None:
        return item.unit_price.amount * item.live_quantity
    return ZERO


def _items_state_amounts(order: Order) -> bool:
    return any(item.charges or item.total is not None for item in order.items)


def _states_amounts(order: Order) -> bool:
    return order.grand_total is not None or _items_state_amounts(order)


def _subtotal(charges: Iterable[Charge], charge_type: str) -> Decimal:
    return sum((charge.amount for charge in charges if charge.type == charge_type), ZERO)
