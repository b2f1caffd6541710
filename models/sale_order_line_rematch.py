from odoo import api, models

from .. import compat
from ..spapi.amounts import PRODUCT, PROMOTION
from ..utils import notification
from .amazon_order_lines import price_vals


class SaleOrderLineRematch(models.Model):
    """Lines whose SKU nobody knew, once somebody does."""

    _inherit = "sale.order.line"

    @api.model
    def _unmatched_amazon_domain(self):
        """The lines that carry the product for unknown SKUs."""
        return [("amazon_kind", "=", PRODUCT), ("amazon_sku", "!=", False), ("amazon_unmatched", "=", True)]

    def action_rematch_amazon(self):
        """Turn lines with an unknown SKU into the product that now matches, where the order can still change.

        :return: a notification that says what was done
        """
        self.check_access("write")
        # sudo: what the connector knows of a line, people may only have changed by this.
        lines = self.sudo().filtered_domain(self._unmatched_amazon_domain())
        changed = self.browse()
        for line in lines:
            product, offer = line._amazon_product_now()
            if product and line._can_be_rematched():
                line._rematch_amazon(product, offer)
                changed |= line
        left = len(lines) - len(changed)
        return notification(
            self.env._(
                "Lines that now have their product: %(changed)s. Lines that stay as they are: %(left)s. A line stays "
                "when no product matches yet, its goods are delivered or invoiced, or its order is locked.",
                changed=len(changed),
                left=left,
            )
            if left
            else self.env._("Lines that now have their product: %(changed)s.", changed=len(changed)),
            kind="warning" if left else "success",
        )

    def _amazon_product_now(self):
        """The product that the line's SKU stands for now, and the offer that says so; both may be empty."""
        self.ensure_one()
        order = self.order_id
        offer = self.env["amazon.offer"].search(
            [
                ("account_id", "=", order.amazon_account_id.id),
                ("marketplace_id", "=", order.amazon_marketplace_id.id),
                ("sku", "=", self.amazon_sku),
            ]
        )
        if offer:
            return offer.product_id, offer
        products = self.env["product.product"].search(
            [
                *self.env["product.product"]._check_company_domain(order.company_id),
                ("default_code", "=", self.amazon_sku),
            ]
        )
        return (products if len(products) == 1 else products.browse()), offer

    def _can_be_rematched(self):
        self.ensure_one()
        order = self.order_id
        return order.state != "cancel" and not order.locked and not self.qty_delivered and not self.qty_invoiced

    def _rematch_amazon(self, product, offer):
        """Exchange the product, and with it the seller's taxes; the total stays what the buyer paid.

        The promotions on the goods and the delivery follow.
        """
        self.ensure_one()
        order, total = self.order_id, self.order_id.amount_total
        open_moves = self.move_ids.filtered(lambda move: move.state not in ("done", "cancel"))
        open_moves._action_cancel()
        untouched = order._is_as_amazon_left_it()
        for promotion in self._amazon_promotions():
            taxes = promotion._taxes_after_rematch(product)
            promotion.write(promotion._prepare_retaxed_vals(promotion.product_id, taxes))
        self.write({"product_id": product.id, "amazon_offer_id": offer.id, **self._prepare_rematched_vals(product)})
        order._keep_amazon_total(total)
        self._action_launch_stock_rule()
        if untouched:
            order._remember_amazon_lines()

    def _prepare_rematched_vals(self, product):
        """Hook: what Odoo would compute anew when the product of a line changes."""
        return {
            "name": self.name,
            "product_uom_qty": self.product_uom_qty,
            **self._prepare_retaxed_vals(product, self._taxes_after_rematch(product)),
            "amazon_unmatched": False,
        }

    def _prepare_retaxed_vals(self, product, taxes):
        """The price with which the line, taxed so, comes to what it came to before."""
        price_unit = self.env["amazon.order.lines"]._price_unit(
            self.price_total, self.product_uom_qty or 1, taxes, product, self.currency_id
        )
        return {
            **price_vals(price_unit),
            "discount": 0.0,
            compat.LINE_TAXES: [(6, 0, taxes.ids)],
        }

    def _amazon_promotions(self):
        """The promotions on the goods of this line that can still change.

        Lines from before the connector noted what a promotion is on only tell by its taxes: they are of the goods
        where no other charge of the item has the same.
        """
        self.ensure_one()
        of_item = self.order_id.order_line.filtered(lambda line: line.amazon_item_ref == self.amazon_item_ref)
        promotions = of_item.filtered(lambda line: line.amazon_kind == PROMOTION)
        other_taxes = [line[compat.LINE_TAXES] for line in of_item - promotions - self]
        of_goods = promotions.filtered(
            lambda line: (
                line.amazon_discounts == PRODUCT
                if line.amazon_discounts
                else line[compat.LINE_TAXES] not in other_taxes
            )
        )
        return of_goods.filtered(lambda line: not line.qty_invoiced)

    def _taxes_after_rematch(self, product):
        """The product's taxes; where Amazon collects the tax, the seller still owes none (Money rule 2)."""
        if self._does_amazon_collect_tax():
            return self[compat.LINE_TAXES]
        order = self.order_id
        return order.fiscal_position_id.map_tax(product.taxes_id._filter_taxes_by_company(order.company_id))

    def _does_amazon_collect_tax(self):
        """Whether the tax of this line is Amazon's.

        Lines from before the connector noted that only tell by the tax that Amazon collected in their order, or by
        a tax which stands for that and is not their product's.
        """
        self.ensure_one()
        order = self.order_id
        if any(order.order_line.mapped("amazon_collects_tax")):
            return self.amazon_collects_tax
        stand_in = order.amazon_account_id.collected_tax_id
        is_stand_in = bool(stand_in) and self[compat.LINE_TAXES] == stand_in
        return bool(order.amazon_tax_collected) or (is_stand_in and stand_in not in self.product_id.taxes_id)
