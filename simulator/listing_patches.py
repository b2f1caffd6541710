"""What a patch makes of a listing's attributes, and what Amazon has against it.

Patches reach a listing one by one (patchListingsItem) or in a feed (JSON_LISTINGS_FEED); the rules are the same.
https://developer-docs.amazon.com/sp-api/docs/merge-a-listing tells ``merge`` from ``replace``.
"""

import copy
import re

from .listings import AVAILABILITY, DEFAULT_CHANNEL

OPERATIONS = ("add", "replace", "merge", "delete")
ANY_PRODUCT_TYPE = "PRODUCT"
LONGEST_LEAD_TIME = 30
PATCH = {
    "type": "object",
    "required": ["op", "path"],
    "properties": {
        "op": {"type": "string", "enum": list(OPERATIONS)},
        "path": {"type": "string"},
        "value": {"type": "array", "items": {"type": "object", "additionalProperties": True}},
    },
}
# The member that tells the entries of an attribute apart; other attributes have one entry for each marketplace.
SELECTORS = {AVAILABILITY: "fulfillment_channel_code"}
KNOWN_ATTRIBUTES = (AVAILABILITY, "purchasable_offer", "item_name", "condition_type", "merchant_shipping_group")
AVAILABILITY_MEMBERS = {
    "fulfillment_channel_code": str,
    "quantity": int,
    "lead_time_to_ship_max_days": int,
    "restock_date": str,
    "is_inventory_available": bool,
    "marketplace_id": str,
}
DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def issue(code, message, attribute=None, category="INVALID_ATTRIBUTE", severity="ERROR"):
    """One issue of a listing as the Listings Items API shows it."""
    row = {"code": code, "message": message, "severity": severity, "categories": [category]}
    if attribute:
        row["attributeNames"] = [attribute]
    return row


def patched(listing, product_type, patches):
    """The attributes of ``listing`` after ``patches``, and the issues: with one of severity ERROR nothing applies."""
    issues = []
    if product_type not in (ANY_PRODUCT_TYPE, listing.product_type):
        issues.append(issue("4000003", "The product type is not that of the listing.", category="INVALID_PRODUCT_TYPE"))
    attributes = copy.deepcopy(listing.attributes)
    for patch in patches:
        issues += _apply(attributes, patch)
    return attributes, issues


def _apply(attributes, patch):
    name = attribute_name(patch["path"])
    if name not in KNOWN_ATTRIBUTES:
        return [issue("90000900", "The attributes are invalid.", name or patch["path"])]
    operation, value = patch["op"], patch.get("value")
    if operation != "delete" and not value:
        return [issue("90220", f"'{name}' is required but not supplied.", name, "MISSING_ATTRIBUTE")]
    issues = _value_issues(name, value or [], operation)
    if not issues:
        _OPERATIONS[operation](attributes, name, value)
        issues = _missing_quantity(attributes) if name == AVAILABILITY and operation != "delete" else []
    return issues


def attribute_name(path):
    """The attribute that a patch's path names; empty when it is none, for only whole attributes can be patched."""
    match = re.fullmatch(r"/attributes/([^/]+)", path)
    return match[1] if match else ""


def _replace(attributes, name, value):
    attributes[name] = copy.deepcopy(value)


def _merge(attributes, name, value):
    """Merge each entry into the one with the same selector; what an entry does not name stays."""
    rows = attributes.setdefault(name, [])
    for entry in value:
        row = next((row for row in rows if _selector(name, row) == _selector(name, entry)), None)
        if row is None:
            rows.append(copy.deepcopy(entry))
        else:
            row.update(copy.deepcopy(entry))


def _delete(attributes, name, value):
    """Delete the attribute, or the entries whose selectors are given."""
    gone = [_selector(name, entry) for entry in value or ()]
    kept = [row for row in attributes.pop(name, []) if value and _selector(name, row) not in gone]
    if kept:
        attributes[name] = kept


_OPERATIONS = {"add": _replace, "replace": _replace, "merge": _merge, "delete": _delete}


def _selector(name, entry):
    return entry.get(SELECTORS.get(name, "marketplace_id"))


def _value_issues(name, value, operation):
    if name != AVAILABILITY:
        return []
    issues = []
    for entry in value:
        issues += _entry_issues(entry)
    channels = [entry.get("fulfillment_channel_code") for entry in value]
    if not issues and len(set(channels)) < len(channels):
        issues.append(issue("90000900", "The attributes are invalid.", name))
    return issues


def _entry_issues(entry):
    if not entry.get("fulfillment_channel_code"):
        text = (
            f"The field 'fulfillment_channel_code' for the attribute '{AVAILABILITY}' does not have enough values. "
            "The required minimum is '1' value(s)."
        )
        return [issue("99016", text, AVAILABILITY, "MISSING_ATTRIBUTE")]
    for name, value in entry.items():
        kind = AVAILABILITY_MEMBERS.get(name)
        if kind is None or not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            return [issue("90000900", "The attributes are invalid.", AVAILABILITY)]
    if not DATE.match(entry.get("restock_date", "2000-01-01")):
        return [issue("90000900", "The attributes are invalid.", AVAILABILITY)]
    return _number_issues(entry)


def _number_issues(entry):
    if entry.get("quantity", 0) < 0 or entry.get("lead_time_to_ship_max_days", 0) < 0:
        text = f"Value for '{AVAILABILITY}' is less than the allowed minimum '0'."
        return [issue("99010", text, AVAILABILITY)]
    if entry.get("lead_time_to_ship_max_days", 0) > LONGEST_LEAD_TIME:
        text = f"Value for '{AVAILABILITY}' is greater than the allowed maximum '{LONGEST_LEAD_TIME}'."
        return [issue("99010", text, AVAILABILITY)]
    return []


def _missing_quantity(attributes):
    for row in attributes.get(AVAILABILITY, ()):
        if row["fulfillment_channel_code"] == DEFAULT_CHANNEL and "quantity" not in row:
            return [issue("90220", "'quantity' is required but not supplied.", AVAILABILITY, "MISSING_ATTRIBUTE")]
    return []
