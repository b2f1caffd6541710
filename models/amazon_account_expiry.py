from odoo import api, fields, models
from odoo.tools import format_date

from ..const import EXPIRY_WARNING_STAGES
from ..utils import kept_apart

CONSENT_ACTIVITY = "amazon_connector.mail_activity_renew_permission"
SECRET_ACTIVITY = "amazon_connector.mail_activity_renew_client_secret"
ENDED = "ended"


class AmazonAccountExpiry(models.Model):
    """The two dates on which Amazon stops an account, made a task for its salesperson in time.

    One task 30 days before, a second one 14 days before, and one in other words when the day has gone by; each also
    where the last was ticked off without renewing. Renewing removes the task.
    """

    _inherit = "amazon.account"

    # For which date and warning a task was made: "2027-03-01/30". Tasks that are done leave no trace.
    consent_reminder = fields.Char(readonly=True, copy=False)
    secret_reminder = fields.Char(readonly=True, copy=False)

    # === CRUD METHODS ===

    def write(self, vals):
        result = super().write(vals)
        if {"authorization_expires_on", "state", "active"} & vals.keys():
            self._update_expiry_activities()
        return result

    # === BUSINESS METHODS ===

    @api.model
    def _cron_check_expiry(self):
        """Look at the dates of all accounts, once a day."""
        accounts = self.search([])
        for account in accounts:
            with kept_apart(account):
                account._update_consent_activity()
        with kept_apart(accounts):
            accounts._update_secret_activities()

    def _update_expiry_activities(self):
        """Make the tasks that are due now, and remove those whose reason is gone."""
        # sudo: whatever brings a new date about, the tasks are other people's.
        for account in self.sudo():
            account._update_consent_activity()
        self.sudo().search([])._update_secret_activities()

    def _update_consent_activity(self):
        self._update_activity(CONSENT_ACTIVITY, "consent_reminder", self._consent_end(), self._consent_words())

    def _update_secret_activities(self):
        """One task for each person, however many accounts are theirs: there is one client secret."""
        expires_on = self._get_client_secret_expiry()
        told = set()
        for account in self.sorted("id"):
            person = account._responsible()
            concerned = account.state != "draft" and person not in told
            if concerned:
                told.add(person)
            account._update_activity(
                SECRET_ACTIVITY, "secret_reminder", concerned and expires_on, account._secret_words(expires_on)
            )

    def _consent_end(self):
        """The day on which the permission ends; False when there is none, or Amazon has withdrawn it already."""
        return self.active and self.state == "linked" and self.authorization_expires_on

    def _update_activity(self, activity_type, reminder_field, expires_on, words):
        """Bring the task of one kind up to what is known of its date.

        :param expires_on: the day until which something has to be done, False if there is nothing to do
        :param tuple words: summary and note of the task
        """
        self.ensure_one()
        stage = expires_on and self._expiry_stage(expires_on)
        if not stage:
            if self[reminder_field]:
                self.activity_unlink([activity_type])
                self[reminder_field] = False
            return
        reminder = f"{expires_on}/{stage}"
        if self[reminder_field] == reminder:
            return
        self[reminder_field] = reminder
        self.activity_unlink([activity_type])
        summary, note = words
        self.activity_schedule(
            activity_type, date_deadline=expires_on, summary=summary, note=note, user_id=self._responsible().id
        )

    def _expiry_stage(self, expires_on):
        """The last warning that is due: 30 or 14 days before, or ENDED after the day; None while there is time."""
        if self._is_past(expires_on):
            return ENDED
        days_left = (expires_on - fields.Date.context_today(self)).days
        return min((stage for stage in EXPIRY_WARNING_STAGES if days_left <= stage), default=None)

    def _is_past(self, day):
        return bool(day) and day < fields.Date.context_today(self)

    def _responsible(self):
        return self.user_id or self.create_uid

    def _consent_words(self):
        ends_on = self.authorization_expires_on
        names = {"account": self.name, "date": ends_on and format_date(self.env, ends_on)}
        if self._is_past(ends_on):
            note = self.env._(
                "Amazon's permission for %(account)s ended on %(date)s; no order comes in until you click on Re-link "
                "on the account.",
                **names,
            )
        else:
            note = self.env._(
                "Amazon's permission for %(account)s ends on %(date)s; then no order comes in any more. Click on "
                "Re-link on the account.",
                **names,
            )
        return self.env._("Renew Amazon's permission"), note

    def _secret_words(self, expires_on):
        date = expires_on and format_date(self.env, expires_on)
        if self._is_past(expires_on):
            note = self.env._(
                "It ended on %(date)s; nothing is synchronized until a new one is entered. Make it in Amazon's "
                "Solution Provider Portal, and have your administrator enter it in Sales ‣ Configuration ‣ Settings ‣ "
                "Connectors.",
                date=date,
            )
        else:
            note = self.env._(
                "It ends on %(date)s; then nothing is synchronized any more. Make a new one in Amazon's Solution "
                "Provider Portal, and have your administrator enter it in Sales ‣ Configuration ‣ Settings ‣ "
                "Connectors.",
                date=date,
            )
        return self.env._("Renew the client secret of the Amazon application"), note
