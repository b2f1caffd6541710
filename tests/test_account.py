from datetime import datetime, timedelta, timezone

from freezegun import freeze_time

from odoo import SUPERUSER_ID, fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import new_test_user, tagged

from odoo.addons.amazon_connector.spapi import errors

from .account_common import AccountCase


@tagged("post_install", "-at_install")
class TestAccount(AccountCase):
    def test_region_is_the_home_marketplaces(self):
        self.assertEqual(self.account.region, "eu")
        self.account.base_marketplace_id = self.env.ref("amazon_connector.marketplace_jp")
        self.assertEqual(self.account.region, "fe")

    def test_first_account_of_a_company_gets_team_warehouse_and_location(self):
        company = self.env["res.company"].create({"name": "Other Company"})
        account = self.new_account(company_id=company.id)
        self.assertEqual(account.team_id.name, "Amazon")
        self.assertEqual(account.team_id.company_id, company)
        self.assertEqual(account.warehouse_id.company_id, company)
        self.assertEqual(account.location_id.name, "Amazon")
        self.assertEqual(account.location_id.usage, "internal")
        self.assertEqual(account.location_id.location_id, account.warehouse_id.view_location_id)

    def test_accounts_of_a_company_share_team_and_location(self):
        second = self.new_account(name="Second")
        self.assertEqual(second.team_id, self.account.team_id)
        self.assertEqual(second.location_id, self.account.location_id)

    def test_chosen_team_and_location_are_kept(self):
        team = self.env["crm.team"].create({"name": "Export"})
        location = self.env["stock.location"].create({"name": "FBA Poland", "usage": "internal"})
        account = self.new_account(team_id=team.id, location_id=location.id)
        self.assertEqual(account.team_id, team)
        self.assertEqual(account.location_id, location)

    def test_copy_is_not_linked(self):
        self.link()
        copy = self.account.copy()
        self.assertNotLinked(copy)
        self.assertFalse(copy.active_marketplace_ids)
        self.assertFalse(copy.orders_from)

    def test_linked_account_keeps_home_marketplace_environment_and_company(self):
        self.link()
        for vals in (
            {"base_marketplace_id": self.france.id},
            {"environment": "production"},
            {"company_id": self.env["res.company"].create({"name": "Other Company"}).id},
        ):
            with self.subTest(vals=vals), self.assertRaisesRegex(UserError, "Disconnect it first"):
                self.account.write(vals)

    def test_linked_account_can_be_saved_with_the_same_home_marketplace(self):
        self.link()
        self.account.write({"base_marketplace_id": self.germany.id, "name": "New Name"})
        self.assertEqual(self.account.name, "New Name")

    def test_simulator_can_only_be_chosen_where_it_is_configured(self):
        self.assertIn("simulator", dict(self.account._selection_environment()))
        self.set_parameters(simulator_url="")
        self.assertNotIn("simulator", dict(self.account._selection_environment()))
        with self.assertRaisesRegex(ValidationError, "simulator_url"):
            self.new_account(environment="simulator")

    # --- Linking with a refresh token --- #

    def test_pasted_token_links_the_account(self):
        self.link()
        self.assertEqual(self.account.state, "linked")
        self.assertEqual(self.account.seller_key, "A1EXAMPLESELLEREU")
        self.assertEqual(self.account.authorized_by_id, self.env.user)
        self.assertEqual(self.account.orders_from, self.account.authorized_on)
        self.assertFalse(self.account.authorization_expires_on, "only public applications expire")
        self.assertFalse(self.account.authorization_warning)

    def test_participations_fill_the_marketplaces(self):
        self.link()
        codes = "DE FR IT ES GB NL BE IE SE TR".split()
        self.assertEqual(sorted(self.account.available_marketplace_ids.country_id.mapped("code")), sorted(codes))
        self.assertEqual(self.account.active_marketplace_ids, self.account.available_marketplace_ids)

    def test_unknown_and_non_amazon_marketplaces_are_left_out(self):
        seller = self.simulator.store.sellers["A2EXAMPLESELLERNA"]
        self.assertTrue(seller.other_marketplace_ids)
        account = self.new_account(base_marketplace_id=self.env.ref("amazon_connector.marketplace_us").id)
        self.link(account, "A2EXAMPLESELLERNA")
        self.assertEqual(len(account.available_marketplace_ids), 4)

    def test_marketplace_without_participation_is_left_out(self):
        self.link()
        self.assertNotIn(self.env.ref("amazon_connector.marketplace_pl"), self.account.available_marketplace_ids)

    def test_bad_token_is_refused_before_it_is_saved(self):
        with self.assertRaisesRegex(UserError, "does not accept this refresh token"):
            self.link(token="Atzr|wrong")
        self.assertNotLinked()

    def test_spaces_around_a_pasted_token_do_not_matter(self):
        token = self.simulator.store.issue_refresh_token("A1EXAMPLESELLEREU")
        self.link(seller_key=" A1EXAMPLESELLEREU ", token=f" {token}\n")
        self.assertEqual(self.account.seller_key, "A1EXAMPLESELLEREU")

    def test_amazon_down_leaves_the_account_as_it_was(self):
        self.simulator.store.add_fault("getMarketplaceParticipations", "unavailable", times=None)
        with self.assertRaisesRegex(UserError, "cannot be reached"):
            self.link()
        self.assertNotLinked()

    def test_refused_client_leaves_the_account_as_it_was(self):
        self.set_parameters(lwa_client_secret="another secret")
        with self.assertRaisesRegex(UserError, "client ID or the client secret"):
            self.link()
        self.assertNotLinked()

    def test_linking_again_keeps_the_orders_date_and_removed_marketplaces(self):
        self.link()
        orders_from = self.account.orders_from - timedelta(days=3)
        self.account.write({"orders_from": orders_from, "active_marketplace_ids": [(3, self.france.id)]})
        self.link()
        self.assertEqual(self.account.orders_from, orders_from)
        self.assertNotIn(self.france, self.account.active_marketplace_ids)
        self.assertIn(self.france, self.account.available_marketplace_ids)

    def test_seller_of_another_region_is_refused(self):
        with self.assertRaisesRegex(UserError, "no marketplace in the region Europe"):
            self.link(seller_key="A2EXAMPLESELLERNA")
        self.assertNotLinked()

    def test_another_seller_cannot_take_over_an_account(self):
        self.link()
        with self.assertRaisesRegex(UserError, "belongs to the seller A1EXAMPLESELLEREU"):
            self.link(seller_key="A2EXAMPLESELLERNA")
        self.assertEqual(self.account.seller_key, "A1EXAMPLESELLEREU")

    # --- Disconnecting, and losing the permission --- #

    def test_disconnecting_wipes_the_token(self):
        self.link()
        self.account.action_disconnect()
        self.assertEqual(self.account.state, "draft")
        self.assertFalse(self.account.refresh_token)
        self.assertFalse(self.account.authorized_on)
        with self.assertRaisesRegex(UserError, "is not linked with Amazon"):
            self.account._gateway()

    def test_disconnected_account_can_only_be_linked_by_its_seller(self):
        self.link()
        self.account.action_disconnect()
        with self.assertRaisesRegex(UserError, "belongs to the seller"):
            self.link(seller_key="A2EXAMPLESELLERNA")
        self.link()
        self.assertEqual(self.account.state, "linked")

    def test_withdrawn_permission_asks_to_link_again_once(self):
        self.link()
        self.simulator.store.revoke("A1EXAMPLESELLEREU")
        action = self.account.action_update_marketplaces()
        self.assertIn("Re-link", action["params"]["message"])
        self.assertEqual(self.account.state, "reauthorize")
        self.assertIn("Re-link", self.account.authorization_warning)
        self.assertEqual(len(self.account.activity_ids), 1)
        self.account._ask_to_link_again()
        self.assertEqual(len(self.account.activity_ids), 1)

    def test_linking_again_clears_the_warning_and_no_task_of_a_persons(self):
        self.link()
        own = self.account.activity_schedule("mail.mail_activity_data_warning", summary="Call the accountant")
        self.account._ask_to_link_again()
        self.link()
        self.assertEqual(self.account.state, "linked")
        self.assertEqual(self.account.activity_ids, own)
        self.assertFalse(self.account.authorization_warning)

    def test_refused_client_does_not_cost_the_seller_the_link(self):
        self.link()
        self.set_parameters(lwa_client_secret="another secret")
        with self.assertRaisesRegex(UserError, "The account stays linked"):
            self.account.action_update_marketplaces()
        self.assertEqual(self.account.state, "linked")

    def test_permission_about_to_expire_warns(self):
        self.link()
        self.account.authorization_expires_on = fields.Date.today() + timedelta(days=29)
        self.assertIn("expires on", self.account.authorization_warning)
        self.account.authorization_expires_on = fields.Date.today() + timedelta(days=31)
        self.assertFalse(self.account.authorization_warning)

    def test_client_secret_about_to_expire_warns(self):
        self.link()
        entered_on = fields.Date.today() - timedelta(days=151)
        self.set_parameters(lwa_client_secret_entered_on=fields.Date.to_string(entered_on))
        self.account.invalidate_recordset()
        self.assertIn("client secret", self.account.authorization_warning)

    def test_lost_key_warns_and_linking_again_helps(self):
        self.link()
        self.env.cr.execute("UPDATE amazon_account SET refresh_token = 'fernet:of another key'")
        self.account.invalidate_recordset()
        self.assertIn("cannot be read", self.account.authorization_warning)
        with self.assertRaisesRegex(UserError, "Click on Re-link"):
            self.account._gateway()
        self.link()
        self.assertFalse(self.account.authorization_warning)

    # --- Marketplaces --- #

    def test_new_marketplace_is_appended_to_the_synchronized_ones(self):
        """Steps 3 to 7 of "Add a new marketplace" in the documentation."""
        self.env.ref("amazon_connector.marketplace_se").unlink()
        self.link()
        self.account.active_marketplace_ids -= self.france
        before = self.account.active_marketplace_ids
        sweden = self.env["amazon.marketplace"].create(
            {
                "name": "Amazon.se",
                "api_ref": "A2NODRKZP88ZB9",
                "region": "eu",
                "seller_central_url": "https://sellercentral.amazon.se",
            }
        )
        action = self.account.action_update_marketplaces()
        self.assertEqual(action["effect"]["type"], "rainbow_man")
        self.assertIn("Amazon.se", action["effect"]["message"])
        self.assertEqual(self.account.active_marketplace_ids, before | sweden)

    def test_marketplace_that_is_not_the_sellers_does_not_appear(self):
        self.link()
        new = self.env["amazon.marketplace"].create(
            {
                "name": "Amazon.xx",
                "api_ref": "A1NEWMARKETPLACE",
                "region": "eu",
                "seller_central_url": "https://sellercentral.amazon.xx",
            }
        )
        self.account.action_update_marketplaces()
        self.assertNotIn(new, self.account.available_marketplace_ids)

    def test_closed_marketplace_is_not_synchronized_any_more(self):
        self.link()
        self.simulator.store.sellers["A1EXAMPLESELLEREU"].marketplace_ids.remove(self.france.api_ref)
        self.account.action_update_marketplaces()
        self.assertNotIn(self.france, self.account.available_marketplace_ids)
        self.assertNotIn(self.france, self.account.active_marketplace_ids)

    def test_seller_who_closed_everything_synchronizes_nothing(self):
        self.link()
        self.simulator.store.sellers["A1EXAMPLESELLEREU"].marketplace_ids.clear()
        self.account.action_update_marketplaces()
        self.assertFalse(self.account.available_marketplace_ids)
        self.assertFalse(self.account.active_marketplace_ids)

    def test_marketplace_that_is_not_available_cannot_be_synchronized(self):
        self.link()
        with self.assertRaisesRegex(ValidationError, "does not let"):
            self.account.active_marketplace_ids += self.env.ref("amazon_connector.marketplace_us")

    def test_throttled_update_says_when_to_try_again(self):
        self.link()
        self.env.user.tz = "Asia/Tokyo"
        with freeze_time(datetime(2026, 11, 24, 12, 0, tzinfo=timezone.utc)):
            self.simulator.store.add_fault("getMarketplaceParticipations", "throttled")
            with self.assertRaisesRegex(UserError, r"try again after 11/24/2026, 9:02\sPM JST"):
                self.account.action_update_marketplaces()

    def test_what_runs_by_itself_names_times_on_the_salespersons_clocks(self):
        self.account.user_id = new_test_user(self.env, "berliner", groups="sales_team.group_sale_salesman")
        self.account.user_id.tz = "Europe/Berlin"
        error = errors.Throttled("searchOrders", retry_at=datetime(2026, 11, 24, 12, 0, 1, tzinfo=timezone.utc))
        message = self.account.with_user(SUPERUSER_ID)._get_spapi_error_message(error)
        self.assertRegex(message, r"after 11/24/2026, 1:01\sPM CET")

    def test_two_accounts_of_a_seller_never_share_a_marketplace(self):
        self.link()
        self.account.active_marketplace_ids -= self.france
        second = self.link(self.new_account(name="Second"))
        self.assertEqual(second.active_marketplace_ids, self.france)
        with self.assertRaisesRegex(ValidationError, "already synchronized by the account"):
            self.account.active_marketplace_ids += self.france

    def test_disconnected_account_leaves_its_marketplaces_to_others(self):
        self.link()
        self.account.action_disconnect()
        second = self.link(self.new_account(name="Second"))
        self.assertIn(self.france, second.active_marketplace_ids)
        self.link()
        self.assertFalse(self.account.active_marketplace_ids, "now the second account synchronizes them")
