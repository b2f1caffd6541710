"""Local times of Amazon's marketplaces. Moments are naive datetimes in UTC, as Odoo stores them."""

from datetime import datetime, time, timedelta

import pytz


def local_time(moment, zone):
    """A moment on the clocks of a time zone.

    :param datetime moment: naive, in UTC
    :param str zone: such as Europe/Berlin; UTC when empty
    :return: an aware datetime
    """
    return pytz.utc.localize(moment).astimezone(pytz.timezone(zone or "UTC"))


def end_of_day(moment, zone):
    """The midnight that ends the day of a moment in a time zone; that day may have 23 or 25 hours.

    Where clocks jump over midnight itself, the day ends when they jump.

    :param datetime moment: naive, in UTC
    :return: naive, in UTC
    """
    next_day = local_time(moment, zone).date() + timedelta(days=1)
    midnight = pytz.timezone(zone or "UTC").localize(datetime.combine(next_day, time.min))
    return midnight.astimezone(pytz.utc).replace(tzinfo=None)
