import stat

from cryptography.fernet import Fernet

from odoo.tests import TransactionCase, tagged

from odoo.addons.amazon_connector import encryption

from .key_common import KeyFolderMixin


@tagged("post_install", "-at_install")
class TestEncryption(KeyFolderMixin, TransactionCase):
    def setUp(self):
        super().setUp()
        self.use_own_key_folder()

    def test_secret_comes_back(self):
        value = encryption.encrypt("Atzr|secret")
        self.assertNotIn("secret", value)
        self.assertEqual(encryption.decrypt(value), "Atzr|secret")

    def test_what_stands_in_a_dump_is_no_secret_when_it_is_entered(self):
        value = encryption.encrypt("Atzr|secret")
        self.assertEqual(encryption.decrypt(encryption.encrypt(value)), value)

    def test_nothing_stays_nothing(self):
        self.assertEqual(encryption.encrypt(""), "")
        self.assertFalse(encryption.encrypt(False))
        self.assertFalse(encryption.decrypt(False))

    def test_key_file_is_readable_by_its_owner_only(self):
        encryption.encrypt("secret")
        path = self.folder / encryption.KEY_FILE
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)
        self.assertEqual([path.name for path in self.folder.iterdir()], [encryption.KEY_FILE])

    def test_key_file_of_another_process_is_never_replaced(self):
        value = encryption.encrypt("secret")
        encryption._make_key_file(self.folder / encryption.KEY_FILE)
        self.assertEqual(encryption.decrypt(value), "secret")

    def test_key_in_configuration_needs_no_file(self):
        self.set_config(amazon_connector_key=Fernet.generate_key().decode())
        self.assertEqual(encryption.decrypt(encryption.encrypt("secret")), "secret")
        self.assertFalse([path.name for path in self.folder.iterdir()])

    def test_key_in_configuration_can_be_changed(self):
        old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
        self.set_config(amazon_connector_key=old)
        value = encryption.encrypt("secret")
        self.set_config(amazon_connector_key=f"{new}, {old}")
        self.assertEqual(encryption.decrypt(value), "secret")
        newer = encryption.encrypt("secret")
        self.set_config(amazon_connector_key=new)
        self.assertEqual(encryption.decrypt(newer), "secret")

    def test_lost_key_is_an_error_of_its_own(self):
        value = encryption.encrypt("secret")
        (self.folder / encryption.KEY_FILE).unlink()
        with self.assertRaises(encryption.KeyUnusable):
            encryption.decrypt(value)
        self.assertFalse([path.name for path in self.folder.iterdir()], "reading must not make a new key")

    def test_other_key_is_an_error_of_its_own(self):
        value = encryption.encrypt("secret")
        self.set_config(amazon_connector_key=Fernet.generate_key().decode())
        with self.assertRaises(encryption.KeyUnusable):
            encryption.decrypt(value)

    def test_key_that_is_none_is_an_error_of_its_own(self):
        self.set_config(amazon_connector_key="not a key")
        with self.assertRaises(encryption.KeyUnusable):
            encryption.encrypt("secret")

    def test_what_is_no_key_keeps_nothing_from_the_others(self):
        old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
        self.set_config(amazon_connector_key=old)
        value = encryption.encrypt("secret")
        self.set_config(amazon_connector_key=f"{new},{old[:-3]},{old}")
        self.assertEqual(encryption.decrypt(value), "secret")
        self.assertEqual(encryption.decrypt(encryption.reencrypt(value)), "secret")
        self.assertEqual(encryption.decrypt(encryption.encrypt("another")), "another")
        self.assertEqual(encryption.unusable_keys(), [2])

    def test_what_is_no_key_but_comes_first_is_not_replaced_by_the_next(self):
        old = Fernet.generate_key().decode()
        self.set_config(amazon_connector_key=old)
        value = encryption.encrypt("secret")
        self.set_config(amazon_connector_key=f"typo,{old}")
        self.assertEqual(encryption.decrypt(value), "secret")
        self.assertFalse(encryption.is_current(value))
        for change in (encryption.encrypt, encryption.reencrypt):
            with self.subTest(change.__name__), self.assertRaises(encryption.KeyUnusable):
                change(value if change is encryption.reencrypt else "another")
