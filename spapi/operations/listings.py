"""The seller's listings: Listings Items API, version 2021-08-01.

https://developer-docs.amazon.com/sp-api/docs/listings-items-api
"""

from __future__ import annotations

from ..calls import Calls, checked_ref
from ..listings import Listing, ListingsPage, ListingSubmission, parse_listing, parse_submission
from ..members import objects_in, whole_number_in, word_in

LISTING_DATA = ("summaries", "attributes", "issues", "fulfillmentAvailability", "productTypes")
# Without the attributes: they are by far the largest part, and of use for one listing at a time only.
SEARCHED_DATA = tuple(part for part in LISTING_DATA if part != "attributes")
PAGE_SIZE = 20  # the most that Amazon gives
MOST_SKUS = 20
STABLE_ORDER = {"sortBy": "sku", "sortOrder": "ASC"}


class ListingOperations(Calls):
    """Reading and changing listings."""

    def get_listing(self, seller_id: str, sku: str, marketplace_id: str) -> Listing:
        """The listing of a SKU in a marketplace; ``NotFound`` when the seller has none there."""
        operation = "getListingsItem"
        answer = self._call(
            operation,
            lambda api: api.listings.get_listings_item(
                checked_ref("seller", seller_id),
                checked_ref("SKU", sku),
                marketplaceIds=marketplace_id,
                includedData=",".join(LISTING_DATA),
            ),
        )
        listing = parse_listing(answer.body, marketplace_id)
        if not listing.sku:
            raise self._unreadable(operation, answer)
        return listing

    def search_listings(
        self,
        seller_id: str,
        marketplace_id: str,
        page_token: str | None = None,
        skus: tuple[str, ...] = (),
        with_attributes: bool = False,
    ) -> ListingsPage:
        """Up to 20 of the seller's listings in a marketplace, or those of up to 20 SKUs.

        Amazon shows no more than 1,000 listings of a search: ``ListingsPage.total`` tells whether that is all. Ask
        with the same ``skus`` for the next page. Amazon separates them by commas, so a SKU with a comma in it can
        only be asked for by ``get_listing`` (``ValueError``).
        """
        operation = "searchListingsItems"
        data = LISTING_DATA if with_attributes else SEARCHED_DATA
        query = {"marketplaceIds": marketplace_id, "includedData": ",".join(data), "pageSize": PAGE_SIZE}
        # Amazon's own order, the last changed first, would shift between two pages when a quantity is sent.
        query |= {"identifiersType": "SKU", "identifiers": _csv(skus)} if skus else STABLE_ORDER
        if page_token:
            query["pageToken"] = page_token
        answer = self._call(
            operation, lambda api: api.listings.search_listings_items(checked_ref("seller", seller_id), **query)
        )
        return self._listings_page(operation, answer, marketplace_id)

    def patch_listing(
        self, seller_id: str, sku: str, marketplace_id: str, product_type: str, patches: list[dict]
    ) -> ListingSubmission:
        """Change a listing (see ``listings.quantity_patch``).

        ``ListingSubmission.accepted`` tells whether Amazon took the change; it is applied a while later. A patch sets
        and does not add, so a broken connection is tried once more.
        """
        operation = "patchListingsItem"
        answer = self._call(
            operation,
            lambda api: api.listings.patch_listings_item(
                checked_ref("seller", seller_id),
                checked_ref("SKU", sku),
                marketplaceIds=marketplace_id,
                body={"productType": product_type, "patches": patches},
            ),
        )
        submission = parse_submission(answer.body)
        if not submission.status:
            raise self._unreadable(operation, answer)
        return submission

    def _listings_page(self, operation, answer, marketplace_id) -> ListingsPage:
        items = answer.body.get("items")
        pagination = answer.body.get("pagination") or {}
        if not isinstance(items, list) or not isinstance(pagination, dict):
            raise self._unreadable(operation, answer)
        listings = [parse_listing(item, marketplace_id) for item in objects_in(answer.body, "items")]
        return ListingsPage(
            listings=tuple(listing for listing in listings if listing.sku),
            next_token=word_in(pagination, "nextToken") or None,
            total=whole_number_in(answer.body, "numberOfResults"),
        )


def _csv(skus):
    if len(skus) > MOST_SKUS:
        raise ValueError(f"No more than {MOST_SKUS} SKUs can be asked for at once")
    if any("," in sku for sku in skus):
        raise ValueError("A SKU with a comma cannot be searched for")
    return ",".join(skus)
