"""Amazon's official API models and examples, for tests.

The models (Swagger 2.0 JSON of https://github.com/amzn/selling-partner-api-models) are not part of the repository.
They are looked for in the folder that the environment variable ``AMAZON_SPAPI_REFERENCE`` names, else in
``../shared/spapi`` beside the repository. Tests that need them skip visibly, or fall back on the classes of the
package ``amzn-selling-partner``, where :func:`available` is false.

Pure Python: nothing of Odoo is imported, so that the tests of ``spapi`` and ``simulator`` can use it too.
"""

import copy
import functools
import json
import os
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
MISSING = "Amazon's official models are absent: set AMAZON_SPAPI_REFERENCE to their folder"


def reference_folder():
    """The folder that holds ``models/`` and ``samples/``; it need not exist."""
    return Path(os.environ.get("AMAZON_SPAPI_REFERENCE") or REPOSITORY.parent / "shared" / "spapi")


def available():
    """Whether the official models are on this machine."""
    return (reference_folder() / "models").is_dir()


@functools.cache
def model(name):
    """The official model ``name`` as parsed JSON, for example ``model("orders_2026-01-01")``."""
    return json.loads((reference_folder() / "models" / f"{name}.json").read_text(encoding="utf-8"))


def validator(model, definition, strict=True):
    """A ``jsonschema`` validator for one definition of a model.

    :param model: parsed model, or its name
    :param strict: refuse members that the model does not declare (Amazon's models allow them)
    """
    from jsonschema import Draft4Validator, FormatChecker  # only tests have this package

    if isinstance(model, str):
        model = globals()["model"](model)
    definitions = copy.deepcopy(model["definitions"])
    if strict:
        for schema in definitions.values():
            if schema.get("type") == "object" and "properties" in schema:
                schema.setdefault("additionalProperties", False)
    schema = {"$ref": f"#/definitions/{definition}", "definitions": definitions}
    return Draft4Validator(schema, format_checker=FormatChecker())


def complaints(model, definition, body, strict=True):
    """What the model has against ``body``: a list of readable lines, empty when it is valid."""
    found = validator(model, definition, strict).iter_errors(body)
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}" for error in found]


def sandbox_cases(model):
    """The static sandbox cases of a model (or its name), as Amazon's sandbox answers them.

    :return: list of dicts with operation, method, path, status (int), definition, parameters, response
    """
    if isinstance(model, str):
        model = globals()["model"](model)
    cases = []
    for path, item in model["paths"].items():
        for method, operation in item.items():
            if isinstance(operation, dict):
                cases += _operation_cases(path, method, operation)
    return cases


def _operation_cases(path, method, operation):
    for status, response in operation.get("responses", {}).items():
        for case in (response.get("x-amzn-api-sandbox") or {}).get("static", []):
            parameters = case.get("request", {}).get("parameters", {})
            yield {
                "operation": operation["operationId"],
                "method": method.upper(),
                "path": path,
                "status": int(status),
                "definition": (response.get("schema") or {}).get("$ref", "").rsplit("/", 1)[-1],
                "parameters": {name: value.get("value") for name, value in parameters.items()},
                "response": case.get("response"),
            }


def sandbox_orders():
    """Every order of the official sandbox cases of Orders 2026-01-01, each once, as fresh copies."""
    bodies = [case["response"] for case in sandbox_cases("orders_2026-01-01") if case["status"] == 200]
    return _unique_orders(bodies)


def sample_orders():
    """Every order of the ``samples`` folder beside the models, each once, as fresh copies."""
    files = sorted((reference_folder() / "samples").glob("*.json"))
    bodies = [json.loads(file.read_text(encoding="utf-8")) for file in files]
    return _unique_orders(body.get("response", body) for body in bodies)


def _unique_orders(bodies):
    orders = {}
    for body in bodies:
        for order in body.get("orders") or [body["order"]]:
            orders.setdefault(order["orderId"], copy.deepcopy(order))
    return list(orders.values())
