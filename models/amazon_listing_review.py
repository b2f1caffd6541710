from odoo import models
from odoo.exceptions import UserError

from ..utils import notification


class AmazonListingReview(models.Model):
    """What a person decides about listings. Only here offers and products are made of them."""

    _inherit = "amazon.listing"

    # === ACTIONS ===

    def action_use_proposal(self):
        """Take the proposed products for these listings; their offers are made when they are accepted."""
        self.check_access("write")
        proposals = self.filtered(lambda listing: listing.match == "proposal")
        if not proposals:
            raise UserError(self.env._("There is no proposal for this. Choose a product in the list."))
        for listing in proposals:
            listing.product_id = listing.proposed_product_id
        return self._reload()

    def action_accept(self):
        """Make offers of the listings that have a product; those whose product was changed change their offer.

        :return: a notification that counts the offers
        :raise UserError: none of them has a product that is to be accepted
        """
        self.check_access("write")
        # sudo: what Amazon said goes over into the offers, which people may not write there.
        accepted = self.sudo().filtered(lambda listing: listing.match == "matched")
        if not accepted:
            raise UserError(self.env._("None of these listings waits for an offer. Choose a product for them first."))
        offers = accepted._find_offers()
        known = accepted.filtered(lambda listing: listing._offer_key() in offers)
        changed = known.filtered("is_chosen")
        for listing in known:
            listing._link_offer(offers[listing._offer_key()])
        (accepted - known)._create_offers()
        return notification(
            self.env._(
                "Offers made: %(made)s. Offers that got another product: %(changed)s.",
                made=len(accepted) - len(known),
                changed=len(changed),
            )
        )

    def action_create_products(self):
        """Make a product for each SKU among these listings that has none. Their offers are made when they are accepted.

        :return: a notification that counts the products
        :raise UserError: all of them have a product
        """
        self.check_access("write")
        self._match_again()
        without = self.filtered(lambda listing: not listing.product_id)
        if not without:
            raise UserError(self.env._("Each of these listings has a product already."))
        ambiguous = without.filtered(lambda listing: listing.reason == "several")
        if ambiguous:
            raise UserError(
                self.env._(
                    "Several products fit %(sku)s. Choose one of them instead of making another.", sku=ambiguous[0].sku
                )
            )
        products = without._create_products()
        return notification(
            self.env._("Products made: %(count)s. Accept the listings to make their offers.", count=len(products))
        )

    def action_match_again(self):
        """Look for products once more, after references, barcodes or names were mended."""
        self.check_access("write")
        self._match_again()
        return self._reload()

    def action_forget_choice(self):
        """Undo what a person chose here, and look for the product again."""
        self.check_access("write")
        # sudo: that a person chose is only the connector's to forget.
        self.sudo().write({"product_id": False, "is_chosen": False, "reason": False})
        self._match_again()
        return self._reload()

    def action_open_offer(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("amazon_connector.amazon_offer_action")
        return {**action, "domain": [("id", "=", self.offer_id.id)], "context": {}}

    # === OFFERS ===

    def _offer_key(self):
        return self.account_id, self.marketplace_id, self.sku

    def _find_offers(self):
        """The offers there are for these listings, also those made since the import."""
        offers = self.env["amazon.offer"].search(
            [("account_id", "in", self.account_id.ids), ("sku", "in", self.mapped("sku"))]
        )
        return {(offer.account_id, offer.marketplace_id, offer.sku): offer for offer in offers}

    def _create_offers(self):
        offers = self.env["amazon.offer"].create([listing._prepare_new_offer_vals() for listing in self])
        for listing, offer in zip(self, offers, strict=True):
            listing._link_offer(offer)

    def _link_offer(self, offer):
        """Pair the listing with its offer. Only a product that a person chose here replaces the offer's."""
        if self.is_chosen and offer.product_id != self.product_id:
            offer.product_id = self.product_id
        self.write({"offer_id": offer.id, "is_chosen": False, "reason": False})

    def _prepare_new_offer_vals(self):
        """Hook: the values of the offer of an accepted listing. What Amazon ships, or may ship, sends no stock."""
        self.ensure_one()
        offers = self.env["amazon.offer"]
        vals = offers._prepare_offer_vals(
            self.account_id, self.marketplace_id, self, self.product_id, self.amazon_channel or "fbm"
        )
        if self.amazon_channel != "fbm":
            vals["sync_stock"] = False
        return {**vals, **offers._prepare_listing_vals(self._as_item()), "listing_seen_on": self.seen_on}

    # === PRODUCTS ===

    def _create_products(self):
        """One product per company and SKU, for the same SKU may be listed on several marketplaces."""
        first = {}
        for listing in self:
            first.setdefault((listing.company_id, listing.sku), listing)
        taken = self._taken_barcodes()
        vals_list = []
        for listing in first.values():
            vals_list.append(listing._prepare_product_vals(with_barcode=listing.barcode not in taken))
            taken.add(listing.barcode)
        products = self.env["product.product"].create(vals_list)
        by_key = dict(zip(first, products, strict=True))
        for listing in self:
            listing.write({"product_id": by_key[listing.company_id, listing.sku].id})
        # The listings of the same SKU elsewhere now find it by its reference.
        twins = self.search([("sku", "in", self.mapped("sku")), ("product_id", "=", False)])
        twins._match_again()
        return products

    def _taken_barcodes(self):
        barcodes = [barcode for barcode in self.mapped("barcode") if barcode]
        # sudo: a barcode is taken whoever may see the product.
        products = self.env["product.product"].sudo().with_context(active_test=False)
        return set(products.search([("barcode", "in", barcodes)]).mapped("barcode"))

    def _prepare_product_vals(self, with_barcode):
        """Hook: the values of a product made for a listing. Taxes and prices are Odoo's defaults."""
        self.ensure_one()
        return {
            "name": self.title or self.sku,
            "default_code": self.sku,
            "barcode": with_barcode and self.barcode,
            "type": "consu",
            "is_storable": True,
            "company_id": self.company_id.id,
        }

    def _reload(self):
        return {"type": "ir.actions.client", "tag": "soft_reload"}
