"""What the tests of this folder share."""

import pytest
from api_server import CREDENTIALS, SIMULATED_SELLER, Amazon
from hypothesis import settings

from simulator import Simulator
from spapi import Credentials, Gateway, endpoint_for
from spapi.tokens import AccessTokens

# A busy machine is no reason to fail.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.fixture
def amazon(httpserver):
    return Amazon(httpserver)


@pytest.fixture
def gateway(amazon):
    with Gateway(CREDENTIALS, amazon.endpoint, "eu", tokens=AccessTokens()) as gateway:
        yield gateway


@pytest.fixture(scope="module")
def running_simulator():
    simulator = Simulator(port=0).start()
    yield simulator
    simulator.stop()


@pytest.fixture
def simulator(running_simulator):
    """The simulated Amazon, without orders and listings."""
    running_simulator.store.reset()
    return running_simulator


@pytest.fixture
def endpoint(simulator):
    return endpoint_for("simulator", "eu", simulator.url)


@pytest.fixture
def credentials(simulator):
    refresh_token = simulator.store.issue_refresh_token(SIMULATED_SELLER)
    return Credentials(simulator.CLIENT_ID, simulator.CLIENT_SECRET, refresh_token)
