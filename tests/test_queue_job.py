from unittest.mock import patch

from odoo.tests import tagged

from ..models import amazon_order_update_workers
from .common import AmazonCase


@tagged("post_install", "-at_install")
class TestQueueJob(AmazonCase):
    """The OCA's Job Queue as the engine, where it is installed (`make test-queue`)."""

    def setUp(self):
        super().setUp()
        if not self.env["ir.cron"]._has_queue_job():
            self.skipTest("queue_job is not installed")
        self.env["res.config.settings"].create(
            {"group_amazon_sync": True, "amazon_engine": "queue_job", "amazon_lanes": 2}
        ).execute()

    def jobs(self):
        return self.env["queue.job"].search([("model_name", "=", "amazon.order.update")], order="id")

    def perform(self, job):
        """Do what the runner of the queue does, within the transaction of the test."""
        from odoo.addons.queue_job.job import Job

        loaded = Job.load(self.env, job.uuid)
        loaded.set_started()
        loaded.store()
        loaded.func(*loaded.args, **loaded.kwargs)
        loaded.set_done()
        loaded.store()

    def test_a_backlog_is_put_into_the_queue_once_for_each_lane(self):
        for _time in range(2):
            self.env["ir.cron"]._wake_amazon_lanes("ir_cron_apply_order_updates")
        self.assertEqual(len(self.jobs()), 2)
        self.assertEqual(set(self.jobs().mapped("channel")), {"root.amazon"})

    def test_the_jobs_may_commit(self):
        function = self.env["queue.job.function"].search([("model_id.model", "=", "amazon.order.update")])
        self.assertEqual(function.mapped("allow_commit"), [True])

    def test_a_job_applies_what_waits(self):
        self.env["amazon.order.update"]._receive(self.account, [self.order(), self.order()])
        self.env["ir.cron"]._wake_amazon_lanes("ir_cron_apply_order_updates")
        self.perform(self.jobs()[0])
        states = self.env["amazon.order.update"].search([("account_id", "=", self.account.id)]).mapped("state")
        self.assertEqual(states, ["done", "done"])

    def test_what_a_job_leaves_over_is_put_into_the_queue_again(self):
        self.env["amazon.order.update"]._receive(self.account, [self.order(), self.order()])
        self.env["ir.cron"]._wake_amazon_lanes("ir_cron_apply_order_updates")
        first = self.jobs()
        with (
            patch.object(amazon_order_update_workers, "RUN_SECONDS", 0),
            patch.object(amazon_order_update_workers, "BATCH_SIZE", 1),
        ):
            self.perform(first[0])
        self.assertEqual(len(self.jobs()), 3)

    def test_without_the_setting_the_scheduler_is_woken(self):
        self.env["res.config.settings"].create({"amazon_engine": "cron"}).execute()
        self.env["ir.cron"]._wake_amazon_lanes("ir_cron_apply_order_updates")
        self.assertFalse(self.jobs())
