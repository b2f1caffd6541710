from odoo.tests import HttpCase, tagged

from .catalogue_common import CatalogueCase


@tagged("post_install", "-at_install")
class TestCatalogueTour(CatalogueCase, HttpCase):
    """What a Sales administrator clicks to import offers."""

    def test_administrator_imports_reviews_and_accepts_offers(self):
        self.env["res.config.settings"].create({"group_amazon_sync": True}).execute()
        self.product("MUG-RED", name="Ceramic mug red")
        blue = self.product("MUG-BLUE", name="Ceramic mug blue")
        hose = self.product("HOSE", name="Garden hose")
        self.list_at_amazon("MUG-RED", title="Ceramic mug, red, 330 ml")
        self.list_at_amazon("mug blue", title="Ceramic mug, blue, 330 ml")
        self.list_at_amazon("ODD-1", title="Hose, 20 m")
        self.list_at_amazon("ODD-2", title="Something else")
        url = f"/odoo/action-amazon_connector.amazon_account_action/{self.account.id}"
        self.start_tour(url, "amazon_connector_import_offers", login="admin", timeout=120)
        self.env.invalidate_all()
        self.assertEqual(sorted(self.offers().mapped("sku")), ["MUG-RED", "ODD-1", "mug blue"])
        self.assertEqual(self.offers("mug blue").product_id, blue)
        self.assertEqual(self.offers("ODD-1").product_id, hose)
