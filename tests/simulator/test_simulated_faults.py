"""Scripted faults: each goes wrong as it should, as often as it should, and then no more."""

import re
import time

import pytest
import requests
from amazon_client import EU, PARTICIPATIONS, error_of

from simulator.faults import KINDS
from simulator.operations import OPERATIONS
from simulator.samples import build_order, demo_orders

IN_PLACE = [
    ("throttled", 429, "QuotaExceeded"),
    ("access_denied", 403, "Unauthorized"),
    ("token_expired", 403, "Unauthorized"),
    ("unauthorized", 401, "Unauthorized"),
    ("invalid_input", 400, "InvalidInput"),
    ("internal_failure", 500, "InternalFailure"),
]


def add_orders(sim, count=4):
    orders = demo_orders(count, now=sim.store.clock.now(), kinds=("fbm",))
    sim.store.add_orders(EU, orders)
    return [order["orderId"] for order in orders]


@pytest.mark.parametrize(("kind", "status", "code"), IN_PLACE)
def test_an_error_is_answered_once(sim, eu, kind, status, code):
    sim.store.add_fault("searchOrders", kind)
    assert error_of(eu.search())[:2] == (status, code)
    if kind == "token_expired":
        eu.access_token = eu.token().json()["access_token"]
    assert eu.search().status_code == 200


@pytest.mark.parametrize("operation", OPERATIONS, ids=[operation.name for operation in OPERATIONS])
def test_every_operation_takes_the_general_faults(sim, eu, operation):
    path = re.sub(r"<[^>]*>", "x", operation.rule)
    kinds = {"unavailable": 503, "throttled": 429, "access_denied": 403, "unauthorized": 401, "internal_failure": 500}
    for kind, status in kinds.items():
        sim.store.add_fault(operation.name, kind)
        answer = eu.call(
            path, method=operation.method, body={} if operation.body else None, valid=kind != "unavailable"
        )
        assert answer.status_code == status
    sim.store.add_fault(operation.name, "dropped")
    with pytest.raises(requests.ConnectionError):
        eu.call(path, method=operation.method)
    assert sim.store.calls_of(operation.name)


def test_a_fault_is_remembered_as_a_call_of_the_seller(sim, eu):
    sim.store.add_fault("searchOrders", "throttled")
    eu.search()
    assert (sim.store.calls[-1].status, sim.store.calls[-1].seller_id) == (429, EU)


def test_a_throttled_answer_has_no_rate(sim, eu):
    sim.store.add_fault("searchOrders", "throttled")
    assert "x-amzn-RateLimit-Limit" not in eu.search().headers


def test_an_expired_token_stays_expired_until_it_is_renewed(sim, eu):
    sim.store.add_fault("searchOrders", "token_expired")
    assert "expired" in error_of(eu.search())[2]
    assert "expired" in error_of(eu.search())[2]
    eu.access_token = eu.token().json()["access_token"]
    assert eu.search().status_code == 200


def test_an_outage_is_a_page_of_html(sim, eu):
    sim.store.add_fault("searchOrders", "unavailable")
    response = eu.call("/orders/2026-01-01/orders", valid=False)
    assert (response.status_code, response.headers["Content-Type"]) == (503, "text/html")


def test_a_refusal_of_the_gateway_has_no_errors(sim, eu):
    sim.store.add_fault("searchOrders", "forbidden")
    response = eu.call("/orders/2026-01-01/orders", valid=False)
    assert (response.status_code, response.json()) == (403, {"message": "Forbidden"})


def test_a_slow_answer_takes_its_time_and_is_right(sim, eu):
    sim.store.add_fault("searchOrders", "slow", seconds=0.4)
    started = time.monotonic()
    assert eu.search().status_code == 200
    assert time.monotonic() - started >= 0.4


