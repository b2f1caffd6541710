"""The consent page and the Appstore: what a seller sees, and what the application gets."""

import html
import re
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from amazon_client import EU, Client

RETURN = "http://localhost:8069/amazon/oauth/return"
LOGIN = "http://localhost:8069/amazon/oauth/login"


def question(sim, **changes):
    arguments = {"application_id": sim.APPLICATION_ID, "state": "a b&c", "redirect_uri": RETURN, **changes}
    return {name: value for name, value in arguments.items() if value is not None}


def consent_page(sim, **changes):
    return requests.get(f"{sim.url}/apps/authorize/consent", params=question(sim, **changes), timeout=10)


def form_of(page):
    """The hidden fields of a page's form."""
    found = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text)
    return {name: html.unescape(value) for name, value in found}


def press(sim, decision, page=None, **changes):
    """Press a button of the consent page as a browser does, without following the redirect."""
    form = {**form_of(page or consent_page(sim)), "decision": decision, "selling_partner_id": EU, **changes}
    return requests.post(f"{sim.url}/apps/authorize/consent", data=form, allow_redirects=False, timeout=10)


def target(response):
    """(address, parameters) of a redirect."""
    assert response.status_code == 302, response.text
    parts = urlsplit(response.headers["Location"])
    return f"{parts.scheme}://{parts.netloc}{parts.path}", dict(parse_qsl(parts.query))


# Website workflow


def test_the_page_names_application_and_sellers_and_has_two_buttons(sim):
    page = consent_page(sim)
    assert page.status_code == 200
    for text in (sim.store.application.name, EU, "Example Shop America", "Confirm", "Cancel"):
        assert text in page.text


def test_confirming_sends_the_seller_back_with_state_id_and_code(sim):
    address, arguments = target(press(sim, "confirm"))
    assert address == RETURN
    assert set(arguments) == {"state", "selling_partner_id", "spapi_oauth_code"}
    assert (arguments["state"], arguments["selling_partner_id"]) == ("a b&c", EU)


def test_the_code_can_be_exchanged(sim):
    _address, arguments = target(press(sim, "confirm", selling_partner_id="A2EXAMPLESELLERNA"))
    client = Client(sim, EU)
    code = arguments["spapi_oauth_code"]
    body = client.token(grant_type="authorization_code", refresh_token=None, code=code).json()
    assert sim.store.authorizations.seller_of_refresh_token(body["refresh_token"]) == "A2EXAMPLESELLERNA"


def test_cancelling_sends_the_seller_nowhere(sim):
    response = press(sim, "cancel")
    assert response.status_code == 200
    assert "You did not authorize" in response.text


def test_cancelling_can_send_the_seller_back_with_an_error(sim):
    sim.store.cancel_redirects = True
    assert target(press(sim, "cancel")) == (RETURN, {"state": "a b&c", "error": "access_denied"})


@pytest.mark.parametrize("host", ["127.0.0.1:8071", "localhost:80", "localhost", "[::1]:8069"])
def test_the_connectors_own_return_address_is_registered_on_loopback(sim, host):
    assert consent_page(sim, redirect_uri=f"http://{host}/amazon/oauth/return").status_code == 200


@pytest.mark.parametrize(
    "uri",
    [
        "http://localhost:8069/amazon/oauth/other",
        "https://localhost:8069/amazon/oauth/return",
        "http://evil.example/amazon/oauth/return",
        "http://localhost.evil.example/amazon/oauth/return",
        "http://localhost:8069/amazon/oauth/return?next=x",
        "http://user@localhost:8069/amazon/oauth/return",
        "http://localhost:port/amazon/oauth/return",
        "javascript:alert(1)",
        None,
    ],
)
def test_another_redirect_uri_is_md5101(sim, uri):
    page = consent_page(sim, redirect_uri=uri)
    assert page.status_code == 400
    assert "MD5101" in page.text


def test_further_redirect_uris_can_be_registered(sim):
    sim.store.application.redirect_uris.append("https://odoo.example.com/amazon/oauth/return")
    assert consent_page(sim, redirect_uri="https://odoo.example.com/amazon/oauth/return").status_code == 200


