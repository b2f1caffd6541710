from odoo import api, fields, models

from ..listed_items import ListedItem
from ..spapi import errors
from .amazon_offer_guard import ChannelUnknown, FulfilledByAmazon

#: Amazon accepts this word for changes that every kind of product has, such as a quantity.
ANY_PRODUCT_TYPE = "PRODUCT"
#: `searchListingsItems` takes so many SKUs at once.
SKUS_PER_SEARCH = 20


class AmazonOfferPush(models.Model):
    """Tells Amazon quantities SKU by SKU, and notes what Amazon answers."""

    _inherit = "amazon.offer"

    # === PATCHES ===

    def _begin_sending(self):
        """From here on nobody knows what Amazon has, until it answers: to be committed before the first call."""
        self.write({"stock_state": "sending", "confirmed_on": False})

    def _lock_to_send(self):
        """Lock the offers that share this one's SKU and are to be sent, with their newest quantity.

        :return: them; empty when there is nothing to send any more, or another worker is at it
        """
        self.ensure_one()
        self.flush_model()
        self.env.cr.execute(
            """
            SELECT id, feed_id, stock_state
              FROM amazon_offer
             WHERE account_id = %s AND sku = %s
             ORDER BY id
               FOR NO KEY UPDATE SKIP LOCKED
            """,
            [self.account_id.id, self.sku],
        )
        rows = self.env.cr.fetchall()
        self.invalidate_model()
        offers = self.browse([offer_id for offer_id, _feed, state in rows if state in ("pending", "sending")])
        complete = len(rows) == self.search_count([("account_id", "=", self.account_id.id), ("sku", "=", self.sku)])
        in_feed = any(feed for _offer, feed, _state in rows)
        return offers if complete and not in_feed else self.browse()

    def _patch_quantity(self, gateway):
        """Tell Amazon the quantity of these offers, which share a SKU and are locked.

        Returns when Amazon has answered for the SKU, whatever it said.

        :raise spapi.errors.SpApiError: Amazon did not look at it: throttled, not available, no access
        """
        leader = self._stock_leader()
        account = leader.account_id
        quantity, handling_time = leader.stock_quantity, leader.stock_handling_time
        try:
            patches = self._stock_guard(account, [leader.sku]).patches(leader.sku, quantity, handling_time)
            submission = gateway.patch_listing(
                account.seller_key, leader.sku, leader.marketplace_id.api_ref, leader._product_type(), patches
            )
        except ChannelUnknown:
            self.write({"stock_state": "pending"})
        except FulfilledByAmazon as refusal:
            self.write({"stock_state": "blocked", "stock_message": refusal.reason})
        except errors.NotFound:
            self.write({"stock_state": "refused", "stock_message": leader._message_not_listed()})
        except errors.InvalidRequest as error:
            self._write_refused(error.amazon_message or account._get_spapi_error_message(error))
        else:
            if submission.accepted:
                self._write_confirmed(quantity, handling_time)
            else:
                self._write_refused(leader._issues_in_words(submission.issues))

    def _stock_leader(self):
        """The offer by whose marketplace Amazon is told the quantity of a SKU."""
        return self.sorted(lambda offer: (not offer.listing_channel, offer.id))[0]

    def _product_type(self):
        self.ensure_one()
        return self.product_type or ANY_PRODUCT_TYPE

    # === ANSWERS ===

    def _write_confirmed(self, quantity, handling_time):
        self.write(
            {
                "stock_state": "done",
                "confirmed_quantity": quantity,
                "confirmed_on": fields.Datetime.now(),
                **({"confirmed_handling_time": handling_time} if handling_time else {}),
            }
        )

    def _write_refused(self, words):
        self.write({"stock_state": "refused", "stock_message": self._message_refused(words)})

    @api.model
    def _message_refused(self, words):
        return self.env._("Amazon refused the quantity: %(words)s", words=words or self.env._("no reason was given"))

    @api.model
    def _issues_in_words(self, issues):
        """Amazon's words on what is wrong; mere warnings only where there is nothing worse."""
        errors_ = [issue.message for issue in issues if issue.severity == "ERROR"]
        return " ".join(dict.fromkeys(errors_ or [issue.message for issue in issues]))

    # === LISTINGS ===

    def _ask_listings(self, gateway):
        """Ask Amazon about the listings of these offers of one account and marketplace; at most SKUS_PER_SEARCH.

        :raise spapi.errors.SpApiError: Amazon did not say
        """
        account, marketplace = self.account_id, self.marketplace_id
        listings = self._find_listings(gateway)
        self._refresh_from_amazon(account, marketplace, [ListedItem.of_search(listing) for listing in listings])
        listed = {listing.sku for listing in listings}
        missing = self.filtered(lambda offer: offer.sku not in listed)
        missing.write({"listing_missing": True, "listing_seen_on": fields.Datetime.now()})

    def _find_listings(self, gateway):
        """The listings of these offers, in one call; Amazon cannot search for a SKU with a comma."""
        seller, marketplace = self.account_id.seller_key, self.marketplace_id.api_ref
        skus = self.mapped("sku")
        listings = []
        if searchable := tuple(sku for sku in skus if "," not in sku):
            listings += gateway.search_listings(seller, marketplace, skus=searchable).listings
        for sku in skus:
            if "," in sku:
                try:
                    listings.append(gateway.get_listing(seller, sku, marketplace))
                except errors.NotFound:
                    continue
        return listings
