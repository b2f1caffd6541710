"""What every operation of the API asks for: headers, token, role, address, method; and what it answers with."""

import pytest
import requests
from amazon_client import ORDERS, PARTICIPATIONS, Client, error_of

MISSING = "Access token is missing in the request header."
INVALID = "The access token you provided is revoked, malformed or invalid."
EXPIRED = "The access token you provided has expired."


@pytest.mark.parametrize(
    ("token", "details"), [("", MISSING), ("Atza|invented", INVALID)], ids=["missing token", "invented token"]
)
def test_a_call_needs_a_token_that_was_given_out(eu, token, details):
    response = eu.call(PARTICIPATIONS, headers={"x-amz-access-token": token})
    assert error_of(response) == (403, "Unauthorized", details)


def test_an_access_token_lives_an_hour(sim, eu):
    sim.store.clock.advance(3599)
    assert eu.search().status_code == 200
    sim.store.clock.advance(1)
    assert error_of(eu.search()) == (403, "Unauthorized", EXPIRED)


def test_a_revoked_consent_ends_access_tokens_too(sim, eu):
    sim.store.revoke("A1EXAMPLESELLEREU")
    assert error_of(eu.search()) == (403, "Unauthorized", INVALID)


def test_a_seller_without_any_role_is_refused(sim, eu):
    sim.store.sellers["A1EXAMPLESELLEREU"].roles.clear()
    assert error_of(eu.search())[:2] == (403, "Unauthorized")


def test_a_user_agent_must_be_sent(eu):
    assert error_of(eu.call(PARTICIPATIONS, headers={"user-agent": ""}))[:2] == (400, "InvalidInput")


def test_a_user_agent_has_at_most_500_characters(eu):
    assert eu.call(PARTICIPATIONS, headers={"user-agent": "x" * 500}).status_code == 200
    assert eu.call(PARTICIPATIONS, headers={"user-agent": "x" * 501}).status_code == 400


def test_any_host_header_is_taken(eu):
    assert eu.call(PARTICIPATIONS, headers={"host": "7.0.0.1:8099"}).status_code == 200


def test_an_unknown_address_is_not_found(eu):
    assert error_of(eu.call("/orders/2026-01-01/order"))[:2] == (404, "NotFound")


def test_another_method_is_not_allowed(eu):
    assert error_of(eu.call(ORDERS, method="POST"))[:2] == (405, "MethodNotAllowed")


def test_a_body_that_is_too_large_is_refused(sim):
    response = requests.post(f"{sim.url}/control/orders", data={"order": "x" * 11_000_000}, timeout=10)
    assert error_of(response)[:2] == (413, "RequestTooLarge")


def test_another_content_type_is_not_supported(eu):
    response = eu.call(ORDERS, headers={"content-type": "text/xml"})
    assert error_of(response)[:2] == (415, "UnsupportedMediaType")


def test_every_answer_has_a_request_id_of_its_own(eu):
    first, second = eu.search(), eu.search(createdAfter="no date")
    assert first.headers["x-amzn-RequestId"] != second.headers["x-amzn-RequestId"]


def test_calls_are_remembered(sim, eu):
    eu.search(createdAfter="no date")
    call = sim.store.calls[-1]
    assert (call.operation, call.status, call.seller_id) == ("searchOrders", 400, "A1EXAMPLESELLEREU")
    assert call.params == {"createdAfter": "no date"}


def test_participations_tell_each_marketplace_of_the_seller(eu):
    rows = eu.call(PARTICIPATIONS).json()["payload"]
    germany = next(row for row in rows if row["marketplace"]["id"] == "A1PA6795UKMFR9")
    assert germany["marketplace"] == {
        "id": "A1PA6795UKMFR9",
        "name": "Amazon.de",
        "countryCode": "DE",
        "defaultCurrencyCode": "EUR",
        "defaultLanguageCode": "de_DE",
        "domainName": "www.amazon.de",
    }
    assert germany["participation"] == {"isParticipating": True, "hasSuspendedListings": False}


def test_participations_tell_non_amazon_and_inactive_marketplaces_too(eu):
    rows = {row["marketplace"]["id"]: row["participation"] for row in eu.call(PARTICIPATIONS).json()["payload"]}
    assert rows["AZMDEXL2RVFNN"]["isParticipating"]
    assert not rows["A1C3SOZRARQ6R3"]["isParticipating"]


def test_participations_take_no_parameter(eu):
    assert error_of(eu.call(PARTICIPATIONS, {"marketplaceIds": "A1PA6795UKMFR9"}))[:2] == (400, "InvalidInput")


def test_each_region_has_its_own_seller(sim):
    assert {seller.region for seller in sim.store.sellers.values()} == {"eu", "na", "fe"}
    for seller_id in sim.store.sellers:
        assert Client(sim, seller_id).call(PARTICIPATIONS).status_code == 200
