"""What a buyer or another seller types must stay text in a spreadsheet, too.

Odoo's export to XLSX makes a formula of every cell that begins with "=" or "{=", and other programs take "@" in a CSV
file for one, or what follows a tab. A name such as =HYPERLINK("https://...") would then lure whoever opens the list. An
apostrophe before it keeps it text, as in Odoo's own export to CSV, which has one for "=", "+" and "-".

Names, addresses and titles get it when they come in. Identifiers such as a SKU stay as they are, for Amazon compares
them to the letter: they get it when they are exported (`models/amazon_plain_export.py`).
"""

from dataclasses import fields, replace

FORMULA_STARTS = ("=", "{=", "@")
#: Odoo sees to these itself where nothing stands before them; a telephone number may begin with one.
SIGNS = ("+", "-")


def harmless(order):
    """The same order, with each text of the buyer and each title such that no spreadsheet takes it for a formula.

    :param order: a parsed Amazon order
    """
    return replace(
        order,
        buyer=_harmless_members(order.buyer),
        address=order.address and _harmless_members(order.address),
        items=tuple(replace(item, title=harmless_text(item.title)) for item in order.items),
        tax_registrations=tuple(_harmless_members(registration) for registration in order.tax_registrations),
    )


def _harmless_members(value):
    return replace(value, **{member.name: _harmless_value(getattr(value, member.name)) for member in fields(value)})


def _harmless_value(value):
    if isinstance(value, tuple):
        return tuple(_harmless_value(part) for part in value)
    return harmless_text(value)


def harmless_text(value):
    """A text such that no spreadsheet takes it for a formula; anything else as it is."""
    if not isinstance(value, str):
        return value
    bare = value.lstrip()
    hidden_sign = bare != value and bare.startswith(SIGNS)
    return f"'{value}" if bare.startswith(FORMULA_STARTS) or hidden_sign else value
