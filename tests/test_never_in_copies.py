from odoo.exceptions import AccessError
from odoo.modules.neutralize import neutralize_database
from odoo.tests import new_test_user, tagged

from .shipment_common import NeverCase


@tagged("post_install", "-at_install")
class TestCopiesOfTheDatabase(NeverCase):
    """1. Only the database in which somebody linked the account acts for the seller."""

    def setUp(self):
        super().setUp()
        self.picking = self.deliver(self.order_in())
        self.offer_to_send()

    def calls_of_all_jobs(self):
        """What Amazon is asked and told when everything that waits is due."""
        before = len(self.store.calls)
        self.run_jobs()
        return [call.operation for call in [*self.store.calls][before:]]

    def test_neutralized_copy_tells_amazon_nothing(self):
        self.env.flush_all()
        neutralize_database(self.env.cr)
        self.env.invalidate_all()
        self.env.registry.clear_all_caches()
        # Somebody plays with the copy, and switches the feature on again.
        self.env["res.config.settings"].create({"group_amazon_sync": True}).execute()
        self.assertFalse(self.calls_of_all_jobs())
        self.assertEqual(self.account.state, "draft")

    def test_copy_that_nobody_neutralized_tells_amazon_nothing(self):
        # So Odoo marks a database that is duplicated or restored as a copy.
        self.env["ir.config_parameter"].init(force=True)
        self.assertFalse(self.calls_of_all_jobs())
        self.assertEqual(self.picking.amazon_sync_status, "pending")
        self.assertIn("copy", self.account.authorization_warning)
        self.assertIn("copy", self.account.orders_sync_message)

    def test_copy_made_past_odoo_under_another_name_tells_amazon_nothing(self):
        # The database of the linked account kept its identifier, but had another name.
        self.account.linked_database = self.account.linked_database.replace(self.env.cr.dbname, "original")
        self.assertFalse(self.calls_of_all_jobs())
        self.assertIn("copy", self.account.authorization_warning)

    def test_copy_that_takes_the_place_of_the_original_works_once_it_is_linked_again(self):
        self.env["ir.config_parameter"].init(force=True)
        self.link()
        self.assertLess({"searchOrders", "confirmShipment", "patchListingsItem"}, {*self.calls_of_all_jobs()})
        self.assertFalse(self.account.authorization_warning)

    def test_copy_that_takes_the_place_of_the_original_works_once_somebody_says_so(self):
        self.env["ir.config_parameter"].init(force=True)
        self.account.action_use_this_database()
        self.assertLess({"searchOrders", "confirmShipment", "patchListingsItem"}, {*self.calls_of_all_jobs()})
        self.assertFalse(self.account.authorization_warning)

    def test_only_an_amazon_administrator_says_which_database_acts_for_the_seller(self):
        salesperson = new_test_user(self.env, "sam", groups="sales_team.group_sale_salesman_all_leads")
        with self.assertRaises(AccessError):
            self.account.with_user(salesperson).action_use_this_database()

    def test_original_goes_on(self):
        self.assertLess({"searchOrders", "confirmShipment", "patchListingsItem"}, {*self.calls_of_all_jobs()})
