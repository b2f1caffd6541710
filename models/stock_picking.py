from odoo import fields, models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    amazon_order_ref = fields.Char(related="sale_id.amazon_order_ref")
    amazon_ship_by = fields.Datetime(related="sale_id.amazon_ship_by")
    amazon_cancellation_requested = fields.Boolean(related="sale_id.amazon_cancellation_requested")
    amazon_sync_status = fields.Selection(
        [
            ("waiting_tracking", "Waiting for Tracking"),
            ("pending", "To Send to Amazon"),
            ("sent", "Sent to Amazon"),
            ("done", "Confirmed by Amazon"),
            ("error", "Refused by Amazon"),
        ],
        "Amazon Status",
        copy=False,
        readonly=True,
        index="btree_not_null",
    )

    # === ODOO HOOKS ===

    def _send_confirmation_email(self):
        """Amazon buyers get no mail of Odoo's; Amazon tells them about their parcel."""
        return super(
            StockPicking, self.filtered(lambda picking: not picking.amazon_order_ref)
        )._send_confirmation_email()

    # === BUSINESS METHODS ===

    def _set_amazon_shipped(self, quantities):
        """Set what of this delivery Amazon says is shipped.

        :param dict quantities: shipped quantities by sales order line
        :return: whether anything of this delivery is shipped
        :rtype: bool
        """
        self.ensure_one()
        any_shipped = False
        for move in self.move_ids.filtered(lambda move: move.state not in ("done", "cancel")):
            line = move.sale_line_id or move.move_dest_ids.sale_line_id[:1]
            shipped = min(quantities.get(line, 0), move.product_uom_qty)
            move.quantity = shipped
            move.picked = shipped > 0
            any_shipped |= shipped > 0
        return any_shipped
