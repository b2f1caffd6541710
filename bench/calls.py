"""Calls to Amazon for each order that comes in bulk, over HTTP from the simulator."""

from odoo.addons.amazon_connector.simulator import Simulator

from . import fixture
from .measure import Row

SELLER = "A1EXAMPLESELLEREU"


def run(env, count=1000):
    """Fetch so many orders and count the calls, whatever they were for."""
    with_simulator = Simulator().start()
    try:
        store = with_simulator.store
        parameters = env["ir.config_parameter"]
        parameters.set_param("amazon_connector.simulator_url", with_simulator.url)
        parameters.set_param("amazon_connector.application_id", with_simulator.APPLICATION_ID)
        parameters.set_param("amazon_connector.lwa_client_id", with_simulator.CLIENT_ID)
        parameters.set_param("amazon_connector.lwa_client_secret", with_simulator.CLIENT_SECRET)
        account = fixture.set_up(env)
        account.write({"state": "draft", "seller_key": False})
        account.environment = "simulator"
        wizard = env["amazon.refresh.token"].create(
            {"account_id": account.id, "seller_key": SELLER, "refresh_token": store.issue_refresh_token(SELLER)}
        )
        wizard.action_link()
        account.write(
            {"orders_from": "2020-01-01", "active_marketplace_ids": [(6, 0, account.base_marketplace_id.ids)]}
        )
        store.add_orders(SELLER, fixture.orders(count, 1))
        before = len(store.calls)
        account._fetch_orders()
        calls = len(store.calls) - before
    finally:
        with_simulator.stop()
    received = env["amazon.order.update"].search_count([])
    if received != count:
        raise RuntimeError(f"{received} of {count} orders came in")
    return [Row("calls to Amazon per order in bulk", calls / count, "<=", 0.011, f"{calls} calls for {count} orders")]
