import importlib.util
from pathlib import Path

from odoo.tests import TransactionCase, new_test_user, tagged

SCRIPT = Path(__file__).resolve().parent.parent / "migrations" / "1.1.0" / "post-migrate.py"


@tagged("post_install", "-at_install")
class TestMigration(TransactionCase):
    def setUp(self):
        super().setUp()
        spec = importlib.util.spec_from_file_location("amazon_migration", SCRIPT)
        self.script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(self.script)

    def test_whoever_sold_before_the_groups_came_keeps_the_rights(self):
        managers, administrators = (
            self.env.ref(name)
            for name in ("sales_team.group_sale_manager", "amazon_connector.group_amazon_administrator")
        )
        managers.implied_ids -= administrators
        self.script.migrate(self.env.cr, "1.0.0")
        self.env.invalidate_all()
        manager = new_test_user(self.env, "manager", groups="sales_team.group_sale_manager")
        self.assertTrue(manager.has_group("amazon_connector.group_amazon_administrator"))

    def test_new_jobs_start_where_amazon_sync_is_on(self):
        self.env["res.config.settings"].create({"group_amazon_sync": True}).execute()
        cron = self.env.ref("amazon_connector.ir_cron_send_shipments")
        cron.active = False
        self.script.migrate(self.env.cr, "1.0.0")
        self.assertTrue(cron.active)
