from odoo import api, fields, models

from .. import compat
from ..parcels import assign_tracking, tracking_numbers

STATES = [
    ("waiting_tracking", "Waiting for Tracking"),
    ("pending", "To Send to Amazon"),
    ("sent", "Sent to Amazon"),
    ("done", "Synchronized with Amazon"),
    ("error", "Synchronization with Amazon failed"),
]
#: What Amazon is told of a parcel; a change of it after sending is sent as an edit.
TOLD_FIELDS = ("carrier_code", "carrier_name", "shipping_method", "tracking_ref")


class AmazonShipment(models.Model):
    """The outbox of shipments: one parcel of one delivery, as Amazon is told.

    `stock_picking_shipments.py` makes them, `amazon_shipment_sending.py` sends them, and
    `amazon_shipment_updates.py` hears from Amazon's orders what became of them.
    """

    _name = "amazon.shipment"
    _inherit = ["amazon.plain.export", "amazon.readonly.mixin"]
    _description = "Amazon Shipment"
    _order = "id desc"

    picking_id = fields.Many2one(
        "stock.picking", "Delivery", required=True, readonly=True, ondelete="cascade", index=True
    )
    sale_order_id = fields.Many2one(
        "sale.order", "Sales Order", required=True, readonly=True, ondelete="cascade", index=True
    )
    amazon_order_ref = fields.Char(related="sale_order_id.amazon_order_ref", store=True)
    account_id = fields.Many2one(related="sale_order_id.amazon_account_id", store=True, index=True)
    company_id = fields.Many2one(related="sale_order_id.company_id", store=True)
    package_id = fields.Many2one(compat.PACKAGE_MODEL, readonly=True, ondelete="set null")
    package_ref = fields.Integer(
        "Package Number",
        required=True,
        readonly=True,
        help="By this number Amazon knows the parcel; sent again, it corrects what Amazon knows.",
    )
    carrier_code = fields.Char("Amazon Carrier", readonly=True)
    carrier_name = fields.Char(readonly=True, help="For carriers that Amazon's list does not have.")
    shipping_method = fields.Char("Shipping Service", readonly=True)
    tracking_ref = fields.Char("Tracking Number")
    shipped_on = fields.Datetime(required=True, readonly=True)
    line_ids = fields.One2many("amazon.shipment.line", "shipment_id", "Contents", readonly=True)
    contents = fields.Char("Goods", compute="_compute_contents", compute_sudo=True)
    state = fields.Selection(STATES, "Status", required=True, default="pending", readonly=True, index=True)
    reason = fields.Text(readonly=True)
    attempts = fields.Integer(readonly=True)
    dropped = fields.Integer(readonly=True, help="How often Amazon took it and then did not know of it.")
    retry_at = fields.Datetime("Next Attempt", readonly=True)
    denied_on = fields.Datetime(
        "Access Denied On", readonly=True, help="Amazon denied access, and took nothing of the account since."
    )
    denials = fields.Integer(readonly=True, help="How often Amazon denied access to it.")
    sent_on = fields.Datetime(readonly=True)
    checked_on = fields.Datetime("Asked Amazon On", readonly=True)
    delivery_status = fields.Char(readonly=True, help="Amazon's word for where the parcel is.")
    is_failure_mailed = fields.Boolean(readonly=True)

    _order_package_unique = compat.Constraint(
        "UNIQUE(sale_order_id, package_ref)", "The order already has a parcel with this number."
    )

    # === COMPUTE METHODS ===

    @api.depends("picking_id.name", "package_ref")
    def _compute_display_name(self):
        for shipment in self:
            shipment.display_name = self.env._(
                "%(delivery)s, parcel %(number)s", delivery=shipment.picking_id.name, number=shipment.package_ref
            )

    @api.depends("line_ids.quantity")
    def _compute_contents(self):
        for shipment in self:
            shipment.contents = ", ".join(
                f"{line.quantity} × {line.sale_line_id.amazon_sku or line.item_ref}" for line in shipment.line_ids
            )

    # === CRUD METHODS ===

    def write(self, vals):
        """People may enter the tracking number of a parcel, which is then sent."""
        if "tracking_ref" not in vals:
            return super().write(vals)
        numbers = {**vals, "tracking_ref": ", ".join(tracking_numbers(vals["tracking_ref"])) or False}
        changed = self.filtered(lambda shipment: shipment.tracking_ref != numbers["tracking_ref"])
        result = super().write(numbers)
        changed.sudo()._queue()
        return result

    # === ACTIONS ===

    def action_retry(self):
        """Send the failed ones once more, with what is entered by now. The scheduler does it in a moment."""
        self.check_access("read")
        # sudo: whoever may see that it failed may try again.
        failed = self.sudo().filtered(lambda shipment: shipment.state == "error")
        failed._take_carrier()
        failed._queue()
        return failed._notify_retry()

    # === BUSINESS METHODS ===

    def _take_tracking(self):
        """Take the tracking numbers from the deliveries; which is whose parcel must be clear."""
        for picking, shipments in self.grouped("picking_id").items():
            numbers = picking._amazon_tracking_by_package(shipments)
            for shipment in shipments.filtered(lambda shipment: not shipment._is_settled()):
                number = numbers[shipment.package_id] if numbers else False
                if number != (shipment.tracking_ref or "") and (number or not shipment.sent_on):
                    shipment.tracking_ref = number

    def _take_carrier(self):
        """Take what Amazon calls the carrier from the deliveries.

        :return: those for which it changed
        """
        changed = self.browse()
        for shipment in self.filtered(lambda shipment: not shipment._is_settled()):
            carrier = shipment.picking_id._amazon_carrier(shipment.sale_order_id.amazon_marketplace_id)
            vals = dict(zip(TOLD_FIELDS[:3], carrier, strict=True))
            if any((shipment[name] or False) != (value or False) for name, value in vals.items()):
                shipment.write(vals)
                changed |= shipment
        return changed

    def _is_settled(self):
        """Whether Amazon has the goods of this parcel otherwise, so that there is nothing to tell."""
        self.ensure_one()
        return not self.line_ids

    def _queue(self):
        """Send these with the next run, or wait for what is missing."""
        for shipment in self.filtered(lambda shipment: not shipment._is_settled()):
            missing = shipment._missing()
            shipment.write(
                {
                    "state": "waiting_tracking" if missing else "pending",
                    "reason": missing,
                    "retry_at": False,
                    "denied_on": False,
                    "denials": 0,
                    "dropped": 0,
                    "is_failure_mailed": False,
                }
            )
        if "pending" in self.mapped("state"):
            self._trigger_sending()

    def _correct_content(self, content):
        """Tell Amazon what is in this parcel, after somebody corrected a delivery that was done.

        :param dict content: whole units by sales order line
        """
        self.ensure_one()
        if content == {line.sale_line_id: line.quantity for line in self.line_ids}:
            return
        if content:
            self.line_ids.unlink()
            self.line_ids = self.line_ids._prepare_commands(content)
            self._queue()
        elif not self._was_tried():
            self.unlink()
        else:
            # Amazon has no way to take a parcel back.
            self.state = "error"
            self.reason = self.env._(
                "Amazon was told of this parcel, but by now the delivery has nothing in it. Correct the shipment in "
                "Seller Central, or the delivery here."
            )

    def _missing(self):
        """What has to be filled in before Amazon can be told; False when nothing is missing."""
        self.ensure_one()
        if not self.carrier_code:
            return self.env._("Choose the carrier of the delivery: Amazon wants to know who brings the parcel.")
        if len(tracking_numbers(self.tracking_ref)) > 1:
            return self.env._("A parcel has one tracking number. Keep only this parcel's.")
        if self.tracking_ref:
            return False
        numbers = tracking_numbers(self.picking_id.carrier_tracking_ref)
        if not numbers:
            return self.env._("Enter the tracking reference of the delivery: Amazon confirms no parcel without one.")
        return self._message_unassigned(len(numbers), len(self.picking_id.amazon_shipment_ids.package_id) or 1)

    @api.model
    def _message_unassigned(self, number_count, parcel_count):
        if parcel_count == 1:
            return self.env._(
                "There are %(numbers)s tracking numbers for one parcel. Put the goods of each parcel into a package "
                "before you validate, or enter the one number on the Amazon tab.",
                numbers=number_count,
            )
        return self.env._(
            "It is unclear which of the %(numbers)s tracking numbers belongs to which of the %(parcels)s parcels. "
            "Enter the tracking number of each parcel on the Amazon tab.",
            numbers=number_count,
            parcels=parcel_count,
        )

    @api.model
    def _trigger_sending(self, at=None):
        """Let the scheduler send soon, once this transaction is committed; never if it is rolled back."""
        # sudo: validating a delivery gives no rights on scheduled actions.
        cron = self.env.ref("amazon_connector.ir_cron_send_shipments", raise_if_not_found=False)
        if cron:
            cron.sudo()._trigger(at=at)

    @api.model
    def _assign_tracking(self, text, packages):
        """The tracking number of each package of a delivery; None where it cannot be told."""
        numbers = assign_tracking(tracking_numbers(text), len(packages))
        return numbers and dict(zip(packages, numbers, strict=True))
