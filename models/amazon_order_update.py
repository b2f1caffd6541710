import hashlib
import json
import logging
import re
import traceback
from collections import Counter
from dataclasses import replace

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import AccessError, RedirectWarning, UserError, ValidationError

from .. import compat
from ..harmless_texts import harmless
from ..order_problems import REMEDIES, OrderIgnored, OrderProblem
from ..raw_orders import fulfillment_status, order_ref
from ..spapi.orders import UnreadableOrder, parse_order
from ..spapi.sections import REAL_YEARS, parse_time
from ..utils import is_transient, naive_utc, notification

_logger = logging.getLogger(__name__)

BATCH_SIZE = 50
#: Amazon's statuses in which nobody has paid yet: such an order is not worth a place in the inbox.
PENDING_STATUSES = ("PENDING", "PENDING_AVAILABILITY")
#: A reference as Amazon writes them, such as 112-4455667-8899001; the characters are safe in a spreadsheet, too.
ORDER_REF = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}", re.ASCII)
#: Reasons to ignore an order that are gone when somebody changes the account.
SETTING_REASONS = ("marketplace", "too_old", "other_account")


class AmazonOrderUpdate(models.Model):
    """The inbox: what Amazon last said of one order, until Odoo has done it."""

    _name = "amazon.order.update"
    _inherit = ["amazon.plain.export", "amazon.readonly.mixin"]
    _description = "Amazon Order Update"
    _order = "last_updated desc, id desc"
    _rec_name = "amazon_order_ref"

    account_id = fields.Many2one("amazon.account", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    amazon_order_ref = fields.Char("Amazon Order Reference", required=True, readonly=True)
    last_updated = fields.Datetime("Last Changed at Amazon", required=True, readonly=True)
    payload = fields.Text(
        groups=fields.NO_ACCESS,
        copy=False,
        exportable=False,
        help="What Amazon sent, as JSON. Emptied once the order is done.",
    )
    state = fields.Selection(
        [("pending", "To Do"), ("failed", "Failed"), ("ignored", "Ignored"), ("done", "Done")],
        "Status",
        default="pending",
        required=True,
        index=True,
        readonly=True,
    )
    error = fields.Text("Reason", readonly=True)
    error_code = fields.Char("Reason Code", readonly=True)
    remedy = fields.Text("What to Do", compute="_compute_remedy")
    amounts_accepted = fields.Boolean(
        readonly=True, help="Somebody decided to import the order although Odoo's and Amazon's amounts differ."
    )
    attempts = fields.Integer(readonly=True)
    is_failure_told = fields.Boolean(
        readonly=True, copy=False, help="The account's salesperson got a task since this order failed."
    )
    is_recovered = fields.Boolean(
        "Recovered by Hand",
        readonly=True,
        help="Somebody asked for this order: it is imported however old it is.",
    )
    tax_data_missing = fields.Boolean(
        readonly=True, help="Amazon refused the data that say who owes the tax: a role is missing."
    )
    sale_order_id = fields.Many2one("sale.order", "Sales Order", readonly=True, index="btree_not_null")
    sale_order_name = fields.Char(
        readonly=True, help="The number of the sales order; it stays when the sales order is deleted."
    )

    _account_order_unique = compat.Constraint(
        "UNIQUE(account_id, amazon_order_ref)", "This order is already in the inbox of its account."
    )

    currency_id = fields.Many2one(related="sale_order_id.currency_id")
    amount_total = fields.Monetary(related="sale_order_id.amount_total")
    amount_tax = fields.Monetary(related="sale_order_id.amount_tax")
    amazon_total = fields.Monetary(related="sale_order_id.amazon_total")
    amazon_tax = fields.Monetary(related="sale_order_id.amazon_tax")
    amazon_tax_collected = fields.Monetary(related="sale_order_id.amazon_tax_collected")

    # === COMPUTE METHODS ===

    @api.depends("error_code")
    @api.depends_context("lang")
    def _compute_remedy(self):
        for update in self:
            remedy = REMEDIES.get(update.error_code)
            update.remedy = remedy and self.env._(remedy)  # pylint: disable=translation-not-lazy

    # === ACTIONS ===

    def action_retry(self):
        """Try the failed and the ignored ones again now; whoever may see an update may retry it.

        :return: a notification that says what came of it
        :rtype: dict
        """
        self.check_access("read")
        # sudo: salespeople mend orders, but may not write what Amazon said.
        again = self.sudo().filtered(lambda update: update.state in ("failed", "ignored"))
        again.write({"state": "pending", "error": False, "error_code": False})
        again._apply_pending()
        return again._notify_outcome()

    def action_import_anyway(self):
        """Import orders whose amounts differ, as somebody decided."""
        self.check_access("write")
        held = self.filtered(lambda update: update.error_code == "amounts")
        # sudo: accepted by this button and nowhere else.
        held.sudo().write({"amounts_accepted": True})
        return held.action_retry()

    def action_open_sale_order(self):
        self.ensure_one()
        return self.sale_order_id.get_formview_action()

    # === RECEIVE ===

    @api.model
    def _receive(self, account, raw_orders, recovered=False, personal_data_missing=False):
        """Put what Amazon sent into the inbox of an account; a newer update replaces an older one.

        :param account: the `amazon.account` whose orders these are
        :param list raw_orders: orders as Amazon's Orders API 2026-01-01 gives them
        :param bool recovered: somebody asked for these orders by reference
        :param bool personal_data_missing: Amazon refused names, addresses and tax data
        :return: the updates that are to be applied
        """
        newest = {}
        for raw in raw_orders:
            if fulfillment_status(raw) in PENDING_STATUSES and not recovered:
                continue
            vals = self._prepare_update_vals(account, raw, recovered)
            vals["tax_data_missing"] = personal_data_missing
            ref = vals["amazon_order_ref"]
            if ref not in newest or self._moment(newest[ref]) <= self._moment(vals):
                newest[ref] = vals
        known = {
            update.amazon_order_ref: update
            for update in self.search([("account_id", "=", account.id), ("amazon_order_ref", "in", list(newest))])
        }
        received = self.create([vals for ref, vals in newest.items() if ref not in known])
        for ref, update in known.items():
            if update._is_superseded_by(newest[ref], recovered):
                update.write(newest[ref])
                received |= update
        return received

    @api.model
    def _prepare_update_vals(self, account, raw, recovered):
        """Hook: the values of the inbox record for one order as Amazon sent it.

        An order whose reference or time of change cannot be read is kept, as of now; applying it says what is wrong
        with it.
        """
        payload = self._payload_of(raw)
        last_updated = parse_time(str(raw.get("lastUpdatedTime")))
        is_real = last_updated and last_updated.year in REAL_YEARS
        vals = {
            "account_id": account.id,
            "amazon_order_ref": self._usable_ref(raw, payload),
            "last_updated": naive_utc(last_updated) if is_real else fields.Datetime.now(),
            "payload": payload,
            "state": "pending",
            "error": False,
            "error_code": False,
        }
        return {**vals, "is_recovered": True} if recovered else vals

    @api.model
    def _payload_of(self, raw):
        try:
            return json.dumps(raw, sort_keys=True)  # the same order is the same text
        except (ValueError, RecursionError):
            return json.dumps({"orderId": str(raw.get("orderId"))})  # nested too deeply to be written down

    @api.model
    def _usable_ref(self, raw, payload):
        """Amazon's reference of an order, or one in its place by which the administrator finds it in the inbox."""
        ref = order_ref(raw)
        return ref if ref and ORDER_REF.fullmatch(ref) else f"? {hashlib.sha256(payload.encode()).hexdigest()[:12]}"

    # === APPLY ===

    def _apply(self, may_be_redone=False):
        """Apply these updates of one account together; a batch that fails is split until the bad one stands alone.

        :param bool may_be_redone: raise an error that another worker may be the reason of, for the batch to be redone
        """
        try:
            with self.env.cr.savepoint():
                self._apply_together()
        except Exception as error:  # pylint: disable=broad-except
            if is_transient(error) or (may_be_redone and isinstance(error, psycopg2.errors.UniqueViolation)):
                raise
            # Whatever it is: one order must never keep the others from coming in.
            self.env.invalidate_all()
            if len(self) == 1:
                self._write_problem(self._problem_from(error))
                return
            middle = len(self) // 2
            self[:middle]._apply(may_be_redone)
            self[middle:]._apply(may_be_redone)

    def _apply_together(self):
        if not (self.account_id.warehouse_id and self.account_id.location_id):
            self.account_id._set_missing_defaults()
        orders = {}
        for update in self:
            if not update.payload:
                update._write_problem(OrderProblem("data_deleted", update._why_forgotten()))
                continue
            try:
                order = harmless(parse_order(json.loads(update.payload)))
                if order.order_ref != update.amazon_order_ref:
                    raise UnreadableOrder("orderId", "not a reference")
                orders[update] = replace(order, tax_data_missing=update.tax_data_missing)
            except (UnreadableOrder, ValueError, RecursionError):
                update._write_problem(update._unreadable())
        known = self._existing_sale_orders(orders)
        new = {}
        for update, order in orders.items():
            try:
                if order.order_ref in known:
                    update._apply_to(known[order.order_ref], order)
                else:
                    update._check_importable(order)
                    new[order.order_ref] = (update, order)
            except OrderProblem as problem:
                update._write_problem(problem)
        self._import_new(new)

    def _apply_to(self, sale_order, order):
        """Bring a sales order up to this update; a problem leaves it as it was, for Retry to do all of it."""
        self._check_same_account(sale_order)
        with self.env.cr.savepoint():
            sale_order._apply_amazon_update(order)
        self._write_done(sale_order)

    def _existing_sale_orders(self, orders):
        refs = [order.order_ref for order in orders.values()]
        sale_orders = self.env["sale.order"].search([("amazon_order_ref", "in", refs)])
        return {sale_order.amazon_order_ref: sale_order for sale_order in sale_orders}

    def _import_new(self, new):
        """Make sales orders of new orders; `new` maps references to pairs of update and parsed order."""
        if not new:
            return
        importer = self.env["amazon.order.importer"]
        accepted = {ref for ref, (update, _order) in new.items() if update.amounts_accepted}
        orders = [order for _update, order in new.values()]
        outcome = importer._import_orders(self.account_id, orders, accepted)
        for ref, (update, _order) in new.items():
            result = outcome[ref]
            if isinstance(result, OrderProblem):
                update._write_problem(result)
            else:
                update._write_done(result)

    # === OUTCOME ===

    def _write_done(self, sale_order):
        self.write(
            {
                "state": "done",
                "sale_order_id": sale_order.id,
                "sale_order_name": sale_order.name,
                "is_recovered": False,
                "error": False,
                "error_code": False,
                "is_failure_told": False,
                "attempts": self.attempts + 1,
                "payload": False,
            }
        )

    def _write_problem(self, problem):
        is_failed = not isinstance(problem, OrderIgnored)
        self.write(
            {
                "state": "failed" if is_failed else "ignored",
                "error": problem.message,
                "error_code": problem.code,
                "is_failure_told": is_failed and self.is_failure_told,
                "attempts": self.attempts + 1,
            }
        )

    def _unreadable(self):
        return OrderProblem(
            "unreadable", self.env._("What Amazon sent of this order cannot be read. Recover the order to ask again.")
        )

    def _problem_from(self, error):
        """Words for whatever went wrong with one order; the log gets the place, never the values."""
        if isinstance(error, OrderProblem):
            return error
        if isinstance(error, UserError | ValidationError | AccessError | RedirectWarning):
            return OrderProblem("refused", self.env._("Odoo refuses the order: %(reason)s", reason=error.args[0]))
        _logger.error(
            "Amazon order update %s failed with %s at:\n%s",
            self.id,
            type(error).__name__,
            "".join(traceback.format_tb(error.__traceback__)),
        )
        return OrderProblem(
            "unexpected",
            self.env._(
                "An unexpected error (%(type)s) stopped the import. The number of this update is %(number)s.",
                type=type(error).__name__,
                number=self.id,
            ),
        )

    def _outcome(self):
        """What became of this update, in a sentence for a salesperson."""
        self.ensure_one()
        if self.state == "done":
            return self.env._("Imported as %(order)s.", order=self.sale_order_id.name)
        return " ".join(filter(None, (self.error, self.remedy))) or self.env._("Waits to be applied.")

    def _notify_outcome(self, trouble=""):
        """A notification that counts what became of these updates.

        :param str trouble: why not all were fetched
        """
        counts = Counter(self.mapped("state"))
        outcome = self.env._(
            "Orders imported or updated: %(done)s. Ignored: %(ignored)s. Failed: %(failed)s.",
            done=counts["done"],
            ignored=counts["ignored"],
            failed=counts["failed"],
        )
        return notification(
            "\n".join(filter(None, [outcome, trouble])),
            kind="warning" if counts["failed"] or trouble else "success",
        )
