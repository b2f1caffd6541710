"""Four processes share one account's quotas: Amazon refuses no more calls than it takes to learn the limit."""

import pytest

WORKERS, SECONDS = 4, 12


@pytest.mark.parametrize(("rate", "burst"), [pytest.param(0.5, 30, marks=pytest.mark.long), (2, 5)])
def test_amazon_refuses_no_more_calls_than_the_first_ones(world, record_property, rate, burst):
    [ref] = world.orders_come_in(1, seed=41, kinds=("fbm",))
    world.store.quotas.set_plan("getOrder", rate, burst)
    arguments = {"ref": ref, "seconds": SECONDS}
    processes = [
        world.family.start("act", name="ask_for_an_order_again_and_again", arguments=arguments)
        for _worker in range(WORKERS)
    ]
    assert [process.wait().status for process in processes] == [0] * WORKERS
    statuses = [call.status for call in world.store.calls_of("getOrder")]
    refused, answered = statuses.count(429), statuses.count(200)
    record_property(f"rate {rate}, burst {burst}", f"{answered} answered, {refused} refused, in {SECONDS} s")
    # Before the first refusal comes back, each of the others may have sent one call more.
    assert refused <= WORKERS
    assert answered <= burst + rate * SECONDS * 1.5 + 1
    assert answered >= min(burst, 30) * 0.7
