from odoo import models


class MergePartnerAutomatic(models.TransientModel):
    """Odoo's dialog that merges contacts."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _update_values(self, src_partners, dst_partner):
        """Who merges an Amazon buyer takes over what only the connector writes."""
        if not (src_partners | dst_partner).amazon_account_id:
            return super()._update_values(src_partners, dst_partner)
        # sudo: Odoo writes all values again, those that nobody may write too.
        merging = super(MergePartnerAutomatic, self.sudo())
        return merging._update_values(src_partners.sudo(), dst_partner.sudo())
