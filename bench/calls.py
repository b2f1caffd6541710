"""Calls to Amazon for each order that comes in bulk, over HTTP from the simulator."""

from odoo.addons.amazon_connector.simulator import Simulator

from . import fixture
from .measure import Row


def run(env, count=1000):
    """Fetch so many orders and count the calls, whatever they were for."""
    simulator = Simulator().start()
    try:
        account = fixture.link(fixture.set_up(env), simulator)
        simulator.store.add_orders(fixture.SELLER, fixture.orders(count, 1))
        before = len(simulator.store.calls)
        account._fetch_orders()
        calls = len(simulator.store.calls) - before
    finally:
        simulator.stop()
    received = env["amazon.order.update"].search_count([])
    if received != count:
        raise RuntimeError(f"{received} of {count} orders came in")
    return [Row("calls to Amazon per order in bulk", calls / count, "<=", 0.011, f"{calls} calls for {count} orders")]
