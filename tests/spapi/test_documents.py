"""Documents of feeds and reports: to and from an address that is itself the permission."""

import gzip
import io
import logging
import socket
import threading

import pytest
from api_server import CREDENTIALS, answer
from werkzeug import Response

from spapi import Endpoint, Gateway, InvalidRequest, NotFound, Unavailable
from spapi.transport import documents, unpacking

EXPIRED = Response(
    '<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Request has expired</Message>'
    "<X-Amz-Expires>300</X-Amz-Expires></Error>",
    403,
    content_type="application/xml",
)
JSON = "application/json; charset=UTF-8"
REPORT = b"seller-sku\tquantity\r\nMUG\t7\r\n" * 5000


@pytest.fixture
def created(amazon):
    """createFeedDocument answers with an address of the store, each time of another document."""
    amazon.answers = [
        answer({"feedDocumentId": f"document-{number}", "url": amazon.store.url}, 201) for number in range(1, 4)
    ]


@pytest.fixture
def shown(amazon):
    """getFeedDocument and getReportDocument answer with an address of the store."""
    amazon.answers = [answer({"feedDocumentId": "d", "reportDocumentId": "d", "url": amazon.store.url})]


def packed(content, **_options):
    return Response(gzip.compress(content), 200, content_type="binary/octet-stream")


# --- upload ---


def test_a_document_is_put_without_our_token_and_with_its_type(amazon, gateway, created):
    assert gateway.upload_feed_document(b'{"header":{}}', JSON) == "document-1"
    request = amazon.store.requests[0]
    assert (request.method, amazon.store.bodies) == ("PUT", [b'{"header":{}}'])
    assert request.args["X-Amz-Signature"] == "the-signature"
    assert request.headers["Content-Type"] == JSON
    assert request.headers["Content-Length"] == "13"
    assert not {"x-amz-access-token", "Authorization", "Transfer-Encoding"} & set(request.headers.keys())
    assert amazon.requests[0].get_json() == {"contentType": JSON}


def test_pieces_are_put_as_one_document_of_known_size(amazon, gateway, created):
    pieces = (b"x" * 100_000 for _number in range(30))
    gateway.upload_feed_document(pieces, JSON)
    assert amazon.store.requests[0].headers["Content-Length"] == "3000000"
    assert amazon.store.bodies == [b"x" * 3_000_000]


def test_a_dead_address_is_asked_for_again_once(amazon, gateway, created):
    amazon.store.answers = [EXPIRED, Response("", 200)]
    assert gateway.upload_feed_document((piece for piece in (b"ab", b"c")), JSON) == "document-2"
    assert amazon.store.bodies == [b"abc", b"abc"]


@pytest.mark.parametrize(
    "dead", [EXPIRED, Response("<Error><Code>ExpiredToken</Code></Error>", 400, content_type="application/xml")]
)
def test_an_address_that_is_dead_again_means_unavailable(amazon, gateway, created, dead):
    amazon.store.answers = [dead]
    with pytest.raises(Unavailable) as caught:
        gateway.upload_feed_document(b"abc", JSON)
    assert caught.value.operation == "uploadFeedDocument"
    assert len(amazon.requests) == len(amazon.store.requests) == 2


@pytest.mark.parametrize("status", [302, 307, 400, 404, 411, 500, 503])
def test_any_other_refusal_is_raised_at_once(amazon, gateway, created, status):
    amazon.store.answers = [Response("", status, headers={"Location": amazon.store.url})]
    with pytest.raises((Unavailable, NotFound)) as caught:
        gateway.upload_feed_document(b"abc", JSON)
    assert caught.value.status == status
    assert len(amazon.requests) == len(amazon.store.requests) == 1


@pytest.mark.parametrize("document", [b"", (), (b"", b"")])
def test_an_empty_document_is_not_sent(amazon, gateway, created, document):
    with pytest.raises(ValueError, match="empty"):
        gateway.upload_feed_document(document, JSON)
    assert not amazon.requests


def test_a_document_that_is_too_large_is_not_sent(amazon, gateway, created, monkeypatch):
    monkeypatch.setattr(documents, "LARGEST_DOCUMENT", 10)
    with pytest.raises(ValueError, match="more than"):
        gateway.upload_feed_document((b"x" * 6 for _number in range(2)), JSON)
    assert not amazon.requests


def test_a_fault_while_the_document_is_made_sends_nothing(amazon, gateway, created):
    def pieces():
        yield b"x"
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        gateway.upload_feed_document(pieces(), JSON)
    assert not amazon.requests


# --- download ---


