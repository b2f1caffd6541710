"""What happens to orders: taken in, changed, shipped, cancelled; by tests and on the control page."""

from datetime import timedelta

import official
import pytest
from amazon_client import EU, NA, NOW, Client

from simulator.clock import to_text
from simulator.samples import build_order

ORDER_ID = "302-1234567-1234567"


@pytest.fixture
def order(sim, eu):
    """The order of two mugs and a poster, as getOrder shows it now."""
    items = [{"sku": "MUG-RED-11OZ", "quantity": 2, "item_id": "1"}, {"sku": "POSTER-A2", "item_id": "2"}]
    sim.store.add_order(EU, build_order(items=items, order_id=ORDER_ID, updated=NOW - timedelta(hours=1)))
    return lambda: eu.get(ORDER_ID).json()["order"]


def test_an_order_without_its_head_is_an_error_of_the_test(sim):
    with pytest.raises(ValueError, match="lacks createdTime, salesChannel"):
        sim.store.add_order(EU, {"orderId": ORDER_ID, "lastUpdatedTime": to_text(NOW), "orderItems": []})


def test_an_identifier_that_amazon_would_not_give_is_an_error_of_the_test(sim):
    with pytest.raises(ValueError, match="not an Amazon order identifier"):
        sim.store.add_order(EU, build_order(order_id="TEST-1"))


def test_an_order_of_an_unknown_seller_is_an_error_of_the_test(sim):
    with pytest.raises(KeyError):
        sim.store.add_order("A0UNKNOWN", build_order())


def test_age_makes_an_order_that_is_found_at_once(sim, eu):
    sim.store.add_order(EU, build_order(order_id=ORDER_ID), age=150)
    assert eu.search_ids() == [ORDER_ID]
    assert eu.get(ORDER_ID).json()["order"]["lastUpdatedTime"] == to_text(NOW - timedelta(seconds=150))


def test_the_store_keeps_a_copy(sim, eu):
    given = build_order(order_id=ORDER_ID)
    sim.store.add_order(EU, given)
    given["orderItems"].clear()
    assert len(eu.get(ORDER_ID).json()["order"]["orderItems"]) == 1


def test_adding_an_order_again_replaces_it(sim, eu):
    for sku in ("MUG-RED-11OZ", "POSTER-A2"):
        sim.store.add_order(EU, build_order(items=[sku], order_id=ORDER_ID))
    assert eu.get(ORDER_ID).json()["order"]["orderItems"][0]["product"]["sellerSku"] == "POSTER-A2"


def test_an_update_merges_and_counts_as_an_update_now(sim, order):
    sim.store.update_order(ORDER_ID, fulfillment={"fulfillmentServiceLevel": "EXPEDITED"}, programs=["PRIME"])
    now = order()
    assert now["fulfillment"]["fulfillmentServiceLevel"] == "EXPEDITED"
    assert now["fulfillment"]["fulfillmentStatus"] == "UNSHIPPED"
    assert (now["programs"], now["lastUpdatedTime"]) == (["PRIME"], to_text(NOW))


def test_an_update_can_name_its_time(sim, order):
    sim.store.update_order(ORDER_ID, lastUpdatedTime="2026-11-23T11:30:00.000Z")
    assert order()["lastUpdatedTime"] == "2026-11-23T11:30:00.000Z"
    assert sim.store.orders[ORDER_ID].updated_at == NOW - timedelta(minutes=30)


def quantities(order):
    rows = [item["fulfillment"] for item in order["orderItems"]]
    return [(row["quantityFulfilled"], row["quantityUnfulfilled"]) for row in rows]


def test_shipping_an_order_fulfils_it_and_adds_the_package(sim, order):
    sim.store.ship_order(ORDER_ID, carrier="UPS", tracking_number="1Z999")
    shipped = order()
    assert shipped["fulfillment"]["fulfillmentStatus"] == "SHIPPED"
    assert quantities(shipped) == [(2, 0), (1, 0)]
    (package,) = shipped["packages"]
    assert (package["carrier"], package["trackingNumber"]) == ("UPS", "1Z999")
    assert package["packageItems"] == [{"orderItemId": "1", "quantity": 2}, {"orderItemId": "2", "quantity": 1}]


