from odoo import api, fields, models
from odoo.exceptions import UserError

from ..spapi import errors


class AmazonRefreshToken(models.TransientModel):
    """Link an account with the refresh token that Seller Central shows for a private application.

    https://developer-docs.amazon.com/sp-api/docs/self-authorization
    """

    _name = "amazon.refresh.token"
    _description = "Paste Amazon Refresh Token"

    account_id = fields.Many2one("amazon.account", required=True, ondelete="cascade", readonly=True)
    seller_key = fields.Char(
        string="Merchant Token",
        required=True,
        help="In Seller Central: Settings ‣ Account Info ‣ Merchant Token. Amazon calls it selling partner ID, too.",
    )
    refresh_token = fields.Char(
        required=True,
        help="In Seller Central: Develop Apps ‣ your application ‣ Authorize. It starts with Atzr|",
    )

    # === CRUD METHODS === #

    @api.model
    def default_get(self, fields_list):
        defaults = super().default_get(fields_list)
        account = self.env["amazon.account"].browse(defaults.get("account_id"))
        if account and "seller_key" in fields_list:
            defaults["seller_key"] = account.seller_key
        return defaults

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._clean_vals(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._clean_vals(vals))

    @api.model
    def _clean_vals(self, vals):
        """Even for the minutes that a dialog is open, the database only sees the token encrypted."""
        vals = dict(vals)
        if vals.get("seller_key"):
            vals["seller_key"] = vals["seller_key"].strip()
        if vals.get("refresh_token"):
            vals["refresh_token"] = self.env["amazon.secrets"]._encrypt(vals["refresh_token"].strip())
        return vals

    # === ACTION METHODS === #

    def action_link(self):
        """Prove the token by using it, then link the account with it.

        :raise UserError: if Amazon does not accept the token; the account is unchanged
        """
        self.ensure_one()
        account = self.account_id
        account.check_access("write")
        account._check_same_seller(self.seller_key)
        refresh_token = account._decrypt(self.refresh_token)
        try:
            participations = account._make_gateway(refresh_token).marketplace_participations()
        except (errors.AuthorizationRevoked, errors.Unauthorized) as error:
            raise UserError(
                self.env._(
                    "Amazon does not accept this refresh token. Check that you copied all of it, that it was made "
                    "for the application whose client ID is in the settings, and that the home marketplace of the "
                    "account lies in the region of the seller."
                )
            ) from error
        except errors.SpApiError as error:
            raise UserError(account._get_spapi_error_message(error)) from error
        account._save_authorization(refresh_token, self.seller_key, participations)
        self.unlink()
        return {"type": "ir.actions.act_window_close"}
