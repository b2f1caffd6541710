from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .res_partner import PLACEHOLDER_NAME

KEPT_REASONS = [
    ("not_due", "Not due yet"),
    ("undelivered", "Still to be delivered"),
    ("legal_hold", "Legal hold"),
    ("documents", "Used in other documents"),
    ("invoice", "Posted invoice: name, address and VAT number"),
]
#: After how many days a reason is looked into again.
LOOK_AGAIN_DAYS = {"undelivered": 1, "legal_hold": 7, "documents": 30, "invoice": 30}


class ResPartnerPrivacy(models.Model):
    """Deleting what Amazon said of a buyer, from the contacts that stand for the buyer."""

    _inherit = "res.partner"

    amazon_legal_hold = fields.Boolean(
        "Legal Hold",
        copy=False,
        groups="amazon_connector.group_amazon_administrator",
        help="The law obliges you to keep the data of this Amazon buyer: they are not deleted while this is set.",
    )
    amazon_erased_on = fields.Datetime("Personal Data Deleted On", copy=False, readonly=True)
    amazon_kept_reason = fields.Selection(KEPT_REASONS, "Why Kept", copy=False, readonly=True)
    amazon_kept_details = fields.Char("Kept For", copy=False, readonly=True)
    amazon_erase_check_on = fields.Date("Looked into Again On", copy=False, readonly=True)

    # === CRUD METHODS ===

    def write(self, vals):
        result = super().write(vals)
        if "amazon_legal_hold" in vals:
            # sudo: whoever sets or ends a hold has it looked into with the next deletion.
            self.sudo().amazon_erase_check_on = False
        return result

    # === ACTIONS ===

    def action_erase_amazon_buyer(self):
        """Open the dialog that deletes the data of this buyer."""
        self.ensure_one()
        return self._open_amazon_erasure()

    def _open_amazon_erasure(self):
        buyer = self.parent_id if self.type == "delivery" and self.parent_id.amazon_account_id else self
        buyer._check_is_amazon_buyer()
        action = self.env["ir.actions.act_window"]._for_xml_id("amazon_connector.amazon_erase_buyer_action")
        return {**action, "context": {"default_partner_id": buyer.id}}

    # === BUSINESS METHODS ===

    def _check_is_amazon_buyer(self):
        self.ensure_one()
        if not self.amazon_account_id:
            raise UserError(
                self.env._(
                    "%(name)s is no contact that an Amazon order made, so Odoo does not know what of it came from "
                    "Amazon. Change the contact by hand.",
                    name=self.display_name,
                )
            )

    def _amazon_family(self):
        """This buyer with the delivery addresses and the company, as far as orders of the same account made them.

        Anybody may put contacts below one another: that must not lead to the buyers of another account or company.
        """
        self.ensure_one()
        account = self.amazon_account_id
        below = self.with_context(active_test=False).search([("id", "child_of", self.ids)])
        return (self | below | self.parent_id).filtered(
            lambda partner: (
                partner.amazon_account_id == account
                and (not partner.company_id or partner.company_id == account.company_id)
            )
        )

    def _erase_amazon_buyers(self, counts):
        """Delete the personal data of these contacts, except what has to be kept; each then says why.

        Their orders come first: what an order still needs, its contacts keep.

        :param Counter counts: of what was deleted and what was kept; added to
        """
        cleaner = self.env["amazon.message.cleaner"]
        reasons = self._reasons_to_keep_amazon_data()
        unneeded = self.filtered(lambda partner: partner not in reasons)
        invoiced = (self - unneeded).filtered(lambda partner: reasons[partner][0] == "invoice")
        counts["messages"] += cleaner._clean({partner: cleaner._words(partner) for partner in unneeded | invoiced})
        counts["contacts"] += len(unneeded)
        traces = self.env["amazon.buyer.traces"]
        traces._clean_documents(unneeded, counts)
        unneeded._write_erased(keep_legal=False)
        traces._rename(unneeded)
        unneeded.write(
            {
                "amazon_erased_on": fields.Datetime.now(),
                "amazon_kept_reason": False,
                "amazon_kept_details": False,
                "amazon_erase_check_on": False,
            }
        )
        invoiced._write_erased(keep_legal=True)
        for partner in self - unneeded:
            reason, details, look_again = reasons[partner]
            counts[f"kept_{reason}"] += 1
            partner.write(
                {
                    "amazon_erased_on": False,
                    "amazon_kept_reason": reason,
                    "amazon_kept_details": details,
                    "amazon_erase_check_on": look_again,
                }
            )

    def _write_erased(self, keep_legal):
        """Overwrite the personal data; city, zip code and country stay for the tax.

        :param bool keep_legal: keep what an invoice has to show
        """
        quiet = {"tracking_disable": True, "mail_notrack": True, "no_vat_validation": True}
        self.with_context(**quiet).write(self._prepare_erased_vals(keep_legal))

    def _prepare_erased_vals(self, keep_legal):
        """Hook: what takes the place of a buyer's personal data."""
        names = ["phone", "mobile", "email", "amazon_email", "website", "function", "amazon_former_words"]
        if not keep_legal:
            names += ["street", "street2", "vat", "comment", "company_name", "ref", "image_1920"]
        vals = {name: False for name in names if name in self._fields}
        if not keep_legal:
            vals |= {"name": PLACEHOLDER_NAME, "partner_latitude": 0.0, "partner_longitude": 0.0}
        return vals

    # === WHY THEY ARE KEPT ===

    def _reasons_to_keep_amazon_data(self):
        """Why the personal data of contacts have to stay; who is not in it may be deleted.

        :return: by contact: the reason, what it is kept for, and when to look again
        :rtype: dict[res.partner, tuple]
        """
        reasons = {}
        for partner, documents in self._posted_amazon_documents().items():
            reasons[partner] = ("invoice", documents, self._look_again_on("invoice"))
        for partner, documents in self._other_documents().items():
            reasons[partner] = ("documents", documents, self._look_again_on("documents"))
        for partner, order in self._orders_that_need_amazon_data().items():
            reasons[partner] = order._amazon_reason_to_keep()
        for partner in self.filtered(lambda partner: (partner | partner.parent_id)._has_amazon_hold()):
            reasons[partner] = ("legal_hold", False, self._look_again_on("legal_hold"))
        return reasons

    def _has_amazon_hold(self):
        return any(self.mapped("amazon_legal_hold"))

    @api.model
    def _look_again_on(self, reason):
        return fields.Date.context_today(self) + timedelta(days=LOOK_AGAIN_DAYS[reason])

    def _amazon_orders_with_data(self):
        """The Amazon orders of these contacts whose personal data are not deleted yet."""
        return self.env["sale.order"].search(
            [
                ("amazon_order_ref", "!=", False),
                ("amazon_erased_on", "=", False),
                "|",
                "|",
                ("partner_id", "in", self.ids),
                ("partner_shipping_id", "in", self.ids),
                ("partner_invoice_id", "in", self.ids),
            ]
        )

    def _orders_that_need_amazon_data(self):
        """By contact, the Amazon order whose personal data are kept the longest; an address serves its parents too."""
        children = self.with_context(active_test=False).search([("parent_id", "in", self.ids)])
        orders = (self | children)._amazon_orders_with_data()
        needed = {}
        for order in orders.sorted(lambda order: order._amazon_keep_rank()):
            partners = order.partner_id | order.partner_shipping_id | order.partner_invoice_id
            for partner in partners | partners.parent_id:
                needed[partner] = order
        return {partner: needed[partner] for partner in self if partner in needed}

    def _posted_amazon_documents(self):
        """By contact, the numbers of posted accounting documents that show its name and address."""
        found = defaultdict(set)
        # sudo: whoever asks need not see the accounting.
        invoices = self.env["account.move"].sudo()
        for move in invoices.search([("state", "=", "posted"), ("partner_id", "in", self.ids)]):
            found[move.partner_id].add(move.name)
        lines = self.env["account.move.line"].sudo()
        domain = [("parent_state", "=", "posted"), ("partner_id", "in", self.ids)]
        for partner, move in lines._read_group(domain, ["partner_id", "move_id"]):
            found[partner].add(move.name)
        return {partner: self._in_few_words(names) for partner, names in found.items()}

    def _other_documents(self):
        """By contact, in which documents of other than Amazon orders a person uses it, or one of its addresses."""
        children = self.with_context(active_test=False).search([("parent_id", "in", self.ids)])
        everybody = self | children
        finder = self.env["amazon.other.documents"]
        found = defaultdict(lambda: defaultdict(set))
        for model_name, field_name in finder._fields_to_contacts():
            for partner, documents in finder._find(model_name, field_name, everybody).items():
                for owner in partner | partner.parent_id:
                    found[owner][documents._description] |= set(documents.ids)
        return {
            partner: self._in_few_words(f"{name} ({len(ids)})" for name, ids in found[partner].items())
            for partner in self
            if partner in found
        }

    @api.model
    def _in_few_words(self, names, limit=5):
        names = sorted(names)
        return ", ".join(names[:limit]) + (" …" if len(names) > limit else "")
