"""Amazon's service levels (`fulfillmentServiceLevel`), and words for a salesperson.

https://developer-docs.amazon.com/sp-api/docs/orders-api-v2026-01-01-reference
"""

from odoo.tools.translate import LazyTranslate

from .carrier_names import words

_lt = LazyTranslate(__name__)

#: By Amazon's word without case and punctuation, so that SECOND_DAY and the older SecondDay are one.
SERVICE_LEVELS = {
    "expedited": _lt("Expedited"),
    "freeeconomy": _lt("Free Economy"),
    "nextday": _lt("Next Day"),
    "priority": _lt("Priority"),
    "sameday": _lt("Same Day"),
    "scheduled": _lt("Scheduled"),
    "secondday": _lt("Second Day"),
    "standard": _lt("Standard"),
}


def service_level_key(level):
    """What two spellings of one service level have in common."""
    return "".join(words(level))


def service_level_name(env, level):
    """Words for one of Amazon's service levels, in the user's language; what is unknown stays as Amazon wrote it."""
    name = SERVICE_LEVELS.get(service_level_key(level))
    return env._(name) if name else level or ""  # pylint: disable=translation-not-lazy
