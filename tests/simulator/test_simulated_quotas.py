"""Throttling: one token bucket for each seller and operation."""

import pytest
from amazon_client import EU, PARTICIPATIONS, Client, error_of

QUOTAS = [("searchOrders", 0.0056, 20), ("getOrder", 0.5, 30), ("getMarketplaceParticipations", 0.016, 15)]


def call(client, operation):
    calls = {"searchOrders": client.search, "getMarketplaceParticipations": lambda: client.call(PARTICIPATIONS)}
    return calls.get(operation, lambda: client.get("302-1234567-1234567"))()


def use_up(client, operation, burst):
    return [call(client, operation).status_code for _time in range(burst)]


@pytest.mark.parametrize(("operation", "rate", "burst"), QUOTAS)
def test_a_burst_is_answered_and_the_next_call_is_throttled(eu, operation, rate, burst):
    assert 429 not in use_up(eu, operation, burst)
    assert error_of(call(eu, operation)) == (429, "QuotaExceeded", "")


@pytest.mark.parametrize(("operation", "rate", "burst"), QUOTAS)
def test_one_call_more_is_answered_after_one_over_the_rate(sim, eu, operation, rate, burst):
    use_up(eu, operation, burst)
    sim.store.clock.advance(1 / rate - 0.1)
    assert call(eu, operation).status_code == 429
    sim.store.clock.advance(0.2)
    assert call(eu, operation).status_code != 429
    assert call(eu, operation).status_code == 429


def test_a_bucket_never_holds_more_than_the_burst(sim, eu):
    eu.search()
    sim.store.clock.advance(3000)
    use_up(eu, "searchOrders", 20)
    assert eu.search().status_code == 429


@pytest.mark.parametrize(("operation", "rate", "burst"), QUOTAS)
def test_the_rate_is_told_with_an_answer(eu, operation, rate, burst):
    assert call(eu, operation).headers["x-amzn-RateLimit-Limit"] == str(rate)


def test_the_rate_is_told_with_bad_requests_too(eu):
    assert eu.search(createdAfter="no date").headers["x-amzn-RateLimit-Limit"] == "0.0056"


def test_the_rate_is_not_told_when_throttled_or_denied(eu):
    use_up(eu, "searchOrders", 20)
    throttled, denied = eu.search(), eu.call(PARTICIPATIONS, headers={"x-amz-access-token": "no"})
    assert (throttled.status_code, denied.status_code) == (429, 403)
    for response in (throttled, denied):
        assert "x-amzn-RateLimit-Limit" not in response.headers
        assert "Retry-After" not in response.headers


def test_bad_requests_count_and_denied_ones_do_not(eu):
    for _time in range(20):
        eu.call(PARTICIPATIONS, headers={"x-amz-access-token": "no"})
        eu.search(createdAfter="no date")
    assert eu.call(PARTICIPATIONS).status_code == 200
    assert eu.search().status_code == 429


def test_each_seller_has_buckets_of_its_own(eu, na):
    use_up(eu, "searchOrders", 20)
    assert na.search().status_code == 200


def test_a_new_token_is_the_same_bucket(sim, eu):
    use_up(eu, "searchOrders", 20)
    assert Client(sim, EU).search().status_code == 429


def test_each_operation_has_a_bucket_of_its_own(eu):
    use_up(eu, "searchOrders", 20)
    assert eu.call(PARTICIPATIONS).status_code == 200


def test_tests_can_fill_the_buckets(sim, eu):
    use_up(eu, "searchOrders", 20)
    sim.store.reset_quotas()
    assert eu.search().status_code == 200


def test_a_large_seller_has_another_usage_plan(sim, eu):
    sim.store.quotas.set_plan("searchOrders", rate=2, burst=1)
    assert eu.search().headers["x-amzn-RateLimit-Limit"] == "2"
    assert eu.search().status_code == 429
