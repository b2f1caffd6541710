"""What a user does to link a seller and fetch its orders, done over HTTP in a running Odoo."""

import re
import sys
from urllib.parse import urljoin

import lxml.html
import requests
from console import Failure
from folders import REPOSITORY
from odoo_rpc import Odoo

sys.path.append(str(REPOSITORY))
import simulator
from simulator.samples import DEMO_PRODUCTS

ACCOUNT = "Demo Seller Europe"
HOME_MARKETPLACE = "A1PA6795UKMFR9"  # Germany
ORDERS, SEED = 24, 7
ORDERS_FROM = "2000-01-01 00:00:00"  # the demo's orders are older than the link


def synchronize(odoo_url, database, amazon_url):
    """Activate, link and synchronize what is not yet; a table of the orders as text."""
    odoo = Odoo(odoo_url, database, "admin", "admin")
    activate(odoo, amazon_url)
    account = find_or_create_account(odoo)
    if odoo.read("amazon.account", account, ["state"])["state"] != "linked":
        link(odoo, account, amazon_url)
        create_products(odoo)
        generate_orders(odoo, account, amazon_url)
    odoo.call("amazon.account", "action_sync_orders", [account])
    orders = read_orders(odoo, account)
    fields = ["amazon_order_ref", "state", "error"]
    updates = odoo.call("amazon.order.update", "search_read", [("account_id", "=", account)], fields)
    report = f"{table(orders)}\n{summary(orders, updates)}"
    check(orders, updates)
    return report


def activate(odoo, amazon_url):
    """Sales > Configuration > Settings > Connectors: Amazon Sync, with the application's credentials."""
    odoo.call("ir.config_parameter", "set_param", "amazon_connector.simulator_url", amazon_url)
    settings = {
        "group_amazon_sync": True,
        "amazon_application_id": simulator.APPLICATION_ID,
        "amazon_lwa_client_id": simulator.CLIENT_ID,
        "amazon_lwa_client_secret": simulator.CLIENT_SECRET,
    }
    odoo.call("res.config.settings", "execute", [odoo.create("res.config.settings", settings)])


def find_or_create_account(odoo):
    """Identifier of the demo's account."""
    found = odoo.call("amazon.account", "search", [("name", "=", ACCOUNT)])
    if found:
        return found[0]
    home = odoo.call("amazon.marketplace", "search", [("api_ref", "=", HOME_MARKETPLACE)])
    values = {"name": ACCOUNT, "environment": "simulator", "base_marketplace_id": home[0]}
    return odoo.create("amazon.account", values)


def link(odoo, account, amazon_url):
    """Link with Amazon: to the consent page, Confirm, and back to Odoo, as the browser goes."""
    action = odoo.call("amazon.account", "action_link", [account])
    consent = odoo.session.get(action["url"], timeout=60)
    consent.raise_for_status()
    form = next((form for form in lxml.html.fromstring(consent.text).forms if form.method == "POST"), None)
    if form is None or not consent.url.startswith(amazon_url):
        raise Failure("The simulated Amazon did not show its consent page.")
    decision = {**dict(form.fields), "decision": "confirm"}
    back = odoo.session.post(urljoin(consent.url, form.action), data=decision, timeout=120)
    if not back.ok or odoo.read("amazon.account", account, ["state"])["state"] != "linked":
        text = re.sub(r"\s+", " ", lxml.html.fromstring(back.text).text_content())
        raise Failure(f"The account could not be linked: {text[:500]}")
    odoo.call("amazon.account", "write", [account], {"orders_from": ORDERS_FROM})


def create_products(odoo):
    """Products whose Internal References are the seller's SKUs, so that the orders find them."""
    known = odoo.call("product.product", "search_read", [("default_code", "!=", False)], ["default_code"])
    taken = {product["default_code"] for product in known}
    for product in DEMO_PRODUCTS:
        if product.sku not in taken:
            values = {"name": product.name, "default_code": product.sku, "list_price": float(product.price)}
            odoo.create("product.template", {**values, "is_storable": True})


def generate_orders(odoo, account, amazon_url):
    """Let the linked seller list its products, and buyers order them."""
    seller = odoo.read("amazon.account", account, ["seller_key"])["seller_key"]
    for path, wish in (("listings", {}), ("orders", {"count": ORDERS, "seed": SEED})):
        address = f"{amazon_url}/control/{path}/generate"
        requests.post(address, json={"seller_id": seller, **wish}, timeout=60).raise_for_status()


def read_orders(odoo, account):
    """The account's sales orders, in the order in which they came."""
    fields = ["amazon_order_ref", "amazon_marketplace_id", "amazon_channel", "order_line", "amount_total"]
    fields += ["amazon_total", "amazon_tax_collected", "currency_id", "state"]
    return odoo.call("sale.order", "search_read", [("amazon_account_id", "=", account)], fields, order="id")


def table(orders):
    """The orders as text, one a line."""
    head = ("Amazon order", "Marketplace", "Channel", "Lines", "Total", "Amazon's total", "Status")
    rows = [head, *map(table_row, orders)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    lines = []
    for row in rows:
        cells = [
            text.rjust(width) if title in ("Lines", "Total", "Amazon's total") else text.ljust(width)
            for title, text, width in zip(head, row, widths, strict=True)
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join([lines[0], "-" * max(map(len, lines)), *lines[1:]])


def table_row(order):
    """The texts of one line of the table."""
    currency = order["currency_id"][1]
    return (
        order["amazon_order_ref"],
        order["amazon_marketplace_id"][1],
        (order["amazon_channel"] or "").upper(),
        str(len(order["order_line"])),
        f"{order['amount_total']:.2f} {currency}",
        f"{order['amazon_total']:.2f} {currency}",
        order["state"],
    )


def summary(orders, updates):
    """How many of Amazon's orders became sales orders, and why the others did not."""
    lines = [f"{len(orders)} orders synchronized."]
    for update in updates:
        if update["state"] != "done":
            lines.append(f"{update['amazon_order_ref']} {update['state']}: {update['error'] or 'not done yet'}")
    return "\n".join(lines)


def check(orders, updates):
    """Raise Failure when an order is missing, or its total is not what the buyer paid the seller."""
    wrong = [update["amazon_order_ref"] for update in updates if update["state"] not in ("done", "ignored")]
    for order in orders:
        expected = order["amazon_total"] - order["amazon_tax_collected"]
        if abs(order["amount_total"] - expected) >= 0.005:
            wrong.append(order["amazon_order_ref"])
    if wrong or not orders:
        raise Failure(f"Not all orders are in Odoo as Amazon has them: {', '.join(wrong) or 'there are none'}.")
