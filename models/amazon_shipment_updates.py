import logging
import time
from datetime import datetime, timedelta, timezone

from odoo import api, fields, models

from ..parcels import same_tracking
from ..spapi import errors
from ..spapi.orders import UnreadableOrder, parse_order

_logger = logging.getLogger(__name__)

#: Amazon takes a confirmation at once, and shows it in the order a little later.
FAIR_TIME = timedelta(hours=1)
#: Sent again so many times, a parcel that Amazon keeps dropping needs a person.
DROPS_ALLOWED = 3
#: Orders asked for in one run: their quota is shared with Recover Order.
CHECKS_PER_RUN = 20
#: Nothing personal is asked for.
PARCEL_DATA = ("FULFILLMENT", "PACKAGES")


class AmazonShipmentUpdates(models.Model):
    """What Amazon's orders show of the parcels that were sent to it: only that makes them done."""

    _inherit = "amazon.shipment"

    # === WHAT AN ORDER SHOWS ===

    def _find_package(self, packages):
        """Amazon's package that is this parcel as Odoo last told it; None when Amazon does not show it so.

        Amazon knows it by our number; where the goods were confirmed elsewhere, by the tracking number.
        """
        self.ensure_one()
        ours = str(self.package_ref)
        live = [package for package in packages if package.status != "CANCELLED"]
        by_number = [package for package in live if package.reference == ours and self._was_tried()]
        by_tracking = [
            package for package in live if self.tracking_ref and package.tracking_number and package not in by_number
        ]
        return next((package for package in [*by_number, *by_tracking] if self._is_shown_by(package)), None)

    def _is_shown_by(self, package):
        if not self.line_ids or not same_tracking(package.tracking_number or self.tracking_ref, self.tracking_ref):
            return False
        content = {line.item_ref: line.quantity for line in self.line_ids}
        return not package.items or dict(package.items) == content

    def _was_tried(self):
        return bool(self.attempts)

    def _note_package(self, package, seen_at):
        """Take over what Amazon shows of this parcel.

        :param package: the package as Amazon shows it, or None
        :param datetime seen_at: when Amazon showed the order so (UTC, naive)
        """
        self.ensure_one()
        if package:
            self._note_shown(package)
        elif self.state == "sent" and seen_at >= self.sent_on + FAIR_TIME:
            self._note_dropped()

    def _note_shown(self, package):
        vals = {"delivery_status": package.detailed_status or package.status or False}
        if self.state != "done":
            vals |= {
                "state": "done",
                "reason": False,
                "retry_at": False,
                "sent_on": self.sent_on or fields.Datetime.now(),
            }
        if any(self[name] != value for name, value in vals.items()):
            self.write(vals)

    def _note_dropped(self):
        """Amazon took the parcel and does not know of it: send it again, but not for ever."""
        if self.dropped >= DROPS_ALLOWED:
            self._fail(
                self.env._(
                    "Amazon took this parcel %(times)s times, but does not show it with the order. Look at the order "
                    "in Seller Central; confirm the shipment there, or retry.",
                    times=self.dropped + 1,
                )
            )
            return
        dropped = self.dropped + 1
        self._queue()
        self.dropped = dropped

    def _give_way(self, numbers):
        """Leave these numbers to parcels that were confirmed elsewhere, and tell no unit that those hold already.

        :param numbers: package numbers that Amazon shows and Odoo did not give
        """
        for shipment in self.filtered(lambda shipment: not shipment._was_tried()).sorted("id", reverse=True):
            if shipment.package_ref in numbers:
                shipment.package_ref = shipment.sale_order_id._next_amazon_package_ref()
            for line in shipment.line_ids:
                surplus = line.sale_line_id._amazon_units_told() - line.sale_line_id.amazon_quantity
                if surplus >= line.quantity:
                    line.unlink()
                elif surplus > 0:
                    line.quantity -= surplus
            if not shipment.line_ids:
                shipment.write({"state": "done", "reason": False})

    def _delivery_status_text(self):
        """Where the parcel is, in the user's words; Amazon's own word where it is a new one."""
        self.ensure_one()
        texts = {
            "PENDING": self.env._("Not collected yet"),
            "SHIPPED": self.env._("Shipped"),
            "IN_TRANSIT": self.env._("On its way"),
            "OUT_FOR_DELIVERY": self.env._("Out for delivery"),
            "DELIVERED": self.env._("Delivered"),
            "UNDELIVERABLE": self.env._("Undeliverable"),
            "REJECTED_BY_BUYER": self.env._("Refused by the buyer"),
            "RETURNING_TO_SELLER": self.env._("On its way back"),
            "RETURNED_TO_SELLER": self.env._("Returned"),
            "LOST": self.env._("Lost"),
            "DAMAGED": self.env._("Damaged"),
        }
        word = self.delivery_status
        return texts.get(word) or (word and word.replace("_", " ").capitalize()) or ""

    # === ASKING AMAZON ===

    @api.model
    def _check_sent(self, account, gateway, ends):
        """Ask Amazon for the orders of parcels that it took a while ago and has not shown since.

        An order that Amazon dropped a confirmation of does not change, so no synchronization brings it.

        :param float ends: when the account's turn is over, on the monotonic clock
        :raise spapi.errors.SpApiError: Amazon cannot be asked now
        """
        long_ago = fields.Datetime.now() - FAIR_TIME
        unseen = self.search(
            [
                ("account_id", "=", account.id),
                ("state", "=", "sent"),
                ("sent_on", "<=", long_ago),
                "|",
                ("checked_on", "=", False),
                ("checked_on", "<=", long_ago),
            ],
            order="checked_on nulls first, id",
            limit=10 * CHECKS_PER_RUN,
        )
        for sale_order in unseen.sale_order_id[:CHECKS_PER_RUN]:
            if time.monotonic() >= ends:
                return
            unseen.filtered(lambda shipment, order=sale_order: shipment.sale_order_id == order)._check(gateway)

    def _check(self, gateway):
        """Look at the order of these parcels.

        :return: whether the order could be looked at
        """
        sale_order = self.sale_order_id
        sale_order.ensure_one()
        self.checked_on = fields.Datetime.now()
        try:
            order = parse_order(gateway.get_order(sale_order.amazon_order_ref, included_data=PARCEL_DATA))
        except (errors.NotFound, errors.InvalidRequest, UnreadableOrder) as error:
            _logger.info("Amazon order %s cannot be looked at: %s", sale_order.id, type(error).__name__)
            return False
        sale_order._apply_amazon_packages(order, seen_at=datetime.now(timezone.utc))
        return True
