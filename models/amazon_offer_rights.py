from odoo import api, models
from odoo.exceptions import AccessError

#: What a salesperson says of an offer that mends an order; the rest decides what Amazon is told.
USER_FIELDS = {"account_id", "marketplace_id", "sku", "product_id", "amazon_channel"}
USER_MAY_CHANGE = {"product_id"}


class AmazonOfferRights(models.Model):
    """Salespeople pair SKUs with products, so that orders come in; the stock that Amazon shows is not theirs."""

    _inherit = "amazon.offer"

    # === CRUD METHODS ===

    @api.model_create_multi
    def create(self, vals_list):
        if self._may_change_everything():
            return super().create(vals_list)
        offers = self._without_defaults(self._fields.keys() - USER_FIELDS)
        for vals in vals_list:
            others = [name for name in vals if name not in USER_FIELDS]
            defaults = offers.default_get(others)
            if any((vals[name] or False) != (defaults.get(name) or False) for name in others):
                raise AccessError(self._message_only_pairing())
        return super(AmazonOfferRights, offers).create(vals_list)

    def write(self, vals):
        if vals.keys() - USER_MAY_CHANGE and not self._may_change_everything():
            raise AccessError(self._message_only_pairing())
        return super().write(vals)

    # === BUSINESS METHODS ===

    def _check_stock_action(self):
        if not self._may_change_everything():
            raise AccessError(self._message_only_pairing())
        return super()._check_stock_action()

    @api.model
    def _may_change_everything(self):
        return self.env.su or self.env.user.has_group("amazon_connector.group_amazon_administrator")

    @api.model
    def _message_only_pairing(self):
        return self.env._(
            "You may make offers and choose their products. Ask an Amazon administrator for any other change."
        )
