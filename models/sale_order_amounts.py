from collections import defaultdict
from decimal import Decimal

from odoo import models

from .. import compat
from ..spapi import amounts as amazon
from ..utils import exact_amount
from .amazon_order_importer import NewOrder
from .amazon_order_lines import price_vals

#: More than this for each line, between Odoo and Amazon, and a person should look (Money rule 3).
TOLERANCE_PER_LINE = Decimal("0.01")


class SaleOrderAmounts(models.Model):
    """The amounts of an Amazon order: its total is Amazon's to the cent, or the order is marked for review."""

    _inherit = "sale.order"

    def _settle_amazon_amounts(self, all_amounts):
        """Bring each order to the total that Amazon's amounts ask for, and mark those that a person should see.

        :param list all_amounts: the `OrderAmounts` of each of these orders
        """
        rounding_lines = []
        for order, amounts in zip(self, all_amounts, strict=True):
            difference = order._amazon_difference(amounts)
            policy = order.amazon_account_id.amounts_policy
            reasons = [] if policy == "accept" else order._amazon_review_reasons(amounts, difference)
            if reasons or order.amazon_review:
                order.write({"amazon_review": bool(reasons), "amazon_review_reason": "\n".join(reasons)})
            rounding_lines += order._round_to_amazon(difference)
        self.env["sale.order.line"].create(rounding_lines)
        self._remember_amazon_lines()

    def _round_to_amazon(self, difference):
        """Let the order's rounding line take a difference.

        :return: the values of that line, where there is none yet and it is wanted
        """
        line = self.order_line.filtered(lambda line: line.amazon_kind == "rounding")
        if not line:
            return [self._prepare_amazon_rounding_vals(difference)] if difference else []
        line.write(price_vals(line.price_unit + float(difference)))
        return []

    def _keep_amazon_total(self, total):
        """Bring the order back to a total after its lines changed, and mark a tax that is not Amazon's for review.

        :param float total: what the buyer paid, with the seller's taxes, in the order's currency
        """
        self.ensure_one()
        difference = exact_amount(total, self.currency_id) - exact_amount(self.amount_total, self.currency_id)
        self.env["sale.order.line"].create(self._round_to_amazon(difference))
        tolerance = TOLERANCE_PER_LINE * len(self.order_line.filtered("amazon_kind"))
        amazon_tax = exact_amount(self.amazon_tax, self.currency_id)
        reasons = self._amazon_tax_reasons(amazon_tax, tolerance) if self.amazon_tax_stated else []
        if reasons and not self.amazon_review and self.amazon_account_id.amounts_policy != "accept":
            self.write({"amazon_review": True, "amazon_review_reason": "\n".join(reasons)})

    def _reprice_for_amazon(self, order, amounts):
        """Give the lines the amounts that Amazon states now; products, names and quantities stay.

        :param order: the parsed Amazon order
        :param amounts: its `OrderAmounts`
        """
        self.ensure_one()
        new = self._as_new_order(order, amounts)
        match = self.env["amazon.offer"]._match_products(new.account, [order])
        builder = self.env["amazon.order.lines"]
        left = defaultdict(list)
        for line in self.order_line.filtered("amazon_kind"):
            left[line.amazon_item_ref or False, line.amazon_kind].append(line)
        rounding_line = self.env["sale.order.line"].concat(*left.pop((False, "rounding"), []))
        for amount_line in amounts.lines:
            same = left[amount_line.item_ref or False, amount_line.kind]
            if same:
                builder._reprice_line(new, same.pop(0), amount_line, match)
            else:
                vals = builder._prepare_amount_line(new, amount_line, match)
                self.env["sale.order.line"].create({**vals, "order_id": self.id})
        for line in [line for lines in left.values() for line in lines]:
            # Without taxes, too: one of a fixed amount is due even where the price is nothing.
            line.write({**price_vals(0.0), compat.LINE_TAXES: [(5, 0, 0)]})
        rounding_line.write(price_vals(0.0))
        self.write({"amazon_total": float(amounts.grand_total), **self._prepare_amazon_tax_vals(amounts)})
        self._settle_amazon_amounts([amounts])

    def _as_new_order(self, order, amounts):
        """This sales order with its records, as the line builder wants them."""
        return NewOrder(
            account=self.amazon_account_id,
            order=order,
            amounts=amounts,
            marketplace=self.amazon_marketplace_id,
            currency=self.currency_id,
            contact=self.partner_id,
            delivery=self.partner_shipping_id,
            fiscal_position=self.fiscal_position_id,
        )

    def _prepare_amazon_tax_vals(self, amounts):
        return {
            "amazon_tax": float(amounts.tax),
            "amazon_tax_stated": amounts.states_tax,
            "amazon_tax_collected": float(amounts.tax_collected),
            "amazon_amounts_digest": amounts.digest,
        }

    def _amazon_difference(self, amounts):
        """What is missing to the total that Amazon's amounts ask for, exactly, in the order's currency."""
        self.ensure_one()
        return exact_amount(float(amounts.total), self.currency_id) - exact_amount(self.amount_total, self.currency_id)

    def _prepare_amazon_rounding_vals(self, difference):
        """Hook: the values of the untaxed line that makes the total exact."""
        return {
            "order_id": self.id,
            "product_id": self.env.ref("amazon_connector.product_amazon_rounding").id,
            "name": self.env._("Rounding, so that the total is Amazon's"),
            "product_uom_qty": 1,
            **price_vals(float(difference)),
            "discount": 0.0,
            compat.LINE_TAXES: [(5, 0, 0)],
            "sequence": 9999,
            "amazon_kind": "rounding",
        }

    def _amazon_review_reasons(self, amounts, difference):
        """Why a person should look at the amounts: a list of sentences, with both numbers; empty when all is well."""
        self.ensure_one()
        env = self.env
        tolerance = TOLERANCE_PER_LINE * max(len(amounts.lines), 1)
        total, amazon_total = self.amount_total, float(amounts.total)
        texts = {
            amazon.DOUBT_ITEM_TOTAL: env._("Amazon's parts of an item do not add up to the item's total."),
            amazon.DOUBT_ORDER_TOTAL: env._("Amazon's items do not add up to the order's total."),
            amazon.DOUBT_NO_AMOUNTS: env._("Amazon sent no amounts for this order."),
            amazon.DOUBT_TAX_OWNER: env._(
                "Amazon does not tell this application whether it collects the tax itself: a role is missing. The tax "
                "is taken for yours."
            ),
            amazon.DOUBT_QUANTITY: env._("Amazon charges for an item of which nothing was ordered."),
        }
        reasons = [texts[doubt] for doubt in amounts.doubts]
        if abs(difference) > tolerance:
            reasons.append(
                env._(
                    "With Odoo's taxes the lines come to %(odoo)s; Amazon's total is %(amazon)s.",
                    odoo=self.currency_id.format(total),
                    amazon=self.currency_id.format(amazon_total),
                )
            )
        if amounts.states_tax:
            reasons += self._amazon_tax_reasons(amounts.tax, tolerance)
        return reasons

    def _amazon_tax_reasons(self, amazon_tax, tolerance):
        """A sentence in a list, if Odoo computes another tax than Amazon."""
        if abs(amazon_tax - exact_amount(self.amount_tax, self.currency_id)) <= tolerance:
            return []
        return [
            self.env._(
                "Odoo computes %(odoo)s of tax; Amazon states %(amazon)s.",
                odoo=self.currency_id.format(self.amount_tax),
                amazon=self.currency_id.format(float(amazon_tax)),
            )
        ]
