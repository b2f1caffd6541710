import logging
import time
from datetime import datetime, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import compat
from ..spapi import errors
from ..utils import TRANSIENT_ERRORS, in_turns, kept_apart, naive_utc, notification, turn_ends
from .amazon_offer_guard import CHANNEL_VALID
from .amazon_offer_push import SKUS_PER_SEARCH

_logger = logging.getLogger(__name__)

#: So many SKUs are sent one by one; more go in a submission, which takes Amazon minutes but any number.
PATCH_LIMIT = 300
#: When Amazon allows no more calls, what is left goes in a submission too if it is more than this.
LEFT_LIMIT = 100
#: So many changes of stock are looked at together.
CHANGES_PER_BATCH = 5000
#: Amazon that does not answer is asked again after so long, and no more in a run after so many times.
RETRY_AFTER = timedelta(minutes=5)
FAILURES_PER_RUN = 3


class AmazonAccountStock(models.Model):
    """What Amazon is told of an account's stock, and when.

    A run takes the changes of stock, works out the quantities of the offers concerned (`_compare_stock`), and sends
    what differs from what Amazon confirmed: SKU by SKU, or in a submission (`amazon.feed`) when there are many.
    """

    _inherit = "amazon.account"

    stock_basis = fields.Selection(
        [
            ("promised", "On hand, less everything promised"),
            ("free", "On hand, less reserved"),
            ("forecast", "Forecast"),
        ],
        "Stock to Offer",
        default="promised",
        required=True,
        help="On hand, less everything promised: goods that a confirmed order still needs are not offered, whether "
        "they are reserved yet or not. On hand, less reserved: Odoo's Free to Use; an order that waits for its "
        "reservation does not count. Forecast: what is expected from vendors is offered too, before it has arrived.",
    )
    last_stock_sync = fields.Datetime(readonly=True, copy=False)
    next_stock_sync = fields.Datetime(readonly=True, copy=False)
    stock_sync_message = fields.Char("Last Stock Result", readonly=True, copy=False)
    refused_offer_count = fields.Integer(compute="_compute_refused_offer_count")

    # === COMPUTE METHODS ===

    def _compute_refused_offer_count(self):
        groups = self.env["amazon.offer"]._read_group(
            [("account_id", "in", self.ids), ("stock_state", "=", "refused")], ["account_id"], ["__count"]
        )
        counts = dict(groups)
        for account in self:
            account.refused_offer_count = counts.get(account, 0)

    # === CRUD ===

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {
            "synchronize_inventory",
            "stock_basis",
            "stock_paused",
            "warehouse_id",
            "location_id",
            "active_marketplace_ids",
            "marketplace_setting_ids",
            "active",
            "state",
        }:
            self._note_all_stock_changed()
        return result

    # === ACTIONS ===

    def action_sync_inventory(self):
        """Compare every offer with what Amazon confirmed and send what differs, now.

        :return: a notification that says what was sent
        :raise UserError: the account is not linked, or sends no stock
        """
        self.check_access("write")
        for account in self:
            account._check_linked()
            account._check_sends_stock()
        # sudo: sales administrators do not see the token that sending needs.
        accounts = self.sudo()
        for account in accounts:
            account._sending_offers()._compare_stock(retry_refused=True)
            compat.commit(self.env)
            account._push_stock()
        return accounts._notify_stock()

    def action_open_refused_offers(self):
        self.ensure_one()
        return {**self.action_open_offers(), "domain": [("account_id", "=", self.id), ("stock_state", "=", "refused")]}

    # === CRONS ===

    @api.model
    def _cron_push_stock(self):
        """Send the quantities that changed; the trouble of one account does not delay another."""
        with kept_apart(self):
            self._compare_changed_stock()
        now = fields.Datetime.now()
        due = self._search_sending_stock(["|", ("next_stock_sync", "=", False), ("next_stock_sync", "<=", now)])
        # Where Amazon did not answer last time comes last; else who had no turn for the longest time comes first.
        due = due.sorted(lambda account: (bool(account.stock_sync_message), account.last_stock_sync or datetime.min))
        for account in in_turns(due, self._trigger_push):
            with kept_apart(account, account._note_unexpected_stock_trouble):
                account._push_stock(turn_ends())
            compat.commit_progress(self.env, 1, 0)

    @api.model
    def _cron_compare_stock(self):
        """Once a day: compare every offer, try again what was refused, and ask Amazon what it really has."""
        accounts = self._search_sending_stock([])
        for index, account in enumerate(accounts):
            with kept_apart(account, account._note_unexpected_stock_trouble):
                left_out = account._sending_offers()._compare_stock(retry_refused=True)
                self.env["amazon.stock.change"]._note(left_out.ids)
                account._start_offer_import()
            compat.commit_progress(self.env, 1, len(accounts) - index - 1)
        self._trigger_push()

    # === BUSINESS METHODS ===

    @api.model
    def _search_sending_stock(self, domain):
        return self.search([("state", "=", "linked"), ("synchronize_inventory", "=", True), *domain])

    def _sending_offers(self):
        return self.env["amazon.offer"].search([("account_id", "in", self.ids), ("sync_stock", "=", True)])

    def _note_all_stock_changed(self):
        """Have every offer of these accounts looked at again."""
        groups = self.env["amazon.offer"].sudo()._read_group([("account_id", "in", self.ids)], ["product_id"])
        self.env["amazon.stock.change"]._note([product.id for (product,) in groups])

    # --- Compare ---

    @api.model
    def _compare_changed_stock(self):
        """Work out the quantities of the offers whose stock changed; each batch is committed."""
        changes = self.env["amazon.stock.change"]
        while products := changes._take(CHANGES_PER_BATCH):
            try:
                offers = self.env["amazon.offer"].search([("product_id", "in", products.ids)])
                left_out = offers._compare_stock()
                changes._note(left_out.ids)
                compat.commit(self.env)
            except TRANSIENT_ERRORS as error:
                _logger.warning("Changes of stock wait for the next run: %s", type(error).__name__)
                compat.begin_again(self.env, error)
                return
            if left_out:
                return

    def _read_warehouse_stock(self, warehouse, products):
        """How much of products can be sold from a warehouse, in each product's unit of measure, in one read.

        :return: by product; without those whose stock Odoo does not keep
        :rtype: dict
        """
        self.ensure_one()
        if not warehouse:
            return {}
        context = {
            "allowed_company_ids": self.company_id.ids,
            "company_id": self.company_id.id,
            "warehouse_id": warehouse.id,
            "amazon_excluded_location_ids": self._find_fba_locations().ids,
        }
        # sudo: what can be sold does not depend on who asks.
        there = products.with_env(self.env(context=context, su=True))
        kept = there._filter_amazon_stock_kept(self.company_id)
        quantities = kept._compute_quantities_dict(None, None, None)
        return {products.browse(product_id): self._stock_to_offer(vals) for product_id, vals in quantities.items()}

    def _stock_to_offer(self, quantities):
        """Hook: the stock to offer of Odoo's quantities of one product in one warehouse.

        :param dict quantities: qty_available, free_qty, incoming_qty, outgoing_qty, virtual_available
        """
        if self.stock_basis == "forecast":
            return quantities["virtual_available"]
        if self.stock_basis == "free":
            return quantities["free_qty"]
        return min(quantities["free_qty"], quantities["qty_available"] - quantities["outgoing_qty"])

    def _find_fba_locations(self):
        """Where the company keeps what is at Amazon: such a location may lie below a warehouse."""
        # sudo: whichever accounts the user sees.
        accounts = self.sudo().with_context(active_test=False).search([("company_id", "=", self.company_id.id)])
        return accounts.location_id | accounts.marketplace_setting_ids.location_id

    # --- Push ---

    def _check_sends_stock(self):
        if not self.synchronize_inventory:
            raise UserError(
                self.env._(
                    "%(account)s sends no quantities to Amazon. Switch on FBM Stock Synchronization on the account "
                    "first.",
                    account=self.name,
                )
            )

    def _trigger_push(self, at=None):
        self.env.ref("amazon_connector.ir_cron_push_stock").sudo()._trigger(at=at)

    def _push_stock(self, ends=float("inf")):
        """Send what differs from what Amazon confirmed. Never raises for what Amazon answers; the account says it.

        The account is written last, in a transaction of its own: fetching orders holds it for the time of a call.

        :param float ends: when its turn is over, on the monotonic clock; the job comes back at once for what is left
        """
        self.ensure_one()
        outcome = {"stock_sync_message": False, "next_stock_sync": False}
        try:
            with self._gateway() as gateway:
                throttled = self._ask_unknown_listings(gateway, ends)
                if unanswered := self._send_pending(gateway, ends):
                    outcome["next_stock_sync"] = fields.Datetime.now() + RETRY_AFTER
                    outcome["stock_sync_message"] = self._message_unanswered(unanswered)
            if throttled:
                raise throttled
            outcome["last_stock_sync"] = fields.Datetime.now()
        except errors.SpApiError as error:
            outcome.update(self._prepare_stock_trouble(error))
        except UserError as error:
            outcome["stock_sync_message"] = str(error)
        except TRANSIENT_ERRORS as error:
            _logger.warning("The stock of Amazon account %s waits: %s", self.id, type(error).__name__)
            compat.begin_again(self.env, error)
        compat.commit(self.env)
        self._write_stock_outcome(outcome)

    def _write_stock_outcome(self, outcome):
        try:
            self.write(outcome)
            if outcome["next_stock_sync"]:
                self._trigger_push(at=outcome["next_stock_sync"])
            self.env.flush_all()
            compat.commit(self.env)
        except TRANSIENT_ERRORS as error:
            _logger.warning("The result of Amazon account %s is not noted: %s", self.id, type(error).__name__)
            compat.begin_again(self.env, error)

    def _send_pending(self, gateway, ends):
        """One by one, or in submissions where there are many and Amazon has done the last ones.

        :return: how many Amazon did not answer for
        """
        self._submit_if_more_than(PATCH_LIMIT)
        try:
            return self._patch_pending(gateway, ends)
        except errors.Throttled:
            self._submit_if_more_than(LEFT_LIMIT)
            raise

    def _submit_if_more_than(self, limit):
        feeds = self.env["amazon.feed"]
        if self._count_pending_skus() > limit and feeds._may_submit(self):
            feeds._submit_pending(self)

    def _pending_domain(self):
        return [
            ("account_id", "=", self.id),
            ("stock_state", "in", ("pending", "sending")),
            ("feed_id", "=", False),
            # What Amazon has not said lately is asked first: the guard would refuse it.
            ("listing_channel", "!=", False),
            ("listing_seen_on", ">=", fields.Datetime.now() - CHANNEL_VALID),
        ]

    def _count_pending_skus(self):
        return len(self.env["amazon.offer"]._read_group(self._pending_domain(), ["sku"], limit=PATCH_LIMIT + 1))

    def _patch_pending(self, gateway, ends):
        """Tell Amazon the quantities SKU by SKU; each answer is committed.

        :return: how many Amazon did not answer for
        """
        # What was tried last comes last, so that a SKU that Amazon chokes on does not keep the others waiting.
        offers = self.env["amazon.offer"].search(self._pending_domain(), order="write_date, id", limit=PATCH_LIMIT * 3)
        by_sku = dict(list(offers.grouped("sku").items())[:PATCH_LIMIT])
        offers.filtered(lambda offer: offer.sku in by_sku)._begin_sending()
        compat.commit(self.env)
        failures = 0
        for of_sku in by_sku.values():
            locked = of_sku[0]._lock_to_send()
            try:
                if locked:
                    locked._patch_quantity(gateway)
            except errors.Unavailable:
                locked.write({"stock_state": "sending"})
                failures += 1
                if failures == FAILURES_PER_RUN:
                    raise
            compat.commit(self.env)
            if self._is_turn_over(ends):
                break
        return failures

    def _is_turn_over(self, ends):
        if time.monotonic() < ends:
            return False
        self._trigger_push()
        return True

    def _ask_unknown_listings(self, gateway, ends):
        """Ask Amazon how the SKUs that are to be sent are fulfilled, where it has not said so lately.

        :return: the `Throttled` that ended it, which is no reason not to send what is known; None when all is known
        """
        limit = fields.Datetime.now() - CHANNEL_VALID
        unknown = self.env["amazon.offer"].search(
            [
                ("account_id", "=", self.id),
                ("stock_state", "in", ("pending", "sending")),
                ("feed_id", "=", False),
                "|",
                "|",
                ("listing_channel", "=", False),
                ("listing_seen_on", "=", False),
                ("listing_seen_on", "<", limit),
            ]
        )
        for offers in unknown.grouped("marketplace_id").values():
            for start in range(0, len(offers), SKUS_PER_SEARCH):
                batch = offers[start : start + SKUS_PER_SEARCH]
                try:
                    batch._ask_listings(gateway)
                except errors.Throttled as error:
                    return error
                batch._compare_stock()
                compat.commit(self.env)
                if self._is_turn_over(ends):
                    return None
        return None

    def _prepare_stock_trouble(self, error):
        """Say why sending stopped, and when it goes on."""
        vals = {"stock_sync_message": self._handle_spapi_error(error)}
        if isinstance(error, errors.Throttled):
            vals["next_stock_sync"] = naive_utc(error.retry_at)
        elif isinstance(error, errors.Unavailable):
            vals["next_stock_sync"] = fields.Datetime.now() + RETRY_AFTER
        return vals

    def _message_unanswered(self, count):
        return self.env._(
            "Amazon did not answer for %(count)s of the quantities. They are sent again by themselves.", count=count
        )

    def _note_unexpected_stock_trouble(self, error):
        self.stock_sync_message = self._get_unexpected_error_message(error)

    def _notify_stock(self):
        """A notification that counts what became of the offers of these accounts."""
        domain = [("account_id", "in", self.ids), ("sync_stock", "=", True)]
        counts = dict(self.env["amazon.offer"]._read_group(domain, ["stock_state"], ["__count"]))
        trouble = next((account.stock_sync_message for account in self if account.stock_sync_message), "")
        message = self.env._(
            "Stock at Amazon: up to date %(done)s, being sent %(sending)s, refused %(refused)s, kept back %(blocked)s.",
            done=counts.get("done", 0),
            sending=counts.get("pending", 0) + counts.get("sending", 0),
            refused=counts.get("refused", 0),
            blocked=counts.get("blocked", 0),
        )
        kind = "warning" if trouble or counts.get("refused") else "success"
        return notification(f"{message} {trouble}".strip(), kind=kind)
