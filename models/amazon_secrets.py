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

        :raise UserError: if the key stands in odoo.conf, where only an administrator can exchange it
        """
        if encryption.is_key_in_configuration():
            raise UserError(
                self.env._(
                    "The key stands in odoo.conf, which Odoo does not change. Put a new key before the old one in "
                    "amazon_connector_key, with a comma between them, restart Odoo on every host, and press "
                    "Encrypt Again. Then remove the old key."
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
        """
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

        :raise UserError: if a secret still needs one of them, or the keys stand in odoo.conf
        """
        if encryption.is_key_in_configuration():
            raise UserError(
                self.env._(
                    "The keys stand in odoo.conf. Remove the old one from amazon_connector_key, and restart Odoo."
                )
            )
        if self._state()["old"]:
            raise UserError(self.env._("A secret is still encrypted with an old key. Press Encrypt Again first."))
        encryption.forget_old_keys()

    @api.model
    def _state(self):
        """How many secrets there are, how many of them only an old key decrypts, and how many none does.

        :rtype: dict
        """
        values = [value for _place, _row_id, value in self._stored()]
        lost = [value for value in values if not encryption.is_readable(value)]
        old = [value for value in values if value not in lost and not encryption.is_current(value)]
        return {"all": len(values), "old": len(old), "lost": len(lost), "keys": encryption.key_count()}

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
        return self.env._(
            "The secret cannot be encrypted, so it is not stored. Check amazon_connector_key in odoo.conf: it must be "
            "a Fernet key; without one, Odoo must be able to write to its data directory."
        )
