"""Feeds API 2021-06-30.

Model: https://developer-docs.amazon.com/sp-api/docs/feeds-api-v2021-06-30-reference
"""

from datetime import timedelta

from .answers import Refusal, denied, invalid_input
from .documents import INPUT_LIFE
from .faults import FEED_FATES
from .jobs_api import (
    DOCUMENT_PARAMETERS,
    MARKETPLACES,
    OPTIONS,
    check_marketplaces,
    document_address,
    find_job,
    job_page,
    job_times,
    list_parameters,
)
from .sellers import PRODUCT_LISTING

LISTINGS_FEED = "JSON_LISTINGS_FEED"
# Amazon takes these and then ends them as FATAL, since 31 July 2025.
RETIRED = (
    "POST_PRODUCT_DATA",
    "POST_INVENTORY_AVAILABILITY_DATA",
    "POST_PRODUCT_PRICING_DATA",
    "POST_PRODUCT_IMAGE_DATA",
    "POST_PRODUCT_RELATIONSHIP_DATA",
    "POST_PRODUCT_OVERRIDES_DATA",
    "POST_FLAT_FILE_INVLOADER_DATA",
    "POST_FLAT_FILE_LISTINGS_DATA",
    "POST_FLAT_FILE_PRICEANDQUANTITYONLY_UPDATE_DATA",
)
# https://developer-docs.amazon.com/sp-api/changelog/update-feed-size-and-rate-limit-changes-for-the-json_listings_feed
FEEDS_AT_ONCE, FEEDS_WINDOW = 5, timedelta(minutes=5)
LIST_PARAMETERS = list_parameters("feedTypes")
GET_DOCUMENT_PARAMETERS = DOCUMENT_PARAMETERS
DOCUMENT = {"type": "object", "required": ["contentType"], "properties": {"contentType": {"type": "string"}}}
FEED = {
    "type": "object",
    "required": ["inputFeedDocumentId", "feedType", "marketplaceIds"],
    "properties": {
        "feedType": {"type": "string"},
        "marketplaceIds": MARKETPLACES,
        "inputFeedDocumentId": {"type": "string"},
        "feedOptions": OPTIONS,
    },
}


def create_feed_document(store, seller, query, request, body):
    """An address to which a document can be uploaded."""
    if "/" not in body["contentType"]:
        raise invalid_input("contentType is not a content type.")
    document = store.documents.add(seller, body["contentType"])
    url = request.host_url.rstrip("/") + store.documents.address(document, "PUT")
    return {"feedDocumentId": document.document_id, "url": url}


def create_feed(store, seller, query, request, body):
    """Put an uploaded document into the queue."""
    kind = body["feedType"]
    if kind != LISTINGS_FEED and kind not in RETIRED:
        raise invalid_input(f"The feed type {kind} is not known.")
    if PRODUCT_LISTING not in seller.roles:
        raise denied()
    check_marketplaces(seller, body["marketplaceIds"])
    document = store.documents.find(seller.seller_id, body["inputFeedDocumentId"])
    if document is None or store.documents.age(document) > INPUT_LIFE:
        raise invalid_input("inputFeedDocumentId is not a document, or has expired.")
    if document.body is None:
        raise invalid_input("Nothing was uploaded to the document.")
    _check_rate(store, seller, kind)
    fault = store.faults.take("createFeed", FEED_FATES)
    feed = store.feeds.add(
        seller_id=seller.seller_id,
        kind=kind,
        marketplace_ids=body["marketplaceIds"],
        document_id=document.document_id,
        content_type=document.content_type,
        packed=document.packed,
        seconds=fault.options.get("seconds", 3600) if fault and fault.kind == "feed_slow" else store.feed_seconds,
        fate=fault.kind if fault else "",
        fate_options=fault.options if fault else {},
    )
    return {"feedId": feed.job_id}


def get_feed(store, seller, query, request, feed_id):
    """The state of one feed."""
    return _shown(store.feeds.look(find_job(store.feeds, seller, feed_id)))


def get_feeds(store, seller, query, request):
    """A page of feeds."""
    page, token = job_page(store, store.feeds, seller, query, "feedTypes")
    body = {"feeds": [_shown(feed) for feed in page]}
    return {**body, "nextToken": token} if token else body


def cancel_feed(store, seller, query, request, feed_id):
    """Take a feed out of the queue."""
    feed = store.feeds.look(find_job(store.feeds, seller, feed_id), step=False)
    if feed.status != "IN_QUEUE":
        raise invalid_input("Only a feed with the processing status IN_QUEUE can be cancelled.")
    store.feeds.cancel(feed)


def get_feed_document(store, seller, query, request, document_id):
    """An address from which a document can be downloaded."""
    members = document_address(store, seller, query, request, document_id, "getFeedDocument")
    return {"feedDocumentId": document_id, **members}


def _check_rate(store, seller, kind):
    if kind != LISTINGS_FEED:
        return
    since = store.clock.now() - FEEDS_WINDOW
    recent = [feed for feed in store.feeds.of_seller(seller.seller_id) if feed.kind == kind and feed.created_at > since]
    if len(recent) >= FEEDS_AT_ONCE:
        raise Refusal(429, "QuotaExceeded", "You exceeded your quota for the requested resource.")


def _shown(feed):
    shown = {
        "feedId": feed.job_id,
        "feedType": feed.kind,
        "marketplaceIds": feed.marketplace_ids,
        "processingStatus": feed.status,
        **job_times(feed),
    }
    return {**shown, "resultFeedDocumentId": feed.result_document_id} if feed.result_document_id else shown
