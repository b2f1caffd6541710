from odoo.tests import tagged

from .stock_common import StockCase


@tagged("post_install", "-at_install")
class TestStockChanges(StockCase):
    """Changes of stock are noted while something takes them away again."""

    def setUp(self):
        super().setUp()
        self.switch(True)
        self.listed_offer("A", stock=7)
        self.push()
        self.changes = self.env["amazon.stock.change"]

    def switch(self, on):
        self.env["res.config.settings"]._activate_amazon_crons(on)
        self.env.cr.flush()

    def move(self, quantity):
        self.set_stock(self.mug, quantity)
        self.env.cr.flush()

    def test_changes_of_stock_are_noted_while_amazon_sync_is_on(self):
        self.move(6)
        self.assertEqual(self.changes.search([]).product_id, self.mug)

    def test_changes_of_stock_do_not_pile_up_while_amazon_sync_is_off(self):
        self.switch(False)
        self.move(6)
        self.move(5)
        self.assertFalse(self.changes.search([]))

    def test_amazon_sync_that_is_switched_on_again_sends_what_changed_meanwhile(self):
        self.switch(False)
        self.move(5)
        self.switch(True)
        self.push()
        self.assertEqual(self.at_amazon("A"), 5)

    def test_a_job_that_was_on_all_along_notes_nothing(self):
        self.switch(True)
        self.assertFalse(self.changes.search([]))
