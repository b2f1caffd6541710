from dataclasses import dataclass

from odoo import api, models

from ..order_problems import OrderProblem
from ..spapi.amounts import OrderAmounts, order_amounts
from ..spapi.orders import Order
from ..utils import naive_utc

#: No mails, no chatter of the creation: thousands of orders come in, and buyers are never written to.
QUIET = {
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_auto_subscribe_no_notify": True,
    "tracking_disable": True,
    "sale_no_log_for_new_lines": True,
}


@dataclass
class NewOrder:
    """An Amazon order on its way in, with the Odoo records it stands for."""

    account: models.BaseModel
    order: Order
    amounts: OrderAmounts
    marketplace: models.BaseModel
    currency: models.BaseModel
    pricelist: models.BaseModel = None
    contact: models.BaseModel = None
    delivery: models.BaseModel = None
    fiscal_position: models.BaseModel = None

    @property
    def channel(self):
        return "fba" if self.order.is_fba else "fbm"


class AmazonOrderImporter(models.AbstractModel):
    """Makes sales orders of Amazon orders, a batch at a time."""

    _name = "amazon.order.importer"
    _description = "Amazon Order Importer"

    @api.model
    def _import_orders(self, account, orders, accepted_refs=()):
        """Create and confirm the sales orders of Amazon orders that Odoo does not have yet.

        Partners, orders and lines of the batch are each created in one call, and confirmed together.

        :param account: the `amazon.account` of all of them
        :param list orders: parsed orders that are to be imported
        :param accepted_refs: references of orders that come in although their amounts differ
        :return: by order reference, the sales order, or the `OrderProblem` that keeps it out
        :raise Exception: anything unforeseen; then nothing of the batch may be kept
        """
        self = self.with_company(account.company_id).with_context(**QUIET)
        account = account.with_env(self.env)
        match = self.env["amazon.offer"]._match_products(account, orders)
        new_orders, outcome = self._resolve(account, orders, match)
        match.ensure_offers(new_orders)
        self.env["res.partner"]._find_or_create_amazon_buyers(account, new_orders)
        sale_orders = self._create_sale_orders(new_orders, match)
        self._check_amounts(account, sale_orders, accepted_refs)
        sale_orders.action_confirm()
        for new, sale_order in zip(new_orders, sale_orders, strict=True):
            outcome[new.order.order_ref] = sale_order
        sale_orders._deliver_as_amazon_shipped([new.order for new in new_orders])
        for new, sale_order in zip(new_orders, sale_orders, strict=True):
            sale_order._note_cancellation_request(new.order)
        return outcome

    @api.model
    def _resolve(self, account, orders, match):
        """Find what the orders stand for in Odoo.

        :return: the orders that can be made, and by reference the problem of each other one
        :rtype: tuple[list[NewOrder], dict[str, OrderProblem]]
        """
        marketplaces = {marketplace.api_ref: marketplace for marketplace in account.active_marketplace_ids}
        currencies = self._currencies(orders, account)
        new_orders, problems = [], {}
        for order in orders:
            marketplace = marketplaces[order.marketplace_id]
            code = order.currency or marketplace.currency_id.name
            try:
                if code not in currencies:
                    raise OrderProblem(
                        "currency", self.env._("Odoo does not know the currency %(code)s of the order.", code=code)
                    )
                match.check(order, marketplace)
                self._check_warehouse(account, marketplace)
                self._check_fba_location(account, marketplace, order)
            except OrderProblem as problem:
                problems[order.order_ref] = problem
                continue
            new_orders.append(NewOrder(account, order, order_amounts(order), marketplace, currencies[code]))
        self._set_pricelists(account, new_orders)
        return new_orders, problems

    @api.model
    def _currencies(self, orders, account):
        """The currencies of the orders by code; those that were off are switched on."""
        codes = {order.currency for order in orders} | set(account.active_marketplace_ids.currency_id.mapped("name"))
        currencies = self.env["res.currency"].with_context(active_test=False).search([("name", "in", list(codes))])
        used = currencies.filtered(lambda currency: currency.name in {order.currency for order in orders})
        used.filtered(lambda currency: not currency.active).active = True
        return {currency.name: currency for currency in currencies}

    @api.model
    def _set_pricelists(self, account, new_orders):
        """A sales order takes its currency from its pricelist; the company's own currency needs none."""
        pricelists = {account.company_id.currency_id: self.env["product.pricelist"]}
        for new in new_orders:
            if new.currency not in pricelists:
                pricelists[new.currency] = self._find_or_create_pricelist(account, new.currency)
            new.pricelist = pricelists[new.currency]

    @api.model
    def _find_or_create_pricelist(self, account, currency):
        pricelists = self.env["product.pricelist"]
        company_domain = pricelists._check_company_domain(account.company_id)
        pricelist = pricelists.search([*company_domain, ("currency_id", "=", currency.id)], limit=1)
        if pricelist:
            return pricelist
        self.env["amazon.claim"]._take("pricelist", [(account.company_id.id, currency.id)])
        return pricelists.create(
            {
                "name": self.env._("Amazon %(currency)s", currency=currency.name),
                "currency_id": currency.id,
                "company_id": account.company_id.id,
            }
        )

    @api.model
    def _create_sale_orders(self, new_orders, match):
        fiscal_positions = self.env["account.fiscal.position"]
        vals_list = []
        for new in new_orders:
            new.fiscal_position = fiscal_positions._get_fiscal_position(new.contact, new.delivery)
            lines = self.env["amazon.order.lines"]._prepare_lines(new, match)
            vals_list.append({**self._prepare_order_vals(new), "order_line": [(0, 0, line) for line in lines]})
        sale_orders = self.env["sale.order"].create(vals_list)
        sale_orders._settle_amazon_amounts([new.amounts for new in new_orders])
        for new, sale_order in zip(new_orders, sale_orders, strict=True):
            if new.contact._amazon_vat_number(new.order) and not new.contact.vat:
                sale_order._review_tax_of_business(new.order)
        return sale_orders

    @api.model
    def _check_amounts(self, account, sale_orders, accepted_refs):
        """Hold back orders whose amounts differ, where the account wants that.

        :raise OrderProblem: for the first of them; the batch is then split
        """
        if account.amounts_policy != "hold":
            return
        for sale_order in sale_orders:
            if sale_order.amazon_review and sale_order.amazon_order_ref not in accepted_refs:
                raise OrderProblem("amounts", sale_order.amazon_review_reason)

    @api.model
    def _check_warehouse(self, account, marketplace):
        """:raise OrderProblem: if there is no warehouse that the order could be delivered from"""
        if not account._setting(marketplace, "warehouse_id"):
            raise OrderProblem(
                "no_warehouse", self.env._("%(company)s has no warehouse.", company=account.company_id.name)
            )

    @api.model
    def _check_fba_location(self, account, marketplace, order):
        """:raise OrderProblem: if Amazon shipped the order, and there is no location to take its goods from"""
        if order.is_fba and not account._setting(marketplace, "location_id"):
            raise OrderProblem(
                "no_fba_location",
                self.env._("%(account)s has no location for the goods in Amazon's warehouses.", account=account.name),
            )

    @api.model
    def _prepare_order_vals(self, new):
        """Hook: the values of the sales order, without its lines.

        :param NewOrder new: the order and the records it stands for
        """
        account, order = new.account, new.order
        deadlines = self.env["sale.order"]._prepare_amazon_deadline_vals(order)
        return {
            "company_id": account.company_id.id,
            "partner_id": new.contact.id,
            "partner_invoice_id": new.contact.id,
            "partner_shipping_id": new.delivery.id,
            "date_order": naive_utc(order.created_at),
            "pricelist_id": new.pricelist.id,
            "fiscal_position_id": new.fiscal_position.id,
            **self._prepare_order_name_vals(account, order),
            **{name: account._setting(new.marketplace, name).id for name in ("team_id", "user_id", "warehouse_id")},
            "client_order_ref": order.buyer.purchase_order or False,
            "origin": self.env._("Amazon %(reference)s", reference=order.order_ref),
            # Odoo schedules the delivery by this date.
            "commitment_date": deadlines["amazon_ship_by"],
            "require_signature": False,
            "require_payment": False,
            "amazon_order_ref": order.order_ref,
            "amazon_account_id": account.id,
            "amazon_marketplace_id": new.marketplace.id,
            "amazon_channel": new.channel,
            **deadlines,
            "amazon_service_level": order.service_level,
            "carrier_id": self._delivery_method(new).id,
            "amazon_last_updated": naive_utc(order.last_updated),
            "amazon_replaces_ref": order.replaces or False,
            "amazon_total": float(new.amounts.grand_total),
            **self.env["sale.order"]._prepare_amazon_tax_vals(new.amounts),
            **self.env["sale.order"]._prepare_amazon_delivery_dates(order),
        }

    @api.model
    def _delivery_method(self, new):
        """The delivery method of an order, by the account's rules; what Amazon ships itself needs none."""
        if new.channel == "fba":
            return self.env["delivery.carrier"]
        return new.account._delivery_method(new.marketplace, new.order.service_level)

    @api.model
    def _prepare_order_name_vals(self, account, order):
        name = account._amazon_order_name(order.order_ref)
        return {"name": name} if name else {}
