"""The operations of the Selling Partner API that are simulated.

Rates are the defaults of Amazon's models. A further API adds its handler in a file of its own and a row here.
"""

from collections.abc import Callable
from dataclasses import dataclass

from .orders_api import GET_PARAMETERS, SEARCH_PARAMETERS, get_order, search_orders
from .quotas import UsagePlan
from .sellers_api import get_marketplace_participations


@dataclass(frozen=True)
class Operation:
    """One operation. ``handler(store, seller, query, request, **path_arguments)`` returns the body of its answer."""

    name: str
    method: str
    rule: str
    handler: Callable
    usage_plan: UsagePlan
    parameters: dict


OPERATIONS = (
    Operation(
        "getMarketplaceParticipations",
        "GET",
        "/sellers/v1/marketplaceParticipations",
        get_marketplace_participations,
        UsagePlan(0.016, 15),
        {},
    ),
    Operation(
        "searchOrders", "GET", "/orders/2026-01-01/orders", search_orders, UsagePlan(0.0056, 20), SEARCH_PARAMETERS
    ),
    Operation("getOrder", "GET", "/orders/2026-01-01/orders/<order_id>", get_order, UsagePlan(0.5, 30), GET_PARAMETERS),
)
OPERATION_NAMES = tuple(operation.name for operation in OPERATIONS)
