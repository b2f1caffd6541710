"""The contract check itself, and the stand-in for Amazon's models where they are absent.

Every answer that the other tests get is checked too: see ``Client.call``.
"""

import contract
import official
import pytest
from amazon_client import ALL_DATA, EU, NOW, ORDERS, PARTICIPATIONS

from simulator.samples import demo_orders

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
@pytest.mark.parametrize("name", ["searchOrders", "getOrder", "getMarketplaceParticipations"])
def test_operations_are_declared_as_in_the_official_model(name):
    from simulator.operations import OPERATIONS

    operation = next(operation for operation in OPERATIONS if operation.name == name)
    model = official.model("sellers_v1" if "Participations" in name else "orders_2026-01-01")
    path = operation.rule.replace("<order_id>", "{orderId}")
    declared = model["paths"][path][operation.method.lower()]
    queries = {row["name"]: row for row in declared["parameters"] if row["in"] == "query"}
    assert set(queries) == set(operation.parameters)
    for key, row in queries.items():
        assert list(operation.parameters[key].allowed) == row.get("items", {}).get("enum", [])
    table = f"| {operation.usage_plan.rate:g} | {operation.usage_plan.burst} |"
    assert table in declared["description"]


@needs_models
def test_every_data_set_of_the_model_is_shown_or_hidden_with_its_section():
    from simulator.order_view import INCLUDED_DATA, ITEM_SECTIONS, ORDER_SECTIONS

    assert {*ORDER_SECTIONS.values(), *ITEM_SECTIONS.values()} == set(INCLUDED_DATA)
    definitions = official.model("orders_2026-01-01")["definitions"]
    assert set(ORDER_SECTIONS) <= set(definitions["Order"]["properties"])
    assert set(ITEM_SECTIONS) <= set(definitions["OrderItem"]["properties"])
