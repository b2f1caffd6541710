"""searchOrders: what may be asked for, and which orders come, in which order, on which page."""

from datetime import timedelta

import pytest
from amazon_client import EU, NA, NOW, Client, error_of

from simulator.clock import to_text
from simulator.samples import build_order

DE, FR, US, JP = "A1PA6795UKMFR9", "A13V1IB3VIYZZH", "ATVPDKIKX0DER", "A1VC38T7YXB528"


def ago(**span):
    return to_text(NOW - timedelta(**span))


def add(sim, number, seller_id=EU, minutes=10, created_minutes=None, **options):
    """Add an order that was updated some minutes ago; return its identifier."""
    updated = sim.store.clock.now() - timedelta(minutes=minutes)
    created = sim.store.clock.now() - timedelta(minutes=created_minutes or minutes + 10)
    order = build_order(order_id=f"302-0000000-{number:07d}", updated=updated, created=created, **options)
    sim.store.add_order(seller_id, order)
    return order["orderId"]


def refused(response):
    return error_of(response)[:2] == (400, "InvalidInput")


# Which questions are allowed


def test_a_search_needs_a_lower_bound(eu):
    assert refused(eu.call("/orders/2026-01-01/orders"))


def test_a_search_is_by_creation_or_by_update_but_not_both(eu):
    assert refused(eu.search(createdAfter=ago(days=1), lastUpdatedAfter=ago(days=1)))


def test_an_upper_bound_belongs_to_its_lower_bound(eu):
    assert refused(eu.search(createdAfter=ago(days=1), lastUpdatedBefore=ago(hours=1)))
    assert refused(eu.search(lastUpdatedAfter=ago(days=1), createdBefore=ago(hours=1)))


@pytest.mark.parametrize("by", ["created", "lastUpdated"])
def test_bounds_are_two_minutes_old(eu, by):
    assert eu.search(**{f"{by}After": ago(days=1), f"{by}Before": ago(minutes=2)}).status_code == 200
    assert refused(eu.search(**{f"{by}After": ago(days=1), f"{by}Before": ago(seconds=119)}))
    assert refused(eu.search(**{f"{by}After": ago(seconds=119)}))


def test_an_upper_bound_is_not_before_the_lower_one(eu):
    assert eu.search(createdAfter=ago(days=1), createdBefore=ago(days=1)).status_code == 200
    assert refused(eu.search(createdAfter=ago(days=1), createdBefore=ago(days=2)))


@pytest.mark.parametrize(
    "text",
    [
        "TEST_CASE_400",
        "2026-11-22",
        "2026-11-22T10:00:00",
        "1763805600",
        "20261122T100000Z",
        "2026-13-22T10:00:00Z",
        "",
    ],
)
def test_a_moment_is_iso_8601_with_a_time_zone(eu, text):
    assert refused(eu.search(createdAfter=text))


@pytest.mark.parametrize("text", ["2026-11-22T10:00:00Z", "2026-11-22T10:00:00.1Z", "2026-11-22T12:00:00+02:00"])
def test_moments_may_have_milliseconds_and_offsets(eu, text):
    assert eu.search(createdAfter=text).status_code == 200


def test_an_unknown_parameter_is_refused(eu):
    assert refused(eu.search(MarketplaceIds=DE))


def test_a_doubled_parameter_is_refused(eu):
    assert refused(eu.search(marketplaceIds=[DE, FR]))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("includedData", "BUYER,ADDRESS"),
        ("includedData", "buyer"),
        ("fulfillmentStatuses", "Unshipped"),
        ("fulfilledBy", "MFN"),
        ("includedData", "BUYER,"),
        ("includedData", ""),
    ],
)
def test_an_unknown_value_is_refused(eu, name, value):
    assert refused(eu.search(**{name: value}))


@pytest.mark.parametrize("size", ["0", "101", "-1", "ten", "1.5"])
def test_a_page_has_one_to_a_hundred_orders(eu, size):
    assert refused(eu.search(maxResultsPerPage=size))


def test_at_most_fifty_marketplaces_are_asked_for(eu):
    assert eu.search(marketplaceIds=",".join([DE] * 50)).status_code == 200
    assert refused(eu.search(marketplaceIds=",".join([DE] * 51)))


def test_an_unknown_marketplace_is_refused(eu):
    assert refused(eu.search(marketplaceIds="A0UNKNOWN"))


def test_a_marketplace_of_another_region_is_denied(eu):
    details = "The marketplaces you provided are not valid for region."
    assert error_of(eu.search(marketplaceIds=US)) == (403, "Unauthorized", details)


def test_a_marketplace_without_participation_is_denied(eu):
    assert error_of(eu.search(marketplaceIds="A1C3SOZRARQ6R3"))[:2] == (403, "Unauthorized")


# Which orders come


def test_orders_come_oldest_update_first(sim, eu):
    ids = [add(sim, number, minutes=minutes) for number, minutes in ((1, 10), (2, 30), (3, 20))]
    assert eu.search_ids() == [ids[1], ids[2], ids[0]]


def test_a_search_by_creation_comes_oldest_creation_first(sim, eu):
    first = add(sim, 1, minutes=10, created_minutes=60)
    second = add(sim, 2, minutes=20, created_minutes=40)
    assert eu.search_ids(createdAfter=ago(days=1)) == [first, second]


def test_bounds_are_included(sim, eu):
    order_id = add(sim, 1, minutes=10)
    assert eu.search_ids(lastUpdatedAfter=ago(minutes=10), lastUpdatedBefore=ago(minutes=10)) == [order_id]
    assert eu.search_ids(lastUpdatedAfter=ago(seconds=599)) == []
    assert eu.search_ids(lastUpdatedAfter=ago(days=1), lastUpdatedBefore=ago(seconds=601)) == []


