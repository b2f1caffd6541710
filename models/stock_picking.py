from odoo import api, fields, models
from odoo.tools.sql import column_exists, create_column

from .amazon_shipment import STATES

#: A delivery is as its worst parcel.
URGENCY = ("error", "waiting_tracking", "pending", "sent", "done")


class StockPicking(models.Model):
    _name = "stock.picking"
    _inherit = ["stock.picking", "amazon.readonly.mixin"]

    amazon_order_ref = fields.Char(related="sale_id.amazon_order_ref")
    amazon_ship_by = fields.Datetime(related="sale_id.amazon_ship_by")
    amazon_cancellation_requested = fields.Boolean(related="sale_id.amazon_cancellation_requested")
    amazon_shipment_ids = fields.One2many("amazon.shipment", "picking_id", "Parcels at Amazon", copy=False)
    amazon_shipped_at_amazon = fields.Boolean(
        "Amazon Knew It First",
        copy=False,
        readonly=True,
        help="Amazon itself said that these goods are shipped: it is not told again.",
    )
    amazon_sync_status = fields.Selection(
        STATES,
        "Amazon Status",
        compute="_compute_amazon_sync_status",
        store=True,
        compute_sudo=True,
        copy=False,
        index="btree_not_null",
    )
    amazon_sync_reason = fields.Text("Why", compute="_compute_amazon_sync_reason", compute_sudo=True)
    amazon_delivery_status = fields.Char("Parcel Status", compute="_compute_amazon_delivery_status", compute_sudo=True)

    def _auto_init(self):
        """Add the column empty: no delivery from before the installation is Amazon's, and there may be millions."""
        if not column_exists(self.env.cr, "stock_picking", "amazon_sync_status"):
            create_column(self.env.cr, "stock_picking", "amazon_sync_status", "varchar")
        return super()._auto_init()

    # === COMPUTE METHODS ===

    @api.depends("amazon_shipment_ids.state", "amazon_shipped_at_amazon")
    def _compute_amazon_sync_status(self):
        for picking in self:
            states = set(picking.amazon_shipment_ids.mapped("state"))
            if picking.amazon_shipped_at_amazon:
                states.add("done")
            picking.amazon_sync_status = next((state for state in URGENCY if state in states), False)

    @api.depends("amazon_shipment_ids.reason")
    def _compute_amazon_sync_reason(self):
        for picking in self:
            reasons = dict.fromkeys(filter(None, picking.amazon_shipment_ids.mapped("reason")))
            picking.amazon_sync_reason = "\n\n".join(reasons) or False

    @api.depends("amazon_shipment_ids.delivery_status")
    @api.depends_context("lang")
    def _compute_amazon_delivery_status(self):
        for picking in self:
            words = dict.fromkeys(shipment._delivery_status_text() for shipment in picking.amazon_shipment_ids)
            picking.amazon_delivery_status = ", ".join(filter(None, words)) or False

    # === CRUD METHODS ===

    def write(self, vals):
        result = super().write(vals)
        if {"carrier_id", "carrier_tracking_ref"} & vals.keys():
            self._update_amazon_shipments(tracking="carrier_tracking_ref" in vals)
        return result

    # === ACTIONS ===

    def action_retry_amazon_sync(self):
        """Send to Amazon once more what it refused of these deliveries."""
        self.check_access("read")
        # sudo: whoever works on the delivery may try again.
        failed = self.sudo().amazon_shipment_ids.filtered(lambda shipment: shipment.state == "error")
        return failed.action_retry()

    # === ODOO HOOKS ===

    def _action_done(self):
        result = super()._action_done()
        self._create_amazon_shipments()
        return result

    def _pre_action_done_hook(self):
        """Stop a delivery that Amazon could not be told of, or that the buyer does not want, before it leaves."""
        if not self.env.context.get("skip_amazon_warning"):
            warnings = {picking: picking._amazon_warnings() for picking in self}
            if any(warnings.values()):
                return self.env["amazon.delivery.warning"]._open(warnings)
        return super()._pre_action_done_hook()

    def _check_warn_sms(self):
        """Odoo's SMS app asks before the first SMS to a customer. It need not where nobody gets one."""
        others = self.filtered(lambda picking: not picking.amazon_order_ref)
        return super(StockPicking, others)._check_warn_sms()

    def _send_confirmation_email(self):
        """Amazon buyers get no mail or SMS of Odoo's; Amazon tells them about their parcel.

        Odoo has the carrier make its label here, so this must go on.
        """
        amazon = self.filtered("amazon_order_ref").with_context(skip_sms=True)
        super(StockPicking, self - amazon)._send_confirmation_email()
        return super(StockPicking, amazon)._send_confirmation_email()

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        """Amazon buyers never follow their deliveries, to which Odoo adds every customer."""
        partner_ids = self.env["res.partner"]._without_amazon_buyers(partner_ids)
        return super().message_subscribe(partner_ids=partner_ids, subtype_ids=subtype_ids)

    def message_post_with_source(self, source_ref, *args, **kwargs):
        """Post no confirmation of the delivery to an Amazon buyer."""
        confirmation = self.company_id.stock_mail_confirmation_template_id
        if any(self.mapped("amazon_order_ref")) and confirmation and source_ref == confirmation:
            return self.env["mail.message"]
        return super().message_post_with_source(source_ref, *args, **kwargs)

    # === BUSINESS METHODS ===

    def _set_amazon_shipped(self, quantities, serial_numbers):
        """Set what of this delivery Amazon says is shipped.

        A tracked product never stops an order: what Odoo has reserved no lot for is of the account's.

        :param dict quantities: shipped quantities by sales order line
        :param dict serial_numbers: the serial numbers that Amazon names, by sales order line
        :return: whether anything of this delivery is shipped
        :rtype: bool
        """
        self.ensure_one()
        any_shipped = False
        left = {}
        for move in self.move_ids.filtered(lambda move: move.state not in ("done", "cancel")):
            line = move.sale_line_id or move.move_dest_ids.sale_line_id[:1]
            part, wanted = line._amazon_quantity_of(move, quantities.get(line, 0))
            shipped = min(left.get((line, part), wanted), move.product_uom_qty)
            left[line, part] = left.get((line, part), wanted) - shipped
            move.quantity = shipped
            move._complete_amazon_lots(serial_numbers.get(line, ()))
            move.picked = shipped > 0
            any_shipped |= shipped > 0
        return any_shipped
