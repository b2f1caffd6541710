"""What the Feeds API and the Reports API have in common: jobs, the lists of them, and their documents."""

import uuid
from datetime import timedelta

from .answers import Refusal, denied, invalid_input
from .clock import to_text
from .jobs import STATUSES
from .marketplaces import known_marketplace
from .parameters import Parameter

DEFAULT_PAGE = 10
KEPT_FOR = timedelta(days=90)
DOCUMENT_PARAMETERS = {"enableContentEncodingUrlHeader": Parameter("boolean")}
OPTIONS = {"type": "object", "additionalProperties": {"type": "string"}}
MARKETPLACES = {"type": "array", "minItems": 1, "maxItems": 25, "items": {"type": "string"}}


def list_parameters(types):
    """The parameters of getFeeds or getReports; ``types`` is the name of the one for types."""
    return {
        types: Parameter("csv", max_items=10),
        "marketplaceIds": Parameter("csv", max_items=10),
        "pageSize": Parameter("integer", minimum=1, maximum=100),
        "processingStatuses": Parameter("csv", STATUSES),
        "createdSince": Parameter("date-time"),
        "createdUntil": Parameter("date-time"),
        "nextToken": Parameter(),
    }


def check_marketplaces(seller, marketplace_ids):
    """Refuse marketplaces that are not the seller's."""
    for marketplace_id in marketplace_ids:
        if known_marketplace(marketplace_id) is None:
            raise invalid_input("marketplaceIds has a value that is not a marketplace.")
        if marketplace_id not in seller.marketplace_ids:
            raise denied()


def find_job(jobs, seller, job_id):
    """The seller's job; refuses when there is none."""
    job = jobs.get(job_id)
    if job is None or job.seller_id != seller.seller_id:
        raise Refusal(404, "NotFound", f"The identifier {job_id} was not found.")
    return job


def job_page(store, jobs, seller, query, types):
    """A page of the seller's jobs, the latest first, and the token for the next one or None."""
    if "nextToken" in query:
        if len(query) > 1:
            raise invalid_input("nextToken must be the only parameter.")
        owner, query, start = store.page_tokens.get(query["nextToken"], ("", {}, 0))
        if owner != (seller.seller_id, types):
            raise invalid_input("nextToken is not valid.")
    elif types not in query:
        raise invalid_input(f"Either {types} or nextToken is required.")
    else:
        start = 0
    found = [job for job in jobs.of_seller(seller.seller_id) if _matches(store, jobs.look(job), query, types)]
    end = start + query.get("pageSize", DEFAULT_PAGE)
    if end >= len(found):
        return found[start:end], None
    token = uuid.uuid4().hex
    store.page_tokens[token] = ((seller.seller_id, types), query, end)
    return found[start:end], token


def _matches(store, job, query, types):
    since = query.get("createdSince", store.clock.now() - KEPT_FOR)
    until = query.get("createdUntil", store.clock.now())
    if job.kind not in query[types] or not since <= job.created_at <= until:
        return False
    if "processingStatuses" in query and job.status not in query["processingStatuses"]:
        return False
    return "marketplaceIds" not in query or bool(set(query["marketplaceIds"]) & set(job.marketplace_ids))


def job_times(job):
    """The times of a job as Amazon shows them."""
    shown = {"createdTime": to_text(job.created_at)}
    if job.started_at:
        shown["processingStartTime"] = to_text(job.started_at)
    if job.ended_at:
        shown["processingEndTime"] = to_text(job.ended_at)
    return shown


def document_address(store, seller, query, request, document_id, operation):
    """The members that tell where a document can be downloaded: url, and compressionAlgorithm where it has one."""
    document = store.documents.find(seller.seller_id, document_id)
    if document is None or document.body is None:
        raise Refusal(404, "NotFound", f"The document {document_id} was not found.")
    expired = store.faults.take(operation, {"document_expired"}) is not None
    mislabelled = store.faults.take(operation, {"document_mislabelled"}) is not None
    compressed = store.compress_documents or mislabelled
    path = store.documents.address(
        document,
        "GET",
        is_dead=expired,
        compressed=compressed and not mislabelled,
        encoding_header=compressed and query.get("enableContentEncodingUrlHeader", False),
    )
    shown = {"url": request.host_url.rstrip("/") + path}
    return {**shown, "compressionAlgorithm": "GZIP"} if compressed else shown
