from unittest.mock import patch

from odoo import fields
from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user

from odoo.addons.amazon_connector import utils
from odoo.addons.amazon_connector.models import amazon_order_update_workers
from odoo.addons.amazon_connector.simulator import Simulator

SELLER_EU = "A1EXAMPLESELLEREU"
SELLER_NA = "A2EXAMPLESELLERNA"
USER = "amazon_connector.group_amazon_user"
ADMINISTRATOR = "amazon_connector.group_amazon_administrator"
GROUPS = {
    "public": "base.group_public",
    "portal": "base.group_portal",
    "employee": "base.group_user",
    "stock": "stock.group_stock_user",
    "user": USER,
    "salesperson": "sales_team.group_sale_salesman",
    "administrator": ADMINISTRATOR,
    "sales_administrator": "sales_team.group_sale_manager",
}


class AccountCase(TransactionCase):
    """Accounts that reach a simulated Amazon over HTTP; `cls.simulator` is the one, with its `store`."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # However slow the machine is, a run of the scheduler does all there is to do.
        cls.startClassPatcher(patch.object(amazon_order_update_workers, "RUN_SECONDS", None))
        cls.startClassPatcher(patch.multiple(utils, TURN_SECONDS=float("inf"), RUN_SECONDS=float("inf")))
        cls.simulator = Simulator().start()
        cls.addClassCleanup(cls.simulator.stop)
        cls.set_parameters(
            simulator_url=cls.simulator.url,
            application_id=cls.simulator.APPLICATION_ID,
            lwa_client_id=cls.simulator.CLIENT_ID,
            lwa_client_secret=cls.simulator.CLIENT_SECRET,
        )
        cls.germany = cls.env.ref("amazon_connector.marketplace_de")
        cls.france = cls.env.ref("amazon_connector.marketplace_fr")
        cls.account = cls.new_account()

    def setUp(self):
        super().setUp()
        self.simulator.store.reset()

    @classmethod
    def _request_handler(cls, s, r, /, **kw):
        # Odoo's guard against requests to the outside compares the timeout with a number.
        if isinstance(kw.get("timeout"), tuple):
            kw["timeout"] = max(kw["timeout"])
        return super()._request_handler(s, r, **kw)

    @classmethod
    def set_parameters(cls, **parameters):
        for name, value in parameters.items():
            cls.env["ir.config_parameter"].set_param(f"amazon_connector.{name}", value)

    @classmethod
    def new_account(cls, **vals):
        return cls.env["amazon.account"].create(
            {
                "name": "Example Shop",
                "base_marketplace_id": cls.germany.id,
                "environment": "simulator",
                **vals,
            }
        )

    def link(self, account=None, seller_key=SELLER_EU, token=None):
        """Link an account the way a user does who pastes a refresh token."""
        account = account or self.account
        wizard = account.env["amazon.refresh.token"].create(
            {
                "account_id": account.id,
                "seller_key": seller_key,
                "refresh_token": token or self.simulator.store.issue_refresh_token(seller_key),
            }
        )
        wizard.action_link()
        return account

    def assertNotLinked(self, account=None):
        """As it was created: nothing of the attempt is left."""
        account = account or self.account
        account.invalidate_recordset()
        self.assertEqual(account.state, "draft")
        self.assertFalse(account.refresh_token)
        self.assertFalse(account.seller_key)
        self.assertFalse(account.available_marketplace_ids)
        self.assertFalse(account.authorized_on)


class AccessCase(AccountCase):
    """A user of every kind, and a record of every model of the connector."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {role: new_test_user(cls.env, f"matrix_{role}", groups=group) for role, group in GROUPS.items()}
        company = cls.env["res.company"].create({"name": "Other Company"})
        cls.users["foreign_administrator"] = new_test_user(
            cls.env,
            "matrix_foreign",
            groups="sales_team.group_sale_manager",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        cls.account.state = "linked"
        cls.known = {
            "amazon.account": cls.account,
            "amazon.marketplace": cls.germany,
            "res.company": cls.env.company,
            "res.partner": cls.env["res.partner"].create({"name": "Buyer", "amazon_account_id": cls.account.id}),
            "res.users": cls.env.user,
            "product.product": cls.env["product.product"].create({"name": "Mug", "is_storable": True}),
        }
        cls.known["sale.order"] = cls._sale_order()
        cls.known["sale.order.line"] = cls.known["sale.order"].order_line
        cls.known["stock.picking"] = cls.known["sale.order"].picking_ids
        for name in cls.concrete_models():
            cls.record(name)
        cls.env.flush_all()
        cls.env.invalidate_all()

    @classmethod
    def _sale_order(cls):
        order = cls.env["sale.order"].create(
            {
                "partner_id": cls.known["res.partner"].id,
                "amazon_order_ref": "305-0000000-0000001",
                "amazon_account_id": cls.account.id,
                "amazon_channel": "fbm",
                "order_line": [Command.create({"product_id": cls.known["product.product"].id})],
            }
        )
        order.action_confirm()
        return order

    @classmethod
    def concrete_models(cls):
        return [name for name in sorted(cls.env.registry) if name.startswith("amazon.") and not cls.env[name]._abstract]

    @classmethod
    def record(cls, name):
        """A record of a model, with the least that it needs; related ones are made on the way."""
        if name == "amazon.personal.data":
            return cls.env[name].search([], limit=1)
        if name not in cls.known:
            model = cls.env[name]
            defaults = model.default_get(list(model._fields))
            vals = {
                field.name: cls.value(field)
                for field in model._fields.values()
                if field.required
                and field.store
                and not field.related
                and not field.compute
                and field.name not in defaults
            }
            cls.known[name] = model.create(vals)
        return cls.known[name]

    @classmethod
    def value(cls, field):
        if field.type == "many2one":
            return cls.record(field.comodel_name).id
        if field.type == "selection":
            return field.get_values(cls.env)[0]
        return {"datetime": fields.Datetime.now(), "date": fields.Date.today(), "char": "305-1", "text": "x"}.get(
            field.type, 1
        )
