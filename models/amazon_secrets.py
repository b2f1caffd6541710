from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .. import compat, encryption
from .ir_config_parameter import CLIENT_SECRET

#: Where encrypted secrets lie: table, column, and which rows.
PLACES = (
    (SQL("amazon_account"), SQL("refresh_token"), SQL("TRUE")),
    (SQL("amazon_refresh_token"), SQL("refresh_token"), SQL("TRUE")),
    (SQL("ir_config_parameter"), SQL("value"), SQL("key = %s", CLIENT_SECRET)),
)


class AmazonSecrets(models.AbstractModel):
    """The encrypted secrets of all accounts, for the day on which their key is changed.

    The order is: a new key stands before the old one, everything is encrypted again, the old key goes. Whatever stops
    it in between, both keys still decrypt; doing it again goes on from there.
    """

    _name = "amazon.secrets"
    _description = "Amazon Secrets"

    @api.model
    def _encrypt(self, secret):
        """Encrypt a secret for the database.

        :raise UserError: if the key in odoo.conf is none, or no key can be kept
        """
        try:
            return encryption.encrypt(secret)
        except encryption.KeyUnusable as error:
            raise UserError(self._message_no_key()) from error

    @api.model
    def _change_key(self):
        """Put a new key into the key file and encrypt every secret with it.

        :raise UserError: if the key stands in odoo.conf, where only an administrator can exchange it, or a secret is
            lost, which another key does not bring back
        """
        if encryption.is_key_in_configuration():
            raise UserError(
                self.env._(
                    "The key stands in odoo.conf, which Odoo does not change. Put a new key before the old one in "
                    "amazon_connector_key, with a comma between them, restart Odoo on every host, and press "
                    "Encrypt Again. Then remove the old key."
                )
            )
        if self._state()["lost"]:
            raise UserError(
                self.env._(
                    "Another key does not bring back the secrets whose key is gone. Restore that key (%(place)s), or "
                    "enter the client secret again and re-link the accounts that say so. Then change the key.",
                    place=self._where_to_restore_the_key(),
                )
            )
        try:
            encryption.add_key_to_file()
        except encryption.KeyUnusable as error:
            raise UserError(self._message_no_key()) from error
        self._encrypt_again()

    @api.model
    def _encrypt_again(self):
        """Encrypt every secret with the first key; each one is committed. Those that no key decrypts are left alone.

        :return: how many were encrypted again
        :rtype: int
        :raise UserError: if the first key is none
        """
        if 1 in encryption.unusable_keys():
            raise UserError(self._message_no_key())
        changed = 0
        for place, row_id, value in self._stored():
            if not encryption.is_readable(value) or encryption.is_current(value):
                continue
            changed += self._exchange(place, row_id, value, encryption.reencrypt(value))
            compat.commit(self.env)
        self.env.invalidate_all(flush=False)
        self.env.registry.clear_all_caches()
        return changed

    @api.model
    def _forget_old_keys(self):
        """Remove every key but the first from the key file.

        :raise UserError: if a secret needs one of them or may do so when it is mended, the first one is none, or the
            keys stand in odoo.conf
        """
        if encryption.is_key_in_configuration():
            raise UserError(
                self.env._(
                    "The keys stand in odoo.conf. Remove the old one from amazon_connector_key, and restart Odoo."
                )
            )
        state = self._state()
        if state["old"]:
            raise UserError(self.env._("A secret is still encrypted with an old key. Press Encrypt Again first."))
        if state["lost"]:
            raise UserError(
                self.env._(
                    "Some secrets cannot be read at present, so no key is removed. Enter the client secret again, and "
                    "re-link or disconnect the accounts that say so."
                )
            )
        try:
            encryption.forget_old_keys()
        except encryption.KeyUnusable as error:
            raise UserError(self._message_no_key()) from error

    @api.model
    def _state(self):
        """How many secrets there are, how many of them only an old key decrypts, and how many none does.

        :return: these, the number of keys, and which of the keys are none (counted from 1)
        :rtype: dict
        """
        values = [value for _place, _row_id, value in self._stored()]
        lost = [value for value in values if not encryption.is_readable(value)]
        old = [value for value in values if value not in lost and not encryption.is_current(value)]
        return {
            "all": len(values),
            "old": len(old),
            "lost": len(lost),
            "keys": encryption.key_count(),
            "unusable": encryption.unusable_keys(),
        }

    @api.model
    def _stored(self):
        """The encrypted values in the database, each with its place and the id of its row."""
        self.env.flush_all()
        stored = []
        for place in PLACES:
            table, column, condition = place
            encrypted = SQL("%s LIKE %s", column, f"{encryption.MARK}%")
            self.env.cr.execute(
                SQL("SELECT id, %s FROM %s WHERE %s AND %s ORDER BY id", column, table, encrypted, condition)
            )
            stored += [(place, row_id, value) for row_id, value in self.env.cr.fetchall()]
        return stored

    @api.model
    def _exchange(self, place, row_id, old, new):
        """Write a value in the place of another one; 0 when somebody has entered a new secret meanwhile.

        By SQL: the ORM would note that the client secret was entered today.
        """
        table, column, _condition = place
        self.env.cr.execute(
            SQL("UPDATE %s SET %s = %s WHERE id = %s AND %s = %s", table, column, new, row_id, column, old)
        )
        return self.env.cr.rowcount

    @api.model
    def _message_no_key(self):
        if encryption.is_key_in_configuration():
            return self.env._(
                "Secrets cannot be encrypted, so none is stored: what comes first in amazon_connector_key in odoo.conf "
                "is not a Fernet key. Mend it, and restart Odoo."
            )
        return self.env._(
            "Secrets cannot be encrypted, so none is stored: the key file amazon_connector.key in Odoo's data "
            "directory cannot be read or made, or what comes first in it is not a Fernet key."
        )

    @api.model
    def _where_the_key_is(self):
        """The place that holds the key now, in words."""
        if encryption.is_key_in_configuration():
            return self.env._("amazon_connector_key in odoo.conf")
        return self.env._("the key file amazon_connector.key in Odoo's data directory")

    @api.model
    def _where_to_restore_the_key(self):
        """The places from which a key may be gone, in words."""
        if encryption.is_key_in_configuration():
            return self._where_the_key_is()
        return self.env._(
            "amazon_connector_key in odoo.conf, or the file amazon_connector.key in Odoo's data directory"
        )
