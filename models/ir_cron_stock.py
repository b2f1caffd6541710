from odoo import models


class IrCronStock(models.Model):
    """Changes of stock are noted only while the job that sends them is active (`amazon.stock.change`)."""

    _inherit = "ir.cron"

    def write(self, vals):
        resumed = vals.get("active") and self._is_stock_sending_off()
        result = super().write(vals)
        if resumed:
            # What changed in the meantime, nobody noted.
            self.env["amazon.account"].sudo()._search_sending_stock([])._note_all_stock_changed()
        return result

    def _is_stock_sending_off(self):
        """Whether the job that sends stock is among these, and switched off."""
        job = self.browse(self.env["amazon.stock.change"]._push_job_id())
        return job in self and not job.active
