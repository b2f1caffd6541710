"""Reading orders: Orders API, version 2026-01-01. https://developer-docs.amazon.com/sp-api/docs/orders-api"""

from __future__ import annotations

from dataclasses import dataclass, field

from ..calls import Calls, checked_ref
from ..errors import Unauthorized
from ..members import word_in
from ..transport.answers import AccessTokenRefused, Answer

# The parts of an order to ask for, in Amazon's words.
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


class OrderOperations(Calls):
    """Reading orders."""

    #: Whether orders are asked for without personal data: Amazon refused them, or is known to.
    leaves_out_personal_data = False

    def leave_out_personal_data(self):
        """Do not ask for what Amazon is known to refuse: the refusal would cost a call."""
        self.leaves_out_personal_data = True

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
        checked_ref("order", order_ref)
        answer, without_personal_data = self._call_for_orders(
            operation,
            {"includedData": list(included_data)},
            lambda api, parameters: api.orders.get_order(order_ref, **parameters),
        )
        order = answer.body.get("order")
        if not isinstance(order, dict):
            raise self._unreadable(operation, answer)
        return OrderData(order, without_personal_data)

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
        if self.leaves_out_personal_data:
            return call(impersonal), True
        try:
            return call(wanted), False
        except Unauthorized as error:
            if error.status != 403 or isinstance(error, AccessTokenRefused):
                raise
        self.leaves_out_personal_data = True
        try:
            return call(impersonal), True
        except Unauthorized:
            self.leaves_out_personal_data = False  # it was not for the personal data
            raise

    def _orders_page(self, operation, answer, personal_data_missing) -> OrdersPage:
        orders = answer.body.get("orders")
        pagination = answer.body.get("pagination") or {}
        # An answer without the list is no empty page: it would move the watermark over orders that were not seen.
        if not isinstance(orders, list) or not all(isinstance(order, dict) for order in orders):
            raise self._unreadable(operation, answer)
        # A token that cannot be read is no last page either.
        if not isinstance(pagination, dict) or not isinstance(pagination.get("nextToken"), (str, type(None))):
            raise self._unreadable(operation, answer)
        return OrdersPage(
            orders=orders,
            next_token=pagination.get("nextToken") or None,
            last_updated_before=word_in(answer.body, "lastUpdatedBefore") or None,
            rate_limit=answer.rate,
            personal_data_missing=personal_data_missing,
        )
