"""Shipments, listings, feeds and reports through the gateway against the simulator."""

from datetime import datetime, timedelta, timezone

import pytest
from api_server import SIMULATED_SELLER as SELLER

from simulator.samples import build_order
from spapi import Gateway, InvalidRequest, NotFound, ShippedPackage, Throttled, Unauthorized, Unavailable, parse_order
from spapi.catalogue_report import REPORT_TYPE, read_catalogue
from spapi.listings import quantity_patch
from spapi.listings_feed import (
    LISTINGS_FEED_CONTENT_TYPE,
    LISTINGS_FEED_TYPE,
    FeedMessage,
    feed_document,
    parse_feed_result,
)
from spapi.tokens import AccessTokens

GERMANY = "A1PA6795UKMFR9"


@pytest.fixture
def gateway(credentials, endpoint):
    with Gateway(credentials, endpoint, "eu", tokens=AccessTokens()) as gateway:
        yield gateway


@pytest.fixture
def store(simulator):
    return simulator.store


# --- shipments ---


@pytest.fixture
def order(store):
    raw = build_order("DE")
    store.add_order(SELLER, raw)
    return parse_order(raw)


def package_of(order, reference="1", tracking_number="00340434161094012345"):
    return ShippedPackage(
        reference=reference,
        carrier_code="DHL",
        carrier_name=None,
        shipping_method="Paket",
        tracking_number=tracking_number,
        shipped_at=datetime.now(timezone.utc),
        items=tuple((item.item_ref, item.quantity) for item in order.items),
    )


def test_a_package_shows_in_the_order(store, gateway, order):
    gateway.confirm_shipment(order.order_ref, GERMANY, package_of(order))
    shown = parse_order(gateway.get_order(order.order_ref))
    (package,) = shown.packages
    assert (package.reference, package.tracking_number) == ("1", "00340434161094012345")
    assert shown.status == "SHIPPED"
    assert dict(package.items) == {item.item_ref: item.quantity for item in order.items}


def test_the_same_reference_again_corrects_the_package(store, gateway, order):
    gateway.confirm_shipment(order.order_ref, GERMANY, package_of(order))
    gateway.confirm_shipment(order.order_ref, GERMANY, package_of(order, tracking_number="00340434161094099999"))
    (package,) = parse_order(gateway.get_order(order.order_ref)).packages
    assert package.tracking_number == "00340434161094099999"


def test_another_reference_for_a_shipped_order_is_refused(gateway, order):
    gateway.confirm_shipment(order.order_ref, GERMANY, package_of(order))
    with pytest.raises(InvalidRequest, match="PackageToUpdateNotFound"):
        gateway.confirm_shipment(order.order_ref, GERMANY, package_of(order, reference="2"))


@pytest.mark.parametrize("kind", ["dropped", "answer_lost", "token_expired"])
def test_a_package_is_confirmed_once_whatever_becomes_of_the_answer(store, gateway, order, kind):
    store.add_fault("confirmShipment", kind)
    gateway.confirm_shipment(order.order_ref, GERMANY, package_of(order))
    (package,) = parse_order(gateway.get_order(order.order_ref)).packages
    assert dict(package.items) == {item.item_ref: item.quantity for item in order.items}


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("throttled", Throttled), ("access_denied", Unauthorized), ("invalid_input", InvalidRequest)]
    + [("unavailable", Unavailable), ("internal_failure", Unavailable), ("dropped", Unavailable)],
)
def test_a_fault_of_a_shipment_that_stays_is_raised(store, gateway, order, kind, expected):
    store.add_fault("confirmShipment", kind, times=None)
    with pytest.raises(expected) as caught:
        gateway.confirm_shipment(order.order_ref, GERMANY, package_of(order))
    assert caught.value.operation == "confirmShipment"
    assert store.confirmations == []


# --- listings ---


