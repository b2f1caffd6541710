"""The stock of 50,000 offers: compared with what Amazon confirmed, and what changed sent to the simulator."""

import tempfile

from odoo.addons.amazon_connector import compat
from odoo.addons.amazon_connector.simulator import Simulator
from odoo.addons.amazon_connector.spapi.listings import quantity_patch
from odoo.addons.amazon_connector.spapi.listings_feed import FEED_LIMIT, FeedMessage, feed_document

from . import fixture
from .measure import Row, measured

OFFERS = 50_000
CHANGED = 1_000


def run(env):
    """Compare and send, against reading the free quantity of the same products."""
    simulator = Simulator().start()
    try:
        account = fixture.link(fixture.set_up(env), simulator)
        offers = _fill(env, account, simulator.store)
        return [_compare_and_send(env, account, offers, simulator.store), _build_feed(env)]
    finally:
        simulator.stop()


def _compare_and_send(env, account, offers, store):
    products = env["product.product"].browse(offers.product_id.ids)  # read together, though the offers are forgotten
    _confirm(env, offers)
    _change_stock(env, products[:CHANGED], 1)
    with measured(env) as read:
        products.with_context(warehouse_id=account.warehouse_id.id).mapped("free_qty")
    with measured(env) as pushed:
        offers._compare_stock()
        compat.commit(env)
        account._push_stock()
    sent = env["amazon.feed"].search([], limit=1).line_count
    if sent != CHANGED:
        raise RuntimeError(f"{sent} of {CHANGED} changed offers were sent")
    figures = f"{pushed.seconds:.1f} s against {read.seconds:.1f} s; {CHANGED:,} changed, {pushed.queries} queries"
    return Row(
        f"{OFFERS:,} offers compared, the changed sent / their free quantity read",
        pushed.seconds / read.seconds,
        "<=",
        1.3,
        figures,
    )


def _confirm(env, offers):
    """Have Amazon know the quantities that there are."""
    offers._compare_stock()
    env.flush_all()
    env.cr.execute(
        "UPDATE amazon_offer SET confirmed_quantity = stock_quantity, confirmed_on = now() AT TIME ZONE 'UTC', "
        "stock_state = 'done'"
    )
    env.invalidate_all()
    compat.commit(env)


def _change_stock(env, products, difference):
    env.cr.execute(
        "UPDATE stock_quant SET quantity = quantity + %s WHERE product_id = ANY(%s)", [difference, products.ids]
    )
    env.invalidate_all()
    compat.commit(env)


def _build_feed(env):
    messages = (
        FeedMessage(number, f"SKU-{number:06d}", "PRODUCT", quantity_patch(number % 100))
        for number in range(1, FEED_LIMIT + 1)
    )
    with measured(env) as took, tempfile.TemporaryFile() as document:
        for part in feed_document("A1BENCH", messages):
            document.write(part)
        size = document.tell()
    figures = f"{size / 2**20:.1f} MB in {took.seconds:.1f} s"
    return Row(f"megabytes that building a submission of {FEED_LIMIT:,} adds", took.megabytes, "<=", 64, figures)


def _fill(env, account, store):
    """Products with stock, and an offer of each that Amazon lists."""
    product = env["product.product"].search([("default_code", "=", fixture.SKUS[0])])
    location = account.warehouse_id.lot_stock_id
    env["stock.quant"]._update_available_quantity(product, location, 10)
    offer = env["amazon.offer"].create(
        {
            "account_id": account.id,
            "marketplace_id": account.base_marketplace_id.id,
            "sku": "COPY-0",
            "product_id": product.id,
            "listing_channel": "DEFAULT",
            "listing_seen_on": "2026-01-01",
        }
    )
    account.synchronize_inventory = True
    env.flush_all()
    quant = env["stock.quant"].search([("product_id", "=", product.id), ("location_id", "=", location.id)])
    first = fixture.multiply(env, "product_template", product.product_tmpl_id.id, OFFERS - 1)
    first_product = fixture.multiply(
        env,
        "product_product",
        product.id,
        OFFERS - 1,
        product_tmpl_id=f"{first} + n",
        default_code="'COPY-' || n",
        barcode="NULL",
    )
    of_product = f"{first_product} + n"
    fixture.multiply(env, "stock_quant", quant.id, OFFERS - 1, product_id=of_product, quantity="10 + mod(n, 90)")
    fixture.multiply(env, "amazon_offer", offer.id, OFFERS - 1, product_id=of_product, sku="'COPY-' || n")
    env.cr.execute("UPDATE amazon_offer SET listing_seen_on = now() AT TIME ZONE 'UTC'")
    env.cr.commit()  # pylint: disable=invalid-commit
    env.cr.execute("ANALYZE")
    env.invalidate_all()
    for number in range(OFFERS):
        store.add_listing(fixture.SELLER, f"COPY-{number}")
    return env["amazon.offer"].search([("account_id", "=", account.id)])
