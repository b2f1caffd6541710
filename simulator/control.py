"""The control page at / and the addresses under /control that scripts use.

Every POST takes a form (and goes back to the page) or JSON (and answers JSON):

    POST /control/orders            seller_id, marketplace, channel, ... (options of samples.build_order)
                                    or seller_id, order (a whole order; JSON only), age, verbatim
    POST /control/orders/generate   seller_id, count, seed, marketplaces, kinds, span
    POST /control/orders/<id>/ship | cancel | request-cancellation | touch      age
    POST /control/faults            operation, kind, times, ...    POST /control/faults/clear
    POST /control/clock             advance (seconds)              POST /control/quotas/reset
    POST /control/refresh-tokens    seller_id                      POST /control/revoke   seller_id
    POST /control/access-tokens/expire                             POST /control/reset
    POST /control/application       is_draft, redirect_uris, login_uris, client_secret, cancel_redirects
    GET  /control/state   /control/orders?seller_id=   /control/calls

Packages, listings, feeds and reports: see control_selling.py.
"""

import random
from urllib.parse import urlencode, urlsplit

from werkzeug.utils import redirect

from . import control_selling as selling
from .answers import json_answer
from .clock import to_moment, to_text
from .faults import API_ANSWERS, KINDS, LWA_FAULTS, OPERATION_FAULTS, ORDER_FAULTS, TRANSFERS, WIRE_FAULTS
from .operations import OPERATION_NAMES
from .pages import Page, render
from .samples import build_order, demo_orders, order_id_for

# Searches show what is two minutes old: old enough to be found at once.
VISIBLE_AGE = 150
ORDERS_ON_PAGE, CALLS_ON_PAGE = 50, 15
NUMBERS = ("age", "count", "seed", "times", "advance", "seconds", "span", "quantity", "lead_time", "applied", "every")
FLAGS = ("verbatim", "business", "personal_data", "facilitator", "is_draft", "cancel_redirects")
FAULT_GROUPS = (
    ("API", API_ANSWERS),
    ("Orders", ORDER_FAULTS),
    ("Single operations", OPERATION_FAULTS),
    ("Connection", WIRE_FAULTS),
    ("Login", LWA_FAULTS),
)
LISTS = ("marketplaces", "kinds", "redirect_uris", "login_uris", "skus")


def _values(request):
    """The values of a POST, from JSON or from a form."""
    if request.is_json:
        values = request.get_json()
        if not isinstance(values, dict):
            raise ValueError("The body must be a JSON object")
        return values
    values = {name: value for name, value in request.form.items() if value != ""}
    for name in set(values) & set(NUMBERS):
        values[name] = int(values[name])
    for name in set(values) & set(FLAGS):
        values[name] = values[name] in ("1", "true", "on")
    for name in set(values) & set(LISTS):
        values[name] = values[name].split(",")
    return values


def _action(act):
    """The handler for a POST that ``act(store, values, **arguments)`` carries out."""

    def handler(store, request, **arguments):
        origin = request.headers.get("Origin")
        if origin and urlsplit(origin).netloc != request.host:
            return json_answer({"error": "Only this page and scripts may do that"}, 403)
        seller_id = request.form.get("seller_id", "")
        try:
            values = _values(request)
            result = act(store, values, **arguments)
        except (KeyError, TypeError, ValueError) as error:
            if request.is_json:
                return json_answer({"error": f"{type(error).__name__}: {error}"}, 400)
            return _page(store, seller_id, f"That did not work: {error}", 400)
        if request.is_json:
            return json_answer(result or {})
        if result and "refresh_token" in result:
            return _page(store, seller_id, f"Refresh token, shown once: {result['refresh_token']}")
        return redirect("/?" + urlencode({"seller": seller_id}) if seller_id else "/", 303)

    return handler


def add_order(store, values):
    """Add one order, built from options or given whole."""
    values = dict(values)
    seller_id, age = values.pop("seller_id"), values.pop("age", VISIBLE_AGE)
    verbatim = values.pop("verbatim", False)
    if "order" in values:
        order = values["order"]
        age = None if verbatim else age
    else:
        values.setdefault("order_id", _free_order_id(store, values.get("marketplace", "DE")))
        order = build_order(**values)
    store.add_order(seller_id, order, age=age, verbatim=verbatim)
    return {"order_id": order["orderId"]}


def _free_order_id(store, marketplace):
    while True:
        order_id = order_id_for(random.randrange(10**7), marketplace)
        if order_id not in store.orders:
            return order_id


def generate_orders(store, values):
    """Add demo orders on the marketplaces of the seller (or on those that are named)."""
    values = dict(values)
    seller = store.sellers[values.pop("seller_id")]
    values.setdefault("marketplaces", seller.marketplace_ids)
    orders = demo_orders(now=store.clock.now(), **values)
    store.add_orders(seller.seller_id, orders)
    return {"order_ids": [order["orderId"] for order in orders]}


def change_order(store, values, order_id, change):
    """Ship, cancel, ask to cancel, or just touch an order."""
    changes = {
        "ship": store.ship_order,
        "cancel": store.cancel_order,
        "request-cancellation": store.request_cancellation,
        "touch": store.update_order,
    }
    options = {name: value for name, value in values.items() if name != "seller_id"}
    changes[change](order_id, **{"age": VISIBLE_AGE, **options})
    return {"order_id": order_id}


