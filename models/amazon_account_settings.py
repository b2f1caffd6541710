from odoo import fields, models

from .amazon_marketplace_setting import OVERRIDABLE


class AmazonAccountSettings(models.Model):
    """What becomes of an account's orders in Odoo."""

    _inherit = "amazon.account"

    marketplace_setting_ids = fields.One2many(
        "amazon.marketplace.setting",
        "account_id",
        "Settings per Marketplace",
        copy=True,
        help="For marketplaces whose orders go to another sales team, warehouse or location.",
    )
    order_name_policy = fields.Selection(
        [
            ("odoo", "Odoo's numbers"),
            ("amazon", "Amazon's order reference"),
            ("prefix", "Prefix and Amazon's order reference"),
        ],
        "Order Numbers",
        default="odoo",
        required=True,
        help="How the sales orders of this account are numbered.",
    )
    order_name_prefix = fields.Char("Order Number Prefix", help="Stands before Amazon's order reference, e.g. AMZ-.")
    sale_product_id = fields.Many2one(
        "product.product",
        "Product for Unknown SKUs",
        check_company=True,
        help="Stands for items whose SKU belongs to no offer and no product. Empty: Amazon Sale.",
    )
    shipping_product_id = fields.Many2one(
        "product.product",
        "Product for Shipping",
        check_company=True,
        help="Stands for shipping whose service level is no product's Internal Reference. Empty: Amazon Shipping.",
    )
    gift_wrap_product_id = fields.Many2one(
        "product.product",
        "Product for Gift Wrap",
        check_company=True,
        help="Stands for gift wrap whose level is no product's Internal Reference. Empty: Amazon Sale.",
    )
    collected_tax_id = fields.Many2one(
        "account.tax",
        "Tax Collected by Amazon",
        domain="[('type_tax_use', '=', 'sale'), ('amount', '=', 0)]",
        check_company=True,
        help="The 0 % tax for lines whose tax Amazon collects and remits itself. Empty: no tax at all.",
    )
    amounts_policy = fields.Selection(
        [
            ("review", "Import and mark for review"),
            ("accept", "Import"),
            ("hold", "Hold until somebody decides"),
        ],
        "Orders Whose Amounts Differ",
        default="review",
        required=True,
        help="What to do with an order when Odoo's taxes and Amazon's amounts do not agree. The total is Amazon's to "
        "the cent in any case. What is held waits in Amazon Order Updates.",
    )
    fba_lot_name = fields.Char(
        "Lot for FBA",
        default="AMAZON-FBA",
        required=True,
        help="The lot of tracked products that Amazon ships without naming a lot or serial number, and of those that "
        "you had shipped before their order came in, where Odoo reserved no lot. Serial numbers are made of it and of "
        "the order reference.",
    )

    # === BUSINESS METHODS ===

    def _setting(self, marketplace, name):
        """The value of a setting that a marketplace may override.

        :param marketplace: an `amazon.marketplace`
        :param str name: team_id, user_id, warehouse_id or location_id
        """
        self.ensure_one()
        if name not in OVERRIDABLE:
            raise ValueError(f"{name} cannot be overridden per marketplace")
        setting = self.marketplace_setting_ids.filtered(lambda setting: setting.marketplace_id == marketplace)
        return setting[name] or self[name]

    def _amazon_order_name(self, order_ref):
        """The number of the sales order of an Amazon order; False for Odoo's next one."""
        self.ensure_one()
        if self.order_name_policy == "odoo":
            return False
        prefix = self.order_name_prefix if self.order_name_policy == "prefix" else ""
        return f"{prefix or ''}{order_ref}"
