from odoo import api, fields, models

COUNTED = ("contacts", "orders", "notes", "messages", "files", "payloads")
KEPT = ("kept_not_due", "kept_undelivered", "kept_legal_hold", "kept_documents", "kept_invoice")


class AmazonPrivacyLog(models.Model):
    """The proof that personal data were deleted: when, by whom, and how many; never whose."""

    _name = "amazon.privacy.log"
    _description = "Deleted Personal Data"
    _order = "id desc"

    account_id = fields.Many2one("amazon.account", readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    reason = fields.Selection(
        [("due", "Time is over"), ("buyer", "A buyer asked"), ("asked", "All data of the account")],
        required=True,
        readonly=True,
    )
    contacts = fields.Integer(readonly=True)
    orders = fields.Integer(readonly=True)
    notes = fields.Integer(readonly=True)
    messages = fields.Integer(readonly=True)
    files = fields.Integer(readonly=True)
    payloads = fields.Integer("Order Updates", readonly=True)
    kept_not_due = fields.Integer("Kept: Not Due", readonly=True)
    kept_undelivered = fields.Integer("Kept: to Deliver", readonly=True)
    kept_legal_hold = fields.Integer("Kept: Legal Hold", readonly=True)
    kept_documents = fields.Integer("Kept: Other Documents", readonly=True)
    kept_invoice = fields.Integer("Kept: Invoice", readonly=True)

    # === COMPUTE METHODS ===

    @api.depends("create_date")
    def _compute_display_name(self):
        for entry in self:
            entry.display_name = fields.Datetime.to_string(entry.create_date)

    # === BUSINESS METHODS ===

    @api.model
    def _note(self, account, reason, counts):
        """Write an entry, if anything was deleted.

        :param account: the `amazon.account`
        :param str reason: due, buyer or asked
        :param Counter counts: how many of what
        """
        if any(counts[name] for name in COUNTED):
            # sudo: nobody may write the log by hand.
            vals = {name: counts[name] for name in (*COUNTED, *KEPT)}
            self.sudo().create({"account_id": account.id, "reason": reason, **vals})

    @api.model
    def _summary(self, counts):
        """What was deleted and what was kept, in a few sentences.

        :rtype: str
        """
        sentences = [
            self.env._(
                "Deleted: contacts: %(contacts)s, orders: %(orders)s, notes: %(notes)s, messages: %(messages)s, files: "
                "%(files)s.",
                **{name: counts[name] for name in COUNTED},
            )
            if any(counts[name] for name in COUNTED)
            else self.env._("Nothing was deleted.")
        ]
        words = {
            "kept_undelivered": self.env._("Contacts kept, because goods are still to be delivered: %(count)s."),
            "kept_legal_hold": self.env._("Contacts kept, because of a legal hold: %(count)s."),
            "kept_documents": self.env._("Contacts kept, because other documents use them: %(count)s."),
            "kept_invoice": self.env._(
                "Contacts of which posted invoices need name, address and VAT number: %(count)s."
            ),
        }
        sentences += [text % {"count": counts[name]} for name, text in words.items() if counts[name]]
        return "\n".join(sentences)
