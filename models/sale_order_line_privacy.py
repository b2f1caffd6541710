from odoo import fields, models


class SaleOrderLinePrivacy(models.Model):
    _inherit = "sale.order.line"

    is_amazon_buyer_note = fields.Boolean(
        copy=False, readonly=True, help="A note in the buyer's words, or on what the buyer had made: deleted in time."
    )
