from odoo import api, fields, models

from .. import compat
from ..order_problems import OrderProblem


class AmazonOffer(models.Model):
    """The pairing of a SKU with a product, on one marketplace of one account."""

    _name = "amazon.offer"
    _inherit = ["amazon.plain.export", "amazon.readonly.mixin"]
    _description = "Amazon Offer"
    _order = "account_id, marketplace_id, sku"
    _rec_name = "sku"
    _check_company_auto = True

    account_id = fields.Many2one("amazon.account", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    marketplace_id = fields.Many2one(
        "amazon.marketplace",
        required=True,
        ondelete="restrict",
        domain="[('id', 'in', available_marketplace_ids)]",
    )
    available_marketplace_ids = fields.Many2many(related="account_id.available_marketplace_ids")
    sku = fields.Char("Amazon SKU", required=True, help="The seller's SKU of the offer, written exactly as at Amazon.")
    product_id = fields.Many2one(
        "product.product",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        help="The product that is sold and delivered when this SKU is ordered.",
    )
    amazon_channel = fields.Selection(
        [("fbm", "Fulfilled by Merchant"), ("fba", "Fulfilled by Amazon")],
        "Fulfilment",
        default="fbm",
        required=True,
    )
    sync_stock = fields.Boolean(
        "Synchronize Stock",
        default=True,
        help="Send the available quantity of the product to Amazon. Never done for offers that Amazon fulfils.",
    )

    _account_marketplace_sku_unique = compat.Constraint(
        "UNIQUE(account_id, marketplace_id, sku)",
        "There is already an offer with this SKU on this marketplace of the account.",
    )

    # === BUSINESS METHODS ===

    @api.model
    def _match_products(self, account, orders):
        """The products that the items, shipping and gift wrap of orders stand for, in two queries.

        :param account: the `amazon.account` of the orders
        :param list orders: parsed orders
        :return: the look-up that answers for each of them
        :rtype: ProductMatch
        """
        skus, codes = set(), set()
        for order in orders:
            codes.add(order.service_level)
            for item in order.items:
                skus.add(item.sku)
                codes.add(item.gift_wrap_level)
        offers = self.search([("account_id", "=", account.id), ("sku", "in", list(skus - {""}))])
        products = self.env["product.product"].search(
            [
                *self.env["product.product"]._check_company_domain(account.company_id),
                ("default_code", "in", list((skus | codes) - {""})),
            ]
        )
        return ProductMatch(account, offers, products)

    @api.model
    def _prepare_offer_vals(self, account, marketplace, item, product, channel):
        """Hook: the values of an offer made because an item's SKU is a product's Internal Reference."""
        return {
            "account_id": account.id,
            "marketplace_id": marketplace.id,
            "sku": item.sku,
            "product_id": product.id,
            "amazon_channel": channel,
            "sync_stock": channel == "fbm",
        }


class ProductMatch:
    """Finds products by offer, then by Internal Reference, among what one batch of orders needs."""

    def __init__(self, account, offers, products):
        self.env = account.env
        self.account = account
        self.offers = {(offer.marketplace_id, offer.sku): offer for offer in offers}
        self.products = {}
        for product in products:
            self.products.setdefault(product.default_code, product.browse())
            self.products[product.default_code] |= product

    def offer(self, marketplace, sku):
        """The offer of a SKU on a marketplace, or None."""
        return self.offers.get((marketplace, sku))

    def by_reference(self, reference):
        """The one product with that Internal Reference; an empty recordset when there is none.

        :raise OrderProblem: several products have it
        """
        products = self.products.get(reference) if reference else None
        if not products:
            return self.env["product.product"]
        if len(products) > 1:
            raise OrderProblem(
                "ambiguous_reference",
                self.env._(
                    "Several products have the Internal Reference %(reference)s: %(products)s.",
                    reference=reference,
                    products=", ".join(f"{product.name} ({product.id})" for product in products),
                ),
            )
        return products

    def check(self, order, marketplace):
        """:raise OrderProblem: a reference that the order needs stands for several products."""
        self.by_reference(order.service_level)
        for item in order.items:
            if not self.offer(marketplace, item.sku):
                self.by_reference(item.sku)
            self.by_reference(item.gift_wrap_level)

    def ensure_offers(self, new_orders):
        """Make the offers that are missing for items whose SKU is a product's reference, in one `create`.

        An item that Amazon fulfils turns its offer to that channel, so that its stock is never pushed.

        :param list new_orders: `NewOrder`s that passed `check`
        """
        missing = {}
        for new in new_orders:
            for item in new.order.items:
                offer = self.offer(new.marketplace, item.sku)
                if offer and new.channel == "fba" and offer.amazon_channel != "fba":
                    offer.amazon_channel = "fba"
                if offer or not (product := self.by_reference(item.sku)):
                    continue
                # Of several orders in one batch, one that Amazon ships decides, whichever comes last.
                if (new.marketplace, item.sku) in missing and new.channel != "fba":
                    continue
                missing[new.marketplace, item.sku] = self.env["amazon.offer"]._prepare_offer_vals(
                    self.account, new.marketplace, item, product, new.channel
                )
        created = self.env["amazon.offer"].create(list(missing.values()))
        self.offers.update(zip(missing, created, strict=True))
