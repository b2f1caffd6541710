from lxml import etree

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .account_common import AccountCase

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
#: Those who have the rights of another role by Odoo's own groups.
SAME = {"salesperson": "user", "sales_administrator": "administrator"}
ALL = "read write create unlink"

#: What each role may do with each model; a role that is not named may do nothing.
MODELS = {
    "amazon.account": {"stock": "read", "user": "read", "administrator": ALL},
    "amazon.account.link": {},
    "amazon.carrier": {"employee": "read", "stock": "read", "user": "read", "administrator": ALL},
    "amazon.catalogue.import": {"user": "read", "administrator": ALL},
    "amazon.claim": {},
    "amazon.delete.data": {"administrator": "read write create"},
    "amazon.delivery.warning": {"stock": ALL},
    "amazon.delivery.rule": {"stock": "read", "user": "read", "administrator": ALL},
    "amazon.erase.buyer": {"administrator": "read write create"},
    "amazon.feed": {"stock": "read", "user": "read", "administrator": ALL},
    "amazon.feed.line": {"stock": "read", "user": "read", "administrator": ALL},
    "amazon.listing": {"stock": "read", "user": "read", "administrator": ALL},
    "amazon.marketplace": {"employee": "read", "stock": "read", "user": "read", "administrator": ALL},
    "amazon.marketplace.setting": {"user": "read", "administrator": ALL},
    "amazon.offer": {"stock": "read", "user": "read write create", "administrator": ALL},
    "amazon.order.update": {"user": "read", "administrator": ALL},
    "amazon.personal.data": {"administrator": "read"},
    "amazon.privacy.log": {"administrator": "read"},
    "amazon.quota": {"user": "read", "administrator": "read"},
    "amazon.recover.order": {"administrator": ALL},
    "amazon.recover.order.line": {"administrator": ALL},
    "amazon.refresh.token": {"administrator": ALL},
    "amazon.shipment": {"stock": "read write", "user": "read", "administrator": ALL},
    "amazon.shipment.line": {"stock": "read", "user": "read", "administrator": ALL},
    "amazon.stock.change": {},
}
#: Models whose records belong to no company, or to nobody but the scheduler.
WITHOUT_COMPANY = {"amazon.carrier", "amazon.marketplace", "amazon.account.link", "amazon.claim", "amazon.stock.change"}

