from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import CONSENT_LIFETIME_DAYS, OAUTH_RETURN_PATH
from ..spapi import errors
from .amazon_account_link import LinkRefused

LINK_AGAIN_ACTIVITY = "amazon_connector.mail_activity_link_again"


class AmazonAccount(models.Model):
    """How an account gets, keeps and loses Amazon's permission."""

    _inherit = "amazon.account"

    state = fields.Selection(
        selection=[
            ("draft", "Not linked"),
            ("linked", "Linked"),
            ("reauthorize", "To link again"),
        ],
        string="Status",
        required=True,
        default="draft",
        readonly=True,
        copy=False,
    )
    seller_key = fields.Char(
        string="Merchant Token",
        readonly=True,
        copy=False,
        index=True,
        help="The seller's identifier on Amazon (selling partner ID).",
    )
    refresh_token = fields.Char(
        groups=fields.NO_ACCESS,
        readonly=True,
        copy=False,
        exportable=False,
        help="Amazon's permission, encrypted.",
    )
    authorized_on = fields.Datetime(string="Linked On", readonly=True, copy=False)
    authorized_by_id = fields.Many2one("res.users", string="Linked By", readonly=True, copy=False)
    authorization_expires_on = fields.Date(
        string="Permission Expires On",
        readonly=True,
        copy=False,
        help="Amazon asks sellers to renew the permission of a public application once a year.",
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._encrypt_refresh_token(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._encrypt_refresh_token(vals))

    @api.model
    def _encrypt_refresh_token(self, vals):
        if "refresh_token" not in vals:
            return vals
        return {**vals, "refresh_token": self.env["amazon.secrets"]._encrypt(vals["refresh_token"])}

    # === ACTION METHODS === #

    def action_link(self):
        """Send the user to Amazon's consent page, to give Odoo permission for this account or to renew it.

        https://developer-docs.amazon.com/sp-api/docs/website-authorization-workflow
        The page leads back to the browser session that asked for it, and to no other.

        :return: an `ir.actions.act_url`
        :raise UserError: if the application's credentials are missing
        """
        from ..spapi.authorization import consent_url

        self.ensure_one()
        self.check_access("write")
        application_id = self._get_application_id()
        url = consent_url(
            self._get_seller_central_url(),
            application_id,
            state=self.env["amazon.account.link"]._issue(self),
            redirect_uri=self._get_redirect_uri(),
            draft=self._is_application_draft(),
        )
        return {"type": "ir.actions.act_url", "url": url, "target": "self"}

    def action_disconnect(self):
        """Forget Amazon's permission. Orders, offers and settings stay."""
        self.check_access("write")
        # sudo: the token is erased for a user who cannot see it.
        self.sudo().write({**self._prepare_disconnected_vals(), "state": "draft"})
        for account in self:
            account._close_link_activities()
            account.message_post(body=self.env._("Disconnected from Amazon."))

    def action_paste_refresh_token(self):
        """Open the dialog for the refresh token of a private application."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("amazon_connector.amazon_refresh_token_action")
        return {**action, "context": {"default_account_id": self.id}}

    # === BUSINESS METHODS === #

    def _link_with_code(self, code, seller_key):
        """Finish what `action_link` began, with the answer that Amazon sent back. All or nothing.

        :param str code: the authorization code; Amazon takes it once and within five minutes
        :param str seller_key: the selling partner ID that Amazon sent with it
        :raise LinkRefused: if Amazon or Odoo refuses it; the account is unchanged
        """
        from ..spapi.authorization import exchange_code

        self.ensure_one()
        self.check_access("write")
        self._check_link_allowed(code, seller_key)
        try:
            client_id, client_secret = self._get_client_credentials()
            self._lock()
            token = exchange_code(self._get_endpoint(), client_id, client_secret, code)
            participations = self._make_gateway(token).marketplace_participations()
        except errors.AuthorizationRevoked as error:
            raise LinkRefused(
                self.env._(
                    "Amazon does not accept the code that it sent a moment ago: it lives five minutes and "
                    "works once. Start again from the account."
                ),
                400,
            ) from error
        except errors.SpApiError as error:
            message = self._get_spapi_error_message(error)
            passing = isinstance(error, (errors.Throttled, errors.Unavailable))
            raise LinkRefused(message, 503 if passing else 502) from error
        expires_on = fields.Date.context_today(self) + timedelta(days=CONSENT_LIFETIME_DAYS)
        self._save_authorization(token, seller_key, participations, expires_on)

    def _check_link_allowed(self, code, seller_key):
        if not code:
            raise LinkRefused(
                self.env._(
                    "You did not give Odoo permission on Amazon's page, so nothing was linked. "
                    "You can start again from the account."
                ),
                403,
            )
        if not seller_key:
            raise LinkRefused(
                self.env._("Amazon did not say which seller gave permission. Start again from the account."), 400
            )
        self._check_same_seller(seller_key)

    def _check_same_seller(self, seller_key):
        """An account never changes hands: its orders, offers and stock are one seller's."""
        if self.seller_key and self.seller_key != seller_key:
            raise LinkRefused(
                self.env._(
                    "%(account)s belongs to the seller %(known)s, but the seller %(other)s gave permission. "
                    "Log out of Seller Central and link again as %(known)s, or create another account "
                    "in Odoo for %(other)s.",
                    account=self.name,
                    known=self.seller_key,
                    other=seller_key,
                ),
                409,
            )

    def _check_region(self, participations):
        """A seller who sells nowhere in the region has another home than the account says."""
        if not self._find_marketplaces(participations):
            regions = dict(self._fields["region"]._description_selection(self.env))
            raise LinkRefused(
                self.env._(
                    "This seller sells on no marketplace in the region %(region)s. Choose as home marketplace of "
                    "%(account)s the one on which the seller account was created, then link again.",
                    region=regions[self.region],
                    account=self.name,
                ),
                409,
            )

    def _lock(self):
        """Keep other transactions off this account until the end of this one.

        Amazon takes a code only once: Odoo must not find out afterwards that it has to begin again.
        """
        self.env.cr.execute("SELECT id FROM amazon_account WHERE id = %s FOR UPDATE", [self.id])

    def _save_authorization(self, refresh_token, seller_key, participations, expires_on=False):
        """Store a permission that Amazon has just honoured.

        :param str refresh_token: as Amazon gave it
        :param list participations: `spapi.gateway.Participation` of this seller
        :param date expires_on: when the permission has to be renewed, False if it has not
        :raise LinkRefused: if the seller sells nowhere in the region of the account
        """
        self._check_region(participations)
        now = fields.Datetime.now()
        # sudo: the token is stored for a user who cannot see it.
        self.sudo().write(
            {
                "state": "linked",
                "refresh_token": refresh_token,
                "seller_key": seller_key,
                "authorized_on": now,
                "authorized_by_id": self.env.uid,
                "authorization_expires_on": expires_on,
                "orders_from": self.orders_from or now,
            }
        )
        self._apply_participations(participations)
        self._close_link_activities()
        self.message_post(body=self.env._("Linked with Amazon."))

    def _prepare_disconnected_vals(self):
        return {
            "refresh_token": False,
            "authorized_on": False,
            "authorized_by_id": False,
            "authorization_expires_on": False,
        }

    def _ask_to_link_again(self):
        """Amazon no longer accepts the permission: stop, and tell the salesperson once."""
        if self.state != "linked":
            return
        # sudo: whoever finds out, the account has to stop.
        account_sudo = self.sudo()
        account_sudo.state = "reauthorize"
        account_sudo.message_post(body=self.env._("Amazon no longer accepts the permission of this account."))
        account_sudo.activity_schedule(
            LINK_AGAIN_ACTIVITY,
            summary=self.env._("Link again with Amazon"),
            user_id=(self.user_id or self.create_uid).id,
        )

    def _close_link_activities(self):
        # sudo: somebody else's activity is done, too.
        self.sudo().activity_unlink([LINK_AGAIN_ACTIVITY])

    # --- Application --- #

    def _get_application_id(self):
        """The application that Amazon's consent page names.

        :raise UserError: if the credentials are not entered
        """
        application_id = self._get_amazon_parameter("application_id")
        if not application_id:
            raise UserError(self._message_application_missing())
        self._get_client_credentials()
        return application_id

    def _is_application_draft(self):
        return self._get_amazon_parameter("application_is_draft") in ("True", "1")

    def _get_seller_central_url(self):
        if self.environment == "simulator":
            return self._get_simulator_url()
        return self.base_marketplace_id.seller_central_url

    def _get_redirect_uri(self):
        """Where Amazon sends the user back to; registered with the application on Amazon.

        :raise UserError: if Amazon would not lead there (its error MD5101)
        """
        address = f"{self.get_base_url()}{OAUTH_RETURN_PATH}"
        if self.environment != "simulator" and not address.startswith("https://"):
            raise UserError(
                self.env._(
                    "Amazon only leads back to addresses that begin with https://, but Odoo believes that its own is "
                    "%(address)s. Have an administrator correct the system parameter web.base.url, or the proxy "
                    "before Odoo. A refresh token can be pasted meanwhile.",
                    address=self.get_base_url(),
                )
            )
        return address
