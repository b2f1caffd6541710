from odoo import api, fields, models

from .. import encryption
from ..utils import notification


class ResConfigSettingsKey(models.TransientModel):
    """The settings' part on the key that encrypts Amazon's secrets."""

    _inherit = "res.config.settings"

    amazon_key_status = fields.Char(string="Amazon Encryption Key", compute="_compute_amazon_key")
    amazon_key_in_file = fields.Boolean(compute="_compute_amazon_key")
    amazon_has_old_secrets = fields.Boolean(compute="_compute_amazon_key")
    amazon_has_old_keys = fields.Boolean(compute="_compute_amazon_key")

    # === COMPUTE METHODS ===

    @api.depends("company_id")  # which is filled when the page opens
    def _compute_amazon_key(self):
        # sudo: who may open the settings may know how many secrets there are.
        state = self.env["amazon.secrets"].sudo()._state()
        self.amazon_key_status = self._amazon_key_text(state)
        self.amazon_key_in_file = not encryption.is_key_in_configuration()
        self.amazon_has_old_secrets = state["old"]
        self.amazon_has_old_keys = state["keys"] > 1 and not state["old"]

    def _amazon_key_text(self, state):
        if not state["all"]:
            return self.env._("No secret of Amazon's is stored.")
        if state["lost"]:
            return self.env._(
                "%(lost)s of %(all)s secrets cannot be read, because their key is gone. Restore the key, or enter the "
                "client secret again and re-link the accounts that say so.",
                **state,
            )
        if state["old"]:
            return self.env._("%(old)s of %(all)s secrets are still encrypted with an old key.", **state)
        if state["keys"] > 1:
            return self.env._("All %(all)s secrets are encrypted with the first key. The old ones can go.", **state)
        return self.env._("All %(all)s secrets are encrypted.", **state)

    # === ACTIONS ===

    def action_change_amazon_key(self):
        """Make a new key and encrypt every secret with it; the old key stays until it is removed."""
        return self._run_amazon_key_action("_change_key")

    def action_encrypt_amazon_secrets_again(self):
        """Encrypt with the first key what an old one encrypted."""
        return self._run_amazon_key_action("_encrypt_again")

    def action_forget_old_amazon_keys(self):
        """Remove the keys that no secret needs any more."""
        return self._run_amazon_key_action("_forget_old_keys")

    def _run_amazon_key_action(self, name):
        self.check_access("create")  # as for every change of a setting
        # sudo: the secrets are handled, never shown.
        secrets = self.env["amazon.secrets"].sudo()
        getattr(secrets, name)()
        return notification(self._amazon_key_text(secrets._state()))