def test_shipping_a_part_leaves_the_rest(sim, order):
    sim.store.ship_order(ORDER_ID, quantities={"1": 1})
    assert order()["fulfillment"]["fulfillmentStatus"] == "PARTIALLY_SHIPPED"
    assert quantities(order()) == [(1, 1), (0, 1)]
    sim.store.ship_order(ORDER_ID)
    assert order()["fulfillment"]["fulfillmentStatus"] == "SHIPPED"
    assert [package["packageReferenceId"] for package in order()["packages"]] == ["1", "2"]


def test_nothing_is_shipped_twice(sim, order):
    sim.store.ship_order(ORDER_ID)
    with pytest.raises(ValueError, match="nothing left to ship"):
        sim.store.ship_order(ORDER_ID)


def test_amazons_own_shipments_show_no_package(sim, eu):
    sim.store.add_order(EU, build_order(channel="FBA", status="UNSHIPPED", order_id=ORDER_ID))
    sim.store.ship_order(ORDER_ID)
    assert "packages" not in eu.get(ORDER_ID).json()["order"]


def test_a_cancelled_order_shows_neither_buyer_nor_money(sim, order):
    sim.store.cancel_order(ORDER_ID, by="SELLER", reason="NoInventory")
    cancelled = order()
    assert cancelled["fulfillment"]["fulfillmentStatus"] == "CANCELLED"
    assert not {"buyer", "recipient", "proceeds", "payment"} & set(cancelled)
    assert quantities(cancelled) == [(0, 0), (0, 0)]
    execution = cancelled["orderItems"][0]["cancellation"]["cancellationExecution"]
    assert execution == {"cancelledBy": "SELLER", "cancelReason": "NoInventory"}


def test_a_buyer_can_ask_for_a_cancellation(sim, order):
    sim.store.request_cancellation(ORDER_ID)
    item = order()["orderItems"][0]
    assert item["cancellation"]["cancellationRequest"]["requester"] == "BUYER"
    assert order()["fulfillment"]["fulfillmentStatus"] == "UNSHIPPED"


def test_reset_goes_back_to_the_beginning(sim, eu, order):
    sim.store.add_fault("searchOrders", "throttled")
    sim.store.application.client_secret = "changed"
    sim.store.application.is_draft = True
    del sim.store.sellers[NA]
    sim.store.reset()
    assert (len(sim.store.orders), len(sim.store.calls), len(sim.store.sellers)) == (0, 0, 3)
    assert (sim.store.faults.coming, sim.store.application.is_draft) == ([], False)
    assert eu.token().json()["error"] == "invalid_grant"
    assert Client(sim, EU).search().status_code == 200


# Amazon's own example orders

needs_models = pytest.mark.skipif(not official.available(), reason=official.MISSING)
SELLER_OF_REGION = {"eu": EU, "na": NA, "fe": "A3EXAMPLESELLERFE"}
EVERYTHING = (
    "BUYER,RECIPIENT,PROCEEDS,EXPENSE,PROMOTION,CANCELLATION,FULFILLMENT,PACKAGES,TAX,PAYMENT,FULFILLMENT_ORDERS"
)


def official_orders():
    """Every official order, as parameters that are named after it."""
    orders = [*official.sandbox_orders(), *official.sample_orders()] if official.available() else []
    unique = {order["orderId"]: order for order in orders}
    return [pytest.param(order, id=order_id) for order_id, order in unique.items()]


def seller_for(sim, order):
    marketplace_id = order["salesChannel"]["marketplaceId"]
    return next(seller for seller in sim.store.sellers.values() if marketplace_id in seller.marketplace_ids)


@needs_models
@pytest.mark.parametrize("order", official_orders())
def test_an_official_order_is_served_unchanged(sim, order):
    seller = seller_for(sim, order)
    sim.store.add_order(seller.seller_id, order, verbatim=True)
    client = Client(sim, seller.seller_id)
    assert client.get(order["orderId"], EVERYTHING).json()["order"] == order
    answer = client.search(createdAfter="2024-12-20T00:00:00Z", includedData=EVERYTHING).json()
    assert answer["orders"] == [order]


@needs_models
def test_there_are_official_orders():
    assert len(official_orders()) >= 9
