"""Small things that several models need."""

from contextlib import contextmanager
from datetime import timezone
from decimal import Decimal


def naive_utc(moment):
    """An aware datetime as Odoo stores it: in UTC, without a time zone and without microseconds."""
    return moment.astimezone(timezone.utc).replace(tzinfo=None, microsecond=0)


def notification(message, kind="success", next_action=None):
    """A client action that shows `message` in a corner of the screen.

    :param str message: translated text
    :param str kind: success, warning, danger or info
    :param dict next_action: an action to go on with; the current view is reloaded when there is none
    """
    return {
        "type": "ir.actions.client",
        "tag": "display_notification",
        "params": {
            "message": message,
            "type": kind,
            "sticky": kind in ("warning", "danger"),
            "next": next_action or {"type": "ir.actions.client", "tag": "soft_reload"},
        },
    }


def exact_amount(amount, currency):
    """A monetary field's float as an exact amount of its currency."""
    return Decimal(str(currency.round(amount)))


@contextmanager
def unlocked(sale_order):
    """Open a locked sales order for the time of a change that Amazon asks for."""
    locked = sale_order.locked
    if locked:
        sale_order.locked = False
    yield
    if locked:
        sale_order.locked = True
