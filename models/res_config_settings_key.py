from odoo import api, fields, models

from .. import encryption
from ..utils import notification


class ResConfigSettingsKey(models.TransientModel):
    """The settings' part on the key that encrypts Amazon's secrets."""

    _inherit = "res.config.settings"

    amazon_key_status = fields.Char(string="Amazon Encryption Key", compute="_compute_amazon_key")
    amazon_key_trouble = fields.Char(string="Amazon Encryption Key to Mend", compute="_compute_amazon_key")
    amazon_key_in_file = fields.Boolean(compute="_compute_amazon_key")
    amazon_has_lost_secrets = fields.Boolean(compute="_compute_amazon_key")
    amazon_has_old_secrets = fields.Boolean(compute="_compute_amazon_key")
    amazon_has_old_keys = fields.Boolean(compute="_compute_amazon_key")

    # === COMPUTE METHODS ===

    @api.depends("company_id")  # which is filled when the page opens
    def _compute_amazon_key(self):
        # sudo: who may open the settings may know how many secrets there are.
        state = self.env["amazon.secrets"].sudo()._state()
        self.amazon_key_trouble = self._amazon_key_trouble(state)
        self.amazon_key_status = self._amazon_key_text(state)
        self.amazon_key_in_file = not encryption.is_key_in_configuration()
        self.amazon_has_lost_secrets = state["lost"]
        self.amazon_has_old_secrets = state["old"]
        self.amazon_has_old_keys = state["keys"] > 1 and not state["old"] and not state["lost"]

    def _amazon_key_trouble(self, state):
        """What is wrong with the keys, in words; empty where nothing is.

        :param dict state: as `amazon.secrets` gives it
        """
        return " ".join(filter(None, [self._amazon_lost_text(state), self._amazon_unusable_text(state)]))

    def _amazon_lost_text(self, state):
        return state["lost"] and self.env._(
            "%(lost)s of %(all)s secrets cannot be read, because their key is gone. Restore the key (%(place)s), or "
            "enter the client secret again and re-link the accounts that say so.",
            lost=state["lost"],
            all=state["all"],
            place=self.env["amazon.secrets"]._where_to_restore_the_key(),
        )

    def _amazon_unusable_text(self, state):
        return state["unusable"] and self.env._(
            "Key number %(numbers)s in %(place)s is not a Fernet key: mend or remove it.",
            numbers=", ".join(map(str, state["unusable"])),
            place=self.env["amazon.secrets"]._where_the_key_is(),
        )

    def _amazon_key_text(self, state):
        return self._amazon_key_trouble(state) or self._amazon_sound_key_text(state)

    def _amazon_sound_key_text(self, state):
        if not state["all"]:
            return self.env._("No secret of Amazon's is stored.")
        if state["old"]:
            return self.env._(
                "%(old)s of %(all)s secrets are still encrypted with an old key.", old=state["old"], all=state["all"]
            )
        if state["keys"] > 1:
            return self.env._(
                "All %(all)s secrets are encrypted with the first key. The old ones can go.", all=state["all"]
            )
        return self.env._("All %(all)s secrets are encrypted.", all=state["all"])

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
        state = secrets._state()
        if state["lost"] or state["old"] or state["unusable"]:
            return notification(self._amazon_key_text(state), kind="warning")
        words = [self._amazon_key_text(state), state["keys"] > 1 and self._amazon_next_key_step()]
        return notification(" ".join(filter(None, words)), sticky=state["keys"] > 1)

    def _amazon_next_key_step(self):
        """What to do with the old keys: the page is loaded again at its top, far from the button."""
        if encryption.is_key_in_configuration():
            return self.env._("Now remove the old key from amazon_connector_key in odoo.conf, and restart Odoo.")
        return self.env._("Now press Remove Old Keys, further down on this page.")
