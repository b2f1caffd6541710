from datetime import timedelta

from odoo import api, models

from ..utils import naive_utc


class SaleOrderDeadlines(models.Model):
    """By when Amazon expects an order to be shipped and delivered. The deliveries that wait follow."""

    _name = "sale.order"
    _inherit = ["sale.order", "amazon.deadline.mixin"]

    # === DEADLINE HOOKS ===

    def _amazon_deadline_depends(self):
        return (
            "amazon_ship_by",
            "amazon_deliver_by",
            "amazon_marketplace_id.tz",
            "state",
            "picking_ids.state",
            "picking_ids.amazon_sync_status",
        )

    def _is_waiting_for_amazon(self):
        self.ensure_one()
        # In a warehouse of several steps the delivery itself comes last.
        return (
            self.amazon_channel == "fbm"
            and self.state == "sale"
            and any(picking._is_waiting_for_amazon() for picking in self.picking_ids)
        )

    @api.model
    def _waiting_for_amazon_domain(self):
        waiting, _path = self.env["stock.picking"]._waiting_for_amazon_domain()
        return [("amazon_channel", "=", "fbm"), ("state", "=", "sale"), ("picking_ids", "any", waiting)], ""

    # === BUSINESS METHODS ===

    def _apply_amazon_deadlines(self, order):
        """Take the times that Amazon sets now. The deliveries that wait follow; what a person scheduled stays.

        :param spapi.orders.Order order: the parsed Amazon order
        """
        self.ensure_one()
        before = self.amazon_ship_by
        vals = self._prepare_amazon_deadline_vals(order)
        changed = {name: value for name, value in vals.items() if value and value != self[name]}
        if not changed:
            return
        self.write(changed)
        yet_to_leave = self.picking_ids.filtered(lambda picking: picking._has_yet_to_leave())
        if not yet_to_leave or not self._is_waiting_for_amazon():
            return
        if "amazon_ship_by" in changed and self.commitment_date == before:
            self._commit_to_amazon_ship_by(before)
        self._note_amazon_deadlines(changed)

    @api.model
    def _prepare_amazon_deadline_vals(self, order):
        """The last moments at which an order may be shipped and be delivered, as Odoo stores them."""
        windows = {"amazon_ship_by": order.ship_by, "amazon_deliver_by": order.deliver_by}
        return {
            name: naive_utc(window.latest) if window and window.latest else False for name, window in windows.items()
        }

    def _commit_to_amazon_ship_by(self, before):
        """Promise the delivery by the new time, and schedule what waits as much later or earlier.

        :param datetime before: the time that was promised; False when there was none
        """
        self.ensure_one()
        moves = self.order_line.move_ids
        left = {move: move.date_deadline for move in moves if move.state in ("done", "cancel")}
        self.commitment_date = self.amazon_ship_by
        # Odoo 18 gives the new deadline to what has left as well, Odoo 19 not to the first steps in the warehouse.
        # With the key each deadline is only its own move's.
        together = (moves | moves.move_orig_ids | moves.move_dest_ids).ids
        for move in moves:
            deadline = left.get(move, self.amazon_ship_by)
            if move.date_deadline != deadline:
                move.with_context(date_deadline_propagate_ids=set(together)).date_deadline = deadline
        for picking in self.picking_ids.filtered(lambda picking: picking._follows_amazon_ship_by()):
            planned = self._amazon_planned_date()
            if before:
                planned = picking.scheduled_date + (self.amazon_ship_by - before)
            picking.with_context(scheduled_by_amazon=True).scheduled_date = planned

    def _amazon_planned_date(self):
        """When a delivery of this order is to leave; Odoo's security lead time is kept."""
        self.ensure_one()
        return self.commitment_date and self.commitment_date - timedelta(days=self.company_id.security_lead)

    def _amazon_open_deliveries(self):
        return self.picking_ids.filtered(
            lambda picking: picking.picking_type_code == "outgoing" and picking.state not in ("done", "cancel")
        )

    def _note_amazon_deadlines(self, changed):
        self.ensure_one()
        texts = []
        if "amazon_ship_by" in changed:
            texts.append(
                self.env._("Amazon now expects the order to be shipped by %(time)s.", time=self.amazon_ship_by_local)
            )
        if "amazon_deliver_by" in changed:
            texts.append(self.env._("Amazon now promises delivery by %(time)s.", time=self.amazon_deliver_by_local))
        self.message_post(body=" ".join(texts))
