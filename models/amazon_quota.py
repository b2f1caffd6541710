from datetime import datetime, timedelta, timezone

from odoo import api, fields, models

from .. import compat
from ..spapi.errors import Throttled
from ..spapi.usage_plans import usage_plan
from ..utils import naive_utc

#: What one of Amazon's operations does, in the words of the account's page.
SUBJECTS = [
    ("orders", "Fetching orders"),
    ("recover", "Recovering single orders"),
    ("shipments", "Confirming shipments"),
    ("stock", "Sending stock"),
    ("offers", "Reading offers"),
    ("documents", "Sending and reading documents"),
    ("marketplaces", "Reading the marketplaces"),
]
OPERATION_SUBJECTS = {
    "searchOrders": "orders",
    "getOrder": "recover",
    "confirmShipment": "shipments",
    "patchListingsItem": "stock",
    "getListingsItem": "offers",
    "searchListingsItems": "offers",
    "getMarketplaceParticipations": "marketplaces",
}
#: A token that just came back may not be there at Amazon yet: the call may be on its way for less time than the last.
MARGIN_SECONDS = 1.0
MARGIN_TOKENS = 0.25

_TOKENS = "LEAST(burst, tokens + rate * GREATEST(EXTRACT(EPOCH FROM %(now)s - refilled_at), 0))"
_NEEDED = "LEAST(burst, 1 + LEAST(rate * %(margin_seconds)s, %(margin_tokens)s))"
# A worker that waited for another one's call knows an earlier time; a clock that was set right, a much earlier one.
_LATEST = """
    CASE WHEN refilled_at > GREATEST(%(now)s, blocked_until) + INTERVAL '1 minute' THEN %(now)s
         ELSE GREATEST(refilled_at, %(now)s)
    END
"""
_BUCKET = "account_id = %(account)s AND operation = %(operation)s"
_ADD = """
    INSERT INTO amazon_quota (account_id, operation, tokens, refilled_at, rate, burst)
         VALUES (%(account)s, %(operation)s, %(burst)s, %(now)s, %(rate)s, %(burst)s)
    ON CONFLICT (account_id, operation) DO NOTHING
"""
_TAKE = f"""
    UPDATE amazon_quota
       SET tokens = {_TOKENS} - 1, refilled_at = {_LATEST}
     WHERE {_BUCKET} AND (tokens >= 1 OR {_TOKENS} >= {_NEEDED}) AND COALESCE(blocked_until, %(now)s) <= %(now)s
"""
_READ = f"""
    SELECT GREATEST(
               COALESCE(blocked_until, %(now)s),
               %(now)s + MAKE_INTERVAL(secs => GREATEST({_NEEDED} - {_TOKENS}, 0) / rate)
           )
      FROM amazon_quota
     WHERE {_BUCKET}
"""
_LEARN = f"UPDATE amazon_quota SET tokens = {_TOKENS}, refilled_at = {_LATEST}, rate = %(rate)s WHERE {_BUCKET}"
# The one token counts from the end of the block on, unless another worker has called since.
_SPENT = f"""
    UPDATE amazon_quota
       SET tokens = CASE WHEN refilled_at < %(until)s THEN 1 ELSE LEAST(tokens, 1) END,
           refilled_at = GREATEST(refilled_at, %(until)s),
           blocked_until = GREATEST(blocked_until, %(until)s)
     WHERE {_BUCKET}
"""


class AmazonQuota(models.Model):
    """How many calls of one operation Amazon allows an account: a bucket of tokens, shared by all workers.

    A call takes a token; tokens come back at a rate, up to the burst. Amazon keeps the same account of it, and refuses
    a call without a token. https://developer-docs.amazon.com/sp-api/docs/usage-plans-and-rate-limits
    """

    _name = "amazon.quota"
    _description = "Amazon Quota"
    _order = "account_id, operation"
    _rec_name = "operation"

    account_id = fields.Many2one("amazon.account", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="account_id.company_id")
    operation = fields.Char("Amazon's Operation", required=True, readonly=True)
    subject = fields.Selection(SUBJECTS, "What For", compute="_compute_subject")
    rate = fields.Float(
        "Calls per Second", digits=(16, 4), readonly=True, help="As Amazon last said, else its default."
    )
    burst = fields.Float("Calls at Once", digits=(16, 0), readonly=True)
    tokens = fields.Float(readonly=True, digits=(16, 4), help="The calls that were left at the time of the last one.")
    refilled_at = fields.Datetime("Last Call", readonly=True)
    blocked_until = fields.Datetime(readonly=True, help="Amazon refused a call: none is made before.")
    available_on = fields.Datetime("Next Call Possible", compute="_compute_available_on")

    _account_operation_unique = compat.Constraint(
        "UNIQUE(account_id, operation)", "There is already a quota for this operation."
    )

    # === COMPUTE METHODS ===

    @api.depends("operation")
    def _compute_subject(self):
        for quota in self:
            quota.subject = OPERATION_SUBJECTS.get(quota.operation, "documents")

    @api.depends("tokens", "refilled_at", "blocked_until", "rate")
    def _compute_available_on(self):
        """When there is a token again; empty when there is one now."""
        now = fields.Datetime.now()
        for quota in self:
            missing = max(1 - quota.tokens, 0)
            # Without a rate, nobody knows when.
            dates = [quota.refilled_at + timedelta(seconds=missing / quota.rate)] if missing and quota.rate else []
            available_on = max(filter(None, [*dates, quota.blocked_until]), default=now)
            quota.available_on = available_on if available_on > now else False


class AccountQuotas:
    """The quotas of one account, for its gateway. Accounts of the same seller share them, as they do at Amazon.

    Every step is a short transaction of its own: no worker waits for another one's work, and a call that was made
    stays counted when the work is undone.
    """

    def __init__(self, account):
        self._env = account.env
        self._account_id = account._quota_account().id
        self._rates = {}

    def take(self, operation):
        """Take the token for one call.

        :raise Throttled: there is none; `retry_at` says when there will be
        """
        plan = usage_plan(operation)
        values = self._values(operation, rate=plan.rate, burst=plan.burst)
        with compat.own_cursor(self._env) as cr:
            if self._take(cr, values):
                return
            cr.execute(_READ, values)
            row = cr.fetchone()
            if row is None:
                cr.execute(_ADD, values)
                if self._take(cr, values):
                    return
                cr.execute(_READ, values)
                row = cr.fetchone()
        # A whole second, for that is how Odoo stores when to come back.
        retry_at = row[0].replace(microsecond=0, tzinfo=timezone.utc) + timedelta(seconds=1)
        raise Throttled(operation, code="OwnQuota", retry_at=retry_at)

    def learn(self, operation, rate):
        """Note the rate that Amazon names with an answer; it may be another one than the default, and may change."""
        if not rate or self._rates.get(operation) == rate:
            return
        self._rates[operation] = rate
        with compat.own_cursor(self._env) as cr:
            cr.execute(_LEARN, self._values(operation, rate=rate))

    def spent(self, operation, retry_at):
        """Amazon refused a call: its own count is lower than ours."""
        with compat.own_cursor(self._env) as cr:
            cr.execute(_SPENT, self._values(operation, until=naive_utc(retry_at)))

    def _take(self, cr, values):
        cr.execute(_TAKE, values)
        return bool(cr.rowcount)

    def _values(self, operation, **values):
        return {
            "account": self._account_id,
            "operation": operation,
            "now": datetime.now(timezone.utc).replace(tzinfo=None),
            "margin_seconds": MARGIN_SECONDS,
            "margin_tokens": MARGIN_TOKENS,
            **values,
        }
