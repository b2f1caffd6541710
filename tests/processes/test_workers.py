"""Several Odoo processes share one account's work: each takes other batches, and nothing is doubled."""

import pytest
from states import difference
from world import OTHER_SELLER, World


def many_orders(world):
    """Few buyers with many orders, new SKUs, new currencies, goods with lots that Amazon shipped."""
    for seed in (11, 12):
        world.orders_come_in(18, seed, kinds=("fbm", "fba"))
    # Elsewhere, so that nobody buys as a person and as a company: the first order decides, and workers race for it.
    world.orders_come_in(8, 14, marketplaces=("ES", "IT"), kinds=("fbm_business",))
    world.orders_come_in(6, 13, OTHER_SELLER, ("US", "CA"))
    world.family.act("fetch_orders")


@pytest.fixture(scope="module")
def done_by_one(environment):
    """What comes of it when one process does it all."""
    world = World(environment)
    many_orders(world)
    world.work()
    return world.state()


@pytest.mark.parametrize("workers", [2, pytest.param(4, marks=pytest.mark.long)])
def test_workers_on_one_account_double_nothing(world, done_by_one, record_property, workers):
    many_orders(world)
    processes = [world.family.start("act", name="apply_updates") for _worker in range(workers)]
    for process in processes:
        process.wait()
    shares = [process.result for process in processes]
    record_property("batches", shares)
    assert [process.status for process in processes] == [0] * workers
    assert all(shares), "a worker found nothing to do"
    world.work()
    # Where workers move the same goods at once, Odoo writes further quants, which its own nightly job merges.
    world.family.act("merge_quants")
    assert not difference(done_by_one, world.state())
