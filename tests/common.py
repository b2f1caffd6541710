from contextlib import contextmanager
from datetime import datetime

from odoo.tests import TransactionCase

from .. import compat
from ..simulator.samples import build_order


@contextmanager
def undone(env):
    """Take back whatever is done to the database within."""
    savepoint = env.cr.savepoint()
    try:
        yield
    finally:
        savepoint.close(rollback=True)
        env.invalidate_all()


class AmazonCase(TransactionCase):
    """A company of its own with a linked Amazon account, all European and American marketplaces active."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create(
            {
                "name": "Amazon Test Company",
                "currency_id": cls.env.ref("base.EUR").id,
                "country_id": cls.env.ref("base.de").id,
            }
        )
        cls.env.user.company_ids |= cls.company
        cls.env.user.company_id = cls.company
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": cls.company.ids})
        cls.company = cls.company.with_env(cls.env)
        cls.tax_group = cls.env["account.tax.group"].create(
            {"name": "Test", "company_id": cls.company.id, "country_id": cls.company.country_id.id}
        )
        cls.account = cls._create_account()
        cls.mug = cls._create_product("MUG-RED-11OZ")

    @classmethod
    def _create_account(cls, **values):
        marketplaces = cls.env["amazon.marketplace"].search([])
        return cls.env["amazon.account"].create(
            {
                "name": "Test Account",
                "company_id": cls.company.id,
                "base_marketplace_id": marketplaces.filtered(lambda m: m.api_ref == "A1PA6795UKMFR9").id,
                "available_marketplace_ids": [(6, 0, marketplaces.ids)],
                "active_marketplace_ids": [(6, 0, marketplaces.ids)],
                "state": "linked",
                "seller_key": "A1TESTSELLER",
                "orders_from": datetime(2020, 1, 1),
                **values,
            }
        )

    @classmethod
    def _create_product(cls, reference, taxes=None, **values):
        return cls.env["product.product"].create(
            {
                "name": f"Product {reference}",
                "default_code": reference,
                "type": "consu",
                "is_storable": True,
                "taxes_id": [(6, 0, taxes.ids if taxes else [])],
                "company_id": cls.company.id,
                **values,
            }
        )

    @classmethod
    def _create_tax(cls, amount, included=False, amount_type="percent", **values):
        return cls.env["account.tax"].create(
            {
                "name": f"{amount} {amount_type} {'included' if included else 'excluded'}",
                "amount": amount,
                "amount_type": amount_type,
                "type_tax_use": "sale",
                "price_include_override": "tax_included" if included else "tax_excluded",
                "company_id": cls.company.id,
                "country_id": cls.company.country_id.id,
                "tax_group_id": cls.tax_group.id,
                **values,
            }
        )

    def receive(self, *raw_orders, account=None, recovered=False):
        """Put orders into the inbox and apply them; returns their updates in the same order."""
        updates = self.env["amazon.order.update"]
        updates._receive(account or self.account, list(raw_orders), recovered=recovered)
        updates._apply_pending(everything=True)
        updates.invalidate_model()
        refs = [raw["orderId"] for raw in raw_orders]
        found = {update.amazon_order_ref: update for update in updates.search([("amazon_order_ref", "in", refs)])}
        return updates.concat(*(found[ref] for ref in refs if ref in found))

    def sale_order(self, raw, **options):
        """The sales order that an Amazon order becomes; fails with the reason when it becomes none."""
        update = self.receive(raw, **options)
        self.assertEqual(update.state, "done", update.error)
        return update.sale_order_id

    def kinds(self, sale_order):
        return sale_order.order_line.mapped("amazon_kind")

    def taxes(self, line):
        return line[compat.LINE_TAXES]

    def invoice(self, sale_order):
        """A draft invoice of all lines of an order, with the accounts that the company needs for it."""
        journal = self.env["account.journal"].create(
            {"name": "Sales", "code": "TSJ", "type": "sale", "company_id": self.company.id}
        )
        accounts = self.env["account.account"].with_company(self.company)
        income = accounts.create({"name": "Income", "code": "TST100", "account_type": "income"})
        receivable = accounts.create(
            {"name": "Receivable", "code": "TST200", "account_type": "asset_receivable", "reconcile": True}
        )
        sale_order.partner_id.with_company(self.company).property_account_receivable_id = receivable
        journal.default_account_id = income
        sale_order.order_line.product_id.invoice_policy = "order"
        sale_order.order_line.product_id.with_company(self.company).property_account_income_id = income
        return sale_order._create_invoices()

    def order(self, *args, **options):
        """An Amazon order as the simulator builds it; see `build_order`."""
        return build_order(*args, **options)
