from odoo import api, models

#: Models that refer to contacts without being anybody's documents. A dot at the end stands for all that begin so.
NO_DOCUMENTS = (
    *("amazon.", "base.", "bus.", "digest.", "discuss.", "ir.", "mail.", "portal.", "privacy.", "rating.", "sms."),
    "res.users.settings.",
    *(
        "iap.",
        "snailmail.",
        "phone.",
        "res.partner",
        "res.partner.autocomplete.sync",
        "res.partner.category",
        "res.partner.industry",
    ),
    # Kept as posted accounting documents, see `_posted_amazon_documents`.
    *("account.move.line", "account.payment", "account.bank.statement.line", "account.analytic.line"),
)
#: The documents of Amazon orders themselves, by the fields that lead from a document to its Amazon order.
AMAZON_PATHS = {
    "sale.order": ["amazon_order_ref"],
    "sale.order.line": ["order_id.amazon_order_ref"],
    "stock.picking": ["sale_id.amazon_order_ref", "return_id.sale_id.amazon_order_ref"],
    "procurement.group": ["sale_id.amazon_order_ref"],
    "stock.reference": ["sale_ids.amazon_order_ref"],
    "stock.move": ["sale_line_id.order_id.amazon_order_ref", "picking_id.sale_id.amazon_order_ref"],
    "account.move": [
        "line_ids.sale_line_ids.order_id.amazon_order_ref",
        "reversed_entry_id.line_ids.sale_line_ids.order_id.amazon_order_ref",
    ],
    "purchase.order": ["order_line.sale_order_id.amazon_order_ref"],
}


class AmazonOtherDocuments(models.AbstractModel):
    """Finds out whether a contact that an Amazon order made serves a person for something else as well.

    Looks at every field of every installed model that refers to contacts, so that no app is forgotten.
    """

    _name = "amazon.other.documents"
    _description = "Documents of Amazon Buyers"

    @api.model
    def _fields_to_contacts(self):
        """The stored fields that refer to one contact, of all models that are documents.

        :return: pairs of model and field
        :rtype: list[tuple[str, str]]
        """
        return [
            (model_name, field.name)
            for model_name in sorted(self.env.registry)
            if self._is_document(self.env[model_name])
            for field in self.env[model_name]._fields.values()
            if field.type == "many2one"
            and field.comodel_name == "res.partner"
            and field.store
            and field.column_type
            and not field.company_dependent
        ]

    @api.model
    def _is_document(self, model):
        if model._abstract or model._transient or not model._auto:
            return False
        return not any(
            model._name.startswith(name) if name.endswith(".") else model._name == name for name in NO_DOCUMENTS
        )

    @api.model
    def _find(self, model_name, field_name, partners):
        """The documents that refer to contacts by a field and belong to no Amazon order, by contact.

        :rtype: dict
        """
        documents = self.env[model_name].sudo().with_context(active_test=False)
        domain = [(field_name, "in", partners.ids), *self._not_accounting(model_name)]
        paths = [path for path in AMAZON_PATHS.get(model_name, ()) if self._exists(model_name, path)]
        others = documents.search(domain).filtered(
            lambda document: not any(any(document.mapped(path)) for path in paths)
        )
        return others.grouped(field_name)

    @api.model
    def _not_accounting(self, model_name):
        """Payments and the like are kept for accounting, whatever they pay."""
        return [("move_type", "!=", "entry")] if model_name == "account.move" else []

    @api.model
    def _exists(self, model_name, path):
        model = self.env[model_name]
        for name in path.split("."):
            if name not in model._fields:
                return False
            field = model._fields[name]
            model = self.env[field.comodel_name] if field.relational else model
        return True
