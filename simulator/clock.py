"""The clock of the simulated Amazon: everything that expires or refills reads it."""

import time
from datetime import datetime, timedelta, timezone


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
    """The aware UTC datetime that ``text`` (ISO 8601 with a time zone) names; ValueError for anything else."""
    moment = datetime.fromisoformat(text[:-1] + "+00:00" if text.endswith("Z") else text)
    if moment.tzinfo is None or "T" not in text:
        raise ValueError("The time zone is missing")
    return moment.astimezone(timezone.utc)


def whole_milliseconds(moment):
    """``moment`` without what Amazon's times do not show, so that what was shown compares equal."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
