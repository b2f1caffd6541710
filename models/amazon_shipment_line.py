from odoo import api, fields, models

from .. import compat


class AmazonShipmentLine(models.Model):
    """How many units of an Amazon item a parcel holds."""

    _name = "amazon.shipment.line"
    _inherit = ["amazon.readonly.mixin"]
    _description = "Amazon Shipment Line"
    _rec_name = "item_ref"

    shipment_id = fields.Many2one("amazon.shipment", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="shipment_id.company_id", store=True)
    sale_line_id = fields.Many2one(
        "sale.order.line", "Order Line", required=True, readonly=True, ondelete="cascade", index=True
    )
    product_id = fields.Many2one(related="sale_line_id.product_id")
    item_ref = fields.Char("Amazon Item Reference", required=True, readonly=True)
    quantity = fields.Integer(required=True, readonly=True, help="In whole units of the Amazon item.")

    _quantity_positive = compat.Constraint("CHECK(quantity > 0)", "A parcel holds at least one unit of each item.")

    # === BUSINESS METHODS ===

    @api.model
    def _prepare_commands(self, content):
        """Hook: commands that make the lines of a parcel.

        :param dict content: whole units by sales order line
        """
        return [
            (0, 0, {"sale_line_id": line.id, "item_ref": line.amazon_item_ref, "quantity": quantity})
            for line, quantity in content.items()
        ]
