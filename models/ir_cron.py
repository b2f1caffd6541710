from odoo import api, fields, models

#: The jobs that several workers may do at once, each on other records. Fetching orders is not among them: Amazon allows
#: one call in three minutes, and two workers would ask for the same.
JOBS_WITH_LANES = ("ir_cron_apply_order_updates", "ir_cron_send_shipments")
MODULE = "amazon_connector"
LANES_PARAMETER = "amazon_connector.lanes"
DEFAULT_LANES = 2
MOST_LANES = 32


class IrCron(models.Model):
    """Lanes: further scheduled actions for the same job. Odoo runs a scheduled action in one worker at a time, wherever
    it is; several of them it runs side by side."""

    _inherit = "ir.cron"

    amazon_lane_of_id = fields.Many2one(
        "ir.cron", "Does the Same as", readonly=True, copy=False, ondelete="cascade", index="btree_not_null"
    )

    @api.model
    def _get_amazon_lanes(self):
        """How many workers may do the same job at once."""
        # sudo: system parameters are only readable by system administrators.
        value = self.env["ir.config_parameter"].sudo().get_param(LANES_PARAMETER)
        return min(max(int(value), 1), MOST_LANES) if value and value.isdigit() else DEFAULT_LANES

    @api.model
    def _arrange_amazon_lanes(self):
        """Make or remove lanes, so that each job has as many as the settings say."""
        for name in JOBS_WITH_LANES:
            job = self.env.ref(f"{MODULE}.{name}", raise_if_not_found=False)
            if job:
                job._arrange_lanes(self._get_amazon_lanes())

    def _arrange_lanes(self, count):
        """Let this job have `count` lanes, itself included."""
        lanes = self._amazon_lanes()
        lanes[max(count - 1, 0) :].unlink()
        identifiers = self.env["ir.model.data"]
        job_name = self.get_external_id()[self.id].partition(".")[2]
        for number in range(len(lanes) + 2, count + 1):
            lane = self.create(self._prepare_lane_vals())
            # By this name the lanes are switched, neutralized and uninstalled like everything of the addon.
            identifiers.create(
                {
                    "module": MODULE,
                    "name": f"{job_name}_lane_{number}",
                    "model": self._name,
                    "res_id": lane.id,
                    "noupdate": True,
                }
            )

    def _amazon_lanes(self):
        """The other lanes of this job."""
        self.ensure_one()
        return self.with_context(active_test=False).search([("amazon_lane_of_id", "=", self.id)], order="id")

    def _prepare_lane_vals(self):
        self.ensure_one()
        return {
            "amazon_lane_of_id": self.id,
            "ir_actions_server_id": self.ir_actions_server_id.id,
            "user_id": self.user_id.id,
            "interval_number": self.interval_number,
            "interval_type": self.interval_type,
            # Other jobs go first: lanes only help.
            "priority": self.priority + 1,
            "active": self.active,
        }

    @api.model
    def _wake_amazon_lanes(self, name, at=None):
        """Let all lanes of a job work as soon as there are workers; one that works already looks again afterwards.

        Hook: another engine than Odoo's scheduler may carry the lanes.

        :param datetime at: not before that time
        """
        job = self.env.ref(f"{MODULE}.{name}", raise_if_not_found=False)
        # sudo: whoever has work for them.
        for lane in job and (job.sudo() | job.sudo()._amazon_lanes()):
            lane._trigger(at=at)
