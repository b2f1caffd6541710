from odoo import fields, models
from odoo.exceptions import UserError


class AmazonAccountCatalogue(models.Model):
    """Importing the offers that the seller of an account has at Amazon."""

    _inherit = "amazon.account"

    catalogue_import_ids = fields.One2many("amazon.catalogue.import", "account_id", "Offer Imports", readonly=True)
    listing_count = fields.Integer(
        "Listings", compute="_compute_listing_count", help="What Amazon lists that has no offer yet."
    )

    # === COMPUTE METHODS ===

    def _compute_listing_count(self):
        groups = self.env["amazon.listing"]._read_group(
            [("account_id", "in", self.ids), ("match", "!=", "offer")], ["account_id"], ["__count"]
        )
        counts = dict(groups)
        for account in self:
            account.listing_count = counts.get(account, 0)

    # === ACTIONS ===

    def action_import_offers(self):
        """Bring in what the seller lists on each active marketplace. No offer is made before somebody accepts it.

        :return: the screen that shows the progress
        :raise UserError: the account is not linked, or synchronizes no marketplace
        """
        self.ensure_one()
        self.check_access("write")
        self._check_linked()
        if not self.active_marketplace_ids:
            raise UserError(
                self.env._(
                    "%(account)s synchronizes no marketplace. Choose one in the tab Marketplaces first.",
                    account=self.name,
                )
            )
        # sudo: what an import writes down, only the connector writes.
        imports = self.sudo()._start_offer_import()
        return self._open_imports(imports)

    def action_open_imports(self):
        self.ensure_one()
        return self._open_imports(self.catalogue_import_ids)

    def action_review_listings(self):
        """What Amazon lists and has no offer yet."""
        self.ensure_one()
        return self.catalogue_import_ids.action_review()

    # === BUSINESS METHODS ===

    def _start_offer_import(self, marketplaces=None):
        """Queue the import of what is listed on marketplaces, by default on all active ones.

        It runs by the scheduler, and ends with what Amazon lists written to the offers that exist.

        :return: the imports
        """
        self.ensure_one()
        return self.env["amazon.catalogue.import"]._queue(self, marketplaces or self.active_marketplace_ids)

    def _open_imports(self, imports):
        action = self.env["ir.actions.act_window"]._for_xml_id("amazon_connector.amazon_catalogue_import_action")
        if len(imports) == 1:
            return {**action, "views": [(False, "form")], "res_id": imports.id}
        return {**action, "domain": [("account_id", "=", self.id)], "context": {}}
