"""Scripted faults: what goes wrong at Amazon and on the way, on demand.

    store.add_fault("searchOrders", "throttled")             # the next call answers 429
    store.add_fault("*", "unavailable", times=3)             # the next three API calls answer 503 with HTML
    store.add_fault("searchOrders", "slow", seconds=6)
    store.add_fault("*", "unavailable", times=None, share=0.05)  # every twentieth call, at random
    store.add_fault("confirmShipment", "access_denied", path=order_ref)  # only where the address holds this

``operation`` is an operation's name, ``token`` for Login with Amazon, ``upload`` or ``download`` for a document at a
presigned address, or ``*`` for every API operation. ``times`` may
be None for a fault that stays until ``store.clear_faults()``. A fault answers before quotas are counted.
"""

import random
import socket
from dataclasses import dataclass, field

from werkzeug.wrappers import Response

from .answers import DENIED, error_answer, json_answer

HTML_503 = "<html><head><title>503</title></head><body><h1>503 Service Temporarily Unavailable</h1></body></html>"
LWA_FAULTS = {
    "invalid_grant": "Login with Amazon refuses the refresh token or code (400 invalid_grant)",
    "invalid_client": "Login with Amazon refuses the application (401 invalid_client)",
}
# These answer in the place of the operation.
API_ANSWERS = {
    "throttled": "429 QuotaExceeded without a rate header",
    "forbidden": '403 with the bare body {"message":"Forbidden"}',
    "access_denied": "403 Unauthorized, as when the application lacks a role",
    "personal_data_denied": "403 as long as BUYER, RECIPIENT or TAX is asked for",
    "token_expired": "403: the access token has expired (and really has)",
    "unauthorized": "401 Unauthorized",
    "invalid_input": "400 InvalidInput for a request without fault (code=, message= for other words)",
    "internal_failure": "500 InternalFailure",
    "page_token_expired": "400: the pagination token has expired (a call with a token only)",
}
# These befall any request.
WIRE_FAULTS = {
    "unavailable": "503 with an HTML page",
    "slow": "the answer takes seconds= longer (default 6)",
    "garbled": "200 with a body that is not JSON",
    "truncated": "the answer breaks off in the middle of its body",
    "dropped": "the connection is closed without an answer, and nothing has happened",
    "answer_lost": "the call takes effect, but the connection is closed before the answer",
}
# These change the orders that are shown.
ORDER_FAULTS = {
    "duplicate_order": "the last order of this page comes again as the first of the next one",
    "updated_between_pages": "after this page an order is updated: the next one to come, or order_id=",
    "without_personal_data": "BUYER and RECIPIENT are left out",
    "unknown_values": "enumerations have values that no model lists",
}
# These are for single operations.
OPERATION_FAULTS = {
    "accepted_without_effect": "the answer is a success, but nothing happens",
    "patch_invalid": "status INVALID with an issue (code=, message=)",
    "feed_fatal": "the feed ends as FATAL (applied= messages had an effect; with_report=False for none)",
    "feed_cancelled": "the feed ends as CANCELLED, without a report",
    "feed_partly_failed": "some messages are invalid: skus=, or each every=th (2); with_message_id=False: unnamed",
    "feed_slow": "the feed takes seconds= (default 3600)",
    "upload_expired": "the address for the upload has expired (403, XML)",
    "upload_refused": "the upload is refused (403, XML)",
    "document_expired": "the address for the download has expired (403, XML)",
    "document_mislabelled": "the document is said to be compressed and is not",
    "report_fatal": "the report ends as FATAL, without a document",
    "report_cancelled": "the report ends as CANCELLED, without a document",
    "report_slow": "the report takes seconds= (default 3600)",
}
FEED_FATES = {"feed_fatal", "feed_cancelled", "feed_partly_failed", "feed_slow", "accepted_without_effect"}
REPORT_FATES = {"report_fatal", "report_cancelled", "report_slow"}
OPERATIONS_OF = {
    "accepted_without_effect": ("confirmShipment", "patchListingsItem", "createFeed"),
    "patch_invalid": ("patchListingsItem",),
    **dict.fromkeys(FEED_FATES - {"accepted_without_effect"}, ("createFeed",)),
    **dict.fromkeys(REPORT_FATES, ("createReport",)),
    **dict.fromkeys(("upload_expired", "upload_refused"), ("upload",)),
    **dict.fromkeys(("document_expired", "document_mislabelled"), ("getFeedDocument", "getReportDocument")),
}
# Not of the API: uploads and downloads at presigned addresses.
TRANSFERS = ("upload", "download")
PAGE_FAULTS = {"page_token_expired", "duplicate_order", "updated_between_pages"}
KINDS = {**API_ANSWERS, **WIRE_FAULTS, **ORDER_FAULTS, **OPERATION_FAULTS, **LWA_FAULTS}
PERSONAL = {"BUYER", "RECIPIENT", "TAX"}


