"""The database server restarts, cuts connections, refuses transactions: the work ends as if nothing had happened."""

import random

import pytest
from stages import STAGES
from states import difference

TABLES = ["amazon_account", "amazon_order_update", "amazon_shipment", "amazon_offer", "amazon_feed"] + [
    "res_partner",
    "sale_order",
    "sale_order_line",
    "stock_picking",
    "stock_move",
    "stock_quant",
    "res_currency",
]
# How often each trouble comes in each stage, one time after the other.
TIMES = 2


def restart(world):
    return {"action": "run", "options": world.environment.restart_postgres("fast")}


def crash(world):
    return {"action": "run", "options": world.environment.restart_postgres("immediate")}


def cut_connections(world):
    return {"action": "cut_connections", "options": {"database": world.database.name}}


def conflict(world):
    """Other users change the same rows all the time."""
    return {"action": "touch", "options": {"database": world.database.name, "tables": TABLES}, "often": True}


def lock_timeout(world):
    """Another session holds tables that the work needs, longer than it may wait."""
    world.database.rows(f'ALTER DATABASE "{world.database.name}" SET lock_timeout = 200')
    options = {"database": world.database.name, "tables": ["sale_order", "amazon_shipment"], "seconds": 1}
    return {"action": "hold_tables", "options": options}


@pytest.mark.long
@pytest.mark.parametrize("trouble", [restart, crash, cut_connections, conflict, lock_timeout])
def test_the_work_ends_as_without_trouble(world, undisturbed, record_property, trouble):
    states, events = undisturbed
    dice = random.Random(trouble.__name__)
    interrupt = trouble(world)
    interruptions = 0
    for stage, expected, counts in zip(STAGES, states, events, strict=True):
        stage(world)
        processes = world.work([somewhere(dice, interrupt, counts) for _time in range(TIMES)])
        interruptions += sum(len(process.interruptions) for process in processes)
        assert not difference(expected, world.state()), stage.__name__
        world.time_passes()
    assert interruptions
    record_property("interruptions", interruptions)


def somewhere(dice, interrupt, counts):
    """An interrupt at a random event, or at several of them."""
    interrupt = dict(interrupt)
    if interrupt.pop("often", False):
        return {**interrupt, "kind": "any", "at": sorted(dice.randint(1, counts["any"]) for _time in range(12))}
    kind = dice.choice(("any", "border"))
    return {**interrupt, "kind": kind, "at": dice.randint(1, counts[kind])}


@pytest.mark.long
def test_the_cron_is_not_charged_with_conflicts(world):
    """A job that fails for a week is switched off by Odoo: what other workers do is no failure."""
    STAGES[0](world)
    interrupt = {"at": list(range(40, 4000, 40)), "kind": "any", **conflict(world)}
    world.work([interrupt] * 3)
    assert world.database.value("SELECT sum(failure_count) FROM ir_cron") == 0
