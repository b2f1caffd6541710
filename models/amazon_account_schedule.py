from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_datetime

#: The scheduled action that does each kind of work.
ORDERS, UPDATES, SHIPMENTS = "ir_cron_sync_orders", "ir_cron_apply_order_updates", "ir_cron_send_shipments"
STOCK, SUBMISSIONS, OFFERS = "ir_cron_push_stock", "ir_cron_process_feeds", "ir_cron_import_offers"


@dataclass
class Step:
    """One kind of work that is to come: how much of it, when at the earliest, and why not sooner.

    `asks_amazon` is False for what Odoo does by itself, whatever keeps the account from Amazon.
    """

    subject: str
    waiting: str
    cron: str
    not_before: datetime | bool
    why: str = ""
    asks_amazon: bool = True


class AmazonAccountSchedule(models.Model):
    """What comes next for an account, and why not sooner."""

    _inherit = "amazon.account"

    schedule = fields.Html("What Comes Next", compute="_compute_schedule", sanitize=False)

    # === COMPUTE METHODS ===

    def _compute_schedule(self):
        for account in self:
            if account.state == "draft":
                account.schedule = Markup("<p>%s</p>") % account.env._(
                    "Nothing runs for this account until it is linked with Amazon."
                )
            else:
                account.schedule = account._render_stop_reasons() + account._render_schedule(account._schedule_steps())

    # === BUSINESS METHODS ===

    def _schedule_steps(self):
        """Hook: the work that is to come for this account.

        :rtype: list[Step]
        """
        self.ensure_one()
        env = self.env
        steps = [
            Step(env._("Fetch orders"), "", ORDERS, self.next_orders_sync, self.orders_sync_message),
            Step(
                env._("Import fetched orders"),
                self._count_waiting("amazon.order.update", [("state", "=", "pending")]),
                UPDATES,
                False,
                asks_amazon=False,
            ),
            self._shipment_step(),
        ]
        if self.synchronize_inventory:
            steps.append(
                Step(
                    env._("Send stock"),
                    self._count_waiting("amazon.offer", [("stock_state", "in", ("pending", "sending"))]),
                    STOCK,
                    self.next_stock_sync,
                    self.stock_sync_message,
                )
            )
        return [*steps, *self._open_submission_steps(), *self._running_import_steps()]

    def _shipment_step(self):
        shipments = self.env["amazon.shipment"].search(
            [("account_id", "=", self.id), ("state", "=", "pending")], order="retry_at"
        )
        delayed = shipments.filtered("retry_at")
        at_once = len(delayed) < len(shipments)
        return Step(
            self.env._("Confirm shipments"),
            str(len(shipments) or ""),
            SHIPMENTS,
            False if at_once else delayed[:1].retry_at,
            "" if at_once else delayed[:1].reason,
        )

    def _open_submission_steps(self):
        feeds = self.env["amazon.feed"].search(
            [("account_id", "=", self.id), ("state", "in", ("draft", "submitting", "in_progress"))]
        )
        subject = self.env._("Ask Amazon for the result of a submission")
        return [Step(subject, str(feed.line_count), SUBMISSIONS, feed.next_step_on, feed.message) for feed in feeds]

    def _running_import_steps(self):
        imports = self.env["amazon.catalogue.import"].search(
            [("account_id", "=", self.id), ("state", "in", ("queued", "running"))]
        )
        return [
            Step(
                self.env._("Import offers of %(marketplace)s", marketplace=running.marketplace_id.name),
                "",
                OFFERS,
                running.next_attempt_on,
                running.message,
            )
            for running in imports
        ]

    def _count_waiting(self, model, domain):
        return str(self.env[model].search_count([("account_id", "=", self.id), *domain]) or "")

    def _next_run(self, step):
        """When the scheduler will do it; None where its scheduled action is switched off."""
        cron = self.env.ref(f"amazon_connector.{step.cron}", raise_if_not_found=False)
        # sudo: when something runs is no secret.
        cron_sudo = cron and cron.sudo()
        if not cron_sudo or not cron_sudo.active:
            return None
        not_before = step.not_before or fields.Datetime.now()
        triggers = self.env["ir.cron.trigger"].sudo().search([("cron_id", "=", cron_sudo.id)])
        runs = [cron_sudo.nextcall, *triggers.mapped("call_at")]
        return min([run for run in runs if run >= not_before], default=max(not_before, cron_sudo.nextcall))

    def _render_stop_reasons(self):
        # sudo: whether the permission can be read is no secret.
        reasons = self.sudo()._get_stop_reasons()
        return Markup("").join(Markup("<p>%s</p>") % reason for reason in reasons)

    def _render_schedule(self, steps):
        env = self.env
        titles = (env._("What"), env._("Waiting"), env._("Next"), env._("Why"))
        return self._render_table(titles, [self._prepare_step_cells(step) for step in steps])

    @api.model
    def _render_table(self, titles, rows):
        head = Markup("").join(Markup("<th>%s</th>") % title for title in titles)
        body = Markup("").join(
            Markup("<tr>%s</tr>") % Markup("").join(Markup("<td>%s</td>") % cell for cell in cells) for cells in rows
        )
        return Markup('<table class="table table-sm"><thead><tr>%s</tr></thead><tbody>%s</tbody></table>') % (
            head,
            body,
        )

    def _prepare_step_cells(self, step):
        if step.asks_amazon and self.is_stopped:
            # Why it stopped is said above; an older reason to wait would only mislead.
            return step.subject, step.waiting, self.env._("Stopped"), ""
        next_run = self._next_run(step)
        moment = format_datetime(self.env, next_run, dt_format="short") if next_run else self.env._("Switched off")
        return step.subject, step.waiting, moment, step.why or ""
