from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import file_open

from odoo.addons.amazon_connector.hooks import remove_parameters

from .account_common import AccountCase


@tagged("post_install", "-at_install")
class TestSecurity(AccountCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sales_admin = new_test_user(cls.env, "amazon_admin", groups="sales_team.group_sale_manager")
        cls.salesperson = new_test_user(cls.env, "amazon_user", groups="sales_team.group_sale_salesman")

    def setUp(self):
        super().setUp()
        self.token = self.simulator.store.issue_refresh_token("A1EXAMPLESELLEREU")
        self.link(token=self.token)

    def test_sales_administrator_links_and_disconnects(self):
        account = self.new_account(name="Of the administrator").with_user(self.sales_admin)
        self.link(account)
        self.assertEqual(account.authorized_by_id, self.sales_admin)
        account.action_disconnect()
        self.assertEqual(account.state, "draft")

    def test_sales_administrator_creates_an_account(self):
        account = self.env["amazon.account"].with_user(self.sales_admin)
        account = account.create({"name": "New", "base_marketplace_id": self.germany.id})
        self.assertTrue(account.team_id and account.location_id)

    def test_sales_administrator_cannot_read_the_token(self):
        account = self.account.with_user(self.sales_admin)
        with self.assertRaises(AccessError):
            account.read(["refresh_token"])
        self.assertNotIn("refresh_token", account.read()[0])

    def test_salesperson_reads_accounts_and_changes_nothing(self):
        account = self.account.with_user(self.salesperson)
        self.assertEqual(account.name, "Example Shop")
        for method in ("action_link", "action_disconnect", "action_update_marketplaces"):
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(account, method)()
        with self.assertRaises(AccessError):
            account.name = "Mine"
        with self.assertRaises(AccessError):
            self.env["amazon.refresh.token"].with_user(self.salesperson).create({"account_id": account.id})

    def test_accounts_of_another_company_are_hidden(self):
        company = self.env["res.company"].create({"name": "Other Company"})
        foreign = self.new_account(company_id=company.id).with_user(self.sales_admin)
        self.assertNotIn(foreign, foreign.search([]))
        with self.assertRaises(AccessError):
            foreign.read(["name"])

    def test_token_is_encrypted_in_the_database(self):
        self.env.cr.execute("SELECT refresh_token FROM amazon_account WHERE id = %s", [self.account.id])
        [[stored]] = self.env.cr.fetchall()
        self.assertTrue(stored.startswith("fernet:"))
        self.assertEqual(self.account._decrypt(stored), self.token)

    def test_token_written_in_clear_is_encrypted(self):
        self.account.refresh_token = "Atzr|clear"
        self.assertTrue(self.account.refresh_token.startswith("fernet:"))

    def test_token_in_the_dialog_is_encrypted(self):
        wizard = self.env["amazon.refresh.token"].create(
            {"account_id": self.account.id, "seller_key": "X", "refresh_token": "Atzr|clear"}
        )
        self.assertTrue(wizard.refresh_token.startswith("fernet:"))
        wizard.refresh_token = "Atzr|other"
        self.assertTrue(wizard.refresh_token.startswith("fernet:"))

    def test_dialog_leaves_no_trace(self):
        self.assertFalse(self.env["amazon.refresh.token"].search_count([("account_id", "=", self.account.id)]))

    def test_token_cannot_be_exported(self):
        self.assertFalse(self.env["amazon.account"].fields_get(["refresh_token"])["refresh_token"]["exportable"])

    def test_client_secret_is_encrypted_however_it_is_entered(self):
        parameters = self.env["ir.config_parameter"]
        for name in ("by set_param", "by write"):
            with self.subTest(name):
                if name == "by write":
                    parameters.search([("key", "=", "amazon_connector.lwa_client_secret")]).value = name
                else:
                    parameters.set_param("amazon_connector.lwa_client_secret", name)
                stored = parameters.get_param("amazon_connector.lwa_client_secret")
                self.assertTrue(stored.startswith("fernet:"))
                self.assertEqual(self.account._get_client_credentials()[1], name)

    def test_other_system_parameters_stay_in_clear(self):
        self.set_parameters(application_id="amzn1.sp.solution.x")
        self.assertEqual(self.account._get_amazon_parameter("application_id"), "amzn1.sp.solution.x")

    def test_no_secret_in_the_chatter(self):
        self.account.action_disconnect()
        text = " ".join(self.account.message_ids.mapped("body"))
        self.assertIn("Linked with Amazon", text)
        self.assertNotIn(self.token, text)
        self.assertNotIn("fernet:", text)
        self.assertFalse(
            self.account.message_ids.tracking_value_ids.field_id.filtered(lambda field: "token" in field.name)
        )

    def test_neutralized_copy_cannot_act_for_the_seller(self):
        with file_open("amazon_connector/data/neutralize.sql") as file:
            self.env.cr.execute(file.read())
        self.env.invalidate_all()
        self.assertEqual(self.account.state, "draft")
        self.assertFalse(self.account.refresh_token)
        self.env.registry.clear_all_caches()
        self.assertFalse(self.env["ir.config_parameter"].get_param("amazon_connector.lwa_client_secret"))
        crons = self.env["ir.model.data"].search([("module", "=", "amazon_connector"), ("model", "=", "ir.cron")])
        self.assertFalse(self.env["ir.cron"].browse(crons.mapped("res_id")).filtered("active"))

    def test_uninstalling_forgets_the_credentials_of_the_application(self):
        remove_parameters(self.env)
        self.assertFalse(self.env["ir.config_parameter"].search([("key", "=like", "amazon_connector.%")]))
