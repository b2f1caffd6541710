"""Holds requests that were sent against Amazon's official models: path, parameters and body."""

import importlib.util
import json
import re
from pathlib import Path

_spec = importlib.util.spec_from_file_location("official", Path(__file__).resolve().parents[1] / "official.py")
official = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(official)

MODELS = ("orders_2026-01-01", "ordersV0", "sellers_v1", "listingsItems_2021-08-01", "feeds_2021-06-30")
MODELS += ("reports_2021-06-30",)


def operations():
    """(model, path, method, operation) of everything the models declare."""
    for name in MODELS:
        for path, item in official.model(name)["paths"].items():
            for method, operation in item.items():
                if isinstance(operation, dict) and "operationId" in operation:
                    yield name, path, method.upper(), operation


def complaints(request):
    """What the model of its operation has against a request (of werkzeug); empty when Amazon would take it."""
    model, operation = _find(request)
    if operation is None:
        return [f"there is no {request.method} {request.path}"]
    parameters = [_resolved(model, parameter) for parameter in operation["parameters"]]
    return [*_query_complaints(request, parameters), *_body_complaints(request, model, parameters)]


def _find(request):
    path = request.environ["REQUEST_URI"].partition("?")[0]
    for model, template, method, operation in operations():
        pattern = re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(template))
        if method == request.method and re.fullmatch(pattern, path):
            return model, operation
    return None, None


def _resolved(model, parameter):
    if "$ref" in parameter:
        return official.model(model)["parameters"][parameter["$ref"].rpartition("/")[2]]
    return parameter


def _query_complaints(request, parameters):
    declared = {parameter["name"]: parameter for parameter in parameters if parameter["in"] == "query"}
    for name, parameter in declared.items():
        if parameter.get("required") and name not in request.args:
            yield f"{name} is missing"
    for name in request.args:
        values = request.args.getlist(name)
        if name not in declared:
            yield f"{name} is not declared"
        elif len(values) > 1:
            yield f"{name} is there {len(values)} times"
        else:
            yield from _value_complaints(name, values[0], declared[name])


def _value_complaints(name, value, parameter):
    values = value.split(",") if parameter["type"] == "array" else [value]
    allowed = parameter.get("enum") or parameter.get("items", {}).get("enum")
    if allowed and not set(values) <= set(allowed):
        yield f"{name} has values that are not declared"
    if len(values) > parameter.get("maxItems", len(values)):
        yield f"{name} has too many values"
    if parameter["type"] == "integer" and not 1 <= int(value) <= parameter.get("maximum", int(value)):
        yield f"{name} is too large"
    if parameter.get("format") == "date-time" and not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", value):
        yield f"{name} is no time"


def _body_complaints(request, model, parameters):
    body = request.get_data()
    schemas = [parameter["schema"] for parameter in parameters if parameter["in"] == "body"]
    if not schemas:
        return ["a body where there should be none"] if body else []
    if request.content_type != "application/json":
        return ["the body is not labelled as JSON"]
    return official.complaints(model, schemas[0]["$ref"].rpartition("/")[2], json.loads(body), strict=True)
