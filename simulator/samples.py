"""Sample orders in the shape of Orders API 2026-01-01, for the demo and for tests.

Every name, company and number in them is invented.

    build_order("DE")                                              # one mug, to be shipped by the seller
    build_order("US", items=[("MUG-RED-11OZ", 2)], shipping="5.99", gift_wrap="3.98", gift_message="Enjoy!")
    build_order("GB", channel="FBA", tax_mode="none")
    demo_orders(20, seed=7)                                        # varied, always the same for a seed
"""

import random
from datetime import datetime, timedelta, timezone
from decimal import Decimal

from .marketplaces import find_marketplace
from .sample_buyers import NAMES
from .sample_order import SampleOrder, order_id_for
from .sample_products import DEMO_PRODUCTS, PRODUCTS, UNKNOWN_PRODUCT, Product, price_in

__all__ = [
    "DEMO_PRODUCTS",
    "IMPORTED_KINDS",
    "KINDS",
    "PRODUCTS",
    "UNKNOWN_PRODUCT",
    "Product",
    "build_order",
    "demo_orders",
    "order_id_for",
]

# What a demo shows, the usual more often than the rare.
KINDS = {
    "fbm": {"weight": 4},
    "fbm_gift": {"weight": 1},
    "fbm_promotion": {"weight": 1},
    "fbm_business": {"weight": 1, "business": True},
    "fbm_partially_shipped": {"weight": 1, "status": "PARTIALLY_SHIPPED"},
    "fba": {"weight": 3, "channel": "FBA", "programs": ("PRIME",)},
    "fbm_cancelled": {"weight": 1, "status": "CANCELLED"},
    "fbm_pending": {"weight": 1, "status": "PENDING"},
}
# The kinds that become orders in a seller's system at once.
IMPORTED_KINDS = ("fbm", "fbm_gift", "fbm_promotion", "fbm_business", "fba")
SERVICE_LEVELS = ("STANDARD", "EXPEDITED", "NEXT_DAY")


def build_order(marketplace="DE", channel="FBM", status="", items=("MUG-RED-11OZ",), **options):
    """One valid order, whose amounts add up.

    :param marketplace: country code or marketplace identifier
    :param channel: FBM (the seller ships) or FBA (Amazon ships)
    :param status: fulfillment status; UNSHIPPED for FBM and SHIPPED for FBA when left out
    :param items: SKUs, (SKU, quantity) pairs or dicts with sku, quantity, price (of one unit) and any of title,
        asin, item_id, amount (of all units, where it is not price times quantity), shipping, gift_wrap,
        gift_message, gift_wrap_level, discount, shipping_discount, tax, promotion_ids, serial_numbers

    Options:

    - order_id, seller_order_id, programs, service_level, buyer_name
    - age: seconds since the last update (300); created and updated (aware datetimes) name the times exactly
    - shipping, gift_wrap, gift_message, gift_wrap_level, discount, shipping_discount: of the first item; amounts
      are positive
    - discount_sign: -1 (default) or 1, the sign with which DISCOUNT is shown
    - tax_mode: "beside" the amounts, "inside" them, or "none" told; tax_rate in percent; facilitator: whether Amazon
      collects the tax. What is usual in the country when left out
    - personal_data: whether buyer and recipient are known (default)
    - business: bought by a company, with VAT number and purchase order number
    """
    return SampleOrder(marketplace, channel, status, tuple(items), **options).build()


def demo_orders(count=20, seed=1, marketplaces=("DE", "FR", "IT", "ES", "GB"), kinds=tuple(KINDS), now=None, span=3600):
    """Varied orders, oldest first; always the same for the same arguments.

    :param kinds: some of ``KINDS``; ``IMPORTED_KINDS`` leaves out what a connector ignores or has to cancel
    :param now: aware datetime; the last order was updated three minutes before, the first ``span`` seconds earlier
    """
    dice = random.Random(seed)
    weighted = [kind for kind in kinds for _times in range(KINDS[kind]["weight"])]
    latest = (now or datetime.now(timezone.utc)) - timedelta(minutes=3)
    orders, cycle = [], []
    for index in range(count):
        if not cycle:
            # Every kind comes once before the draw starts again, so that a short demo shows them all.
            cycle = dice.sample(weighted, len(weighted))
        updated = latest - timedelta(seconds=span * (count - 1 - index) / max(count, 1))
        number = 5_000_000 + (seed * 20_000 + index) % 4_000_000
        marketplace = find_marketplace(marketplaces[index % len(marketplaces)])
        orders.append(_demo_order(dice, cycle.pop(), marketplace, number, updated))
    return orders


def _demo_order(dice, kind, marketplace, number, updated):
    options = {name: value for name, value in KINDS[kind].items() if name != "weight"}
    skus = dice.sample(sorted(PRODUCTS), dice.choice((1, 1, 1, 2, 3)))
    items = [(sku, dice.choice((1, 1, 1, 2, 3))) for sku in skus]

    def price(euros):
        return price_in(Decimal(euros), marketplace.currency)

    if kind == "fbm_partially_shipped":
        items[0] = (items[0][0], 3)
    if kind == "fbm_gift":
        options.update(gift_wrap=price(3), gift_message="Happy birthday!\nFrom Jane", gift_wrap_level="classic")
    if kind == "fbm_promotion":
        options.update(discount=price(2), shipping=price(4), shipping_discount=price(1))
    if kind in ("fbm", "fbm_business") and dice.random() < 0.6:
        options["shipping"] = price(dice.choice((3, 5, 9)))
    return build_order(
        marketplace.marketplace_id,
        items=items,
        order_id=order_id_for(number, marketplace.country_code),
        created=updated - timedelta(minutes=dice.randint(2, 30)),
        updated=updated,
        buyer_name=dice.choice(NAMES),
        service_level=dice.choice(SERVICE_LEVELS),
        **options,
    )
