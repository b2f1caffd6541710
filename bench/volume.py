"""What an order costs in a database that is full, and the memory of a long run."""

from . import fixture
from .measure import Row, measured

SALES_ORDERS, PARTNERS, OFFERS = 200_000, 100_000, 50_000


def run(env, count=400):
    """The same number of orders before and after the database is filled."""
    account = fixture.set_up(env)
    fixture.apply(env, account, fixture.orders(100, 1))
    empty, full = fixture.orders(count, 2), fixture.orders(count, 3)
    with measured(env) as before:
        fixture.apply(env, account, empty)
    fill(env, account)
    fixture.apply(env, account, fixture.orders(50, 4))
    with measured(env) as after:
        fixture.apply(env, account, full)
    figures = f"{1000 * after.seconds / count:.1f} ms against {1000 * before.seconds / count:.1f} ms an order"
    return [
        Row(
            f"cost per order with {SALES_ORDERS:,} sales orders, {PARTNERS:,} partners, {OFFERS:,} offers / with few",
            after.seconds / before.seconds,
            "<=",
            1.15,
            figures,
        )
    ]


def fill(env, account):
    """Sales orders with a line, a delivery and a move each, partners and offers, as copies of real ones."""
    order = env["sale.order"].search([("amazon_account_id", "=", account.id)], limit=1)
    line, picking = order.order_line[0], order.picking_ids[0]
    partner, offer = order.partner_id, env["amazon.offer"].search([], limit=1)
    update = env["amazon.order.update"].search([("sale_order_id", "=", order.id)])
    reference = "'7' || lpad((n / 10000000)::text, 2, '0') || '-' || lpad(n::text, 7, '0') || '-0000002'"
    fixture.multiply(env, "res_partner", partner.id, PARTNERS, amazon_email="'copy' || n || '@marketplace.amazon.de'")
    first = fixture.multiply(
        env, "sale_order", order.id, SALES_ORDERS, name="'COPY' || n", amazon_order_ref=reference, access_token="NULL"
    )
    fixture.multiply(env, "sale_order_line", line.id, SALES_ORDERS, order_id=f"{first} + n", amazon_item_ref="'9' || n")
    fixture.multiply(
        env, "stock_picking", picking.id, SALES_ORDERS, name="'COPY/' || n", sale_id=f"{first} + n", state="'done'"
    )
    fixture.multiply(env, "stock_move", picking.move_ids[0].id, SALES_ORDERS, state="'done'", sale_line_id="NULL")
    fixture.multiply(env, "amazon_offer", offer.id, OFFERS, sku="'COPY-' || n")
    fixture.multiply(
        env,
        "amazon_order_update",
        update.id,
        SALES_ORDERS,
        amazon_order_ref=reference,
        sale_order_id=f"{first} + n",
    )
    env.cr.commit()  # pylint: disable=invalid-commit
    env.cr.execute("ANALYZE")
    env.invalidate_all()
