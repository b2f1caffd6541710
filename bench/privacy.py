"""What deleting a buyer's data costs, in the database of a seller who has sold for years."""

from . import fixture, volume
from .measure import Row, measured


def run(env, count=2_000):
    """The same orders applied, and then deleted as the daily run does it, among 200,000 of earlier days."""
    account = fixture.set_up(env)
    fixture.apply(env, account, fixture.orders(100, 1))
    volume.fill(env, account)
    env["sale.order"].search([]).amazon_erased_on = "2026-01-01"
    fixture.apply(env, account, fixture.orders(50, 2))
    with measured(env) as applying:
        fixture.apply(env, account, fixture.orders(count, 3))
    due = env["sale.order"].search([("amazon_erased_on", "=", False)])
    deliver(env, due)
    with measured(env) as deleting:
        account._delete_due_personal_data()
    if not all(due.mapped("amazon_erased_on")) or not all(due.partner_id.mapped("amazon_erased_on")):
        raise RuntimeError("Not all that is due was deleted")
    figures = f"{1000 * deleting.seconds / count:.1f} ms against {1000 * applying.seconds / count:.1f} ms an order"
    what = f"cost of deleting the data of {count:,} orders, among 200,000 / of making them"
    return [
        Row(what, deleting.seconds / applying.seconds, "<=", 0.5, figures),
        Row("queries to delete an order's data", deleting.queries / len(due), "<=", 10),
    ]


def deliver(env, orders):
    """Make orders delivered long ago, and their contacts as old."""
    orders.amazon_delivered_on = "2026-02-01"
    env.flush_all()
    pickings, partners = orders.picking_ids, orders._amazon_buyer_partners()
    env.cr.execute("UPDATE stock_picking SET state = 'done' WHERE id = ANY(%s)", [pickings.ids])
    env.cr.execute("UPDATE stock_move SET state = 'done' WHERE picking_id = ANY(%s)", [pickings.ids])
    env.cr.execute("UPDATE sale_order_line SET qty_delivered = product_uom_qty WHERE order_id = ANY(%s)", [orders.ids])
    env.cr.execute("UPDATE res_partner SET create_date = '2026-01-01' WHERE id = ANY(%s)", [partners.ids])
    env.cr.commit()  # pylint: disable=invalid-commit
    env.cr.execute("ANALYZE")
    env.invalidate_all()
