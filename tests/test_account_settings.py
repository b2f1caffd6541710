import re
from ast import literal_eval
from pathlib import Path

from odoo.tests import tagged

from ..order_problems import REMEDIES
from .common import AmazonCase


@tagged("post_install", "-at_install")
class TestAccountSettings(AmazonCase):
    def test_orders_take_team_salesperson_and_warehouse_of_the_account(self):
        seller = self.env.ref("base.user_admin")
        seller.company_ids |= self.company
        self.account.user_id = seller
        sale_order = self.sale_order(self.order("DE"))
        self.assertEqual(sale_order.team_id, self.account.team_id)
        self.assertEqual(sale_order.user_id, self.account.user_id)
        self.assertEqual(sale_order.warehouse_id, self.account.warehouse_id)

    def test_a_marketplace_may_have_a_team_and_a_warehouse_of_its_own(self):
        team = self.env["crm.team"].create({"name": "France", "company_id": self.company.id})
        warehouse = self.env["stock.warehouse"].create({"name": "Lyon", "code": "LYO", "company_id": self.company.id})
        self.account.marketplace_setting_ids = [
            (
                0,
                0,
                {
                    "marketplace_id": self.env.ref("amazon_connector.marketplace_fr").id,
                    "team_id": team.id,
                    "warehouse_id": warehouse.id,
                },
            )
        ]
        french, german = self.receive(self.order("FR"), self.order("DE")).sale_order_id.sorted("id")
        self.assertEqual((french.team_id, french.warehouse_id), (team, warehouse))
        self.assertEqual(french.picking_ids.picking_type_id.warehouse_id, warehouse)
        self.assertEqual((german.team_id, german.warehouse_id), (self.account.team_id, self.account.warehouse_id))

    def test_orders_have_odoos_numbers_by_default(self):
        raw = self.order("DE")
        self.assertNotIn(raw["orderId"], self.sale_order(raw).name)

    def test_orders_may_be_numbered_by_amazons_reference_with_or_without_prefix(self):
        raw = self.order("DE")
        self.account.order_name_policy = "amazon"
        self.assertEqual(self.sale_order(raw).name, raw["orderId"])
        self.account.write({"order_name_policy": "prefix", "order_name_prefix": "AMZ-"})
        raw = self.order("DE")
        self.assertEqual(self.sale_order(raw).name, f"AMZ-{raw['orderId']}")

    # --- Amounts that differ ---

    def wrong_tax(self):
        self.mug.taxes_id = self._create_tax(7, included=True)
        return self.order("DE")

    def test_amounts_that_differ_are_marked_for_review_by_default(self):
        self.assertTrue(self.sale_order(self.wrong_tax()).amazon_review)

    def test_amounts_that_differ_may_be_accepted(self):
        self.account.amounts_policy = "accept"
        self.assertFalse(self.sale_order(self.wrong_tax()).amazon_review)

    def test_amounts_that_differ_may_hold_the_order_until_somebody_decides(self):
        self.account.amounts_policy = "hold"
        good = self.order("DE", tax_mode="none", items=["OTHER"])
        updates = self.receive(self.wrong_tax(), good)
        self.assertEqual(updates.mapped("state"), ["failed", "done"])
        self.assertEqual(updates[0].error_code, "amounts")
        updates[0].action_import_anyway()
        self.assertEqual(updates[0].state, "done")
        self.assertTrue(updates[0].sale_order_id.amazon_review)

    def test_looking_at_the_amounts_takes_the_order_off_the_review_list(self):
        sale_order = self.sale_order(self.wrong_tax())
        sale_order.action_amazon_reviewed()
        self.assertFalse(sale_order.amazon_review)

    # --- Taxes side by side ---

    def test_tax_report_shows_what_odoo_computes_and_what_amazon_states(self):
        sale_order = self.sale_order(self.wrong_tax())
        action = self.env["ir.actions.act_window"]._for_xml_id("amazon_connector.amazon_tax_action")
        self.assertIn(sale_order, self.env["sale.order"].search(literal_eval(action["domain"])))
        self.assertAlmostEqual(sale_order.amazon_tax_difference, sale_order.amount_tax - sale_order.amazon_tax)

    # --- Help ---

    def test_every_reason_has_a_remedy_and_stands_on_the_page_of_help(self):
        root = Path(__file__).resolve().parent.parent
        sources = [*(root / "models").glob("*.py")]
        used = set()
        for source in sources:
            used |= set(
                re.findall(r'(?:Problem\(|Ignored\(|"error_code":)\s*"(\w+)"', source.read_text(encoding="utf-8"))
            )
        self.assertEqual(used, set(REMEDIES))
        page = (root / "doc" / "order-updates.md").read_text(encoding="utf-8")
        self.assertEqual(set(re.findall(r"^\| `(\w+)`", page, re.MULTILINE)), used)
