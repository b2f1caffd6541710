"""Holds the simulator's answers against Amazon's models, strictly: no member that the model does not declare.

Where the official models are absent, the classes of the package amzn-selling-partner stand in for them.
"""

import functools

import official

ORDERS, SELLERS = "orders_2026-01-01", "sellers_v1"
_CLASS_MODULES = {ORDERS: "orders_v2026_01_01", SELLERS: "sellers_v1"}


def complaints(path, response):
    """What the model has against an answer; an empty list when it is as Amazon's would be."""
    model, definition = _definition(path, response.status_code)
    if official.available():
        return [error.message for error in _validator(model, definition).iter_errors(response.json())]
    return class_complaints(model, definition, response.json())


def _definition(path, status):
    if status != 200:
        return ORDERS, "ErrorList"
    if path.startswith("/sellers/"):
        return SELLERS, "GetMarketplaceParticipationsResponse"
    return ORDERS, "SearchOrdersResponse" if path.endswith("/orders") else "GetOrderResponse"


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
