from markupsafe import Markup, escape

from odoo import models
from odoo.tools import is_html_empty

from ..spapi.amounts import PRODUCT
from ..utils import unlocked


class SaleOrderNotes(models.Model):
    """The buyer's gift messages and customization links, on the order and on its deliveries."""

    _inherit = "sale.order"

    def _amazon_packing_note(self, notes=None):
        """The buyer's notes on these orders, as plain text with the item that each is on, for whoever packs it.

        :param notes: only these note lines
        :rtype: Markup
        """
        if notes is None:
            notes = self.order_line.filtered("is_amazon_buyer_note")
        packing_note = Markup("")
        for order in notes.order_id:
            goods = ""
            for line in order.order_line.sorted(lambda line: (line.sequence, line.id)):
                goods = line.name if line.amazon_kind == PRODUCT else goods
                if line in notes:
                    text = Markup("<br/>").join(escape(part) for part in line.name.splitlines())
                    packing_note += Markup("<p>%s<br/>%s</p>") % (goods, text)
        return packing_note

    def _add_amazon_buyer_notes(self, order):
        """Note what Amazon did not say before of gift messages and customizations, also on what is left to deliver.

        :param order: the parsed Amazon order
        """
        self.ensure_one()
        lines = {line.amazon_item_ref: line for line in self._amazon_product_lines()}
        vals_list = []
        for item in order.items:
            if item.item_ref in lines:
                vals_list += lines[item.item_ref]._take_amazon_notes(item)
        if not vals_list:
            return
        with unlocked(self):
            notes = self.env["sale.order.line"].create(vals_list)
        packing_note = self._amazon_packing_note(notes)
        for picking in self.picking_ids:
            if picking.state not in ("done", "cancel") and picking.picking_type_code != "incoming":
                picking.note = (Markup("") if is_html_empty(picking.note) else picking.note) + packing_note
