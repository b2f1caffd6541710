"""The memory of one long run."""

from . import fixture
from .measure import Row, measured


def run(env, count=20_000):
    """By how much the process grows while it applies `count` orders in one run."""
    account = fixture.set_up(env)
    fixture.apply(env, account, fixture.orders(500, 1))
    for start in range(0, count, 1000):
        fixture.receive(env, account, fixture.orders(1000, 10 + start // 1000))
    with measured(env) as took:
        env["amazon.order.update"]._apply_pending(everything=True)
    figures = f"{count / took.seconds:.1f} orders/s"
    return [Row(f"megabytes that {count:,} orders in one run add", took.megabytes, "<=", 64, figures)]
