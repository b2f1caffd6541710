"""Orders applied by the connector, against the same orders made by bare ORM: in batches, and one by one."""

from odoo.addons.amazon_connector import compat
from odoo.addons.amazon_connector.models.amazon_order_update import BATCH_SIZE

from . import fixture
from .measure import Measure, Row, measured

#: As bare as can be: what an importer switches off that wants to be fast.
QUIET = {"tracking_disable": True, "mail_create_nolog": True, "mail_create_nosubscribe": True}


def run(env, count=500):
    """Compare the ways to make `count` orders, each on orders of its own."""
    account = fixture.set_up(env)
    ways = {
        "connector": lambda orders: fixture.apply(env, account, orders),
        "batches": lambda orders: by_bare_orm(env, orders),
        "quiet": lambda orders: by_bare_orm(env(context={**env.context, **QUIET}), orders),
        "single": lambda orders: by_bare_orm(env, orders, batch_size=1),
    }
    for seed, way in enumerate(ways.values(), 10):  # what is computed once is computed now
        way(fixture.orders(20, seed))
    took = {name: Measure() for name in ways}
    # There and back: the database fills, and the machine is not equally fast all the time.
    for seed, name in enumerate([*ways, *reversed(ways)], 20):
        orders = fixture.orders(count // 2, seed)
        with measured(env) as measure:
            ways[name](orders)
        took[name].seconds += measure.seconds
        took[name].queries += measure.queries
    connector, batches, quiet, single = took.values()
    figures = ", ".join(f"{name} {count / measure.seconds:.1f}/s" for name, measure in took.items())
    queries = f"{connector.queries / count:.1f} against {batches.queries / count:.1f} an order"
    return [
        Row(
            "orders per second: connector / bare ORM in batches",
            batches.seconds / connector.seconds,
            ">=",
            0.90,
            figures,
        ),
        Row("the same, bare ORM without chatter", quiet.seconds / connector.seconds, ">=", 0.90, figures),
        Row(
            "orders per second: connector / bare ORM one by one", single.seconds / connector.seconds, ">=", 1.5, figures
        ),
        Row(
            "queries per order: connector / bare ORM in batches",
            connector.queries / batches.queries,
            "<=",
            1.15,
            queries,
        ),
    ]


def by_bare_orm(env, raw_orders, batch_size=BATCH_SIZE):
    """The same partners, orders and lines by `create`, confirmed together."""
    products = {product.default_code: product for product in env["product.product"].search([])}
    shipping = env.ref("amazon_connector.product_amazon_shipping")
    germany = env.ref("base.de")
    for start in range(0, len(raw_orders), batch_size):
        batch = raw_orders[start : start + batch_size]
        partners = env["res.partner"].create([_partner_vals(raw, germany) for raw in batch])
        orders = env["sale.order"].create(
            [_order_vals(raw, partner, products, shipping) for raw, partner in zip(batch, partners, strict=True)]
        )
        orders.action_confirm()
        compat.commit(env)


def _partner_vals(raw, country):
    address = raw["recipient"]["deliveryAddress"]
    return {
        "name": raw["buyer"]["buyerName"],
        "street": address["addressLine1"],
        "city": address["city"],
        "zip": address["postalCode"],
        "country_id": country.id,
    }


def _order_vals(raw, partner, products, shipping):
    lines = []
    for item in raw["orderItems"]:
        product = products[item["product"]["sellerSku"]]
        for part in item["proceeds"]["breakdowns"]:
            if part["type"] in ("ITEM", "SHIPPING"):
                is_item = part["type"] == "ITEM"
                quantity = item["quantityOrdered"] if is_item else 1
                lines.append(
                    {
                        "product_id": product.id if is_item else shipping.id,
                        "name": item["product"]["title"] if is_item else "Shipping",
                        "product_uom_qty": quantity,
                        "price_unit": float(part["subtotal"]["amount"]) / quantity,
                    }
                )
    return {"partner_id": partner.id, "origin": raw["orderId"], "order_line": [(0, 0, line) for line in lines]}
