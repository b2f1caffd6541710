import hashlib
from dataclasses import replace

from odoo import models
from odoo.tools import float_round

from .. import compat
from ..spapi.amounts import DOUBT_NO_AMOUNTS, PRODUCT, order_amounts
from ..spapi.order_types import MARKETPLACE_FACILITATOR
from ..utils import naive_utc, unlocked
from .res_partner import PLACEHOLDER_NAME

CANCELLED = "CANCELLED"


class SaleOrderUpdates(models.Model):
    """What Amazon says of an order that Odoo already has. Nothing that a person changed is overwritten."""

    _inherit = "sale.order"

    def _apply_amazon_update(self, order):
        """Bring this sales order up to what Amazon says of it now.

        The same update again changes nothing, an older one neither. An order that was cancelled in Odoo stays so.

        :param order: the parsed Amazon order
        """
        self.ensure_one()
        last_updated = naive_utc(order.last_updated)
        if self.amazon_last_updated and last_updated < self.amazon_last_updated:
            return
        self.amazon_last_updated = last_updated
        self._apply_amazon_packages(order)
        if self.state == "cancel":
            return
        if order.status == CANCELLED:
            self._cancel_for_amazon()
            return
        order = self._without_erased_data(order)
        untouched = self._is_as_amazon_left_it()
        self._apply_amazon_deadlines(order)
        self._note_cancellation_request(order)
        self._separate_recipient(order)
        self.partner_shipping_id._complete_amazon_buyer(order, is_recipient=True)
        self.partner_id._complete_amazon_buyer(order)
        self._add_amazon_buyer_notes(order)
        self._lower_quantities(order)
        self._apply_amazon_amounts(order, untouched)
        self._complete_amazon_business(order)
        if untouched:
            self._remember_amazon_lines()

    def _separate_recipient(self, order):
        """Give the parcel an address of its own where names arrive later and the recipient is not the buyer."""
        self.ensure_one()
        contact = self.partner_id
        recipient = order.address.name if order.address else ""
        shared = self.partner_shipping_id == contact and contact.amazon_account_id
        if not shared or contact.name != PLACEHOLDER_NAME or recipient in ("", order.buyer.name or recipient):
            return
        delivery = contact.create(
            {
                "name": recipient,
                "type": "delivery",
                "parent_id": contact.id,
                "company_id": self.company_id.id,
                "amazon_account_id": self.amazon_account_id.id,
            }
        )
        # The key lets the deliveries follow; the fiscal position stays the one with which the taxes were found.
        self.with_context(update_delivery_shipping_partner=True).write(
            {"partner_shipping_id": delivery.id, "fiscal_position_id": self.fiscal_position_id.id}
        )

    # === CANCELLATION ===

    def _cancel_for_amazon(self):
        """Cancel the order, locked or not; when goods have left, the rest is not delivered and a person decides."""
        self.ensure_one()
        if not self._has_delivered_goods():
            self._action_cancel()
            self.message_post(body=self.env._("Cancelled, because Amazon cancelled the order."))
            self._ask_for_credit_note()
            return
        for line in self._amazon_product_lines():
            self._set_line_quantity(line, line.qty_delivered)
        self._amazon_activity(
            self.env._("Amazon cancelled this order, but goods of it were delivered"),
            self.env._("What was left to deliver is cancelled. Get the goods back, or settle it with the buyer."),
        )

    def _ask_for_credit_note(self):
        """An invoice that was posted outlives the order: have a person credit what is not credited yet."""
        self.ensure_one()
        posted = self.invoice_ids.filtered(lambda invoice: invoice.state == "posted")
        invoices = posted.filtered(lambda invoice: invoice.move_type == "out_invoice")
        open_total = sum(posted.mapped("amount_total_signed"))  # credit notes count below zero
        if not invoices or self.company_id.currency_id.compare_amounts(open_total, 0) <= 0:
            return
        self._amazon_activity(
            self.env._("Amazon cancelled this order, but it is invoiced: a credit note is needed"),
            self.env._(
                "%(invoices)s: posted, and not credited in full. Open the invoice and click on Credit Note.",
                invoices=", ".join(invoices.mapped("name")),
            ),
        )

    def _has_delivered_goods(self):
        self.ensure_one()
        moves = self.order_line.move_ids
        return any(move.state == "done" and move.location_dest_id.usage == "customer" for move in moves)

    def _note_cancellation_request(self, order):
        """A buyer who asks to cancel is answered by a person: the order, its deliveries and an activity say so.

        Amazon repeats the wish with every update, but a person answers it once.
        """
        self.ensure_one()
        requested = order.cancellation_requested
        if self.amazon_cancellation_requested == requested:
            return
        self.amazon_cancellation_requested = requested
        if requested:
            self._amazon_activity(
                self.env._("The buyer asks to cancel"),
                self.env._("Do not ship it. Cancel the order in Seller Central, or tell the buyer why not."),
            )

    def _amazon_activity(self, summary, note):
        """Ask the order's salesperson, else the account's, to look; once for the same summary."""
        self.ensure_one()
        if summary in self.activity_ids.mapped("summary"):
            return
        user = self.user_id or self.amazon_account_id.user_id or self.env.user
        self.activity_schedule("mail.mail_activity_data_warning", summary=summary, note=note, user_id=user.id)

    # === QUANTITIES ===

    def _lower_quantities(self, order):
        """Deliver no more than Amazon still wants; what has left has left.

        A quantity that a person lowered further stays as it is.
        """
        lines = {line.amazon_item_ref: line for line in self._amazon_product_lines()}
        for item in order.items:
            line = lines.get(item.item_ref)
            if not line or item.live_quantity >= line.amazon_quantity:
                continue
            if item.live_quantity < line.qty_delivered:
                self._amazon_activity(
                    self.env._("More was delivered than Amazon's order asks for"),
                    self.env._(
                        "%(product)s: delivered %(delivered)s, ordered %(ordered)s.",
                        product=line.product_id.display_name,
                        delivered=line.qty_delivered,
                        ordered=item.live_quantity,
                    ),
                )
            self._set_line_quantity(line, max(item.live_quantity, line.qty_delivered))
            line.amazon_quantity = item.live_quantity

    def _set_line_quantity(self, line, quantity):
        """Lower the quantity of a line, in a locked order too; its delivery follows."""
        if line.product_uom_qty <= quantity:
            return
        with unlocked(self):
            # A discount that is not written, Odoo takes from the pricelist whenever a quantity changes.
            line.write({"product_uom_qty": quantity, "discount": line.discount})
        self._ask_to_take_back(line)

    def _ask_to_take_back(self, line):
        """Have a person take out what is picked beyond the demand: Odoo delivers all that is picked.

        :param line: whose quantity was lowered
        """
        for move in line.move_ids.filtered(lambda move: move.picked and move.state not in ("done", "cancel")):
            surplus = float_round(move.quantity - move.product_uom_qty, precision_rounding=move.product_uom.rounding)
            if surplus <= 0:
                continue
            self._amazon_activity(
                self.env._(
                    "Take %(quantity)s × %(product)s back out of %(delivery)s",
                    quantity=f"{surplus:g}",
                    product=move.product_id.display_name,
                    delivery=move.picking_id.name,
                ),
                self.env._(
                    "Amazon lowered the order to %(demand)s, but %(picked)s are picked. Correct the quantity on the "
                    "delivery before it is validated, or all of it is shipped.",
                    demand=f"{move.product_uom_qty:g}",
                    picked=f"{move.quantity:g}",
                ),
            )

    def _amazon_product_lines(self):
        return self.order_line.filtered(lambda line: line.amazon_kind == PRODUCT)

    # === AMOUNTS ===

    def _apply_amazon_amounts(self, order, untouched):
        """Price the order anew when Amazon's amounts changed, unless a person changed it or it is invoiced.

        :param bool untouched: the lines are as the connector left them
        """
        order = self._with_known_tax_owners(order)
        amounts = order_amounts(order)
        # Tax data that Amazon refuses now are no change of the amounts.
        unchanged = {amounts.digest, order_amounts(replace(order, tax_data_missing=False)).digest}
        if self.amazon_amounts_digest in unchanged or DOUBT_NO_AMOUNTS in amounts.doubts:
            return
        if untouched and not self._is_invoiced() and amounts.currency == self.currency_id.name:
            with unlocked(self):
                self._reprice_for_amazon(order, amounts)
            return
        self._amazon_activity(
            self.env._("Amazon changed the amounts of this order"),
            self.env._(
                "Amazon's total is now %(amazon)s, this order's is %(odoo)s. It was changed or invoiced in Odoo, so "
                "its prices are left as they are.",
                amazon=f"{amounts.total} {amounts.currency}",
                odoo=self.currency_id.format(self.amount_total),
            ),
        )
        self.amazon_amounts_digest = amounts.digest

    def _with_known_tax_owners(self, order):
        """An order that came without tax data, with what Amazon said before of whose tax it is.

        Lines whose tax Amazon collects tell that the order had its tax data once. An item that came since is taken for
        the seller's, and a person sees it.

        :param order: the parsed Amazon order
        :return: the same, or with the tax models of the items that are known
        """
        self.ensure_one()
        if not order.tax_data_missing:
            return order
        item_lines = self.order_line.filtered("amazon_item_ref")
        collected = item_lines.filtered(lambda line: line._does_amazon_collect_tax())
        if not collected:
            return order
        refs, known = collected.mapped("amazon_item_ref"), item_lines.mapped("amazon_item_ref")
        items = tuple(
            replace(item, tax_models=(MARKETPLACE_FACILITATOR,)) if item.item_ref in refs else item
            for item in order.items
        )
        is_new = any(item.live_quantity and item.item_ref not in known for item in items)
        return replace(order, items=items, tax_data_missing=is_new)

    def _is_invoiced(self):
        return any(invoice.state != "cancel" for invoice in self.invoice_ids)

    # === WHAT A PERSON CHANGED ===

    def _amazon_lines_fingerprint(self):
        self.ensure_one()
        lines = [
            (
                line.id,
                line.product_id.id,
                line.product_uom_qty,
                line.price_unit,
                line.discount,
                sorted(line[compat.LINE_TAXES].ids),
            )
            for line in self.order_line.sorted("id")
            if not line.display_type
        ]
        return hashlib.sha256(repr(lines).encode()).hexdigest()[:16]

    def _remember_amazon_lines(self):
        """Take the lines as they are now for what the connector made of them."""
        for order in self:
            order.amazon_fingerprint = order._amazon_lines_fingerprint()

    def _is_as_amazon_left_it(self):
        self.ensure_one()
        return self.amazon_fingerprint == self._amazon_lines_fingerprint()
