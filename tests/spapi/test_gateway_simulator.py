"""The gateway against the simulator: Amazon's rules, quotas and faults over real HTTP."""

from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest
from api_server import SIMULATED_SELLER as SELLER

from simulator.samples import build_order, demo_orders
from spapi import (
    AuthorizationRevoked,
    ClientRefused,
    Credentials,
    Gateway,
    InvalidRequest,
    NotFound,
    Throttled,
    Unauthorized,
    Unavailable,
    exchange_code,
    parse_order,
)
from spapi.tokens import AccessTokens

QUERY = {"lastUpdatedAfter": "2024-01-01T00:00:00Z", "marketplaceIds": ["A1PA6795UKMFR9", "A13V1IB3VIYZZH"]}


@pytest.fixture
def gateway(credentials, endpoint):
    with Gateway(credentials, endpoint, "eu", tokens=AccessTokens()) as gateway:
        yield gateway


def all_pages(gateway, query):
    pages = [gateway.search_orders(query)]
    while pages[-1].next_token:
        pages.append(gateway.search_orders(query, pages[-1].next_token))
    return pages


def test_the_participations_of_the_seller(gateway):
    participations = {entry.marketplace_id: entry for entry in gateway.marketplace_participations()}
    germany = participations["A1PA6795UKMFR9"]
    assert (germany.country_code, germany.currency, germany.is_participating) == ("DE", "EUR", True)


def test_every_order_arrives_once_over_all_pages(simulator, gateway):
    orders = demo_orders(45, seed=3, marketplaces=("DE", "FR"))
    simulator.store.add_orders(SELLER, orders)
    pages = all_pages(gateway, {**QUERY, "maxResultsPerPage": 20})
    assert [len(page.orders) for page in pages] == [20, 20, 5]
    assert {order["orderId"] for page in pages for order in page.orders} == {order["orderId"] for order in orders}
    assert pages[0].last_updated_before and pages[0].rate_limit == 0.0056


def test_every_simulated_order_can_be_read(simulator, gateway):
    simulator.store.add_orders(SELLER, demo_orders(60, seed=5, marketplaces=("DE", "FR")))
    for page in all_pages(gateway, QUERY):
        for order in map(parse_order, page.orders):
            if order.grand_total:
                assert sum((item.total.amount for item in order.items), Decimal(0)) == order.grand_total.amount


def test_one_order_by_its_reference(simulator, gateway):
    order = build_order("DE", buyer_name="Erika Beispiel")
    simulator.store.add_order(SELLER, order)
    found = gateway.get_order(order["orderId"])
    assert parse_order(found).buyer.name == "Erika Beispiel"
    assert not found.personal_data_missing


def test_an_order_of_somebody_else_is_not_found(simulator, gateway):
    with pytest.raises(NotFound):
        gateway.get_order("111-0000000-0000000")


def test_orders_without_personal_data_where_the_role_is_missing(simulator, gateway):
    order = build_order("DE", buyer_name="Erika Beispiel")
    simulator.store.add_order(SELLER, order)
    simulator.store.add_fault("searchOrders", "personal_data_denied", times=None)
    page = gateway.search_orders(QUERY)
    assert page.personal_data_missing
    assert parse_order(page.orders[0]).address is None


def test_the_quota_runs_out_and_comes_back(simulator, gateway):
    for _number in range(20):
        gateway.search_orders(QUERY)
    with pytest.raises(Throttled) as caught:
        gateway.search_orders(QUERY)
    wait = caught.value.retry_at - datetime.now(timezone.utc)
    assert timedelta(seconds=170) < wait <= timedelta(seconds=179)
    simulator.store.clock.advance(180)
    assert gateway.search_orders(QUERY).orders == []


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("throttled", Throttled), ("forbidden", Unauthorized), ("access_denied", Unauthorized)]
    + [("invalid_input", InvalidRequest), ("internal_failure", Unavailable), ("unavailable", Unavailable)]
    + [("garbled", Unavailable), ("truncated", Unavailable), ("dropped", Unavailable), ("unauthorized", Unauthorized)],
)
def test_a_fault_that_stays_is_raised(simulator, gateway, kind, expected):
    order = build_order("DE")
    simulator.store.add_order(SELLER, order)
    simulator.store.add_fault("getOrder", kind, times=None)
    with pytest.raises(expected) as caught:
        gateway.get_order(order["orderId"])
    assert caught.value.operation == "getOrder"


@pytest.mark.parametrize("kind", ["token_expired", "unauthorized", "dropped"])
def test_a_fault_that_passes_goes_unnoticed(simulator, gateway, kind):
    order = build_order("DE")
    simulator.store.add_order(SELLER, order)
    simulator.store.add_fault("getOrder", kind)
    assert gateway.get_order(order["orderId"])["orderId"] == order["orderId"]


def test_a_slow_amazon_is_waited_for(simulator, gateway):
    simulator.store.add_fault("searchOrders", "slow", seconds=0.5)
    assert gateway.search_orders(QUERY).orders == []


def test_a_page_token_that_is_too_old_is_an_invalid_request(simulator, gateway):
    simulator.store.add_orders(SELLER, demo_orders(3, marketplaces=("DE",)))
    query = {**QUERY, "maxResultsPerPage": 1}
    token = gateway.search_orders(query).next_token
    simulator.store.clock.advance(25 * 3600)
    with pytest.raises(InvalidRequest):
        gateway.search_orders(query, token)


def test_a_withdrawn_consent_is_noticed_at_the_next_call(simulator, gateway):
    gateway.search_orders(QUERY)
    simulator.store.revoke(SELLER)
    with pytest.raises(AuthorizationRevoked):
        gateway.search_orders(QUERY)


def test_a_wrong_client_secret_is_about_the_application(credentials, endpoint):
    wrong = Credentials(credentials.client_id, "wrong", credentials.refresh_token)
    with Gateway(wrong, endpoint, "eu", tokens=AccessTokens()) as gateway, pytest.raises(ClientRefused):
        gateway.search_orders(QUERY)


def test_a_code_is_exchanged_once(simulator, endpoint):
    code = simulator.store.authorizations.issue_code(SELLER, "https://odoo.example.com/amazon/oauth/return")
    arguments = (endpoint, simulator.CLIENT_ID, simulator.CLIENT_SECRET, code)
    refresh_token = exchange_code(*arguments)
    credentials = Credentials(simulator.CLIENT_ID, simulator.CLIENT_SECRET, refresh_token)
    with Gateway(credentials, endpoint, "eu", tokens=AccessTokens()) as gateway:
        assert gateway.marketplace_participations()
    with pytest.raises(AuthorizationRevoked):
        exchange_code(*arguments)
