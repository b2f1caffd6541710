from odoo import api, models
from odoo.exceptions import ValidationError

from .amazon_order_importer import QUIET


class ResPartnerBusiness(models.Model):
    """Buyers whom Odoo knew already when Amazon first named their company or its VAT number."""

    _inherit = "res.partner"

    # === BUSINESS METHODS ===

    @api.model
    def _complete_amazon_companies(self, account, buyers):
        """Give buyers whom Odoo knows the company and VAT number that Amazon did not name before, as new ones get them.

        Nothing that is filled in already is changed. Who stands on an invoice stays as it is: Odoo would change the
        invoice, or refuse.

        :param account: the `amazon.account` of the buyers
        :param list buyers: pairs of a contact and a parsed order of its
        :return: the contacts that were completed
        """
        self = self.with_company(account.company_id).with_context(**QUIET)
        wanted = {}
        # Of several orders, one that gives a VAT number tells the most.
        for contact, order in sorted(buyers, key=lambda buyer: not self._amazon_vat_number(buyer[1])):
            if contact not in wanted and contact._lacks_amazon_company(account, order):
                wanted[contact.with_env(self.env)] = order
        contacts = self.browse().concat(*wanted)
        contacts -= contacts._on_invoices()
        persons = contacts.filtered(lambda contact: not contact.parent_id)
        for contact in contacts - persons:
            contact.parent_id._complete_amazon_vat(self._amazon_vat_number(wanted[contact]))
        vals_list = [persons._prepare_company_of_known_vals(account, contact, wanted[contact]) for contact in persons]
        companies = self._create_companies_with_vat(vals_list) if persons else persons
        for contact, company in zip(persons, companies, strict=True):
            contact.parent_id = company
        return contacts

    def _lacks_amazon_company(self, account, order):
        """Whether the company that bought, or its VAT number, can be added to this buyer."""
        self.ensure_one()
        if not self._amazon_company_name(order) or not self._is_amazon_buyer_of(account) or self.vat:
            return False
        company, number = self.parent_id, self._amazon_vat_number(order)
        if not company:
            return not self.is_company
        is_same = company.is_company and company.name in self._amazon_company_names(order)
        is_known_invalid = number in (company.comment or "")
        return bool(number) and is_same and company._is_amazon_buyer_of(account) and not is_known_invalid

    def _is_amazon_buyer_of(self, account):
        """Whether orders of the account made this contact, and its data are not deleted."""
        self.ensure_one()
        return self.amazon_account_id == account and not self.amazon_erased_on

    @api.model
    def _amazon_company_names(self, order):
        """All names under which an order knows the company that bought."""
        names = {order.buyer.company, order.address.company if order.address else ""}
        return names | {tax.legal_name for tax in order.tax_registrations if tax.entity == "BUYER"}

    def _on_invoices(self):
        """Those of these contacts that accounting documents show, themselves or their companies."""
        if not self:
            return self
        found = self.browse()
        # sudo: who applies an order need not see the accounting.
        for model in (self.env["account.move"].sudo(), self.env["account.move.line"].sudo()):
            rows = model._read_group([("partner_id", "in", (self | self.parent_id).ids)], ["partner_id"])
            found = found.union(*(partner.with_env(self.env) for (partner,) in rows))
        return self.filtered(lambda contact: (contact | contact.parent_id) & found)

    @api.model
    def _prepare_company_of_known_vals(self, account, contact, order):
        """The values of the company of a buyer whom Odoo knows.

        Odoo gives a contact the address and the terms of its company: so the company has the contact's, or what people
        entered there would be lost.
        """
        names = [name for name in (*contact._commercial_fields(), *contact._address_fields()) if contact[name]]
        mine = {name: contact._fields[name].convert_to_write(contact[name], contact) for name in names}
        return {**mine, **self._prepare_amazon_company_vals(account, order, {order.order_ref: {}})}

    def _complete_amazon_vat(self, number):
        """Give a company its VAT number; one that Odoo refuses stands in the notes, where they are empty."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                self.vat = number
        except ValidationError:
            self.comment = self.comment or self._invalid_vat_note(number)
