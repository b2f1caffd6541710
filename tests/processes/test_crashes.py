"""Odoo is killed at random points; started again, it ends with the same orders, goods and shipments."""

import os
import random
from collections import Counter

from stages import STAGES
from states import difference
from world import World

KILLS = int(os.environ.get("AMAZON_KILLS", "10"))
SEED = int(os.environ.get("AMAZON_SEED", "1"))
# In a row, before the work may be finished in peace and is compared.
KILLS_IN_A_ROW = 3 if KILLS < 50 else 8


def test_killed_at_random_points_everything_ends_as_without_kills(environment, undisturbed, record_property):
    states, events = undisturbed
    dice = random.Random(SEED)
    points, seconds = Counter(), []
    while sum(points.values()) < KILLS:
        world = World(environment)
        for stage, expected, counts in zip(STAGES, states, events, strict=True):
            stage(world)
            processes = world.work([kill_somewhere(dice, counts) for _kill in range(KILLS_IN_A_ROW)])
            points.update(process.interrupted for process in processes if process.status == -9)
            seconds += [process.seconds for process in processes]
            where = f"{stage.__name__}, seed {SEED}, after {sum(points.values())} kills"
            assert not difference(expected, world.state()), where
            world.time_passes()
    record_property("kills", sum(points.values()))
    record_property("points", dict(points.most_common()))
    record_property("processes", f"{len(seconds)}, {sum(seconds) / len(seconds):.1f} s each")


def kill_somewhere(dice, counts):
    """A kill at any statement, or at the borders where most can go wrong: commits and calls to Amazon."""
    kind = dice.choice(("any", "border"))
    return {"action": "kill", "kind": kind, "at": dice.randint(1, counts[kind])}
