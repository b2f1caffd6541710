"""Amazon's marketplaces as the Sellers API describes them.

Identifiers: https://developer-docs.amazon.com/sp-api/docs/marketplace-ids
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Marketplace:
    """One marketplace; ``region`` is na, eu or fe."""

    marketplace_id: str
    country_code: str
    region: str
    currency: str
    language: str
    domain: str
    name: str = ""

    @property
    def title(self):
        """The marketplace's name as orders show it, such as ``Amazon.co.uk``."""
        return self.name or "A" + self.domain[1:]


_ROWS = (
    ("A2EUQ1WTGCTBG2", "CA", "na", "CAD", "en_CA", "amazon.ca"),
    ("ATVPDKIKX0DER", "US", "na", "USD", "en_US", "amazon.com"),
    ("A1AM78C64UM0Y8", "MX", "na", "MXN", "es_MX", "amazon.com.mx"),
    ("A2Q3Y263D00KWC", "BR", "na", "BRL", "pt_BR", "amazon.com.br"),
    ("A28R8C7NBKEWEA", "IE", "eu", "EUR", "en_IE", "amazon.ie"),
    ("A1RKKUPIHCS9HS", "ES", "eu", "EUR", "es_ES", "amazon.es"),
    ("A1F83G8C2ARO7P", "GB", "eu", "GBP", "en_GB", "amazon.co.uk"),
    ("A13V1IB3VIYZZH", "FR", "eu", "EUR", "fr_FR", "amazon.fr"),
    ("AMEN7PMS3EDWL", "BE", "eu", "EUR", "fr_BE", "amazon.com.be"),
    ("A1805IZSGTT6HS", "NL", "eu", "EUR", "nl_NL", "amazon.nl"),
    ("A1PA6795UKMFR9", "DE", "eu", "EUR", "de_DE", "amazon.de"),
    ("APJ6JRA9NG5V4", "IT", "eu", "EUR", "it_IT", "amazon.it"),
    ("A2NODRKZP88ZB9", "SE", "eu", "SEK", "sv_SE", "amazon.se"),
    ("AE08WJ6YKNBMC", "ZA", "eu", "ZAR", "en_ZA", "amazon.co.za"),
    ("A1C3SOZRARQ6R3", "PL", "eu", "PLN", "pl_PL", "amazon.pl"),
    ("ARBP9OOSHTCHU", "EG", "eu", "EGP", "ar_EG", "amazon.eg"),
    ("A33AVAJ2PDY3EV", "TR", "eu", "TRY", "tr_TR", "amazon.com.tr"),
    ("A17E79C6D8DWNP", "SA", "eu", "SAR", "ar_SA", "amazon.sa"),
    ("A2VIGQ35RCS4UG", "AE", "eu", "AED", "ar_AE", "amazon.ae"),
    ("A21TJRUUN4KGV", "IN", "eu", "INR", "en_IN", "amazon.in"),
    ("A19VAU5U5O7RUS", "SG", "fe", "SGD", "en_SG", "amazon.sg"),
    ("A39IBJ37TRP1C6", "AU", "fe", "AUD", "en_AU", "amazon.com.au"),
    ("A1VC38T7YXB528", "JP", "fe", "JPY", "ja_JP", "amazon.co.jp"),
)
MARKETPLACES = {row[0]: Marketplace(*row) for row in _ROWS}

# Amazon lists these among a seller's marketplaces too; nothing is sold there under Amazon's name.
NON_AMAZON = {
    "A2ZV50J4W1RKNI": Marketplace(
        "A2ZV50J4W1RKNI", "US", "na", "USD", "en_US", "sim1.stores.amazon.com", "Non-Amazon US"
    ),
    "AZMDEXL2RVFNN": Marketplace(
        "AZMDEXL2RVFNN",
        "GB",
        "eu",
        "GBP",
        "en_GB",
        "siprodukmarketplace.stores.amazon.co.uk",
        "SI UK Prod Marketplace",
    ),
}
_BY_COUNTRY = {marketplace.country_code: marketplace for marketplace in MARKETPLACES.values()}


def find_marketplace(key):
    """The marketplace with this identifier or country code (UK is GB); KeyError when there is none."""
    return MARKETPLACES.get(key) or _BY_COUNTRY["GB" if key == "UK" else key]


def known_marketplace(marketplace_id):
    """The marketplace with this identifier, those that are not Amazon's included; None when there is none."""
    return MARKETPLACES.get(marketplace_id) or NON_AMAZON.get(marketplace_id)
