"""Odoo processes on a database of their own, against a simulated Amazon; run by `make test-crashes`."""

import json
import os

import pytest

if "AMAZON_PROCESSES" not in os.environ:
    collect_ignore_glob = ["*.py"]  # nothing here works without what scripts/process_tests.py prepares
else:
    from stages import undisturbed_run
    from world import Environment, World


def pytest_configure(config):
    config.addinivalue_line("markers", "long: left out of the short form, which runs at every check")


@pytest.fixture(scope="session")
def environment():
    """The database as it was when the accounts had just been linked, and the Odoo that works on it."""
    environment = Environment(**json.loads(os.environ["AMAZON_PROCESSES"]))
    yield environment
    environment.close()


@pytest.fixture
def world(environment):
    """A fresh start: Odoo with linked accounts, and Amazon without orders."""
    world = World(environment)
    yield world
    world.close()


@pytest.fixture(scope="session")
def undisturbed(environment):
    """What comes of all stages when nothing comes between: the states after each, and the numbers of events."""
    return undisturbed_run(environment)


def pytest_terminal_summary(terminalreporter):
    """Show what was measured: the tests note it with `record_property`."""
    terminalreporter.section("what the processes went through")
    for report in terminalreporter.stats.get("passed", []) + terminalreporter.stats.get("failed", []):
        for name, value in getattr(report, "user_properties", []):
            terminalreporter.line(f"{report.nodeid.rpartition('::')[2]}: {name}: {value}")
