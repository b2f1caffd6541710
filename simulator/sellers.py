"""The sellers of the simulated Amazon, and what their authorizations allow."""

from dataclasses import dataclass, field

from .marketplaces import NON_AMAZON, find_marketplace, known_marketplace

# Roles: https://developer-docs.amazon.com/sp-api/docs/access-orders-pii
ORDER_TRACKING = "INVENTORY_AND_ORDER_TRACKING"
DIRECT_TO_CONSUMER = "DIRECT_TO_CONSUMER_SHIPPING"
TAX_INVOICING = "TAX_INVOICING"
TAX_REMITTANCE = "TAX_REMITTANCE"
TAX_ROLES = frozenset({TAX_INVOICING, TAX_REMITTANCE})
PRODUCT_LISTING = "PRODUCT_LISTING"
ROLES = frozenset({ORDER_TRACKING, DIRECT_TO_CONSUMER, PRODUCT_LISTING}) | TAX_ROLES


@dataclass
class Seller:
    """One seller account in one region.

    ``roles`` are those that the application has for this seller; without a role Amazon leaves data out of its
    answers, and without any it refuses. ``inactive_marketplace_ids`` are listed but not participated in.
    """

    seller_id: str
    name: str
    region: str
    marketplace_ids: list
    inactive_marketplace_ids: list = field(default_factory=list)
    other_marketplace_ids: list = field(default_factory=list)
    roles: set = field(default_factory=lambda: set(ROLES))

    @property
    def marketplaces(self):
        """The marketplaces on which the seller sells."""
        return [known_marketplace(marketplace_id) for marketplace_id in self.marketplace_ids]

    def participations(self):
        """The seller's marketplaces as ``getMarketplaceParticipations`` lists them."""
        listed = [*self.marketplace_ids, *self.other_marketplace_ids, *self.inactive_marketplace_ids]
        return [self._participation(known_marketplace(marketplace_id)) for marketplace_id in listed]

    def _participation(self, marketplace):
        domain = marketplace.domain
        return {
            "marketplace": {
                "id": marketplace.marketplace_id,
                "name": marketplace.title,
                "countryCode": marketplace.country_code,
                "defaultCurrencyCode": marketplace.currency,
                "defaultLanguageCode": marketplace.language,
                "domainName": domain if marketplace.marketplace_id in NON_AMAZON else f"www.{domain}",
            },
            "storeName": self.name,
            "participation": {
                "isParticipating": marketplace.marketplace_id not in self.inactive_marketplace_ids,
                "hasSuspendedListings": False,
            },
        }


def default_sellers():
    """Fresh default sellers, one in each region, by seller identifier."""
    sellers = [
        Seller(
            "A1EXAMPLESELLEREU",
            "Example Shop Europe",
            "eu",
            _ids("DE FR IT ES GB NL BE IE SE TR"),
            inactive_marketplace_ids=_ids("PL"),
            other_marketplace_ids=["AZMDEXL2RVFNN"],
        ),
        Seller(
            "A2EXAMPLESELLERNA",
            "Example Shop America",
            "na",
            _ids("US CA MX BR"),
            other_marketplace_ids=["A2ZV50J4W1RKNI"],
        ),
        Seller("A3EXAMPLESELLERFE", "Example Shop Pacific", "fe", _ids("JP AU SG")),
    ]
    return {seller.seller_id: seller for seller in sellers}


def _ids(country_codes):
    return [find_marketplace(code).marketplace_id for code in country_codes.split()]
