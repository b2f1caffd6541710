from odoo import api, fields, models

CLIENT_SECRET = "amazon_connector.lwa_client_secret"
CLIENT_SECRET_ENTERED_ON = "amazon_connector.lwa_client_secret_entered_on"


class IrConfigParameter(models.Model):
    """The application's client secret is encrypted however it is entered."""

    _inherit = "ir.config_parameter"

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._encrypt_amazon_secret(vals, vals.get("key")) for vals in vals_list]
        parameters = super().create(vals_list)
        parameters._note_amazon_secret_date()
        return parameters

    def write(self, vals):
        if "value" not in vals:
            return super().write(vals)
        for parameter in self:
            key = vals.get("key", parameter.key)
            super(IrConfigParameter, parameter).write(self._encrypt_amazon_secret(vals, key))
        self._note_amazon_secret_date()
        return True

    @api.model
    def get_param(self, key, default=False):
        """The client secret is for the connector's own code, encrypted though it is; a record rule hides its record."""
        return default if key == CLIENT_SECRET and not self.env.su else super().get_param(key, default)

    @api.model
    def _encrypt_amazon_secret(self, vals, key):
        if key != CLIENT_SECRET:
            return vals
        return {**vals, "value": self.env["amazon.secrets"]._encrypt((vals.get("value") or "").strip())}

    def _note_amazon_secret_date(self):
        """Amazon lets a client secret die: remember since when Odoo has this one."""
        if CLIENT_SECRET in self.mapped("key"):
            today = fields.Date.to_string(fields.Date.context_today(self))
            self.set_param(CLIENT_SECRET_ENTERED_ON, today)
        if {CLIENT_SECRET, CLIENT_SECRET_ENTERED_ON} & set(self.mapped("key")):
            self.env["amazon.account"].sudo().search([])._update_secret_activities()
