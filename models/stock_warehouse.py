from odoo import fields, models


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    amazon_supply_source_ref = fields.Char(
        "Amazon Supply Source ID",
        help="For sellers who ship from several places that Amazon knows: its ID of this warehouse. Amazon is told "
        "from where each parcel left.",
    )
