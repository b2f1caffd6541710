import hashlib
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.http import request
from odoo.tools import consteq
from odoo.tools.misc import hash_sign, verify_hash_signed

from ..const import LINK_LIFETIME_MINUTES

SCOPE = "amazon_connector.link"
SESSION_KEY = "amazon_connector_link"


class LinkRefused(UserError):
    """The way back from Amazon cannot be followed; the account stays as it was.

    `http_status` is what the browser is answered with.
    """

    def __init__(self, message, http_status):
        super().__init__(message)
        self.http_status = http_status


class AmazonAccountLink(models.TransientModel):
    """A user on the way to Amazon's consent page and back.

    The `state` that travels with the user is signed. It works once, within ten minutes, and only in the session
    of the user who set out. Of the number used once, the database keeps the hash only.
    """

    _name = "amazon.account.link"
    _description = "Amazon Account Link"

    account_id = fields.Many2one("amazon.account", required=True, ondelete="cascade")
    user_id = fields.Many2one("res.users", required=True, ondelete="cascade")
    nonce_hash = fields.Char(required=True)
    session_hash = fields.Char()

    @api.model
    def _issue(self, account):
        """Let the current user set out to link this account.

        :param account: the `amazon.account`; the caller has checked that the user may change it
        :return: the `state` for Amazon to send back
        :rtype: str
        """
        nonce = secrets.token_urlsafe(32)
        # sudo: users have no access to these records.
        link = self.sudo().create(
            {
                "account_id": account.id,
                "user_id": self.env.uid,
                "nonce_hash": self._hash(nonce),
                "session_hash": self._hash(self._session_secret(make=True)),
            }
        )
        return hash_sign(self.sudo().env, SCOPE, [link.id, nonce])

    @api.model
    def _redeem(self, state):
        """The account that the current user set out to link. Works once.

        :param str state: what came back from Amazon
        :rtype: amazon.account, in the environment of the user
        :raise LinkRefused: if the state is forged, used, too old, or someone else's
        """
        link_sudo, nonce = self._find(state)
        if not consteq(link_sudo.nonce_hash, self._hash(nonce)):
            raise self._refused_as_forged()
        if link_sudo.user_id != self.env.user or not self._is_same_session(link_sudo):
            raise LinkRefused(
                self.env._(
                    "The link with Amazon was started by another user or in another browser session. "
                    "Start it again from the account, and stay in the same browser."
                ),
                403,
            )
        account = link_sudo.account_id.with_env(self.env)
        started_on = link_sudo.create_date
        link_sudo.unlink()
        if started_on < fields.Datetime.now() - timedelta(minutes=LINK_LIFETIME_MINUTES):
            raise LinkRefused(
                self.env._(
                    "More than %(minutes)s minutes went by on Amazon's pages. Start again from the account.",
                    minutes=LINK_LIFETIME_MINUTES,
                ),
                403,
            )
        return account

    def _find(self, state):
        """The record and the nonce of a signed state; the record is locked until the transaction ends."""
        self_sudo = self.sudo()
        try:
            content = verify_hash_signed(self_sudo.env, SCOPE, state)
        except ValueError:
            content = None  # not even the shape of a state
        if not content:
            raise self._refused_as_forged()
        link_id, nonce = content
        # Two answers of Amazon with the same state: the second one waits here, and finds it used.
        self.env.cr.execute("SELECT id FROM amazon_account_link WHERE id = %s FOR UPDATE", [link_id])
        if not self.env.cr.rowcount:
            raise LinkRefused(
                self.env._(
                    "This answer of Amazon was already used, or is too old. If the account is not linked, "
                    "start again from the account."
                ),
                403,
            )
        return self_sudo.browse(link_id), nonce

    def _refused_as_forged(self):
        return LinkRefused(
            self.env._("Odoo did not ask Amazon for this answer, so nothing was linked. Start again from the account."),
            403,
        )

    def _is_same_session(self, link_sudo):
        secret = self._session_secret()
        return bool(secret and link_sudo.session_hash) and consteq(link_sudo.session_hash, self._hash(secret))

    @api.model
    def _session_secret(self, make=False):
        """A random value of the browser's session. The session id is of no use: Odoo changes it now and then."""
        if not request:
            return None
        if make and SESSION_KEY not in request.session:
            request.session[SESSION_KEY] = secrets.token_urlsafe(32)
        return request.session.get(SESSION_KEY)

    @api.model
    def _hash(self, value):
        return value and hashlib.sha256(value.encode()).hexdigest()