def test_a_listing_as_amazon_has_it(store, gateway):
    store.add_listing(SELLER, "MUG/1", title="Becher", asin="B071VG5N9D", quantity=4, lead_time=3, product_type="MUG")
    listing = gateway.get_listing(SELLER, "MUG/1", GERMANY)
    assert (listing.sku, listing.asin, listing.title, listing.product_type) == (
        "MUG/1",
        "B071VG5N9D",
        "Becher",
        "MUG",
    )
    assert (listing.quantity, listing.handling_time, listing.is_fba) == (4, 3, False)
    with pytest.raises(NotFound):
        gateway.get_listing(SELLER, "CUP", GERMANY)


def test_a_quantity_is_set_and_the_handling_time_stays(store, gateway):
    store.add_listing(SELLER, "MUG", quantity=4, lead_time=3)
    submission = gateway.patch_listing(SELLER, "MUG", GERMANY, "PRODUCT", quantity_patch(9))
    assert submission.accepted and submission.submission_id
    listing = store.listing(SELLER, "MUG")
    assert (listing.quantity, listing.lead_time) == (9, 3)
    gateway.patch_listing(SELLER, "MUG", GERMANY, "PRODUCT", quantity_patch(8, handling_time=5))
    assert (listing.quantity, listing.lead_time) == (8, 5)
    assert not store.harmed_listings


def test_a_change_that_amazon_finds_invalid_says_why(store, gateway):
    store.add_listing(SELLER, "MUG", quantity=4)
    store.add_fault("patchListingsItem", "patch_invalid", code="90220", message="'x' is required.")
    submission = gateway.patch_listing(SELLER, "MUG", GERMANY, "PRODUCT", quantity_patch(9))
    assert not submission.accepted
    assert [(issue.code, issue.message, issue.severity) for issue in submission.issues] == [
        ("90220", "'x' is required.", "ERROR")
    ]
    assert store.listing(SELLER, "MUG").quantity == 4


def test_what_amazon_ships_is_told_apart(store, gateway):
    store.add_listing(SELLER, "LAMP", channel="AMAZON_EU")
    assert gateway.get_listing(SELLER, "LAMP", GERMANY).is_fba
    (listing,) = gateway.search_listings(SELLER, GERMANY).listings
    assert listing.is_fba and listing.quantity is None


def test_all_pages_of_the_listings(store, gateway):
    for number in range(45):
        store.add_listing(SELLER, f"SKU-{number:02}", quantity=number)
    pages = [gateway.search_listings(SELLER, GERMANY)]
    while pages[-1].next_token:
        pages.append(gateway.search_listings(SELLER, GERMANY, page_token=pages[-1].next_token))
    assert [len(page.listings) for page in pages] == [20, 20, 5]
    assert {page.total for page in pages} == {45}
    found = {listing.sku: listing.quantity for page in pages for listing in page.listings}
    assert found == {f"SKU-{number:02}": number for number in range(45)}


def test_a_change_between_two_pages_moves_no_listing(store, gateway):
    for number in range(40):
        store.add_listing(SELLER, f"SKU-{number:02}")
    first = gateway.search_listings(SELLER, GERMANY)
    store.clock.advance(60)
    gateway.patch_listing(SELLER, "SKU-39", GERMANY, "PRODUCT", quantity_patch(5))
    second = gateway.search_listings(SELLER, GERMANY, page_token=first.next_token)
    skus = [listing.sku for page in (first, second) for listing in page.listings]
    assert skus == [f"SKU-{number:02}" for number in range(40)]


def test_the_listings_of_some_skus(store, gateway):
    for sku in ("A/1", "B 2", "C+3"):
        store.add_listing(SELLER, sku)
    page = gateway.search_listings(SELLER, GERMANY, skus=("A/1", "C+3", "gone"))
    assert {listing.sku for listing in page.listings} == {"A/1", "C+3"}


# --- feeds ---


