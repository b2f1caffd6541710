from odoo import api, fields, models

from ..listed_items import ListedItem

LISTING_STATUSES = [
    ("active", "Active"),
    ("inactive", "Inactive"),
    ("incomplete", "Incomplete"),
    ("other", "Other"),
]


class AmazonOfferListing(models.Model):
    """What Amazon was last seen to list under the SKU of an offer."""

    _inherit = "amazon.offer"

    asin = fields.Char("ASIN", readonly=True, copy=False, help="Amazon's number of the article.")
    title = fields.Char("Title at Amazon", readonly=True, copy=False)
    product_type = fields.Char(
        "Amazon Product Type",
        readonly=True,
        copy=False,
        help="The kind of article in Amazon's words, which a change of the listing has to name.",
    )
    listing_status = fields.Selection(LISTING_STATUSES, "Status at Amazon", readonly=True, copy=False)
    amazon_quantity_seen = fields.Integer(
        "Quantity at Amazon",
        readonly=True,
        copy=False,
        help="The quantity that Amazon had when the listing was last read; 0 for what Amazon fulfils.",
    )
    listing_ids = fields.One2many("amazon.listing", "offer_id", readonly=True)

    # === BUSINESS METHODS ===

    @api.model
    def _refresh_from_amazon(self, account, marketplace, items, seen_on=None):
        """Note on the offers of an account what Amazon lists under their SKUs. Makes no offer.

        The product, the SKU and everything else that a person decides stay as they are. What was seen later stays too.

        :param list[ListedItem] items: what Amazon lists on that marketplace
        :param datetime seen_on: when Amazon said so, UTC; by default now
        :return: the offers of these SKUs
        """
        by_sku = {item.sku: item for item in items}
        seen_on = seen_on or fields.Datetime.now()
        offers = self.search(
            [
                ("account_id", "=", account.id),
                ("marketplace_id", "=", marketplace.id),
                ("sku", "in", list(by_sku)),
            ]
        )
        older = offers.filtered(lambda offer: not offer.listing_seen_on or offer.listing_seen_on <= seen_on)
        for offer in older:
            values = self._prepare_listing_vals(by_sku[offer.sku])
            if values.get("amazon_channel") == "fbm" and offer.amazon_channel == "fba":
                # What lay at Amazon is the seller's again: a person decides when its stock is sent.
                values["sync_stock"] = False
            changed = {name: value for name, value in values.items() if offer[name] != value}
            if changed:
                offer.write(changed)
        older.write({"listing_seen_on": seen_on, "listing_missing": False})
        return offers

    @api.model
    def _prepare_listing_vals(self, item: ListedItem):
        """Hook: what an offer takes over from Amazon. What Amazon does not say stays as it is."""
        values = {
            "asin": item.asin,
            "title": item.title,
            "product_type": item.product_type,
            "amazon_channel": item.channel,
            "listing_channel": item.channel_code,
        }
        values = {name: value for name, value in values.items() if value}
        values["listing_status"] = item.status
        if item.quantity is not None or item.channel == "fba":
            values["amazon_quantity_seen"] = item.quantity or 0
        return values
