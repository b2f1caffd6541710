"""The way of a request through the gate of the Selling Partner API: token, quota, parameters, operation.

https://developer-docs.amazon.com/sp-api/docs/connect-to-the-selling-partner-api
"""

from .answers import Refusal, denied, empty_answer, invalid_input, json_answer
from .bodies import read_body
from .faults import IN_PLACE, SPOILING, answer_in_place, spoil
from .parameters import read_query

TOKEN_HEADER = "x-amz-access-token"
LONGEST_USER_AGENT = 500
# Amazon tells the rate with these answers only: never count on it with 429, 401 or 403.
STATUSES_WITH_RATE = (200, 201, 202, 204, 400, 404)


def serve(store, operation, request, arguments):
    """The answer to a call of ``operation``, and the seller whose token was sent ("" when it is not known)."""
    grant = store.authorizations.access_grant(request.headers.get(TOKEN_HEADER))
    fault = store.faults.take(operation.name, IN_PLACE, request)
    if fault:
        if fault.kind == "token_expired":
            store.authorizations.expire_access_token(request.headers.get(TOKEN_HEADER))
        response = answer_in_place(fault, request)
    else:
        response = _answer(store, operation, request, arguments)
    if response.status_code in STATUSES_WITH_RATE:
        response.headers["x-amzn-RateLimit-Limit"] = store.quotas.plan(operation).header
    spoiling = store.faults.take(operation.name, SPOILING, request)
    return spoil(spoiling, response, request) if spoiling else response, grant.seller_id if grant else ""


def _answer(store, operation, request, arguments):
    try:
        _check_headers(operation, request)
        seller = _seller(store, operation, request)
        if not store.quotas.take(seller.seller_id, store.application.application_id, operation):
            raise Refusal(429, "QuotaExceeded", "You exceeded your quota for the requested resource.")
        query = read_query(operation.parameters, request.args)
        if operation.body:
            arguments = {**arguments, "body": read_body(operation.body, request)}
        result = operation.handler(store, seller, query, request, **arguments)
        return empty_answer(operation.status) if result is None else json_answer(result, operation.status)
    except Refusal as refusal:
        return refusal.response()


def _check_headers(operation, request):
    user_agent = request.headers.get("User-Agent", "")
    if not user_agent or len(user_agent) > LONGEST_USER_AGENT:
        raise invalid_input(f"The header user-agent must have 1 to {LONGEST_USER_AGENT} characters.")
    if request.mimetype not in (("application/json",) if operation.body else ("", "application/json")):
        raise Refusal(415, "UnsupportedMediaType", "The content type is not supported.")


def _seller(store, operation, request):
    token = request.headers.get(TOKEN_HEADER)
    if not token:
        raise denied("Access token is missing in the request header.")
    grant = store.authorizations.access_grant(token)
    if grant is None or (grant.seller_id and grant.seller_id not in store.sellers):
        raise denied("The access token you provided is revoked, malformed or invalid.")
    if not grant.is_valid(store.clock.now()):
        raise denied("The access token you provided has expired.")
    seller = store.sellers.get(grant.seller_id)
    if seller is None or not operation.roles & seller.roles:
        raise denied()
    return seller
