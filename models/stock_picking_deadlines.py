from odoo import api, fields, models


class StockPickingDeadlines(models.Model):
    """Deliveries of Amazon orders: by when they have to leave."""

    _name = "stock.picking"
    _inherit = ["stock.picking", "amazon.deadline.mixin"]

    amazon_marketplace_id = fields.Many2one(related="sale_id.amazon_marketplace_id")
    amazon_deliver_by = fields.Datetime(related="sale_id.amazon_deliver_by")
    amazon_rescheduled = fields.Boolean(
        "Date Chosen by Hand",
        readonly=True,
        copy=False,
        help="Somebody scheduled this delivery otherwise; it does not follow when Amazon changes the order's dates.",
    )

    # === CRUD METHODS ===

    def write(self, vals):
        """A date that somebody chose for a delivery of an Amazon order stays, whatever Amazon changes later."""
        if "scheduled_date" in vals and not self.env.context.get("scheduled_by_amazon"):
            # sudo: only noted here.
            self.filtered("amazon_order_ref").sudo().amazon_rescheduled = True
        return super().write(vals)

    def copy(self, default=None):
        """The rest of a delivery whose date somebody chose keeps that date, too."""
        copies = super().copy(default)
        for picking, copied in zip(self, copies, strict=True):
            if picking.amazon_rescheduled:
                # sudo: only noted here.
                copied.sudo().amazon_rescheduled = True
        return copies

    # === DEADLINE HOOKS ===

    def _amazon_deadline_depends(self):
        return (
            "amazon_ship_by",
            "amazon_deliver_by",
            "amazon_marketplace_id.tz",
            "state",
            "picking_type_code",
            "amazon_sync_status",
        )

    def _is_waiting_for_amazon(self):
        """To Amazon a parcel is late until it is told of it; what it refused, the account asks a person about."""
        self.ensure_one()
        return self._has_yet_to_leave() or self.amazon_sync_status == "waiting_tracking"

    @api.model
    def _waiting_for_amazon_domain(self):
        yet_to_leave = ["&", ("picking_type_code", "!=", "incoming"), ("state", "not in", ("draft", "done", "cancel"))]
        return ["|", ("amazon_sync_status", "=", "waiting_tracking"), *yet_to_leave], "sale_id."

    # === BUSINESS METHODS ===

    def _follows_amazon_ship_by(self):
        """Whether this delivery, or a step towards it, still waits and nobody scheduled it otherwise."""
        self.ensure_one()
        return self._has_yet_to_leave() and not self.amazon_rescheduled

    def _has_yet_to_leave(self):
        """Whether this delivery, or a step towards it, still waits."""
        self.ensure_one()
        return self.picking_type_code != "incoming" and self.state not in ("draft", "done", "cancel")
