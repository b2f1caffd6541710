"""The one application (solution) that is registered with the simulated Amazon."""

import ipaddress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

APPLICATION_ID = "amzn1.sp.solution.00000000-0000-4000-8000-000000000001"
CLIENT_ID = "amzn1.application-oa2-client.simulatedclient0001"
CLIENT_SECRET = "amzn1.oa2-cs.v1.simulated-client-secret"
LOOPBACK_RETURN_PATH = "/amazon/oauth/return"
LOOPBACK_LOGIN_PATH = "/amazon/oauth/login"


@dataclass
class Application:
    """An application as its developer registered it.

    Beside ``redirect_uris`` and ``login_uris``, the connector's own paths on any loopback port count as registered,
    so that an Odoo on this machine can be linked whatever its port.
    """

    application_id: str = APPLICATION_ID
    client_id: str = CLIENT_ID
    client_secret: str = CLIENT_SECRET
    name: str = "Odoo Amazon Connector"
    is_draft: bool = False
    redirect_uris: list = field(default_factory=list)
    login_uris: list = field(default_factory=list)

    def accepts_redirect(self, uri):
        """Whether ``uri`` is one of the registered OAuth redirect URIs."""
        return uri in self.redirect_uris or is_loopback(uri, LOOPBACK_RETURN_PATH)

    def accepts_login(self, uri):
        """Whether ``uri`` is one of the registered OAuth Login URIs."""
        return uri in self.login_uris or is_loopback(uri, LOOPBACK_LOGIN_PATH)


def is_loopback(uri, path):
    """Whether ``uri`` is ``path`` on a plain http server of this machine, without a query of its own."""
    try:
        parts = urlsplit(uri)
        parts.port  # noqa: B018  raises ValueError when it is not a port
    except ValueError:
        return False
    if parts.scheme != "http" or parts.path != path or parts.query or parts.fragment or parts.username:
        return False
    return parts.hostname == "localhost" or _is_loopback_address(parts.hostname)


def _is_loopback_address(host):
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False
