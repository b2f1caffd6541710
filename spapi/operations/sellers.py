"""The seller's marketplaces: Sellers API. https://developer-docs.amazon.com/sp-api/docs/sellers-api"""

from __future__ import annotations

from ..calls import Calls
from ..participations import Participation, parse_participations


class SellerOperations(Calls):
    """The seller's marketplaces."""

    def marketplace_participations(self) -> list[Participation]:
        """The marketplaces of the seller in this region, known to us or not."""
        operation = "getMarketplaceParticipations"
        answer = self._call(operation, lambda api: api.sellers.get_marketplace_participation())
        entries = answer.body.get("payload")
        if not isinstance(entries, list):
            raise self._unreadable(operation, answer)
        return parse_participations(entries)
