import textwrap

from odoo import api, models

from .. import compat
from ..service_levels import service_level_name
from ..spapi import amounts as amazon

#: Where Odoo looks for the product of a charge that is no item; see `_product_of`.
DEFAULT_PRODUCTS = {
    amazon.PRODUCT: "amazon_connector.product_amazon_sale",
    amazon.SHIPPING: "amazon_connector.product_amazon_shipping",
    amazon.GIFT_WRAP: "amazon_connector.product_amazon_sale",
    amazon.COD_FEE: "amazon_connector.product_amazon_shipping",
    amazon.TIP: "amazon_connector.product_amazon_sale",
    amazon.OTHER: "amazon_connector.product_amazon_sale",
    amazon.PROMOTION: "amazon_connector.product_amazon_promotion",
}
#: Odoo puts its own price on a line whose quantity changes, unless the line's technical price is another than its
#: price. No price comes near this one, whatever a person makes of it.
NOT_ODOOS_PRICE = -1.0e12
#: So much of an item's title stands on the lines for its shipping, gift wrap and promotions.
TITLE_LENGTH = 80


def price_vals(price_unit):
    """The values of a line with a price that no change of its quantity may replace by Odoo's."""
    return {"price_unit": price_unit, "technical_price_unit": NOT_ODOOS_PRICE}


