"""Sellers API v1: getMarketplaceParticipations.

Model: https://developer-docs.amazon.com/sp-api/docs/sellers-api-v1-reference
"""


def get_marketplace_participations(store, seller, query, request):
    """The marketplaces of the seller, those that are not Amazon's or not participated in included."""
    return {"payload": seller.participations()}
