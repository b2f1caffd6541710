"""Holds the simulator's answers against Amazon's models, strictly: no member that the model does not declare.

Where the official models are absent, the classes of the package amzn-selling-partner stand in for them.
"""

import functools
import re

import official

ORDERS, SELLERS = "orders_2026-01-01", "sellers_v1"
_CLASS_MODULES = {ORDERS: "orders_v2026_01_01", SELLERS: "sellers_v1"}
# The start of an address -> the model that declares it.
MODELS = {
    "/sellers/v1/": SELLERS,
    "/orders/2026-01-01/": ORDERS,
    "/orders/v0/": "ordersV0",
    "/listings/2021-08-01/": "listingsItems_2021-08-01",
    "/feeds/2021-06-30/": "feeds_2021-06-30",
    "/reports/2021-06-30/": "reports_2021-06-30",
}


def complaints(path, response, method="GET"):
    """What the model has against an answer; an empty list when it is as Amazon's would be."""
    model, definition = _definition(path, response.status_code, method)
    if response.status_code == 204 or (response.status_code < 300 and not definition):
        return [] if not response.content else ["a body where there should be none"]
    if official.available():
        return [error.message for error in _validator(model, definition).iter_errors(response.json())]
    if model not in _CLASS_MODULES:
        return []
    return class_complaints(model, definition, response.json())


def _definition(path, status, method="GET"):
    model = next(name for start, name in MODELS.items() if path.startswith(start))
    if model == SELLERS:
        return model, "GetMarketplaceParticipationsResponse"
    if status >= 400:
        return model, "ConfirmShipmentErrorResponse" if model == "ordersV0" else "ErrorList"
    if model == ORDERS:
        return model, "SearchOrdersResponse" if path.endswith("/orders") else "GetOrderResponse"
    if not official.available():
        return model, "unknown"
    return model, _declared(model, path, status, method)


def _declared(model, path, status, method):
    """The definition that the official model names for an answer of this address."""
    for template, operations in official.model(model)["paths"].items():
        pattern = re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(template))
        if re.fullmatch(pattern, path) and method.lower() in operations:
            schema = operations[method.lower()]["responses"][str(status)].get("schema", {})
            return schema.get("$ref", "").rpartition("/")[2]
    raise LookupError(f"{model} declares no {method} {path}")


@functools.cache
def _validator(model, definition):
    return official.validator(model, definition, strict=True)


def class_complaints(model, definition, body):
    """The same by the classes of amzn-selling-partner: not readable, or with members that a class lacks."""
    import importlib

    import pydantic

    module = importlib.import_module(f"amzn_selling_partner.sdk.models.{_CLASS_MODULES[model]}")
    try:
        value = getattr(module, definition).model_validate(body)
    except pydantic.ValidationError as error:
        return [str(error)]
    return list(_extras(value))


def _extras(value, path=""):
    """Members that were read without being declared, however deep."""
    if isinstance(value, list):
        for index, element in enumerate(value):
            yield from _extras(element, f"{path}[{index}]")
    elif hasattr(value, "model_fields_set"):
        yield from (f"{path}.{name} is not declared" for name in value.model_extra or ())
        for name in type(value).model_fields:
            yield from _extras(getattr(value, name), f"{path}.{name}")
