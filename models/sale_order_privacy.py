from dataclasses import replace
from datetime import datetime, timedelta

from odoo import fields, models

from ..spapi.orders import Buyer
from ..utils import unlocked


class SaleOrderPrivacy(models.Model):
    """Deleting what an Amazon order knows of its buyer, besides the contact."""

    _inherit = "sale.order"

    # === ACTIONS ===

    def action_erase_amazon_buyer(self):
        """Open the dialog that deletes the data of this order's buyer."""
        self.ensure_one()
        return self.partner_id._open_amazon_erasure()

    # === ODOO HOOKS ===

    def _get_invoiceable_lines(self, final=False):
        """The buyer's gift messages and customizations do not belong on an invoice, which is kept for years."""
        lines = super()._get_invoiceable_lines(final=final)
        return lines.filtered(lambda line: not line.is_amazon_buyer_note)

    def _get_copiable_order_lines(self):
        """What the buyer wrote is for this order only."""
        return super()._get_copiable_order_lines().filtered(lambda line: not line.is_amazon_buyer_note)

    def copy_data(self, default=None):
        """A duplicate is no order of Amazon's, so it does not say that it came from there."""
        vals_list = super().copy_data(default=default)
        for order, vals in zip(self, vals_list, strict=True):
            if order.amazon_order_ref and "origin" not in (default or {}):
                vals["origin"] = False
        return vals_list

    # === BUSINESS METHODS ===

    def _without_erased_data(self, order):
        """An order of Amazon's without what was deleted here: an update must not bring it back.

        :param order: the parsed Amazon order
        :return: the same, or without buyer, address and messages
        """
        self.ensure_one()
        if not self.amazon_erased_on:
            return order
        items = tuple(replace(item, gift_message="", customization_url="") for item in order.items)
        return replace(order, buyer=Buyer(), address=None, tax_registrations=(), items=items)

    def _amazon_buyer_partners(self):
        """The contacts, addresses and companies that Amazon's data made of these orders' buyers."""
        partners = self.partner_id | self.partner_shipping_id | self.partner_invoice_id
        return (partners | partners.parent_id).filtered("amazon_account_id")

    def _is_amazon_hold(self):
        """Whether the law keeps the personal data of this order, or of its buyer."""
        self.ensure_one()
        return self.amazon_legal_hold or any(self._amazon_buyer_partners().mapped("amazon_legal_hold"))

    def _amazon_keep_rank(self):
        """Sorts orders by how strong and how lasting the reason is to keep their personal data."""
        self.ensure_one()
        start = self.amazon_retention_from or datetime.max
        return self._is_amazon_hold(), self._is_amazon_undelivered(), start, self.id

    def _is_amazon_undelivered(self):
        return bool(self.filtered_domain(self._amazon_undelivered_domain()))

    def _amazon_reason_to_keep(self):
        """Why the personal data of this order, and its buyer's for its sake, are kept.

        :return: the reason, the order's number, and when to look again
        :rtype: tuple
        """
        self.ensure_one()
        partners = self.env["res.partner"]
        for reason, applies in (("legal_hold", self._is_amazon_hold), ("undelivered", self._is_amazon_undelivered)):
            if applies():
                return reason, self.name, partners._look_again_on(reason)
        due_on = (self.amazon_retention_from or fields.Datetime.now()) + self.amazon_account_id._retention_period()
        return "not_due", self.name, max(due_on.date(), fields.Date.context_today(self)) + timedelta(days=1)

    def _erase_amazon_personal_data(self, counts):
        """Delete gift messages, customization links, the deliveries' notes and files, and messages that name the buyer.

        Invoices that are not posted are cleaned like deliveries. Whether they may be deleted is for the caller to know.

        :param Counter counts: of what was deleted; added to
        """
        cleaner = self.env["amazon.message.cleaner"]
        notes = self.order_line.filtered("is_amazon_buyer_note")
        people = self.env["amazon.buyer.traces"]._people_of_orders(self)
        words = {order: cleaner._words(people[order], order._amazon_note_texts()) for order in self}
        pickings, invoices = self.picking_ids, self.invoice_ids._without_what_the_law_keeps()
        words_of_pickings = {picking: words[order] for order in self for picking in order.picking_ids}
        words_of_invoices = {move: words[order] for order in self for move in order.invoice_ids & invoices}
        for found in (words, words_of_pickings, words_of_invoices):
            counts["messages"] += cleaner._clean(found)
        counts["files"] += cleaner._delete_files(self, ("application/pdf",))
        counts["files"] += cleaner._delete_files(pickings) + cleaner._delete_files(invoices)
        counts["notes"] += len(notes)
        for order, lines in notes.grouped("order_id").items():
            with unlocked(order):
                lines.unlink()
        with_note = pickings.filtered("note")
        counts["notes"] += len(with_note)
        with_note.write({"note": False})
        self.write({"amazon_erased_on": fields.Datetime.now(), "amazon_erasure_asked_on": False})
        counts["orders"] += len(self)

    def _amazon_note_texts(self):
        self.ensure_one()
        return self.order_line.filtered("is_amazon_buyer_note").mapped("name")
