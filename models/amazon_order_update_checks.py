from odoo import models

from ..order_problems import OrderIgnored, OrderProblem
from ..utils import naive_utc
from .amazon_order_update import PENDING_STATUSES


class AmazonOrderUpdateChecks(models.Model):
    """Which orders are imported, and for which reason the others are not."""

    _inherit = "amazon.order.update"

    def _check_same_account(self, sale_order):
        """An order stays with the account that brought it in, but others of the seller may say what became of it.

        :raise OrderIgnored: the account is one of another company or another seller
        """
        account = sale_order.amazon_account_id
        if account == self.account_id or account in self.account_id._get_accounts_of_same_seller():
            return
        raise OrderIgnored(
            "other_account",
            self.env._("This order already came in through the account %(account)s.", account=account.display_name),
        )

    def _check_importable(self, order):
        """Raise the reason why an order that Odoo does not have yet is not imported.

        :raise OrderIgnored: nothing is wrong, but the order does not belong in Odoo (now)
        :raise OrderProblem: somebody has to look at it
        """
        self.ensure_one()
        env = self.env
        marketplaces = {marketplace.api_ref for marketplace in self.account_id.active_marketplace_ids}
        if self.sale_order_name and not self.is_recovered:
            raise OrderIgnored(
                "deleted",
                env._(
                    "The sales order %(name)s of this Amazon order was deleted in Odoo. "
                    "Use Recover Order to import it again.",
                    name=self.sale_order_name,
                ),
            )
        if order.channel == "NON_AMAZON":
            raise OrderIgnored("non_amazon", env._("The order was not placed on Amazon."))
        if order.marketplace_id not in marketplaces:
            raise OrderIgnored(
                "marketplace",
                env._(
                    "The marketplace %(name)s is not among the synchronized marketplaces of the account.",
                    name=order.marketplace_name or order.marketplace_id or "?",
                ),
            )
        orders_from = self.account_id.orders_from
        if orders_from and naive_utc(order.created_at) < orders_from and not self.is_recovered:
            raise OrderIgnored(
                "too_old",
                env._(
                    "The order was placed before %(date)s, the date from which the account takes orders. "
                    "Use Recover Order to import it all the same.",
                    date=orders_from.date(),
                ),
            )
        self._check_status(order)

    def _check_status(self, order):
        env = self.env
        if order.status in PENDING_STATUSES:
            raise OrderIgnored("pending", env._("The order waits for its payment. It comes in once it is paid."))
        if order.status == "CANCELLED":
            raise OrderIgnored("cancelled", env._("The order was cancelled at Amazon before it reached Odoo."))
        if order.status == "UNFULFILLABLE":
            raise OrderIgnored("unfulfillable", env._("Amazon says that the order cannot be fulfilled."))
        if order.fulfilled_by not in ("AMAZON", "MERCHANT"):
            raise OrderProblem("channel", env._("Amazon does not say who ships the order. Try again later."))
        if order.status not in ("UNSHIPPED", "PARTIALLY_SHIPPED", "SHIPPED"):
            raise OrderProblem(
                "status",
                env._("Amazon gives the order the unknown status %(status)s.", status=order.status or "?"),
            )
        if order.is_fba and order.status != "SHIPPED":
            raise OrderIgnored("not_shipped", env._("Amazon has not shipped the order yet. It comes in once it has."))
