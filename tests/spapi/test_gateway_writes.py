"""What changes something at Amazon: what is sent, what counts as a yes, and what is never sent twice."""

import json
import threading
from datetime import datetime, timedelta, timezone

import pytest
from api_server import CREDENTIALS, EXPIRED, ORDER_REF, answer
from broken_server import BreakingServer

from spapi import Endpoint, Gateway, InvalidRequest, NotFound, ShippedPackage, Throttled, Unavailable
from spapi.listings import quantity_patch
from spapi.tokens import AccessTokens

SELLER = "A1SELLER"
MARKETPLACE = "A1PA6795UKMFR9"
PACKAGE = ShippedPackage(
    reference="1",
    carrier_code="DHL",
    carrier_name=None,
    shipping_method="Paket",
    tracking_number="00340434161094012345",
    shipped_at=datetime(2026, 11, 23, 11, tzinfo=timezone(timedelta(hours=1))),
    items=(("79039765272157", 2),),
)
CALLS = {
    "confirmShipment": lambda gateway: gateway.confirm_shipment(ORDER_REF, MARKETPLACE, PACKAGE),
    "patchListingsItem": lambda gateway: gateway.patch_listing(
        SELLER, "MUG", MARKETPLACE, "PRODUCT", quantity_patch(7)
    ),
    "createFeed": lambda gateway: gateway.create_feed("JSON_LISTINGS_FEED", "document", [MARKETPLACE]),
    "createReport": lambda gateway: gateway.create_report("GET_MERCHANT_LISTINGS_ALL_DATA", [MARKETPLACE]),
}
SUCCESSES = {
    "confirmShipment": answer("", 204),
    "patchListingsItem": answer({"sku": "MUG", "status": "ACCEPTED", "submissionId": "s", "issues": []}),
    "createFeed": answer({"feedId": "1"}, 202),
    "createReport": answer({"reportId": "1"}, 202),
}


@pytest.fixture(params=CALLS)
def operation(request):
    return request.param


# --- what is sent ---


def test_a_shipment_is_sent_as_amazon_documents_it(amazon, gateway):
    amazon.answers = [answer("", 204)]
    assert gateway.confirm_shipment(ORDER_REF, MARKETPLACE, PACKAGE) is None
    request = amazon.requests[0]
    assert (request.method, request.path) == ("POST", f"/orders/v0/orders/{ORDER_REF}/shipmentConfirmation")
    assert not request.args
    assert json.loads(request.get_data()) == {
        "marketplaceId": MARKETPLACE,
        "packageDetail": {
            "packageReferenceId": "1",
            "carrierCode": "DHL",
            "shippingMethod": "Paket",
            "trackingNumber": "00340434161094012345",
            "shipDate": "2026-11-23T10:00:00Z",
            "orderItems": [{"orderItemId": "79039765272157", "quantity": 2}],
        },
    }


def test_a_change_of_a_listing_is_sent_as_amazon_documents_it(amazon, gateway):
    amazon.answers = [SUCCESSES["patchListingsItem"]]
    gateway.patch_listing(SELLER, "MUG/1 +é", MARKETPLACE, "MUG", quantity_patch(7))
    request = amazon.requests[0]
    assert request.method == "PATCH"
    assert request.environ["REQUEST_URI"].startswith(f"/listings/2021-08-01/items/{SELLER}/MUG%2F1%20%2B%C3%A9?")
    assert request.args.to_dict(flat=False) == {"marketplaceIds": [MARKETPLACE]}
    assert json.loads(request.get_data()) == {"productType": "MUG", "patches": quantity_patch(7)}


def test_a_feed_and_a_report_are_sent_without_stray_members(amazon, gateway):
    amazon.answers = [SUCCESSES["createFeed"], SUCCESSES["createReport"]]
    assert gateway.create_feed("JSON_LISTINGS_FEED", "document", {MARKETPLACE}) == "1"
    assert gateway.create_report("GET_MERCHANT_LISTINGS_ALL_DATA", (MARKETPLACE,)) == "1"
    feed, report = (json.loads(request.get_data()) for request in amazon.requests)
    assert feed == {
        "feedType": "JSON_LISTINGS_FEED",
        "inputFeedDocumentId": "document",
        "marketplaceIds": [MARKETPLACE],
    }
    assert report == {"reportType": "GET_MERCHANT_LISTINGS_ALL_DATA", "marketplaceIds": [MARKETPLACE]}


@pytest.mark.parametrize("ref", ["", ".", ".."])
def test_a_reference_cannot_leave_its_place_in_the_path(amazon, gateway, ref):
    for call in (
        lambda: gateway.confirm_shipment(ref, MARKETPLACE, PACKAGE),
        lambda: gateway.patch_listing(SELLER, ref, MARKETPLACE, "PRODUCT", quantity_patch(1)),
        lambda: gateway.get_listing(ref, "MUG", MARKETPLACE),
        lambda: gateway.search_listings(ref, MARKETPLACE),
        lambda: gateway.get_feed(ref),
        lambda: gateway.get_report(ref),
        lambda: gateway.download_document("feed", ref),
    ):
        with pytest.raises(ValueError, match="reference"):
            call()
    assert not amazon.requests


