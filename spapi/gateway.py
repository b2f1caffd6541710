"""The one door to Amazon's Selling Partner API: a method for each operation, an error class for each kind of trouble.

The operations stand in ``operations``, by subject; how a call is made stands in ``calls``.
"""

from __future__ import annotations

from .operations.documents import DocumentOperations
from .operations.feeds import FeedOperations
from .operations.listings import ListingOperations
from .operations.orders import ALL_ORDER_DATA, PERSONAL_ORDER_DATA, OrderData, OrderOperations, OrdersPage
from .operations.reports import ReportOperations
from .operations.sellers import SellerOperations
from .operations.shipments import ShipmentOperations
from .participations import Participation

__all__ = ["ALL_ORDER_DATA", "PERSONAL_ORDER_DATA", "Gateway", "OrderData", "OrdersPage", "Participation"]


class Gateway(
    SellerOperations,
    OrderOperations,
    ShipmentOperations,
    ListingOperations,
    FeedOperations,
    ReportOperations,
    DocumentOperations,
):
    """Amazon's API for one seller account in one region. May be used by several threads; close it after use.

    Every method raises ``AuthorizationRevoked``, ``ClientRefused``, ``Unauthorized``, ``Throttled``, ``Unavailable``,
    ``InvalidRequest`` or ``NotFound``, which are all the kinds of ``SpApiError`` there are.
    """
