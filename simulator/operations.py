"""The operations of the Selling Partner API that are simulated.

Rates are the defaults of Amazon's models. A further API adds its handler in a file of its own and a row here.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from . import listings_api, orders_api, shipments_api
from .quotas import UsagePlan
from .sellers import DIRECT_TO_CONSUMER, ORDER_TRACKING, PRODUCT_LISTING, ROLES
from .sellers_api import get_marketplace_participations

SELLING = frozenset({PRODUCT_LISTING})
ORDERS = "/orders/2026-01-01/orders"
LISTINGS = "/listings/2021-08-01/items/<seller_id>"


@dataclass(frozen=True)
class Operation:
    """One operation. ``handler(store, seller, query, request, **path_arguments)`` returns the body of its answer.

    :param parameters: the declared query parameters by name
    :param body: the declaration of the request's body (see bodies.py); the handler then gets it as ``body=``
    :param status: that of a success; 204 has no body
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
)
OPERATION_NAMES = tuple(operation.name for operation in OPERATIONS)
