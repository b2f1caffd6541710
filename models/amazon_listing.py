from odoo import api, fields, models

from .. import compat
from .amazon_offer_listing import LISTING_STATUSES

#: How a product was found. The first four are matches, the next two only proposals.
REASONS = [
    ("other_marketplace", "Same SKU on another marketplace"),
    ("reference", "Internal Reference"),
    ("barcode", "Barcode"),
    ("chosen", "Chosen"),
    ("similar_reference", "Similar reference"),
    ("similar_name", "Similar name"),
    ("several", "Several products fit"),
]


class AmazonListing(models.Model):
    """What Amazon lists under one SKU on one marketplace, and the product that it may be.

    A listing makes no offer by itself: a person accepts it (`amazon_listing_review.py`). The product is looked for by
    `amazon_listing_matching.py`.
    """

    _name = "amazon.listing"
    _inherit = ["amazon.plain.export", "amazon.readonly.mixin"]
    _description = "Amazon Listing"
    _order = "sku, id"
    _rec_name = "sku"
    _check_company_auto = True

    import_id = fields.Many2one("amazon.catalogue.import", required=True, readonly=True, ondelete="cascade")
    account_id = fields.Many2one(related="import_id.account_id", store=True, index=True)
    marketplace_id = fields.Many2one(related="import_id.marketplace_id", store=True)
    company_id = fields.Many2one(related="import_id.company_id", store=True)
    run = fields.Integer(readonly=True, help="The run of the import that saw the listing last.")
    seen_on = fields.Datetime("Seen at Amazon On", readonly=True)

    # What Amazon says
    sku = fields.Char("Amazon SKU", required=True, readonly=True)
    asin = fields.Char("ASIN", readonly=True)
    title = fields.Char(readonly=True)
    amazon_channel = fields.Selection(
        [("fbm", "Fulfilled by Merchant"), ("fba", "Fulfilled by Amazon")],
        "Fulfilment",
        readonly=True,
        help="Empty when Amazon does not say who ships.",
    )
    channel_code = fields.Char("Fulfilment Channel", readonly=True)
    listing_status = fields.Selection(LISTING_STATUSES, "Status", readonly=True)
    quantity = fields.Integer(readonly=True, aggregator=None, help="The quantity at Amazon of what you ship yourself.")
    product_type = fields.Char("Amazon Product Type", readonly=True)
    barcode = fields.Char(readonly=True)

    # What it is in Odoo
    offer_id = fields.Many2one("amazon.offer", readonly=True, index="btree_not_null", ondelete="set null")
    product_id = fields.Many2one(
        "product.product",
        compute="_compute_product_id",
        store=True,
        readonly=False,
        check_company=True,
        ondelete="set null",
        help="The product that the offer is made for.",
    )
    proposed_product_id = fields.Many2one("product.product", "Proposal", readonly=True, ondelete="set null")
    reason = fields.Selection(REASONS, "Found by", readonly=True)
    is_chosen = fields.Boolean(readonly=True, help="A person chose the product, or that there is none.")
    match = fields.Selection(
        [
            ("matched", "Matched"),
            ("offer", "With an Offer"),
            ("proposal", "Proposal"),
            ("unmatched", "Unmatched"),
        ],
        compute="_compute_match",
        store=True,
        index=True,
    )

    _import_sku_unique = compat.Constraint("UNIQUE(import_id, sku)", "The SKU is already among the listings.")

    # === COMPUTE METHODS ===

    @api.depends("offer_id.product_id")
    def _compute_product_id(self):
        """The product is the offer's, also after somebody gave the offer another one."""
        for listing in self:
            is_offers = listing.offer_id and not listing.is_chosen
            listing.product_id = listing.offer_id.product_id if is_offers else listing.product_id

    @api.depends("offer_id.product_id", "product_id", "proposed_product_id")
    def _compute_match(self):
        for listing in self:
            offer_product = listing.offer_id.product_id
            if offer_product and listing.product_id in (offer_product, self.env["product.product"]):
                listing.match = "offer"
            elif listing.product_id:
                listing.match = "matched"
            else:
                listing.match = "proposal" if listing.proposed_product_id else "unmatched"

    # === CRUD METHODS ===

    def write(self, vals):
        """A product that a person writes, or clears, is theirs: no later import changes it."""
        if "product_id" in vals and "is_chosen" not in vals:
            self.check_access("write")
            # sudo: that a person chose is noted here, and by nobody else.
            super(AmazonListing, self.sudo()).write(
                {"is_chosen": True, "reason": "chosen" if vals["product_id"] else False}
            )
        return super().write(vals)

    # === BUSINESS METHODS ===

    @api.model
    def _store(self, catalogue_import, items, matcher, seen_on):
        """Bring the listings of an import up to date, and match them with products.

        :param list items: `ListedItem`s; when a SKU stands among them twice, the last one counts
        :param matcher: see `_matcher`
        :param datetime seen_on: when Amazon said so, UTC
        """
        items = {item.sku: item for item in items}
        matches = matcher.match(items.values())
        known = {
            listing.sku: listing
            for listing in self.search([("import_id", "=", catalogue_import.id), ("sku", "in", list(items))])
        }
        new = []
        for sku, item in items.items():
            vals = {**self._prepare_item_vals(item), "run": catalogue_import.run, "seen_on": seen_on}
            if sku in known:
                known[sku]._update(vals, matches[sku])
            else:
                new.append({"import_id": catalogue_import.id, "sku": sku, **vals, **matches[sku]})
        self.create(new)

    @api.model
    def _prepare_item_vals(self, item):
        """Hook: what a listing takes over from Amazon."""
        vals = {
            "asin": item.asin,
            "title": item.title,
            "amazon_channel": item.channel or False,
            "channel_code": item.channel_code,
            "listing_status": item.status,
            "quantity": item.quantity or 0,
        }
        # The report does not know these; what a search said stays.
        told = {"product_type": item.product_type, "barcode": item.barcodes and item.barcodes[0]}
        return {**vals, **{name: value for name, value in told.items() if value}}

    def _update(self, vals, match_vals):
        """Write what is new, for a thousand listings in few queries: equal values cost nothing."""
        self.ensure_one()
        if self.is_chosen:
            match_vals = {"offer_id": match_vals["offer_id"]}
        record_vals = self._fields_as_stored({**vals, **match_vals})
        if record_vals:
            self.write({**record_vals, "is_chosen": self.is_chosen})

    def _fields_as_stored(self, vals):
        """Those of `vals` that differ from what the listing has."""
        changed = {}
        for name, value in vals.items():
            present = self[name].id if self._fields[name].type == "many2one" else self[name]
            if (present or False) != (value or False):
                changed[name] = value
        return changed
