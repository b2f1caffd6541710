from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .account_common import SELLER_EU
from .shipment_common import ShipmentCase

ADMINISTRATOR = "amazon_connector.group_amazon_administrator"
EXTENDED = ("sale.order", "sale.order.line", "res.partner", "stock.picking")
GROUPS = "sales_team.group_sale_manager,stock.group_stock_manager,base.group_partner_manager"


@tagged("post_install", "-at_install")
class TestWhatOnlyTheConnectorWrites(ShipmentCase):
    """Remote calls get no further than the forms do: what is readonly there, people cannot write at all."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(cls.env, "manager", groups=GROUPS)
        cls.other_company = cls.env["res.company"].create(
            {
                "name": "Other Company",
                "currency_id": cls.env.company.currency_id.id,
                "country_id": cls.germany.country_id.id,
            }
        )
        cls.stranger = new_test_user(
            cls.env,
            "stranger",
            groups=GROUPS,
            company_id=cls.other_company.id,
            company_ids=[Command.set(cls.other_company.ids)],
        )
        cls.strangers_account = cls.new_account(name="Of the stranger", company_id=cls.other_company.id)

    def readonly_fields(self, name):
        """The stored fields of the addon that a form shows as readonly or not at all."""
        return [
            field.name
            for field in self.env[name]._fields.values()
            if field.store
            and (field.readonly or field.groups == fields.NO_ACCESS)
            and "amazon_connector" in field._modules
        ]

    def buyers(self, *names):
        account = {"amazon_account_id": self.account.id, "company_id": self.account.company_id.id}
        return self.env["res.partner"].create([{"name": name, **account} for name in names])

    def as_stranger(self, model):
        return self.env[model].with_user(self.stranger).with_company(self.other_company)

    # === READONLY ===

    def test_nobody_writes_a_field_of_the_connectors(self):
        order = self.order_in()
        picking = self.deliver(order)
        shipment = picking.amazon_shipment_ids
        update = self.env["amazon.order.update"].search([], limit=1)
        for record in (order, order.order_line[0], order.partner_id, picking, shipment, update, self.account):
            self.assertTrue(self.readonly_fields(record._name))
            for name in self.readonly_fields(record._name):
                with self.subTest(model=record._name, field=name), self.assertRaises(AccessError):
                    record.with_user(self.manager).write({name: False})

    def test_nobody_makes_a_record_with_a_field_of_the_connectors(self):
        for name in EXTENDED:
            with self.subTest(model=name), self.assertRaises(AccessError):
                self.env[name].with_user(self.manager).create({self.readonly_fields(name)[0]: False})

    def test_a_payload_of_ones_own_is_not_taken(self):
        vals = {"amazon_order_ref": "305-0000000-0000001", "last_updated": fields.Datetime.now(), "payload": "{}"}
        with self.assertRaises(AccessError):
            self.as_stranger("amazon.order.update").create({"account_id": self.strangers_account.id, **vals})

    def test_defaults_in_the_context_do_not_reach_them(self):
        offers = self.env["amazon.offer"].with_user(new_test_user(self.env, "sam", "sales_team.group_sale_salesman"))
        offer = offers.with_context(
            default_listing_channel="DEFAULT",
            default_listing_seen_on=fields.Datetime.now(),
            default_stock_share=7,
        ).create(
            {
                "account_id": self.account.id,
                "marketplace_id": self.germany.id,
                "sku": "OF-AMAZON",
                "product_id": self.mug.id,
            }
        )
        self.assertFalse(offer.listing_channel or offer.listing_seen_on)
        self.assertNotEqual(offer.stock_share, 7)

    def test_an_administrator_cannot_turn_an_account_into_another_sellers(self):
        account = self.account.with_user(self.manager)
        for vals in ({"seller_key": "OTHER"}, {"state": "draft"}, {"refresh_token": "Atzr|of-another"}):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                account.write(vals)
        with self.assertRaises(AccessError):
            account.create({"name": "New", "base_marketplace_id": self.germany.id, "state": "linked"})

    # === WHAT PEOPLE DO ===

    def test_people_with_the_rights_still_do_their_work(self):
        """Each of these writes such a field, on behalf of somebody who could not write it directly."""
        order = self.order_in()
        order.amazon_review = True
        picking = order.picking_ids
        update = self.env["amazon.order.update"].search([("sale_order_id", "=", order.id)])
        update.write({"state": "failed", "error_code": "amounts"})
        account = self.account.with_user(self.manager)
        deeds = {
            "mark as checked": lambda: order.with_user(self.manager).action_amazon_reviewed(),
            "schedule": lambda: picking.with_user(self.manager).write({"scheduled_date": "2027-01-01 10:00:00"}),
            "fetch older orders": lambda: account.write({"last_orders_sync": "2026-01-01 00:00:00"}),
            "import anyway": lambda: update.with_user(self.manager).action_import_anyway(),
            "copy the account": lambda: account.copy(),
            "copy the order": lambda: order.with_user(self.manager).copy(),
        }
        for name, deed in deeds.items():
            with self.subTest(deed=name):
                deed()
                self.env.flush_all()
        self.assertFalse(order.amazon_review)
        self.assertTrue(picking.amazon_rescheduled)

    def test_a_stock_user_delivers_a_part(self):
        order = self.order_in(("MUG-RED-11OZ", 3))
        worker = new_test_user(self.env, "worker", groups="stock.group_stock_user")
        picking = order.picking_ids.with_user(worker)
        picking.scheduled_date = "2027-01-01 10:00:00"
        picking.move_ids.write({"quantity": 1, "picked": True})
        picking.with_context(skip_backorder=True, skip_amazon_warning=True, skip_sms=True).button_validate()
        self.assertEqual(picking.state, "done")
        self.assertTrue(picking.sudo().backorder_ids)

    def test_a_salesperson_gives_a_line_its_product(self):
        order = self.order_in(("NEW-1", 1))
        line = order.order_line.filtered("amazon_unmatched")
        product = self.new_product("NEW-1")
        salesperson = new_test_user(self.env, "sam", groups="sales_team.group_sale_salesman_all_leads")
        line.with_user(salesperson).action_rematch_amazon()
        self.assertEqual(line.product_id, product)

    def test_contacts_are_merged_whoever_made_them(self):
        buyer = self.order_in().partner_id
        contact = self.env["res.partner"].create({"name": "The Same Person"})
        merging = self.env["base.partner.merge.automatic.wizard"].with_user(self.manager)
        merging._merge([buyer.id, contact.id], contact)
        self.assertEqual(contact.amazon_account_id, self.account)
        self.assertFalse(buyer.exists())

    def test_a_live_contact_that_takes_in_an_erased_one_is_still_to_be_erased(self):
        erased, live = self.buyers("Amazon Customer", "Otto Altmann")
        erased.amazon_erased_on = "2026-01-01 00:00:00"
        live.name = "Otto Neumann"
        self.env["base.partner.merge.automatic.wizard"].with_user(self.manager)._merge([erased.id, live.id], live)
        self.assertFalse(live.amazon_erased_on)
        self.assertEqual(live.amazon_former_words, "Otto Altmann")

    def test_names_of_a_contact_that_was_merged_are_remembered_until_the_deletion(self):
        first, second = self.buyers("Erika Altmann", "Erika Beispiel")
        first.name = "Erika Neumann"
        self.env["base.partner.merge.automatic.wizard"].with_user(self.manager)._merge([first.id, second.id], second)
        self.assertEqual(second.amazon_former_words.splitlines(), ["Erika Altmann", "Erika Neumann"])

    # === OTHER COMPANIES ===

    def test_no_record_is_handed_to_another_companys_account(self):
        setting = self.as_stranger("amazon.marketplace.setting").create(
            {"account_id": self.strangers_account.id, "marketplace_id": self.germany.id}
        )
        rule = self.as_stranger("amazon.delivery.rule").create(
            {
                "account_id": self.strangers_account.id,
                "service_level": "Standard",
                "carrier_id": self.env["delivery.carrier"].search([], limit=1).id,
            }
        )
        for record in (setting, rule):
            with self.subTest(model=record._name), self.assertRaises(AccessError):
                record.write({"account_id": self.account.id})

    def test_goods_of_another_companys_order_confirm_nothing(self):
        order = self.order_in()
        own = self.env["sale.order"].create(
            {
                "company_id": self.other_company.id,
                "partner_id": self.env["res.partner"].create({"name": "Customer"}).id,
                "order_line": [Command.create({"product_id": self.mug.id})],
            }
        )
        own.action_confirm()
        picking = own.picking_ids
        picking.carrier_tracking_ref = "MALLORY1"
        picking.move_ids.write({"sale_line_id": order.order_line.filtered("amazon_item_ref")[:1].id})
        picking.move_ids.write({"quantity": 1, "picked": True})
        picking._action_done()
        self.assertEqual(picking.state, "done")
        self.send()
        self.assertFalse(self.env["amazon.shipment"].search([("sale_order_id", "=", order.id)]))
        self.assertNotIn("confirmShipment", [call.operation for call in self.store.calls])

    # === SECRETS ===

    def test_a_token_read_in_a_dump_links_nothing(self):
        self.env.flush_all()
        self.env.cr.execute("SELECT refresh_token FROM amazon_account WHERE id = %s", [self.account.id])
        [(stored,)] = self.env.cr.fetchall()
        dialog = self.env["amazon.refresh.token"].create(
            {"account_id": self.new_account(name="New").id, "seller_key": SELLER_EU, "refresh_token": stored}
        )
        with self.assertRaisesRegex(Exception, "does not accept this refresh token"):
            dialog.action_link()

    def test_a_dialog_is_for_the_eyes_of_whoever_opened_it(self):
        colleague = new_test_user(self.env, "colleague", groups=GROUPS)
        dialogs = {
            "amazon.refresh.token": {"account_id": self.account.id, "seller_key": "X", "refresh_token": "Atzr|x"},
            "amazon.recover.order": {"account_id": self.account.id, "references": "305-0000000-0000001"},
            "amazon.delivery.warning": {"message": "Late"},
            "amazon.erase.buyer": {"partner_id": self.env.user.partner_id.id},
            "amazon.delete.data": {"account_id": self.account.id},
        }
        for name, vals in dialogs.items():
            dialog = self.env[name].with_user(self.manager).create(vals)
            with self.subTest(model=name):
                self.assertTrue(dialog.has_access("read"))
                self.assertFalse(dialog.with_user(colleague).has_access("read"))
