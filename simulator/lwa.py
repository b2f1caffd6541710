"""Login with Amazon: POST /auth/o2/token.

https://developer-docs.amazon.com/sp-api/docs/website-authorization-workflow
"""

import hmac

from .answers import json_answer
from .authorizations import ACCESS_TOKEN_LIFE
from .faults import LWA_FAULTS

TOKEN_PATH = "/auth/o2/token"
FORM = "application/x-www-form-urlencoded"
GRANTLESS_SCOPES = {"sellingpartnerapi::notifications", "sellingpartnerapi::client_credential:rotation"}
# What each grant needs beside the client's identifier and secret.
GRANT_TYPES = {"refresh_token": "refresh_token", "authorization_code": "code", "client_credentials": "scope"}
NO_CLIENT = "Client authentication failed"
NO_GRANT = "The request has an invalid grant parameter : {}."
NO_CONSENT = " User may have revoked or didn't grant the permission."


class LwaRefusal(Exception):
    """A token request that Login with Amazon refuses."""

    def __init__(self, error, description, status=400):
        super().__init__(error)
        self.error, self.description, self.status = error, description, status


def token(store, request):
    """Answer a token request and remember it (its grant type only)."""
    try:
        form = _read_form(request)
        _raise_scripted(store)
        _check_client(store.application, form)
        response = json_answer(_grant(store, form))
    except LwaRefusal as refusal:
        body = {"error": refusal.error, "error_description": refusal.description}
        response = json_answer(body, refusal.status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Pragma"] = "no-cache"
    response.headers["Content-Type"] = "application/json;charset=UTF-8"
    return response


def _read_form(request):
    if request.method != "POST":
        raise LwaRefusal("invalid_request", "The HTTP method is not supported.", 405)
    if request.mimetype != FORM:
        raise LwaRefusal("invalid_request", f"The Content-Type must be {FORM}.")
    doubled = [name for name, values in request.form.lists() if len(values) > 1]
    if doubled:
        raise LwaRefusal("invalid_request", f"The request has a parameter more than once : {doubled[0]}")
    form = request.form.to_dict()
    grant_type = _required(form, "grant_type")
    if grant_type not in GRANT_TYPES:
        description = "The authorization grant type is not supported by the authorization server"
        raise LwaRefusal("unsupported_grant_type", description)
    for name in (GRANT_TYPES[grant_type], "client_id", "client_secret"):
        _required(form, name)
    return form


def _required(form, name):
    if not form.get(name):
        raise LwaRefusal("invalid_request", f"The request is missing a required parameter : {name}")
    return form[name]


def _raise_scripted(store):
    fault = store.faults.take("token", LWA_FAULTS)
    if fault and fault.kind == "invalid_client":
        raise LwaRefusal("invalid_client", NO_CLIENT, 401)
    if fault:
        raise LwaRefusal("invalid_grant", NO_GRANT.format("refresh_token") + NO_CONSENT)


def _check_client(application, form):
    known = hmac.compare_digest(form["client_id"].encode(), application.client_id.encode())
    right = hmac.compare_digest(form["client_secret"].encode(), application.client_secret.encode())
    if not (known and right):
        raise LwaRefusal("invalid_client", NO_CLIENT, 401)


def _grant(store, form):
    authorizations, grant_type = store.authorizations, form["grant_type"]
    if grant_type == "client_credentials":
        if form["scope"] not in GRANTLESS_SCOPES:
            raise LwaRefusal("invalid_scope", "The request has an invalid scope")
        return _tokens(authorizations.issue_access_token(""))
    if grant_type == "authorization_code":
        refresh_token = authorizations.redeem_code(form["code"], form.get("redirect_uri", ""))
    else:
        refresh_token = form["refresh_token"]
    seller_id = refresh_token and authorizations.seller_of_refresh_token(refresh_token)
    if not seller_id:
        wrong = NO_GRANT.format(GRANT_TYPES[grant_type])
        raise LwaRefusal("invalid_grant", wrong + (NO_CONSENT if grant_type == "refresh_token" else ""))
    return {**_tokens(authorizations.issue_access_token(seller_id)), "refresh_token": refresh_token}


def _tokens(access_token):
    seconds = int(ACCESS_TOKEN_LIFE.total_seconds())
    return {"access_token": access_token, "token_type": "bearer", "expires_in": seconds}
