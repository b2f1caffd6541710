"""Listings Items API 2021-08-01: getListingsItem, searchListingsItems, patchListingsItem.

Model: https://developer-docs.amazon.com/sp-api/docs/listings-items-api-v2021-08-01-reference
"""

import uuid
from urllib.parse import unquote

from .answers import Refusal, denied, invalid_input
from .clock import to_text
from .listing_patches import PATCH, attribute_name, issue, patched
from .listings import STATUSES
from .marketplaces import known_marketplace
from .parameters import Parameter

DATA_SETS = (
    "summaries",
    "attributes",
    "issues",
    "offers",
    "fulfillmentAvailability",
    "procurement",
    "relationships",
    "productTypes",
)
IDENTIFIER_TYPES = ("ASIN", "EAN", "FNSKU", "GTIN", "ISBN", "JAN", "MINSAN", "SKU", "UPC")
MARKETPLACES = Parameter("csv", required=True)
GET_PARAMETERS = {
    "marketplaceIds": MARKETPLACES,
    "issueLocale": Parameter(),
    "includedData": Parameter("csv", DATA_SETS),
}
SEARCH_PARAMETERS = {
    **GET_PARAMETERS,
    "identifiers": Parameter("csv", max_items=20),
    "identifiersType": Parameter(allowed=IDENTIFIER_TYPES),
    "variationParentSku": Parameter(),
    "packageHierarchySku": Parameter(),
    "createdAfter": Parameter("date-time"),
    "createdBefore": Parameter("date-time"),
    "lastUpdatedAfter": Parameter("date-time"),
    "lastUpdatedBefore": Parameter("date-time"),
    "withIssueSeverity": Parameter("csv", ("WARNING", "ERROR")),
    "withStatus": Parameter("csv", STATUSES),
    "withoutStatus": Parameter("csv", STATUSES),
    "sortBy": Parameter(allowed=("sku", "createdDate", "lastUpdatedDate")),
    "sortOrder": Parameter(allowed=("ASC", "DESC")),
    "pageSize": Parameter("integer", minimum=1, maximum=20),
    "pageToken": Parameter(),
}
PATCH_PARAMETERS = {
    "marketplaceIds": MARKETPLACES,
    "includedData": Parameter("csv", ("identifiers", "issues")),
    "mode": Parameter(allowed=("VALIDATION_PREVIEW",)),
    "issueLocale": Parameter(),
}
PATCHES = {
    "type": "object",
    "required": ["productType", "patches"],
    "properties": {
        "productType": {"type": "string"},
        "patches": {"type": "array", "minItems": 1, "items": PATCH},
    },
}
DEFAULT_PAGE = 10
# Amazon pages through no more than this.
LONGEST_SEARCH = 1000


def get_listings_item(store, seller, query, request, seller_id, sku):
    """One listing."""
    check_owner(seller, seller_id, query["marketplaceIds"])
    _check_sku(request, sku)
    listing = store.listings.find(seller_id, sku, query["marketplaceIds"])
    if listing is None:
        raise Refusal(404, "NOT_FOUND", f"SKU '{sku}' not found in marketplace {query['marketplaceIds'][0]}")
    return _item(listing, query)


def search_listings_items(store, seller, query, request, seller_id):
    """One page of the seller's listings."""
    check_owner(seller, seller_id, query["marketplaceIds"])
    if ("identifiers" in query) != ("identifiersType" in query):
        raise invalid_input("identifiers and identifiersType must be given together.")
    found = [listing for listing in store.listings.of_seller(seller_id) if _matches(listing, query)]
    _sort(found, query)
    start, size = _start(store, query, request), query.get("pageSize", DEFAULT_PAGE)
    body = {"numberOfResults": len(found), "items": [_item(listing, query) for listing in found[start : start + size]]}
    pagination = {}
    if start + size < min(len(found), LONGEST_SEARCH):
        pagination["nextToken"] = _page_token(store, request, start + size)
    if start:
        pagination["previousToken"] = _page_token(store, request, max(0, start - size))
    return {**body, "pagination": pagination} if pagination else body


def patch_listings_item(store, seller, query, request, seller_id, sku, body):
    """Change attributes of one listing, or only tell what that would bring (mode VALIDATION_PREVIEW)."""
    check_owner(seller, seller_id, query["marketplaceIds"])
    _check_sku(request, sku)
    for patch in body["patches"]:
        if not attribute_name(patch["path"]):
            raise invalid_input("Only top-level attributes can be patched: a path is /attributes/<name>.")
    preview = "mode" in query
    listing = store.listings.find(seller_id, sku, query["marketplaceIds"])
    issues = _patch(store, listing, sku, body, preview)
    refused = any(row["severity"] == "ERROR" for row in issues)
    answer = {
        "sku": sku,
        "status": "INVALID" if refused else "VALID" if preview else "ACCEPTED",
        "submissionId": str(uuid.uuid4()),
        "issues": issues,
    }
    if "identifiers" in query.get("includedData", ()):
        answer["identifiers"] = [_identifier(listing, marketplace_id) for marketplace_id in query["marketplaceIds"]]
    return answer


