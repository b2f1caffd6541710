import logging
import time
import traceback
from datetime import datetime, timedelta, timezone

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError

from .. import compat
from ..spapi import errors
from ..utils import (
    TRANSIENT_ERRORS,
    in_turns,
    is_transient,
    kept_apart,
    naive_utc,
    notification,
    turn_ends,
)

_logger = logging.getLogger(__name__)

#: So many times in a row without an answer or access, and the rest of an account waits for the next run.
PATIENCE = 3
#: What the database refused for the sake of another worker is let be for so long.
LET_BE = timedelta(minutes=1)
#: Amazon's operations that this job calls.
OPERATIONS = ("confirmShipment", "getOrder")
#: Amazon that denies access may do so once by mistake; it is asked again after so long before anything fails.
DENIED_WAIT = timedelta(minutes=10)
#: Denied so often while others of its account go, a parcel needs a person.
DENIALS_TO_FAIL = 3
#: Amazon's words for a parcel of an order that it has as shipped already.
ALREADY_SHIPPED = ("packagetoupdatenotfound", "already fulfilled")


class AmazonShipmentSending(models.Model):
    """Sending: one call per parcel, committed one by one, by any number of workers side by side.

    A call that is repeated, after a crash or without an answer, corrects the same parcel: it is never told twice.
    """

    _inherit = "amazon.shipment"

    # === RUNS ===

    @api.model
    def _cron_send(self):
        """Send what waits, look for what Amazon dropped, and mail what failed; one account's trouble stays its own."""
        outbox = self.with_user(SUPERUSER_ID).sudo()
        for account in in_turns(outbox._accounts_by_turn(), outbox._trigger_sending):
            with kept_apart(account):
                outbox._send_pending(account, turn_ends())

    def _accounts_by_turn(self):
        """The linked accounts: those called longest ago first, and last those where Amazon did not answer last time."""
        accounts = self.env["amazon.account"].search([("state", "=", "linked")])
        tried_in_vain = [("account_id", "in", accounts.ids), ("state", "=", "pending"), ("retry_at", "!=", False)]
        last = {account for (account,) in self._read_group(tried_in_vain, ["account_id"])}
        calls = dict(
            self.env["amazon.quota"]._read_group([("operation", "in", OPERATIONS)], ["account_id"], ["refilled_at:max"])
        )
        return accounts.sorted(lambda account: (account in last, calls.get(account._quota_account()) or datetime.min))

    def _send_pending(self, account, ends=float("inf")):
        """Send the pending parcels of an account, and tell its responsible what Amazon refused. Never raises.

        :param float ends: when its turn is over, on the monotonic clock
        :return: what stopped the run, in words; False when all were sent
        """
        try:
            stopped_by = self._send_while_possible(account, ends)
            self._tell_failures(account)
            self.env.flush_all()
            compat.commit(self.env)
        except TRANSIENT_ERRORS as error:
            # Another transaction was first. What was sent so far is committed; the rest goes with the next run.
            compat.begin_again(self.env, error)
            self._trigger_sending(at=fields.Datetime.now() + LET_BE)
            _logger.info("Sending shipments of Amazon account %s stopped: %s", account.id, type(error).__name__)
            return False
        return stopped_by

    def _send_while_possible(self, account, ends):
        """Send the pending parcels of an account.

        :return: what stopped the run, in words; False when nothing did
        """
        try:
            with account._gateway() as gateway:
                self._send_each(account, gateway, ends)
                self._check_sent(account, gateway, ends)
        except errors.SpApiError as error:
            if isinstance(error, errors.Throttled):
                # The scheduler knows whole seconds; a moment too early would be in vain.
                self._trigger_sending(at=naive_utc(error.retry_at) + timedelta(seconds=1))
            return account._handle_spapi_error(error)
        except UserError as error:
            return str(error)
        return False

    def _send_each(self, account, gateway, ends):
        in_vain = 0
        while shipment := self._lock_next(account):
            in_vain = 0 if shipment._send(gateway) else in_vain + 1
            compat.commit_progress(self.env, 1, self.search_count(self._due_domain(account)))
            if time.monotonic() >= ends:
                if not in_vain:
                    self._trigger_sending()
                # Else what was tried in vain comes back a little later, and the rest with it.
                return
            if in_vain >= PATIENCE:
                return

    @api.model
    def _due_domain(self, account):
        now = fields.Datetime.now()
        return [
            ("account_id", "=", account.id),
            ("state", "=", "pending"),
            "|",
            ("retry_at", "=", False),
            ("retry_at", "<=", now),
        ]

    def _lock_next(self, account):
        """The next parcel to send that no other worker holds, locked until the transaction ends.

        What Amazon denied access to comes last: whether others go tells what the next denial means.
        """
        self.env["amazon.shipment"].flush_model()
        self.env.cr.execute(
            """
            SELECT id
              FROM amazon_shipment
             WHERE account_id = %s AND state = 'pending' AND (retry_at IS NULL OR retry_at <= %s)
             ORDER BY COALESCE(denials, 0), shipped_on, id
             LIMIT 1
               FOR UPDATE SKIP LOCKED
            """,
            [account.id, fields.Datetime.now()],
        )
        row = self.env.cr.fetchone()
        return self.browse(row and row[0])

    # === ONE PARCEL ===

    def _send(self, gateway):
        """Tell Amazon of this parcel.

        :return: whether Amazon looked at it, whatever it said
        :raise spapi.errors.SpApiError: the account cannot send now; this parcel waits
        :raise Exception: one of TRANSIENT_ERRORS, after which nothing of this can be stored
        """
        self.ensure_one()
        order = self.sale_order_id
        try:
            gateway.confirm_shipment(
                order.amazon_order_ref, order.amazon_marketplace_id.api_ref, self._prepare_package()
            )
        except errors.Throttled as error:
            self.reason = self.account_id._handle_spapi_error(error)
            raise
        except errors.Unavailable as error:
            self.attempts += 1
            self._postpone(error)
            return False
        except errors.Unauthorized as error:
            if not self._is_denied_alone():
                self._take_denial(error)
                raise
            self._take_own_denial(error)
            return False
        except (errors.InvalidRequest, errors.NotFound) as error:
            self._take_refusal(error, gateway)
        except errors.SpApiError:
            raise
        except Exception as error:  # pylint: disable=broad-except
            if is_transient(error):
                raise
            self._fail_unexpectedly(error)
        else:
            self._note_sent()
        return True

    def _prepare_package(self):
        """Hook: the parcel in Amazon's terms.

        :rtype: spapi.shipments.ShippedPackage
        """
        from ..spapi.shipments import ShippedPackage

        self.ensure_one()
        return ShippedPackage(
            reference=str(self.package_ref),
            carrier_code=self.carrier_code,
            carrier_name=self.carrier_name or None,
            shipping_method=self.shipping_method or None,
            tracking_number=self.tracking_ref,
            shipped_at=self.shipped_on.replace(tzinfo=timezone.utc),
            ship_from_supply_source_id=self.picking_id.picking_type_id.warehouse_id.amazon_supply_source_ref or None,
            items=tuple((line.item_ref, line.quantity) for line in self.line_ids),
        )

    def _note_sent(self):
        self._forget_denials()
        self.write(
            {
                "state": "sent",
                "sent_on": fields.Datetime.now(),
                "checked_on": False,
                "attempts": self.attempts + 1,
                "reason": False,
                "retry_at": False,
            }
        )

    def _postpone(self, error):
        """Amazon did not answer: try again, later each time. Amazon may have it all the same; a repeat is harmless."""
        wait = timedelta(minutes=min(2 ** max(self.attempts - 1, 0), 60))
        self._wait_until(fields.Datetime.now() + wait, error)

    def _wait_until(self, retry_at, error):
        self.write({"retry_at": retry_at, "reason": self.account_id._handle_spapi_error(error)})
        self._trigger_sending(at=retry_at)

    def _take_refusal(self, error, gateway):
        """Amazon refused this parcel; where it says that it has it already, its order decides."""
        self._forget_denials()
        self.attempts += 1
        words = f"{error.code} {error.amazon_message}".lower()
        if any(word in words for word in ALREADY_SHIPPED):
            try:
                self._check(gateway)
            except (errors.Unavailable, errors.Unauthorized, errors.Throttled) as trouble:
                # The order decides later; the parcels behind this one need not wait for it.
                self._postpone(trouble)
                return
            if self.state == "done":
                return
        self._fail(self._refusal_text(error))

    def _refusal_text(self, error):
        """A refusal in plain words, with Amazon's."""
        words = (error.amazon_message or "").lower()
        if isinstance(error, errors.NotFound):
            plain = self.env._("Amazon does not know this order of this seller.")
        elif any(word in f"{error.code} {words}".lower() for word in ALREADY_SHIPPED):
            plain = self.env._(
                "Amazon has this order as shipped already, with other parcels. Look at it in Seller Central; if all is "
                "right there, nothing is left to do."
            )
        elif "tracking" in words:
            plain = self.env._(
                "Amazon does not accept the tracking number. Correct it, and check the carrier, then retry."
            )
        elif "carrier" in words:
            plain = self.env._("Amazon does not accept the carrier. Choose another Amazon carrier on it, then retry.")
        elif "quantity" in words:
            plain = self.env._("Amazon has fewer units left to ship than this parcel holds. Look in Seller Central.")
        else:
            plain = self.env._("Amazon refused the shipment. Correct what it complains about, then retry.")
        return self.account_id._with_amazon_words(plain, error)

    def _fail(self, reason):
        self.write({"state": "error", "reason": reason, "retry_at": False, "is_failure_mailed": False})

    def _is_denied_alone(self):
        """Whether Amazon let in others of the account since it first denied access to this parcel."""
        return bool(self.denials) and not self.denied_on

    def _take_denial(self, error):
        """Amazon denied access, as it would whatever this account sends.

        The first time the parcel waits. When no parcel went in between and Amazon denies access in a later run, too,
        all that waits has failed; linking the account again sends it.
        """
        now = fields.Datetime.now()
        denied = self._denied_before()
        self.denials += 1
        if not denied or min(denied.mapped("denied_on")) > now - DENIED_WAIT:
            self.denied_on = self.denied_on or now
            self._wait_until(now + DENIED_WAIT, error)
            return
        failed = self | denied | self.search(self._due_domain(self.account_id))
        failed._fail(self.account_id._handle_spapi_error(error))
        failed.denied_on = now

    def _take_own_denial(self, error):
        """Amazon denied access to this parcel and not to the account: the others need not wait for it, nor fail."""
        self.denials += 1
        if self.denials < DENIALS_TO_FAIL:
            self._wait_until(fields.Datetime.now() + DENIED_WAIT, error)
            return
        plain = self.env._(
            "Amazon denied access to this order %(times)s times, but took other shipments of %(account)s meanwhile. "
            "Look at it in Seller Central: confirm the shipment there, or mend what keeps your application out, such "
            "as a marketplace on which the account does not sell any more. Then retry.",
            times=self.denials,
            account=self.account_id.name,
        )
        self._fail(self.account_id._with_amazon_words(plain, error))

    def _forget_denials(self):
        """Amazon looked at this parcel: it denies access neither to it nor to the account any more.

        How often it denied access to each of the others stays counted.
        """
        self._denied_before().denied_on = False
        self.denials = 0

    def _denied_before(self):
        return self.search(
            [("account_id", "=", self.account_id.id), ("state", "=", "pending"), ("denied_on", "!=", False)]
        )

    def _fail_unexpectedly(self, error):
        """A fault of ours: the log gets the place, never the values."""
        compat.begin_again(self.env, error)
        _logger.error(
            "Amazon shipment %s failed with %s at:\n%s",
            self.id,
            type(error).__name__,
            "".join(traceback.format_tb(error.__traceback__)),
        )
        self.attempts += 1
        self._fail(
            self.env._(
                "An unexpected error (%(type)s) kept the shipment from being sent. Retry; if it comes again, give the "
                "administrator the number %(number)s.",
                type=type(error).__name__,
                number=self.id,
            )
        )

    # === WHAT FAILED ===

    @api.model
    def _tell_failures(self, account):
        """One mail that lists all deliveries that failed since the last one, to the account's responsible.

        Where nobody can be mailed, a task says so.
        """
        failed = self.search([("account_id", "=", account.id), ("state", "=", "error")], order="id")
        new = failed.filtered(lambda shipment: not shipment.is_failure_mailed)
        template = self.env.ref("amazon_connector.mail_template_failed_shipments", raise_if_not_found=False)
        if new and template and account.user_id.email:
            template.with_context(amazon_failed=new, lang=account.user_id.lang).send_mail(account.id)
        elif new or not failed:
            account._update_failure_activity(len(failed))
        new.is_failure_mailed = True

    def _notify_retry(self):
        """A notification of what a retry does."""
        if not self:
            return notification(self.env._("Nothing of this failed."), kind="info")
        waiting = self.filtered(lambda shipment: shipment.state == "waiting_tracking")
        if waiting:
            return notification("\n".join(dict.fromkeys(waiting.mapped("reason"))), kind="warning")
        return notification(self.env._("Amazon is told again in a moment."))
