"""What the tests of the gateway share."""

import pytest
from api_server import CREDENTIALS, Amazon

from spapi import Gateway
from spapi.tokens import AccessTokens


@pytest.fixture
def amazon(httpserver):
    return Amazon(httpserver)


@pytest.fixture
def gateway(amazon):
    with Gateway(CREDENTIALS, amazon.endpoint, "eu", tokens=AccessTokens()) as gateway:
        yield gateway
