from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..simulator.samples import build_order
from ..simulator.sellers import Seller
from .account_common import SELLER_EU
from .shipment_common import NeverCase

SECOND_SELLER_EU = "A4SECONDSELLEREU"


@tagged("post_install", "-at_install")
class TestCompaniesAndSellersApart(NeverCase):
    """11. and 12. What belongs to one company or seller is out of reach of the next."""

    def test_another_company_finds_nothing_by_any_way_of_reading(self):
        sale_order = self.order_in()
        self.deliver(sale_order)
        self.offer_to_send()
        self.run_jobs()
        self.account.message_post(body="For the eyes of one company")
        attachment = self.env["ir.attachment"].create(
            {"name": "label", "raw": b"x", "res_model": "amazon.account", "res_id": self.account.id}
        )
        company = self.env["res.company"].create({"name": "Somebody Else"})
        stranger = new_test_user(
            self.env,
            "stranger",
            groups="amazon_connector.group_amazon_administrator,sales_team.group_sale_manager,base.group_allow_export",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        checked = set()
        for name in sorted(self.models_with_a_company()):
            record = self.env[name].search([("company_id", "=", self.account.company_id.id)], limit=1)
            if not record:
                continue
            checked.add(name)
            self.assertUnreachable(record, stranger, company)
        self.assertLess({"amazon.account", "amazon.offer", "amazon.order.update", "amazon.shipment"}, checked)
        for record in (attachment, self.account.message_ids[:1], sale_order, sale_order.partner_id):
            there = record.with_user(stranger).with_context(allowed_company_ids=company.ids)
            with self.subTest(record=record), self.assertRaises(AccessError):
                there.read(["display_name"])

    def models_with_a_company(self):
        return {
            name
            for name, model in self.env.registry.items()
            if name.startswith("amazon.") and "company_id" in model._fields and not model._abstract
        }

    def assertUnreachable(self, record, user, company):
        found = record.with_user(user).with_context(allowed_company_ids=company.ids)
        with self.subTest(model=record._name):
            self.assertNotIn(record.id, found.search([]).ids)
            if record._rec_name:
                self.assertNotIn(record.id, [identifier for identifier, _name in found.name_search("", limit=None)])
            self.assertFalse(found.search_count([("id", "=", record.id)]))
            groups = found._read_group([("id", "=", record.id)], ["company_id"], ["__count"])
            self.assertFalse(groups)
            with self.assertRaises(AccessError):
                found.browse(record.id).read(["company_id"])
            with self.assertRaises(AccessError):
                found.browse(record.id).export_data(["display_name"])

    def test_two_accounts_of_a_region_in_one_worker_never_swap_tokens(self):
        self.store.sellers[SECOND_SELLER_EU] = Seller(
            SECOND_SELLER_EU, "Second Shop", "eu", self.store.sellers[SELLER_EU].marketplace_ids
        )
        second = self.link(
            self.new_account(name="Second Shop", company_id=self.account.company_id.id), SECOND_SELLER_EU
        )
        second.orders_from = "2020-01-01"
        for seller in (SELLER_EU, SECOND_SELLER_EU):
            self.store.add_order(seller, build_order("DE"))
        for _round in range(3):
            self.run_jobs("sync_orders")
            # Access tokens live an hour; the accounts get new ones in the other order.
            self.store.clock.advance(4000)
            for account in (second, self.account):
                self.store.add_fault("getOrder", "token_expired")
                account.action_recover_order(self.sale_orders(account).amazon_order_ref)
        for account in (self.account, second):
            self.assertEqual(len(self.sale_orders(account)), 1)
            self.deliver(self.sale_orders(account))
        self.run_jobs("send_shipments")
        self.assertEqual([call.status for call in self.confirm_calls()], [204, 204])
        self.assertEqual({call.seller_id for call in self.confirm_calls()}, {SELLER_EU, SECOND_SELLER_EU})
