"""The one door to Amazon's Selling Partner API: a method for each operation, an error class for each kind of trouble.

Nothing here sleeps. A refused access token is renewed and the call repeated once; a connection that broke without an
answer is tried once more; everything else is raised, for the caller to come back later.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, field

from .connection import CONNECT_TIMEOUT, READ_TIMEOUT, Credentials, Endpoint
from .errors import SpApiError, Unauthorized, Unavailable
from .participations import Participation, parse_participations
from .redaction import redact
from .tokens import AccessTokens, access_tokens
from .transport.answers import AccessTokenRefused, Answer, read_answer

__all__ = ["ALL_ORDER_DATA", "PERSONAL_ORDER_DATA", "Gateway", "OrderData", "OrdersPage", "Participation"]

_logger = logging.getLogger(__name__)

# The parts of an order to ask for, in Amazon's words: https://developer-docs.amazon.com/sp-api/docs/orders-api
PERSONAL_ORDER_DATA = ("BUYER", "RECIPIENT", "TAX")
ALL_ORDER_DATA = (
    *PERSONAL_ORDER_DATA,
    *("PROCEEDS", "EXPENSE", "PROMOTION", "CANCELLATION", "FULFILLMENT", "PACKAGES", "PAYMENT"),
)


@dataclass(frozen=True)
class OrdersPage:
    """Some orders as Amazon sent them. ``next_token`` is ``None`` on the last page.

    ``last_updated_before`` is the moment (ISO 8601, as Amazon wrote it) up to which Amazon looked. ``rate_limit`` is
    how many calls a second Amazon says it allows, ``None`` when it does not say. ``personal_data_missing`` says that
    Amazon refused the personal data, so that the orders came without.
    """

    orders: list[dict] = field(repr=False)
    next_token: str | None = field(repr=False)
    last_updated_before: str | None
    rate_limit: float | None
    personal_data_missing: bool = False


class OrderData(dict):
    """One order as Amazon sent it. ``personal_data_missing`` as in ``OrdersPage``."""

    def __init__(self, order, personal_data_missing=False):
        super().__init__(order)
        self.personal_data_missing = personal_data_missing

    def __repr__(self):
        return f"{type(self).__name__}({self.get('orderId')!r})"


class Gateway:
    """Amazon's API for one seller account in one region. May be used by several threads; close it after use.

    Every method raises ``AuthorizationRevoked``, ``ClientRefused``, ``Unauthorized``, ``Throttled``, ``Unavailable``,
    ``InvalidRequest`` or ``NotFound``, which are all the kinds of ``SpApiError`` there are. ``timeout`` is
    (connect, read) in seconds.
    """

    def __init__(
        self,
        credentials: Credentials,
        endpoint: Endpoint,
        region: str,
        timeout: tuple[float, float] = (CONNECT_TIMEOUT, READ_TIMEOUT),
        tokens: AccessTokens = access_tokens,
    ):
        self.region = region
        self._credentials = credentials
        self._endpoint = endpoint
        self._timeout = timeout
        self._tokens = tokens
        self._lock = threading.Lock()
        self._http_client = None
        self._rates = {}
        self._personal_data_refused = False

    def __enter__(self):
        return self

    def __exit__(self, *_exception):
        self.close()

    def close(self):
        """Close the connections. The gateway may be used again: it opens new ones."""
        with self._lock:
            if self._http_client is not None:
                self._http_client.close()
                self._http_client = None

    # --- operations ---

    def marketplace_participations(self) -> list[Participation]:
        """The marketplaces of the seller in this region, known to us or not."""
        operation = "getMarketplaceParticipations"
        answer = self._call(operation, lambda api: api.sellers.get_marketplace_participation())
        entries = answer.body.get("payload")
        if not isinstance(entries, list):
            raise self._unreadable(operation, answer)
        return parse_participations(entries)

    def search_orders(self, query: dict, pagination_token: str | None = None) -> OrdersPage:
        """One page of orders, by Amazon's own parameter names; lists are lists. Costs a call of a very small quota.

        Amazon wants the same ``query`` with every token of a search. Without ``includedData`` everything is asked for
        (``ALL_ORDER_DATA``). What Amazon refuses of it (see ``OrdersPage.personal_data_missing``) this gateway does
        not ask for again.
        """
        operation = "searchOrders"
        query = {name: value for name, value in query.items() if value is not None}
        if pagination_token:
            query["paginationToken"] = pagination_token
        answer, without_personal_data = self._call_for_orders(
            operation, query, lambda api, parameters: api.orders.search_orders(**parameters)
        )
        return self._orders_page(operation, answer, without_personal_data)

    def get_order(self, order_ref: str, included_data=ALL_ORDER_DATA) -> OrderData:
        """One order by Amazon's reference; ``NotFound`` when it is not one of this seller."""
        operation = "getOrder"
        if not order_ref:
            raise ValueError("An order reference is needed")
        answer, without_personal_data = self._call_for_orders(
            operation,
            {"includedData": list(included_data)},
            lambda api, parameters: api.orders.get_order(order_ref, **parameters),
        )
        order = answer.body.get("order")
        if not isinstance(order, dict):
            raise self._unreadable(operation, answer)
        return OrderData(order, without_personal_data)

    # --- orders ---

    def _call_for_orders(self, operation, query, send) -> tuple[Answer, bool]:
        """The answer, and whether personal data was left out because Amazon refuses it.

        Some applications get a 403 for the whole call where they lack a role for one part of it:
        https://github.com/amzn/selling-partner-api-models/issues/5319
        """
        wanted = list(query.get("includedData") or ALL_ORDER_DATA)
        impersonal = [part for part in wanted if part not in PERSONAL_ORDER_DATA]

        def call(parts):
            return self._call(operation, lambda api: send(api, {**query, "includedData": parts}))

        if wanted == impersonal:
            return call(wanted), False
        if self._personal_data_refused:
            return call(impersonal), True
        try:
            return call(wanted), False
        except Unauthorized as error:
            if error.status != 403 or isinstance(error, AccessTokenRefused):
                raise
        answer = call(impersonal)
        self._personal_data_refused = True
        return answer, True

    def _orders_page(self, operation, answer, personal_data_missing) -> OrdersPage:
        orders = answer.body.get("orders")
        pagination = answer.body.get("pagination") or {}
        # An answer without the list is no empty page: it would move the watermark over orders that were not seen.
        if not isinstance(orders, list) or not all(isinstance(order, dict) for order in orders):
            raise self._unreadable(operation, answer)
        if not isinstance(pagination, dict):
            raise self._unreadable(operation, answer)
        return OrdersPage(
            orders=orders,
            next_token=pagination.get("nextToken") or None,
            last_updated_before=answer.body.get("lastUpdatedBefore") or None,
            rate_limit=answer.rate,
            personal_data_missing=personal_data_missing,
        )

    # --- calls ---

    def _call(self, operation, send) -> Answer:
        """Send, and once more with a new token where Amazon refused the one it had given."""
        try:
            return self._call_once(operation, send)
        except AccessTokenRefused:
            return self._call_once(operation, send)

    def _call_once(self, operation, send) -> Answer:
        token = self._tokens.get(self._credentials, self._endpoint)
        response, started = self._send(operation, send, token)
        try:
            answer = read_answer(operation, response, self._rates.get(operation))
        except SpApiError as error:
            self._log(operation, error.status, error.request_id, started)
            if isinstance(error, AccessTokenRefused):
                self._tokens.invalidate(self._credentials, self._endpoint, token)
            raise
        self._log(operation, response.status_code, answer.request_id, started)
        if answer.rate:
            self._rates[operation] = answer.rate
        return answer

    def _send(self, operation, send, token):
        """The bare answer, and when it was asked for. Every operation here only reads, so it may be sent again."""
        from .transport import sp_client

        api = sp_client.SellingPartnerApi(self._endpoint, self._connection(sp_client), token)
        for may_repeat in (True, False):
            started = time.monotonic()
            try:
                return send(api), started
            except sp_client.NO_ANSWER as error:
                kind = type(error).__name__
                self._log(operation, f"{kind}: {redact(error)}", "", started)
                # After a timeout there is no second try: the worker has waited long enough.
                if not (may_repeat and isinstance(error, sp_client.BROKEN_CONNECTION)):
                    # Not chained: the exception holds the request with its token.
                    raise Unavailable(operation, code=kind) from None

    def _connection(self, sp_client):
        with self._lock:
            if self._http_client is None:
                self._http_client = sp_client.new_http_client(self._endpoint, self._timeout)
            return self._http_client

    @staticmethod
    def _unreadable(operation, answer) -> Unavailable:
        return Unavailable(operation, status=200, code="UnreadableAnswer", request_id=answer.request_id)

    @staticmethod
    def _log(operation, outcome, request_id, started):
        duration = (time.monotonic() - started) * 1000
        _logger.info("%s: %s, request %s, %.0f ms", operation, outcome, request_id or "-", duration)
