from odoo import fields, models


class AmazonAccount(models.Model):
    """How an account gets, keeps and loses Amazon's permission."""

    _inherit = "amazon.account"

    state = fields.Selection(
        selection=[
            ("draft", "Not linked"),
            ("linked", "Linked"),
            ("reauthorize", "Link again"),
        ],
        string="Status",
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
    )
    seller_key = fields.Char(
        string="Merchant Token",
        readonly=True,
        copy=False,
        help="The seller's identifier in Amazon (selling partner ID).",
    )
    refresh_token = fields.Char(
        groups="base.group_system",
        readonly=True,
        copy=False,
        exportable=False,
        help="Amazon's permission, encrypted.",
    )
    authorized_on = fields.Datetime(string="Linked On", readonly=True, copy=False)
    authorized_by_id = fields.Many2one(
        "res.users", string="Linked By", readonly=True, copy=False
    )
