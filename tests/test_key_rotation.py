import stat
from contextlib import suppress
from unittest.mock import patch

from cryptography.fernet import Fernet

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.amazon_connector import encryption

from .account_common import AccountCase
from .key_common import KeyFolderMixin

PARAMETER = "amazon_connector.lwa_client_secret"


@tagged("post_install", "-at_install")
class TestKeyRotation(KeyFolderMixin, AccountCase):
    """Changing the key: a new one before the old one, everything encrypted again, the old one removed."""

    def setUp(self):
        super().setUp()
        self.use_own_key_folder()
        self.secrets = self.env["amazon.secrets"]
        self.env["ir.config_parameter"].set_param(PARAMETER, self.simulator.CLIENT_SECRET)
        self.token = self.simulator.store.issue_refresh_token("A1EXAMPLESELLEREU")
        self.link(token=self.token)
        self.other = self.new_account(name="Second")
        self.other.refresh_token = "Atzr|second"

    def assertEverythingReadable(self):
        self.env.invalidate_all()
        self.assertEqual(self.account._decrypt(self.account.refresh_token), self.token)
        self.assertEqual(self.other._decrypt(self.other.refresh_token), "Atzr|second")
        self.assertEqual(self.account._get_client_credentials()[1], self.simulator.CLIENT_SECRET)

    def test_key_in_the_file_is_changed_and_the_old_one_removed(self):
        [old] = encryption._keys()
        self.secrets._change_key()
        self.assertEqual(len(encryption._keys()), 2)
        self.assertEverythingReadable()
        self.secrets._forget_old_keys()
        [new] = encryption._keys()
        self.assertNotEqual(new, old)
        self.assertEverythingReadable()
        self.assertTrue(self.account._gateway().marketplace_participations())

    def test_key_file_stays_readable_by_its_owner_only(self):
        self.secrets._change_key()
        path = self.folder / encryption.KEY_FILE
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)
        self.assertEqual(list(self.folder.iterdir()), [path])

    def test_key_in_the_configuration_is_changed(self):
        old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
        self.set_config(amazon_connector_key=f"{old},{encryption._keys()[0]}")
        self.secrets._encrypt_again()
        self.set_config(amazon_connector_key=f"{new}, {old}")
        self.assertEqual(self.secrets._state(), {"all": 3, "old": 3, "lost": 0, "keys": 2, "unusable": []})
        self.assertEqual(self.secrets._encrypt_again(), 3)
        self.set_config(amazon_connector_key=new)
        self.assertEqual(self.secrets._state(), {"all": 3, "old": 0, "lost": 0, "keys": 1, "unusable": []})
        self.assertEverythingReadable()

    def test_keys_in_the_configuration_are_the_administrators_to_change(self):
        self.set_config(amazon_connector_key=Fernet.generate_key().decode())
        for method in ("_change_key", "_forget_old_keys"):
            with self.subTest(method), self.assertRaisesRegex(UserError, "odoo.conf"):
                getattr(self.secrets, method)()

    def test_crash_at_any_point_loses_nothing_and_is_made_up_for(self):
        exchange = type(self.secrets)._exchange
        for survivors in range(3):
            with self.subTest(exchanged_before_the_crash=survivors):
                calls = []

                def crash(model, *args, calls=calls, survivors=survivors):  # pylint: disable=dangerous-default-value
                    calls.append(args)
                    if len(calls) > survivors:
                        raise MemoryError
                    return exchange(model, *args)

                # Not assertRaises, which would take back what the crash left behind.
                with patch.object(type(self.secrets), "_exchange", crash), suppress(MemoryError):
                    self.secrets._change_key()
                self.assertEverythingReadable()
                self.assertEqual(self.secrets._state()["old"], 3 - survivors)
                with self.assertRaisesRegex(UserError, "Encrypt Again"):
                    self.secrets._forget_old_keys()
                self.assertEqual(self.secrets._encrypt_again(), 3 - survivors)
                self.secrets._forget_old_keys()
                self.assertEverythingReadable()

    def test_secret_entered_meanwhile_is_not_overwritten(self):
        [stored] = [entry for entry in self.secrets._stored() if entry[1] == self.other.id]
        encryption.add_key_to_file()
        self.other.refresh_token = "Atzr|entered meanwhile"
        self.env.flush_all()
        self.assertEqual(self.secrets._exchange(*stored, encryption.reencrypt(stored[2])), 0)
        self.env.invalidate_all()
        self.assertEqual(self.other._decrypt(self.other.refresh_token), "Atzr|entered meanwhile")

    def test_rotation_does_not_pretend_that_the_client_secret_is_new(self):
        self.env["ir.config_parameter"].set_param("amazon_connector.lwa_client_secret_entered_on", "2026-01-01")
        self.secrets._change_key()
        self.assertEqual(str(self.account._get_client_secret_expiry()), "2026-06-30")

    def test_again_changes_nothing(self):
        self.secrets._change_key()
        before = self.secrets._stored()
        self.assertEqual(self.secrets._encrypt_again(), 0)
        self.assertEqual(self.secrets._stored(), before)

    # === THE KEY IS GONE ===

    def lose_key(self):
        (self.folder / encryption.KEY_FILE).unlink()
        self.env.invalidate_all()

    def test_lost_key_is_said_and_linking_again_heals(self):
        self.lose_key()
        self.assertEqual(self.secrets._state()["lost"], 3)
        self.assertIn("Re-link", self.account.authorization_warning)
        with self.assertRaisesRegex(UserError, "enter the secret again"):
            self.account._gateway()
        self.assertEqual(self.account.state, "linked")
        self.env["ir.config_parameter"].set_param(PARAMETER, self.simulator.CLIENT_SECRET)
        self.link(token=self.token)
        self.assertFalse(self.account.authorization_warning)
        self.assertTrue(self.account._gateway().marketplace_participations())

    def test_lost_key_loses_no_data(self):
        path = self.folder / encryption.KEY_FILE
        key, before = path.read_text(), self.secrets._stored()
        self.lose_key()
        self.account._fetch_orders()
        self.assertIn("key", self.account.orders_sync_message)
        self.secrets._encrypt_again()
        self.assertEqual(self.secrets._stored(), before)
        path.write_text(key)
        self.assertEverythingReadable()

    def test_unusable_key_refuses_a_secret_instead_of_storing_it_in_clear(self):
        self.set_config(amazon_connector_key="not a key")
        with self.assertRaisesRegex(UserError, "Fernet"):
            self.env["ir.config_parameter"].set_param(PARAMETER, "clear")
        with self.assertRaisesRegex(UserError, "Fernet"):
            self.account.refresh_token = "Atzr|clear"
        with self.assertRaisesRegex(UserError, "Fernet"):
            self.env["amazon.refresh.token"].create(
                {"account_id": self.account.id, "seller_key": "X", "refresh_token": "Atzr|clear"}
            )

    def test_lost_key_says_first_what_has_to_be_done_first(self):
        self.lose_key()
        first, second = self.account.authorization_warning.split("\n")
        self.assertIn("client secret", first)
        self.assertIn("enter the secret again in Sales", first)
        self.assertIn("amazon_connector.key in Odoo's data directory", first)
        self.assertIn("Re-link on the account once the client secret is entered", second)
        self.account._fetch_orders()
        self.assertIn("enter the secret again", self.account.orders_sync_message)

    def test_another_key_is_no_remedy_for_a_lost_one(self):
        self.lose_key()
        for method in ("_change_key", "_forget_old_keys"):
            with self.subTest(method), self.assertRaisesRegex(UserError, "re-link"):
                getattr(self.secrets, method)()
        self.assertFalse(list(self.folder.iterdir()))

    # === A KEY THAT IS NONE ===

    def test_a_mistyped_key_is_named_and_stops_nothing(self):
        old = encryption._keys()[0]
        (self.folder / encryption.KEY_FILE).write_text(f"{old},{Fernet.generate_key().decode()[:-2]}")
        self.assertEverythingReadable()
        self.env["ir.config_parameter"].set_param(PARAMETER, self.simulator.CLIENT_SECRET)
        self.assertTrue(self.account._gateway().marketplace_participations())
        settings = self.env["res.config.settings"].create({})
        self.assertIn("Key number 2 in the key file amazon_connector.key", settings.amazon_key_trouble)
        settings.action_forget_old_amazon_keys()
        self.assertEqual(encryption._keys(), [old])

    def test_a_mistyped_first_key_says_where_it_stands(self):
        old = encryption._keys()[0]
        for place in ("odoo.conf", "key file amazon_connector.key"):
            with self.subTest(place):
                if place == "odoo.conf":
                    self.set_config(amazon_connector_key=f"typo,{old}")
                else:
                    self.set_config(amazon_connector_key="")
                    (self.folder / encryption.KEY_FILE).write_text(f"typo,{old}")
                self.assertEverythingReadable()
                self.assertIn(place, self.env["res.config.settings"].create({}).amazon_key_trouble)
                with self.assertRaisesRegex(UserError, place):
                    self.env["ir.config_parameter"].set_param(PARAMETER, "new")
                with self.assertRaisesRegex(UserError, place):
                    self.secrets._encrypt_again()
                if place != "odoo.conf":
                    (self.folder / encryption.KEY_FILE).write_text("typo")
                    self.env["ir.config_parameter"].search([("key", "=", PARAMETER)]).unlink()
                    self.env.cr.execute("UPDATE amazon_account SET refresh_token = NULL")
                    with self.assertRaisesRegex(UserError, place):
                        self.secrets._forget_old_keys()

    # === THE SETTINGS ===

    def test_a_lost_key_shows_in_the_settings_and_offers_no_change(self):
        self.assertFalse(self.env["res.config.settings"].create({}).amazon_key_trouble)
        self.lose_key()
        settings = self.env["res.config.settings"].create({})
        self.assertIn("3 of 3 secrets cannot be read", settings.amazon_key_trouble)
        self.assertIn("amazon_connector.key", settings.amazon_key_trouble)
        self.assertIn("enter the secret again above", settings.amazon_lwa_client_secret_warning)
        self.assertTrue(settings.amazon_has_lost_secrets)
        params = settings.action_encrypt_amazon_secrets_again()["params"]
        self.assertEqual((params["type"], params["sticky"]), ("warning", True))

    def test_the_next_step_of_a_change_is_named(self):
        settings = self.env["res.config.settings"].create({})
        params = settings.action_change_amazon_key()["params"]
        self.assertIn("Now press Remove Old Keys, further down on this page", params["message"])
        self.assertEqual((params["type"], params["sticky"]), ("success", True))
        self.assertNotIn("Now", settings.action_forget_old_amazon_keys()["params"]["message"])

    def test_settings_lead_through_the_change(self):
        settings = self.env["res.config.settings"].create({})
        self.assertIn("All 3 secrets", settings.amazon_key_status)
        self.assertTrue(settings.amazon_key_in_file)
        settings.action_change_amazon_key()
        settings = self.env["res.config.settings"].create({})
        self.assertTrue(settings.amazon_has_old_keys)
        settings.action_forget_old_amazon_keys()
        self.assertFalse(self.env["res.config.settings"].create({}).amazon_has_old_keys)

    def test_only_who_may_change_settings_changes_the_key(self):
        admin = new_test_user(self.env, "key_sales_admin", groups="sales_team.group_sale_manager")
        settings = self.env["res.config.settings"].create({}).with_user(admin)
        for action in (
            "action_change_amazon_key",
            "action_encrypt_amazon_secrets_again",
            "action_forget_old_amazon_keys",
        ):
            with self.subTest(action), self.assertRaises(AccessError):
                getattr(settings, action)()