#: Which roles each action refuses. Actions that only open a list or a form give away nothing by themselves.
NOT_ADMINISTRATORS = ("public", "portal", "employee", "stock", "user", "salesperson", "foreign_administrator")
NO_RIGHTS = ("public", "portal", "employee")
NOT_SALES = ("public", "portal", "employee", "stock", "foreign_administrator")
STRANGERS = (*NO_RIGHTS, "foreign_administrator")
ACTIONS = {
    ("amazon.account", "action_delete_amazon_data"): (),  # the dialog checks
    ("amazon.account", "action_disconnect"): NOT_ADMINISTRATORS,
    ("amazon.account", "action_use_this_database"): NOT_ADMINISTRATORS,
    ("amazon.account", "action_import_offers"): NOT_ADMINISTRATORS,
    ("amazon.account", "action_link"): NOT_ADMINISTRATORS,
    ("amazon.account", "action_paste_refresh_token"): (),
    ("amazon.account", "action_pause_stock"): NOT_ADMINISTRATORS,
    ("amazon.account", "action_recover_order"): NOT_ADMINISTRATORS,
    ("amazon.account", "action_resume_stock"): NOT_ADMINISTRATORS,
    ("amazon.account", "action_review_listings"): (),
    ("amazon.account", "action_sync_inventory"): NOT_ADMINISTRATORS,
    ("amazon.account", "action_sync_orders"): NOT_ADMINISTRATORS,
    ("amazon.account", "action_sync_pickings"): NOT_ADMINISTRATORS,
    ("amazon.account", "action_update_marketplaces"): NOT_ADMINISTRATORS,
    ("amazon.catalogue.import", "action_accept_matched"): NOT_SALES,
    ("amazon.catalogue.import", "action_cancel"): NOT_ADMINISTRATORS,
    ("amazon.catalogue.import", "action_continue"): NOT_ADMINISTRATORS,
    ("amazon.catalogue.import", "action_review"): (),
    ("amazon.catalogue.import", "action_start"): NOT_ADMINISTRATORS,
    ("amazon.delete.data", "action_delete"): NOT_ADMINISTRATORS,
    ("amazon.delivery.warning", "action_validate_anyway"): STRANGERS,
    ("amazon.erase.buyer", "action_erase"): NOT_ADMINISTRATORS,
    ("amazon.feed", "action_look_now"): NOT_ADMINISTRATORS,
    ("amazon.feed", "action_retry_failed"): NOT_ADMINISTRATORS,
    ("amazon.listing", "action_accept"): NOT_ADMINISTRATORS,
    ("amazon.listing", "action_create_products"): NOT_ADMINISTRATORS,
    ("amazon.listing", "action_forget_choice"): NOT_ADMINISTRATORS,
    ("amazon.listing", "action_match_again"): NOT_ADMINISTRATORS,
    ("amazon.listing", "action_use_proposal"): NOT_ADMINISTRATORS,
    ("amazon.offer", "action_pause"): NOT_ADMINISTRATORS,
    ("amazon.offer", "action_resume"): NOT_ADMINISTRATORS,
    ("amazon.offer", "action_sync_stock"): NOT_ADMINISTRATORS,
    ("amazon.order.update", "action_import_anyway"): NOT_ADMINISTRATORS,
    ("amazon.order.update", "action_retry"): NOT_SALES,
    ("amazon.personal.data", "action_open"): NOT_ADMINISTRATORS,
    ("amazon.recover.order", "action_recover"): NOT_ADMINISTRATORS,
    ("amazon.refresh.token", "action_link"): NOT_ADMINISTRATORS,
    ("amazon.shipment", "action_retry"): STRANGERS,
    ("res.partner", "action_erase_amazon_buyer"): (),
    ("sale.order", "action_amazon_reviewed"): STRANGERS,
    ("sale.order", "action_erase_amazon_buyer"): (),
    ("sale.order.line", "action_rematch_amazon"): STRANGERS,
    ("stock.picking", "action_retry_amazon_sync"): STRANGERS,
}
ARGUMENTS = {"action_recover_order": ["305-0000000-0000001"]}


