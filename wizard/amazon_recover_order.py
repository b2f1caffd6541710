import re

from odoo import fields, models
from odoo.exceptions import UserError

#: An Amazon order reference, with or without its dashes, wherever it stands in a text.
ORDER_REF = re.compile(r"(?<![0-9A-Za-z])([0-9A-Z]\d{2})-?(\d{7})-?(\d{7})(?!\d)")
#: What somebody may have meant as one: many digits, with or without dashes.
NEARLY_A_REF = re.compile(r"[0-9A-Za-z]*\d[\d-]{6,}[0-9A-Za-z]*")
#: What stands between two things that somebody may have meant as references.
BETWEEN_WORDS = re.compile(r"[\s,;|]+")
#: How many words that are no references are shown, and how much of each.
MOST_WORDS, LONGEST_WORD = 5, 30


class AmazonRecoverOrder(models.TransientModel):
    """Fetch orders by reference, and say of each what happened."""

    _name = "amazon.recover.order"
    _description = "Recover Amazon Orders"

    account_id = fields.Many2one("amazon.account", required=True, ondelete="cascade")
    references = fields.Text(
        "Amazon Order References",
        help="One or several references, pasted as they are: a list, a column of a spreadsheet, a link.",
    )
    line_ids = fields.One2many("amazon.recover.order.line", "wizard_id", readonly=True)

    # === ACTIONS ===

    def action_recover(self):
        """Recover each order that is named; the dialog then shows what happened."""
        self.ensure_one()
        self.account_id.check_access("write")
        refs = self._extract_references(self.references)
        if not refs:
            raise UserError(
                self.env._("There is no Amazon order reference in it. A reference looks like 112-4455667-8899001.")
            )
        self.line_ids.unlink()
        for ref in refs:
            self.env["amazon.recover.order.line"].create({"wizard_id": self.id, **self._recover_one(ref)})
        self._note_unreadable()
        self._note_other_words()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Recover Order"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    # === BUSINESS METHODS ===

    def _extract_references(self, text):
        """The references in a text, each once, in their order."""
        return list(dict.fromkeys("-".join(parts) for parts in ORDER_REF.findall(text or "")))

    def _note_unreadable(self):
        """Say of what looks like a reference and is none that nothing was done for it."""
        rest = ORDER_REF.sub(" ", self.references or "")
        outcome = self.env._("This is no Amazon order reference. One looks like 112-4455667-8899001.")
        self.env["amazon.recover.order.line"].create(
            [
                {"wizard_id": self.id, "amazon_order_ref": word, "outcome": outcome, "is_problem": True}
                for word in dict.fromkeys(NEARLY_A_REF.findall(rest))
            ]
        )

    def _note_other_words(self):
        """Name the other words that are no references, in one line; a link with a reference in it is none of them."""
        others = [word for word in BETWEEN_WORDS.split(self.references or "") if self._is_other_word(word)]
        words = [word if len(word) <= LONGEST_WORD else f"{word[:LONGEST_WORD]}…" for word in dict.fromkeys(others)]
        if not words:
            return
        outcome = self.env._("Not an order reference: %(words)s", words=", ".join(words[:MOST_WORDS]))
        if len(words) > MOST_WORDS:
            outcome = self.env._("%(named)s, and %(count)s more", named=outcome, count=len(words) - MOST_WORDS)
        self.env["amazon.recover.order.line"].create({"wizard_id": self.id, "outcome": outcome, "is_problem": True})

    def _is_other_word(self, word):
        has_letters = any(character.isalnum() for character in word)
        return has_letters and not ORDER_REF.search(word) and not NEARLY_A_REF.search(word)

    def _recover_one(self, ref):
        try:
            update = self.account_id._recover_order_by_ref(ref)
        except UserError as error:
            return {"amazon_order_ref": ref, "outcome": str(error), "is_problem": True}
        return {
            "amazon_order_ref": ref,
            "outcome": update._outcome(),
            "is_problem": update.state != "done",
            "sale_order_id": update.sale_order_id.id,
        }


class AmazonRecoverOrderLine(models.TransientModel):
    _name = "amazon.recover.order.line"
    _description = "Recovered Amazon Order"

    wizard_id = fields.Many2one("amazon.recover.order", required=True, ondelete="cascade")
    amazon_order_ref = fields.Char("Amazon Order Reference")
    outcome = fields.Text("What Happened")
    is_problem = fields.Boolean()
    sale_order_id = fields.Many2one("sale.order", "Sales Order")

    def action_open_sale_order(self):
        self.ensure_one()
        return self.sale_order_id.get_formview_action()
