"""What a buyer types must stay text in a spreadsheet, too.

Odoo's export to XLSX makes a formula of every cell that begins with "=" or "{=", and other programs take "@" in a CSV
file for one. A name such as =HYPERLINK("https://...") would then lure whoever opens the list. An apostrophe before it
keeps it text, as in Odoo's own export to CSV.
"""

from dataclasses import fields, replace

FORMULA_STARTS = ("=", "{=", "@")


def harmless(order):
    """The same order, with each text of the buyer such that no spreadsheet takes it for a formula.

    :param order: a parsed Amazon order
    """
    return replace(
        order,
        buyer=_harmless_members(order.buyer),
        address=order.address and _harmless_members(order.address),
        tax_registrations=tuple(_harmless_members(registration) for registration in order.tax_registrations),
    )


def _harmless_members(value):
    return replace(value, **{member.name: _harmless_value(getattr(value, member.name)) for member in fields(value)})


def _harmless_value(value):
    if isinstance(value, tuple):
        return tuple(_harmless_value(part) for part in value)
    if isinstance(value, str) and value.lstrip().startswith(FORMULA_STARTS):
        return f"'{value}"
    return value
