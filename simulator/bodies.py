"""The bodies of requests, declared as data, and their strict reading.

A declaration is a JSON Schema in the words that Amazon's models use: type, properties, required, items, enum, format,
minItems and maxItems. Members that are not declared are refused, although Amazon tolerates some of them, unless the
declaration says ``additionalProperties``: True, or the declaration of each such member.
"""

import json

from .answers import invalid_input
from .clock import to_moment

CANNOT_BE_PARSED = "Request has missing or invalid parameters and cannot be parsed."
TYPES = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool}


def read_body(schema, request):
    """The JSON body of ``request``; refuses what ``schema`` does not allow."""
    try:
        body = json.loads(request.get_data().decode("utf-8"), parse_constant=_refuse_constant)
    except ValueError:
        raise invalid_input("The body is not JSON.", CANNOT_BE_PARSED) from None
    found = complaints(schema, body)
    if found:
        raise invalid_input(found[0], f"{CANNOT_BE_PARSED} {found[0]}")
    return body


def complaints(schema, value, path=""):
    """What ``schema`` has against ``value``: lines that name the member, empty when it is valid."""
    kind = schema["type"]
    if not isinstance(value, TYPES[kind]) or (kind == "integer" and isinstance(value, bool)):
        return [f"fields with invalid type [{path or 'body'}]"]
    if kind == "object":
        return _object_complaints(schema, value, path)
    if kind == "array":
        return _array_complaints(schema, value, path)
    if kind == "string":
        return _string_complaints(schema, value, path)
    if not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        return [f"fields outside their range [{path}]"]
    return []


def _object_complaints(schema, value, path):
    prefix = f"{path}." if path else ""
    properties = schema.get("properties", {})
    missing = [prefix + name for name in schema.get("required", ()) if name not in value]
    if missing:
        return [f"required fields are missing [{', '.join(missing)}]"]
    unknown = [prefix + name for name in value if name not in properties]
    others = schema.get("additionalProperties", False)
    if unknown and not others:
        return [f"fields that are not known [{', '.join(unknown)}]"]
    if len(value) < schema.get("minProperties", 0):
        return [f"fields that are empty [{path}]"]
    rules = properties if others in (True, False) else dict.fromkeys(value, others)
    members = [(rules[name], member, prefix + name) for name, member in value.items() if name in rules]
    return [line for member in members for line in complaints(*member)]


def _array_complaints(schema, value, path):
    if len(value) < schema.get("minItems", 0):
        return [f"fields with too few values [{path}]"]
    if len(value) > schema.get("maxItems", len(value)):
        return [f"fields with too many values [{path}]"]
    members = [(schema["items"], member, f"{path}[{index}]") for index, member in enumerate(value)]
    return [line for member in members for line in complaints(*member)]


def _string_complaints(schema, value, path):
    if value not in schema.get("enum", (value,)):
        return [f"fields with a value that is not allowed [{path}]"]
    if len(value) < schema.get("minLength", 0):
        return [f"fields that are empty [{path}]"]
    if schema.get("format") == "date-time":
        try:
            to_moment(value)
        except ValueError:
            return [f"fields that are not a date and time in ISO 8601 format [{path}]"]
    return []


def _refuse_constant(name):
    raise ValueError(f"{name} is not JSON")
