from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .account_common import AccessCase

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
class TestAccessMatrix(AccessCase):
    """Every model and every action of the connector against every kind of user."""

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