class AmazonOrderLines(models.AbstractModel):
    """Makes the lines of a sales order of what the buyer of an Amazon order paid."""

    _name = "amazon.order.lines"
    _description = "Amazon Order Lines"

    @api.model
    def _prepare_lines(self, new, match):
        """The values of all lines of an order, in the order of its items.

        :param NewOrder new: the order and the records it stands for
        :param ProductMatch match: finds the products of the batch
        """
        lines = []
        for line in new.amounts.lines:
            lines.append(self._prepare_amount_line(new, line, match))
            item = new.order.item(line.item_ref)
            if item and line.kind == amazon.PRODUCT:
                lines += self._prepare_note_vals_list(item)
        return [{**vals, "sequence": 10 + index} for index, vals in enumerate(lines)]

    @api.model
    def _prepare_amount_line(self, new, line, match):
        """The values of the line for one amount of an order."""
        item = new.order.item(line.item_ref)
        product, offer = self._product_of(new, line, item, match)
        taxes = self._taxes_of(new, line, item, product, match)
        return self._prepare_line_vals(new, line, item, product, offer, taxes)

    @api.model
    def _reprice_line(self, new, sale_line, line, match):
        """Give a line of a sales order another amount: its product and quantity stay as they are."""
        product = sale_line.product_id
        taxes = self._taxes_of(new, line, new.order.item(line.item_ref), product, match)
        price_unit = self._price_unit(float(line.paid), sale_line.product_uom_qty or 1, taxes, product, new.currency)
        sale_line.write(
            {
                **price_vals(price_unit),
                "discount": 0.0,
                compat.LINE_TAXES: [(6, 0, taxes.ids)],
                **self._prepare_tax_reason_vals(line),
            }
        )

    @api.model
    def _product_of(self, new, line, item, match):
        """The product of a line, and the offer that led to it (or none)."""
        offer = self.env["amazon.offer"]
        product = self.env["product.product"]
        if line.kind == amazon.PRODUCT:
            offer = match.offer(new.marketplace, item.sku) or offer
            product = offer.product_id or match.by_reference(item.sku)
        elif line.kind == amazon.SHIPPING:
            product = match.by_reference(new.order.service_level)
        elif line.kind == amazon.GIFT_WRAP:
            product = match.by_reference(item.gift_wrap_level if item else "")
        return product or self._default_product(new.account, line.kind), offer

    @api.model
    def _default_product(self, account, kind):
        """The product for what no product could be found: the account's choice, else Amazon Sale and its like."""
        chosen = {
            amazon.PRODUCT: account.sale_product_id,
            amazon.SHIPPING: account.shipping_product_id,
            amazon.GIFT_WRAP: account.gift_wrap_product_id,
        }.get(kind)
        if chosen:
            return chosen
        # Unlike env.ref, this does not ask the database for each line whether the product is still there.
        return self.env["product.product"].browse(
            self.env["ir.model.data"]._xmlid_to_res_id(DEFAULT_PRODUCTS[kind], raise_if_not_found=True)
        )

    @api.model
    def _taxes_of(self, new, line, item, product, match):
        """The taxes of a line (Money rules 1 and 2).

        The seller owes none where the marketplace collects it; a promotion carries the taxes of what it discounts.
        """
        if line.facilitated:
            return new.account.collected_tax_id
        if line.kind == amazon.PROMOTION:
            discounted = amazon.AmountLine(line.discounts, line.item_ref, 1, line.paid)
            if item or line.discounts != amazon.PRODUCT:
                product, _offer = self._product_of(new, discounted, item, match)
        taxes = product.taxes_id._filter_taxes_by_company(new.account.company_id)
        return new.fiscal_position.map_tax(taxes)

    @api.model
    def _prepare_line_vals(self, new, line, item, product, offer, taxes):
        """Hook: the values of one line.

        :param NewOrder new: the order and the records it stands for
        :param AmountLine line: what the buyer paid for it
        :param item: the Amazon item it belongs to, or None for a charge of the whole order
        """
        price_unit = self._price_unit(float(line.paid), line.quantity, taxes, product, new.currency)
        return {
            "product_id": product.id,
            "name": self._line_name(new, line, item),
            "product_uom_qty": line.quantity,
            **price_vals(price_unit),
            "discount": 0.0,
            compat.LINE_TAXES: [(6, 0, taxes.ids)],
            "amazon_item_ref": line.item_ref,
            "amazon_offer_id": offer.id,
            "amazon_kind": line.kind,
            **self._prepare_tax_reason_vals(line),
            **self._prepare_item_vals(line, item, product, offer),
        }

    @api.model
    def _prepare_tax_reason_vals(self, line):
        """Why a line has its taxes, besides its product: needed once the product is exchanged."""
        return {"amazon_collects_tax": line.facilitated, "amazon_discounts": line.discounts or False}

    @api.model
    def _prepare_item_vals(self, line, item, product, offer):
        """What the line of the goods themselves knows of its Amazon item."""
        if line.kind != amazon.PRODUCT:
            return {}
        return {
            "amazon_sku": item.sku or False,
            "amazon_quantity": line.quantity,
            "amazon_unmatched": not offer and (not item.sku or product.default_code != item.sku),
            "amazon_gift_noted": bool(item.gift_message),
            "amazon_customization_noted": bool(item.customization_url),
        }

    @api.model
    def _line_name(self, new, line, item):
        env = self.env
        title = (item.title or item.sku or item.asin) if item else ""
        if line.kind == amazon.PRODUCT:
            return f"[{item.sku}] {title}" if item.sku else title or env._("Amazon item")
        names = {
            amazon.SHIPPING: env._(
                "Shipping (%(level)s)",
                level=service_level_name(env, new.order.service_level) or env._("no service level"),
            ),
            amazon.GIFT_WRAP: env._(
                "Gift wrap (%(level)s)", level=(item and item.gift_wrap_level) or env._("no level")
            ),
            amazon.COD_FEE: env._("Cash on delivery fee"),
            amazon.TIP: env._("Delivery tip"),
            amazon.PROMOTION: env._("Promotion"),
            amazon.OTHER: env._("Other charge by Amazon (%(type)s)", type=line.label or line.kind),
        }
        name = names[line.kind]
        if line.kind == amazon.PROMOTION and line.discounts == amazon.SHIPPING:
            name = env._("Promotion on shipping")
        # The whole title stands on the line of the goods.
        return f"{name}: {textwrap.shorten(title, TITLE_LENGTH, placeholder='…')}" if title else name

    @api.model
    def _prepare_note_vals_list(self, item):
        """Hook: the values of the note lines below an item: the gift message, and what the buyer had customized."""
        notes = []
        if item.gift_message:
            notes.append(self.env._("Gift message: %(message)s", message=item.gift_message))
        if item.customization_url:
            notes.append(
                self.env._("Customized by the buyer; the details expire soon: %(link)s", link=item.customization_url)
            )
        return [{"display_type": "line_note", "name": note, "is_amazon_buyer_note": True} for note in notes]

    @api.model
    def _price_unit(self, paid, quantity, taxes, product, currency):
        """The unit price with which Odoo's total of the line, taxes in, is what the buyer paid for it.

        Works from the total downwards, so it does not matter whether Odoo's taxes are price-included, excluded, fixed
        or several. What the precision of unit prices cuts off is settled on the order's rounding line (Money rule 3).

        :param float paid: in the currency of the order, with the seller's taxes
        """
        details = taxes._get_tax_details(
            paid / quantity,
            quantity,
            precision_rounding=currency.rounding,
            rounding_method="round_globally",
            product=product,
            special_mode="total_included",
        )
        inside = sum(tax["tax_amount"] for tax in details["taxes_data"] if tax["tax"].price_include)
        price_unit = (details["total_excluded"] + inside) / quantity
        digits = self.env["decimal.precision"].precision_get("Product Price")
        return round(price_unit, digits)
