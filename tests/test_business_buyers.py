from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .test_order_updates import OrderUpdateCase

VAT = "FR23334175221"


class BusinessBuyerCase(OrderUpdateCase):
    """A German seller; French buyers pay 20 %, those with a VAT number nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.german = cls._create_tax(19)
        cls.mug.taxes_id = cls.german
        france = cls.env.ref("base.fr").id
        cls.private = cls._create_fiscal_position(cls._create_tax(20), auto_apply=True, country_id=france)
        cls.business = cls._create_fiscal_position(
            cls._create_tax(0), auto_apply=True, country_id=france, vat_required=True, sequence=1
        )
        cls.private.sequence = 2

    @classmethod
    def _create_fiscal_position(cls, destination, **values):
        """A fiscal position that turns the mug's tax into `destination`."""
        position = cls.env["account.fiscal.position"].create({"name": "Test", "company_id": cls.company.id, **values})
        if "tax_ids" in position._fields and position._fields["tax_ids"].type == "one2many":
            position.tax_ids = [(0, 0, {"tax_src_id": cls.german.id, "tax_dest_id": destination.id})]
        else:
            destination.write({"fiscal_position_ids": [(4, position.id)], "original_tax_ids": [(4, cls.german.id)]})
        return position

    def private_order(self, **options):
        """An order of a person, whose tax Amazon does not state."""
        return self.order("FR", tax_mode="none", **options)

    def business_order(self, same_buyer=None, number=VAT, **options):
        """An order with the buyer's VAT number; `same_buyer` is an earlier one by the same alias and to its address."""
        raw = self.order("FR", tax_mode="none", business=True, **options)
        raw["tax"]["taxRegistrations"][0]["taxRegistrationNumber"] = number
        if same_buyer:
            raw["buyer"]["buyerEmail"] = same_buyer["buyer"]["buyerEmail"]
            company = raw["recipient"]["deliveryAddress"].get("companyName")
            raw["recipient"]["deliveryAddress"] = {**same_buyer["recipient"]["deliveryAddress"], "companyName": company}
        return raw

    def as_business(self, raw):
        """The same order a minute later, when Amazon also tells that a business bought."""
        told = self.business_order(raw)
        return self.changed(raw, tax=told["tax"], buyer={**told["buyer"], "buyerName": raw["buyer"]["buyerName"]})


@tagged("post_install", "-at_install")
class TestNextOrderOfABusiness(BusinessBuyerCase):
    def test_known_buyer_gets_company_and_vat_number_and_is_taxed_by_them(self):
        first = self.private_order()
        before = self.sale_order(first)
        second = self.business_order(first)
        sale_order = self.sale_order(second)
        contact = sale_order.partner_id
        self.assertEqual(contact, before.partner_id)
        self.assertEqual(contact.parent_id.name, second["buyer"]["buyerCompanyName"])
        self.assertEqual((contact.parent_id.vat, contact.vat), (VAT, VAT))
        self.assertEqual((sale_order.fiscal_position_id, sale_order.amount_tax), (self.business, 0.0))
        self.assertFalse(sale_order.amazon_review)
        self.assertEqual(before.fiscal_position_id, self.private)

    def test_two_orders_in_one_batch_are_one_buyer_with_the_vat_number_of_the_second(self):
        first = self.private_order()
        orders = self.receive(first, self.business_order(first)).sale_order_id
        self.assertEqual(orders.partner_id.vat, VAT)
        self.assertEqual(orders[1].fiscal_position_id, self.business)

    def test_company_that_amazon_named_without_a_vat_number_gets_it(self):
        first = self.business_order()
        del first["tax"]
        company = self.sale_order(first).partner_id.parent_id
        self.assertFalse(company.vat)
        second = self.business_order(first)
        second["buyer"] = first["buyer"]
        sale_order = self.sale_order(second)
        self.assertEqual((company.vat, sale_order.fiscal_position_id), (VAT, self.business))

    def test_another_companys_vat_number_is_not_given_to_a_company(self):
        first = self.business_order()
        del first["tax"]
        company = self.sale_order(first).partner_id.parent_id
        second = self.business_order(first)
        second["buyer"]["buyerCompanyName"] = "Someone Else SARL"
        second["tax"]["taxRegistrations"][0]["legalName"] = "Someone Else SARL"
        second["recipient"]["deliveryAddress"]["companyName"] = "Someone Else SARL"
        self.assertTrue(self.sale_order(second).amazon_review)
        self.assertFalse(company.vat)

    def test_what_a_person_entered_at_a_known_buyer_stays(self):
        first = self.private_order()
        contact = self.sale_order(first).partner_id
        term = self.env["account.payment.term"].create({"name": "Test"})
        contact.write({"street": "Corrected 1", "property_payment_term_id": term.id, "company_registry": "R1"})
        self.sale_order(self.business_order(first))
        self.assertTrue(contact.parent_id)
        self.assertEqual(
            (contact.street, contact.property_payment_term_id, contact.company_registry), ("Corrected 1", term, "R1")
        )

    def test_vat_number_that_a_person_entered_stays(self):
        first = self.private_order()
        contact = self.sale_order(first).partner_id
        contact.vat = "FR83404833048"
        self.sale_order(self.business_order(first))
        self.assertEqual((contact.vat, contact.parent_id), ("FR83404833048", contact.browse()))

    def test_buyer_whose_data_were_deleted_gets_nothing_back(self):
        first = self.private_order()
        contact = self.sale_order(first).partner_id
        contact.amazon_erased_on = "2026-01-01"
        self.sale_order(self.business_order(first))
        self.assertFalse(contact.parent_id)

    def test_buyer_with_an_invoice_stays_as_it_is_and_the_order_is_to_be_reviewed(self):
        first = self.private_order()
        before = self.sale_order(first)
        self.invoice(before).action_post()
        sale_order = self.sale_order(self.business_order(first))
        self.assertEqual(sale_order.partner_id, before.partner_id)
        self.assertFalse(before.partner_id.parent_id)
        self.assertTrue(sale_order.amazon_review)
        self.assertIn("VAT number", sale_order.amazon_review_reason)
        self.assertNotIn(VAT, sale_order.amazon_review_reason)

    def test_vat_number_that_odoo_refuses_has_the_order_reviewed(self):
        partners = type(self.env["res.partner"])
        self.patch(partners, "_constraint_methods", [*self.env["res.partner"]._constraint_methods, refuse_vat(self)])
        first = self.private_order()
        contact = self.sale_order(first).partner_id
        sale_order = self.sale_order(self.business_order(first))
        self.assertIn(VAT, str(contact.parent_id.comment))
        self.assertTrue(sale_order.amazon_review)

    def test_deleting_the_buyers_data_finds_the_company(self):
        first = self.private_order()
        contact = self.sale_order(first).partner_id
        self.sale_order(self.business_order(first))
        self.assertIn(contact.parent_id, contact._amazon_family())
        self.assertIn(contact.parent_id, contact.sale_order_ids._amazon_buyer_partners())


