from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_date

from .. import encryption
from ..const import CLIENT_SECRET_LIFETIME_DAYS, EXPIRY_WARNING_DAYS
from .ir_config_parameter import CLIENT_SECRET_ENTERED_ON


class AmazonAccountWarnings(models.Model):
    """Why an account that is linked does nothing, and what will soon stop it, in words that say what to do."""

    _inherit = "amazon.account"

    authorization_warning = fields.Text("Needs Attention", compute="_compute_authorization_warning", compute_sudo=True)
    is_stopped = fields.Boolean(
        compute="_compute_authorization_warning",
        compute_sudo=True,
        help="Nothing is fetched from Amazon or sent to it, although the account was linked.",
    )

    # === COMPUTE METHODS === #

    @api.depends("state", "refresh_token", "authorization_expires_on")
    def _compute_authorization_warning(self):
        for account in self:
            reasons = account._get_stop_reasons()
            account.is_stopped = bool(reasons)
            account.authorization_warning = "\n".join([*reasons, *account._get_expiry_warnings(bool(reasons))])

    # === BUSINESS METHODS === #

    def _get_stop_reasons(self):
        """Hook: why nothing is fetched from Amazon or sent to it, in the order in which a person mends it.

        :return: texts; none for an account that works, or was never linked
        :rtype: list[str]
        """
        if self.state == "draft":
            return []
        application = self._get_application_stop_reason() or self._get_client_secret_stop_reason()
        return list(filter(None, [application, self._get_permission_stop_reason()]))

    def _get_application_stop_reason(self):
        """Hook: that the credentials with which Amazon knows the application are missing; empty where they are not."""
        return "" if self._has_client_credentials() else self._message_application_missing()

    def _get_client_secret_warning(self, where=None):
        """What is or soon will be wrong with the client secret, in words; empty where nothing is.

        :param str where: where to enter it, in words; by default, the way to the settings
        """
        return self._get_client_secret_stop_reason(where) or self._get_client_secret_expiry_warning(where)

    def _get_client_secret_stop_reason(self, where=None):
        if not self._is_client_secret_readable():
            return self._message_client_secret_unreadable(where)
        expires_on = self._get_client_secret_expiry()
        if not expires_on or expires_on >= fields.Date.context_today(self):
            return ""
        return self.env._(
            "The client secret of your Amazon application expired on %(date)s. Make a new one in Amazon's Solution "
            "Provider Portal, and enter it %(where)s.",
            date=format_date(self.env, expires_on),
            where=where or self._where_the_client_secret_is_entered(),
        )

    def _get_permission_stop_reason(self):
        if self.state == "reauthorize":
            return self.env._(
                "Amazon no longer accepts the permission of this account: it was withdrawn in Seller Central "
                "or has expired. Nothing is synchronized until you click on Re-link."
            )
        if self.refresh_token and not encryption.is_readable(self.refresh_token):
            if self._is_client_secret_readable():
                return self._message_token_unreadable()
            return self.env._(
                "Amazon's permission for %(account)s cannot be read either. If the key stays lost, click on Re-link on "
                "the account once the client secret is entered.",
                account=self.name,
            )
        expires_on = self.authorization_expires_on
        if not expires_on or expires_on >= fields.Date.context_today(self):
            return ""
        return self.env._(
            "Amazon's permission expired on %(date)s. Click on Re-link to renew it.",
            date=format_date(self.env, expires_on),
        )

    def _get_expiry_warnings(self, is_stopped):
        """What ends soon, and stops the account then."""
        if self.state == "draft":
            return []
        permission = "" if is_stopped else self._get_permission_expiry_warning()
        return list(filter(None, [permission, self._get_client_secret_expiry_warning()]))

    def _get_permission_expiry_warning(self):
        expires_on = self.authorization_expires_on
        if not expires_on or expires_on > self._last_day_without_warning():
            return ""
        return self.env._(
            "Amazon's permission expires on %(date)s. Click on Re-link to renew it.",
            date=format_date(self.env, expires_on),
        )

    def _get_client_secret_expiry_warning(self, where=None):
        expires_on = self._get_client_secret_expiry()
        today = fields.Date.context_today(self)
        if not expires_on or not today <= expires_on <= self._last_day_without_warning():
            return ""
        return self.env._(
            "The client secret of your Amazon application expires on %(date)s. Make a new one in Amazon's Solution "
            "Provider Portal, and enter it %(where)s.",
            date=format_date(self.env, expires_on),
            where=where or self._where_the_client_secret_is_entered(),
        )

    @api.model
    def _get_client_secret_expiry(self):
        """The day on which Amazon stops accepting the client secret, False if unknown."""
        # sudo: system parameters are only readable by system administrators.
        entered_on = self.env["ir.config_parameter"].sudo().get_param(CLIENT_SECRET_ENTERED_ON)
        return entered_on and fields.Date.to_date(entered_on) + timedelta(days=CLIENT_SECRET_LIFETIME_DAYS)

    def _last_day_without_warning(self):
        return fields.Date.context_today(self) + timedelta(days=EXPIRY_WARNING_DAYS)
