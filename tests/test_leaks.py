import io
import json
import logging
import traceback

import xlsxwriter

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.amazon_connector.spapi.connection import Credentials
from odoo.addons.amazon_connector.spapi.order_types import Buyer, Item
from odoo.addons.amazon_connector.spapi.tokens import access_tokens

from ..simulator.samples import build_order
from .account_common import SELLER_EU, AccountCase
from .privacy_common import PrivacyCase

ROLES = {
    "portal": "base.group_portal",
    "employee": "base.group_user",
    "salesperson": "sales_team.group_sale_salesman",
    "sales_administrator": "sales_team.group_sale_manager",
    "system": "base.group_system,sales_team.group_sale_manager,base.group_allow_export",
}
SECRET_FIELDS = (
    ("amazon.account", "refresh_token"),
    ("amazon.account", "orders_page_token"),
    ("amazon.order.update", "payload"),
)


class Everything(logging.Handler):
    """Keeps every log record of every logger, with its arguments and its traceback."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.text = ""

    def emit(self, record):
        self.text += f"{record.name} {record.getMessage()}\n"
        if record.exc_info:
            self.text += "".join(traceback.format_exception(*record.exc_info))


@tagged("post_install", "-at_install")
class TestSecretsDoNotLeak(AccountCase, HttpCase):
    """A refresh token, the client secret, an access token and a pagination token, everywhere they might show."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {role: new_test_user(cls.env, f"leak_{role}", groups=groups) for role, groups in ROLES.items()}

    def setUp(self):
        super().setUp()
        self.token = self.simulator.store.issue_refresh_token(SELLER_EU)
        self.link(token=self.token)
        self.account.write(
            {
                "orders_page_token": "page-token-1234567890",
                "orders_page_token_on": fields.Datetime.now(),
                "orders_query": "{}",
            }
        )
        self.update = self.env["amazon.order.update"].create(
            {
                "account_id": self.account.id,
                "amazon_order_ref": "305-0000000-0000001",
                "last_updated": fields.Datetime.now(),
                "payload": json.dumps({"buyer": "payload-of-the-buyer"}),
            }
        )
        self.env.flush_all()

    def secrets(self):
        self.env.cr.execute("SELECT refresh_token FROM amazon_account WHERE id = %s", [self.account.id])
        [stored] = self.env.cr.fetchone()
        return [self.token, stored, self.simulator.CLIENT_SECRET, "page-token-1234567890", "payload-of-the-buyer"]

    def assertNoSecret(self, text, *more):
        for secret in (*self.secrets(), *more):
            self.assertNotIn(secret, str(text))

    def record(self, model):
        return self.account if model == "amazon.account" else self.update

    # === READS ===

    def test_no_role_reads_a_secret(self):
        for role, user in self.users.items():
            for model, name in SECRET_FIELDS:
                record = self.record(model).with_user(user)
                for read in (
                    lambda record=record, name=name: record.read([name]),
                    lambda record=record, name=name: record.web_read({name: {}}),
                    lambda record=record, name=name: record.search_read([], [name]),
                    lambda record=record, name=name: record.read_group([], [name], [name]),
                    lambda record=record, name=name: record.export_data([name]),
                    lambda record=record, name=name: record.search([(name, "=like", "f%")]),
                ):
                    with self.subTest(role=role, field=name):
                        try:
                            self.assertNoSecret(read())
                        except (AccessError, ValueError, UserError) as error:
                            self.assertNoSecret(error)

    def test_no_role_finds_a_secret_field_in_a_record_or_in_the_list_of_fields(self):
        for role, user in self.users.items():
            for model, name in SECRET_FIELDS:
                record = self.record(model).with_user(user)
                if not record.has_access("read"):
                    continue
                with self.subTest(role=role, field=name):
                    self.assertNotIn(name, record.read()[0])
                    self.assertNotIn(name, record.fields_get())

    def test_export_page_does_not_offer_a_secret(self):
        self.authenticate("leak_system", "leak_system")
        for model, name in SECRET_FIELDS:
            offered = self.make_jsonrpc_request("/web/export/get_fields", {"model": model, "domain": []})
            self.assertNotIn(name, [field["id"] for field in offered])

    def test_client_secret_is_never_read_in_clear(self):
        for role, user in self.users.items():
            parameters = self.env["ir.config_parameter"].with_user(user)
            with self.subTest(role=role):
                try:
                    found = parameters.search_read([("key", "=like", "amazon_connector.%")])
                    found.append(self.env["res.config.settings"].with_user(user).create({}).read())
                except AccessError:
                    continue
                self.assertNotIn(self.simulator.CLIENT_SECRET, str(found))

    def test_client_secret_is_not_even_read_encrypted(self):
        key = "amazon_connector.lwa_client_secret"
        stored = self.env["ir.config_parameter"].search([("key", "=", key)])
        self.assertIn("fernet:", stored.value)
        for user in self.users.values():
            parameters = self.env["ir.config_parameter"].with_user(user)
            for read in (
                lambda there=parameters: there.get_param(key),
                lambda there=parameters: there.search([("key", "=", key)]).ids,
                lambda there=parameters: there.browse(stored.id).read(["value"]),
                lambda there=parameters: there.browse(stored.id).export_data(["value"]),
                lambda there=parameters: there._read_group([("key", "=", key)], ["value"]),
            ):
                with self.subTest(user=user.login):
                    try:
                        self.assertFalse(read())
                    except (AccessError, UserError) as error:
                        self.assertNotIn(stored.value, str(error))

    def test_copy_of_an_account_has_no_secret(self):
        copied = self.account.copy()
        self.assertFalse(copied.refresh_token or copied.orders_page_token)

    # === TEXTS ===

    def test_no_secret_in_the_chatter(self):
        self.account.write({"refresh_token": "Atzr|another", "orders_page_token": "another-page-token"})
        self.account.action_disconnect()
        messages = self.account.message_ids
        text = messages.mapped("body") + [values.read() for values in messages.tracking_value_ids]
        self.assertNoSecret(text, "Atzr|another", "another-page-token", "fernet:")

    def test_no_secret_in_any_log_at_any_level(self):
        everything, root = Everything(), logging.getLogger()
        levels = {name: logging.getLogger(name).level for name in ("", "odoo", "urllib3", "sp_api")}
        root.addHandler(everything)
        try:
            for name in levels:
                logging.getLogger(name).setLevel(logging.DEBUG)
            logging.getLogger("odoo.sql_db").setLevel(logging.INFO)  # logs each query with its values, for developers
            self.simulator.store.add_order(SELLER_EU, build_order("DE"))
            self.account.action_sync_orders()
            self.account._gateway().marketplace_participations()
            self.simulator.store.add_fault("searchOrders", "internal_failure")
            self.account.action_sync_orders()
            held = self.access_tokens()
        finally:
            root.removeHandler(everything)
            for name, level in levels.items():
                logging.getLogger(name).setLevel(level)
        self.assertIn("getMarketplaceParticipations", everything.text)
        self.assertTrue(held)
        self.assertNoSecret(everything.text, *held)

    def access_tokens(self):
        return [held.token for held in access_tokens._held.values()]

    def test_no_secret_in_an_error_or_its_traceback(self):
        for fault in ("invalid_grant", "invalid_client"):
            self.simulator.store.add_fault("token", fault)
            gateway = self.new_account(name=fault, base_marketplace_id=self.germany.id)._make_gateway(
                self.token + fault
            )
            with self.subTest(fault):
                try:
                    gateway.marketplace_participations()
                except Exception as error:
                    text = "".join(traceback.format_exception(error))
                    self.assertNoSecret(text + repr(error) + str(vars(error)), self.token + fault)

    # === REPRESENTATIONS ===

    def test_no_secret_in_a_representation(self):
        gateway = self.account._gateway()
        gateway.marketplace_participations()
        credentials = Credentials("id", self.simulator.CLIENT_SECRET, self.token)
        parts = [
            gateway,
            credentials,
            access_tokens,
            *access_tokens._held.values(),
            self.account,
            vars(gateway),
            *vars(gateway).values(),
        ]
        self.assertNoSecret([repr(part) for part in parts], *self.access_tokens())
        self.assertNoSecret(f"{credentials} {gateway}")


