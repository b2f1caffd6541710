from markupsafe import Markup

from odoo import fields, models
from odoo.tools import format_datetime, formatLang


class AmazonAccountQuotas(models.Model):
    """How many calls Amazon allows an account, as far as it was counted.

    The accounts of a seller share them, in whichever companies they are: a table shows the figures to those who may not
    read the quotas themselves, which name the account on which they are counted.
    """

    _inherit = "amazon.account"

    quota_ids = fields.One2many("amazon.quota", "account_id", readonly=True)
    call_limits = fields.Html("Amazon's Limits", compute="_compute_call_limits", sanitize=False)

    # === COMPUTE METHODS ===

    def _compute_call_limits(self):
        for account in self:
            # sudo: they may be counted on an account of another company, which the table does not name.
            account.call_limits = account._render_quotas(account._quota_account().sudo().quota_ids)

    # === BUSINESS METHODS ===

    def _render_quotas(self, quotas):
        env = self.env
        if not quotas:
            return Markup("<p>%s</p>") % env._("Amazon was not called yet.")
        titles = (
            env._("What For"),
            env._("Amazon's Operation"),
            env._("Calls Left Then"),
            env._("Last Call"),
            env._("Next Call Possible"),
            env._("Calls per Second"),
            env._("Calls at Once"),
        )
        return self._render_table(titles, [self._prepare_quota_cells(quota) for quota in quotas])

    def _prepare_quota_cells(self, quota):
        env = self.env
        subjects = dict(quota._fields["subject"]._description_selection(env))
        return (
            subjects[quota.subject],
            quota.operation,
            formatLang(env, quota.tokens, digits=1),
            format_datetime(env, quota.refilled_at, dt_format="short"),
            format_datetime(env, quota.available_on, dt_format="short"),
            formatLang(env, quota.rate, digits=4),
            formatLang(env, quota.burst, digits=0),
        )
