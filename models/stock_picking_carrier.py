from odoo import api, fields, models

from ..parcels import tracking_numbers


class StockPickingCarrier(models.Model):
    """The carrier of a delivery of an Amazon order."""

    _inherit = "stock.picking"

    amazon_tracking_warning = fields.Text(compute="_compute_amazon_tracking_warning")

    # === COMPUTE METHODS ===

    @api.depends("carrier_id.amazon_carrier_id", "carrier_id.name", "carrier_tracking_ref", "amazon_marketplace_id")
    @api.depends_context("lang")
    def _compute_amazon_tracking_warning(self):
        for picking in self:
            marketplace = picking.amazon_marketplace_id
            numbers = tracking_numbers(picking.carrier_tracking_ref) if marketplace and picking.carrier_id else ()
            warnings = [picking.carrier_id._amazon_tracking_warning(marketplace, number) for number in numbers]
            picking.amazon_tracking_warning = "\n".join(filter(None, warnings)) or False

    # === ODOO HOOKS ===

    def _add_delivery_cost_to_so(self):
        """The buyer of an Amazon order has paid Amazon: what the carrier costs is never charged."""
        if self.amazon_order_ref:
            return
        super()._add_delivery_cost_to_so()
