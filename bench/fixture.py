"""A company with a linked account and products, orders as the simulator builds them, and a full database."""

import random
from datetime import datetime

from odoo.addons.amazon_connector import compat
from odoo.addons.amazon_connector.simulator.samples import build_order

SKUS = [f"BENCH-{number:03d}" for number in range(200)]
PAGE = 100  # orders that one call to Amazon brings
SELLER = "A1EXAMPLESELLEREU"


def set_up(env):
    """The account, and a product for every SKU of the orders."""
    env.company.currency_id = env.ref("base.EUR")
    taxes = env["account.tax"].search([("type_tax_use", "=", "sale"), ("company_id", "=", env.company.id)], limit=1)
    env["product.product"].create(
        [
            {"name": f"Product {sku}", "default_code": sku, "type": "consu", "is_storable": True, "taxes_id": taxes.ids}
            for sku in SKUS
        ]
    )
    germany = env.ref("amazon_connector.marketplace_de")
    account = env["amazon.account"].create(
        {
            "name": "Bench",
            "base_marketplace_id": germany.id,
            "available_marketplace_ids": [(6, 0, germany.ids)],
            "active_marketplace_ids": [(6, 0, germany.ids)],
            "state": "linked",
            "seller_key": "A1BENCH",
            "orders_from": datetime(2020, 1, 1),
        }
    )
    compat.commit(env)
    return account


def link(account, simulator):
    """Link the account with a simulated Amazon."""
    env = account.env
    for name, value in (
        ("simulator_url", simulator.url),
        ("application_id", simulator.APPLICATION_ID),
        ("lwa_client_id", simulator.CLIENT_ID),
        ("lwa_client_secret", simulator.CLIENT_SECRET),
    ):
        env["ir.config_parameter"].set_param(f"amazon_connector.{name}", value)
    account.write({"state": "draft", "seller_key": False})
    account.environment = "simulator"
    token = simulator.store.issue_refresh_token(SELLER)
    wizard = env["amazon.refresh.token"].create(
        {"account_id": account.id, "seller_key": SELLER, "refresh_token": token}
    )
    wizard.action_link()
    marketplace = account.base_marketplace_id
    account.write({"orders_from": "2020-01-01", "active_marketplace_ids": [(6, 0, marketplace.ids)]})
    compat.commit(env)
    return account


def orders(count, seed):
    """So many FBM orders of one to three items, in Amazon's shape; `seed` tells their references from others'."""
    chance = random.Random(seed)
    return [_order(chance, seed, number) for number in range(count)]


def _order(chance, seed, number):
    items = [
        {"sku": chance.choice(SKUS), "price": f"{chance.randint(500, 9000) / 100:.2f}"}
        for _item in range(chance.choice([1, 1, 1, 2, 3]))
    ]
    return build_order(
        "DE",
        order_id=f"3{seed:02d}-{number:07d}-0000001",
        items=items,
        shipping="4.99",
        buyer_name=f"Buyer {seed} {number}",
    )


def receive(env, account, raw_orders):
    """Put orders into the inbox, a page and a commit at a time, as fetching does."""
    for start in range(0, len(raw_orders), PAGE):
        env["amazon.order.update"]._receive(account, raw_orders[start : start + PAGE])
        compat.commit(env)


def apply(env, account, raw_orders):
    """Put orders into the inbox and apply them; fails where one did not come in."""
    receive(env, account, raw_orders)
    env["amazon.order.update"]._apply_pending(everything=True)
    left = env["amazon.order.update"].search_count([("state", "!=", "done")])
    if left:
        raise RuntimeError(f"{left} orders did not come in")


def multiply(env, table, record_id, count, **expressions):
    """Add `count` copies of a row by SQL; `expressions` are the columns that differ, `n` numbers the copies.

    :return: the id before that of the first copy
    """
    env.cr.execute(f'SELECT COALESCE(max(id), 0) FROM "{table}"')
    last = env.cr.fetchone()[0]
    env.cr.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, last])
    env.cr.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_generated = 'NEVER'", [table]
    )
    columns = [name for (name,) in env.cr.fetchall() if name != "id"]
    values = [expressions.get(name, f'"{name}"') for name in columns]
    names = ", ".join(f'"{name}"' for name in columns)
    env.cr.execute(
        f'INSERT INTO "{table}" ({names}) SELECT {", ".join(values)} '
        f'FROM "{table}", generate_series(1, %s) AS n WHERE id = %s',
        [count, record_id],
    )
    return last
