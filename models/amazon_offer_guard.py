from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models

from ..listed_items import MERCHANT_CHANNEL
from ..spapi.listings import quantity_patch

#: What Amazon said of a listing's channel is asked again after so long, before a quantity is sent.
CHANNEL_VALID = timedelta(days=7)
#: An order that Amazon fulfilled says so long that its SKU lies at Amazon.
FBA_ORDER_COUNTS = timedelta(days=30)


class FulfilledByAmazon(Exception):
    """A quantity was asked for a SKU that must not get one; `reason` says why, in the user's words."""

    def __init__(self, reason):
        self.reason = reason
        super().__init__(reason)


class ChannelUnknown(FulfilledByAmazon):
    """Amazon has not said lately who ships the SKU: its quantity waits until Amazon was asked."""


class AmazonOfferGuard(models.Model):
    """Keeps quantities away from what Amazon fulfils: a quantity would turn such a listing into one of the seller's."""

    _inherit = "amazon.offer"

    @api.model
    def _stock_guard(self, account, skus):
        """The guard for some SKUs of an account, in three queries. Nothing else may build a quantity for Amazon."""
        return StockGuard(account, skus)


class StockGuard:
    """Says of SKUs why they must get no quantity, and builds the quantity of the others."""

    def __init__(self, account, skus):
        self.env = account.env
        self.account = account
        twins = account._get_twins()
        self.sellers_accounts = account | twins.filtered(lambda twin: twin.region == account.region)
        self.offers = defaultdict(self.env["amazon.offer"].sudo().browse)
        self._find_offers(list(skus))
        self.last_fba_orders = self._find_fba_orders(list(skus))

    def reason(self, sku):
        """Why the SKU must get no quantity, translated; empty when it may."""
        offers = self.offers[sku]
        env = self.env
        if any(offer.listing_channel not in (False, MERCHANT_CHANNEL) for offer in offers):
            return env._("Amazon fulfils this SKU from its own warehouses. A quantity of yours would change that.")
        fba = offers.filtered(lambda offer: offer.amazon_channel == "fba")
        if fba:
            return env._(
                "The SKU is Fulfilled by Amazon on %(marketplaces)s, and Amazon keeps one quantity per SKU. If you "
                "ship it yourself there, too, change the Fulfilment of those offers.",
                marketplaces=", ".join(fba.marketplace_id.mapped("name")),
            )
        if self._was_just_fulfilled_by_amazon(sku):
            return env._(
                "Amazon has just fulfilled an order of this SKU. It may lie in Amazon's warehouses. If it does not, "
                "import the offers from Amazon."
            )
        if any(offer.listing_seen_on and not offer.listing_channel and not offer.listing_missing for offer in offers):
            return env._("Amazon does not say who ships this SKU. Complete the offer in Seller Central first.")
        return self._reason_of_another_account(offers)

    def is_known(self, sku):
        """Whether Amazon said lately how the SKU is fulfilled."""
        limit = fields.Datetime.now() - CHANNEL_VALID
        return any(
            offer.listing_channel and offer.listing_seen_on and offer.listing_seen_on >= limit
            for offer in self.offers[sku]
            if offer.account_id == self.account
        )

    def patches(self, sku, quantity, handling_time=0):
        """What tells Amazon the quantity of a SKU, as the patches of a listing.

        :param int quantity: whole units
        :param int handling_time: working days; 0 leaves Amazon's as it is
        :raise FulfilledByAmazon: the SKU must get no quantity
        :raise ChannelUnknown: nor may it as long as Amazon has not said lately who ships it
        """
        if reason := self.reason(sku):
            raise FulfilledByAmazon(reason)
        if not self.is_known(sku):
            raise ChannelUnknown(self.env._("Amazon has not yet said how this SKU is fulfilled."))
        return quantity_patch(max(quantity, 0), handling_time or None)

    def _find_offers(self, skus):
        offers = self.env["amazon.offer"].sudo()
        found = offers.search([("account_id", "in", self.sellers_accounts.ids), ("sku", "in", skus)])
        by_sku = defaultdict(list)
        for offer in found:
            by_sku[offer.sku].append(offer.id)
        for sku, offer_ids in by_sku.items():
            self.offers[sku] = offers.browse(offer_ids).with_prefetch(found._prefetch_ids)

    def _find_fba_orders(self, skus):
        """When the last order that Amazon fulfilled was placed, by SKU."""
        groups = (
            self.env["sale.order.line"]
            .sudo()
            ._read_group(
                [
                    ("amazon_sku", "in", skus),
                    ("order_id.amazon_channel", "=", "fba"),
                    ("order_id.amazon_account_id", "in", self.sellers_accounts.ids),
                    ("order_id.date_order", ">=", fields.Datetime.now() - FBA_ORDER_COUNTS),
                ],
                ["amazon_sku"],
                ["create_date:max"],
            )
        )
        return dict(groups)

    def _was_just_fulfilled_by_amazon(self, sku):
        """Whether such an order came after Amazon last said that the seller ships the SKU."""
        ordered = self.last_fba_orders.get(sku)
        if not ordered:
            return False
        seen = [offer.listing_seen_on for offer in self.offers[sku] if offer.listing_channel == MERCHANT_CHANNEL]
        return not any(moment and moment > ordered for moment in seen)

    def _reason_of_another_account(self, offers):
        """One account of a seller tells Amazon the quantity of a SKU: the oldest that does so at all."""
        older = offers.filtered(
            lambda offer: offer.account_id.id < self.account.id and offer.account_id.state == "linked"
        )
        rivals = older._sending_stock()
        if not rivals:
            return ""
        return self.env._(
            "%(account)s, an account of the same seller, already tells Amazon the quantity of this SKU.",
            account=rivals[0].account_id.name,
        )
