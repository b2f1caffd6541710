from odoo import models


class MergePartnerAutomatic(models.TransientModel):
    """Odoo's dialog that merges contacts."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _update_values(self, src_partners, dst_partner):
        """Who merges an Amazon buyer takes over what only the connector writes."""
        # sudo: Odoo writes all values again, those that nobody may write too.
        everybody = (src_partners | dst_partner).sudo()
        if not everybody.amazon_account_id:
            return super()._update_values(src_partners, dst_partner)
        privacy_vals = self._prepare_merged_privacy_vals(everybody, dst_partner.sudo())
        merging = super(MergePartnerAutomatic, self.sudo())
        result = merging._update_values(src_partners.sudo(), dst_partner.sudo())
        dst_partner.sudo().write(privacy_vals)
        return result

    def _prepare_merged_privacy_vals(self, everybody, dst_partner):
        """Odoo joins what it finds; of personal data, all that is left of anybody is still to be deleted.

        :param everybody: the contacts that become one
        :param dst_partner: the one of them that stays
        :rtype: dict
        """
        live = everybody.filtered(lambda partner: not partner.amazon_erased_on)
        if not live:
            return {}
        words = self.env["amazon.message.cleaner"]._words(live)
        words -= {dst_partner.name}
        return {
            "amazon_erased_on": False,
            "amazon_erase_check_on": False,
            "amazon_former_words": "\n".join(sorted(words)) or False,
        }
