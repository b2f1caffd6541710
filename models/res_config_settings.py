from odoo import api, fields, models

from ..const import OAUTH_LOGIN_PATH, OAUTH_RETURN_PATH
from .ir_config_parameter import CLIENT_SECRET, CLIENT_SECRET_ENTERED_ON
from .ir_cron import DEFAULT_LANES, LANES_PARAMETER
from .ir_cron_queue_job import ENGINE_PARAMETER

#: Amazon's rules on buyers' data go on when the synchronization ends.
ALWAYS_ACTIVE = ("ir_cron_delete_personal_data",)


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    # Community's checkbox, which only offers to buy Enterprise; this addon takes its place and its label.
    module_sale_amazon = fields.Boolean(string="Enterprise's Amazon Sync")
    group_amazon_sync = fields.Boolean(string="Amazon Sync", implied_group="amazon_connector.group_amazon_sync")
    amazon_application_id = fields.Char(
        string="Amazon Application ID",
        config_parameter="amazon_connector.application_id",
        help="Starts with amzn1.sp.solution. or amzn1.sellerapps.app.",
    )
    amazon_application_is_draft = fields.Boolean(
        string="The application is still a draft on Amazon",
        config_parameter="amazon_connector.application_is_draft",
        help="Until Amazon has published your application. Only needed for Link with Amazon.",
    )
    amazon_lwa_client_id = fields.Char(
        string="Amazon Client ID",
        config_parameter="amazon_connector.lwa_client_id",
        help="Starts with amzn1.application-oa2-client.",
    )
    # Goes in and never comes out: nothing is stored here, nothing is sent to the browser.
    amazon_lwa_client_secret = fields.Char(
        string="Amazon Client Secret",
        compute="_compute_amazon_lwa_client_secret",
        inverse="_inverse_amazon_lwa_client_secret",
    )
    amazon_lwa_client_secret_is_set = fields.Boolean(compute="_compute_amazon_lwa_client_secret")
    amazon_lwa_client_secret_entered_on = fields.Date(
        string="Amazon Client Secret Entered On", compute="_compute_amazon_lwa_client_secret"
    )
    amazon_lwa_client_secret_expires_on = fields.Date(
        string="Amazon Client Secret Expires On", compute="_compute_amazon_lwa_client_secret"
    )
    amazon_lwa_client_secret_warning = fields.Char(compute="_compute_amazon_lwa_client_secret")
    amazon_lanes = fields.Integer(
        string="Amazon Workers",
        config_parameter=LANES_PARAMETER,
        default=DEFAULT_LANES,
        help="How many of Odoo's workers may do the same job at once, such as making sales orders.",
    )
    amazon_has_queue_job = fields.Boolean(string="Job Queue Installed", compute="_compute_amazon_has_queue_job")
    amazon_engine = fields.Selection(
        [("cron", "Odoo's scheduler"), ("queue_job", "Job Queue")],
        string="Amazon Work Is Carried by",
        config_parameter=ENGINE_PARAMETER,
        default="cron",
        help="Job Queue: the addon queue_job of the OCA, which spreads jobs over workers and limits them by channels.",
    )
    amazon_redirect_uri = fields.Char(string="OAuth Redirect URI", compute="_compute_amazon_uris")
    amazon_login_uri = fields.Char(string="OAuth Login URI", compute="_compute_amazon_uris")

    # === COMPUTE METHODS === #

    @api.depends("company_id")  # which is filled when the page opens; without it, nothing is computed then
    def _compute_amazon_lwa_client_secret(self):
        # sudo: who may open the settings may know whether there is a secret.
        parameters_sudo = self.env["ir.config_parameter"].sudo()
        accounts = self.env["amazon.account"]
        self.amazon_lwa_client_secret = False
        self.amazon_lwa_client_secret_is_set = bool(parameters_sudo.get_param(CLIENT_SECRET))
        self.amazon_lwa_client_secret_entered_on = parameters_sudo.get_param(CLIENT_SECRET_ENTERED_ON)
        self.amazon_lwa_client_secret_expires_on = accounts._get_client_secret_expiry()
        self.amazon_lwa_client_secret_warning = accounts._get_client_secret_warning(where=self.env._("above"))

    def _inverse_amazon_lwa_client_secret(self):
        for settings in self.filtered("amazon_lwa_client_secret"):
            # sudo: as all settings, the parameter is written for whoever may open them.
            self.env["ir.config_parameter"].sudo().set_param(CLIENT_SECRET, settings.amazon_lwa_client_secret)

    @api.depends("company_id")
    def _compute_amazon_uris(self):
        base_url = self.get_base_url()
        self.amazon_redirect_uri = f"{base_url}{OAUTH_RETURN_PATH}"
        self.amazon_login_uri = f"{base_url}{OAUTH_LOGIN_PATH}"

    @api.depends("company_id")
    def _compute_amazon_has_queue_job(self):
        self.amazon_has_queue_job = self.env["ir.cron"]._has_queue_job()

    # === BUSINESS METHODS === #

    def set_values(self):
        was_active = self._is_amazon_sync_active()
        result = super().set_values()
        # sudo: who may open the settings may say how much is done at once.
        crons_sudo = self.env["ir.cron"].sudo()
        crons_sudo._arrange_amazon_lanes()
        crons_sudo._prepare_amazon_engine()
        if self.group_amazon_sync != was_active:
            self._activate_amazon_crons(self.group_amazon_sync)
        return result

    @api.model
    def _is_amazon_sync_active(self):
        employees = self.env.ref("base.group_user")
        return self.env.ref("amazon_connector.group_amazon_sync") in employees.implied_ids

    @api.model
    def _activate_amazon_crons(self, active):
        """Start or stop what runs by itself, except the deletion of personal data; what was imported stays."""
        domain = [("module", "=", "amazon_connector"), ("model", "=", "ir.cron"), ("name", "not in", ALWAYS_ACTIVE)]
        # sudo: who may open the settings may switch the feature off.
        cron_ids = self.env["ir.model.data"].sudo().search(domain).mapped("res_id")
        self.env["ir.cron"].sudo().browse(cron_ids).exists().write({"active": active})
