"""A running simulator, and clients of its sellers."""

import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
for folder in (REPOSITORY, REPOSITORY / "tests", REPOSITORY / "tests" / "simulator"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

from amazon_client import EU, NA, NOW, Client  # noqa: E402

from simulator import Simulator  # noqa: E402


@pytest.fixture
def sim():
    """A fresh simulator whose clock stands still at ``NOW``."""
    with Simulator() as simulator:
        simulator.store.clock.freeze(NOW)
        yield simulator


@pytest.fixture
def eu(sim):
    """A client of the European seller."""
    return Client(sim, EU)


@pytest.fixture
def na(sim):
    """A client of the North American seller."""
    return Client(sim, NA)
