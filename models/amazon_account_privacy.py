import logging
from collections import Counter
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .. import compat
from ..const import PERSONAL_DATA_DAYS
from ..utils import kept_apart, notification

_logger = logging.getLogger(__name__)

BATCH_SIZE = 200


class AmazonAccountPrivacy(models.Model):
    """Deletes the personal data of an account's buyers when their time is over.

    First what the inbox still holds, then what lies on the orders, then the contacts that no order needs any more.
    """

    _inherit = "amazon.account"

    personal_data_days = fields.Integer(
        "Keep Buyers' Data",
        default=PERSONAL_DATA_DAYS,
        required=True,
        help="Days after the delivery for which names, addresses and messages of buyers are kept. Amazon allows 30.",
    )
    is_data_deletion_asked = fields.Boolean(
        "Personal Data Are Being Deleted",
        readonly=True,
        copy=False,
        help="Somebody asked to delete the personal data of all buyers of this account, however recent they are.",
    )

    # === CONSTRAINT METHODS ===

    @api.constrains("personal_data_days")
    def _check_personal_data_days(self):
        for account in self:
            if not 0 <= account.personal_data_days <= PERSONAL_DATA_DAYS:
                raise ValidationError(
                    self.env._(
                        "Amazon allows you to keep buyers' data for %(days)s days after the delivery at most.",
                        days=PERSONAL_DATA_DAYS,
                    )
                )

    # === CRUD METHODS ===

    def write(self, vals):
        if vals.get("state") == "linked":
            vals = {**vals, "is_data_deletion_asked": False}
        return super().write(vals)

    # === ACTIONS ===

    def action_delete_amazon_data(self):
        """Open the dialog that deletes the personal data of all buyers of a disconnected account."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("amazon_connector.amazon_delete_data_action")
        return {**action, "context": {"default_account_id": self.id}}

    # === BUSINESS METHODS ===

    @api.model
    def _cron_delete_personal_data(self):
        """Delete what is due, account by account and batch by batch; never raises for one bad record."""
        yesterday = fields.Datetime.now() - timedelta(days=1)
        self.env["amazon.recover.order"].sudo().search([("create_date", "<", yesterday)]).unlink()
        accounts = self.sudo().with_context(active_test=False).search([])
        for index, account in enumerate(accounts):
            with kept_apart(account):
                counts = account._delete_due_personal_data()
                occasion = "asked" if account.is_data_deletion_asked else "due"
                self.env["amazon.privacy.log"]._note(account, occasion, counts)
            compat.commit_progress(self.env, 1, len(accounts) - index - 1)

    def _delete_all_personal_data(self):
        """Delete the personal data of a disconnected account now, as far as a request may take; the scheduler goes on.

        :return: what was deleted and what was kept
        :rtype: Counter
        :raise UserError: if the account is linked: Amazon would send the data again
        """
        self.ensure_one()
        self.check_access("write")
        if self.state != "draft":
            raise UserError(self.env._("Disconnect the account first: Amazon would send the data again."))
        account_sudo = self.sudo()
        account_sudo.is_data_deletion_asked = True
        account_sudo._all_buyers().amazon_erase_check_on = False
        counts = account_sudo._delete_due_personal_data(batches=2)
        self.env["amazon.privacy.log"]._note(self, "asked", counts)
        self.env.ref("amazon_connector.ir_cron_delete_personal_data").sudo()._trigger()
        return counts

    def _retention_period(self):
        """For how long personal data are kept after the delivery."""
        return timedelta(days=0 if self.is_data_deletion_asked else self.personal_data_days)

    def _delete_due_personal_data(self, batches=None):
        """Delete what is due of this account; each batch is committed.

        :param int batches: how many batches of each kind at most; all by default
        :rtype: Counter
        """
        self.ensure_one()
        counts = Counter(payloads=self.env["amazon.order.update"].sudo()._empty_due_payloads(self))
        orders, buyers = self.env["sale.order"].sudo(), self.env["res.partner"].sudo()
        orders = orders.with_context(active_test=False, tracking_disable=True)
        buyers = buyers.with_context(active_test=False, tracking_disable=True)
        buyers._take_in_added_contacts(self)
        for batch in self._batches(orders, self._due_orders_domain(), batches):
            batch = batch.filtered(lambda order: not order._is_amazon_hold())
            self._in_steps(batch, lambda records: records._erase_amazon_personal_data(counts))
        for batch in self._batches(buyers, self._due_buyers_domain(), batches):
            self._in_steps(batch, lambda records: records._with_added_contacts()._erase_amazon_buyers(counts))
        return counts

    def _batches(self, model, domain, limit):
        """The records of a domain, batch by batch, each once, even where their batch fails."""
        last_id, number = 0, 0
        while limit is None or number < limit:
            batch = model.search([("id", ">", last_id), *domain], order="id", limit=BATCH_SIZE)
            if not batch:
                return
            last_id, number = batch[-1].id, number + 1
            yield batch
            compat.commit(self.env)

    def _in_steps(self, records, delete):
        """Delete of all records together, or where that fails of each alone: one must not keep the others."""
        try:
            with self.env.cr.savepoint():
                delete(records)
                records.env.flush_all()
        except Exception as error:  # pylint: disable=broad-except
            self.env.invalidate_all()
            if len(records) == 1:
                _logger.error("The personal data of %s cannot be deleted: %s", records, type(error).__name__)
                return
            for record in records:
                self._in_steps(record, delete)

    def _due_orders_domain(self):
        domain = [
            ("amazon_account_id", "=", self.id),
            ("amazon_erased_on", "=", False),
            ("amazon_legal_hold", "=", False),
        ]
        undelivered = self.env["sale.order"]._amazon_undelivered_domain()
        if not self.is_data_deletion_asked:
            over = ("amazon_retention_from", "<=", fields.Datetime.now() - self._retention_period())
            domain += ["|", ("amazon_erasure_asked_on", "!=", False), over]
        return [*domain, "!", "&", "&", "&", *undelivered]

    def _due_buyers_domain(self):
        today = fields.Date.context_today(self)
        return [
            ("amazon_account_id", "=", self.id),
            ("amazon_erased_on", "=", False),
            "|",
            ("amazon_kept_reason", "!=", False),  # looked into before, perhaps because the buyer asked
            ("create_date", "<=", fields.Datetime.now() - self._retention_period()),
            "|",
            ("amazon_erase_check_on", "=", False),
            ("amazon_erase_check_on", "<=", today),
        ]

    def _all_buyers(self):
        buyers = self.env["res.partner"].with_context(active_test=False)
        return buyers.search([("amazon_account_id", "=", self.id), ("amazon_erased_on", "=", False)])

    def _notify_deleted(self, counts):
        """Say what was deleted and kept, on the account as well: the notification is gone in seconds."""
        summary = self.env["amazon.privacy.log"]._summary(counts)
        self.message_post(body=Markup("<br>").join([self.env._("Delete Amazon Data:"), *summary.splitlines()]))
        return notification(summary)
