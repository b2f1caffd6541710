"""The operations of the Selling Partner API that are simulated.

Rates are the defaults of Amazon's models. A further API adds its handler in a file of its own and a row here.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from . import feeds_api, listings_api, orders_api, reports_api, shipments_api
from .quotas import UsagePlan
from .sellers import DIRECT_TO_CONSUMER, ORDER_TRACKING, PRODUCT_LISTING, ROLES
from .sellers_api import get_marketplace_participations

SELLING = frozenset({PRODUCT_LISTING})
FEEDS = "/feeds/2021-06-30"
REPORTS = "/reports/2021-06-30"
ORDERS = "/orders/2026-01-01/orders"
LISTINGS = "/listings/2021-08-01/items/<seller_id>"


@dataclass(frozen=True)
class Operation:
    """One operation. ``handler(store, seller, query, request, **path_arguments)`` returns the body of its answer.

    :param parameters: the declared query parameters by name
    :param body: the declaration of the request's body (see bodies.py); the handler then gets it as ``body=``
    :param status: that of a success; the answer has no body where the handler returns None
    :param roles: one of these is needed
    """

    name: str
    method: str
    rule: str
    handler: Callable
    usage_plan: UsagePlan
    parameters: dict = field(default_factory=dict)
    body: dict | None = None
    status: int = 200
    roles: frozenset = ROLES


OPERATIONS = (
    Operation(
        "getMarketplaceParticipations",
        "GET",
        "/sellers/v1/marketplaceParticipations",
        get_marketplace_participations,
        UsagePlan(0.016, 15),
    ),
    Operation(
        "searchOrders", "GET", ORDERS, orders_api.search_orders, UsagePlan(0.0056, 20), orders_api.SEARCH_PARAMETERS
    ),
    Operation(
        "getOrder", "GET", f"{ORDERS}/<order_id>", orders_api.get_order, UsagePlan(0.5, 30), orders_api.GET_PARAMETERS
    ),
    Operation(
        "confirmShipment",
        "POST",
        "/orders/v0/orders/<order_id>/shipmentConfirmation",
        shipments_api.confirm_shipment,
        UsagePlan(2, 10),
        body=shipments_api.CONFIRMATION,
        status=204,
        roles=frozenset({ORDER_TRACKING, DIRECT_TO_CONSUMER}),
    ),
    Operation(
        "searchListingsItems",
        "GET",
        LISTINGS,
        listings_api.search_listings_items,
        UsagePlan(5, 5),
        listings_api.SEARCH_PARAMETERS,
        roles=SELLING,
    ),
    Operation(
        "getListingsItem",
        "GET",
        f"{LISTINGS}/<path:sku>",
        listings_api.get_listings_item,
        UsagePlan(5, 10),
        listings_api.GET_PARAMETERS,
        roles=SELLING,
    ),
    Operation(
        "patchListingsItem",
        "PATCH",
        f"{LISTINGS}/<path:sku>",
        listings_api.patch_listings_item,
        UsagePlan(5, 5),
        listings_api.PATCH_PARAMETERS,
        body=listings_api.PATCHES,
        roles=SELLING,
    ),
    Operation(
        "createFeedDocument",
        "POST",
        f"{FEEDS}/documents",
        feeds_api.create_feed_document,
        UsagePlan(0.5, 15),
        body=feeds_api.DOCUMENT,
        status=201,
    ),
    Operation(
        "getFeedDocument",
        "GET",
        f"{FEEDS}/documents/<document_id>",
        feeds_api.get_feed_document,
        UsagePlan(0.0222, 10),
        feeds_api.GET_DOCUMENT_PARAMETERS,
    ),
    Operation(
        "createFeed",
        "POST",
        f"{FEEDS}/feeds",
        feeds_api.create_feed,
        UsagePlan(0.0083, 15),
        body=feeds_api.FEED,
        status=202,
    ),
    Operation(
        "getFeeds", "GET", f"{FEEDS}/feeds", feeds_api.get_feeds, UsagePlan(0.0222, 10), feeds_api.LIST_PARAMETERS
    ),
    Operation("getFeed", "GET", f"{FEEDS}/feeds/<feed_id>", feeds_api.get_feed, UsagePlan(2, 15)),
    Operation("cancelFeed", "DELETE", f"{FEEDS}/feeds/<feed_id>", feeds_api.cancel_feed, UsagePlan(2, 15)),
    Operation(
        "createReport",
        "POST",
        f"{REPORTS}/reports",
        reports_api.create_report,
        UsagePlan(0.0167, 15),
        body=reports_api.REPORT,
        status=202,
    ),
    Operation(
        "getReports",
        "GET",
        f"{REPORTS}/reports",
        reports_api.get_reports,
        UsagePlan(0.0222, 10),
        reports_api.LIST_PARAMETERS,
    ),
    Operation("getReport", "GET", f"{REPORTS}/reports/<report_id>", reports_api.get_report, UsagePlan(2, 15)),
    Operation(
        "cancelReport", "DELETE", f"{REPORTS}/reports/<report_id>", reports_api.cancel_report, UsagePlan(0.0222, 10)
    ),
    Operation(
        "getReportDocument",
        "GET",
        f"{REPORTS}/documents/<document_id>",
        reports_api.get_report_document,
        UsagePlan(0.0167, 15),
        reports_api.GET_DOCUMENT_PARAMETERS,
    ),
)
OPERATION_NAMES = tuple(operation.name for operation in OPERATIONS)
