"""What the tests of this folder share."""

import pytest
from api_server import CREDENTIALS, Amazon
from hypothesis import settings

from spapi import Gateway
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