def test_the_first_registered_redirect_uri_is_the_default(sim):
    sim.store.application.redirect_uris.append("https://odoo.example.com/amazon/oauth/return")
    page = consent_page(sim, redirect_uri=None)
    assert target(press(sim, "confirm", page))[0] == "https://odoo.example.com/amazon/oauth/return"


def test_an_unregistered_redirect_uri_cannot_be_slipped_in_later(sim):
    response = press(sim, "confirm", redirect_uri="http://evil.example/")
    assert (response.status_code, "MD5101" in response.text) == (400, True)


def test_a_draft_is_authorized_as_beta_only(sim):
    sim.store.application.is_draft = True
    assert "MD1000" in consent_page(sim).text
    page = consent_page(sim, version="beta")
    assert page.status_code == 200
    assert target(press(sim, "confirm", page))[0] == RETURN


def test_a_published_application_is_not_authorized_as_beta(sim):
    assert "MD1000" in consent_page(sim, version="beta").text


def test_an_unknown_application_is_refused(sim):
    assert consent_page(sim, application_id="amzn1.sp.solution.other").status_code == 400


def test_an_unknown_seller_is_refused(sim):
    assert press(sim, "confirm", selling_partner_id="A0UNKNOWN").status_code == 400


def test_what_the_address_says_is_shown_as_text(sim):
    page = consent_page(sim, state='"><script>alert(1)</script>')
    assert "<script>alert" not in page.text
    assert form_of(page)["state"] == '"><script>alert(1)</script>'


# Appstore workflow


def authorize_now(sim, login_uri=LOGIN):
    form = {"selling_partner_id": EU, "login_uri": login_uri}
    return requests.post(f"{sim.url}/appstore", data=form, allow_redirects=False, timeout=10)


def confirm(sim, arguments, **changes):
    sent = {"redirect_uri": RETURN, "amazon_state": arguments["amazon_state"], "state": "nonce", **changes}
    callback = arguments["amazon_callback_uri"]
    return requests.get(callback, params=sent, allow_redirects=False, timeout=10)


def test_the_appstore_has_a_page_with_a_button(sim):
    assert "Authorize now" in requests.get(f"{sim.url}/appstore", timeout=10).text


def test_authorizing_opens_the_login_uri(sim):
    address, arguments = target(authorize_now(sim))
    assert address == LOGIN
    assert set(arguments) == {"amazon_callback_uri", "amazon_state", "selling_partner_id"}
    assert arguments["amazon_callback_uri"] == f"{sim.url}/apps/authorize/confirm/{sim.APPLICATION_ID}"


def test_a_draft_says_so_to_the_login_uri(sim):
    sim.store.application.is_draft = True
    arguments = target(authorize_now(sim))[1]
    assert arguments["version"] == "beta"
    assert confirm(sim, arguments).status_code == 400
    assert confirm(sim, arguments, version="beta").status_code == 302


def test_the_callback_sends_the_seller_on_with_the_four_parameters(sim):
    address, arguments = target(confirm(sim, target(authorize_now(sim))[1]))
    assert address == RETURN
    assert set(arguments) == {"state", "selling_partner_id", "spapi_oauth_code", "mws_auth_token"}
    assert (arguments["state"], arguments["selling_partner_id"]) == ("nonce", EU)


def test_the_state_of_amazon_serves_once(sim):
    arguments = target(authorize_now(sim))[1]
    confirm(sim, arguments)
    assert confirm(sim, arguments).status_code == 400


def test_an_invented_state_of_amazon_is_refused(sim):
    arguments = target(authorize_now(sim))[1]
    assert confirm(sim, arguments, amazon_state="invented").status_code == 400


def test_the_callback_takes_registered_redirect_uris_only(sim):
    arguments = target(authorize_now(sim))[1]
    assert "MD5101" in confirm(sim, arguments, redirect_uri="http://evil.example/").text


def test_an_unregistered_login_uri_is_refused(sim):
    assert authorize_now(sim, "http://evil.example/amazon/oauth/login").status_code == 400
