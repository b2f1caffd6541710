from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..spapi.listings import LONGEST_HANDLING_TIME
from ..utils import notification

#: What changes the quantity of an offer, or whether it may be sent.
STOCK_SETTINGS = {
    "product_id",
    "sku",
    "account_id",
    "marketplace_id",
    "amazon_channel",
    "amazon_quantity_seen",
    "listing_channel",
    "listing_missing",
    "listing_seen_on",
    "sync_stock",
    "stock_buffer",
    "stock_maximum",
    "stock_share",
    "handling_time",
    "is_paused",
}


class AmazonOfferStock(models.Model):
    """How much of an offer Amazon may sell, and what Amazon was told.

    Amazon keeps one quantity per SKU of a seller in a region, whatever the number of marketplaces that list it:
    https://developer-docs.amazon.com/sp-api/docs/listings-items-api. The offers of one account with the same SKU
    therefore share one quantity, the lowest of theirs. `amazon_offer_quantity.py` works it out,
    `amazon_offer_guard.py` keeps it away from what Amazon fulfils, `amazon_offer_push.py` sends it.
    """

    _inherit = "amazon.offer"

    sku = fields.Char(index=True)
    # What the user decides
    stock_buffer = fields.Integer("Buffer", help="Units that are kept back and never offered on Amazon.")
    stock_maximum = fields.Integer("Maximum", help="At most so many units are offered on Amazon. 0: no maximum.")
    stock_share = fields.Float(
        "Share (%)",
        default=100,
        digits=(5, 2),
        help="The part of the stock that is offered on Amazon. The buffer is taken from it, then the maximum applies.",
    )
    handling_time = fields.Integer(
        help="Working days that you need to hand an order to the carrier. 0: as set in Seller Central."
    )
    is_paused = fields.Boolean(
        "Paused", readonly=True, copy=False, help="Amazon is told that nothing is left, whatever the stock."
    )

    # What Odoo knows
    stock_quantity = fields.Integer(
        "Quantity for Amazon",
        readonly=True,
        copy=False,
        help="How many Amazon may sell: the stock of the warehouse by the share, the buffer and the maximum.",
    )
    stock_handling_time = fields.Integer("Handling Time for Amazon", readonly=True, copy=False)
    stock_state = fields.Selection(
        [
            ("none", "Not Sent"),
            ("pending", "To Send"),
            ("sending", "Being Sent"),
            ("done", "Up to Date"),
            ("refused", "Refused by Amazon"),
            ("blocked", "Kept Back"),
        ],
        "Stock at Amazon",
        default="none",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    stock_message = fields.Text("Stock Remark", readonly=True, copy=False)
    feed_id = fields.Many2one(
        "amazon.feed",
        "Submission",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The submission that is on its way to Amazon with the quantity of this offer.",
    )

    # What Amazon said
    confirmed_quantity = fields.Integer("Confirmed by Amazon", readonly=True, copy=False)
    confirmed_handling_time = fields.Integer(readonly=True, copy=False)
    confirmed_on = fields.Datetime(readonly=True, copy=False)
    listing_channel = fields.Char(
        "Fulfilment Channel at Amazon",
        readonly=True,
        copy=False,
        help="DEFAULT: you ship it yourself. Otherwise one of Amazon's own warehouses. Empty: never asked.",
    )
    listing_seen_on = fields.Datetime("Seen at Amazon On", readonly=True, copy=False)
    listing_missing = fields.Boolean(
        "Not Listed", readonly=True, copy=False, help="Amazon does not list this SKU on this marketplace."
    )

    # === CONSTRAINTS ===

    @api.constrains("stock_share", "stock_buffer", "stock_maximum", "handling_time")
    def _check_stock_settings(self):
        for offer in self:
            if not 0 <= offer.stock_share <= 100:
                raise ValidationError(self.env._("The share of %(sku)s must lie between 0 and 100 %%.", sku=offer.sku))
            if min(offer.stock_buffer, offer.stock_maximum) < 0:
                raise ValidationError(self.env._("Buffer and maximum of %(sku)s cannot be negative.", sku=offer.sku))
            if not 0 <= offer.handling_time <= LONGEST_HANDLING_TIME:
                raise ValidationError(
                    self.env._(
                        "The handling time of %(sku)s must lie between 0 and %(days)s days.",
                        sku=offer.sku,
                        days=LONGEST_HANDLING_TIME,
                    )
                )

    # === CRUD ===

    @api.model_create_multi
    def create(self, vals_list):
        offers = super().create(vals_list)
        self.env["amazon.stock.change"]._note(offers.product_id.ids)
        return offers

    def write(self, vals):
        if not STOCK_SETTINGS & vals.keys():
            return super().write(vals)
        products = self.product_id
        identities = {offer: (offer.account_id, offer.sku, offer.marketplace_id) for offer in self}
        result = super().write(vals)
        self.filtered(
            lambda offer: identities[offer] != (offer.account_id, offer.sku, offer.marketplace_id)
        )._forget_amazons_answers()
        self.env["amazon.stock.change"]._note((products | self.product_id).ids)
        return result

    # === ACTIONS ===

    def action_sync_stock(self):
        """Send the quantities of these offers again, whatever Amazon confirmed or refused before.

        :return: a notification that says when
        """
        self._check_stock_action()
        # sudo: what Amazon confirmed, people may only have forgotten, as here.
        self.sudo().write({"confirmed_on": False})
        # sudo: offers that share a SKU with these are compared too, whoever may see them.
        self.sudo()._compare_stock(retry_refused=True)
        return self._notify_soon(self.env._("Amazon is told the quantities within a minute."))

    def action_pause(self):
        """Pause on Amazon: Amazon is told that nothing is left."""
        self._check_stock_action()
        # sudo: paused by this button and nowhere else.
        self.sudo().write({"is_paused": True})
        return self._notify_soon(self.env._("Paused: Amazon is told within a minute that nothing is left."))

    def action_resume(self):
        """End the pause: Amazon is told the quantities again."""
        self._check_stock_action()
        # sudo: as for the pause.
        self.sudo().write({"is_paused": False})
        return self._notify_soon(self.env._("Resumed: Amazon is told the quantities within a minute."))

    # === BUSINESS METHODS ===

    def _check_stock_action(self):
        """:raise UserError: an account among these sends no quantities at all"""
        self.check_access("write")
        silent = self.account_id.filtered(lambda account: not account.synchronize_inventory)
        if silent:
            raise UserError(
                self.env._(
                    "%(account)s sends no quantities to Amazon. Switch on FBM Stock Synchronization on the account "
                    "first.",
                    account=silent[0].name,
                )
            )

    def _notify_soon(self, message):
        self.env.ref("amazon_connector.ir_cron_push_stock").sudo()._trigger()
        return notification(message)

    def _forget_amazons_answers(self):
        """What Amazon said of another SKU or another seller says nothing about this one."""
        if self:
            # sudo: people may not write Amazon's answers, but change the offer that they belong to.
            self.sudo().write(
                {
                    "confirmed_on": False,
                    "listing_channel": False,
                    "listing_seen_on": False,
                    "listing_missing": False,
                    "stock_state": "none",
                    "stock_message": False,
                    "feed_id": False,
                }
            )
