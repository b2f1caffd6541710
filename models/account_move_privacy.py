from odoo import models

from .. import compat


class AccountMovePrivacy(models.Model):
    """Which invoices need not keep what was written about the buyer."""

    _inherit = "account.move"

    def _without_what_the_law_keeps(self):
        """The drafts and the cancelled ones among these, except where Odoo keeps an audit trail of what was posted."""
        return self.filtered(
            lambda move: move.state != "posted" and not (move.posted_before and move.company_id[compat.AUDIT_TRAIL])
        )