@dataclass
class Fault:
    """One fault that is to come; ``times`` counts down, None stays."""

    operation: str
    kind: str
    times: int | None = 1
    options: dict = field(default_factory=dict)


class Faults:
    """The faults that are to come, in the order in which they were added."""

    def __init__(self):
        self.coming = []
        self.chance = random.Random(0)

    def reset(self):
        """Take all faults back."""
        self.coming.clear()

    def add(self, operation, kind, times=1, **options):
        """Add a fault; ValueError when the kind is not one of ``KINDS`` or does not fit the operation."""
        if kind not in KINDS:
            raise ValueError(f"There is no fault {kind!r}; the kinds are {', '.join(KINDS)}")
        if not _can_happen(operation, kind):
            raise ValueError(f"The fault {kind!r} cannot happen to {operation}")
        fault = Fault(operation, kind, times, options)
        self.coming.append(fault)
        return fault

    def take(self, operation, kinds, request=None):
        """The next fault of these kinds for this operation, counted down; None when there is none."""
        for fault in self.coming:
            meant = fault.operation == operation or (fault.operation == "*" and operation not in ("token", *TRANSFERS))
            if meant and fault.kind in kinds and _fits(fault, request) and self._strikes(fault):
                self._count_down(fault)
                return fault
        return None

    def _strikes(self, fault):
        """Whether a fault that only befalls a share of the calls befalls this one."""
        return self.chance.random() < fault.options.get("share", 1)

    def _count_down(self, fault):
        if fault.times is None:
            return
        fault.times -= 1
        if fault.times <= 0:
            self.coming.remove(fault)


def _can_happen(operation, kind):
    if operation == "token":
        return kind in LWA_FAULTS or kind in WIRE_FAULTS
    if kind in OPERATIONS_OF:
        return operation in OPERATIONS_OF[kind]
    if operation in TRANSFERS:
        return kind in WIRE_FAULTS
    if kind in PAGE_FAULTS:
        return operation == "searchOrders"
    if kind in ORDER_FAULTS:
        return operation in ("searchOrders", "getOrder", "*")
    return kind not in LWA_FAULTS


def _fits(fault, request):
    if fault.kind == "page_token_expired":
        return "paginationToken" in request.args
    if fault.kind == "personal_data_denied":
        return bool(PERSONAL & set(request.args.get("includedData", "").split(",")))
    return "path" not in fault.options or fault.options["path"] in request.path


def answer_in_place(fault, request):
    """The answer of a fault that stands in the place of the operation's own."""
    if fault.kind == "unavailable":
        return Response(HTML_503, 503, content_type="text/html")
    if fault.kind == "forbidden":
        return json_answer({"message": "Forbidden"}, 403)
    if fault.kind == "dropped":
        return _drop_connection(request)
    status, code, message, details = _ERRORS[fault.kind]
    return error_answer(status, fault.options.get("code", code), fault.options.get("message", message), details)


_ERRORS = {
    "throttled": (429, "QuotaExceeded", "You exceeded your quota for the requested resource.", ""),
    "access_denied": (403, "Unauthorized", DENIED, ""),
    "personal_data_denied": (403, "Unauthorized", DENIED, ""),
    "token_expired": (403, "Unauthorized", DENIED, "The access token you provided has expired."),
    "unauthorized": (401, "Unauthorized", DENIED, "The access token you provided is revoked, malformed or invalid."),
    "invalid_input": (400, "InvalidInput", "Invalid Input", ""),
    "internal_failure": (500, "InternalFailure", "We encountered an internal error. Please try again.", ""),
    "page_token_expired": (400, "InvalidInput", "Invalid Input", "The pagination token has expired."),
}
IN_PLACE = frozenset(_ERRORS) | {"unavailable", "forbidden", "dropped"}
SPOILING = frozenset({"garbled", "truncated", "answer_lost"})


def spoil(fault, response, request):
    """``response`` as it arrives when its body is garbled, breaks off half way or is lost."""
    if fault.kind == "answer_lost":
        return _drop_connection(request)
    body = response.get_data()
    spoilt = Response(body[: len(body) // 2], response.status_code, content_type=response.content_type)
    if fault.kind == "truncated":
        # The length that was promised stays, so that the client notices the missing half.
        spoilt.headers["Content-Length"] = str(len(body))
    return spoilt


def _drop_connection(request):
    connection = request.environ.get("werkzeug.socket")
    if connection is not None:
        connection.shutdown(socket.SHUT_RDWR)
    return Response(status=500)
