"""How the goods of a delivery become parcels that Amazon is told of. Pure: knows nothing of Odoo."""

import math
import re

#: Carriers' integrations join several numbers with commas; people use what they like.
SEPARATORS = re.compile(r"[,;\n]")


def whole_units(done, tolerances):
    """How many whole units the parts make up that have left.

    :param dict done: by part, for how many units of the item what has left of that part would do
    :param dict tolerances: by part that a unit needs, how much of a unit rounding may have lost
    :rtype: int
    """
    if not tolerances:
        return 0
    return min(math.floor(done.get(part, 0) + tolerance) for part, tolerance in tolerances.items())


def units_of_parcels(parcels, before, tolerances, told, limit):
    """How many units of an item each parcel is reported with.

    A unit is reported with the parcel that completes it, once: the sum over all deliveries is what the parts make up,
    whatever each delivery alone would have been rounded to.

    :param list parcels: for each parcel, by part, for how many units what it contains would do
    :param dict before: the same of everything that left earlier
    :param dict tolerances: see `whole_units`
    :param int told: units that Amazon knows as shipped, or will soon
    :param int limit: units that Amazon wants
    :rtype: list[int]
    """
    done = dict(before)
    units = []
    for parcel in parcels:
        for part, quantity in parcel.items():
            done[part] = done.get(part, 0) + quantity
        complete = min(limit, whole_units(done, tolerances))
        units.append(max(0, complete - told))
        told = max(told, complete)
    return units


def tracking_numbers(text):
    """The tracking numbers in a field that may hold several, without spaces, each once.

    :rtype: list[str]
    """
    numbers = ("".join(part.split()) for part in SEPARATORS.split(text or ""))
    return list(dict.fromkeys(filter(None, numbers)))


def assign_tracking(numbers, parcel_count):
    """The tracking number of each parcel; None where it cannot be told which is whose.

    One number is that of all parcels: many carriers number the consignment.
    """
    if not numbers:
        return [""] * parcel_count
    if len(numbers) == parcel_count:
        return list(numbers)
    if len(numbers) == 1:
        return list(numbers) * parcel_count
    return None


def same_tracking(one, other):
    """Whether two spellings are the same tracking number: Amazon changes case and leaves out signs."""

    def plain(number):
        return "".join(filter(str.isalnum, number or "")).upper()

    return plain(one) == plain(other)
