"""What outlasts the process: the store as JSON, and back."""

import base64
import json
from dataclasses import asdict
from pathlib import Path

from .clock import to_moment, to_text
from .listings import Harm
from .sellers import PRODUCT_LISTING, Seller
from .shipments import Confirmation


def save(store, path):
    """Write the store to a file that only its owner can read."""
    with store.lock:
        data = {
            "sellers": [{**asdict(seller), "roles": sorted(seller.roles)} for seller in store.sellers.values()],
            "orders": [[stored.seller_id, stored.order, stored.verbatim] for stored in store.orders.values()],
            "authorizations": store.authorizations.dump(),
            "confirmations": [_confirmation_row(confirmation) for confirmation in store.confirmations],
            "listings": store.listings.dump(),
            "harmed": [[harm.seller_id, harm.sku, to_text(harm.at), harm.source] for harm in store.harmed_listings],
            "documents": store.documents.dump(),
            "feeds": _feed_rows(store),
            "reports": store.reports.dump(),
        }
    path = Path(path)
    draft = path.with_name(path.name + ".new")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(data), encoding="utf-8")
    draft.replace(path)


def load(store, path):
    """Take back what :func:`save` wrote, also before there were listings."""
    data = json.loads(Path(path).read_text(encoding="utf-8"))
    with store.lock:
        sellers = [Seller(**{**values, "roles": set(values["roles"])}) for values in data["sellers"]]
        if "listings" not in data:
            for seller in sellers:
                seller.roles.add(PRODUCT_LISTING)
        store.sellers = {seller.seller_id: seller for seller in sellers}
        for seller_id, order, verbatim in data["orders"]:
            store.orders.add(seller_id, order, verbatim=verbatim)
        store.authorizations.load(data["authorizations"])
        store.confirmations[:] = [_confirmation(row) for row in data.get("confirmations", ())]
        store.listings.load(data.get("listings", ()))
        harmed = data.get("harmed", ())
        store.harmed_listings[:] = [
            Harm(seller_id, sku, to_moment(at), source) for seller_id, sku, at, source in harmed
        ]
        store.documents.load(data.get("documents", ()))
        store.reports.load(data.get("reports", ()))
        store.feeds.load([{**row, "packed": base64.b64decode(row["packed"])} for row in data.get("feeds", ())])


def _feed_rows(store):
    return [{**row, "packed": base64.b64encode(row["packed"]).decode("ascii")} for row in store.feeds.dump()]


def _confirmation_row(confirmation):
    row = asdict(confirmation)
    return {**row, "ship_date": to_text(confirmation.ship_date), "at": to_text(confirmation.at)}


def _confirmation(row):
    return Confirmation(**{**row, "ship_date": to_moment(row["ship_date"]), "at": to_moment(row["at"])})
