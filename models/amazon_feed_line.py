from odoo import fields, models


class AmazonFeedLine(models.Model):
    """One SKU of a submission, and what Amazon said of it."""

    _name = "amazon.feed.line"
    _inherit = ["amazon.plain.export", "amazon.readonly.mixin"]
    _description = "SKU of an Amazon Submission"
    _order = "feed_id desc, message_number"
    _rec_name = "sku"
    _log_access = False

    feed_id = fields.Many2one("amazon.feed", "Submission", required=True, index=True, ondelete="cascade", readonly=True)
    company_id = fields.Many2one(related="feed_id.company_id")
    message_number = fields.Integer("Number", required=True, readonly=True)
    sku = fields.Char("Amazon SKU", required=True, readonly=True, index=True)
    product_type = fields.Char(readonly=True)
    quantity = fields.Integer(readonly=True)
    handling_time = fields.Integer(readonly=True)
    state = fields.Selection(
        [
            ("sent", "Waiting"),
            ("accepted", "Accepted"),
            ("refused", "Refused"),
            ("unknown", "Not Processed"),
            ("blocked", "Kept Back"),
        ],
        "Status",
        required=True,
        default="sent",
        readonly=True,
    )
    code = fields.Char("Amazon's Code", readonly=True)
    message = fields.Text("Remark", readonly=True)
