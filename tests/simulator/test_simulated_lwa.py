"""Login with Amazon, as a connector meets it."""

import pytest
import requests


def lwa_error(response):
    return response.status_code, response.json()["error"]


def consent_code(sim, redirect_uri="http://localhost:8069/amazon/oauth/return", seller_id="A1EXAMPLESELLEREU"):
    return sim.store.authorizations.issue_code(seller_id, redirect_uri)


def exchange(client, code, **changes):
    return client.token(grant_type="authorization_code", refresh_token=None, code=code, **changes)


def test_a_refresh_token_buys_an_access_token_for_an_hour(eu):
    body = eu.token().json()
    assert body["access_token"].startswith("Atza|")
    assert (body["token_type"], body["expires_in"]) == ("bearer", 3600)


def test_a_refresh_returns_the_refresh_token_that_was_sent(eu):
    assert eu.token().json()["refresh_token"] == eu.refresh_token


def test_a_second_self_authorization_leaves_the_first_token_valid(sim, eu):
    sim.store.issue_refresh_token("A1EXAMPLESELLEREU")
    assert eu.token().status_code == 200


def test_tokens_are_not_to_be_cached(eu):
    assert eu.token().headers["Cache-Control"] == "no-store"


def test_an_unknown_refresh_token_is_an_invalid_grant(eu):
    assert lwa_error(eu.token(refresh_token="Atzr|unknown")) == (400, "invalid_grant")


def test_a_revoked_consent_is_an_invalid_grant(sim, eu):
    sim.store.revoke("A1EXAMPLESELLEREU")
    assert lwa_error(eu.token()) == (400, "invalid_grant")


def test_a_wrong_client_secret_is_an_invalid_client(eu):
    assert lwa_error(eu.token(client_secret="wrong")) == (401, "invalid_client")


def test_a_wrong_client_id_is_an_invalid_client(eu):
    assert lwa_error(eu.token(client_id="amzn1.application-oa2-client.other")) == (401, "invalid_client")


@pytest.mark.parametrize("name", ["grant_type", "refresh_token", "client_id", "client_secret"])
def test_a_missing_parameter_is_an_invalid_request(eu, name):
    response = eu.token(**{name: None})
    assert lwa_error(response) == (400, "invalid_request")
    assert name in response.json()["error_description"]


def test_a_doubled_parameter_is_an_invalid_request(sim):
    response = requests.post(f"{sim.url}/auth/o2/token", data=[("grant_type", "refresh_token")] * 2, timeout=10)
    assert lwa_error(response) == (400, "invalid_request")


def test_another_grant_type_is_not_supported(eu):
    assert lwa_error(eu.token(grant_type="password")) == (400, "unsupported_grant_type")


def test_only_a_form_is_read(sim):
    response = requests.post(f"{sim.url}/auth/o2/token", json={"grant_type": "refresh_token"}, timeout=10)
    assert lwa_error(response) == (400, "invalid_request")


def test_only_post_is_answered(sim):
    response = requests.get(f"{sim.url}/auth/o2/token", timeout=10)
    assert lwa_error(response) == (405, "invalid_request")


def test_a_consent_code_buys_a_refresh_token(sim, eu):
    body = exchange(eu, consent_code(sim)).json()
    assert body["refresh_token"].startswith("Atzr|")
    assert eu.token(refresh_token=body["refresh_token"]).status_code == 200


def test_a_consent_code_serves_once(sim, eu):
    code = consent_code(sim)
    exchange(eu, code)
    assert lwa_error(exchange(eu, code)) == (400, "invalid_grant")


def test_a_consent_code_lives_five_minutes(sim, eu):
    fresh, stale = consent_code(sim), consent_code(sim)
    sim.store.clock.advance(299)
    assert exchange(eu, fresh).status_code == 200
    sim.store.clock.advance(1)
    assert lwa_error(exchange(eu, stale)) == (400, "invalid_grant")


def test_a_redirect_uri_that_is_sent_must_be_the_one_of_the_consent(sim, eu):
    same = exchange(eu, consent_code(sim), redirect_uri="http://localhost:8069/amazon/oauth/return")
    other = exchange(eu, consent_code(sim), redirect_uri="http://localhost:8070/amazon/oauth/return")
    assert (same.status_code, lwa_error(other)) == (200, (400, "invalid_grant"))


def test_a_consent_must_be_renewed_after_a_year(sim, eu):
    token = exchange(eu, consent_code(sim)).json()["refresh_token"]
    sim.store.clock.advance(365 * 86400)
    assert lwa_error(eu.token(refresh_token=token)) == (400, "invalid_grant")


def test_a_self_authorization_outlasts_the_year(sim, eu):
    sim.store.clock.advance(366 * 86400)
    assert eu.token().status_code == 200


def test_client_credentials_give_a_token_without_seller(sim, eu):
    grant = {"grant_type": "client_credentials", "refresh_token": None}
    body = eu.token(**grant, scope="sellingpartnerapi::notifications").json()
    assert "refresh_token" not in body
    eu.access_token = body["access_token"]
    assert eu.search().status_code == 403


def test_an_unknown_scope_is_refused(eu):
    grant = {"grant_type": "client_credentials", "refresh_token": None}
    assert lwa_error(eu.token(**grant, scope="profile")) == (400, "invalid_scope")


def test_calls_are_remembered_without_secrets(sim, eu):
    eu.token()
    call = sim.store.calls_of("token")[-1]
    assert (call.status, call.params) == (200, {"grant_type": "refresh_token"})