@tagged("post_install", "-at_install")
class TestOrderThatTurnsOutABusiness(BusinessBuyerCase):
    def test_company_vat_number_and_purchase_order_number_that_arrive_later_are_taken_in(self):
        raw = self.private_order()
        sale_order = self.sale_order(raw)
        later = self.as_business(raw)
        self.receive(later)
        self.assertEqual(sale_order.partner_id.parent_id.name, later["buyer"]["buyerCompanyName"])
        self.assertEqual(sale_order.partner_id.vat, VAT)
        self.assertEqual(sale_order.client_order_ref, later["buyer"]["buyerPurchaseOrderNumber"])

    def test_reference_that_a_person_entered_stays(self):
        raw = self.private_order()
        sale_order = self.sale_order(raw)
        sale_order.client_order_ref = "Mine"
        self.receive(self.as_business(raw))
        self.assertEqual(sale_order.client_order_ref, "Mine")

    def test_taxes_of_the_confirmed_order_stay_and_it_is_to_be_reviewed_once(self):
        raw = self.private_order()
        sale_order = self.sale_order(raw)
        tax = sale_order.amount_tax
        self.assertTrue(tax)
        self.receive(self.as_business(raw))
        self.assertEqual((sale_order.amount_tax, sale_order.fiscal_position_id), (tax, self.private))
        self.assertTrue(sale_order.amazon_review)
        self.assertIn("fiscal position", sale_order.amazon_review_reason)
        sale_order.action_amazon_reviewed()
        self.receive(self.as_business(raw))
        self.assertFalse(sale_order.amazon_review)

    def test_order_whose_taxes_are_the_same_with_the_vat_number_needs_no_review(self):
        self.business.active = False
        raw = self.private_order()
        sale_order = self.sale_order(raw)
        self.receive(self.as_business(raw))
        self.assertEqual(sale_order.partner_id.vat, VAT)
        self.assertFalse(sale_order.amazon_review)

    def test_order_from_before_its_buyers_company_is_reviewed_too(self):
        raw = self.private_order()
        sale_order = self.sale_order(raw)
        self.sale_order(self.business_order(raw))
        self.env.flush_all()
        self.env.cr.execute("UPDATE sale_order SET create_date = '2025-01-01' WHERE id = %s", [sale_order.id])
        sale_order.invalidate_recordset()
        self.receive(self.as_business(raw))
        self.assertTrue(sale_order.amazon_review)

    def test_customer_that_a_person_chose_is_left_alone(self):
        raw = self.private_order()
        sale_order = self.sale_order(raw)
        customer = self.env["res.partner"].create({"name": "Own Customer"})
        sale_order.partner_id = customer
        self.receive(self.as_business(raw))
        self.assertFalse(customer.parent_id or customer.vat)
        self.assertFalse(sale_order.amazon_review)

    def test_order_whose_personal_data_were_deleted_takes_nothing_in(self):
        raw = self.private_order()
        sale_order = self.sale_order(raw)
        sale_order.amazon_erased_on = "2026-01-01"
        self.receive(self.as_business(raw))
        self.assertFalse(sale_order.client_order_ref or sale_order.partner_id.parent_id)


def refuse_vat(case):
    """A check of Odoo's that finds `VAT` invalid."""

    def refuse(partners):
        if VAT in partners.mapped("vat"):
            raise ValidationError(case.env._("not a VAT number"))

    refuse._constrains = ("vat",)
    return refuse
