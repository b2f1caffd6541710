"""Everything that talks to Amazon: the Selling Partner API and Login with Amazon. Pure Python, no Odoo.

Typed in, typed out: ``Gateway`` for the calls, ``parse_order`` for orders, one exception class per kind of trouble.
``listings``, ``listings_feed`` and ``catalogue_report`` write and read what goes through it about offers.
"""

from .authorization import confirm_url, consent_url, exchange_code
from .connection import Credentials, Endpoint, endpoint_for
from .errors import (
    AuthorizationRevoked,
    ClientRefused,
    InvalidRequest,
    NotFound,
    SpApiError,
    Throttled,
    Unauthorized,
    Unavailable,
    UnreadableCatalogue,
    UnreadableOrder,
    UnreadableResult,
)
from .gateway import ALL_ORDER_DATA, Gateway, OrdersPage
from .orders import parse_order
from .participations import Participation
from .shipments import ShippedPackage