def add_fault(store, values):
    """Script a fault."""
    store.add_fault(**{name: value for name, value in values.items() if name != "seller_id"})


def set_application(store, values):
    """Change the registration of the application."""
    values = {name: value for name, value in values.items() if name != "seller_id"}
    if "cancel_redirects" in values:
        store.cancel_redirects = values.pop("cancel_redirects")
    for name, value in values.items():
        if not hasattr(store.application, name):
            raise ValueError(f"An application has no {name}")
        setattr(store.application, name, value)


def issue_refresh_token(store, values):
    """Self-authorization: a refresh token to copy."""
    return {"refresh_token": store.issue_refresh_token(values["seller_id"])}


def state(store, request):
    """Everything but orders, calls and secrets, as JSON."""
    application = store.application
    return json_answer(
        {
            "now": to_text(store.clock.now()),
            "application": {"application_id": application.application_id, "is_draft": application.is_draft},
            "sellers": [_seller_facts(store, seller) for seller in store.sellers.values()],
            "faults": [vars(fault) for fault in store.faults.coming],
            "fault_kinds": KINDS,
        }
    )


def _seller_facts(store, seller):
    return {
        "seller_id": seller.seller_id,
        "name": seller.name,
        "region": seller.region,
        "marketplace_ids": seller.marketplace_ids,
        "orders": len(store.orders.of_seller(seller.seller_id)),
        "listings": len(store.listings.of_seller(seller.seller_id)),
    }


def orders(store, request):
    """The orders of one seller or of all, as JSON."""
    seller_id = request.args.get("seller_id")
    found = [stored.order for stored in store.orders.values() if seller_id in (None, stored.seller_id)]
    return json_answer({"orders": found})


def calls(store, request):
    """The remembered calls, oldest first, as JSON."""
    return json_answer({"calls": [{**vars(call), "at": to_text(call.at)} for call in store.calls]})


def page(store, request):
    """The control page."""
    return _page(store, request.args.get("seller", ""))


def _page(store, seller_id, notice="", status=200):
    seller = store.sellers.get(seller_id) or next(iter(store.sellers.values()))
    mine = store.orders.of_seller(seller.seller_id)
    return render(
        "control.html",
        status,
        store=store,
        seller=seller,
        notice=notice,
        orders=[_row(stored) for stored in mine[:ORDERS_ON_PAGE]],
        order_count=len(mine),
        calls=[(call, call.at.strftime("%H:%M:%S")) for call in list(store.calls)[: -CALLS_ON_PAGE - 1 : -1]],
        now=store.clock.now().strftime("%Y-%m-%d %H:%M:%S UTC"),
        operations=["token", *OPERATION_NAMES, *TRANSFERS, "*"],
        kinds=FAULT_GROUPS,
        visible_age=VISIBLE_AGE,
        **selling.page_values(store, seller),
    )


def _row(stored):
    order = stored.order
    total = order.get("proceeds", {}).get("grandTotal")
    skus = [f"{item['quantityOrdered']} × {item['product'].get('sellerSku', '?')}" for item in order["orderItems"]]
    return {
        "id": order["orderId"],
        "marketplace": order["salesChannel"].get("marketplaceName", order["salesChannel"]["channelName"]),
        "channel": "FBM" if stored.is_merchant_fulfilled else "FBA",
        "status": stored.status,
        "items": ", ".join(skus),
        "total": f"{total['amount']} {total['currencyCode']}" if total else "",
        "updated": to_moment(order["lastUpdatedTime"]).strftime("%d %b %H:%M"),
        "packages": selling.package_rows(stored),
        "can_ship": stored.status in ("UNSHIPPED", "PARTIALLY_SHIPPED"),
        "can_cancel": stored.status in ("PENDING", "UNSHIPPED"),
    }


def _post(rule, act):
    return Page(rule, _action(act), ("POST",))


PAGES = (
    Page("/", page),
    Page("/control/state", state),
    Page("/control/orders", orders),
    Page("/control/calls", calls),
    _post("/control/orders", add_order),
    _post("/control/orders/generate", generate_orders),
    _post("/control/orders/<order_id>/<any(ship, cancel, 'request-cancellation', touch):change>", change_order),
    _post("/control/orders/<order_id>/packages/<reference>/<any(deliver, return, lose):news>", selling.report_package),
    Page("/control/listings", selling.listings),
    _post("/control/listings", selling.add_listing),
    _post("/control/listings/generate", selling.generate_listings),
    _post("/control/listings/quantity", selling.set_quantity),
    _post("/control/jobs/finish", selling.finish_jobs),
    _post("/control/jobs/time", selling.set_job_time),
    _post("/control/faults", add_fault),
    _post("/control/faults/clear", lambda store, values: store.clear_faults()),
    _post("/control/clock", lambda store, values: store.clock.advance(values["advance"])),
    _post("/control/quotas/reset", lambda store, values: store.reset_quotas()),
    _post("/control/refresh-tokens", issue_refresh_token),
    _post("/control/revoke", lambda store, values: store.revoke(values["seller_id"])),
    _post("/control/access-tokens/expire", lambda store, values: store.authorizations.expire_access_tokens()),
    _post("/control/application", set_application),
    _post("/control/reset", lambda store, values: store.reset()),
)
