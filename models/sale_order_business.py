from odoo import models

from .. import compat
from ..spapi.amounts import PROMOTION


class SaleOrderBusiness(models.Model):
    """What Amazon says of a business buyer only once the order is in Odoo."""

    _inherit = "sale.order"

    def _complete_amazon_business(self, order):
        """Take in purchase order number, company and VAT number; the taxes stay, and a person is asked to look.

        :param order: the parsed Amazon order
        """
        self.ensure_one()
        if order.buyer.purchase_order and not self.client_order_ref:
            self.client_order_ref = order.buyer.purchase_order
        contact = self.partner_id
        completed = contact.browse()._complete_amazon_companies(self.amazon_account_id, [(contact, order)])
        if not contact._amazon_vat_number(order):
            return
        # Another order may have brought the company after this one had come in.
        if completed or not contact.vat or self.create_date < contact.commercial_partner_id.create_date:
            self._review_tax_of_business(order)

    def _review_tax_of_business(self, order):
        """Mark the order for review, once, if the buyer's VAT number asks for other taxes than it has."""
        self.ensure_one()
        contact = self.partner_id
        number = contact._amazon_vat_number(order)
        if not number or contact.amazon_account_id != self.amazon_account_id or not self._is_taxed_otherwise(number):
            return
        reason = self.env._(
            "At Amazon the buyer gives a VAT number, with which Odoo finds other taxes than this order has. Compare "
            "the customer's Tax ID with Seller Central, then correct the fiscal position and the taxes of the order, "
            "or of its invoice, if need be."
        )
        known = self.amazon_review_reason or ""
        if reason not in known:
            reasons = [known, reason] if self.amazon_review and known else [reason]
            self.write({"amazon_review": True, "amazon_review_reason": "\n".join(reasons)})

    def _is_taxed_otherwise(self, number):
        """Whether lines whose taxes the seller owes have other ones than a buyer with this VAT number gets.

        :param str number: counts where the customer has none in Odoo
        """
        contact, delivery = self.partner_id, self.partner_shipping_id
        if not contact.vat:
            # Not saved: Odoo is only asked what would be.
            contact, delivery = (partner.new({"vat": number}, origin=partner) for partner in (contact, delivery))
        positions = self.env["account.fiscal.position"].with_company(self.company_id)
        position = positions._get_fiscal_position(contact, delivery)
        if position == self.fiscal_position_id:
            return False
        lines = self.order_line.filtered(
            lambda line: line.amazon_kind not in (False, "rounding", PROMOTION) and not line.amazon_collects_tax
        )
        return any(
            line[compat.LINE_TAXES]
            != position.map_tax(line.product_id.taxes_id._filter_taxes_by_company(self.company_id))
            for line in lines
        )