def test_a_slow_answer_holds_up_nobody_else(sim, eu):
    sim.store.add_fault("searchOrders", "slow", seconds=5)
    with pytest.raises(requests.ReadTimeout):
        requests.get(f"{sim.url}/orders/2026-01-01/orders", timeout=0.3)
    started = time.monotonic()
    assert eu.call(PARTICIPATIONS).status_code == 200
    assert time.monotonic() - started < 2


def test_a_garbled_answer_is_no_json(sim, eu):
    add_orders(sim)
    sim.store.add_fault("searchOrders", "garbled")
    response = eu.call("/orders/2026-01-01/orders", {"createdAfter": "2026-11-20T00:00:00Z"}, valid=False)
    assert response.status_code == 200
    with pytest.raises(ValueError, match=r"."):
        response.json()


@pytest.mark.parametrize("kind", ["truncated", "dropped"])
@pytest.mark.parametrize("operation", ["searchOrders", "token"])
def test_a_connection_can_break(sim, eu, kind, operation):
    add_orders(sim)
    sim.store.add_fault(operation, kind)
    call = eu.search if operation == "searchOrders" else eu.token
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        call()
    assert call().status_code == 200


def test_a_page_token_can_expire(sim, eu):
    add_orders(sim)
    token = eu.search(maxResultsPerPage=2).json()["pagination"]["nextToken"]
    sim.store.add_fault("searchOrders", "page_token_expired")
    assert eu.search().status_code == 200
    assert error_of(eu.search(paginationToken=token)) == (400, "InvalidInput", "The pagination token has expired.")


def test_an_order_can_come_twice(sim, eu):
    ids = add_orders(sim)
    sim.store.add_fault("searchOrders", "duplicate_order")
    first = eu.search(maxResultsPerPage=2).json()
    second = eu.search_ids(paginationToken=first["pagination"]["nextToken"])
    assert [order["orderId"] for order in first["orders"]] == ids[:2]
    assert second == ids[1:]


@pytest.mark.parametrize("size", [1, 2])
def test_an_order_comes_twice_only_once(sim, eu, size):
    ids = add_orders(sim)
    sim.store.add_fault("searchOrders", "duplicate_order")
    found, token = [], None
    while True:
        body = eu.search(maxResultsPerPage=size, paginationToken=token).json()
        found += [order["orderId"] for order in body["orders"]]
        token = body.get("pagination", {}).get("nextToken")
        if not token:
            break
    assert found == ids[:size] + ids[size - 1 :]


def test_an_order_can_be_updated_between_pages(sim, eu):
    ids = add_orders(sim)
    sim.store.add_fault("searchOrders", "updated_between_pages")
    token = eu.search(maxResultsPerPage=2).json()["pagination"]["nextToken"]
    assert eu.search_ids(paginationToken=token) == ids[3:]
    sim.store.clock.advance(120)
    assert eu.search_ids()[-1] == ids[2]


def test_a_named_order_can_be_updated_between_pages(sim, eu):
    ids = add_orders(sim)
    sim.store.add_fault("searchOrders", "updated_between_pages", order_id=ids[0])
    eu.search(maxResultsPerPage=2)
    sim.store.clock.advance(120)
    assert eu.search_ids() == [*ids[1:], ids[0]]


@pytest.mark.parametrize("operation", ["searchOrders", "getOrder"])
def test_personal_data_can_be_missing(sim, eu, operation):
    (order_id,) = add_orders(sim, 1)
    sim.store.add_fault(operation, "without_personal_data")
    if operation == "getOrder":
        order = eu.get(order_id).json()["order"]
    else:
        (order,) = eu.search(includedData="BUYER,RECIPIENT,PROCEEDS").json()["orders"]
    assert "proceeds" in order
    assert not {"buyer", "recipient"} & set(order)


def test_personal_data_can_be_denied(sim, eu):
    sim.store.add_fault("searchOrders", "personal_data_denied", times=None)
    assert eu.search(includedData="BUYER,PROCEEDS").status_code == 403
    assert eu.search(includedData="PROCEEDS").status_code == 200
    assert eu.search(includedData="PROCEEDS,TAX").status_code == 403