@tagged("post_install", "-at_install")
class TestAccessMatrix(AccountCase):
    """Every model and every action of the connector against every kind of user."""

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

    # === MODELS ===

    def test_every_model_is_in_the_matrix(self):
        self.assertEqual(self.concrete_models(), sorted(MODELS))

    def test_rights_on_models(self):
        for name, rights in MODELS.items():
            for role, user in self.users.items():
                role = "administrator" if role == "foreign_administrator" else role
                expected = rights.get(SAME.get(role, role), "").split()
                model = self.env[name].with_user(user)
                found = [operation for operation in ALL.split() if model.has_access(operation)]
                with self.subTest(model=name, role=role):
                    self.assertEqual(found, expected)

    def test_records_of_another_company_are_hidden(self):
        foreign = self.users["foreign_administrator"]
        for name in self.concrete_models():
            if name in WITHOUT_COMPANY or self.env[name]._transient:
                continue
            record = self.record(name).with_user(foreign)
            with self.subTest(model=name):
                self.assertNotIn(record, record.search([]))
                for operation in ("read", "write", "unlink"):
                    self.assertFalse(record.has_access(operation), operation)

    def test_orders_updates_of_another_company_cannot_be_made(self):
        foreign = self.users["foreign_administrator"]
        with self.assertRaises(AccessError):
            self.env["amazon.offer"].with_user(foreign).create(
                {
                    "account_id": self.account.id,
                    "marketplace_id": self.germany.id,
                    "sku": "X",
                    "product_id": self.known["product.product"].id,
                }
            )

    # === ACTIONS ===

    def actions(self, name):
        return [
            method
            for method in dir(type(self.env[name]))
            if method.startswith("action_") and (name.startswith("amazon.") or "amazon" in method)
        ]

    def inherited_actions(self):
        """Those of mail.thread and the like, which are Odoo's to guard."""
        return {method for parent in ("mail.thread", "mail.activity.mixin") for method in dir(type(self.env[parent]))}

    def test_every_action_is_in_the_matrix(self):
        known = {(model, action) for model, action in ACTIONS}
        missing = [
            f"{name}.{action}"
            for name in (*self.concrete_models(), "res.partner", "sale.order", "sale.order.line", "stock.picking")
            for action in self.actions(name)
            if (name, action) not in known
            and not action.startswith("action_open_")
            and action not in self.inherited_actions()
        ]
        self.assertFalse(missing)

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_actions_refuse_whom_they_should(self):
        let_in = []
        for (name, action), refused in ACTIONS.items():
            for role in refused:
                record = self.record(name).with_user(self.users[role])
                try:
                    with self.assertRaises(AccessError):
                        getattr(record, action)(*ARGUMENTS.get(action, []))
                except (AssertionError, UserError) as error:
                    let_in.append((name, action, role, type(error).__name__))
                self.env.invalidate_all()
        self.assertFalse(let_in)

    def test_actions_that_only_open_something_change_nothing(self):
        for name in self.concrete_models():
            for action in self.actions(name):
                if not action.startswith("action_open_") or action in self.inherited_actions():
                    continue
                record = self.record(name).with_user(self.users["employee"])
                with self.subTest(model=name, action=action):
                    try:
                        result = getattr(record, action)()
                    except AccessError:
                        continue
                    self.assertIn(result["type"], ("ir.actions.act_window", "ir.actions.act_url"))

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_private_methods_of_the_connector_are_not_callable_from_outside(self):
        for name in ("amazon.secrets", "amazon.message.cleaner", "amazon.other.documents", "amazon.order.importer"):
            public = [
                method
                for method in dir(type(self.env[name]))
                if not method.startswith("_") and method not in dir(type(self.env["base"]))
            ]
            with self.subTest(model=name):
                self.assertFalse(public)

    def test_only_actions_are_callable_from_outside(self):
        known = {"create", "write", "unlink", "copy", "default_get", "message_subscribe"}
        for name in self.concrete_models():
            parents = ("base", "mail.thread", "mail.activity.mixin")
            inherited = {method for parent in parents for method in dir(type(self.env[parent]))}
            own = set(dir(type(self.env[name]))) - set(self.env[name]._fields) - inherited - known
            with self.subTest(model=name):
                self.assertFalse([member for member in own if not member.startswith(("_", "action_", "<lambda>"))])

    # === GROUPS ===

    def test_user_form_offers_the_two_groups_as_one_choice(self):
        groups = self.env.ref(USER) + self.env.ref(ADMINISTRATOR)
        choice = groups.mapped("privilege_id" if "privilege_id" in groups else "category_id")
        self.assertEqual(choice.mapped("name"), ["Amazon"])

    def test_amazon_administrator_who_does_not_sell_sets_up_an_account(self):
        accounts = self.env["amazon.account"].with_user(self.users["administrator"])
        account = accounts.create({"name": "New", "base_marketplace_id": self.germany.id, "environment": "simulator"})
        self.link(account)
        self.assertEqual(account.state, "linked")
        account.action_sync_orders()
        account.action_disconnect()

    def test_amazons_groups_alone_open_the_account(self):
        for role in ("user", "administrator", "stock"):
            account = self.account.with_user(self.users[role])
            arch = etree.fromstring(account.get_view(None, "form")["arch"])
            names = {node.get("name") for node in arch.xpath("//field[not(ancestor::field)]")}
            with self.subTest(role=role):
                self.assertEqual(account.web_read({name: {} for name in names})[0]["id"], account.id)
                self.assertNotIn("order_count", names)

    def test_todays_salespeople_and_administrators_need_no_setup(self):
        self.assertTrue(self.users["salesperson"].has_group(USER))
        self.assertFalse(self.users["salesperson"].has_group(ADMINISTRATOR))
        self.assertTrue(self.users["sales_administrator"].has_group(ADMINISTRATOR))
        self.assertFalse(self.users["stock"].has_group(USER))

    def test_salesperson_sees_the_taxes_and_the_administrator_the_personal_data(self):
        self.env["res.config.settings"].create({"group_amazon_sync": True}).execute()
        seen = {}
        for role in ("salesperson", "sales_administrator", "stock"):
            menus = self.env["ir.ui.menu"].with_user(self.users[role])
            self.env.registry.clear_all_caches()
            found = menus.browse(menus._visible_menu_ids(debug=False)).get_external_id().values()
            seen[role] = {name.removeprefix("amazon_connector.menu_amazon_") for name in found if "amazon_conn" in name}
        self.assertLessEqual({"tax", "orders", "order_update", "offer"}, seen["salesperson"])
        self.assertFalse({"personal_data", "privacy_log"} & seen["salesperson"])
        self.assertLessEqual({"tax", "personal_data", "privacy_log", "account"}, seen["sales_administrator"])
        self.assertFalse({"personal_data", "privacy_log"} & seen["stock"])

    def test_salesperson_makes_the_offer_that_mends_an_order(self):
        offers = self.env["amazon.offer"].with_user(self.users["salesperson"])
        product = self.known["product.product"]
        offer = offers.create(
            {
                "account_id": self.account.id,
                "marketplace_id": self.germany.id,
                "sku": "NEW",
                "product_id": product.id,
                "sync_stock": True,
            }
        )
        other = product.copy()
        offer.product_id = other
        self.assertEqual(offer.product_id, other)

    def test_salesperson_does_not_decide_what_stock_amazon_shows(self):
        offer = self.record("amazon.offer").with_user(self.users["salesperson"])
        for vals in ({"sync_stock": False}, {"amazon_channel": "fba"}, {"sku": "OTHER"}):
            with self.subTest(vals), self.assertRaises(AccessError):
                offer.write(vals)
        with self.assertRaises(AccessError):
            offer.create({**offer.copy_data()[0], "sku": "NEW", "sync_stock": False})

    def test_legal_hold_is_for_administrators(self):
        partner, order = self.known["res.partner"], self.known["sale.order"]
        for record in (partner, order):
            with self.subTest(record._name), self.assertRaises(AccessError):
                record.with_user(self.users["salesperson"]).write({"amazon_legal_hold": True})
            record.with_user(self.users["sales_administrator"]).write({"amazon_legal_hold": True})
            self.assertTrue(record.amazon_legal_hold)


