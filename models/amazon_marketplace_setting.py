from odoo import fields, models

from .. import compat

OVERRIDABLE = ("team_id", "user_id", "warehouse_id", "location_id")


class AmazonMarketplaceSetting(models.Model):
    """What one marketplace of an account does differently. An empty field means: as the account does."""

    _name = "amazon.marketplace.setting"
    _inherit = ["amazon.readonly.mixin"]
    _description = "Amazon Marketplace Setting"
    _rec_name = "marketplace_id"
    _check_company_auto = True

    account_id = fields.Many2one("amazon.account", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    available_marketplace_ids = fields.Many2many(related="account_id.available_marketplace_ids")
    marketplace_id = fields.Many2one(
        "amazon.marketplace",
        required=True,
        ondelete="cascade",
        domain="[('id', 'in', available_marketplace_ids)]",
    )
    team_id = fields.Many2one("crm.team", "Sales Team", check_company=True, help="Empty: the account's sales team.")
    user_id = fields.Many2one(
        "res.users",
        "Salesperson",
        domain="[('share', '=', False)]",
        help="Empty: the account's salesperson.",
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        check_company=True,
        help="Where the orders that you ship yourself are delivered from. Empty: the account's warehouse.",
    )
    location_id = fields.Many2one(
        "stock.location",
        "FBA Location",
        domain="[('usage', '=', 'internal')]",
        check_company=True,
        help="Where the goods that Amazon ships are taken from. Empty: the account's location.",
    )

    _account_marketplace_unique = compat.Constraint(
        "UNIQUE(account_id, marketplace_id)", "This marketplace of the account has its settings already."
    )