def test_an_order_is_found_two_minutes_after_its_update(sim, eu):
    order_id = add(sim, 1, minutes=0)
    assert eu.search_ids() == []
    sim.store.clock.advance(120)
    assert eu.search_ids() == [order_id]


def test_the_answer_echoes_the_upper_bound(eu):
    assert eu.search().json()["lastUpdatedBefore"] == ago(minutes=2)
    assert eu.search(lastUpdatedBefore=ago(hours=1)).json()["lastUpdatedBefore"] == ago(hours=1)
    by_creation = eu.search(createdAfter=ago(days=1)).json()
    assert by_creation["createdBefore"] == ago(minutes=2)
    assert "lastUpdatedBefore" not in by_creation


def test_another_sellers_orders_stay_out(sim, eu):
    add(sim, 1, seller_id=NA, marketplace="US")
    assert eu.search_ids() == []


def test_marketplaces_can_be_picked(sim, eu):
    german, french = add(sim, 1, marketplace="DE"), add(sim, 2, marketplace="FR")
    add(sim, 3, marketplace="IT")
    assert eu.search_ids(marketplaceIds=DE) == [german]
    assert eu.search_ids(marketplaceIds=f"{FR},{DE}") == [german, french]


def test_statuses_can_be_picked(sim, eu):
    unshipped, pending = add(sim, 1), add(sim, 2, status="PENDING")
    add(sim, 3, status="CANCELLED")
    assert eu.search_ids(fulfillmentStatuses="UNSHIPPED,PENDING") == [unshipped, pending]


def test_fulfillers_can_be_picked(sim, eu):
    add(sim, 1)
    by_amazon = add(sim, 2, channel="FBA")
    assert eu.search_ids(fulfilledBy="AMAZON") == [by_amazon]


def test_orders_older_than_two_years_are_not_shown_but_in_japan(sim, eu):
    add(sim, 1, created_minutes=3 * 365 * 1440)
    japanese = add(sim, 2, seller_id="A3EXAMPLESELLERFE", marketplace="JP", created_minutes=3 * 365 * 1440)
    assert eu.search_ids() == []
    assert Client(sim, "A3EXAMPLESELLERFE").search_ids() == [japanese]


# Pages


def pages(client, **params):
    """All pages of a search."""
    found, token = [], None
    while True:
        body = client.search(paginationToken=token, **params).json()
        found.append([order["orderId"] for order in body["orders"]])
        token = body.get("pagination", {}).get("nextToken")
        if not token:
            return found


def test_a_page_has_a_hundred_orders_unless_less_is_asked_for(sim, eu):
    ids = [add(sim, number, minutes=500 - number) for number in range(205)]
    assert pages(eu) == [ids[:100], ids[100:200], ids[200:]]
    assert [len(page) for page in pages(eu, maxResultsPerPage=90)] == [90, 90, 25]


def test_the_last_page_has_no_pagination(sim, eu):
    add(sim, 1)
    assert "pagination" not in eu.search(maxResultsPerPage=1).json()


def test_orders_of_one_moment_are_neither_lost_nor_doubled_between_pages(sim, eu):
    ids = [add(sim, number) for number in range(5)]
    assert pages(eu, maxResultsPerPage=2) == [ids[:2], ids[2:4], ids[4:]]


@pytest.fixture
def token(sim, eu):
    """The token for the second page of a search of two orders."""
    add(sim, 1)
    add(sim, 2)
    return eu.search(maxResultsPerPage=1).json()["pagination"]["nextToken"]


def test_a_page_token_lives_a_day(sim, eu, token):
    after = ago(days=1)
    sim.store.clock.advance(86400 - 1)
    eu.access_token = eu.token().json()["access_token"]
    assert eu.search(lastUpdatedAfter=after, paginationToken=token).status_code == 200
    sim.store.clock.advance(1)
    response = eu.search(lastUpdatedAfter=after, paginationToken=token)
    assert error_of(response) == (400, "InvalidInput", "The pagination token has expired.")


def test_a_page_token_comes_with_the_parameters_of_the_first_page(eu, token):
    assert refused(eu.search(paginationToken=token, marketplaceIds=DE))
    assert refused(eu.search(paginationToken=token, lastUpdatedAfter=ago(days=2)))
    assert refused(eu.search(paginationToken=token, lastUpdatedBefore=ago(minutes=2)))


def test_page_size_and_data_sets_may_change_between_pages(eu, token):
    response = eu.search(paginationToken=token, maxResultsPerPage=7, includedData="PROCEEDS")
    assert "proceeds" in response.json()["orders"][0]


def test_a_page_token_is_one_sellers_own(sim, token):
    assert refused(Client(sim, NA).search(paginationToken=token))


def test_an_invented_page_token_is_refused(eu):
    assert refused(eu.search(paginationToken="9ZhB4RmVyc2lvbiAxLjAgb2YgdGhl"))


def test_the_upper_bound_stays_from_page_to_page(sim, eu, token):
    sim.store.clock.advance(600)
    body = eu.search(lastUpdatedAfter=ago(days=1), paginationToken=token).json()
    assert body["lastUpdatedBefore"] == ago(minutes=2)


def test_an_order_updated_between_pages_leaves_the_run_and_comes_in_the_next(sim, eu, token):
    moved = sim.store.update_order("302-0000000-0000002").order["orderId"]
    assert eu.search_ids(paginationToken=token) == []
    sim.store.clock.advance(180)
    assert eu.search_ids(lastUpdatedAfter=ago(minutes=2)) == [moved]
