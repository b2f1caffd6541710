from collections import defaultdict

from odoo import api, models

from .res_partner import PLACEHOLDER_NAME

#: A tracked change keeps the number and the name of the contact before, and of the one after.
SIDES = ("old", "new")


class AmazonBuyerTraces(models.AbstractModel):
    """Finds what Odoo writes down of a buyer elsewhere than on the contact and on the documents that use it today."""

    _name = "amazon.buyer.traces"
    _description = "Traces of Amazon Buyers"

    # === WHOM A DOCUMENT MAY NAME ===

    @api.model
    def _people_of_orders(self, orders):
        """By order, the Amazon contacts whom its messages may name.

        Besides today's buyer and addresses, those who were its customer once, and the buyers' other addresses: a person
        may have changed them on the order.

        :rtype: dict
        """
        once = self._contacts_once_on(orders)
        people = {order: order._amazon_buyer_partners() | once[order.id] for order in orders}
        everybody = orders.env["res.partner"].union(*people.values())
        domain = [("parent_id", "in", (everybody | everybody.parent_id).ids), ("amazon_account_id", "!=", False)]
        below = everybody.with_context(active_test=False).search(domain).grouped("parent_id")
        for order, partners in people.items():
            owners = partners | partners.parent_id
            found = partners.union(*(below[owner] for owner in owners if owner in below))
            # Whoever may put a contact below another company's buyer must not have messages there emptied by its name.
            people[order] = found.filtered(
                lambda partner, order=order: partner.amazon_account_id == order.amazon_account_id
            )
        return people

    @api.model
    def _contacts_once_on(self, records):
        """By id of a record, the Amazon contacts that a tracked change says stood on it."""
        domain = [("mail_message_id.model", "=", records._name), ("mail_message_id.res_id", "in", records.ids)]
        found = defaultdict(set)
        for value in self._tracked_contacts(domain):
            found[value.mail_message_id.res_id] |= {value[f"{side}_value_integer"] for side in SIDES}
        partners = (
            records.env["res.partner"].browse(set().union(*found.values())).exists().filtered("amazon_account_id")
        )
        return {
            record_id: partners.filtered(lambda partner, ids=found[record_id]: partner.id in ids)
            for record_id in records.ids
        }

    @api.model
    def _tracked_contacts(self, domain):
        # sudo: tracked changes are Odoo's own.
        values = self.env["mail.tracking.value"].sudo()
        return values.search([("field_id.relation", "=", "res.partner"), ("field_id.ttype", "=", "many2one"), *domain])

    @api.model
    def _changes_that_name(self, contacts):
        sides = ["|", *[(f"{side}_value_integer", "in", contacts.ids) for side in SIDES]]
        return self._tracked_contacts(sides) if contacts else self.env["mail.tracking.value"]

    # === DELETING ===

    @api.model
    def _clean_documents(self, contacts, counts):
        """Empty the messages that name contacts on documents that used them once, or still do as a draft.

        :param contacts: whose personal data are about to be deleted
        :param Counter counts: of what was deleted; added to
        """
        cleaner = self.env["amazon.message.cleaner"]
        words = {contact: cleaner._words(contact) for contact in contacts}
        documents = defaultdict(lambda: defaultdict(set))
        for record, partners in self._documents_of(contacts):
            for contact in contacts & partners:
                documents[record._name][record] |= words[contact]
        for of_model in documents.values():
            counts["messages"] += cleaner._clean(of_model)
        counts["files"] += cleaner._delete_files(self._unposted_invoices(contacts))
        counts["files"] += cleaner._delete_files(contacts)

    @api.model
    def _documents_of(self, contacts):
        """Pairs of a document and contacts whom its messages may name."""
        for value in self._changes_that_name(contacts):
            message = value.mail_message_id
            if message.model in self.env and message.res_id and message.model != "account.move":
                ids = [value[f"{side}_value_integer"] for side in SIDES]
                yield self.env[message.model].sudo().browse(message.res_id), contacts.browse(ids)
        yield from self._people_of_orders((contacts | contacts.parent_id)._amazon_orders_with_data()).items()
        for move in self._unposted_invoices(contacts):
            yield move, move.partner_id | move.partner_shipping_id | move.commercial_partner_id

    @api.model
    def _unposted_invoices(self, contacts):
        # sudo: whoever asks need not see the accounting.
        invoices = self.env["account.move"].sudo()
        domain = ["|", ("partner_id", "in", contacts.ids), ("partner_shipping_id", "in", contacts.ids)]
        return invoices.search([("state", "!=", "posted"), *domain])._without_what_the_law_keeps()

    @api.model
    def _rename(self, contacts):
        """Have Odoo's tracked changes and activities call contacts as they are called now that they are erased."""
        cleaner = self.env["amazon.message.cleaner"]
        changes = self._changes_that_name(contacts)
        for value in changes.filtered(lambda value: cleaner._may_be_emptied(value.mail_message_id)):
            named = [side for side in SIDES if value[f"{side}_value_integer"] in contacts.ids]
            value.write({f"{side}_value_char": PLACEHOLDER_NAME for side in named})
        activities = self.env["mail.activity"].sudo().with_context(active_test=False)
        domain = [("res_model", "=", "res.partner"), ("res_id", "in", contacts.ids)]
        self.env.add_to_compute(activities._fields["res_name"], activities.search(domain))
