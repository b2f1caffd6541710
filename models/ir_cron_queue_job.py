from odoo import SUPERUSER_ID, api, models

from .ir_cron import MODULE

ENGINE_PARAMETER = "amazon_connector.engine"
#: By job, the method that a lane of it calls.
METHODS = {"ir_cron_apply_order_updates": ("amazon.order.update", "_apply_for_a_while")}
CHANNEL = "root.amazon"


class IrCronQueueJob(models.Model):
    """Optional engine: the Job Queue of the OCA carries the lanes when work waits, instead of Odoo's scheduler.

    The scheduled actions go on at their intervals, so that nothing stays behind when the queue does not run. The addon
    does not depend on the Job Queue: https://pypi.org/project/odoo-addon-queue-job/
    """

    _inherit = "ir.cron"

    @api.model
    def _wake_amazon_lanes(self, name, at=None):
        if name not in METHODS or not self._is_amazon_engine_queue_job():
            return super()._wake_amazon_lanes(name, at=at)
        model, method = METHODS[name]
        for number in range(1, self._get_amazon_lanes() + 1):
            delayable = (
                self.env[model]
                .with_user(SUPERUSER_ID)
                .with_delay(
                    eta=at,
                    channel=CHANNEL,
                    # A lane that waits for its turn already is enough; one that works looks again afterwards.
                    identity_key=f"{MODULE}.{name}.{number}",
                    description=self.env._("Amazon: apply order updates (lane %(number)s)", number=number),
                )
            )
            getattr(delayable, method)(reports=False)
        return None

    @api.model
    def _has_queue_job(self):
        """Whether the Job Queue is installed."""
        return "queue.job.function" in self.env

    @api.model
    def _is_amazon_engine_queue_job(self):
        # sudo: system parameters are only readable by system administrators.
        engine = self.env["ir.config_parameter"].sudo().get_param(ENGINE_PARAMETER)
        return engine == "queue_job" and self._has_queue_job()

    @api.model
    def _prepare_amazon_engine(self):
        """Tell the Job Queue of the jobs: they commit batch by batch, and have a channel to limit them by."""
        if not self._is_amazon_engine_queue_job():
            return
        channels = self.env["queue.job.channel"]
        channel = channels.search([("complete_name", "=", CHANNEL)])
        if not channel:
            root = self.env.ref("queue_job.channel_root")
            channel = channels.create({"name": CHANNEL.partition(".")[2], "parent_id": root.id})
        functions = self.env["queue.job.function"]
        for model, method in METHODS.values():
            known = functions.search([("model_id.model", "=", model), ("method", "=", method)])
            values = {"channel_id": channel.id, "allow_commit": True}
            if known:
                known.write(values)
            else:
                functions.create({"model_id": self.env["ir.model"]._get_id(model), "method": method, **values})
