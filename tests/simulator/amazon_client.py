"""A client of the simulated Amazon that holds every answer against Amazon's models."""

import json
from datetime import datetime, timedelta, timezone
from urllib.parse import quote

import contract
import requests

from simulator.clock import to_text

EU, NA, FE = "A1EXAMPLESELLEREU", "A2EXAMPLESELLERNA", "A3EXAMPLESELLERFE"
DE = "A1PA6795UKMFR9"
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=timezone.utc)
ALL_DATA = "BUYER,RECIPIENT,PROCEEDS,EXPENSE,PROMOTION,CANCELLATION,FULFILLMENT,PACKAGES,TAX,PAYMENT"
ORDERS = "/orders/2026-01-01/orders"
FEEDS, REPORTS = "/feeds/2021-06-30", "/reports/2021-06-30"
PARTICIPATIONS = "/sellers/v1/marketplaceParticipations"


class Client:
    """Talks to the simulator as a connector would, for one seller."""

    def __init__(self, sim, seller_id):
        self.sim = sim
        self.refresh_token = sim.store.issue_refresh_token(seller_id)
        self.access_token = self.token().json()["access_token"]

    def token(self, **changes):
        """The answer of Login with Amazon to a refresh (or whatever the changes make of it)."""
        form = {
            "grant_type": "refresh_token",
            "refresh_token": self.refresh_token,
            "client_id": self.sim.CLIENT_ID,
            "client_secret": self.sim.CLIENT_SECRET,
        }
        form.update(changes)
        form = {name: value for name, value in form.items() if value is not None}
        return requests.post(f"{self.sim.url}/auth/o2/token", data=form, timeout=10)

    def call(self, path, params=None, method="GET", headers=None, valid=True, body=None):
        """The answer of the API; a JSON answer must be one that Amazon's model allows."""
        sent = {"x-amz-access-token": self.access_token, "user-agent": "Tests/1.0 (Language=Python)"}
        sent.update(headers or {})
        response = requests.request(method, self.sim.url + path, params=params, headers=sent, json=body, timeout=10)
        if valid:
            assert contract.complaints(path, response, method) == []
        return response

    def search(self, **params):
        """searchOrders for everything updated on the last day, unless ``params`` say otherwise."""
        after = {"createdAfter", "lastUpdatedAfter"} & set(params)
        if not after:
            params["lastUpdatedAfter"] = to_text(self.sim.store.clock.now() - timedelta(days=1))
        params = {name: value for name, value in params.items() if value is not None}
        return self.call(ORDERS, params)

    def search_ids(self, **params):
        """The identifiers that a search finds on its (first) page."""
        response = self.search(**params)
        assert response.status_code == 200, response.text
        return [order["orderId"] for order in response.json()["orders"]]

    def get(self, order_id, included=ALL_DATA):
        """getOrder."""
        return self.call(f"{ORDERS}/{order_id}", {"includedData": included} if included else None)

    def confirm(self, order_id, body):
        """confirmShipment."""
        return self.call(f"/orders/v0/orders/{order_id}/shipmentConfirmation", method="POST", body=body)

    def upload(self, document, content_type="application/json; charset=UTF-8", headers=None):
        """Make a feed document and upload ``document`` to it; its identifier and the answer of the upload."""
        made = self.call(f"{FEEDS}/documents", method="POST", body={"contentType": content_type}).json()
        sent = {"Content-Type": content_type, **(headers or {})}
        return made["feedDocumentId"], requests.put(made["url"], data=document, headers=sent, timeout=10)

    def create_feed(self, document_id, feed_type="JSON_LISTINGS_FEED", **changes):
        """createFeed for Germany."""
        body = {"feedType": feed_type, "marketplaceIds": [DE], "inputFeedDocumentId": document_id, **changes}
        return self.call(f"{FEEDS}/feeds", method="POST", body=body)

    def feed_listings(self, messages, **header):
        """Upload a listings feed and create it; its identifier."""
        document = {"header": {"sellerId": EU, "version": "2.0", **header}, "messages": messages}
        return self.create_feed(self.upload(json.dumps(document).encode())[0]).json()["feedId"]

    def get_feed(self, feed_id):
        """getFeed."""
        return self.call(f"{FEEDS}/feeds/{feed_id}").json()

    def create_report(self, **changes):
        """createReport of all listings in Germany."""
        body = {"reportType": "GET_MERCHANT_LISTINGS_ALL_DATA", "marketplaceIds": [DE], **changes}
        return self.call(f"{REPORTS}/reports", method="POST", body=body)

    def get_report(self, report_id):
        """getReport."""
        return self.call(f"{REPORTS}/reports/{report_id}").json()

    def document(self, folder, document_id, **params):
        """getFeedDocument or getReportDocument; ``folder`` is FEEDS or REPORTS."""
        return self.call(f"{folder}/documents/{document_id}", params).json()

    def listings(self, sku=None, seller_id=EU, method="GET", body=None, **params):
        """searchListingsItems, or with an SKU getListingsItem or (method PATCH) patchListingsItem, in Germany."""
        path = f"/listings/2021-08-01/items/{seller_id}" + (f"/{quote(sku, safe='')}" if sku else "")
        return self.call(path, {"marketplaceIds": DE, **params}, method, body=body)

    def patch(self, sku, value, op="merge", **params):
        """patchListingsItem of the availability."""
        patches = [{"op": op, "path": "/attributes/fulfillment_availability", "value": value}]
        return self.listings(sku, method="PATCH", body={"productType": "PRODUCT", "patches": patches}, **params)


def error_of(response):
    """(status, code, details) of an error answer."""
    error = response.json()["errors"][0]
    return response.status_code, error["code"], error["details"]
