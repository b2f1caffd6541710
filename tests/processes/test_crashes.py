"""Odoo is killed at random points; started again, it ends with the same orders, goods and shipments."""

import os
import random
from collections import Counter

import pytest
from states import difference
from world import World

KILLS = int(os.environ.get("AMAZON_KILLS", "10"))
SEED = int(os.environ.get("AMAZON_SEED", "1"))
KILLS_A_ROUND = 4


def first_orders(world):
    world.refs = world.orders_come_in(30, seed=3)
    world.orders_come_in(6, seed=4, seller="A2EXAMPLESELLERNA", marketplaces=("US", "CA"))


def changes(world):
    world.orders_change(world.refs, seed=5)
    world.orders_come_in(8, seed=6)


STAGES = (first_orders, changes)


@pytest.fixture(scope="module")
def undisturbed(environment):
    """What comes of it without kills: the states after each stage, and how many events each stage has."""
    world = World(environment)
    states, events = [], []
    for stage in STAGES:
        stage(world)
        processes = world.work()
        states.append(world.state())
        events.append({kind: sum(process.events[kind] for process in processes) for kind in ("any", "border")})
        world.time_passes()
    return states, events


def test_a_second_undisturbed_run_ends_the_same(world, undisturbed):
    states, _events = undisturbed
    for stage, expected in zip(STAGES, states, strict=True):
        stage(world)
        world.work()
        assert not difference(expected, world.state())
        world.time_passes()


def test_killed_at_random_points_everything_ends_as_without_kills(environment, undisturbed, record_property):
    states, events = undisturbed
    assert states[0]["orders"] and states[1]["messages"]
    dice = random.Random(SEED)
    points, seconds = Counter(), []
    while sum(points.values()) < KILLS:
        world = World(environment)
        for stage, expected, counts in zip(STAGES, states, events, strict=True):
            stage(world)
            processes = world.work([kill_somewhere(dice, counts) for _kill in range(KILLS_A_ROUND)])
            points.update(process.interrupted for process in processes if process.status == -9)
            seconds += [process.seconds for process in processes]
            assert not difference(expected, world.state()), f"seed {SEED}, after {sum(points.values())} kills"
            world.time_passes()
    record_property("kills", sum(points.values()))
    record_property("points", dict(points))
    record_property("processes", f"{len(seconds)}, {sum(seconds) / len(seconds):.1f} s each")


def kill_somewhere(dice, counts):
    """A kill at any statement, or at the borders where most can go wrong: commits and calls to Amazon."""
    kind = dice.choice(("any", "border"))
    return {"action": "kill", "kind": kind, "at": dice.randint(1, counts[kind])}
