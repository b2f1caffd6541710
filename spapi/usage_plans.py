"""How often Amazon allows each operation to be called, where it does not say otherwise.

A bucket holds ``burst`` calls and is filled up again at ``rate`` calls a second; a call without one left is refused
(429). The numbers are the default usage plans of the operations' reference pages, for one seller and one application:
https://developer-docs.amazon.com/sp-api/docs/usage-plans-and-rate-limits
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class UsagePlan:
    """``rate`` calls a second, ``burst`` of them at once."""

    rate: float
    burst: int


USAGE_PLANS = {
    "getMarketplaceParticipations": UsagePlan(0.016, 15),
    "searchOrders": UsagePlan(0.0056, 20),
    "getOrder": UsagePlan(0.5, 30),
    "confirmShipment": UsagePlan(2, 10),
    "getListingsItem": UsagePlan(5, 10),
    "searchListingsItems": UsagePlan(5, 5),
    "patchListingsItem": UsagePlan(5, 5),
    "createFeedDocument": UsagePlan(0.5, 15),
    "createFeed": UsagePlan(0.0083, 15),
    "getFeed": UsagePlan(2, 15),
    "getFeeds": UsagePlan(0.0222, 10),
    "getFeedDocument": UsagePlan(0.0222, 10),
    "createReport": UsagePlan(0.0167, 15),
    "getReport": UsagePlan(2, 15),
    "getReportDocument": UsagePlan(0.0167, 15),
}
SLOWEST_RATE = 1 / 3600
CAUTIOUS = UsagePlan(SLOWEST_RATE, 1)


def usage_plan(operation: str) -> UsagePlan:
    """Amazon's default for an operation; the most cautious one for an operation that is not known."""
    return USAGE_PLANS.get(operation, CAUTIOUS)
