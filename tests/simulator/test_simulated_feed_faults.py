"""What can go wrong with feeds and their documents, when the simulator is told so."""

import json

import pytest
import requests
from amazon_client import EU, FEEDS
from feeds import add_offers, code_of, finished, message, quantities, report_of


@pytest.fixture(autouse=True)
def offers(sim):
    add_offers(sim)


def test_feed_fatal(sim, eu):
    sim.store.add_fault("createFeed", "feed_fatal", applied=1)
    feed = finished(eu, eu.feed_listings([message(1, "MUG", 7), message(2, "CUP", 8)]))
    assert (feed["processingStatus"], quantities(sim)) == ("FATAL", {"MUG": 7, "CUP": 5})
    assert report_of(eu, feed)["issues"][0]["severity"] == "ERROR"


def test_feed_fatal_without_a_report(sim, eu):
    sim.store.add_fault("createFeed", "feed_fatal", with_report=False)
    assert "resultFeedDocumentId" not in finished(eu, eu.feed_listings([message(1, "MUG", 7)]))


def test_feed_cancelled(sim, eu):
    sim.store.add_fault("createFeed", "feed_cancelled")
    feed = finished(eu, eu.feed_listings([message(1, "MUG", 7)]))
    assert (feed["processingStatus"], quantities(sim)["MUG"]) == ("CANCELLED", 5)


@pytest.mark.parametrize("options", [{"skus": ["CUP"]}, {"every": 2}, {}], ids=["skus", "every", "default"])
def test_feed_partly_failed(sim, eu, options):
    sim.store.add_fault("createFeed", "feed_partly_failed", code="90220", message="Not this one.", **options)
    report = report_of(eu, finished(eu, eu.feed_listings([message(1, "MUG", 7), message(2, "CUP", 8)])))
    assert report["issues"] == [
        {"messageId": 2, "sku": "CUP", "code": "90220", "severity": "ERROR", "message": "Not this one."}
    ]
    assert quantities(sim) == {"MUG": 7, "CUP": 5}


def test_feed_partly_failed_without_saying_which(sim, eu):
    sim.store.add_fault("createFeed", "feed_partly_failed", skus=["CUP"], with_message_id=False)
    report = report_of(eu, finished(eu, eu.feed_listings([message(1, "MUG", 7), message(2, "CUP", 8)])))
    assert ["messageId" in issue for issue in report["issues"]] == [False]
    assert (report["summary"]["messagesAccepted"], report["summary"]["messagesInvalid"]) == (1, 1)


def test_feed_slow(sim, eu):
    sim.store.add_fault("createFeed", "feed_slow", seconds=1000)
    feed_id = eu.feed_listings([message(1, "MUG", 7)])
    assert finished(eu, feed_id)["processingStatus"] == "IN_QUEUE"
    sim.store.clock.advance(1000)
    assert eu.get_feed(feed_id)["processingStatus"] == "DONE"


def test_feed_accepted_without_effect(sim, eu):
    sim.store.add_fault("createFeed", "accepted_without_effect")
    report = report_of(eu, finished(eu, eu.feed_listings([message(1, "MUG", 7)])))
    assert (report["summary"]["messagesAccepted"], quantities(sim)["MUG"]) == (1, 5)


@pytest.mark.parametrize(
    ("kind", "code"), [("upload_expired", "AccessDenied"), ("upload_refused", "SignatureDoesNotMatch")]
)
def test_an_upload_may_fail_once(sim, eu, kind, code):
    sim.store.add_fault("upload", kind)
    assert code_of(eu.upload(b"{}")[1]) == (403, code)
    assert eu.upload(b"{}")[1].status_code == 200


def test_a_download_may_have_expired_once(sim, eu):
    document_id = eu.upload(b"{}")[0]
    sim.store.add_fault("getFeedDocument", "document_expired")
    assert code_of(requests.get(eu.document(FEEDS, document_id)["url"], timeout=10)) == (403, "AccessDenied")
    assert requests.get(eu.document(FEEDS, document_id)["url"], timeout=10).status_code == 200


def test_a_document_may_be_mislabelled(sim, eu):
    sim.store.add_fault("getFeedDocument", "document_mislabelled")
    document = eu.document(FEEDS, eu.upload(b"{}")[0])
    assert (document["compressionAlgorithm"], requests.get(document["url"], timeout=10).content) == ("GZIP", b"{}")


def test_transfers_take_the_faults_of_the_connection(sim, eu):
    sim.store.add_fault("upload", "unavailable")
    assert eu.upload(b"{}")[1].status_code == 503
    document_id = eu.upload(b"{}")[0]
    sim.store.add_fault("download", "dropped")
    document = eu.document(FEEDS, document_id)
    with pytest.raises(requests.ConnectionError):
        requests.get(document["url"], timeout=10)
    with pytest.raises(ValueError, match="cannot happen"):
        sim.store.add_fault("upload", "throttled")


def test_a_lost_answer_leaves_the_feed_behind(sim, eu):
    document_id = eu.upload(json.dumps({"header": {"sellerId": EU, "version": "2.0"}, "messages": []}).encode())[0]
    sim.store.add_fault("createFeed", "answer_lost")
    with pytest.raises(requests.ConnectionError):
        eu.create_feed(document_id)
    assert len(sim.store.feeds) == 1
