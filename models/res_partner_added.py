from odoo import api, fields, models


class ResPartnerAdded(models.Model):
    """Contacts and addresses that a person added below an Amazon buyer: they are the buyer's, too."""

    _inherit = "res.partner"

    amazon_added_by_hand = fields.Boolean("Added to an Amazon Buyer by Hand", copy=False, readonly=True)

    # === CRUD METHODS ===

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        added = partners.filtered(lambda partner: partner._is_new_below_amazon_buyer())
        # sudo: only the connector writes it, whoever adds the contact.
        added.sudo().amazon_added_by_hand = True
        return partners

    # === BUSINESS METHODS ===

    def _is_new_below_amazon_buyer(self):
        """Whether a person makes this contact below a buyer, or below what was added to one."""
        self.ensure_one()
        above = self.parent_id.sudo()
        return not self.amazon_account_id and bool(above.amazon_account_id or above.amazon_added_by_hand)

    @api.model
    def _take_in_added_contacts(self, account):
        """Treat what people added below the buyers of an account as the buyers' own: kept and deleted with them.

        A contact that was there before it was put below a buyer is the seller's own, and stays out.
        """
        everybody = self.with_context(active_test=False)
        domain = [
            ("amazon_account_id", "=", False),
            ("amazon_added_by_hand", "=", True),
            ("company_id", "in", [False, account.company_id.id]),
            ("parent_id.amazon_account_id", "=", account.id),
        ]
        # Each round takes in what stands one level deeper.
        while added := everybody.search(domain):
            added.amazon_account_id = account

    def _with_added_contacts(self):
        """These buyers with what people added below them, however short a time ago."""
        domain = [
            ("id", "child_of", self.ids),
            ("amazon_added_by_hand", "=", True),
            ("amazon_account_id", "in", self.amazon_account_id.ids),
            ("amazon_erased_on", "=", False),
        ]
        return self | self.with_context(active_test=False).search(domain)

    def _amazon_owner(self):
        """The buyer below whom a person added this contact."""
        self.ensure_one()
        owner = self
        while owner.amazon_added_by_hand and owner.parent_id:
            owner = owner.parent_id
        return owner

    def _reasons_to_keep_amazon_data(self):
        """What a person added is kept as long as its buyer; a posted invoice of the buyer does not need it."""
        reasons = super()._reasons_to_keep_amazon_data()
        owners = {partner: partner._amazon_owner() for partner in self.filtered("amazon_added_by_hand")}
        others = self.union(*owners.values()) - self
        reasons_of_owners = {**(others._reasons_to_keep_amazon_data() if others else {}), **reasons}
        for partner, owner in owners.items():
            reason = reasons_of_owners.get(owner)
            if reason and reason[0] != "invoice":
                reasons.setdefault(partner, reason)
        return reasons