def messages(quantities):
    for number, (sku, quantity) in enumerate(quantities.items(), start=1):
        yield FeedMessage(number, sku, "PRODUCT", quantity_patch(quantity))


def send(gateway, quantities):
    document_ref = gateway.upload_feed_document(feed_document(SELLER, messages(quantities)), LISTINGS_FEED_CONTENT_TYPE)
    return gateway.create_feed(LISTINGS_FEED_TYPE, document_ref, [GERMANY])


def final(ask, job_ref):
    for _number in range(5):
        status = ask(job_ref)
        if status.is_final:
            return status
    raise AssertionError("It never came to an end")


def test_a_feed_from_the_document_to_its_result(store, gateway):
    for sku in ("MUG", "CUP"):
        store.add_listing(SELLER, sku, quantity=1, lead_time=3)
    feed_ref = send(gateway, {"MUG": 5, "CUP": 6, "gone": 7})
    feed = final(gateway.get_feed, feed_ref)
    assert (feed.feed_ref, feed.status, feed.feed_type) == (feed_ref, "DONE", LISTINGS_FEED_TYPE)
    result = parse_feed_result(gateway.download_document("feed", feed.result_document_ref))
    assert (result.processed, result.accepted, result.invalid) == (3, 2, 1)
    assert set(result.refused) == {3}
    assert result.refused[3][0].sku == "gone" and result.refused[3][0].message
    assert [(store.listing(SELLER, sku).quantity, store.listing(SELLER, sku).lead_time) for sku in ("MUG", "CUP")] == [
        (5, 3),
        (6, 3),
    ]


@pytest.mark.parametrize(
    ("operation", "kind"),
    [("upload", "upload_expired"), ("upload", "upload_refused"), ("createFeedDocument", "dropped")]
    + [("getFeedDocument", "document_expired"), ("getFeedDocument", "document_mislabelled")],
)
def test_a_fault_of_a_document_that_passes_goes_unnoticed(store, gateway, operation, kind):
    store.add_listing(SELLER, "MUG", quantity=1)
    store.add_fault(operation, kind)
    feed = final(gateway.get_feed, send(gateway, {"MUG": 5}))
    assert parse_feed_result(gateway.download_document("feed", feed.result_document_ref)).accepted == 1
    assert len(store.calls_of("createFeed")) == 1


@pytest.mark.parametrize(
    ("operation", "kind"),
    [("upload", "upload_expired"), ("upload", "upload_refused"), ("upload", "unavailable"), ("upload", "dropped")]
    + [("createFeed", "dropped"), ("createFeed", "unavailable"), ("createFeedDocument", "garbled")],
)
def test_a_fault_before_the_feed_that_stays_makes_none(store, gateway, operation, kind):
    store.add_listing(SELLER, "MUG", quantity=1)
    store.add_fault(operation, kind, times=None)
    with pytest.raises(Unavailable):
        send(gateway, {"MUG": 5})
    assert not store.feeds


@pytest.mark.parametrize("kind", ["truncated", "garbled", "unavailable", "dropped", "answer_lost"])
def test_a_result_that_does_not_arrive_whole_is_not_taken(store, gateway, kind):
    store.add_listing(SELLER, "MUG", quantity=1)
    feed = final(gateway.get_feed, send(gateway, {"MUG": 5}))
    store.add_fault("download", kind)
    with pytest.raises((Unavailable, ValueError)):
        parse_feed_result(gateway.download_document("feed", feed.result_document_ref))
    assert parse_feed_result(gateway.download_document("feed", feed.result_document_ref)).accepted == 1


