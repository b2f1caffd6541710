"""The amounts of a sample order, so that they add up as Amazon's do.

``proceedsTotal`` of an item is the sum of its charges less the discount, plus the tax where the tax stands beside
the amounts; ``grandTotal`` is the sum of the items.
"""

from dataclasses import dataclass
from decimal import Decimal

from .sample_products import round_money

CHARGES = ("ITEM", "SHIPPING", "GIFT_WRAP")
TAX_MODES = ("beside", "inside", "none")


@dataclass(frozen=True)
class ItemAmounts:
    """What one order item cost the buyer; all amounts are positive, at the currency's precision.

    ``tax`` and ``discounts`` go by the charge that they belong to; ``tax_mode`` says whether the tax comes on top
    (beside), is part of the amounts (inside) or is not told (none).
    """

    currency: str
    charges: dict
    discounts: dict
    tax: dict
    tax_mode: str
    discount_sign: int

    @property
    def total(self):
        """What the buyer paid for the item."""
        total = sum(self.charges.values()) - sum(self.discounts.values())
        return total + sum(self.tax.values()) if self.tax_mode == "beside" else total

    def breakdowns(self):
        """The item's breakdowns in Amazon's shape."""
        lines = [self._line(charge, amount) for charge, amount in self.charges.items()]
        if self.discounts:
            lines.append(self._line("DISCOUNT", *self._signed(self.discounts)))
        if self.tax:
            lines.append(self._line("TAX", sum(self.tax.values()), self.tax))
        return lines

    def _signed(self, discounts):
        signed = {charge: amount * self.discount_sign for charge, amount in discounts.items()}
        return sum(signed.values()), signed

    def _line(self, kind, subtotal, details=None):
        line = {"type": kind, "subtotal": money(subtotal, self.currency)}
        if details:
            line["detailedBreakdowns"] = [
                {"subtype": charge, "value": money(amount, self.currency)} for charge, amount in details.items()
            ]
        return line


def item_amounts(values, currency, tax_mode, tax_rate, discount_sign):
    """The amounts of one item.

    :param values: price, quantity and any of amount, shipping, gift_wrap, discount, shipping_discount, tax
    :param tax_rate: in percent
    """
    if tax_mode not in TAX_MODES:
        raise ValueError(f"tax_mode is one of {', '.join(TAX_MODES)}, not {tax_mode!r}")
    amount = values.get("amount", Decimal(values["price"]) * values["quantity"])
    given = {"ITEM": amount, "SHIPPING": values.get("shipping"), "GIFT_WRAP": values.get("gift_wrap")}
    off = {"ITEM": values.get("discount"), "SHIPPING": values.get("shipping_discount")}
    charges = _rounded(given, currency)
    discounts = _rounded(off, currency)
    tax = _tax(charges, discounts, currency, tax_mode, Decimal(tax_rate))
    if values.get("tax") is not None:
        tax = {"ITEM": round_money(values["tax"], currency)}
    return ItemAmounts(currency, charges, discounts, tax, tax_mode, discount_sign)


def _rounded(amounts, currency):
    return {
        charge: round_money(abs(Decimal(amount)), currency) for charge, amount in amounts.items() if amount is not None
    }


def _tax(charges, discounts, currency, tax_mode, tax_rate):
    if tax_mode == "none":
        return {}
    factor = tax_rate / 100 if tax_mode == "beside" else tax_rate / (100 + tax_rate)
    tax = {charge: round_money(amount * factor, currency) for charge, amount in charges.items()}
    if discounts:
        tax["DISCOUNT"] = -round_money(sum(discounts.values()) * factor, currency)
    return tax


def order_proceeds(items):
    """The order's ``proceeds`` from the ItemAmounts of its items."""
    currency = items[0].currency
    sums = {}
    for item in items:
        for line in item.breakdowns():
            sums[line["type"]] = sums.get(line["type"], 0) + Decimal(line["subtotal"]["amount"])
    lines = [{"type": kind, "subtotal": money(amount, currency)} for kind, amount in sums.items()]
    return {"grandTotal": money(sum(item.total for item in items), currency), "breakdowns": lines}


def money(amount, currency):
    """Money as Amazon writes it: the amount is text."""
    return {"amount": str(round_money(amount, currency)), "currencyCode": currency}
