from datetime import timedelta

from odoo import api, fields, models
from odoo.tools.sql import column_exists, create_column

from ..const import TRANSIT_DAYS
from ..utils import naive_utc

DELIVERED = "DELIVERED"
CANCELLED = "CANCELLED"
SHIPPED = "SHIPPED"
#: Odoo's delivery statuses of orders for whose goods the address is still needed.
TO_DELIVER = ("pending", "started", "partial")


class SaleOrderRetention(models.Model):
    """How long the personal data of an Amazon order may be kept: counted from when its buyer has the goods."""

    _inherit = "sale.order"

    amazon_shipped_on = fields.Datetime("Shipped On", copy=False, readonly=True, help="As far as Amazon says it.")
    amazon_delivered_on = fields.Datetime(
        "Delivered On", copy=False, readonly=True, help="When Amazon was first seen to say that every parcel arrived."
    )
    amazon_retention_from = fields.Datetime(
        "Personal Data Counted From",
        compute="_compute_amazon_retention_from",
        store=True,
        copy=False,
        index="btree_not_null",
        help="Empty while nothing is shipped, and once the personal data are deleted.",
    )
    amazon_legal_hold = fields.Boolean(
        "Legal Hold",
        copy=False,
        groups="amazon_connector.group_amazon_administrator",
        help="The law obliges you to keep the personal data of this order: they are not deleted while this is set.",
    )
    amazon_erasure_asked_on = fields.Datetime(
        "Deletion Asked On",
        copy=False,
        readonly=True,
        index="btree_not_null",
        help="The buyer asked for the deletion when it was not possible; it follows as soon as it is.",
    )
    amazon_erased_on = fields.Datetime("Personal Data Deleted On", copy=False, readonly=True)

    def _auto_init(self):
        """Add the column empty: no order from before the installation is Amazon's, and there may be millions."""
        if not column_exists(self.env.cr, "sale_order", "amazon_retention_from"):
            create_column(self.env.cr, "sale_order", "amazon_retention_from", "timestamp")
        return super()._auto_init()

    # === COMPUTE METHODS ===

    @api.depends(
        "amazon_order_ref",
        "amazon_channel",
        "amazon_shipped_on",
        "amazon_delivered_on",
        "amazon_deliver_by",
        "amazon_erased_on",
        "effective_date",
        "date_order",
        "state",
    )
    def _compute_amazon_retention_from(self):
        for order in self:
            kept = order.amazon_order_ref and not order.amazon_erased_on
            order.amazon_retention_from = kept and order._amazon_delivery_date()

    def _amazon_delivery_date(self):
        """When the buyer has the goods, as far as anybody knows; False while they are still to be sent."""
        self.ensure_one()
        if self.amazon_delivered_on:
            return self.amazon_delivered_on
        if self.amazon_channel == "fba":
            sent_on = self.amazon_shipped_on or self.date_order
        elif self.amazon_deliver_by:
            return self.amazon_deliver_by
        else:
            sent_on = self.amazon_shipped_on or self.effective_date or (self.state == "cancel" and self.date_order)
        return sent_on and sent_on + timedelta(days=TRANSIT_DAYS)

    # === BUSINESS METHODS ===

    @api.model
    def _prepare_amazon_delivery_dates(self, order):
        """What an Amazon order says of when it was shipped and delivered; a date it does not give is not in it.

        Amazon tells that a parcel arrived, but not when: that is the moment at which Odoo hears of it.

        :param order: the parsed Amazon order
        :rtype: dict
        """
        vals = {}
        parcels = [package for package in order.packages if package.status != CANCELLED]
        if order.status == SHIPPED:
            shipped = [package.shipped_at for package in parcels if package.shipped_at]
            vals["amazon_shipped_on"] = naive_utc(max(shipped, default=order.last_updated))
            if parcels and all(package.status == DELIVERED for package in parcels):
                vals["amazon_delivered_on"] = fields.Datetime.now()
        return vals

    def _apply_amazon_packages(self, order, **options):
        """Whatever brings news of the parcels, the dates are noted."""
        self._note_amazon_delivery_dates(order)
        return super()._apply_amazon_packages(order, **options)

    def _note_amazon_delivery_dates(self, order):
        """Keep the first date that is known of each."""
        self.ensure_one()
        vals = self._prepare_amazon_delivery_dates(order)
        missing = {name: value for name, value in vals.items() if not self[name]}
        if missing:
            self.write(missing)

    @api.model
    def _amazon_undelivered_domain(self):
        """Orders whose goods a person still has to send to the address."""
        return [
            ("amazon_channel", "=", "fbm"),
            ("state", "!=", "cancel"),
            ("amazon_delivered_on", "=", False),
            "|",
            ("delivery_status", "in", TO_DELIVER),
            ("amazon_retention_from", "=", False),
        ]
