"""Orders API 2026-01-01: searchOrders and getOrder.

Model: https://developer-docs.amazon.com/sp-api/docs/orders-api-v2026-01-01-reference
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from .answers import Refusal, denied, invalid_input
from .clock import to_text, whole_milliseconds
from .marketplaces import known_marketplace
from .order_faults import disturb
from .order_view import INCLUDED_DATA, view
from .orders import ORDER_ID
from .parameters import Parameter

FULFILLMENT_STATUSES = (
    "PENDING_AVAILABILITY",
    "PENDING",
    "UNSHIPPED",
    "PARTIALLY_SHIPPED",
    "SHIPPED",
    "CANCELLED",
    "UNFULFILLABLE",
)
INCLUDED_DATA_PARAMETER = Parameter("csv", INCLUDED_DATA)
SEARCH_PARAMETERS = {
    "createdAfter": Parameter("date-time"),
    "createdBefore": Parameter("date-time"),
    "lastUpdatedAfter": Parameter("date-time"),
    "lastUpdatedBefore": Parameter("date-time"),
    "fulfillmentStatuses": Parameter("csv", FULFILLMENT_STATUSES),
    "marketplaceIds": Parameter("csv", max_items=50),
    "fulfilledBy": Parameter("csv", ("MERCHANT", "AMAZON")),
    "maxResultsPerPage": Parameter("integer", minimum=1, maximum=100),
    "paginationToken": Parameter(),
    "includedData": INCLUDED_DATA_PARAMETER,
}
GET_PARAMETERS = {"includedData": INCLUDED_DATA_PARAMETER}
# These may differ from page to page; every other parameter must come again as it was.
FREE_BETWEEN_PAGES = {"paginationToken", "maxResultsPerPage", "includedData"}
DEFAULT_PAGE = 100
SETTLING_TIME = timedelta(minutes=2)
PAGE_TOKEN_LIFE = timedelta(hours=24)
SHOWN_FOR = timedelta(days=2 * 365)
# Japan, Australia and Singapore show their orders since 2016.
LONG_MEMORY = ("A1VC38T7YXB528", "A39IBJ37TRP1C6", "A19VAU5U5O7RUS")


@dataclass(frozen=True)
class Search:
    """A checked search: by creation or by last update, between two moments (both included)."""

    by: str
    after: datetime
    before: datetime
    query: dict

    @property
    def echo(self):
        """The name under which the answer tells the upper bound."""
        return self.by + "Before"

    def moment(self, stored):
        """The time of an order that this search compares and sorts by."""
        return stored.created_at if self.by == "created" else stored.updated_at


@dataclass(frozen=True)
class PageToken:
    """Where a search goes on: after the order with the sort key ``position``, or with it when ``repeats``."""

    seller_id: str
    fingerprint: tuple
    before: datetime
    position: tuple
    repeats: bool
    expires_at: datetime


def search_orders(store, seller, query, request):
    """One page of a search, oldest first."""
    page_token = _page_token(store, seller, query, request)
    search = _check_search(query, store.clock.now(), page_token)
    _check_marketplaces(seller, query.get("marketplaceIds", ()))
    found = _matching(store, seller, search, page_token)
    size = query.get("maxResultsPerPage", DEFAULT_PAGE)
    page, rest = found[:size], found[size:]
    orders = [_shown(store, seller, stored, query) for stored in page]
    disturb(store.faults, "searchOrders", orders)
    body = {"orders": orders, search.echo: to_text(search.before)}
    if rest:
        body["pagination"] = {"nextToken": _next_token(store, seller, search, page, request)}
        _update_between_pages(store, rest)
    return body


def get_order(store, seller, query, request, order_id):
    """One order."""
    if not ORDER_ID.fullmatch(order_id):
        raise invalid_input("The order identifier is not valid.")
    stored = store.orders.get(order_id)
    if stored is None or stored.seller_id != seller.seller_id or not _is_shown(stored, store.clock.now()):
        raise Refusal(404, "NotFound", "The requested order was not found.")
    order = _shown(store, seller, stored, query)
    disturb(store.faults, "getOrder", [order])
    return {"order": order}


def _check_search(query, now, page_token):
    by_creation, by_update = "createdAfter" in query, "lastUpdatedAfter" in query
    if by_creation == by_update:
        raise invalid_input("Exactly one of createdAfter and lastUpdatedAfter must be given.")
    by, other = ("created", "lastUpdated") if by_creation else ("lastUpdated", "created")
    if other + "Before" in query:
        raise invalid_input(f"{other}Before cannot be combined with {by}After.")
    settled = whole_milliseconds(now - SETTLING_TIME)
    after, before = query[by + "After"], query.get(by + "Before")
    for name, moment in ((by + "After", after), (by + "Before", before)):
        if moment and moment > settled:
            raise invalid_input(f"{name} must be at least two minutes before the time of the request.")
    if before and before < after:
        raise invalid_input(f"{by}Before must be equal to or after {by}After.")
    return Search(by, after, page_token.before if page_token else before or settled, query)


def _check_marketplaces(seller, marketplace_ids):
    for marketplace_id in marketplace_ids:
        marketplace = known_marketplace(marketplace_id)
        if marketplace is None:
            raise invalid_input("marketplaceIds has a value that is not a marketplace.")
        if marketplace.region != seller.region:
            raise denied("The marketplaces you provided are not valid for region.")
        if marketplace_id not in seller.marketplace_ids:
            raise denied()


def _fingerprint(request):
    kept = ((name, value) for name, value in request.args.items() if name not in FREE_BETWEEN_PAGES)
    return tuple(sorted(kept))


def _page_token(store, seller, query, request):
    text = query.get("paginationToken")
    if text is None:
        return None
    page_token = store.page_tokens.get(text)
    if page_token is None or page_token.seller_id != seller.seller_id:
        raise invalid_input("The pagination token is not valid.")
    if store.clock.now() >= page_token.expires_at:
        raise invalid_input("The pagination token has expired.")
    if page_token.fingerprint != _fingerprint(request):
        raise invalid_input("The parameters do not match those with which the pagination token was obtained.")
    return page_token


def _matching(store, seller, search, page_token):
    """The orders of this search that are still to come, sorted."""
    now, query = store.clock.now(), search.query
    marketplaces = query.get("marketplaceIds")
    statuses = query.get("fulfillmentStatuses")
    fulfillers = query.get("fulfilledBy")
    found = []
    for stored in store.orders.values():
        order = stored.order
        if stored.seller_id != seller.seller_id or not search.after <= search.moment(stored) <= search.before:
            continue
        if marketplaces and order["salesChannel"].get("marketplaceId") not in marketplaces:
            continue
        fulfillment = order.get("fulfillment", {})
        if statuses and fulfillment.get("fulfillmentStatus") not in statuses:
            continue
        if fulfillers and fulfillment.get("fulfilledBy") not in fulfillers:
            continue
        if _is_shown(stored, now) and _is_after(search, stored, page_token):
            found.append(stored)
    return sorted(found, key=lambda stored: _sort_key(search, stored))


def _sort_key(search, stored):
    return search.moment(stored), stored.order["orderId"]


def _is_after(search, stored, page_token):
    if page_token is None:
        return True
    key = _sort_key(search, stored)
    return key > page_token.position or (page_token.repeats and key == page_token.position)


def _is_shown(stored, now):
    """Whether the order is recent enough to be shown."""
    marketplace_id = stored.order["salesChannel"].get("marketplaceId")
    return stored.verbatim or marketplace_id in LONG_MEMORY or stored.created_at > now - SHOWN_FOR


def _next_token(store, seller, search, page, request):
    text = secrets.token_urlsafe(24)
    store.page_tokens[text] = PageToken(
        seller_id=seller.seller_id,
        fingerprint=_fingerprint(request),
        before=search.before,
        position=_sort_key(search, page[-1]),
        repeats=bool(store.faults.take("searchOrders", {"duplicate_order"})),
        expires_at=store.clock.now() + PAGE_TOKEN_LIFE,
    )
    return text


def _update_between_pages(store, rest):
    fault = store.faults.take("searchOrders", {"updated_between_pages"})
    if fault:
        store.orders.update(fault.options.get("order_id") or rest[0].order["orderId"])


def _shown(store, seller, stored, query):
    included = query.get("includedData", ())
    return view(stored, included, seller, store.clock.now())