def test_no_more_skus_are_searched_for_than_amazon_takes(amazon, gateway):
    with pytest.raises(ValueError, match="20"):
        gateway.search_listings(SELLER, MARKETPLACE, skus=tuple(map(str, range(21))))
    with pytest.raises(ValueError, match="comma"):
        gateway.search_listings(SELLER, MARKETPLACE, skus=("a,b",))
    assert not amazon.requests


# --- what counts as a yes ---


@pytest.mark.parametrize("yes", [answer("", 204), answer("", 204, "text/html"), answer({}, 200)])
def test_a_shipment_is_confirmed_by_a_yes_without_words(amazon, gateway, yes):
    amazon.answers = [yes]
    assert gateway.confirm_shipment(ORDER_REF, MARKETPLACE, PACKAGE) is None


@pytest.mark.parametrize(
    "no",
    [answer("<html>sign in</html>", 200, "text/html"), answer("", 200), answer("", 202), answer({}, 201)]
    + [answer({"errors": [{"code": "X", "message": "y"}]}, 200)],
)
def test_a_page_of_something_between_confirms_no_shipment(amazon, gateway, no):
    amazon.answers = [no]
    with pytest.raises(Unavailable):
        gateway.confirm_shipment(ORDER_REF, MARKETPLACE, PACKAGE)


@pytest.mark.parametrize("read", ["searchOrders", "getOrder", "createFeed", "patchListingsItem"])
def test_no_other_operation_does_without_a_body(amazon, gateway, read):
    reads = {
        "searchOrders": lambda: gateway.search_orders({}),
        "getOrder": lambda: gateway.get_order(ORDER_REF),
        "createFeed": lambda: CALLS["createFeed"](gateway),
        "patchListingsItem": lambda: CALLS["patchListingsItem"](gateway),
    }
    amazon.answers = [answer("", 204)]
    with pytest.raises(Unavailable):
        reads[read]()


@pytest.mark.parametrize("body", [{}, {"feedId": None}, {"feedId": ""}, {"feedId": {}}, {"reportId": []}])
def test_a_yes_without_a_reference_is_none(amazon, gateway, body):
    amazon.answers = [answer(body, 202)]
    for operation in ("createFeed", "createReport"):
        with pytest.raises(Unavailable) as caught:
            CALLS[operation](gateway)
        assert caught.value.code == "UnreadableAnswer"


@pytest.mark.parametrize(
    ("call", "body"),
    [
        (lambda gateway: gateway.get_listing(SELLER, "MUG", MARKETPLACE), {"message": "ok"}),
        (lambda gateway: gateway.search_listings(SELLER, MARKETPLACE), {"message": "ok"}),
        (lambda gateway: gateway.search_listings(SELLER, MARKETPLACE), {"items": {}}),
        (lambda gateway: gateway.search_listings(SELLER, MARKETPLACE), {"items": [], "pagination": 3}),
        (CALLS["patchListingsItem"], {"message": "ok"}),
        (lambda gateway: gateway.get_feed("1"), {"message": "ok"}),
        (lambda gateway: gateway.get_report("1"), {"feedId": "1"}),
        (lambda gateway: gateway.recent_feeds("X", datetime.now(timezone.utc)), {"feeds": None}),
    ],
)
def test_an_answer_that_is_none_means_unavailable(amazon, gateway, call, body):
    amazon.answers = [answer(body)]
    with pytest.raises(Unavailable) as caught:
        call(gateway)
    assert caught.value.code == "UnreadableAnswer"


# --- refusals ---


def test_a_refusal_has_amazons_words(amazon, gateway, operation):
    words = "The request has fields with invalid type [packageDetail.packageReferenceId]"
    amazon.answers = [answer({"errors": [{"code": "InvalidInput", "message": words}]}, 400)]
    with pytest.raises(InvalidRequest) as caught:
        CALLS[operation](gateway)
    assert (caught.value.operation, caught.value.code, caught.value.amazon_message) == (
        operation,
        "InvalidInput",
        words,
    )
    assert len(amazon.requests) == 1


def test_a_listing_that_the_seller_does_not_have_is_not_found(amazon, gateway):
    amazon.answers = [answer({"errors": [{"code": "NOT_FOUND", "message": "SKU 'X' not found."}]}, 404)]
    with pytest.raises(NotFound):
        gateway.get_listing(SELLER, "X", MARKETPLACE)


@pytest.mark.parametrize("status", [500, 503, 504])
def test_what_amazon_could_not_do_is_not_tried_again(amazon, gateway, operation, status):
    amazon.answers = [answer("<html></html>", status, "text/html")]
    with pytest.raises(Unavailable):
        CALLS[operation](gateway)
    assert len(amazon.requests) == 1


