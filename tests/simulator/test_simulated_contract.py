"""The contract check itself, and the stand-in for Amazon's models where they are absent.

Every answer that the other tests get is checked too: see ``Client.call``.
"""

import re

import contract
import official
import pytest
from amazon_client import ALL_DATA, EU, NOW, ORDERS, PARTICIPATIONS

from simulator.bodies import complaints
from simulator.operations import OPERATIONS
from simulator.samples import demo_orders

# The words of a schema that bind.
# Amazon's model shows no body for patchListingsItem.
WITH_BODY = [row for row in OPERATIONS if row.body and row.name != "patchListingsItem"]
BINDING = ("type", "required", "enum", "format", "minItems", "maxItems", "minimum", "additionalProperties")
needs_models = pytest.mark.skipif(not official.available(), reason=official.MISSING)


@pytest.fixture(params=["official models", "classes"])
def check(request, monkeypatch):
    """The contract check, by either means."""
    if request.param == "classes":
        pytest.importorskip("amzn_selling_partner")
        monkeypatch.setattr(official, "available", lambda: False)
    elif not official.available():
        pytest.skip(official.MISSING)
    return contract.complaints


class Answer:
    """A stand-in for an HTTP response."""

    def __init__(self, body, status_code=200):
        self.body, self.status_code = body, status_code

    def json(self):
        return self.body


def test_every_answer_of_a_varied_shop_is_valid(sim, eu, check):
    sim.store.add_orders(EU, demo_orders(60, now=NOW))
    answers = {ORDERS: eu.search(includedData=ALL_DATA), PARTICIPATIONS: eu.call(PARTICIPATIONS)}
    for stored in list(sim.store.orders.values())[:20]:
        path = f"{ORDERS}/{stored.order['orderId']}"
        answers[path] = eu.get(stored.order["orderId"])
    assert {path: check(path, answer) for path, answer in answers.items() if check(path, answer)} == {}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda body: body.update(payload={}),
        lambda body: body["orders"][0].update(AmazonOrderId="1"),
        lambda body: body["orders"][0]["orderItems"][0]["product"].update(sku="X"),
        lambda body: body["orders"][0].pop("orderId"),
        lambda body: body["orders"][0]["fulfillment"].update(fulfillmentStatus="Shipped"),
    ],
    ids=["wrapper", "invented member", "invented deep member", "missing member", "wrong value"],
)
def test_the_check_notices_what_amazon_would_not_send(sim, eu, check, spoil):
    sim.store.add_orders(EU, demo_orders(5, now=NOW))
    body = eu.search(includedData=ALL_DATA).json()
    spoil(body)
    assert check(ORDERS, Answer(body))


@needs_models
@pytest.mark.parametrize("operation", OPERATIONS, ids=[operation.name for operation in OPERATIONS])
def test_operations_are_declared_as_in_the_official_model(operation):
    declared = declaration(operation)
    assert declared["operationId"] == operation.name
    queries = {row["name"]: row for row in declared["parameters"] if row["in"] == "query"}
    assert set(queries) == set(operation.parameters)
    for key, row in queries.items():
        parameter = operation.parameters[key]
        assert list(parameter.allowed) == row.get("items", row).get("enum", [])
        assert parameter.required == row.get("required", False)
        assert parameter.max_items == row.get("maxItems", 0)
        assert (parameter.kind == "csv") == (row["type"] == "array")
    table = f"| {operation.usage_plan.rate:g} | {operation.usage_plan.burst} |"
    assert table in declared["description"]
    assert str(operation.status) in declared["responses"]


@needs_models
@pytest.mark.parametrize("operation", OPERATIONS, ids=[operation.name for operation in OPERATIONS])
def test_bodies_are_declared_as_in_the_official_model(operation):
    model = official.model(model_of(operation))
    bodies = [row["schema"] for row in declaration(operation)["parameters"] if row["in"] == "body"]
    assert ([operation.body] if operation.body else []) == [resolved(model, schema) for schema in bodies]


@needs_models
@pytest.mark.parametrize("operation", WITH_BODY, ids=[operation.name for operation in WITH_BODY])
def test_the_bodies_of_the_official_examples_are_taken(operation):
    bodies = list(example_bodies(declaration(operation)))
    assert bodies
    assert [line for body in bodies for line in complaints(operation.body, body)] == []


def example_bodies(declared):
    """The request bodies of Amazon's sandbox cases that succeed."""
    for status, response in declared["responses"].items():
        for case in response.get("x-amzn-api-sandbox", {}).get("static", []) if int(status) < 300 else ():
            value = case["request"]["parameters"].get("body", {}).get("value")
            if value:
                yield value


def model_of(operation):
    return next(name for start, name in contract.MODELS.items() if operation.rule.startswith(start))


def declaration(operation):
    """What the official model says of an operation."""
    shape = re.sub(r"<[^>]*>", "{}", operation.rule)
    for path, operations in official.model(model_of(operation))["paths"].items():
        if re.sub(r"{[^}]*}", "{}", path) == shape and operation.method.lower() in operations:
            return {"parameters": operations.get("parameters", []), **operations[operation.method.lower()]}
    raise LookupError(f"No model declares {operation.method} {operation.rule}")


def resolved(model, schema):
    """A schema of the model with its references followed, and without words for readers."""
    if "$ref" in schema:
        schema = model["definitions"][schema["$ref"].rpartition("/")[2]]
    kept = {}
    for name, value in schema.items():
        if name == "properties":
            kept[name] = {key: resolved(model, member) for key, member in value.items()}
        elif name == "items":
            kept[name] = resolved(model, value)
        elif name in BINDING:
            kept[name] = value
    return kept


@needs_models
def test_every_data_set_of_the_model_is_shown_or_hidden_with_its_section():
    from simulator.order_view import INCLUDED_DATA, ITEM_SECTIONS, ORDER_SECTIONS

    assert {*ORDER_SECTIONS.values(), *ITEM_SECTIONS.values()} == set(INCLUDED_DATA)
    definitions = official.model("orders_2026-01-01")["definitions"]
    assert set(ORDER_SECTIONS) <= set(definitions["Order"]["properties"])
    assert set(ITEM_SECTIONS) <= set(definitions["OrderItem"]["properties"])
