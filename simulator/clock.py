"""The clock of the simulated Amazon: everything that expires or refills reads it."""

import re
import time
from datetime import datetime, timedelta, timezone

_DATE_TIME = re.compile(
    r"(?P<seconds>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.(?P<fraction>\d{1,9}))?(?P<zone>Z|[+-]\d\d:\d\d)", re.ASCII
)


class Clock:
    """The machine's clock, which tests may put forward or stop."""

    def __init__(self):
        self.reset()

    def now(self):
        """The current moment, an aware datetime in UTC."""
        if self._frozen_at is not None:
            return self._frozen_at
        return datetime.fromtimestamp(time.time(), timezone.utc) + self._offset

    def advance(self, seconds):
        """Put the clock forward."""
        if self._frozen_at is not None:
            self._frozen_at += timedelta(seconds=seconds)
        else:
            self._offset += timedelta(seconds=seconds)

    def freeze(self, moment=None):
        """Stop the clock, at ``moment`` (an aware datetime) or now; :meth:`advance` still moves it."""
        self._frozen_at = (moment or self.now()).astimezone(timezone.utc)

    def reset(self):
        """Go back to the machine's clock."""
        self._offset = timedelta()
        self._frozen_at = None


def to_text(moment):
    """``moment`` as Amazon writes it: UTC with milliseconds, ``2026-11-22T18:04:11.482Z``."""
    moment = moment.astimezone(timezone.utc)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def to_moment(text):
    """The aware UTC datetime that ``text`` names; ValueError unless it is a date-time of RFC 3339 with a zone."""
    match = _DATE_TIME.fullmatch(text)
    if not match:
        raise ValueError(f"{text!r} is not a date and time with a time zone")
    fraction = (match["fraction"] or "").ljust(6, "0")[:6]
    zone = "+00:00" if match["zone"] == "Z" else match["zone"]
    return datetime.fromisoformat(f"{match['seconds']}.{fraction}{zone}").astimezone(timezone.utc)


def whole_milliseconds(moment):
    """``moment`` without what Amazon's times do not show, so that what was shown compares equal."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
