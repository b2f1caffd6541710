from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..models.res_partner import PLACEHOLDER_NAME
from .privacy_common import TELLING, PrivacyCase


@tagged("post_install", "-at_install")
class TestErasureAndCompanies(PrivacyCase):
    """Whoever may erase the buyers of one company's account erases nobody else's."""

    def setUp(self):
        super().setUp()
        self.sale = self.sale_order(self.personal_order())
        self.buyer, self.address = self.sale.partner_id, self.sale.partner_shipping_id
        self.deliver(self.sale, days_ago=0)
        self.other_company = self.env["res.company"].create({"name": "Other Company"})
        self.other_account = self._create_account(
            company_id=self.other_company.id, name="Other Account", seller_key="A2OTHER"
        )
        self.stranger = new_test_user(
            self.env,
            "other_administrator",
            groups="sales_team.group_sale_manager,base.group_partner_manager",
            company_id=self.other_company.id,
            company_ids=[Command.set(self.other_company.ids)],
        )

    def erase_as_stranger(self, partner):
        env = self.env(user=self.stranger, context={"allowed_company_ids": self.other_company.ids})
        return env["amazon.erase.buyer"].create({"partner_id": partner.id}).action_erase()

    def assertUntouched(self):
        self.env.invalidate_all()
        self.assertEqual((self.buyer.name, self.address.name), (TELLING[0], "Otto Empfang"))
        self.assertFalse(self.sale.amazon_erased_on)

    def test_contact_that_no_amazon_order_made_starts_no_erasure(self):
        mine = self.env["res.partner"].create({"name": "Mine", "company_id": self.other_company.id})
        mine.parent_id = self.buyer
        with self.assertRaises(UserError):
            self.erase_as_stranger(mine)
        self.assertUntouched()

    def test_buyer_of_another_company_starts_no_erasure(self):
        with self.assertRaises(AccessError):
            self.erase_as_stranger(self.buyer)
        self.assertUntouched()

    def test_buyer_that_was_put_below_or_above_anothers_leads_nowhere(self):
        vals = {"name": "Mine", "company_id": self.other_company.id, "amazon_account_id": self.other_account.id}
        below, above = self.env["res.partner"].create([vals, vals])
        below.parent_id = self.buyer
        self.address.with_context(tracking_disable=True).parent_id = above
        for mine in (below, above):
            self.erase_as_stranger(mine)
        self.assertUntouched()
        self.assertEqual(below.name, PLACEHOLDER_NAME)

    def test_order_of_another_account_stays_though_it_names_the_buyer(self):
        vals = {"name": "Mine", "company_id": False, "amazon_account_id": self.other_account.id}
        mine = self.env["res.partner"].create(vals)
        self.sale.write({"partner_id": mine.id})
        self.erase_as_stranger(mine)
        self.assertUntouched()
        self.assertEqual(mine.name, "Mine")

    def test_contact_below_anothers_buyer_has_no_messages_emptied_there(self):
        message = self.sale.message_post(body="Leave it at the front door")
        vals = {"name": "front door", "company_id": self.other_company.id, "amazon_account_id": self.other_account.id}
        mine = self.env["res.partner"].create(vals)
        mine.parent_id = self.buyer
        self.erase_as_stranger(mine)
        self.assertEqual(mine.name, PLACEHOLDER_NAME)
        self.assertIn("front door", message.body)
        self.assertUntouched()
