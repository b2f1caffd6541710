"""Reading members of a JSON object where nothing depends on a single one: what is missing or odd counts as absent.

Where something does depend on it, as with orders, ``sections`` is the way to read.
"""

from __future__ import annotations

import re

from .sections import UNSTORABLE

WHOLE_NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)  # no quantity is larger, and the database's integers hold no more
TOO_LARGE = 10**9


def objects_among(values) -> list[dict]:
    """The objects of a list; none when it is no list."""
    return [value for value in values if isinstance(value, dict)] if isinstance(values, list) else []


def objects_in(entry: dict, name: str) -> list[dict]:
    """The objects in the list that is called ``name``."""
    return objects_among(entry.get(name))


def object_in(entry: dict, name: str) -> dict:
    """The object that is called ``name``, or an empty one."""
    value = entry.get(name)
    return value if isinstance(value, dict) else {}


def word_in(entry: dict, name: str) -> str:
    """A text without the blanks around it; "" when there is none."""
    return identifier_in(entry, name).strip()


def identifier_in(entry: dict, name: str) -> str:
    """A text exactly as it was sent, without what no database stores; "" when there is none."""
    value = entry.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if abs(value) < 10**18 else ""
    return UNSTORABLE.sub("", value) if isinstance(value, str) else ""


def words_in(entry: dict, name: str) -> tuple[str, ...]:
    """The texts of a list."""
    values = entry.get(name)
    values = values if isinstance(values, list) else []
    return tuple(word for word in (word_in({name: value}, name) for value in values) if word)


def whole_number_in(entry: dict, name: str) -> int | None:
    """A whole number from 0 of nine digits at most, also when it was sent as a text; ``None`` when there is none."""
    value = entry.get(name)
    if isinstance(value, str) and WHOLE_NUMBER.fullmatch(value.strip()):
        return int(value)
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return int(value) if is_number and 0 <= value < TOO_LARGE and value == int(value) else None
