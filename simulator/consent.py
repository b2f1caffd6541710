"""The pages on which a seller authorizes the application.

Website workflow: https://developer-docs.amazon.com/sp-api/docs/website-authorization-workflow
Appstore workflow: https://developer-docs.amazon.com/sp-api/docs/selling-partner-appstore-authorization-workflow
"""

import secrets
from urllib.parse import urlencode, urlsplit

from werkzeug.utils import redirect

from .marketplaces import known_marketplace
from .pages import Page, render

CONSENT_PATH = "/apps/authorize/consent"
CONFIRM_PATH = "/apps/authorize/confirm"
REGIONS = {"eu": "Europe", "na": "North America", "fe": "Far East"}


class ConsentError(Exception):
    """A consent request that Seller Central refuses, with its error code."""

    def __init__(self, code, message):
        super().__init__(code)
        self.code, self.message = code, message


def consent(store, request):
    """Show the consent page, or take the seller's decision."""
    if request.method == "POST":
        return _decide(store, request)
    try:
        redirect_uri = _check(store.application, request.args)
    except ConsentError as error:
        return _error_page(error)
    return render(
        "consent.html",
        application=store.application,
        sellers=_choices(store),
        fields={"state": request.args.get("state", ""), "redirect_uri": redirect_uri, **_asked(request.args)},
        data=_DATA,
    )


_DATA = (
    ("Orders", "Order details, items, amounts and taxes, shipping status and tracking"),
    ("Buyers", "Names and addresses of buyers whose orders you ship yourself"),
    ("Inventory", "Your offers and the quantities that you have available"),
)


def _asked(arguments):
    return {name: arguments[name] for name in ("application_id", "version") if name in arguments}


def _choices(store):
    return [
        {
            "seller_id": seller.seller_id,
            "name": seller.name,
            "region": REGIONS[seller.region],
            "countries": ", ".join(known_marketplace(key).country_code for key in seller.marketplace_ids),
        }
        for seller in store.sellers.values()
    ]


def _check(application, arguments):
    """The redirect URI of a consent request; ConsentError when Amazon would not show the page."""
    if arguments.get("application_id") != application.application_id:
        raise ConsentError("MD1000", "The application is not known. Check its application ID.")
    _check_version(application, arguments)
    redirect_uri = arguments.get("redirect_uri")
    if redirect_uri is None and application.redirect_uris:
        return application.redirect_uris[0]
    if redirect_uri is None or not application.accepts_redirect(redirect_uri):
        raise ConsentError("MD5101", "The redirect URI is not one of those that are registered for the application.")
    return redirect_uri


def _check_version(application, arguments):
    version = arguments.get("version")
    if application.is_draft and version != "beta":
        raise ConsentError("MD1000", "The application is a draft. It can be authorized with version=beta only.")
    if version is not None and not (application.is_draft and version == "beta"):
        raise ConsentError("MD1000", "The application is published. It cannot be authorized with version=beta.")


def _error_page(error):
    return render("consent_error.html", 400, error=error)


def _decide(store, request):
    form = request.form
    try:
        redirect_uri = _check(store.application, form)
    except ConsentError as error:
        return _error_page(error)
    if form.get("decision") != "confirm":
        if store.cancel_redirects:
            return _back(redirect_uri, {"state": form.get("state", ""), "error": "access_denied"})
        return render("consent_cancelled.html", application=store.application)
    seller = store.sellers.get(form.get("selling_partner_id"))
    if seller is None:
        return _error_page(ConsentError("", "The seller account is not known."))
    return _back(redirect_uri, _proof(store, seller.seller_id, form.get("state", ""), redirect_uri))


def _proof(store, seller_id, state, redirect_uri):
    code = store.authorizations.issue_code(seller_id, redirect_uri)
    return {"state": state, "selling_partner_id": seller_id, "spapi_oauth_code": code}


def _back(address, arguments):
    separator = "&" if urlsplit(address).query else "?"
    return redirect(f"{address}{separator}{urlencode(arguments)}", 302)


def appstore(store, request):
    """The application's page in the Selling Partner Appstore, whose button opens the application's Login URI."""
    application = store.application
    if request.method == "GET":
        default = application.login_uris[0] if application.login_uris else "http://localhost:8069/amazon/oauth/login"
        login_uri = request.args.get("login_uri", default)
        return render("appstore.html", application=application, sellers=_choices(store), login_uri=login_uri)
    seller = store.sellers.get(request.form.get("selling_partner_id"))
    login_uri = request.form.get("login_uri", "")
    if seller is None or not application.accepts_login(login_uri):
        return _error_page(ConsentError("MD5101", "The Login URI is not one of those that are registered."))
    state = secrets.token_urlsafe(24)
    store.authorizations.appstore_states[state] = seller.seller_id
    callback = f"{request.host_url.rstrip('/')}{CONFIRM_PATH}/{application.application_id}"
    arguments = {
        "amazon_callback_uri": callback,
        "amazon_state": state,
        "selling_partner_id": seller.seller_id,
    }
    if application.is_draft:
        arguments["version"] = "beta"
    return _back(login_uri, arguments)


def confirm(store, request, application_id):
    """The application has answered the call of its Login URI: send the seller on to its redirect URI with a code."""
    arguments = {**request.args.to_dict(), "application_id": application_id}
    try:
        redirect_uri = _check(store.application, arguments)
    except ConsentError as error:
        return _error_page(error)
    seller_id = store.authorizations.appstore_states.pop(arguments.get("amazon_state"), None)
    if seller_id is None:
        return _error_page(ConsentError("", "The value amazon_state is not known or was used before."))
    proof = _proof(store, seller_id, arguments.get("state", ""), redirect_uri)
    # Only for applications that once used Amazon MWS; the others ignore it.
    return _back(redirect_uri, {**proof, "mws_auth_token": "amzn.mws.simulated"})


PAGES = (
    Page(CONSENT_PATH, consent, ("GET", "POST")),
    Page("/appstore", appstore, ("GET", "POST")),
    Page(CONFIRM_PATH + "/<application_id>", confirm),
)
