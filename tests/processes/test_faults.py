"""Amazon is down, refuses, garbles, forgets: everything ends right, or says what a person has to do."""

import random

import pytest
from stages import STAGES
from states import difference
from world import OTHER_SELLER, SELLER

from simulator.faults import API_ANSWERS, OPERATION_FAULTS, OPERATIONS_OF, ORDER_FAULTS, WIRE_FAULTS, Faults
from simulator.operations import OPERATION_NAMES

SHARE = 0.3
# What these do is only right in the end when Amazon tells the truth later; here it does not stay a secret for long.
LASTING = {"unknown_values", "without_personal_data"}
BAD_HOURS = 3


@pytest.mark.parametrize("knows_the_token_is_old", [pytest.param(True, marks=pytest.mark.long), False])
def test_after_26_hours_without_amazon_nothing_is_missing(world, knows_the_token_is_old):
    refs = world.orders_come_in(20, seed=21, kinds=("fbm", "fba", "fbm_gift"))
    world.amazon_goes_down_after("searchOrders", SELLER)
    world.family.run("crons")
    assert world.left_to_do()["pages"], "one page is in, the next one was not to be had"
    for _time in range(4):
        world.time_passes(6.5)
        refs += world.orders_come_in(2, seed=100 + len(refs), kinds=("fbm",), span=60)
        world.family.run("crons")
    if knows_the_token_is_old:
        world.database.rows(
            "UPDATE amazon_account SET orders_page_token_on = orders_page_token_on - interval '26 hours'"
        )
    world.store.clear_faults()
    world.time_passes()
    world.work()
    found = {ref for [ref] in world.database.rows("SELECT amazon_order_ref FROM sale_order")}
    assert set(refs) <= found
    assert failure_count(world) == 0


def failure_count(world):
    return world.database.value("SELECT sum(failure_count) FROM ir_cron")


@pytest.mark.long
@pytest.mark.parametrize("seed", [1, 2])
def test_faults_of_every_kind_mixed(world, undisturbed, record_property, seed):
    states, _events = undisturbed
    for stage, expected in zip(STAGES, states, strict=True):
        stage(world)
        add_faults(world, seed)
        for _hour in range(BAD_HOURS):
            world.family.run("crons")
            world.time_passes()
        struck = sum(call.status >= 400 for call in world.store.calls)
        world.store.clear_faults()
        assert failure_count(world) == 0
        world.work()
        check_trouble_is_told(world, expected)
        world.family.act("retry")
        world.work()
        wrong = difference(expected, world.state())
        assert not wrong, "\n".join([stage.__name__, *wrong])
        record_property(f"refused calls, seed {seed}, {stage.__name__}", struck)
        world.time_passes()


def add_faults(world, seed):
    """Every kind of fault, of which one or another befalls three in ten calls."""
    world.store.faults.chance = random.Random(seed)
    kinds = [kind for kind in (*API_ANSWERS, *WIRE_FAULTS, *ORDER_FAULTS, *OPERATION_FAULTS) if kind not in LASTING]
    for operation in (*OPERATION_NAMES, "token", "upload", "download"):
        fitting = [kind for kind in kinds if fits(operation, kind)]
        for kind in fitting:
            options = {"seconds": 0.05} if kind == "slow" else {}
            world.store.add_fault(operation, kind, times=None, share=SHARE / len(fitting), **options)


def fits(operation, kind):
    """Whether the simulator lets that fault befall that operation."""
    faults = Faults()
    try:
        faults.add(operation, kind)
    except ValueError:
        return False
    return kind not in OPERATION_FAULTS or operation in OPERATIONS_OF[kind]


def check_trouble_is_told(world, expected):
    """What is not as it should be has a state that shows it, and a reason."""
    untold = world.database.rows(
        "SELECT id FROM amazon_order_update WHERE state = 'failed' AND coalesce(error, '') = ''"
        " UNION ALL SELECT id FROM amazon_shipment WHERE state = 'error' AND coalesce(reason, '') = ''"
        " UNION ALL SELECT id FROM amazon_offer WHERE stock_state = 'refused' AND coalesce(stock_message, '') = ''"
    )
    assert not untold
    wrong = difference(expected, world.state())
    if wrong:
        shown = world.database.value(
            "SELECT (SELECT count(*) FROM amazon_order_update WHERE state = 'failed')"
            " + (SELECT count(*) FROM amazon_shipment WHERE state = 'error')"
            " + (SELECT count(*) FROM amazon_offer WHERE stock_state = 'refused')"
            " + (SELECT count(*) FROM amazon_feed WHERE state IN ('partial', 'cancelled', 'fatal', 'lost'))"
        )
        assert shown, "\n".join(wrong)


def test_a_withdrawn_permission_is_the_trouble_of_its_account_alone(world):
    world.orders_come_in(8, seed=31, kinds=("fbm",))
    world.orders_come_in(4, seed=32, seller=OTHER_SELLER, marketplaces=("US",), kinds=("fbm",))
    world.store.revoke(OTHER_SELLER)
    world.work()
    assert orders_of(world) == {"Europe": 8}
    assert world.database.rows("SELECT state FROM amazon_account WHERE name = 'America'") == [("reauthorize",)]


def test_an_account_that_somebody_works_on_does_not_hold_up_the_others(world):
    world.orders_come_in(8, seed=31, kinds=("fbm",))
    world.orders_come_in(4, seed=32, seller=OTHER_SELLER, marketplaces=("US",), kinds=("fbm",))
    with world.database.transaction() as cr:
        cr.execute("UPDATE amazon_account SET write_date = write_date WHERE name = 'America'")
        world.family.run("crons")
    assert orders_of(world) == {"Europe": 8}
    world.time_passes()
    world.work()
    assert orders_of(world) == {"Europe": 8, "America": 4}


def test_few_orders_do_not_wait_for_the_many_of_another_account(world):
    world.orders_come_in(30, seed=31, kinds=("fbm",))
    world.orders_come_in(4, seed=32, seller=OTHER_SELLER, marketplaces=("US",), kinds=("fbm",))
    world.family.act("fetch_orders")
    commits = {"action": "kill", "kind": "border", "at": 12}
    world.family.run("act", commits, name="apply_updates")
    assert orders_of(world)["America"] == 4
    assert orders_of(world)["Europe"] < 30


def orders_of(world):
    return dict(
        world.database.rows(
            "SELECT a.name, count(*) FROM sale_order o JOIN amazon_account a ON a.id = o.amazon_account_id GROUP BY 1"
        )
    )
