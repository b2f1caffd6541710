from datetime import timedelta

from odoo import fields, models

from ..spapi import errors
from .amazon_account_orders_window import LONGEST_LOOK_BACK
from .sale_order_retention import TO_DELIVER

#: So often an account that was refused personal data twice in a row tries whether it gets them now. Each try costs a
#: call more than the orders need, of the few that Amazon allows.
TRY_AGAIN_AFTER = timedelta(days=1)


class AmazonAccountRoles(models.Model):
    """What an account does where Amazon refuses buyers' data, because the application lacks the roles for them.

    Amazon may refuse once by mistake: only a second refusal, in a later run, counts as a missing role. Orders come in
    without the data meanwhile, and are completed when Amazon gives them.
    """

    _inherit = "amazon.account"

    personal_data_missing = fields.Boolean(
        readonly=True,
        copy=False,
        help="Amazon refused names and addresses, as it does where the application lacks the roles for them. It is "
        "asked again by the next run; once it has refused twice in a row, once a day, and after Re-link or Update "
        "available marketplaces.",
    )
    personal_data_refused_on = fields.Datetime(
        groups="base.group_system",
        readonly=True,
        copy=False,
        help="When Amazon last refused them, since it refused them twice in a row.",
    )

    # === BUSINESS METHODS ===

    def _apply_participations(self, participations):
        """Linking, and asking for the marketplaces, are what somebody does who has got new roles."""
        # sudo: when Amazon was asked is not the user's to write.
        self.sudo().personal_data_refused_on = False
        return super()._apply_participations(participations)

    def _asks_for_personal_data(self):
        """Whether the next page of orders is asked for with the buyers' data."""
        refused_on = self.personal_data_missing and self.personal_data_refused_on
        return not refused_on or refused_on <= fields.Datetime.now() - TRY_AGAIN_AFTER

    def _fetch_page(self, gateway):
        if not self._asks_for_personal_data():
            gateway.leave_out_personal_data()
        was_asked = not gateway.leaves_out_personal_data
        try:
            page = super()._fetch_page(gateway)
        except errors.Throttled:
            if was_asked and gateway.leaves_out_personal_data:
                # The refusal took the last call, but counts all the same.
                self._note_refusal()
            raise
        if was_asked and page.personal_data_missing:
            self._note_refusal()
        return page

    def _note_refusal(self):
        """Stop asking for a day, unless this is the first refusal."""
        refused_on = self.personal_data_missing and fields.Datetime.now()
        self.write({"personal_data_missing": True, "personal_data_refused_on": refused_on})

    def _prepare_cursor(self, page):
        vals = super()._prepare_cursor(page)
        if page.personal_data_missing:
            # Noted when the page was fetched; a rollback while it is stored would take it away.
            refused_on = self.personal_data_refused_on
            return {**vals, "personal_data_missing": True, "personal_data_refused_on": refused_on}
        if self.personal_data_missing:
            vals |= self._prepare_window_of_incomplete_orders()
        return {**vals, "personal_data_missing": False, "personal_data_refused_on": False}

    def _prepare_window_of_incomplete_orders(self):
        """Where fetching starts again for the orders that came without personal data and are not at an end yet.

        Among them are those that wait in the inbox.
        """
        updates = self.env["amazon.order.update"]
        oldest = updates.search(
            [
                ("account_id", "=", self.id),
                ("tax_data_missing", "=", True),
                ("last_updated", ">=", fields.Datetime.now() - LONGEST_LOOK_BACK),
                "|",
                ("sale_order_id", "any", self._open_orders_domain()),
                *("&", ("state", "in", ("pending", "failed")), ("payload", "!=", False)),
            ],
            order="last_updated",
            limit=1,
        )
        if not oldest:
            return {}
        # While the first window of an account is being fetched, there is no date yet: it starts again as a whole.
        since = self.last_orders_sync and min(self.last_orders_sync, oldest.last_updated)
        return {**self._prepare_no_cursor(), "last_orders_sync": since}

    def _open_orders_domain(self):
        """Orders whose goods are to be sent, or on their way: their buyers' data are still of use."""
        return [
            ("state", "!=", "cancel"),
            ("amazon_erased_on", "=", False),
            ("amazon_delivered_on", "=", False),
            "|",
            "|",
            ("delivery_status", "in", TO_DELIVER),
            ("amazon_retention_from", "=", False),
            ("amazon_retention_from", ">", fields.Datetime.now()),
        ]