@pytest.mark.parametrize("kind", ["feed", "report"])
def test_a_document_is_fetched_without_our_token(amazon, gateway, shown, kind):
    amazon.store.answers = [Response(REPORT, content_type="text/plain; charset=Cp1252")]
    document = gateway.download_document(kind, "the/document")
    assert (document, document.content_type) == (REPORT, "text/plain; charset=Cp1252")
    request = amazon.store.requests[0]
    assert request.method == "GET"
    assert not {"x-amz-access-token", "Authorization", "Content-Type"} & set(request.headers.keys())
    path = {"feed": "/feeds/2021-06-30/documents/", "report": "/reports/2021-06-30/documents/"}[kind]
    assert amazon.requests[0].environ["REQUEST_URI"] == f"{path}the%2Fdocument"


@pytest.mark.parametrize(
    "stored",
    [
        packed(REPORT),
        Response(REPORT),
        Response(gzip.compress(REPORT), headers={"Content-Encoding": "gzip"}),
        Response(REPORT, headers={"Content-Encoding": "gzip"}),
        Response(gzip.compress(REPORT[:7]) + gzip.compress(REPORT[7:])),
        Response(gzip.compress(REPORT) + b"\0" * 512),
    ],
    ids=["packed", "plain", "encoded", "wrongly encoded", "two parts", "padded"],
)
def test_a_document_is_unpacked_whatever_its_label_says(amazon, gateway, stored):
    labelled = {"feedDocumentId": "d", "url": amazon.store.url, "compressionAlgorithm": "GZIP"}
    for body in (labelled, {**labelled, "compressionAlgorithm": None}):
        amazon.answers = [answer(body)]
        amazon.store.answers = [stored]
        assert gateway.download_document("feed", "d") == REPORT


@pytest.mark.parametrize("content", [b"", b"x", b"\x1f", bytes(range(256)) * 1000])
def test_any_content_comes_through(amazon, gateway, shown, content):
    for stored in (Response(content), packed(content)):
        amazon.store.answers = [stored]
        assert gateway.download_document("report", "d") == content


def test_a_document_that_breaks_off_in_its_gzip_is_not_taken(amazon, gateway, shown):
    amazon.store.answers = [Response(gzip.compress(REPORT)[:-20])]
    with pytest.raises(Unavailable) as caught:
        gateway.download_document("report", "d")
    assert caught.value.code == "Incomplete"


def test_garbled_gzip_is_not_taken(amazon, gateway, shown):
    content = bytearray(gzip.compress(REPORT))
    content[30:60] = b"\xff" * 30
    amazon.store.answers = [Response(bytes(content))]
    with pytest.raises(Unavailable) as caught:
        gateway.download_document("report", "d")
    assert caught.value.code in ("Unreadable", "Incomplete")


def test_a_document_that_breaks_off_on_the_way_is_not_taken(amazon, gateway):
    server = socket.create_server(("127.0.0.1", 0))

    def serve():
        connection, _address = server.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nseller-sku")

    threading.Thread(target=serve, daemon=True).start()
    amazon.answers = [answer({"reportDocumentId": "d", "url": f"http://127.0.0.1:{server.getsockname()[1]}/x"})]
    with server, pytest.raises(Unavailable):
        gateway.download_document("report", "d")


@pytest.mark.parametrize("stored", [Response(REPORT), packed(REPORT), packed(b"\0" * 50_000_000)])
def test_a_document_that_is_too_large_is_not_taken(amazon, stored):
    amazon.store.answers = [stored]
    with pytest.raises(Unavailable) as caught:
        documents.download("downloadDocument", amazon.endpoint, amazon.store.url, largest=100_000)
    assert caught.value.code == "TooLarge"


def test_a_download_that_takes_too_long_is_given_up(amazon, gateway, shown, monkeypatch):
    monkeypatch.setattr(unpacking, "LONGEST_TRANSFER", -1)
    amazon.store.answers = [Response(REPORT)]
    with pytest.raises(Unavailable) as caught:
        gateway.download_document("report", "d")
    assert caught.value.code == "TooSlow"


def test_a_dead_address_of_a_result_is_asked_for_again_once(amazon, gateway, shown):
    amazon.store.answers = [EXPIRED, Response(b"ok"), EXPIRED]
    assert gateway.download_document("feed", "d") == b"ok"
    with pytest.raises(Unavailable) as caught:
        gateway.download_document("feed", "d")
    assert (caught.value.status, caught.value.code) == (403, "AccessDenied")
    assert len(amazon.store.requests) == 4


def test_what_amazon_no_longer_keeps_is_not_found(amazon, gateway, shown):
    amazon.store.answers = [Response("<Error><Code>NoSuchKey</Code></Error>", 404)]
    with pytest.raises(NotFound):
        gateway.download_document("report", "d")
    amazon.answers = [answer({"errors": [{"code": "NotFound", "message": "x"}]}, 404)]
    with pytest.raises(NotFound):
        gateway.download_document("report", "d")


