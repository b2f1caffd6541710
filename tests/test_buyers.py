from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import AmazonCase


@tagged("post_install", "-at_install")
class TestBuyers(AmazonCase):
    def test_contact_carries_name_address_and_phone(self):
        raw = self.order("DE", buyer_name="Jane Example")
        partner = self.sale_order(raw).partner_id
        address = raw["recipient"]["deliveryAddress"]
        self.assertEqual(partner.name, "Jane Example")
        self.assertEqual(partner.street, address["addressLine1"])
        self.assertEqual(partner.zip, address["postalCode"])
        self.assertEqual(partner.country_id.code, "DE")
        self.assertEqual(partner.phone, address.get("phone") or False)

    def test_an_archived_buyer_is_the_same_buyer(self):
        first, second = self.order("DE"), self.order("DE")
        second["buyer"] = first["buyer"]
        partner = self.sale_order(first).partner_id
        partner.active = False
        self.assertEqual(self.sale_order(second).partner_id, partner)

    def test_the_same_alias_is_the_same_buyer(self):
        first, second = self.order("DE"), self.order("DE")
        second["buyer"]["buyerEmail"] = first["buyer"]["buyerEmail"]
        self.assertEqual(self.sale_order(first).partner_id, self.sale_order(second).partner_id)

    def test_the_same_alias_twice_in_one_batch_is_one_buyer(self):
        first, second = self.order("DE"), self.order("DE")
        second["buyer"]["buyerEmail"] = first["buyer"]["buyerEmail"]
        updates = self.receive(first, second)
        self.assertEqual(len(updates.sale_order_id.partner_id), 1)

    def test_a_later_order_of_a_buyer_fills_in_what_the_first_did_not_say(self):
        first, second = self.order("DE"), self.order("DE")
        second["buyer"]["buyerEmail"] = first["buyer"]["buyerEmail"]
        del first["recipient"]
        updates = self.receive(first, second)
        partner = updates.sale_order_id.partner_id
        self.assertEqual(partner.street, second["recipient"]["deliveryAddress"]["addressLine1"])
        self.assertEqual(updates.sale_order_id.partner_shipping_id, partner)

    def test_two_orders_to_one_address_with_two_phones_go_to_one_address(self):
        first, second, third = (self.order("DE") for _index in range(3))
        for phone, raw in enumerate((second, third)):
            raw["buyer"]["buyerEmail"] = first["buyer"]["buyerEmail"]
            raw["recipient"]["deliveryAddress"] |= {"name": "Neighbour", "addressLine1": "Hof 1", "phone": f"{phone}"}
        orders = self.receive(first, second, third).sale_order_id
        self.assertEqual(len(orders.partner_shipping_id), 2)

    def test_a_street_that_arrives_later_is_not_mixed_with_another_city(self):
        raw = self.order("DE", personal_data=False)
        partner = self.sale_order(raw).partner_id
        partner.write({"street": False, "zip": False, "city": "Berlin"})
        later = {**raw, "lastUpdatedTime": "2999-01-01T00:00:00Z"}
        later["recipient"] = {"deliveryAddress": {"addressLine1": "Hof 1", "city": "Bonn", "countryCode": "DE"}}
        self.receive(later)
        self.assertFalse(partner.street)

    def test_nobody_is_matched_by_name(self):
        first, second = self.order("DE"), self.order("DE")
        second["buyer"] = {**first["buyer"], "buyerEmail": "another@marketplace.amazon.de"}
        self.assertNotEqual(self.sale_order(first).partner_id, self.sale_order(second).partner_id)

    def test_without_an_alias_every_order_has_its_own_contact(self):
        first, second = (self.order("DE", personal_data=False) for _index in range(2))
        orders = self.receive(first, second).sale_order_id
        self.assertEqual(len(orders.partner_id), 2)
        self.assertEqual(set(orders.partner_id.mapped("name")), {"Amazon Customer"})

    def test_the_alias_of_another_account_is_another_buyer(self):
        other = self._create_account(name="Other", seller_key="A9")
        first, second = self.order("DE"), self.order("DE")
        second["buyer"]["buyerEmail"] = first["buyer"]["buyerEmail"]
        self.assertNotEqual(self.sale_order(first).partner_id, self.sale_order(second, account=other).partner_id)

    def test_a_gift_goes_to_a_delivery_address_under_the_buyer(self):
        raw = self.order("DE", buyer_name="Jane Example")
        raw["recipient"]["deliveryAddress"]["name"] = "Mother Example"
        sale_order = self.sale_order(raw)
        self.assertEqual(sale_order.partner_shipping_id.name, "Mother Example")
        self.assertEqual(sale_order.partner_shipping_id.type, "delivery")
        self.assertEqual(sale_order.partner_shipping_id.parent_id, sale_order.partner_id)

    def test_the_same_delivery_address_again_is_used_again(self):
        first, second = self.order("DE"), self.order("DE")
        for raw in (first, second):
            raw["buyer"]["buyerEmail"] = "same@marketplace.amazon.de"
            raw["recipient"]["deliveryAddress"] = {
                **first["recipient"]["deliveryAddress"],
                "name": "Mother Example",
            }
        self.assertEqual(self.sale_order(first).partner_shipping_id, self.sale_order(second).partner_shipping_id)

    def test_states_match_by_code_and_by_name(self):
        for written, code in (("TX", "TX"), ("Texas", "TX"), ("texas", "TX"), ("US-TX", "TX")):
            raw = self.order("US")
            raw["recipient"]["deliveryAddress"]["stateOrRegion"] = written
            with self.subTest(written=written):
                self.assertEqual(self.sale_order(raw).partner_shipping_id.state_id.code, code)

    def test_an_unknown_state_is_kept_in_the_address(self):
        raw = self.order("US")
        raw["recipient"]["deliveryAddress"]["stateOrRegion"] = "Middle Earth"
        partner = self.sale_order(raw).partner_shipping_id
        self.assertFalse(partner.state_id)
        self.assertIn("Middle Earth", partner.street2)

    def test_an_unknown_country_does_not_stop_the_order(self):
        raw = self.order("DE")
        raw["recipient"]["deliveryAddress"]["countryCode"] = "ZZ"
        self.assertFalse(self.sale_order(raw).partner_shipping_id.country_id)

    def test_a_business_buyer_has_a_company_with_vat_and_the_purchase_order_is_the_reference(self):
        raw = self.order("DE", business=True)
        raw["tax"]["taxRegistrations"][0]["taxRegistrationNumber"] = "DE462612124"
        sale_order = self.sale_order(raw)
        company = sale_order.partner_id.parent_id
        self.assertTrue(company.is_company)
        self.assertEqual(company.name, raw["buyer"]["buyerCompanyName"])
        self.assertEqual(company.vat, "DE462612124")
        self.assertEqual(sale_order.client_order_ref, raw["buyer"]["buyerPurchaseOrderNumber"])

    def test_a_vat_number_that_odoo_refuses_is_in_the_notes(self):
        def refuse(partners):
            if "BROKEN" in partners.mapped("vat"):
                raise ValidationError(self.env._("not a VAT number"))

        partners = type(self.env["res.partner"])
        self.patch(partners, "_constraint_methods", [*self.env["res.partner"]._constraint_methods, _constraint(refuse)])
        good, bad = (self.order("DE", business=True, buyer_name=name) for name in ("Jane Example", "Erika Example"))
        good["tax"]["taxRegistrations"][0]["taxRegistrationNumber"] = "DE462612124"
        bad["tax"]["taxRegistrations"][0]["taxRegistrationNumber"] = "BROKEN"
        orders = self.receive(good, bad).sale_order_id
        companies = orders.partner_id.parent_id
        self.assertEqual(companies.filtered("vat").vat, "DE462612124")
        self.assertIn("BROKEN", str(companies.filtered(lambda company: not company.vat).comment))

    def test_language_is_the_marketplaces(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.assertEqual(self.sale_order(self.order("FR")).partner_id.lang, "fr_FR")

    # --- Odoo never writes to a buyer ---

    def test_the_alias_is_no_e_mail_address_of_the_contact(self):
        raw = self.order("DE")
        partner = self.sale_order(raw).partner_id
        self.assertFalse(partner.email)
        self.assertEqual(partner.amazon_email, raw["buyer"]["buyerEmail"])

    def test_an_alias_cannot_be_entered_as_e_mail_address(self):
        with self.assertRaises(ValidationError):
            self.env["res.partner"].create({"name": "Jane Example", "email": "x@marketplace.amazon.co.uk"})

    def test_no_mail_is_made_whatever_is_switched_on(self):
        self.company.stock_move_email_validation = True
        before = self.env["mail.mail"].search_count([])
        sale_order = self.sale_order(self.order("DE"))
        self.assertNotIn(sale_order.partner_id, sale_order.message_partner_ids)
        sale_order._send_order_confirmation_mail()
        picking = sale_order.picking_ids
        picking.move_ids.quantity = 1
        picking.move_ids.picked = True
        picking.button_validate()
        sale_order.message_post(body="Hello", message_type="comment", subtype_xmlid="mail.mt_comment")
        notified = self.env["mail.notification"].search([("res_partner_id", "=", sale_order.partner_id.id)])
        self.assertFalse(notified)
        self.assertEqual(self.env["mail.mail"].search_count([]), before)

    def test_nobody_is_asked_before_the_first_sms_which_no_buyer_gets(self):
        pickings = self.env["stock.picking"]
        of_the_sms_app = [base for base in type(pickings).mro() if base.__module__.startswith("odoo.addons.stock_sms")]
        if not of_the_sms_app:
            self.skipTest("Odoo's SMS app for deliveries is not installed")
        amazon = self.sale_order(self.order("DE")).picking_ids
        other = self.env["stock.picking"].create({"picking_type_id": amazon.picking_type_id.id})
        with patch.object(of_the_sms_app[0], "_check_warn_sms", lambda pickings: pickings):
            self.assertEqual((amazon | other)._check_warn_sms(), other)

    def test_a_buyer_cannot_be_made_a_follower(self):
        sale_order = self.sale_order(self.order("DE"))
        sale_order.message_subscribe(sale_order.partner_id.ids)
        self.assertNotIn(sale_order.partner_id, sale_order.message_partner_ids)


def _constraint(check):
    """`check` as Odoo keeps the methods that `@api.constrains` marks."""
    check._constrains = ("vat",)
    return check
