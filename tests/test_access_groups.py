from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .account_common import ADMINISTRATOR, USER, AccessCase


@tagged("post_install", "-at_install")
class TestAccessGroups(AccessCase):
    """What the connector's two groups open to whom, and what stays for administrators."""

    def test_user_form_offers_the_two_groups_as_one_choice(self):
        groups = self.env.ref(USER) + self.env.ref(ADMINISTRATOR)
        choice = groups.mapped("privilege_id" if "privilege_id" in groups else "category_id")
        self.assertEqual(choice.mapped("name"), ["Amazon"])

    def test_amazon_administrator_who_does_not_sell_sets_up_an_account(self):
        accounts = self.env["amazon.account"].with_user(self.users["administrator"])
        account = accounts.create({"name": "New", "base_marketplace_id": self.germany.id, "environment": "simulator"})
        self.link(account)
        self.assertEqual(account.state, "linked")
        account.action_sync_orders()
        account.action_disconnect()

    def test_amazons_groups_alone_open_the_account(self):
        for role in ("user", "administrator", "stock"):
            account = self.account.with_user(self.users[role])
            arch = etree.fromstring(account.get_view(None, "form")["arch"])
            names = {node.get("name") for node in arch.xpath("//field[not(ancestor::field)]")}
            with self.subTest(role=role):
                self.assertEqual(account.web_read({name: {} for name in names})[0]["id"], account.id)
                self.assertNotIn("order_count", names)

    def test_todays_salespeople_and_administrators_need_no_setup(self):
        self.assertTrue(self.users["salesperson"].has_group(USER))
        self.assertFalse(self.users["salesperson"].has_group(ADMINISTRATOR))
        self.assertTrue(self.users["sales_administrator"].has_group(ADMINISTRATOR))
        self.assertFalse(self.users["stock"].has_group(USER))

    def test_salesperson_sees_the_taxes_and_the_administrator_the_personal_data(self):
        self.env["res.config.settings"].create({"group_amazon_sync": True}).execute()
        seen = {}
        for role in ("salesperson", "sales_administrator", "stock"):
            menus = self.env["ir.ui.menu"].with_user(self.users[role])
            self.env.registry.clear_all_caches()
            found = menus.browse(menus._visible_menu_ids(debug=False)).get_external_id().values()
            seen[role] = {name.removeprefix("amazon_connector.menu_amazon_") for name in found if "amazon_conn" in name}
        self.assertLessEqual({"tax", "orders", "order_update", "offer"}, seen["salesperson"])
        self.assertFalse({"personal_data", "privacy_log"} & seen["salesperson"])
        self.assertLessEqual({"tax", "personal_data", "privacy_log", "account"}, seen["sales_administrator"])
        self.assertFalse({"personal_data", "privacy_log"} & seen["stock"])

    def test_salesperson_makes_the_offer_that_mends_an_order(self):
        offers = self.env["amazon.offer"].with_user(self.users["salesperson"])
        product = self.known["product.product"]
        offer = offers.create(
            {
                "account_id": self.account.id,
                "marketplace_id": self.germany.id,
                "sku": "NEW",
                "product_id": product.id,
                "sync_stock": True,
            }
        )
        other = product.copy()
        offer.product_id = other
        self.assertEqual(offer.product_id, other)

    def test_salesperson_does_not_decide_what_stock_amazon_shows(self):
        offer = self.record("amazon.offer").with_user(self.users["salesperson"])
        for vals in ({"sync_stock": False}, {"amazon_channel": "fba"}, {"sku": "OTHER"}):
            with self.subTest(vals), self.assertRaises(AccessError):
                offer.write(vals)
        with self.assertRaises(AccessError):
            offer.create({**offer.copy_data()[0], "sku": "NEW", "sync_stock": False})

    def test_legal_hold_is_for_administrators(self):
        partner, order = self.known["res.partner"], self.known["sale.order"]
        for record in (partner, order):
            with self.subTest(record._name), self.assertRaises(AccessError):
                record.with_user(self.users["salesperson"]).write({"amazon_legal_hold": True})
            record.with_user(self.users["sales_administrator"]).write({"amazon_legal_hold": True})
            self.assertTrue(record.amazon_legal_hold)
