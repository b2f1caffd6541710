"""Feeds: from the queue to the report, what Amazon refuses, cancelling and listing."""

import pytest
from amazon_client import DE, EU, FEEDS, NOW, Client, error_of
from feeds import JSON, add_offers, finished, message, quantities, report_of

from simulator.clock import to_text
from simulator.sellers import ORDER_TRACKING


@pytest.fixture(autouse=True)
def offers(sim):
    add_offers(sim)


# The way of a feed


def test_a_feed_goes_from_the_queue_to_its_report(sim, eu):
    feed_id = eu.feed_listings([message(1, "MUG", 7), message(2, "CUP", 8)])
    assert sim.store.feeds[feed_id].status == "IN_QUEUE"
    first, second = eu.get_feed(feed_id), eu.get_feed(feed_id)
    assert first["processingStatus"] == "IN_PROGRESS"
    assert "resultFeedDocumentId" not in first
    assert (second["processingStatus"], second["marketplaceIds"]) == ("DONE", [DE])
    assert report_of(eu, second) == {
        "header": {"sellerId": EU, "version": "2.0", "feedId": feed_id},
        "issues": [],
        "summary": {
            "errors": 0,
            "warnings": 0,
            "messagesProcessed": 2,
            "messagesAccepted": 2,
            "messagesInvalid": 0,
        },
    }


def test_quantities_change_when_the_feed_ends_and_merge_keeps_the_handling_time(sim, eu):
    feed_id = eu.feed_listings([message(1, "MUG", 7), message(2, "CUP", 8)])
    assert quantities(sim) == {"MUG": 5, "CUP": 5}
    finished(eu, feed_id)
    assert quantities(sim) == {"MUG": 7, "CUP": 8}
    assert sim.store.listing(EU, "MUG").lead_time == 3
    assert [change.source for change in sim.store.listing(EU, "MUG").changes] == ["feed"]


def test_replace_wipes_the_handling_time(sim, eu):
    finished(eu, eu.feed_listings([message(1, "MUG", 7, op="replace")]))
    assert sim.store.listing(EU, "MUG").lead_time is None


def test_a_quantity_for_an_offer_of_amazon_does_harm(sim, eu):
    finished(eu, eu.feed_listings([message(1, "FBA-MUG", 7)]))
    assert [(harm.sku, harm.source) for harm in sim.store.harmed_listings] == [("FBA-MUG", "feed")]


def test_a_feed_that_is_only_listed_goes_on_too(sim, eu):
    eu.feed_listings([message(1, "MUG", 7)])
    listed = [eu.call(f"{FEEDS}/feeds", {"feedTypes": "JSON_LISTINGS_FEED"}).json()["feeds"][0] for _time in range(2)]
    assert [feed["processingStatus"] for feed in listed] == ["IN_PROGRESS", "DONE"]


def test_a_feed_that_takes_time_goes_by_the_clock(sim, eu):
    sim.store.feed_seconds = 600
    feed_id = eu.feed_listings([message(1, "MUG", 7)])
    seen = []
    for seconds in (0, 299, 1, 299, 1):
        sim.store.clock.advance(seconds)
        seen.append(eu.get_feed(feed_id)["processingStatus"])
    assert seen == ["IN_QUEUE", "IN_QUEUE", "IN_PROGRESS", "IN_PROGRESS", "DONE"]


def test_all_feeds_can_be_finished_at_once(sim, eu):
    sim.store.feed_seconds = 600
    eu.feed_listings([message(1, "MUG", 7)])
    eu.feed_listings([message(1, "MUG", 9)])
    sim.store.finish_feeds()
    assert sim.store.listing(EU, "MUG").quantity == 9


def test_the_messages_of_a_feed_can_be_looked_at(sim, eu):
    feed_id = eu.feed_listings([message(1, "MUG", 7)])
    feed = sim.store.feeds[feed_id]
    assert (feed.feed_type, feed.feed_ref, feed.messages) == ("JSON_LISTINGS_FEED", feed_id, [message(1, "MUG", 7)])


# Requests that Amazon refuses


@pytest.mark.parametrize(
    "changes",
    [
        {"feedType": "POST_FEED_OF_TOMORROW"},
        {"feedType": 1},
        {"marketplaceIds": []},
        {"marketplaceIds": DE},
        {"marketplaceIds": [DE] * 26},
        {"marketplaceIds": ["NOWHERE"]},
        {"inputFeedDocumentId": "badDocumentId1"},
        {"feedOptions": {"number": 1}},
        {"feedOptions": "none"},
        {"MarketplaceIds": [DE]},
        {"path": "/feeds"},
    ],
)
def test_a_wrong_feed_is_refused(sim, eu, changes):
    document_id = eu.upload(b"{}")[0]
    assert error_of(eu.create_feed(document_id, **{"feed_type": "JSON_LISTINGS_FEED", **changes}))[0] == 400
    assert not sim.store.feeds