@tagged("post_install", "-at_install")
class TestHostileTexts(PrivacyCase):
    """What a buyer writes is text: no HTML in Odoo, no formula in a spreadsheet."""

    FORMULA = '=HYPERLINK("https://evil.example","click")'
    SCRIPT = "<script>alert(1)</script><b>bold</b>"

    def test_html_in_names_and_messages_is_shown_as_text(self):
        raw = self.personal_order(status="UNSHIPPED")
        raw["buyer"]["buyerName"] = self.SCRIPT
        raw["recipient"]["deliveryAddress"]["name"] = self.SCRIPT
        raw["orderItems"][0]["fulfillment"] = {
            **raw["orderItems"][0].get("fulfillment", {}),
            "packing": {"giftOption": {"giftMessage": self.SCRIPT, "giftWrapLevel": "x"}},
        }
        sale = self.sale_order(raw)
        self.assertEqual(sale.partner_id.name, self.SCRIPT)
        note = sale.picking_ids.note
        self.assertIn("&lt;script&gt;", note)
        self.assertNotIn("<script>", note)
        self.assertNotIn("<b>", note)
        sale._amazon_activity("Summary", sale.partner_id.name)
        self.assertNotIn("<script>", str(sale.activity_ids.mapped("note")))

    def exported(self, records, names):
        """The cells of Odoo's own XLSX export, as they are written."""
        written = []
        sheet = xlsxwriter.Workbook(io.BytesIO(), {"in_memory": True}).add_worksheet()
        self.patch(sheet, "_write_formula", lambda *args: written.append(("formula", *args)))
        for row, cells in enumerate(records.export_data(names)["datas"]):
            for column, cell in enumerate(cells):
                sheet.write(row, column, cell)
        return written

    def test_formula_in_a_name_is_no_formula_in_an_exported_sheet(self):
        raw = self.personal_order()
        raw["buyer"]["buyerName"] = self.FORMULA
        raw["buyer"]["buyerPurchaseOrderNumber"] = self.FORMULA
        raw["recipient"]["deliveryAddress"] |= {
            "name": self.FORMULA,
            "companyName": self.FORMULA,
            "addressLine1": self.FORMULA,
            "city": "{=1+1}",
        }
        sale = self.sale_order(raw)
        self.assertIn("HYPERLINK", sale.partner_id.name)
        partners = sale._amazon_buyer_partners()
        self.assertFalse(self.exported(partners, ["name", "street", "street2", "city", "zip", "display_name"]))
        self.assertFalse(self.exported(sale, ["client_order_ref", "partner_id/name", "partner_shipping_id"]))

    def test_usual_names_and_phone_numbers_stay_as_they_are(self):
        sale = self.sale_order(self.personal_order())
        self.assertEqual(sale.partner_id.name, "Erika Beispiel")
        self.assertEqual(sale.partner_shipping_id.phone, "+49 30 1234567")

    def test_typed_values_show_no_personal_data(self):
        self.assertNotIn("Erika", repr(Buyer(name="Erika")))
        self.assertNotIn("Dear", repr(Item("1", "S", "A", "T", 1, None, None, None, None, gift_message="Dear Uwe")))
