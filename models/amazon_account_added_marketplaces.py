from odoo import Command, fields, models
from odoo.tools import format_datetime

from .amazon_account_orders_window import LONGEST_LOOK_BACK


class AmazonAccountAddedMarketplaces(models.Model):
    """What was missed on a marketplace before it was added.

    Last Order Sync says how far the account is with the marketplaces that it had. Those that are added are first asked
    for alone, as far back as orders of them may be missing; from then on they are fetched with the others.
    """

    _inherit = "amazon.account"

    added_marketplace_ids = fields.Many2many(
        "amazon.marketplace",
        relation="amazon_account_added_marketplace_rel",
        groups="base.group_system",
        readonly=True,
        copy=False,
        help="The marketplaces that were added, and of which earlier orders are still to be fetched.",
    )
    added_orders_from = fields.Datetime(
        groups="base.group_system",
        readonly=True,
        copy=False,
        help="Orders of the added marketplaces that changed since then are fetched.",
    )

    # === CRUD METHODS ===

    def write(self, vals):
        """Orders that were missed on a marketplace come in once it is added."""
        if "active_marketplace_ids" not in vals:
            return super().write(vals)
        before = {account: account.active_marketplace_ids for account in self}
        result = super().write(vals)
        for account, marketplaces in before.items():
            if account.active_marketplace_ids != marketplaces:
                # sudo: what is to be fetched is not the user's to write, but follows from the marketplaces that are.
                account.sudo()._fetch_for_other_marketplaces(account.active_marketplace_ids - marketplaces)
        return result

    # === BUSINESS METHODS ===

    def _fetch_for_other_marketplaces(self, gained):
        """Go on with the marketplaces that the account has now.

        A window that is half fetched starts anew: Amazon goes on with the marketplaces of its beginning only, which
        may be those of another account by now.
        """
        self.ensure_one()
        added = self.added_marketplace_ids & self.active_marketplace_ids
        since = self.added_orders_from if added else False
        missed_since = gained and self._missed_orders_since(gained)
        if missed_since:
            added |= gained
            since = min(missed_since, since or missed_since)
            self._tell_missed_orders(gained, missed_since)
        self.write(
            {
                **self._prepare_no_cursor(),
                "added_marketplace_ids": [Command.set(added.ids)],
                "added_orders_from": since,
            }
        )

    def _missed_orders_since(self, gained):
        """Since when orders of added marketplaces may be missing; False if the next window brings them anyway.

        Orders that another account of the seller brought in may have changed before this account takes any itself.
        """
        since = fields.Datetime.now() - LONGEST_LOOK_BACK
        if not self._has_orders_of_other_accounts(gained):
            since = max(since, self.orders_from or since)
        next_window_since = self.last_orders_sync or self.orders_from
        return since if next_window_since and since < next_window_since else False

    def _has_orders_of_other_accounts(self, marketplaces):
        domain = [
            ("amazon_account_id", "in", self._get_accounts_of_same_seller().ids),
            ("amazon_marketplace_id", "in", marketplaces.ids),
        ]
        return bool(self.env["sale.order"].search_count(domain, limit=1))

    def _tell_missed_orders(self, marketplaces, since):
        self.message_post(
            body=self.env._(
                "Added: %(marketplaces)s. The next synchronization fetches the orders that changed there since "
                "%(since)s. Bring in older ones with Recover Order.",
                marketplaces=", ".join(marketplaces.mapped("name")),
                since=format_datetime(self.env, since),
            )
        )

    def _is_last_page(self, page):
        """After what was missed on the added marketplaces, the changes on all follow."""
        return super()._is_last_page(page) and not self.added_marketplace_ids

    def _orders_since(self):
        return self.added_orders_from if self.added_marketplace_ids else super()._orders_since()

    def _marketplaces_to_fetch(self):
        return self.added_marketplace_ids or super()._marketplaces_to_fetch()

    def _what_is_asked_for(self):
        return *super()._what_is_asked_for(), self.added_orders_from, self.added_marketplace_ids

    def _prepare_end_of_window(self):
        """The watermark of all the marketplaces stays where it is when the added ones have caught up."""
        if self.added_orders_from:
            return {"added_marketplace_ids": [Command.clear()], "added_orders_from": False}
        return super()._prepare_end_of_window()
