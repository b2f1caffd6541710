from collections import Counter

from odoo import fields, models


class AmazonEraseBuyer(models.TransientModel):
    """Delete the data of one buyer who asks for it, at once, and say what had to be kept."""

    _name = "amazon.erase.buyer"
    _description = "Erase Buyer Data"

    partner_id = fields.Many2one("res.partner", "Buyer", required=True, readonly=True, ondelete="cascade")
    outcome = fields.Text(readonly=True)

    # === ACTIONS ===

    def action_erase(self):
        """Delete the data of the buyer's orders, then the contacts; the dialog then shows what came of it."""
        self.ensure_one()
        self.check_access("write")
        self.partner_id.check_access("read")
        self.partner_id._check_is_amazon_buyer()
        self.partner_id.amazon_account_id.check_access("write")
        # sudo: the buyer's deliveries, messages and files are other people's.
        self.outcome = self._erase(self.partner_id.sudo().with_context(active_test=False, tracking_disable=True))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Erase Buyer Data"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    # === BUSINESS METHODS ===

    def _erase(self, buyer):
        counts = Counter()
        account = buyer.amazon_account_id
        buyer._take_in_added_contacts(account)
        family = buyer._amazon_family()
        orders = family._amazon_orders_with_data().filtered(lambda order: order.amazon_account_id == account)
        kept = orders.filtered(lambda order: order._is_amazon_hold() or order._is_amazon_undelivered())
        kept.write({"amazon_erasure_asked_on": fields.Datetime.now()})
        (orders - kept)._erase_amazon_personal_data(counts)
        family._erase_amazon_buyers(counts)
        self.env["amazon.privacy.log"]._note(account, "buyer", counts)
        lines = [self.env["amazon.privacy.log"]._summary(counts)]
        lines += [self._kept_line(partner) for partner in family if partner.amazon_kept_reason]
        reasons = set(family.mapped("amazon_kept_reason"))
        if "undelivered" in reasons:
            lines.append(
                self.env._("What is kept is deleted by itself, with the daily deletion, once the goods have left.")
            )
        if "legal_hold" in reasons:
            lines.append(self.env._("What is kept is deleted by itself once the legal hold has ended."))
        return "\n".join(dict.fromkeys(lines))

    def _kept_line(self, partner):
        reasons = dict(partner._fields["amazon_kept_reason"]._description_selection(self.env))
        reason = reasons[partner.amazon_kept_reason]
        if not partner.amazon_kept_details:
            return self.env._("Kept: %(reason)s.", reason=reason)
        return self.env._("Kept: %(reason)s (%(documents)s).", reason=reason, documents=partner.amazon_kept_details)