def test_a_refused_access_token_is_renewed_for_any_operation(amazon, gateway, operation):
    amazon.answers = [answer(EXPIRED, 403), SUCCESSES[operation]]
    CALLS[operation](gateway)
    assert [request.headers["x-amz-access-token"] for request in amazon.requests] == ["Atza|1", "Atza|2"]


# --- broken connections ---


@pytest.mark.parametrize(
    ("operation", "taken"),
    [("confirmShipment", 2), ("patchListingsItem", 2), ("createFeed", 1), ("createReport", 1)],
)
def test_only_what_may_be_repeated_is_sent_again(amazon, operation, taken):
    """A feed that was made twice would set quantities twice, the second time when others hold."""
    body = {"status": "ACCEPTED", "feedId": "1", "reportId": "1"}
    with BreakingServer(1, body) as server:
        with Gateway(
            CREDENTIALS, Endpoint(server.url, amazon.endpoint.token_url), "eu", tokens=AccessTokens()
        ) as gateway:
            if taken == 2:
                CALLS[operation](gateway)
            else:
                with pytest.raises(Unavailable) as caught:
                    CALLS[operation](gateway)
                assert (caught.value.operation, caught.value.status) == (operation, 0)
    assert server.taken == taken


def test_an_answer_that_does_not_come_is_not_waited_for_twice(amazon, operation):
    released = threading.Event()

    def never():
        released.wait(10)
        return answer({})

    amazon.answers = [never]
    try:
        with Gateway(CREDENTIALS, amazon.endpoint, "eu", timeout=(1, 0.2), tokens=AccessTokens()) as gateway:
            with pytest.raises(Unavailable) as caught:
                CALLS[operation](gateway)
    finally:
        released.set()
    assert caught.value.code == "ReadTimeout"
    assert len(amazon.requests) == 1


# --- quotas ---


class Quotas:
    """Keeps what it is told; ``left`` calls are allowed."""

    def __init__(self, left=100):
        self.left = left
        self.told = []

    def take(self, operation):
        self.told.append(("take", operation))
        if not self.left:
            raise Throttled(operation, retry_at=datetime(2030, 1, 1, tzinfo=timezone.utc))
        self.left -= 1

    def learn(self, operation, rate):
        self.told.append(("learn", operation, rate))

    def spent(self, operation, retry_at):
        self.told.append(("spent", operation, retry_at))


def limited(amazon, quotas):
    return Gateway(CREDENTIALS, amazon.endpoint, "eu", tokens=AccessTokens(), quotas=quotas)


def test_a_call_takes_from_its_quota_and_tells_the_rate_that_amazon_names(amazon):
    amazon.answers = [answer("", 204, x_amzn_RateLimit_Limit="2.0"), answer("", 204)]
    quotas = Quotas()
    with limited(amazon, quotas) as gateway:
        CALLS["confirmShipment"](gateway)
        CALLS["confirmShipment"](gateway)
    take = ("take", "confirmShipment")
    assert quotas.told == [take, ("learn", "confirmShipment", 2.0), take]


def test_without_quota_no_call_is_made(amazon):
    quotas = Quotas(left=0)
    with limited(amazon, quotas) as gateway, pytest.raises(Throttled) as caught:
        gateway.search_orders({})
    assert caught.value.retry_at.year == 2030
    assert not amazon.requests
    assert quotas.told == [("take", "searchOrders")]


def test_amazon_says_itself_that_the_quota_is_spent(amazon):
    amazon.answers = [answer({"errors": [{"code": "QuotaExceeded", "message": "You exceeded your quota."}]}, 429)]
    quotas = Quotas()
    with limited(amazon, quotas) as gateway, pytest.raises(Throttled) as caught:
        CALLS["createFeed"](gateway)
    assert quotas.told == [("take", "createFeed"), ("spent", "createFeed", caught.value.retry_at)]
    wait = caught.value.retry_at - datetime.now(timezone.utc)
    assert timedelta(seconds=110) < wait < timedelta(seconds=125)


def test_every_call_that_is_made_is_counted(amazon):
    """Also the one after a refused token, and the one after a broken connection."""
    amazon.answers = [answer(EXPIRED, 403), answer("", 204)]
    quotas = Quotas()
    with limited(amazon, quotas) as gateway:
        CALLS["confirmShipment"](gateway)
    assert len(quotas.told) == len(amazon.requests) == 2
    with BreakingServer(1, {}) as server:
        endpoint = Endpoint(server.url, amazon.endpoint.token_url)
        quotas = Quotas()
        with Gateway(CREDENTIALS, endpoint, "eu", tokens=AccessTokens(), quotas=quotas) as gateway:
            CALLS["confirmShipment"](gateway)
    assert len(quotas.told) == server.taken == 2


def test_a_token_that_is_not_given_costs_no_quota(amazon):
    quotas = Quotas()
    endpoint = Endpoint(amazon.endpoint.api_url, "http://127.0.0.1:9")
    with Gateway(CREDENTIALS, endpoint, "eu", tokens=AccessTokens(), quotas=quotas) as gateway:
        with pytest.raises(Unavailable):
            CALLS["confirmShipment"](gateway)
    assert not quotas.told
