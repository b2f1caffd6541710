from datetime import timedelta
from unittest.mock import patch

from odoo.tests import HttpCase, common, tagged

from ..simulator.samples import build_order
from .account_common import SELLER_NA, AccountCase

# Runs in each page that the browser opens, and is the seller on Amazon's.
SELLER_CONFIRMS = """
if (location.pathname === "/apps/authorize/consent") {
    addEventListener("DOMContentLoaded", () => {
        document.querySelector("input[name=selling_partner_id][value=%s]").checked = true;
        document.querySelector("button[value=confirm]").click();
    });
}
"""


@tagged("post_install", "-at_install")
class TestSetupTour(AccountCase, HttpCase):
    """What the documentation says, word for word, in a browser that really leaves for the consent page."""

    def run_tour(self, tour, url="/odoo", seller=SELLER_NA):
        navigate_to = common.ChromeBrowser.navigate_to

        def navigate_as_seller(browser, *args, **kwargs):
            source = SELLER_CONFIRMS % seller
            browser._websocket_request("Page.addScriptToEvaluateOnNewDocument", params={"source": source})
            return navigate_to(browser, *args, **kwargs)

        with patch.object(common.ChromeBrowser, "navigate_to", navigate_as_seller):
            self.start_tour(url, tour, login="admin", timeout=120)

    def add_order_placed_after_linking(self):
        """An account takes orders from the moment it is linked, and Amazon shows what is two minutes old."""
        self.env["product.product"].create({"name": "Ceramic mug", "default_code": "MUG-RED-11OZ", "is_storable": True})
        store = self.simulator.store
        store.clock.advance(900)
        moment = store.clock.now() - timedelta(minutes=3)
        store.add_order(SELLER_NA, build_order("US", created=moment, updated=moment))

    def test_setup_page_of_the_documentation(self):
        self.env["ir.default"].set("amazon.account", "environment", "simulator")
        self.add_order_placed_after_linking()
        self.run_tour("amazon_connector_setup")
        account = self.env["amazon.account"].search([("name", "=", "American Marketplace")])
        self.assertEqual(account.state, "linked")
        self.assertEqual(account.seller_key, SELLER_NA)
        self.assertEqual(
            sorted(account.active_marketplace_ids.mapped("name")), ["Amazon.ca", "Amazon.com", "Amazon.com.mx"]
        )
        self.assertIn("Amazon.com.br", account.available_marketplace_ids.mapped("name"))
        self.assertEqual((account.order_count, account.offer_count), (1, 1))

    def test_adding_a_marketplace_as_the_documentation_says(self):
        self.env["res.config.settings"].create({"group_amazon_sync": True}).execute()
        self.env.ref("amazon_connector.marketplace_se").unlink()
        self.link()
        self.assertNotIn("Amazon.se", self.account.active_marketplace_ids.mapped("name"))
        self.run_tour("amazon_connector_new_marketplace", "/odoo?debug=1")
        self.account.invalidate_recordset()
        self.assertIn("Amazon.se", self.account.active_marketplace_ids.mapped("name"))