def test_unknown_values_are_still_valid_for_the_model(sim, eu):
    sim.store.add_order(EU, build_order("DE", order_id="302-1234567-1234567", facilitator=True))
    sim.store.add_fault("getOrder", "unknown_values")
    order = eu.get("302-1234567-1234567").json()["order"]
    assert "PROGRAM_OF_TOMORROW" in order["programs"]
    assert order["fulfillment"]["fulfillmentServiceLevel"] == "DRONE"
    assert "PROGRAM_OF_TOMORROW" not in eu.get("302-1234567-1234567").json()["order"]["programs"]


@pytest.mark.parametrize(("kind", "status"), [("invalid_grant", 400), ("invalid_client", 401)])
def test_login_with_amazon_can_refuse(sim, eu, kind, status):
    sim.store.add_fault("token", kind)
    response = eu.token()
    assert (response.status_code, response.json()["error"]) == (status, kind)
    assert eu.token().status_code == 200


def test_login_with_amazon_can_be_down(sim, eu):
    sim.store.add_fault("token", "unavailable")
    response = eu.token()
    assert (response.status_code, response.headers["Content-Type"]) == (503, "text/html")


def test_a_fault_happens_as_often_as_asked_for(sim, eu):
    sim.store.add_fault("searchOrders", "throttled", times=2)
    assert [eu.search().status_code for _time in range(3)] == [429, 429, 200]


def test_a_fault_without_number_stays_until_it_is_taken_back(sim, eu):
    sim.store.add_fault("searchOrders", "throttled", times=None)
    assert {eu.search().status_code for _time in range(5)} == {429}
    sim.store.clear_faults()
    assert eu.search().status_code == 200


def test_a_fault_of_every_operation_leaves_the_login_alone(sim, eu):
    sim.store.add_fault("*", "unavailable", times=2)
    assert eu.token().status_code == 200
    assert eu.call(PARTICIPATIONS, valid=False).status_code == 503
    assert eu.call("/orders/2026-01-01/orders", valid=False).status_code == 503


def test_a_fault_of_another_operation_waits(sim, eu):
    sim.store.add_fault("getOrder", "throttled")
    assert eu.search().status_code == 200
    assert len(sim.store.faults.coming) == 1


def test_faults_do_not_use_up_quotas(sim, eu):
    sim.store.add_fault("searchOrders", "throttled", times=25)
    assert {eu.search().status_code for _time in range(25)} == {429}
    assert eu.search().status_code == 200


@pytest.mark.parametrize(
    ("operation", "kind"),
    [
        ("searchOrders", "earthquake"),
        ("searchItems", "throttled"),
        ("token", "throttled"),
        ("searchOrders", "invalid_grant"),
        ("getOrder", "duplicate_order"),
        ("getMarketplaceParticipations", "unknown_values"),
    ],
)
def test_a_fault_that_cannot_happen_is_an_error_of_the_test(sim, operation, kind):
    with pytest.raises(ValueError, match=r"There is no|cannot happen"):
        sim.store.add_fault(operation, kind)


def test_every_fault_is_described():
    assert all(len(description) > 10 for description in KINDS.values())


def test_a_fault_may_befall_a_share_of_the_calls(sim, eu):
    sim.store.add_fault("*", "internal_failure", times=None, share=0.5)
    statuses = []
    for _call in range(60):
        sim.store.reset_quotas()
        statuses.append(eu.call(PARTICIPATIONS).status_code)
    assert 15 < statuses.count(500) < 45
    assert statuses.count(200) == 60 - statuses.count(500)


def test_a_fault_may_befall_one_order_alone(sim, eu):
    first, second = add_orders(sim, 2)
    sim.store.add_fault("getOrder", "access_denied", times=None, path=first)
    assert [eu.get(ref).status_code for ref in (first, second, first)] == [403, 200, 403]
