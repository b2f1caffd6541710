from odoo import fields, models


class SaleOrderLine(models.Model):
    _name = "sale.order.line"
    _inherit = ["sale.order.line", "amazon.plain.export", "amazon.readonly.mixin"]

    amazon_item_ref = fields.Char("Amazon Item Reference", copy=False, readonly=True, index="btree_not_null")
    amazon_offer_id = fields.Many2one("amazon.offer", copy=False, readonly=True, ondelete="set null")
    amazon_kind = fields.Char(
        copy=False, readonly=True, help="What Amazon charges on this line: product, shipping, gift_wrap, promotion..."
    )

    amazon_sku = fields.Char("Amazon SKU", copy=False, readonly=True, index="btree_not_null")
    amazon_unmatched = fields.Boolean(
        "Unknown SKU", copy=False, readonly=True, help="No offer and no product was found for the SKU of this line."
    )
    amazon_quantity = fields.Integer(
        "Quantity at Amazon", copy=False, readonly=True, help="How many Amazon last said are ordered."
    )

    amazon_collects_tax = fields.Boolean(
        "Tax Collected by Amazon",
        copy=False,
        readonly=True,
        help="Amazon collects the tax of this line itself and remits it, even where that tax comes to nothing.",
    )
    amazon_discounts = fields.Char(
        copy=False, readonly=True, help="What a promotion is on: product, shipping, gift_wrap..."
    )

    # === ODOO HOOKS ===

    def _action_launch_stock_rule(self, *args, **kwargs):
        """What Amazon ships itself needs no delivery of yours, nor does a charge that stands for no goods."""
        own = self.filtered(lambda line: line.order_id.amazon_channel != "fba" and not line._is_mere_amazon_charge())
        return super(SaleOrderLine, own)._action_launch_stock_rule(*args, **kwargs)

    # === BUSINESS METHODS ===

    def _is_mere_amazon_charge(self):
        """Whether the line is a charge, such as gift wrap, for which only the default product could be found."""
        self.ensure_one()
        if self.amazon_kind in (False, "product"):
            return False
        # Not env.ref: it would ask the database for each line whether the product is still there.
        names = self.env["ir.model.data"]
        return self.product_id.id == names._xmlid_to_res_id(
            "amazon_connector.product_amazon_sale", raise_if_not_found=True
        )
