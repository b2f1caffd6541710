from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from ..listed_items import ListedItem, barcode_forms
from ..product_proposals import ProductProposals


class AmazonListingMatching(models.Model):
    """Which product a listing is: by its offer, by its SKU, by its barcode; else which one it may be."""

    _inherit = "amazon.listing"

    @api.model
    def _matcher(self, account, marketplace):
        """What finds the products of listings, by the thousand.

        :rtype: ListingMatcher
        """
        return ListingMatcher(account, marketplace)

    def _match_again(self):
        """Look for the products of these listings once more, after products or offers have changed."""
        for catalogue_import, listings in self.grouped("import_id").items():
            matcher = self._matcher(catalogue_import.account_id, catalogue_import.marketplace_id)
            items = {listing: listing._as_item() for listing in listings}
            matches = matcher.match(items.values())
            for listing, item in items.items():
                # sudo: what was found for a listing is only the connector's.
                listing.sudo()._update({}, matches[item.sku])

    def _as_item(self):
        """What Amazon said of the listing, as it came in."""
        self.ensure_one()
        return ListedItem(
            sku=self.sku,
            asin=self.asin or "",
            title=self.title or "",
            channel=self.amazon_channel or "",
            channel_code=self.channel_code or "",
            status=self.listing_status,
            quantity=self.quantity if self.amazon_channel == "fbm" else None,
            product_type=self.product_type or "",
            barcodes=(self.barcode,) if self.barcode else (),
        )


class ListingMatcher:
    """Finds products for the listings of one marketplace of an account, in the same few queries for any number."""

    def __init__(self, account, marketplace):
        self.env = account.env
        self.account = account
        self.marketplace = marketplace
        self._proposals = None

    def match(self, items):
        """What is found for listings, as values of `amazon.listing`.

        Everything but a proposal is exact, with regard to case. Of several products that fit equally none is taken.

        :param items: `ListedItem`s
        :return: by SKU: offer_id, product_id, proposed_product_id, reason
        :rtype: dict
        """
        items = list(items)
        offers, others = self._find_offers([item.sku for item in items])
        by_reference = self._find_products("default_code", {item.sku for item in items})
        by_barcode = self._find_products("barcode", {form for item in items for form in _barcode_forms(item)})
        found = {}
        for item in items:
            if item.sku in offers:
                found[item.sku] = self._vals(offer_id=offers[item.sku].id, product_id=offers[item.sku].product_id.id)
                continue
            candidates = (
                ("other_marketplace", others.get(item.sku, set())),
                ("reference", by_reference.get(item.sku, set())),
                ("barcode", set().union(*(by_barcode.get(form, set()) for form in _barcode_forms(item)))),
            )
            found[item.sku] = self._first_match(candidates) or self._propose(item)
        return found

    def _first_match(self, candidates):
        for reason, product_ids in candidates:
            if len(product_ids) == 1:
                return self._vals(product_id=min(product_ids), reason=reason)
            if product_ids:
                return self._vals(reason="several")
        return None

    def _propose(self, item):
        proposal = self.proposals.find(item.sku, item.title)
        if not proposal:
            return self._vals()
        return self._vals(proposed_product_id=proposal.product_id, reason=proposal.reason)

    @staticmethod
    def _vals(**found):
        nothing = {"offer_id": False, "product_id": False, "proposed_product_id": False, "reason": False}
        return {**nothing, **found}

    # === QUERIES ===

    def _find_offers(self, skus):
        """The offers of this marketplace by SKU; and the products that the same SKUs have on the others."""
        found = self.env["amazon.offer"].search([("account_id", "=", self.account.id), ("sku", "in", skus)])
        offers, others = {}, defaultdict(set)
        for offer in found:
            if offer.marketplace_id == self.marketplace:
                offers[offer.sku] = offer
            elif offer.product_id.active:
                others[offer.sku].add(offer.product_id.id)
        return offers, others

    def _find_products(self, field, values):
        """The products of the company by the exact value of a field: sets of ids by value."""
        products = self.env["product.product"].search_fetch(
            [*self._products_domain(), (field, "in", list(values - {"", False, None}))], [field]
        )
        found = defaultdict(set)
        for product in products:
            found[product[field]].add(product.id)
        return found

    def _products_domain(self):
        return self.env["product.product"]._check_company_domain(self.account.company_id)

    @property
    def proposals(self):
        """The index of all products, made when the first listing needs it."""
        if self._proposals is None:
            self._proposals = ProductProposals(self._read_products())
        return self._proposals

    def _read_products(self):
        """Each product's id, reference and names: in every language, with the values that tell variants apart.

        Read past the ORM, for there may be a hundred thousand.
        """
        products = self.env["product.product"]
        products.flush_model(["default_code", "active", "product_tmpl_id", "product_template_attribute_value_ids"])
        self.env["product.template"].flush_model(["name"])
        chosen = products._search(list(self._products_domain()))
        rows = self.env.execute_query(
            SQL(
                """
                SELECT product.id, product.default_code, template.name, array_agg(value.name)
                  FROM product_product product
                  JOIN product_template template ON template.id = product.product_tmpl_id
             LEFT JOIN product_variant_combination combination ON combination.product_product_id = product.id
             LEFT JOIN product_template_attribute_value used
                    ON used.id = combination.product_template_attribute_value_id
             LEFT JOIN product_attribute_value value ON value.id = used.product_attribute_value_id
                 WHERE product.id IN %s
              GROUP BY product.id, template.id
                """,
                chosen.subselect(),
            )
        )
        for product_id, reference, names, values in rows:
            yield product_id, reference, _full_names(names, values)


def _barcode_forms(item):
    return [form for barcode in item.barcodes for form in barcode_forms(barcode)]


def _full_names(names, values):
    """The names of a variant by language: the template's and its values'.

    :param dict names: the template's name by language
    :param list values: for each attribute the value's name by language, None where there is no attribute
    """
    values = [value for value in values if value]
    return [
        " ".join([name, *(value.get(language) or value.get("en_US") or "" for value in values)])
        for language, name in (names or {}).items()
        if name
    ]
