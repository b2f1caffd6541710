"""Uploads and downloads at presigned addresses, as strict as the storage behind them.

Errors are XML: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
"""

import gzip

from werkzeug.wrappers import Response

from .documents import PATH
from .faults import IN_PLACE, SPOILING, answer_in_place, spoil

RULE = f"{PATH}/<document_id>"
NAMES = {"PUT": "upload", "GET": "download"}
LONGEST_UPLOAD = 256 * 1024 * 1024
TOKEN_HEADERS = ("Authorization", "x-amz-access-token")


def serve(store, request, document_id):
    """The answer to an upload or a download, and the seller whose document it is."""
    name = NAMES[request.method]
    address = store.documents.addresses.get(request.args.get("X-Amz-Signature"))
    # The body is read even when it is refused: a client that still sends would not see the answer.
    request.max_content_length = LONGEST_UPLOAD
    body = request.get_data()
    fault = store.faults.take(name, IN_PLACE)
    if fault:
        response = answer_in_place(fault, request)
    else:
        response = _refusal(store, request, document_id, address) or _transfer(request, address, body)
    spoiling = store.faults.take(name, SPOILING)
    seller_id = address.document.seller_id if address else ""
    return spoil(spoiling, response, request) if spoiling else response, seller_id


def _transfer(request, address, body):
    document = address.document
    if request.method == "PUT":
        document.body = body
        return Response(status=200)
    content = gzip.compress(document.body, mtime=0) if address.compressed else document.body
    response = Response(content, content_type=document.content_type)
    if address.encoding_header:
        response.headers["Content-Encoding"] = "gzip"
    return response


def _refusal(store, request, document_id, address):
    """What speaks against the transfer, as an answer; None when nothing does."""
    if any(name in request.headers for name in TOKEN_HEADERS):
        return _error(400, "InvalidArgument", "Only one auth mechanism allowed.")
    if request.method == "PUT" and store.faults.take("upload", {"upload_expired"}):
        return _expired()
    if request.method == "PUT" and store.faults.take("upload", {"upload_refused"}):
        return _mismatch()
    if address is None or address.document.document_id != document_id or address.method != request.method:
        return _mismatch()
    if store.clock.now() >= address.expires_at:
        return _expired()
    if request.method == "PUT":
        return _upload_refusal(request, address)
    return None


def _upload_refusal(request, address):
    if request.content_length is None:
        return _error(501, "NotImplemented", "A header you provided implies functionality that is not implemented.")
    if request.headers.get("Content-Type") != address.document.content_type:
        return _mismatch()
    return None


def _expired():
    return _error(403, "AccessDenied", "Request has expired")


def _mismatch():
    return _error(
        403,
        "SignatureDoesNotMatch",
        "The request signature we calculated does not match the signature you provided. "
        "Check your key and signing method.",
    )


def _error(status, code, message):
    xml = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code><Message>{message}</Message></Error>'
    return Response(xml, status, content_type="application/xml")