@pytest.mark.parametrize("body", [{}, {"contentType": 1}, {"contentType": "json"}, {"contentType": JSON, "path": "/"}])
def test_a_wrong_document_is_refused(eu, body):
    assert error_of(eu.call(f"{FEEDS}/documents", method="POST", body=body))[:2] == (400, "InvalidInput")


def test_marketplaces_of_others_are_denied(eu):
    assert eu.create_feed(eu.upload(b"{}")[0], marketplaceIds=["ATVPDKIKX0DER"]).status_code == 403


def test_a_document_must_be_uploaded_and_the_sellers_own_and_recent(sim, eu, na):
    empty = eu.call(f"{FEEDS}/documents", method="POST", body={"contentType": JSON}).json()["feedDocumentId"]
    assert eu.create_feed(empty).status_code == 400
    document_id = eu.upload(b"{}")[0]
    assert na.create_feed(document_id, marketplaceIds=["ATVPDKIKX0DER"]).status_code == 400
    sim.store.clock.advance(2 * 86400 + 1)
    assert Client(sim, EU).create_feed(document_id).status_code == 400


def test_the_role_of_product_listing_is_needed(sim, eu):
    document_id = eu.upload(b"{}")[0]
    sim.store.sellers[EU].roles = {ORDER_TRACKING}
    assert eu.create_feed(document_id).status_code == 403


def test_five_listings_feeds_in_five_minutes(sim, eu):
    document_id = eu.upload(b"{}")[0]
    assert [eu.create_feed(document_id).status_code for _time in range(6)] == [202] * 5 + [429]
    sim.store.clock.advance(301)
    assert eu.create_feed(document_id).status_code == 202


def test_an_unknown_feed_is_not_found(eu, na):
    feed_id = eu.feed_listings([message(1, "MUG", 7)])
    assert error_of(na.call(f"{FEEDS}/feeds/{feed_id}"))[:2] == (404, "NotFound")
    assert error_of(na.call(f"{FEEDS}/documents/{eu.upload(b'{}')[0]}"))[:2] == (404, "NotFound")


# Cancelling and listing


def test_only_a_feed_in_the_queue_can_be_cancelled(sim, eu):
    path = f"{FEEDS}/feeds/" + eu.feed_listings([message(1, "MUG", 7)])
    response = eu.call(path, method="DELETE")
    assert (response.status_code, response.content) == (200, b"")
    feed = finished(eu, path.rpartition("/")[2])
    assert feed["processingStatus"] == "CANCELLED"
    assert "resultFeedDocumentId" not in feed
    assert eu.call(path, method="DELETE").status_code == 400
    assert sim.store.listing(EU, "MUG").quantity == 5


def test_feeds_are_listed_latest_first_through_pages(sim, eu):
    feed_ids = [eu.feed_listings([message(1, "MUG", number)]) for number in range(3)]
    first = eu.call(f"{FEEDS}/feeds", {"feedTypes": "JSON_LISTINGS_FEED", "pageSize": 2}).json()
    second = eu.call(f"{FEEDS}/feeds", {"nextToken": first["nextToken"]}).json()
    assert [feed["feedId"] for feed in first["feeds"] + second["feeds"]] == feed_ids[::-1]
    assert "nextToken" not in second


@pytest.mark.parametrize(
    ("params", "count"),
    [
        ({"processingStatuses": "IN_QUEUE,IN_PROGRESS"}, 1),
        ({"processingStatuses": "DONE"}, 0),
        ({"marketplaceIds": DE}, 1),
        ({"marketplaceIds": "A13V1IB3VIYZZH"}, 0),
        ({"createdSince": to_text(NOW)}, 1),
        ({"createdUntil": "2026-01-01T00:00:00Z"}, 0),
    ],
)
def test_feeds_are_found_by_filters(eu, params, count):
    eu.feed_listings([message(1, "MUG", 7)])
    found = eu.call(f"{FEEDS}/feeds", {"feedTypes": "JSON_LISTINGS_FEED", **params}).json()["feeds"]
    assert len(found) == count


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"feedTypes": "X", "processingStatuses": "FINISHED"},
        {"feedTypes": "X", "pageSize": 101},
        {"nextToken": "x"},
        {"feedTypes": "X", "nextToken": "x"},
    ],
)
def test_a_wrong_list_is_refused(eu, params):
    assert eu.call(f"{FEEDS}/feeds", params).status_code == 400


# Restarts


def test_feeds_and_documents_outlast_the_process(sim, eu, tmp_path):
    done = finished(eu, eu.feed_listings([message(1, "MUG", 7)]))
    waiting = eu.feed_listings([message(1, "CUP", 8)])
    before = dict(sim.store.feeds), dict(sim.store.documents)
    sim.store.save(tmp_path / "state")
    sim.store.reset()
    sim.store.load(tmp_path / "state")
    assert (dict(sim.store.feeds), dict(sim.store.documents)) == before
    sim.store.clock.freeze(NOW)
    eu = Client(sim, EU)
    assert report_of(eu, done)["summary"]["messagesAccepted"] == 1
    finished(eu, waiting)
    assert quantities(sim) == {"MUG": 7, "CUP": 8}
