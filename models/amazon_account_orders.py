import json
import logging
from collections import Counter
from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import compat
from ..query_log import values_of_failed_queries_hidden
from ..spapi import errors
from ..utils import TRANSIENT_ERRORS, kept_apart, naive_utc, notification
from .amazon_order_update import ORDER_REF

_logger = logging.getLogger(__name__)

#: Amazon keeps a pagination token for 24 hours.
PAGE_TOKEN_LIFETIME = timedelta(hours=23)
STORE_TRIES = 3


class AmazonAccountOrders(models.Model):
    """How the orders of an account come into the inbox."""

    _inherit = "amazon.account"

    next_orders_sync = fields.Datetime("Next Order Sync", readonly=True, copy=False)
    orders_sync_message = fields.Char("Last Result", readonly=True, copy=False)
    # The cursor: where the fetching of a window of changes stands. The next page needs the same query again.
    orders_page_token = fields.Char(groups=fields.NO_ACCESS, readonly=True, copy=False, exportable=False)
    orders_page_token_on = fields.Datetime(groups="base.group_system", readonly=True, copy=False)
    orders_query = fields.Char(groups="base.group_system", readonly=True, copy=False)
    orders_window_end = fields.Datetime(groups="base.group_system", readonly=True, copy=False)
    offer_count = fields.Integer(compute="_compute_offer_count")
    # Amazon's groups alone do not show orders: whoever has no group of Sales beside them opens the account, too.
    order_count = fields.Integer(compute="_compute_order_count", groups="sales_team.group_sale_salesman")
    unmatched_line_count = fields.Integer(
        compute="_compute_unmatched_line_count", groups="sales_team.group_sale_salesman"
    )
    failed_update_count = fields.Integer(compute="_compute_failed_update_count")

    # === COMPUTE METHODS ===

    def _compute_offer_count(self):
        counts = dict(
            self.env["amazon.offer"]._read_group([("account_id", "in", self.ids)], ["account_id"], ["__count"])
        )
        for account in self:
            account.offer_count = counts.get(account, 0)

    def _compute_order_count(self):
        counts = dict(
            self.env["sale.order"]._read_group(
                [("amazon_account_id", "in", self.ids)], ["amazon_account_id"], ["__count"]
            )
        )
        for account in self:
            account.order_count = counts.get(account, 0)

    def _compute_unmatched_line_count(self):
        lines = self.env["sale.order.line"]
        for account in self:
            account.unmatched_line_count = lines.search_count(account._unmatched_lines_domain())

    def _compute_failed_update_count(self):
        groups = self.env["amazon.order.update"]._read_group(
            [("account_id", "in", self.ids), ("state", "=", "failed")], ["account_id"], ["__count"]
        )
        counts = dict(groups)
        for account in self:
            account.failed_update_count = counts.get(account, 0)

    # === ACTIONS ===

    def action_sync_orders(self):
        """Fetch what changed at Amazon and make sales orders of it, now.

        :return: a notification that says what came in
        :raise UserError: the account is not linked
        """
        self.check_access("write")
        for account in self:
            account._check_linked()
        updates = self.env["amazon.order.update"].sudo()
        # sudo: sales administrators do not see the token and the cursor that fetching needs.
        accounts = self.sudo()
        for account in accounts:
            updates |= account._fetch_orders()
        # What an interrupted run left behind is done too: whoever presses the button expects that.
        updates |= updates.search([("account_id", "in", self.ids), ("state", "=", "pending")])
        updates._apply_pending()
        trouble = "\n".join(filter(None, accounts.mapped("orders_sync_message")))
        if updates:
            return updates._notify_outcome(trouble)
        if trouble:
            return notification(trouble, kind="warning")
        return notification(self.env._("Nothing changed at Amazon since the last time."), kind="info")

    def action_recover_order(self, ref):
        """Fetch one order by its Amazon Order Reference and apply it, however old it is.

        :param str ref: e.g. "112-4455667-8899001"
        :return: a notification that says what became of it
        :raise UserError: Amazon does not know the order, or cannot be asked now
        """
        self.ensure_one()
        update = self._recover_order_by_ref((ref or "").strip())
        return notification(update._outcome(), kind="success" if update.state == "done" else "warning")

    def action_open_offers(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("amazon_connector.amazon_offer_action")
        return {**action, "domain": [("account_id", "=", self.id)], "context": {"default_account_id": self.id}}

    def action_open_orders(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("amazon_connector.amazon_sale_order_action")
        return {**action, "domain": [("amazon_account_id", "=", self.id)]}

    def action_open_unmatched_lines(self):
        """The order lines whose SKU is unknown, to be matched again."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("amazon_connector.amazon_unmatched_line_action")
        return {**action, "domain": self._unmatched_lines_domain()}

    def action_open_failed_updates(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("amazon_connector.amazon_order_update_action")
        return {**action, "domain": [("account_id", "=", self.id), ("state", "=", "failed")]}

    def _unmatched_lines_domain(self):
        self.ensure_one()
        return [
            ("order_id.amazon_account_id", "=", self.id),
            ("order_id.state", "!=", "cancel"),
            *self.env["sale.order.line"]._unmatched_amazon_domain(),
        ]

    # === BUSINESS METHODS ===

    @api.model
    def _cron_sync_orders(self):
        """Fetch the orders of every linked account that is due; the trouble of one does not delay another."""
        now = fields.Datetime.now()
        due = self.search(
            [("state", "=", "linked"), "|", ("next_orders_sync", "=", False), ("next_orders_sync", "<=", now)]
        )
        # Where Amazon did not answer last time comes last: waiting for it then keeps nobody waiting.
        due = due.sorted(lambda account: bool(account.orders_sync_message))
        for index, account in enumerate(due):
            with kept_apart(account, account._note_unexpected_fetch_trouble):
                account._fetch_orders()
            compat.commit_progress(self.env, 1, len(due) - index - 1)
        # What is left over is not this job's: to come back at once would ask Amazon again.
        self.env["amazon.order.update"]._apply_for_a_while(reports=False)

    def _fetch_orders(self):
        """Bring what changed at Amazon into the inbox, page by page; each page is committed with the cursor.

        Ends when the last page is in, or when Amazon has no quota left: then the next run goes on from there. Never
        raises for what Amazon answers; the account says what happened.

        :return: the updates that are to be applied
        """
        self.ensure_one()
        try:
            updates = self._fetch_pages()
            self.env.flush_all()
            compat.commit(self.env)
        except TRANSIENT_ERRORS as error:
            # Another worker or a user was at the account; its next run goes on from what is committed.
            compat.begin_again(self.env, error)
            _logger.info("Fetching orders of Amazon account %s waits: %s", self.id, type(error).__name__)
            return self.env["amazon.order.update"]
        return updates

    def _fetch_pages(self):
        updates = self.env["amazon.order.update"]
        pages_seen = Counter()
        try:
            self._check_has_marketplaces()
            with self._gateway() as gateway:
                while self._lock_for_fetch():
                    self.orders_sync_message = False
                    page = self._fetch_page(gateway)
                    is_last = self._is_last_page(page)
                    updates |= self._store_page(page)
                    if is_last or self._goes_in_circles(page, pages_seen):
                        break
        except errors.SpApiError as error:
            self._note_fetch_trouble(error)
        except UserError as error:
            self.orders_sync_message = str(error)
        return updates

    def _goes_in_circles(self, page, pages_seen):
        """Whether Amazon gives the same page again and again; the next run then starts the window anew.

        Twice is in order: a window starts again when its token is refused.
        https://github.com/amzn/selling-partner-api-models/issues/2297
        """
        refs = frozenset(str(raw.get("orderId")) for raw in page.orders)
        pages_seen[refs] += 1
        if not refs or pages_seen[refs] <= 2:
            return False
        message = self.env._("Amazon sends the same orders again and again. The next run starts anew.")
        self.write({**self._prepare_no_cursor(), "orders_sync_message": message})
        return True

    def _lock_for_fetch(self):
        """Lock the account until the page is stored; False when another worker is fetching for it."""
        self.flush_recordset()
        # NO KEY: rows that name the account, such as those of its quotas, may be written meanwhile.
        self.env.cr.execute("SELECT id FROM amazon_account WHERE id = %s FOR NO KEY UPDATE SKIP LOCKED", [self.id])
        locked = bool(self.env.cr.fetchone())
        self.invalidate_recordset()
        return locked

    def _fetch_page(self, gateway):
        """The next page of the window that is being fetched, else the first page of a new one."""
        if self._has_usable_page_token():
            query = json.loads(self.orders_query)
            try:
                return gateway.search_orders(query, pagination_token=self.orders_page_token)
            except errors.InvalidRequest:
                # Amazon no longer takes the token. The window is asked for anew: pages that are in change nothing.
                _logger.info("Amazon account %s: the pagination token is refused, the window starts again", self.id)
                self.write(self._prepare_no_cursor())
        query = self._prepare_orders_query()
        page = gateway.search_orders(query)
        self.write({"orders_query": json.dumps(query), "orders_window_end": self._window_end(page, query)})
        return page

    def _has_usable_page_token(self):
        return self.orders_page_token and self.orders_page_token_on > fields.Datetime.now() - PAGE_TOKEN_LIFETIME

    @values_of_failed_queries_hidden()
    def _store_page(self, page):
        """Put a page into the inbox and move the cursor, in one transaction.

        A page is too dear to be thrown away (one call per three minutes): when the database refuses the transaction
        for the sake of another one, it is stored again, unless other orders are to be fetched meanwhile.
        """
        asked_for = self._what_is_asked_for()
        cursor = self._prepare_cursor(page)  # before a rollback takes the query of this window away
        for attempt in range(1, STORE_TRIES + 1):
            try:
                updates = self.env["amazon.order.update"]._receive(
                    self, page.orders, personal_data_missing=page.personal_data_missing
                )
                self.write(cursor)
                self.env.flush_all()
                compat.commit(self.env)
                return updates
            except psycopg2.OperationalError as error:
                compat.begin_again(self.env, error)
                if attempt == STORE_TRIES or not self._lock_for_fetch() or self._what_is_asked_for() != asked_for:
                    raise
        return self.env["amazon.order.update"]

    def _prepare_cursor(self, page):
        """Where the next call goes on. The watermark moves only with the last page of a window."""
        if page.next_token:
            return {
                "next_orders_sync": False,
                "orders_page_token": page.next_token,
                "orders_page_token_on": fields.Datetime.now(),
                "orders_query": self.orders_query,
                "orders_window_end": self.orders_window_end,
            }
        return {**self._prepare_no_cursor(), "next_orders_sync": False, **self._prepare_end_of_window()}

    @api.model
    def _prepare_no_cursor(self):
        return {
            "orders_page_token": False,
            "orders_page_token_on": False,
            "orders_query": False,
            "orders_window_end": False,
        }

    def _note_fetch_trouble(self, error):
        """Say on the account why fetching stopped, and when it goes on."""
        message = self._handle_spapi_error(error)
        retry_at = naive_utc(error.retry_at) if isinstance(error, errors.Throttled) else False
        self.write({"orders_sync_message": message, "next_orders_sync": retry_at})

    def _note_unexpected_fetch_trouble(self, error):
        self.orders_sync_message = self._get_unexpected_error_message(error)

    @values_of_failed_queries_hidden()
    def _recover_order_by_ref(self, ref):
        """Ask Amazon for one order and apply it.

        :return: its update
        :raise UserError: Amazon does not know the order, or cannot be asked now
        """
        self.check_access("write")
        self = self.sudo()  # sales administrators do not see the token
        self._check_linked()
        unknown = UserError(
            self.env._("Amazon knows no order %(reference)s of this seller. Check the reference.", reference=ref)
        )
        if not ORDER_REF.fullmatch(ref):
            raise unknown
        try:
            with self._gateway() as gateway:
                raw = gateway.get_order(ref)
        except errors.NotFound as error:
            raise unknown from error
        except errors.SpApiError as error:
            raise UserError(self._handle_spapi_error(error)) from error
        updates = self.env["amazon.order.update"]
        updates._receive(self, [raw], recovered=True, personal_data_missing=raw.personal_data_missing)
        update = updates.search([("account_id", "=", self.id), ("amazon_order_ref", "=", ref)])
        if not update:
            raise UserError(
                self.env._("Amazon's answer about the order %(reference)s cannot be read. Try later.", reference=ref)
            )
        update._apply_pending()
        return update

    def _check_linked(self):
        self.ensure_one()
        if self.state != "linked":
            raise UserError(
                self.env._("The account %(account)s is not linked with Amazon. Link it first.", account=self.name)
            )
