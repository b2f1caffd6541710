"""Queries that it takes to open a screen, however many rows there are."""

from lxml import etree

from . import fixture, volume
from .measure import Row, measured


def run(env):
    """Open the account, the inbox with 100,000 rows and the list of orders, as the web client does."""
    account = fixture.set_up(env)
    fixture.apply(env, account, fixture.orders(100, 1))
    volume.fill(env, account)
    action = env.ref("amazon_connector.amazon_sale_order_action")
    rows = env["amazon.order.update"].search_count([])
    return [
        Row("queries to open the account", open_form(env, account), "<=", 60),
        Row("queries to open the inbox", open_list(env, "amazon.order.update"), "<=", 15, f"{rows:,} rows"),
        Row("queries to open the Amazon orders", open_list(env, "sale.order", action), "<=", 40, "200,000 orders"),
    ]


def open_list(env, model, action=None):
    """Queries for the first page of a model's list."""
    view = next((view for view in action.view_ids if view.view_mode == "list"), None) if action else None
    arch = etree.fromstring(env[model].get_view(view.view_id.id if view else None, "list")["arch"])
    domain = [("amazon_order_ref", "!=", False)] if action else []
    with measured(env) as took:
        env[model].web_search_read(domain, specification(env[model], arch), limit=80, count_limit=10001)
    return took.queries


def open_form(env, record):
    """Queries for the form of a record."""
    arch = etree.fromstring(record.get_view(None, "form")["arch"])
    with measured(env) as took:
        record.web_read(specification(record, arch))
    return took.queries


def specification(model, arch):
    """What the web client asks for to show a view: its fields, and those of the views within."""
    found = {}
    for node in arch.xpath(".//field[not(ancestor::field)]"):
        field = model._fields[node.get("name")]
        wanted = {}
        if field.relational:
            comodel = model.env[field.comodel_name]
            inner = specification(comodel, node) if len(node) else {}
            wanted = {"fields": {"display_name": {}, **inner}}
        found[field.name] = wanted
    return found
