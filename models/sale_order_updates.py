from odoo import models


class SaleOrderUpdates(models.Model):
    """What Amazon says of an order that Odoo already has. Nothing that a person changed is overwritten."""

    _inherit = "sale.order"

    def _apply_amazon_update(self, order):
        """Bring this sales order up to what Amazon says of it now. The same update again changes nothing.

        :param order: the parsed Amazon order
        """
        self.ensure_one()
        if order.status == "CANCELLED":
            self._cancel_for_amazon()

    def _cancel_for_amazon(self):
        """Cancel the order, locked or not; when goods have left, a person decides."""
        self.ensure_one()
        if self.state == "cancel":
            return
        if self._has_delivered_goods():
            self._amazon_activity(
                self.env._("Amazon cancelled this order, but goods of it were delivered"),
                self.env._("Bring the goods back or agree with the buyer, then cancel what is left."),
            )
            return
        self._action_cancel()
        self.message_post(body=self.env._("Cancelled, because Amazon cancelled the order."))

    def _has_delivered_goods(self):
        self.ensure_one()
        return any(move.state == "done" and move.location_dest_id.usage == "customer" for move in self.order_line.move_ids)

    def _amazon_activity(self, summary, note):
        """Ask the order's salesperson, else the account's, to look; once for the same summary."""
        self.ensure_one()
        if summary in self.activity_ids.mapped("summary"):
            return
        user = self.user_id or self.amazon_account_id.user_id or self.env.user
        self.activity_schedule("mail.mail_activity_data_warning", summary=summary, note=note, user_id=user.id)
