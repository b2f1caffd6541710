"""What the control page shows and does about packages, listings, feeds and reports.

POST /control/orders/<id>/packages/<reference>/<status>    status: deliver, return, lose
POST /control/listings             seller_id, sku, marketplaces, channel, quantity, lead_time, ...
POST /control/listings/generate    seller_id: the sample products, and two that Amazon ships
POST /control/listings/quantity    seller_id, sku, quantity: as the seller does it in Seller Central
POST /control/jobs/finish          end all feeds and reports now
POST /control/jobs/time            seconds: how long feeds and reports take from now on
GET  /control/listings?seller_id=
"""

from .answers import json_answer
from .clock import to_text
from .sample_products import DEMO_PRODUCTS

LISTINGS_ON_PAGE, JOBS_ON_PAGE = 50, 15
FBA_CHANNELS = {"eu": "AMAZON_EU", "na": "AMAZON_NA", "fe": "AMAZON_JP"}
# What a carrier may report, by the word of the address: package status, detailed status.
PACKAGE_NEWS = {
    "deliver": ("DELIVERED", "DELIVERED"),
    "return": ("UNDELIVERABLE", "RETURNING_TO_SELLER"),
    "lose": ("UNDELIVERABLE", "LOST"),
}


def report_package(store, values, order_id, reference, news):
    """The carrier reports on a package of an order."""
    status, detailed_status = PACKAGE_NEWS[news]
    store.set_package_status(order_id, reference, status, detailed_status, age=values.get("age", 0))
    return {"order_id": order_id}


def add_listing(store, values):
    """Add one listing, on all marketplaces of the seller unless they are named."""
    values = dict(values)
    seller = store.sellers[values.pop("seller_id")]
    values.setdefault("marketplaces", seller.marketplace_ids)
    if values.get("channel") == "FBA":
        values["channel"] = FBA_CHANNELS[seller.region]
    store.add_listing(seller.seller_id, **values)
    return {"sku": values["sku"]}


def generate_listings(store, values):
    """List the sample products, each shipped by the seller, and two of them also by Amazon."""
    seller = store.sellers[values["seller_id"]]
    skus = []
    for number, product in enumerate(DEMO_PRODUCTS):
        facts = {"title": product.name, "asin": product.asin, "price": str(product.price)}
        facts["marketplaces"] = seller.marketplace_ids
        store.add_listing(seller.seller_id, product.sku, quantity=10, **facts)
        skus.append(product.sku)
        if number < 2:
            channel = FBA_CHANNELS[seller.region]
            store.add_listing(seller.seller_id, f"{product.sku}-FBA", channel=channel, **facts)
            skus.append(f"{product.sku}-FBA")
    return {"skus": skus}


def set_quantity(store, values):
    """The seller sets a quantity himself."""
    store.set_quantity(values["seller_id"], values["sku"], values["quantity"])


def finish_jobs(store, values):
    """End all feeds and reports now."""
    store.finish_feeds()
    store.finish_reports()


def set_job_time(store, values):
    """Let feeds and reports take some time from now on."""
    store.feed_seconds = store.report_seconds = values["seconds"]


def listings(store, request):
    """The listings of one seller or of all, as JSON."""
    seller_id = request.args.get("seller_id")
    found = [listing for listing in store.listings.values() if seller_id in (None, listing.seller_id)]
    return json_answer({"listings": [_listing_facts(listing) for listing in found]})


def _listing_facts(listing):
    return {
        "seller_id": listing.seller_id,
        "sku": listing.sku,
        "asin": listing.asin,
        "title": listing.title,
        "channel": listing.channel,
        "quantity": listing.quantity,
        "lead_time": listing.lead_time,
        "marketplace_ids": listing.marketplace_ids,
        "changes": [[to_text(change.at), change.quantity, change.source] for change in listing.changes],
    }


def page_values(store, seller):
    """What the template needs to show of a seller's listings and jobs."""
    mine = store.listings.of_seller(seller.seller_id)
    return {
        "listings": [_listing_row(listing) for listing in mine[:LISTINGS_ON_PAGE]],
        "listing_count": len(mine),
        "harmed": [harm for harm in store.harmed_listings if harm.seller_id == seller.seller_id],
        "jobs": _job_rows(store, seller),
    }


def package_rows(stored):
    """The packages of an order for the page."""
    rows = []
    for package in stored.order.get("packages", ()):
        status = package.get("packageStatus", {}).get("status", "")
        rows.append(
            {
                "reference": package["packageReferenceId"],
                "carrier": package.get("carrier", ""),
                "tracking": package.get("trackingNumber", ""),
                "status": status,
                "is_under_way": status in ("", "PENDING", "SHIPPED", "IN_TRANSIT"),
            }
        )
    return rows


def _listing_row(listing):
    last = listing.changes[-1] if listing.changes else None
    return {
        "sku": listing.sku,
        "title": listing.title,
        "asin": listing.asin,
        "by": "Amazon (FBA)" if listing.is_fba else "the seller (FBM)",
        "is_fba": listing.is_fba,
        "quantity": "" if listing.quantity is None else listing.quantity,
        "lead_time": "" if listing.lead_time is None else f"{listing.lead_time} days",
        "change": f"{last.at:%d %b %H:%M:%S} by {last.source}" if last else "",
    }


def _job_rows(store, seller):
    found = [("Feed", job) for job in store.feeds.of_seller(seller.seller_id)]
    found += [("Report", job) for job in store.reports.of_seller(seller.seller_id)]
    found.sort(key=lambda row: row[1].created_at, reverse=True)
    return [
        {
            "what": what,
            "id": job.job_id,
            "kind": job.kind,
            "status": job.status,
            "fate": job.fate,
            "messages": len(job.messages) if what == "Feed" else "",
            "created": f"{job.created_at:%d %b %H:%M:%S}",
        }
        for what, job in found[:JOBS_ON_PAGE]
    ]
