from ast import literal_eval
from datetime import timedelta

from lxml import etree

from odoo import fields
from odoo.tests import Form, new_test_user, tagged

from .account_common import AccountCase

SECRET = "amazon_connector.lwa_client_secret"


@tagged("post_install", "-at_install")
class TestSettings(AccountCase):
    def save(self, **vals):
        settings = self.env["res.config.settings"].create(vals)
        settings.execute()
        return settings

    def crons(self):
        data = self.env["ir.model.data"].search([("module", "=", "amazon_connector"), ("model", "=", "ir.cron")])
        return self.env["ir.cron"].browse(data.mapped("res_id")).with_context(active_test=False)

    def visible_menus(self, user):
        menus = self.env["ir.ui.menu"].with_user(user)
        self.env.registry.clear_all_caches()
        visible = menus.browse(menus._visible_menu_ids(debug=True))
        return set(visible.get_external_id().values())

    def test_feature_is_off_until_it_is_activated(self):
        group = self.env.ref("amazon_connector.group_amazon_sync")
        self.assertNotIn(group, self.env.ref("base.group_user").implied_ids)

    def test_activating_shows_menus_and_starts_crons(self):
        user = new_test_user(self.env, "amazon_admin", groups="sales_team.group_sale_manager")
        self.assertNotIn("amazon_connector.menu_amazon_configuration", self.visible_menus(user))
        self.save(group_amazon_sync=True)
        self.assertIn("amazon_connector.menu_amazon_configuration", self.visible_menus(user))
        self.assertTrue(all(self.crons().mapped("active")))

    def test_deactivating_hides_menus_stops_crons_and_loses_nothing(self):
        user = new_test_user(self.env, "amazon_admin", groups="sales_team.group_sale_manager")
        self.save(group_amazon_sync=True)
        self.link()
        names = [name for name, field in self.account._fields.items() if field.store]
        before = self.account.read(names)
        self.save(group_amazon_sync=False)
        self.assertNotIn("amazon_connector.menu_amazon_configuration", self.visible_menus(user))
        still = self.crons().filtered("active")
        self.assertEqual(still, self.env.ref("amazon_connector.ir_cron_delete_personal_data"))
        self.account.invalidate_recordset()
        self.assertEqual(self.account.read(names), before)

    def test_saving_other_settings_leaves_a_stopped_cron_alone(self):
        self.save(group_amazon_sync=True)
        if not self.crons():
            self.skipTest("no scheduled action in this version")
        self.crons()[0].active = False
        self.save(amazon_application_id="amzn1.sp.solution.x")
        self.assertFalse(self.crons()[0].active)

    def test_application_credentials_are_kept(self):
        self.save(
            amazon_application_id="amzn1.sp.solution.x",
            amazon_application_is_draft=True,
            amazon_lwa_client_id="amzn1.application-oa2-client.x",
            amazon_lwa_client_secret="the secret",
        )
        self.assertEqual(self.account._get_application_id(), "amzn1.sp.solution.x")
        self.assertTrue(self.account._is_application_draft())
        self.assertEqual(self.account._get_client_credentials(), ("amzn1.application-oa2-client.x", "the secret"))

    def test_client_secret_never_comes_out(self):
        settings = self.save(amazon_lwa_client_secret="the secret")
        settings.invalidate_recordset()
        self.assertFalse(settings.amazon_lwa_client_secret)
        self.assertTrue(settings.amazon_lwa_client_secret_is_set)
        self.env.cr.execute("SELECT value FROM ir_config_parameter WHERE key = %s", [SECRET])
        self.assertNotIn("the secret", self.env.cr.fetchone()[0])
        self.env.cr.execute("SELECT * FROM res_config_settings WHERE id = %s", [settings.id])
        self.assertNotIn("the secret", str(self.env.cr.dictfetchall()))

    def test_saving_without_a_secret_keeps_the_one_entered_before(self):
        before = self.env["ir.config_parameter"].get_param(SECRET)
        self.save(amazon_lwa_client_id="another")
        self.assertEqual(self.env["ir.config_parameter"].get_param(SECRET), before)

    def test_age_of_the_secret_is_counted_from_its_entry(self):
        settings = self.save(amazon_lwa_client_secret="the secret")
        settings.invalidate_recordset()
        today = fields.Date.today()
        self.assertEqual(settings.amazon_lwa_client_secret_entered_on, today)
        self.assertEqual(settings.amazon_lwa_client_secret_expires_on, today + timedelta(days=180))
        self.assertFalse(settings.amazon_lwa_client_secret_warning)
        self.set_parameters(lwa_client_secret_entered_on=fields.Date.to_string(today - timedelta(days=170)))
        settings.invalidate_recordset()
        self.assertIn("expires on", settings.amazon_lwa_client_secret_warning)
        self.assertIn("enter it above", settings.amazon_lwa_client_secret_warning, "the field is on the same page")

    def test_addresses_to_register_with_amazon_are_shown(self):
        with Form(self.env["res.config.settings"], view="sale.res_config_settings_view_form") as settings:
            self.assertTrue(settings.amazon_redirect_uri.endswith("/amazon/oauth/return"))
            self.assertTrue(settings.amazon_login_uri.endswith("/amazon/oauth/login"))

    def test_addresses_to_register_are_shown_before_amazon_has_given_an_application_id(self):
        view = self.env.ref("sale.res_config_settings_view_form")
        arch = etree.fromstring(self.env["res.config.settings"].get_view(view.id, "form")["arch"])
        [address] = arch.xpath("//field[@name='amazon_redirect_uri']")
        conditions = " ".join(node.get("invisible", "") for node in address.iterancestors())
        self.assertNotIn("amazon_application_id", conditions)

    def test_community_checkbox_is_replaced_in_place(self):
        view = self.env.ref("sale.res_config_settings_view_form")
        arch = self.env["res.config.settings"].get_view(view.id, "form")["arch"]
        setting = arch.partition('id="amazon_connector"')[2].partition("</setting>")[0]
        self.assertIn("group_amazon_sync", setting)
        self.assertNotIn("module_sale_amazon", arch)

    def test_default_products_are_the_four(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("amazon_connector.amazon_default_product_action")
        products = self.env["product.product"].search(fields_domain(action))
        self.assertEqual(
            sorted(products.mapped("name")),
            ["Amazon Promotion", "Amazon Rounding", "Amazon Sale", "Amazon Shipping"],
        )

    def test_rounding_product_has_no_tax(self):
        self.assertFalse(self.env.ref("amazon_connector.product_amazon_rounding").taxes_id)


def fields_domain(action):
    """The domain of an action, which is stored as text."""
    domain = action["domain"]
    return literal_eval(domain) if isinstance(domain, str) else domain