@tagged("post_install", "-at_install")
class TestRoutes(AccountCase, HttpCase):
    """The addresses of the connector against those who have no business there."""

    def test_routes_refuse_whom_they_should(self):
        for login, groups in (
            ("route_employee", "base.group_user"),
            ("route_seller", "sales_team.group_sale_salesman"),
        ):
            new_test_user(self.env, login, groups=groups)
            self.authenticate(login, login)
            for path in ("/amazon/oauth/return?state=x&spapi_oauth_code=y", "/amazon/oauth/login?amazon_state=x"):
                response = self.url_open(path, allow_redirects=False)
                with self.subTest(login=login, path=path):
                    self.assertIn(response.status_code, (400, 403))
                    self.assertNotLinked()
            confirmed = self.url_open(
                "/amazon/oauth/login/confirm", data={"account_id": self.account.id}, allow_redirects=False
            )
            self.assertIn(confirmed.status_code, (400, 403))

    def test_public_is_sent_to_the_login(self):
        self.authenticate(None, None)
        for path in ("/amazon/oauth/return?state=x", "/amazon/oauth/login?amazon_state=x"):
            with self.subTest(path=path):
                response = self.url_open(path, allow_redirects=False)
                self.assertEqual(response.status_code, 303)
                self.assertIn("/web/login", response.headers["Location"])
