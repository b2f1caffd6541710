"""The invented products that the simulated sellers sell."""

from dataclasses import dataclass
from decimal import Decimal

# What one euro's worth costs elsewhere, roughly: enough for prices that look right.
_FACTORS = {
    "EUR": "1",
    "USD": "1",
    "GBP": "0.9",
    "CAD": "1.4",
    "AUD": "1.6",
    "SGD": "1.5",
    "MXN": "20",
    "BRL": "6",
    "SEK": "11",
    "PLN": "4.3",
    "TRY": "45",
    "JPY": "160",
    "ZAR": "20",
    "EGP": "50",
    "SAR": "4",
    "AED": "4",
    "INR": "100",
}
WITHOUT_DECIMALS = {"JPY"}


@dataclass(frozen=True)
class Product:
    """A product on offer; ``price`` is in euros, as the buyer sees it."""

    sku: str
    name: str
    asin: str
    price: Decimal

    def price_in(self, currency):
        """The price in another currency, a Decimal at that currency's precision."""
        return price_in(self.price, currency)


def price_in(euros, currency):
    """A price in euros (Decimal) as a similar price in another currency."""
    return round_money(euros * Decimal(_FACTORS[currency]), currency)


def round_money(amount, currency):
    """``amount`` (Decimal, int or text) at the precision of ``currency``."""
    return Decimal(amount).quantize(Decimal("1") if currency in WITHOUT_DECIMALS else Decimal("0.01"))


DEMO_PRODUCTS = (
    Product("MUG-RED-11OZ", "Ceramic mug, red, 11 oz", "B0EXAMPLE1", Decimal("14.99")),
    Product("POSTER-A2", "Poster A2, mountains", "B0EXAMPLE2", Decimal("12.00")),
    Product("NOTEBOOK-A5", "Notebook A5, dotted, 120 pages", "B0EXAMPLE3", Decimal("9.95")),
    Product("CANDLE-VANILLA", "Scented candle, vanilla", "B0EXAMPLE4", Decimal("7.49")),
    Product("BACKPACK-20L", "City backpack, 20 litres, grey", "B0EXAMPLE5", Decimal("49.90")),
    Product("LAMP-DESK-OAK", "Desk lamp, oak", "B0EXAMPLE6", Decimal("64.00")),
)
# Sold on Amazon but left out of the catalogue: what happens to an SKU that nobody in the company knows.
UNKNOWN_PRODUCT = Product("STICKERS-50", "Sticker set, 50 pieces", "B0EXAMPLE7", Decimal("4.99"))
PRODUCTS = {product.sku: product for product in (*DEMO_PRODUCTS, UNKNOWN_PRODUCT)}
