from datetime import timedelta

from odoo import SUPERUSER_ID, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date, format_time

from .. import encryption
from ..spapi import errors
from ..time_zones import local_time
from ..utils import naive_utc
from .amazon_quota import AccountQuotas
from .ir_config_parameter import CLIENT_SECRET


class AmazonAccount(models.Model):
    """How an account reaches Amazon, and what it says when Amazon does not do what was asked."""

    _inherit = "amazon.account"

    def _gateway(self):
        """The way to Amazon for this account. To go through a proxy, override this method.

        :rtype: spapi.gateway.Gateway
        :raise UserError: if the account is not linked, or its credentials are missing or unreadable
        """
        self.ensure_one()
        if self.state != "linked":
            raise UserError(
                self.env._(
                    "%(account)s is not linked with Amazon. Open the account and click on Link with Amazon.",
                    account=self.name,
                )
            )
        self._get_client_credentials()  # without them, linking again is no help: they are asked for first
        # sudo: the token is used for the user, never shown.
        return self._make_gateway(self._decrypt(self.sudo().refresh_token), quotas=AccountQuotas(self))

    def _make_gateway(self, refresh_token, quotas=None):
        """A gateway with a token that may not be the account's yet; `quotas` only for an account that is."""
        # Amazon's client library takes half a second to load: not before somebody needs it.
        from ..spapi.connection import Credentials
        from ..spapi.gateway import Gateway

        client_id, client_secret = self._get_client_credentials()
        credentials = Credentials(client_id, client_secret, refresh_token)
        return Gateway(credentials, self._get_endpoint(), self.region, quotas=quotas)

    def _get_endpoint(self):
        from ..spapi.connection import endpoint_for

        try:
            return endpoint_for(self.environment, self.region, self._get_simulator_url() or None)
        except ValueError as error:
            raise UserError(
                self.env._(
                    "%(account)s uses the simulator, but the system parameter amazon_connector.simulator_url "
                    "does not hold its address.",
                    account=self.name,
                )
            ) from error

    # === APPLICATION CREDENTIALS === #

    def _get_client_credentials(self):
        """The client id and the client secret of the application that Amazon knows.

        :raise UserError: if they are not entered, or the secret cannot be read any more
        """
        if not self._has_client_credentials():
            raise UserError(self._message_application_missing())
        # sudo: system parameters are only readable by system administrators.
        secret = self.env["ir.config_parameter"].sudo().get_param(CLIENT_SECRET)
        try:
            return self._get_amazon_parameter("lwa_client_id"), encryption.decrypt(secret)
        except encryption.KeyUnusable as error:
            raise UserError(self._message_client_secret_unreadable()) from error

    def _has_client_credentials(self):
        """Whether the client id and the client secret are entered, be the secret readable or not."""
        # sudo: system parameters are only readable by system administrators.
        secret = self.env["ir.config_parameter"].sudo().get_param(CLIENT_SECRET)
        return bool(secret and self._get_amazon_parameter("lwa_client_id"))

    def _is_client_secret_readable(self):
        """False where a client secret is stored that no key decrypts."""
        # sudo: system parameters are only readable by system administrators.
        secret = self.env["ir.config_parameter"].sudo().get_param(CLIENT_SECRET)
        return not secret or encryption.is_readable(secret)

    def _get_amazon_parameter(self, name):
        # sudo: system parameters are only readable by system administrators.
        return self.env["ir.config_parameter"].sudo().get_param(f"amazon_connector.{name}") or ""

    def _message_application_missing(self):
        return self.env._(
            "Amazon does not know your Odoo yet. Ask your administrator to enter the credentials of your "
            "Amazon application in Sales ‣ Configuration ‣ Settings ‣ Connectors ‣ Amazon Sync."
        )

    def _decrypt(self, secret):
        try:
            return encryption.decrypt(secret)
        except encryption.KeyUnusable as error:
            raise UserError(self._message_token_unreadable()) from error

    def _message_client_secret_unreadable(self, where=None):
        return self.env._(
            "The client secret of the Amazon application cannot be read: the key that it was encrypted with is missing "
            "or is another one, as after moving the database. Restore the key (%(place)s), or enter the secret again "
            "%(where)s.",
            place=self.env["amazon.secrets"]._where_to_restore_the_key(),
            where=where or self._where_the_client_secret_is_entered(),
        )

    def _where_the_client_secret_is_entered(self):
        return self.env._("in Sales ‣ Configuration ‣ Settings ‣ Connectors")

    def _message_token_unreadable(self):
        return self.env._(
            "Amazon's permission for %(account)s cannot be read: the key that it was encrypted with is missing or is "
            "another one, as after moving the database. Click on Re-link on the account, or restore the key "
            "(%(place)s).",
            account=self.name,
            place=self.env["amazon.secrets"]._where_to_restore_the_key(),
        )

    # === ERRORS === #

    def _handle_spapi_error(self, error):
        """Note what an error means for the account, and say it in the user's words.

        :param spapi.errors.SpApiError error: what the gateway raised
        :return: what happened and what to do
        :rtype: str
        """
        self.ensure_one()
        if isinstance(error, errors.AuthorizationRevoked):
            self._ask_to_link_again()
        return self._get_spapi_error_message(error)

    def _get_spapi_error_message(self, error):
        return self._with_amazon_words(self._get_known_error_message(error), error)

    def _with_amazon_words(self, message, error):
        """A message with what Amazon itself said, and the number that its support asks for.

        :param str message: translated text
        :param spapi.errors.SpApiError error: what the gateway raised
        :rtype: str
        """
        details = error.amazon_message and self.env._("Amazon says: %(words)s", words=error.amazon_message)
        request = error.request_id and self.env._("Request: %(id)s", id=error.request_id)
        return "\n".join(filter(None, [message, details, request]))

    def _get_unexpected_error_message(self, error):
        return self.env._(
            "An unexpected error (%(type)s) stopped this. It is tried again by itself; if it stays, give your "
            "administrator the number of this account, %(number)s: Odoo's log says where it happened.",
            type=type(error).__name__,
            number=self.id,
        )

    def _get_known_error_message(self, error):
        if isinstance(error, errors.AuthorizationRevoked):
            return self.env._(
                "Amazon no longer accepts the permission given for %(account)s: it was withdrawn in Seller "
                "Central or has expired. Click on Re-link on the account.",
                account=self.name,
            )
        if isinstance(error, errors.ClientRefused):
            return self.env._(
                "Amazon does not accept the client ID or the client secret of your application. A secret "
                "lives 180 days: your administrator can enter a new one in Sales ‣ Configuration ‣ Settings "
                "‣ Connectors ‣ Amazon Sync. The account stays linked."
            )
        if isinstance(error, errors.Unauthorized):
            return self.env._(
                "Amazon denied %(account)s access to this. Check in Seller Central that your application has the "
                "roles it needs, then re-link the account so that they apply.",
                account=self.name,
            )
        return self._get_passing_error_message(error)

    def _get_passing_error_message(self, error):
        if isinstance(error, errors.Throttled):
            return self.env._(
                "Amazon allows only so many requests at a time. What runs by itself goes on later; for anything else, "
                "try again after %(time)s.",
                time=self._format_moment(naive_utc(error.retry_at)),
            )
        if isinstance(error, errors.Unavailable):
            return self.env._(
                "Amazon cannot be reached or does not answer. What runs by itself goes on later; for anything else, "
                "try again in a few minutes."
            )
        if isinstance(error, errors.NotFound):
            return self.env._("Amazon does not have what was asked for, or not for this seller.")
        return self.env._("Amazon refused the request.")

    def _format_moment(self, moment):
        """A moment to wait for, on the clocks of the user, with their time zone: others read the message, too.

        What runs by itself speaks to the salesperson.

        :param datetime moment: naive, in UTC; rounded up to the minute
        """
        reader = self.user_id if self.env.uid == SUPERUSER_ID else self.env.user
        there = local_time(moment + timedelta(seconds=59), reader.tz)
        return self.env._(
            "%(date)s, %(time)s %(zone)s",
            date=format_date(self.env, there.date()),
            time=format_time(self.env, there.time(), time_format="short"),
            zone=there.tzname(),
        )
