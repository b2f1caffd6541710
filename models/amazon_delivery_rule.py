from odoo import fields, models

from ..service_levels import service_level_key


class AmazonDeliveryRule(models.Model):
    """Which delivery method an account's orders get, by Amazon's service level. The first rule that fits counts."""

    _name = "amazon.delivery.rule"
    _inherit = ["amazon.readonly.mixin"]
    _description = "Amazon Delivery Rule"
    _order = "sequence, id"
    _rec_name = "carrier_id"
    _check_company_auto = True

    account_id = fields.Many2one("amazon.account", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    available_marketplace_ids = fields.Many2many(related="account_id.available_marketplace_ids")
    sequence = fields.Integer(default=10)
    service_level = fields.Char(
        help="What Amazon promised the buyer: Standard, Expedited, Priority, Next Day, Second Day, Same Day, Scheduled "
        "or Free Economy. Capitals and spaces do not matter. Empty: any.",
    )
    marketplace_id = fields.Many2one(
        "amazon.marketplace",
        ondelete="cascade",
        domain="[('id', 'in', available_marketplace_ids)]",
        help="Empty: all marketplaces of the account.",
    )
    carrier_id = fields.Many2one(
        "delivery.carrier",
        "Delivery Method",
        required=True,
        check_company=True,
        help="The delivery method of the order and its deliveries. Its price is not charged: the buyer paid Amazon.",
    )

    # === BUSINESS METHODS ===

    def _fits(self, marketplace, service_level):
        self.ensure_one()
        return (not self.marketplace_id or self.marketplace_id == marketplace) and (
            not self.service_level or service_level_key(self.service_level) == service_level_key(service_level)
        )
