from odoo.tests import tagged

from .account_common import AccountCase


@tagged("post_install", "-at_install")
class TestAccountWarnings(AccountCase):
    """Where nothing runs, the list of accounts does not look as if all were well."""

    def read_list(self, accounts):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        values = accounts.web_read({"name": {}, "state": {}, "is_stopped": {}, "authorization_warning": {}})
        return values, self.env.cr.sql_log_count - before

    def test_reading_many_accounts_takes_as_many_queries_as_reading_one(self):
        self.link()
        self.read_list(self.account)  # fills the caches of parameters
        _values, for_one = self.read_list(self.account)
        others = [self.account.copy({"name": f"Shop {number}"}) for number in range(5)]
        accounts = self.account.union(*others)
        self.env.flush_all()
        self.env.cr.execute("UPDATE amazon_account SET state = 'linked', refresh_token = 'fernet:of another key'")
        values, for_six = self.read_list(accounts)
        self.assertTrue(all(value["is_stopped"] for value in values))
        self.assertEqual(for_six, for_one)

    def test_an_account_that_was_never_linked_needs_no_attention(self):
        self.assertFalse(self.account.authorization_warning)
        self.assertFalse(self.account.is_stopped)

    def test_a_copy_of_an_account_that_was_disconnected_needs_no_attention(self):
        self.link()
        self.account.action_disconnect()
        self.account.sudo().linked_database = "another"
        self.assertFalse(self.account.authorization_warning)

    def test_a_client_secret_that_cannot_be_read_stops_every_account(self):
        self.link()
        self.env.cr.execute(
            "UPDATE ir_config_parameter SET value = 'fernet:of another key' WHERE key LIKE 'amazon_connector.%secret'"
        )
        self.env.registry.clear_all_caches()
        self.env.invalidate_all()
        self.assertTrue(self.account.is_stopped)
        self.assertIn("enter the secret again", self.account.authorization_warning)
        self.assertNotIn("Re-link", self.account.authorization_warning, "the permission itself can be read")

    def test_missing_credentials_stop_an_account_and_its_warning_says_where_to_enter_them(self):
        self.link()
        credentials = {
            "lwa_client_id": self.simulator.CLIENT_ID,
            "lwa_client_secret": self.simulator.CLIENT_SECRET,
        }
        for name, value in credentials.items():
            with self.subTest(name):
                self.set_parameters(**{name: False})
                self.account.invalidate_recordset()
                self.assertTrue(self.account.is_stopped)
                self.assertIn("Ask your administrator to enter the credentials", self.account.authorization_warning)
                self.set_parameters(**{name: value})
                self.account.invalidate_recordset()
                self.assertFalse(self.account.is_stopped)
