from dataclasses import replace

from odoo import fields, models


class SaleOrderLineNotes(models.Model):
    """Goods for which the buyer gave a gift message, or had something customized."""

    _inherit = "sale.order.line"

    amazon_gift_noted = fields.Boolean(copy=False, readonly=True, help="Amazon gave the gift message of this item.")
    amazon_customization_noted = fields.Boolean(
        copy=False, readonly=True, help="Amazon gave the link to what the buyer had customized."
    )

    # === BUSINESS METHODS ===

    def _take_amazon_notes(self, item):
        """The values of the note lines for what Amazon says of an item for the first time.

        What it said once is not noted again: a person may have removed it, and the links are others each time.
        """
        self.ensure_one()
        new = replace(
            item,
            gift_message="" if self.amazon_gift_noted else item.gift_message,
            customization_url="" if self.amazon_customization_noted else item.customization_url,
        )
        vals_list = self.env["amazon.order.lines"]._prepare_note_vals_list(new)
        if vals_list:
            self.write(self._prepare_amazon_noted_vals(item))
        return [{**vals, "order_id": self.order_id.id, "sequence": self.sequence} for vals in vals_list]

    def _prepare_amazon_noted_vals(self, item):
        return {
            "amazon_gift_noted": self.amazon_gift_noted or bool(item.gift_message),
            "amazon_customization_noted": self.amazon_customization_noted or bool(item.customization_url),
        }
