import importlib.util
from pathlib import Path

from odoo.tests import TransactionCase, new_test_user, tagged

from .account_common import AccountCase

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"


def migrate(env, version):
    """Run the script of a version, as an update from an earlier one does."""
    spec = importlib.util.spec_from_file_location("amazon_migration", MIGRATIONS / version / "post-migrate.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    script.migrate(env.cr, "1.0.0")
    env.flush_all()
    env.invalidate_all()


@tagged("post_install", "-at_install")
class TestMigration(TransactionCase):
    def test_whoever_sold_before_the_groups_came_keeps_the_rights(self):
        managers, administrators = (
            self.env.ref(name)
            for name in ("sales_team.group_sale_manager", "amazon_connector.group_amazon_administrator")
        )
        managers.implied_ids -= administrators
        migrate(self.env, "1.1.0")
        manager = new_test_user(self.env, "manager", groups="sales_team.group_sale_manager")
        self.assertTrue(manager.has_group("amazon_connector.group_amazon_administrator"))

    def test_new_jobs_start_where_amazon_sync_is_on(self):
        self.env["res.config.settings"].create({"group_amazon_sync": True}).execute()
        cron = self.env.ref("amazon_connector.ir_cron_send_shipments")
        cron.active = False
        migrate(self.env, "1.1.0")
        self.assertTrue(cron.active)


@tagged("post_install", "-at_install")
class TestMigrationOfLinkedAccounts(AccountCase):
    def test_an_account_that_was_linked_before_is_guarded_in_copies_too(self):
        self.link()
        self.account.linked_database = False
        migrate(self.env, "1.2.0")
        self.assertFalse(self.account.in_copied_database)
        self.env["ir.config_parameter"].set_param("database.uuid", "of-a-copy")
        self.account.invalidate_recordset(["in_copied_database"])
        self.assertTrue(self.account.in_copied_database)

    def test_a_database_that_knew_only_its_identifier_learns_its_name(self):
        self.link()
        self.account.linked_database = self.env["ir.config_parameter"].get_param("database.uuid")
        migrate(self.env, "1.3.0")
        self.assertFalse(self.account.in_copied_database)

    def test_an_update_does_not_make_a_copy_the_original(self):
        self.link()
        self.account.linked_database = "of-the-original"
        migrate(self.env, "1.3.0")
        self.assertTrue(self.account.in_copied_database)

    def test_orders_from_before_the_retention_get_their_date(self):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.env.user.partner_id.id,
                "amazon_order_ref": "305-0000000-0000001",
                "amazon_channel": "fba",
                "amazon_tax_stated": True,
                "amazon_tax": 1.0,
            }
        )
        date = order.amazon_retention_from
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order SET amazon_retention_from = NULL, amazon_tax_difference = NULL WHERE id = %s", [order.id]
        )
        self.env.invalidate_all()
        migrate(self.env, "1.3.0")
        self.assertTrue(date)
        self.assertEqual((order.amazon_retention_from, order.amazon_tax_difference), (date, -1.0))

    def test_a_price_that_somebody_raised_by_one_before_is_not_taken_for_odoos(self):
        product = self.env["product.product"].create({"name": "Mug", "list_price": 1.0})
        line = {"product_id": product.id, "amazon_kind": "product", "product_uom_qty": 5, "price_unit": 9.0}
        order = self.env["sale.order"].create(
            {
                "partner_id": self.env.user.partner_id.id,
                "order_line": [(0, 0, {**line, "technical_price_unit": 9.0})],
            }
        )
        self.env.flush_all()
        migrate(self.env, "1.3.0")
        order.order_line.product_uom_qty = 3
        self.assertEqual(order.order_line.price_unit, 9.0)

    def test_addresses_that_people_added_below_buyers_are_the_buyers(self):
        buyer = self.env["res.partner"].create({"name": "Buyer", "amazon_account_id": self.account.id})
        addresses = {"name": "Address", "parent_id": buyer.id}
        address, person = self.env["res.partner"].create([{**addresses, "type": "delivery"}, addresses])
        (address | person).amazon_added_by_hand = False
        migrate(self.env, "1.3.0")
        self.assertTrue(address.amazon_added_by_hand)
        self.assertFalse(person.amazon_added_by_hand, "nothing tells whether it was the seller's own before")

    def test_gift_messages_from_before_are_not_added_again(self):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.env.user.partner_id.id,
                "order_line": [
                    (
                        0,
                        0,
                        {
                            "product_id": self.env.ref("amazon_connector.product_amazon_sale").id,
                            "amazon_kind": "product",
                        },
                    ),
                    (0, 0, {"display_type": "line_note", "name": "Gift message: Enjoy!", "is_amazon_buyer_note": True}),
                ],
            }
        )
        migrate(self.env, "1.3.0")
        self.assertTrue(order.order_line[0].amazon_gift_noted)

    def test_open_tasks_to_link_again_close_when_the_account_is_linked(self):
        self.account.state = "reauthorize"
        task = self.account.activity_schedule("mail.mail_activity_data_warning", summary="Link again with Amazon")
        migrate(self.env, "1.3.0")
        self.assertEqual(task.activity_type_id, self.env.ref("amazon_connector.mail_activity_link_again"))

    def test_shared_jobs_get_their_lanes(self):
        self.env["res.config.settings"].create({"group_amazon_sync": True}).execute()
        job = self.env.ref("amazon_connector.ir_cron_send_shipments")
        job._amazon_lanes().unlink()
        migrate(self.env, "1.3.0")
        self.assertEqual(len(job._amazon_lanes()), 1)
