from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from ..spapi.sections import parse_time
from ..utils import naive_utc

#: A run asks again for the last minutes of the run before: Amazon's own clock and order of writing are not exact.
#: Amazon does not let anybody ask for the last two minutes.
OVERLAP = timedelta(minutes=5)
#: By so much at most Amazon's clock is ahead of ours.
MOST_CLOCK_DIFFERENCE = timedelta(days=1)
#: So far back orders are fetched again by themselves: for the personal data they lack, and on marketplaces that were
#: added. Amazon gives a hundred orders every three minutes, and new ones come last.
LONGEST_LOOK_BACK = timedelta(days=30)


class AmazonAccountOrdersWindow(models.Model):
    """Which orders an account asks Amazon for: since when they changed, and on which marketplaces."""

    _inherit = "amazon.account"

    # === CRUD METHODS ===

    def write(self, vals):
        """Setting Last Order Sync starts afresh from that date, whatever page was reached."""
        result = super().write(vals)
        # The connector writes it together with the page that it reached.
        if "last_orders_sync" in vals and "orders_page_token" not in vals:
            # sudo: the cursor is not the user's to write, but starts afresh with the date that is.
            self.sudo().write({**self._prepare_no_cursor(), "next_orders_sync": False})
            if "orders_from" not in vals:
                for account in self:
                    account._take_orders_since_last_sync()
        return result

    # === BUSINESS METHODS ===

    def _take_orders_since_last_sync(self):
        """Whoever wants the changes since a date, wants the orders that were placed since then, too."""
        since = self.last_orders_sync
        if not since or not self.orders_from or since >= self.orders_from:
            return
        before = self.orders_from
        self.orders_from = since
        self.message_post(
            body=self.env._(
                "Last Order Sync was set before Orders From (%(before)s), so Orders From is now %(since)s, too: orders "
                "placed since then come in.",
                before=format_datetime(self.env, before),
                since=format_datetime(self.env, since),
            )
        )

    def _save_authorization(self, *args, **kwargs):
        """A Last Order Sync that was set before the account was linked counts as if it were set afterwards."""
        is_first = not self.orders_from
        result = super()._save_authorization(*args, **kwargs)
        if is_first:
            self._take_orders_since_last_sync()
        return result

    def _check_has_marketplaces(self):
        """Amazon takes no list of marketplaces for all of them, and would send the data of all buyers.

        :raise UserError: if no marketplace of the account is synchronized
        """
        if not self.active_marketplace_ids:
            raise UserError(
                self.env._(
                    "No marketplace of %(account)s is synchronized, so no orders are fetched. Add one on the account's "
                    "Marketplaces tab.",
                    account=self.name,
                )
            )

    def _prepare_orders_query(self):
        """Hook: the query of a new window, in the words of `searchOrders`."""
        now = fields.Datetime.now()
        since = self._orders_since() or now - timedelta(days=1)
        return {
            "lastUpdatedAfter": min(since, now - OVERLAP).isoformat(timespec="seconds") + "Z",
            "marketplaceIds": sorted(self._marketplaces_to_fetch().mapped("api_ref")),
            "maxResultsPerPage": 100,
        }

    def _orders_since(self):
        """Since when the orders changed that a new window brings."""
        return self.last_orders_sync - OVERLAP if self.last_orders_sync else self.orders_from

    def _marketplaces_to_fetch(self):
        """The marketplaces that a new window asks for."""
        return self.active_marketplace_ids

    def _what_is_asked_for(self):
        """What windows are made of that somebody may change while one is being fetched."""
        return self.last_orders_sync, self.active_marketplace_ids

    def _is_last_page(self, page):
        """Whether nothing is left to fetch once this page is stored."""
        return not page.next_token

    def _prepare_end_of_window(self):
        """What is written with the last page of a window: the watermark moves to its end."""
        return {"last_orders_sync": self.orders_window_end}

    @api.model
    def _window_end(self, page, query):
        """Until when the window reaches: Amazon says it, for only Amazon's clock counts.

        A moment before the window, or in days to come, is none: with it as the watermark, orders would be passed over.
        """
        now = fields.Datetime.now()
        end = parse_time(page.last_updated_before or "")
        end = end and naive_utc(end)
        if end and naive_utc(parse_time(query["lastUpdatedAfter"])) <= end <= now + MOST_CLOCK_DIFFERENCE:
            return end
        return now - timedelta(minutes=2)
