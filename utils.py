"""Small things that several models need."""

import logging
import time
import traceback
from contextlib import contextmanager
from datetime import timezone
from decimal import Decimal

import psycopg2

from odoo.sql_db import PoolError

from . import compat

_logger = logging.getLogger(__name__)

#: Errors of the database that say nothing about what was to be done: it is done again, or later.
TRANSIENT_ERRORS = (
    psycopg2.OperationalError,  # includes serialization failures, deadlocks, lock timeouts, a lost connection
    psycopg2.InterfaceError,
    PoolError,  # Odoo's own: all of its connections are in use
)

#: So long a job goes on with one account; then the next has its turn, also where Amazon does not answer.
TURN_SECONDS = 30
#: After so long a job takes up no further account. The last turn and a call without an answer come on top; Odoo ends a
#: worker that is busy for 120 seconds, unless `limit_time_real_cron` says otherwise.
RUN_SECONDS = 40


def is_transient(error):
    """Whether an error of the database comes from its state or from other work, and not from a value that is too long.

    psycopg2 files both under OperationalError.
    """
    return isinstance(error, TRANSIENT_ERRORS) and not isinstance(error, psycopg2.errors.ProgramLimitExceeded)


def naive_utc(moment):
    """An aware datetime as Odoo stores it: in UTC, without a time zone and without microseconds."""
    return moment.astimezone(timezone.utc).replace(tzinfo=None, microsecond=0)


def notification(message, kind="success", next_action=None, sticky=False):
    """A client action that shows `message` in a corner of the screen.

    :param str message: translated text
    :param str kind: success, warning, danger or info
    :param dict next_action: an action to go on with; the current view is reloaded when there is none
    :param bool sticky: whether it stays until it is closed, as warnings and dangers always do
    """
    return {
        "type": "ir.actions.client",
        "tag": "display_notification",
        "params": {
            "message": message,
            "type": kind,
            "sticky": sticky or kind in ("warning", "danger"),
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
    try:
        yield
    except psycopg2.Error:
        # The database takes no more writes; undoing what was begun locks the order, too.
        locked = False
        raise
    finally:
        if locked:
            sale_order.locked = True


@contextmanager
def kept_apart(record, note=None):
    """Keep whatever goes wrong with one record from those after it, and from failing a whole scheduled action.

    What was not committed is undone; the log gets the place of the error, never its words.

    :param note: called with the error afterwards, to say on the record that it happened
    :raise Exception: when there is no connection to the database any more
    """
    try:
        yield
    except Exception as error:  # pylint: disable=broad-except
        compat.begin_again(record.env, error)
        _logger.error(
            "The work on %s failed with %s at:\n%s",
            record,
            type(error).__name__,
            "".join(traceback.format_tb(error.__traceback__)),
        )
        if note:
            note(error)


def turn_ends():
    """When the turn of an account that begins now is over, on the monotonic clock."""
    return time.monotonic() + TURN_SECONDS


def in_turns(accounts, come_back):
    """The accounts one after the other, for as long as a run of a job may take; at least one.

    :param come_back: called when some are left, to have the job run again soon
    """
    ends = time.monotonic() + RUN_SECONDS
    for index, account in enumerate(accounts):
        if index and time.monotonic() >= ends:
            come_back()
            break
        yield account
    # What a job reports as left, Odoo does at once in the same worker, with the same accounts.
    compat.commit_progress(accounts.env, 0, 0)