def check_owner(seller, seller_id, marketplace_ids):
    """Refuse another seller's listings, and marketplaces that are not the seller's."""
    if seller_id != seller.seller_id:
        raise denied()
    for marketplace_id in marketplace_ids:
        if known_marketplace(marketplace_id) is None:
            raise invalid_input("marketplaceIds has a value that is not a marketplace.")
        if marketplace_id not in seller.marketplace_ids:
            raise denied()


def _check_sku(request, sku):
    """Amazon takes a SKU with a slash only when the slash is encoded."""
    raw = request.environ.get("RAW_URI", "").partition("?")[0]
    if raw and unquote(raw.rpartition("/")[2]) != sku:
        raise denied()


def _patch(store, listing, sku, body, preview):
    fault = store.faults.take("patchListingsItem", {"patch_invalid"})
    if fault:
        return [issue(fault.options.get("code", "8541"), fault.options.get("message", "The patch is refused."))]
    if listing is None:
        return [issue("13013", f"The SKU '{sku}' is not in the catalog.")]
    attributes, issues = patched(listing, body["productType"], body["patches"])
    refused = any(row["severity"] == "ERROR" for row in issues)
    if refused or preview or store.faults.take("patchListingsItem", {"accepted_without_effect"}):
        return issues
    names = [attribute_name(patch["path"]) for patch in body["patches"]]
    store.listings.change(listing, attributes, names, "patch")
    return issues


def _matches(listing, query):
    if not set(listing.marketplace_ids) & set(query["marketplaceIds"]):
        return False
    if "identifiers" in query and _identifier_of(listing, query["identifiersType"]) not in query["identifiers"]:
        return False
    if "variationParentSku" in query or "packageHierarchySku" in query:
        return False
    if "withStatus" in query and not set(query["withStatus"]) & set(listing.status):
        return False
    if set(query.get("withoutStatus", ())) & set(listing.status):
        return False
    severities = {row["severity"] for row in listing.issues}
    if "withIssueSeverity" in query and not severities & set(query["withIssueSeverity"]):
        return False
    return _in_time(listing.created_at, query, "created") and _in_time(listing.updated_at, query, "lastUpdated")


def _in_time(moment, query, name):
    return query.get(name + "After", moment) <= moment <= query.get(name + "Before", moment)


def _identifier_of(listing, kind):
    return {"SKU": listing.sku, "ASIN": listing.asin}.get(kind)


def _sort(found, query):
    keys = {
        "sku": lambda listing: listing.sku,
        "createdDate": lambda listing: (listing.created_at, listing.sku),
        "lastUpdatedDate": lambda listing: (listing.updated_at, listing.sku),
    }
    descending = query.get("sortOrder", "DESC") == "DESC"
    found.sort(key=keys[query.get("sortBy", "lastUpdatedDate")], reverse=descending)


def _fingerprint(request):
    return tuple(sorted((name, value) for name, value in request.args.items() if name != "pageToken"))


def _start(store, query, request):
    if "pageToken" not in query:
        return 0
    fingerprint, start = store.page_tokens.get(query["pageToken"], (None, 0))
    if fingerprint != (request.path, _fingerprint(request)):
        raise invalid_input("The page token is not valid.")
    return start


def _page_token(store, request, start):
    text = uuid.uuid4().hex
    store.page_tokens[text] = ((request.path, _fingerprint(request)), start)
    return text


def _item(listing, query):
    shown = [name for name in query["marketplaceIds"] if name in listing.marketplace_ids]
    sections = {
        "summaries": lambda: [_summary(listing, marketplace_id) for marketplace_id in shown],
        "attributes": lambda: listing.attributes,
        "issues": lambda: listing.issues,
        "offers": lambda: [_offer(listing, marketplace_id) for marketplace_id in shown if listing.price],
        "fulfillmentAvailability": lambda: [_availability(row) for row in listing.availability],
        "procurement": list,
        "relationships": lambda: [{"marketplaceId": name, "relationships": []} for name in shown],
        "productTypes": lambda: [{"marketplaceId": name, "productType": listing.product_type} for name in shown],
    }
    included = query.get("includedData", ("summaries",))
    return {"sku": listing.sku, **{name: make() for name, make in sections.items() if name in included}}


def _summary(listing, marketplace_id):
    return {
        "marketplaceId": marketplace_id,
        "asin": listing.asin,
        "productType": listing.product_type,
        "conditionType": "new_new",
        "status": listing.status,
        "itemName": listing.title,
        "createdDate": to_text(listing.created_at),
        "lastUpdatedDate": to_text(listing.updated_at),
    }


def _offer(listing, marketplace_id):
    price = {"currencyCode": known_marketplace(marketplace_id).currency, "amount": listing.price}
    return {"marketplaceId": marketplace_id, "offerType": "B2C", "price": price}


def _availability(row):
    shown = {"fulfillmentChannelCode": row["fulfillment_channel_code"]}
    return {**shown, "quantity": row["quantity"]} if "quantity" in row else shown


def _identifier(listing, marketplace_id):
    row = {"marketplaceId": marketplace_id}
    return {**row, "asin": listing.asin} if listing else row