def test_a_feed_whose_answer_was_lost_is_found_and_not_made_twice(store, gateway):
    store.add_listing(SELLER, "MUG", quantity=1)
    started = store.clock.now() - timedelta(seconds=5)
    store.add_fault("createFeed", "answer_lost")
    with pytest.raises(Unavailable) as caught:
        send(gateway, {"MUG": 5})
    assert (caught.value.operation, caught.value.status) == ("createFeed", 0)
    assert len(store.feeds) == 1
    (found,) = gateway.recent_feeds(LISTINGS_FEED_TYPE, started)
    assert found.feed_ref in store.feeds and found.created_at >= started
    assert gateway.recent_feeds(LISTINGS_FEED_TYPE, started + timedelta(hours=1)) == ()


@pytest.mark.parametrize(
    ("kind", "status", "has_result"), [("feed_fatal", "FATAL", True), ("feed_cancelled", "CANCELLED", False)]
)
def test_a_feed_that_comes_to_nothing(store, gateway, kind, status, has_result):
    store.add_listing(SELLER, "MUG", quantity=1)
    store.add_fault("createFeed", kind)
    feed = final(gateway.get_feed, send(gateway, {"MUG": 5}))
    assert (feed.status, bool(feed.result_document_ref)) == (status, has_result)
    assert store.listing(SELLER, "MUG").quantity == 1


def test_a_slow_feed_is_not_final(store, gateway):
    store.add_listing(SELLER, "MUG", quantity=1)
    store.add_fault("createFeed", "feed_slow", seconds=3600)
    feed_ref = send(gateway, {"MUG": 5})
    assert not gateway.get_feed(feed_ref).is_final
    store.clock.advance(3700)
    assert final(gateway.get_feed, feed_ref).status == "DONE"


def test_a_feed_of_the_largest_size(store, gateway):
    quantities = {f"SKU-{number:05}": number % 100 for number in range(25_000)}
    feed = store.feeds[send(gateway, quantities)]
    assert len(feed.messages) == 25_000


def test_too_many_feeds_are_throttled(store, gateway):
    store.add_listing(SELLER, "MUG", quantity=1)
    with pytest.raises(Throttled):
        for _number in range(20):
            send(gateway, {"MUG": 5})
    assert store.feeds


# --- reports ---


@pytest.mark.parametrize("compressed", [True, False])
def test_the_report_of_all_listings(store, gateway, compressed):
    store.compress_documents = compressed
    store.add_listing(SELLER, "MUG", title="Größe „M“", asin="B071VG5N9D", quantity=4)
    store.add_listing(SELLER, "LAMP", channel="AMAZON_EU", title="Lampe")
    report = final(gateway.get_report, gateway.create_report(REPORT_TYPE, [GERMANY]))
    assert report.status == "DONE"
    document = gateway.download_document("report", report.document_ref)
    rows = {row.sku: row for row in read_catalogue(document)}
    assert (rows["MUG"].asin, rows["MUG"].quantity, rows["MUG"].channel) == ("B071VG5N9D", 4, "fbm")
    assert rows["MUG"].title == "Größe „M“"
    assert (rows["LAMP"].quantity, rows["LAMP"].channel, rows["LAMP"].channel_code) == (None, "fba", "AMAZON_EU")


@pytest.mark.parametrize(("kind", "status"), [("report_fatal", "FATAL"), ("report_cancelled", "CANCELLED")])
def test_a_report_that_comes_to_nothing(store, gateway, kind, status):
    store.add_fault("createReport", kind)
    report = final(gateway.get_report, gateway.create_report(REPORT_TYPE, [GERMANY]))
    assert (report.status, report.document_ref) == (status, None)


def test_an_address_that_has_grown_old_is_asked_for_again(store, gateway):
    store.add_listing(SELLER, "MUG")
    report = final(gateway.get_report, gateway.create_report(REPORT_TYPE, [GERMANY]))
    store.add_fault("getReportDocument", "document_expired", times=None)
    with pytest.raises(Unavailable):
        gateway.download_document("report", report.document_ref)
    store.clear_faults()
    assert list(read_catalogue(gateway.download_document("report", report.document_ref)))
    with pytest.raises(NotFound):
        gateway.get_report("9999999")
