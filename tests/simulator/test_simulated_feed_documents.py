"""Documents of feeds: upload and download, addresses that expire, compression."""

import gzip

import pytest
import requests
from amazon_client import EU, FEEDS, Client
from feeds import JSON, add_offers, code_of


@pytest.fixture(autouse=True)
def offers(sim):
    add_offers(sim)


def test_an_upload_needs_the_same_content_type(eu):
    assert eu.upload(b"{}")[1].status_code == 200
    assert code_of(eu.upload(b"{}", headers={"Content-Type": "application/json"})[1]) == (403, "SignatureDoesNotMatch")


@pytest.mark.parametrize("header", ["Authorization", "x-amz-access-token"])
def test_an_upload_takes_no_token(eu, header):
    assert code_of(eu.upload(b"{}", headers={header: "x"})[1]) == (400, "InvalidArgument")


def test_an_upload_needs_a_length(eu):
    assert code_of(eu.upload(iter([b"{", b"}"]))[1]) == (501, "NotImplemented")


def test_an_address_lives_five_minutes(sim, eu):
    made = eu.call(f"{FEEDS}/documents", method="POST", body={"contentType": JSON}).json()
    sim.store.clock.advance(299)
    assert requests.put(made["url"], data=b"{}", headers={"Content-Type": JSON}, timeout=10).status_code == 200
    sim.store.clock.advance(1)
    response = requests.put(made["url"], data=b"{}", headers={"Content-Type": JSON}, timeout=10)
    assert code_of(response) == (403, "AccessDenied")


def test_an_address_is_for_one_method_and_document(eu):
    made = eu.call(f"{FEEDS}/documents", method="POST", body={"contentType": JSON}).json()
    assert code_of(requests.get(made["url"], timeout=10)) == (403, "SignatureDoesNotMatch")
    other = made["url"].replace(made["feedDocumentId"], eu.upload(b"{}")[0])
    assert code_of(requests.put(other, data=b"", headers={"Content-Type": JSON}, timeout=10))[0] == 403
    assert code_of(requests.get(made["url"].partition("?")[0], timeout=10))[0] == 403


def test_a_document_can_be_downloaded_for_five_minutes(sim, eu):
    document = eu.document(FEEDS, eu.upload(b'{"a": 1}')[0])
    response = requests.get(document["url"], timeout=10)
    assert document["compressionAlgorithm"] == "GZIP"
    assert (gzip.decompress(response.content), response.headers["Content-Type"]) == (b'{"a": 1}', JSON)
    sim.store.clock.advance(300)
    assert code_of(requests.get(document["url"], timeout=10)) == (403, "AccessDenied")


def test_the_content_encoding_is_told_when_asked_for(eu):
    document = eu.document(FEEDS, eu.upload(b"{}")[0], enableContentEncodingUrlHeader="true")
    response = requests.get(document["url"], timeout=10)
    assert (response.headers["Content-Encoding"], response.content) == ("gzip", b"{}")


def test_documents_may_come_without_compression(sim, eu):
    sim.store.compress_documents = False
    document = eu.document(FEEDS, eu.upload(b"{}")[0])
    assert "compressionAlgorithm" not in document
    assert requests.get(document["url"], timeout=10).content == b"{}"


def test_documents_are_kept_for_28_days(sim, eu):
    document_id = eu.upload(b"{}")[0]
    sim.store.clock.advance(28 * 86400 + 1)
    assert Client(sim, EU).call(f"{FEEDS}/documents/{document_id}").status_code == 404


def test_no_key_of_a_document_is_remembered(sim, eu):
    eu.upload(b"{}")
    (call,) = sim.store.calls_of("upload")
    assert (call.seller_id, call.status, set(call.params)) == (EU, 200, {"document_id"})