def test_only_documents_of_feeds_and_reports_are_fetched(gateway):
    with pytest.raises(KeyError):
        gateway.download_document("order", "d")


# --- addresses ---


@pytest.mark.parametrize(
    "url",
    ["http://example.com/x", "ftp://example.com/x", "file:///etc/passwd", "/x", "", None, 3, "https://", "https:///x"]
    + ["https://user:password@example.com/x", "https://example.com\\@127.0.0.1/x", "https://example.com/x y"],
)
def test_an_address_that_is_not_one_is_not_gone_to(amazon, gateway, url):
    amazon.answers = [answer({"feedDocumentId": "d", "url": url}, 201)]
    with pytest.raises(Unavailable) as caught:
        gateway.upload_feed_document(b"x", JSON)
    assert caught.value.code == "UnusableAddress"
    amazon.answers = [answer({"feedDocumentId": "d", "url": url})]
    with pytest.raises(Unavailable):
        gateway.download_document("feed", "d")


@pytest.mark.parametrize(
    ("api", "url", "good"),
    [
        ("https://sellingpartnerapi-eu.amazon.com", "http://127.0.0.1:8069/web", False),
        ("https://sellingpartnerapi-eu.amazon.com", "http://localhost/web", False),
        ("https://sellingpartnerapi-eu.amazon.com", "https://tortuga-prod-eu.s3-eu-west-1.amazonaws.com/x?y=z", True),
        ("http://127.0.0.1:8099", "http://localhost:8099/documents/1", True),
        ("http://simulator:8099", "http://simulator:8099/documents/1", True),
        ("http://simulator:8099", "http://elsewhere:8099/documents/1", False),
    ],
)
def test_without_encryption_only_the_simulator_is_gone_to(api, url, good):
    endpoint = Endpoint(api, api)
    if good:
        documents._check_address("downloadDocument", endpoint, url)
    else:
        with pytest.raises(Unavailable):
            documents._check_address("downloadDocument", endpoint, url)


def test_nobody_at_the_address_means_unavailable(amazon, gateway):
    amazon.answers = [answer({"feedDocumentId": "d", "url": "http://127.0.0.1:9/x?X-Amz-Signature=s3cret"}, 201)]
    with pytest.raises(Unavailable) as caught:
        gateway.upload_feed_document(b"x", JSON)
    assert (caught.value.code, caught.value.status) == ("ConnectionError", 0)
    assert caught.value.__cause__ is None and caught.value.__suppress_context__
    assert "127" not in str(caught.value)


def test_no_logger_at_any_level_tells_an_address(amazon, gateway, created, caplog):
    for name in (None, "urllib3", "urllib3.connectionpool", "requests", "httpx", "httpcore", "sp_api"):
        caplog.set_level(logging.DEBUG, logger=name)
    amazon.store.answers = [EXPIRED, Response("", 200), Response(REPORT), EXPIRED]
    gateway.upload_feed_document(b"x", JSON)
    amazon.answers = [answer({"feedDocumentId": "d", "url": amazon.store.url})]
    gateway.download_document("feed", "d")
    with pytest.raises(Unavailable) as caught:
        gateway.download_document("feed", "d")
    logged = "\n".join(record.getMessage() for record in caplog.records if record.name != "werkzeug")
    assert "uploadFeedDocument: 403" in logged and "uploadFeedDocument: 200" in logged
    assert "downloadDocument: 200" in logged
    for text in (logged, str(caught.value)):
        assert "the-signature" not in text and "/store/" not in text


def test_after_a_transfer_urllib3_may_speak_again(amazon, gateway, created, caplog):
    gateway.upload_feed_document(b"x", JSON)
    caplog.set_level(logging.DEBUG, logger="urllib3.connectionpool")
    logging.getLogger("urllib3.connectionpool").debug("something else")
    assert "something else" in caplog.text


def test_passwords_and_proxies_of_the_environment_are_left_alone(amazon, gateway, created, monkeypatch, tmp_path):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login x password y\nmachine localhost login x password y\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    gateway.upload_feed_document(b"x", JSON)
    assert "Authorization" not in amazon.store.requests[0].headers


def test_a_refused_feed_document_has_amazons_words(amazon, gateway):
    amazon.answers = [answer({"errors": [{"code": "InvalidInput", "message": "Bad content type."}]}, 400)]
    with pytest.raises(InvalidRequest, match="Bad content type"):
        gateway.upload_feed_document(io.BytesIO(b"x"), "x")


def test_the_gateway_closes_without_any_call(amazon):
    with Gateway(CREDENTIALS, amazon.endpoint, "eu") as gateway:
        gateway.close()
