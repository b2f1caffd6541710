from odoo.tests import tagged

from .common import undone
from .test_order_updates import OrderUpdateCase

SECOND = "2998-01-01T00:00:00"


@tagged("post_install", "-at_install")
class TestVersionsWithinASecond(OrderUpdateCase):
    """Amazon names the time of a change to the millisecond, or to the second only."""

    def version(self, raw, fraction, status="UNSHIPPED"):
        fulfillment = {**raw["fulfillment"], "fulfillmentStatus": status}
        return {**raw, "lastUpdatedTime": f"{SECOND}{fraction}Z", "fulfillment": fulfillment}

    def test_a_second_change_within_a_second_is_applied(self):
        raw = self.order("DE")
        for first, second in ((".100", ".900"), ("", "")):
            with self.subTest(fractions=(first, second)), undone(self.env):
                sale_order = self.sale_order(self.version(raw, first))
                self.receive(self.version(raw, second, "CANCELLED"))
                self.assertEqual(sale_order.state, "cancel")

    def test_the_later_of_two_changes_within_a_second_wins_whichever_comes_first(self):
        raw = self.order("DE")
        sale_order = self.sale_order(self.version(raw, ".900"))
        self.receive(self.version(raw, ".100", "CANCELLED"))
        self.assertEqual(sale_order.state, "sale")

    def test_the_later_of_two_changes_on_one_page_wins(self):
        raw = self.order("DE")
        update = self.receive(self.version(raw, ".900", "CANCELLED"), self.version(raw, ".100"))[:1]
        self.assertEqual(update.error_code, "cancelled")

    def test_the_same_version_again_is_not_applied_again(self):
        raw = self.version(self.order("DE"), ".100")
        update = self.receive(raw)
        again = dict(reversed(raw.items()))  # the members of an object have no order
        self.assertEqual(self.receive(again), update)
        self.assertEqual(update.attempts, 1)

    def test_a_version_is_not_applied_again_after_an_update_of_the_connector(self):
        raw = self.version(self.order("DE"), ".100")
        update = self.receive(raw)
        update.revision = False  # an earlier release kept none
        self.receive(raw)
        self.assertEqual(update.attempts, 1)
