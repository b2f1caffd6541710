from odoo import api, models


class ProductProduct(models.Model):
    _inherit = "product.product"

    # Named so that a quantity read without the goods at Amazon is never taken from the cache for one with them.
    @api.depends_context("amazon_excluded_location_ids")
    def _compute_quantities(self):
        return super()._compute_quantities()

    def _get_domain_locations_new(self, location_ids):
        """Leave out what is at Amazon, where asked to: goods there lie below the warehouse but cannot be shipped.

        A transfer to Amazon then counts as outgoing, one back as incoming.
        """
        excluded_ids = self.env.context.get("amazon_excluded_location_ids")
        if not excluded_ids or not location_ids:
            return super()._get_domain_locations_new(location_ids)
        locations = self.env["stock.location"]
        here = self._amazon_below(locations.browse(location_ids))
        at_amazon = self._amazon_below(locations.browse(excluded_ids))
        inside = ["&", *here, "!", *at_amazon]
        source_inside = [("location_id", "any", inside)]
        destination_inside = [
            "|",
            "&",
            ("location_final_id", "!=", False),
            ("location_final_id", "any", inside),
            "&",
            ("location_final_id", "=", False),
            ("location_dest_id", "any", inside),
        ]
        return (
            source_inside,
            [*destination_inside, "!", *source_inside],
            [*source_inside, "!", *destination_inside],
        )

    @staticmethod
    def _amazon_below(locations):
        """The domain of the locations below these, themselves included."""
        paths = [("parent_path", "=like", f"{location.parent_path}%") for location in locations]
        return ["|"] * (len(paths) - 1) + paths

    def _filter_amazon_stock_kept(self, company):
        """Those of these products of which Odoo keeps a stock: tracked goods, and kits where there are any."""
        kits = set()
        if "mrp.bom" in self.env:
            kits = set(self.env["mrp.bom"]._bom_find(self, company_id=company.id, bom_type="phantom"))
        return self.filtered(lambda product: product.is_storable or product in kits)
