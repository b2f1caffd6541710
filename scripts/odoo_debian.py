"""Odoo from Debian unstable, unpacked into the cache without touching the system."""

from folders import CACHE

PREFIX = CACHE / "odoo-debian"


def install():
    """Path of the unpacked Odoo; downloads it first where it is missing."""
    raise NotImplementedError
