"""The control page and its addresses for scripts."""

import pytest
import requests
from amazon_client import EU, NA


@pytest.fixture
def post(sim):
    """Send JSON, as a script does."""
    return lambda path, **values: requests.post(f"{sim.url}/control/{path}", json=values, timeout=10)


@pytest.fixture
def press(sim):
    """Send a form, as the page does."""
    return lambda path, **values: requests.post(f"{sim.url}/control/{path}", data=values, timeout=10)


def page(sim, seller_id=EU):
    response = requests.get(f"{sim.url}/", params={"seller": seller_id}, timeout=10)
    assert response.status_code == 200
    return response.text


def test_the_page_shows_each_seller_and_the_chosen_ones_orders(sim, post):
    order_id = post("orders", seller_id=NA, marketplace="US").json()["order_id"]
    assert "Example Shop Europe" in page(sim)
    assert order_id not in page(sim)
    assert order_id in page(sim, NA)


def test_the_page_shows_faults_and_calls(sim, eu):
    sim.store.add_fault("searchOrders", "slow", times=3)
    eu.token()
    assert "3 times" in page(sim)
    assert "<td>token</td>" in page(sim)


def test_an_order_is_added_from_options_and_found_at_once(post, eu):
    order_id = post("orders", seller_id=EU, marketplace="FR", channel="FBA", items=["POSTER-A2"]).json()["order_id"]
    assert eu.search_ids() == [order_id]


def test_an_order_is_added_whole(post, eu):
    order = {
        "orderId": "302-1234567-1234567",
        "createdTime": "2026-11-23T10:00:00.000Z",
        "lastUpdatedTime": "2026-11-23T10:00:00.000Z",
        "salesChannel": {"channelName": "AMAZON"},
        "orderItems": [],
    }
    assert post("orders", seller_id=EU, order=order, verbatim=True).status_code == 200
    assert eu.get(order["orderId"]).json()["order"] == order


def test_an_order_added_on_the_page_leads_back_to_the_seller(sim, press):
    response = press("orders", seller_id=NA, marketplace="CA", channel="FBM", age="150")
    assert (response.status_code, response.url) == (200, f"{sim.url}/?seller={NA}")
    assert len(sim.store.orders) == 1


def test_demo_orders_are_generated_on_the_sellers_marketplaces(sim, post, eu):
    ids = post("orders/generate", seller_id=EU, count=30, seed=2).json()["order_ids"]
    assert eu.search_ids() == ids
    shown = {stored.order["salesChannel"]["marketplaceId"] for stored in sim.store.orders.values()}
    assert shown == set(sim.store.sellers[EU].marketplace_ids)


def test_demo_orders_are_generated_on_the_page(sim, press):
    press("orders/generate", seller_id=EU, count="5", seed="1")
    assert len(sim.store.orders) == 5


@pytest.mark.parametrize(("change", "status"), [("ship", "SHIPPED"), ("cancel", "CANCELLED"), ("touch", "UNSHIPPED")])
def test_an_order_is_changed(sim, post, change, status):
    order_id = post("orders", seller_id=EU).json()["order_id"]
    assert post(f"orders/{order_id}/{change}").status_code == 200
    assert sim.store.orders[order_id].status == status


def test_an_order_is_shipped_on_the_page(sim, post, press):
    order_id = post("orders", seller_id=EU).json()["order_id"]
    assert press(f"orders/{order_id}/ship", seller_id=EU).status_code == 200
    assert sim.store.orders[order_id].status == "SHIPPED"


def test_a_buyers_wish_to_cancel_is_added(sim, post):
    order_id = post("orders", seller_id=EU).json()["order_id"]
    post(f"orders/{order_id}/request-cancellation")
    assert "cancellationRequest" in sim.store.orders[order_id].order["orderItems"][0]["cancellation"]


def test_a_fault_is_scripted_and_taken_back(sim, post, eu):
    post("faults", operation="searchOrders", kind="throttled", times=None)
    assert eu.search().status_code == 429
    post("faults/clear")
    assert eu.search().status_code == 200


def test_a_fault_is_scripted_on_the_page(sim, press):
    press("faults", seller_id=EU, operation="getOrder", kind="slow", times="2")
    (fault,) = sim.store.faults.coming
    assert (fault.operation, fault.kind, fault.times) == ("getOrder", "slow", 2)


def test_a_refresh_token_is_given_out(post, eu):
    eu.refresh_token = post("refresh-tokens", seller_id=EU).json()["refresh_token"]
    assert eu.token().status_code == 200


def test_a_refresh_token_is_shown_once_on_the_page(sim, press):
    assert "Atzr|" in press("refresh-tokens", seller_id=EU).text
    assert "Atzr|" not in page(sim)


def test_a_consent_is_withdrawn(post, eu):
    post("revoke", seller_id=EU)
    assert eu.token().json()["error"] == "invalid_grant"


def test_access_tokens_are_expired(post, eu):
    post("access-tokens/expire")
    assert eu.search().status_code == 403


def test_the_clock_is_put_forward(sim, post):
    before = sim.store.clock.now()
    post("clock", advance=90)
    assert (sim.store.clock.now() - before).total_seconds() == 90


def test_the_application_becomes_a_draft(sim, press):
    press("application", seller_id=EU, is_draft="1")
    assert sim.store.application.is_draft
    press("application", seller_id=EU, is_draft="0")
    assert not sim.store.application.is_draft


def test_everything_is_forgotten(sim, post):
    post("orders", seller_id=EU)
    post("reset")
    assert not sim.store.orders


def test_state_orders_and_calls_are_told_without_secrets(sim, post, eu):
    order_id = post("orders", seller_id=EU).json()["order_id"]
    eu.search()
    state = requests.get(f"{sim.url}/control/state", timeout=10)
    assert [seller["orders"] for seller in state.json()["sellers"]] == [1, 0, 0]
    assert sim.CLIENT_SECRET not in state.text
    orders = requests.get(f"{sim.url}/control/orders", params={"seller_id": EU}, timeout=10).json()["orders"]
    assert [order["orderId"] for order in orders] == [order_id]
    calls = requests.get(f"{sim.url}/control/calls", timeout=10)
    assert [call["operation"] for call in calls.json()["calls"]] == ["token", "searchOrders"]
    assert eu.access_token not in calls.text


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("orders", {"seller_id": "A0UNKNOWN"}),
        ("orders", {"seller_id": EU, "colour": "red"}),
        ("orders/302-0000000-0000000/ship", {}),
        ("faults", {"operation": "searchOrders", "kind": "earthquake"}),
        ("application", {"colour": "red"}),
    ],
)
def test_nonsense_is_refused_in_words(post, press, path, values):
    assert post(path, **values).json()["error"]
    answer = press(path, **values)
    assert (answer.status_code, "That did not work" in answer.text) == (400, True)


def test_other_websites_cannot_press_buttons(sim):
    headers = {"Origin": "http://evil.example"}
    response = requests.post(f"{sim.url}/control/reset", headers=headers, timeout=10)
    assert response.status_code == 403
