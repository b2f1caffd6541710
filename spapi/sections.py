"""Reading members of a JSON object, with the place of the trouble in the error.

Tolerant where nothing depends on it (unknown and missing members, numbers sent as strings), strict about amounts.
No message repeats a value: it could be personal.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from decimal import Decimal

from .errors import UnreadableOrder
from .order_types import Money

AMOUNT = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,10})?")
CURRENCY = re.compile(r"[A-Z]{3}")
QUANTITY = re.compile(r"[0-9]{1,9}(\.0+)?")
LARGEST_QUANTITY = 10**9
TIMESTAMP = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{1,12}))?"
    r"(?:(Z)|([+-])([0-9]{2}):?([0-9]{2}))?"
)
# 0001-01-01 and 9999-12-31 are no dates to plan with: who subtracts or adds a day is out of the calendar.
REAL_YEARS = range(1900, 9000)
# A database refuses the character NUL, and half of a surrogate pair cannot be written as UTF-8.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def parse_time(value: str) -> datetime | None:
    """An ISO 8601 timestamp as an aware UTC datetime; ``None`` when it is not one.

    Amazon's times are UTC (https://developer-docs.amazon.com/sp-api/docs/iso-8601): without an offset it is UTC too.
    """
    match = TIMESTAMP.fullmatch(value.strip())
    if not match:
        return None
    seconds, fraction, _utc, sign, hours, minutes = match.groups()
    try:
        moment = datetime.fromisoformat(seconds).replace(tzinfo=timezone.utc)
        if fraction:
            moment += timedelta(microseconds=int(fraction[:6].ljust(6, "0")))
        if sign:
            offset = timedelta(hours=int(hours), minutes=int(minutes))
            moment += -offset if sign == "+" else offset
    except (ValueError, OverflowError):
        return None
    return moment


def as_flag(value) -> bool:
    """A boolean, also when it was sent as a string."""
    if isinstance(value, str):
        return value.strip().lower() in ("true", "1", "yes")
    return bool(value)


class Section:
    """A JSON object and its path within the order. A missing or null object is an empty section."""

    def __init__(self, data, path=""):
        if data is None:
            data = {}
        if not isinstance(data, dict):
            raise UnreadableOrder(path, "an object was expected")
        self.data = data
        self.path = path

    def __bool__(self):
        return any(value is not None for value in self.data.values())

    def path_of(self, name) -> str:
        return f"{self.path}.{name}" if self.path else name

    def section(self, name) -> Section:
        return Section(self.data.get(name), self.path_of(name))

    def sections(self, name) -> list[Section]:
        values = self._list(name)
        return [Section(value, f"{self.path_of(name)}[{index}]") for index, value in enumerate(values)]

    def text(self, name) -> str:
        """Words, without the blanks around them; "" when missing."""
        return self.identifier(name).strip()

    def identifier(self, name) -> str:
        """A reference of Amazon or of the seller, as it was sent; "" when missing."""
        return self._text(self.data.get(name), self.path_of(name))

    def required(self, name) -> str:
        """An identifier without which the order cannot be handled."""
        value = self.identifier(name)
        if not value.strip():
            raise UnreadableOrder(self.path_of(name), "missing")
        return value

    def texts(self, name) -> tuple[str, ...]:
        """A list of texts, without empty ones and without repetitions."""
        path = self.path_of(name)
        values = [self._text(value, f"{path}[{index}]").strip() for index, value in enumerate(self._list(name))]
        return tuple(dict.fromkeys(value for value in values if value))

    def quantity(self, name) -> int | None:
        """A whole number of pieces, 0 or more; ``None`` when missing."""
        value = self.data.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float, str)):
            raise UnreadableOrder(self.path_of(name), "not a quantity")
        if isinstance(value, int):
            if 0 <= value < LARGEST_QUANTITY:
                return value
        elif QUANTITY.fullmatch(str(value)):
            return int(Decimal(str(value)))
        raise UnreadableOrder(self.path_of(name), "not a quantity")

    def required_quantity(self, name) -> int:
        value = self.quantity(name)
        if value is None:
            raise UnreadableOrder(self.path_of(name), "missing")
        return value

    def time(self, name) -> datetime | None:
        """A moment in UTC; ``None`` when missing, or so far off that it only stands for "no date"."""
        value = self.text(name)
        if not value:
            return None
        moment = parse_time(value)
        if moment is None:
            raise UnreadableOrder(self.path_of(name), "not a timestamp")
        return moment if moment.year in REAL_YEARS else None

    def required_time(self, name) -> datetime:
        moment = self.time(name)
        if moment is None:
            raise UnreadableOrder(self.path_of(name), "missing")
        return moment

    def money(self, name) -> Money | None:
        """An amount with its currency; ``None`` when missing."""
        if self.data.get(name) is None:
            return None
        money = self.section(name)
        amount = self._amount(money.data.get("amount"), money.path_of("amount"))
        currency = money.identifier("currencyCode")
        if not CURRENCY.fullmatch(currency):
            raise UnreadableOrder(money.path_of("currencyCode"), "not a currency code")
        return Money(amount, currency)

    def required_money(self, name) -> Money:
        money = self.money(name)
        if money is None:
            raise UnreadableOrder(self.path_of(name), "missing")
        return money

    def _list(self, name) -> list:
        value = self.data.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise UnreadableOrder(self.path_of(name), "a list was expected")
        return value

    @staticmethod
    def _text(value, path) -> str:
        if value is None:
            return ""
        if isinstance(value, str):
            return UNSTORABLE.sub("", value)
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**18:
            return str(value)
        raise UnreadableOrder(path, "a text was expected")

    @staticmethod
    def _amount(value, path) -> Decimal:
        """Exactly the amount that was sent. A binary fraction such as 19.99 is not, so it is refused."""
        if isinstance(value, str) and AMOUNT.fullmatch(value.strip()):
            return Decimal(value.strip())
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            written = repr(value) if abs(value) < 10**15 else ""
            if AMOUNT.fullmatch(written) and Decimal(written) == Decimal(value):
                return Decimal(written)
        raise UnreadableOrder(path, "not an exact amount")
