"""Scripted faults in the orders that are shown (see faults.py)."""


def disturb(faults, operation, orders):
    """Change ``orders`` in place as the faults that are due say; without orders nothing is used up."""
    if not orders:
        return
    if faults.take(operation, {"without_personal_data"}):
        for order in orders:
            order.pop("buyer", None)
            order.pop("recipient", None)
    if faults.take(operation, {"unknown_values"}):
        for order in orders:
            _put_unknown_values(order)


def _put_unknown_values(order):
    """Values of a kind that Amazon may add any day: only members that the model types as plain strings."""
    order.setdefault("programs", []).append("PROGRAM_OF_TOMORROW")
    fulfillment = order.get("fulfillment")
    if fulfillment:
        fulfillment["fulfillmentServiceLevel"] = "DRONE"
    address = order.get("recipient", {}).get("deliveryAddress")
    if address:
        address["addressType"] = "MOON_BASE"
    for item in order["orderItems"]:
        item.setdefault("programs", []).append("ITEM_PROGRAM_OF_TOMORROW")
        item["product"].setdefault("condition", {})["conditionType"] = "PRE_LOVED"
        if "tax" in item:
            item["tax"].setdefault("taxCollections", []).append({"model": "COLLECTOR_OF_TOMORROW"})
