from odoo import fields, models

from .amazon_message_cleaner import TELLING_FIELDS


class ResPartnerFormerWords(models.Model):
    """What a buyer was called before a person corrected it: messages may still say so when they are to be deleted."""

    _inherit = "res.partner"

    amazon_former_words = fields.Text(
        groups=fields.NO_ACCESS,
        copy=False,
        exportable=False,
        help="Names and addresses that were changed by hand, one a line. Emptied with the other personal data.",
    )

    # === CRUD METHODS ===

    def write(self, vals):
        changed = [name for name in TELLING_FIELDS if name in vals]
        if changed and "amazon_former_words" not in vals:
            self._remember_amazon_words(vals, changed)
        return super().write(vals)

    # === BUSINESS METHODS ===

    def _remember_amazon_words(self, vals, names):
        """Note what these contacts are called no more once `vals` are written."""
        cleaner = self.env["amazon.message.cleaner"]
        # sudo: whoever corrects a name may not read what it was before that.
        buyers = self.sudo().filtered(lambda partner: partner.amazon_account_id and not partner.amazon_erased_on)
        for buyer in buyers:
            words = cleaner._telling_values(buyer, [name for name in names if vals[name] != buyer[name]])
            if words:
                known = set((buyer.amazon_former_words or "").splitlines())
                buyer.amazon_former_words = "\n".join(sorted(known | words))
