from odoo import fields, models

from ..utils import notification


class AmazonAccountStockPause(models.Model):
    """Pause on Amazon: while it lasts, Amazon is told that nothing is left."""

    _inherit = "amazon.account"

    stock_paused = fields.Boolean(
        "Paused on Amazon",
        readonly=True,
        copy=False,
        tracking=True,
        help="Amazon is told for every offer of this account that nothing is left.",
    )

    # === ACTIONS ===

    def action_pause_stock(self):
        """Pause on Amazon: Amazon is told that nothing is left of any offer."""
        self._set_stock_paused(True)
        return notification(self.env._("Paused: Amazon is told within a minute that nothing is left."))

    def action_resume_stock(self):
        """End the pause: Amazon is told the quantities again."""
        self._set_stock_paused(False)
        return notification(self.env._("Resumed: Amazon is told the quantities within a minute."))

    # === BUSINESS METHODS ===

    def _set_stock_paused(self, paused):
        self.check_access("write")
        for account in self:
            account._check_sends_stock()
        # sudo: paused by a button and nowhere else.
        self.sudo().write({"stock_paused": paused})
        self._trigger_push()
