from odoo import fields

from ..simulator.samples import build_order
from .account_common import SELLER_EU, AccountCase

TRACKING = "JD014600003SE"
JOBS = (
    "sync_orders",
    "apply_order_updates",
    "send_shipments",
    "push_stock",
    "process_feeds",
    "compare_stock",
    "import_offers",
    "delete_personal_data",
    "check_expiry",
)


class ShipmentCase(AccountCase):
    """A linked account, its orders and its shipments, all over HTTP with the simulated Amazon."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.user_id.email = "responsible@example.com"
        # As the setting Amazon Sync does.
        cls.env.ref("amazon_connector.ir_cron_send_shipments").active = True
        cls.mug = cls.new_product("MUG-RED-11OZ")
        cls.tea = cls.new_product("TEA")
        cls.carrier = cls.new_carrier("House Courier")

    def setUp(self):
        super().setUp()
        self.link()
        self.account.orders_from = "2020-01-01"

    @classmethod
    def new_product(cls, reference, **vals):
        vals = {"name": reference, "default_code": reference, "type": "consu", "is_storable": True, **vals}
        return cls.env["product.product"].create(vals)

    @classmethod
    def new_carrier(cls, name, **vals):
        service = cls.env["product.product"].create({"name": name, "type": "service"})
        return cls.env["delivery.carrier"].create({"name": name, "product_id": service.id, **vals})

    @property
    def store(self):
        return self.simulator.store

    # --- Orders ---

    def order_in(self, *items, marketplace="DE", **options):
        """The sales order of an Amazon order with these items."""
        raw = build_order(marketplace, items=items or ("MUG-RED-11OZ",), **options)
        self.store.add_order(SELLER_EU, raw)
        self.account.action_recover_order(raw["orderId"])
        sale_order = self.env["sale.order"].search([("amazon_order_ref", "=", raw["orderId"])])
        self.assertTrue(sale_order)
        return sale_order

    def update_order(self, sale_order):
        """Bring the order up to what Amazon says now, as the synchronization does."""
        self.account.action_recover_order(sale_order.amazon_order_ref)

    # --- Deliveries ---

    def delivery(self, sale_order):
        """The delivery that is to be done."""
        return sale_order.picking_ids.filtered(lambda picking: picking.state not in ("done", "cancel"))

    def pick(self, picking, quantities=None):
        """Take quantities (by product, in the move's unit of measure; all by default) off the shelf."""
        for move in picking.move_ids:
            move.quantity = move.product_uom_qty if quantities is None else quantities.get(move.product_id, 0)
            move.picked = move.quantity > 0
        return picking

    def deliver(self, sale_order, quantities=None, tracking=TRACKING, carrier=None):
        """Validate the open delivery, whatever Odoo warns of; a backorder holds what is left."""
        picking = self.pick(self.delivery(sale_order), quantities)
        picking.carrier_id = self.carrier if carrier is None else carrier
        picking.carrier_tracking_ref = tracking
        self.validate(picking)
        return picking

    def validate(self, pickings):
        pickings.with_context(skip_amazon_warning=True, skip_backorder=True, skip_sms=True).button_validate()
        self.assertEqual(set(pickings.mapped("state")), {"done"})

    def pack(self, picking, *contents):
        """Put quantities by product into a package each; what is not named stays loose."""
        package_model = picking.move_line_ids.result_package_id
        for content in contents:
            package = package_model.create({"name": f"PACK-{len(package_model.search([]))}"})
            for product, quantity in content.items():
                move = picking.move_ids.filtered(lambda move, product=product: move.product_id == product)
                loose = move.move_line_ids.filtered(lambda move_line: not move_line.result_package_id)[:1]
                if loose.quantity > quantity:
                    loose.copy({"quantity": quantity, "result_package_id": package.id, "picked": True})
                    loose.quantity -= quantity
                else:
                    loose.result_package_id = package

    # --- Shipments ---

    def shipments(self, sale_order):
        return sale_order.amazon_shipment_ids.sorted("id")

    def told(self, sale_order):
        """What the outbox holds of an order: units by Amazon item."""
        units = {}
        for line in sale_order.amazon_shipment_ids.line_ids:
            units[line.item_ref] = units.get(line.item_ref, 0) + line.quantity
        return units

    def send(self):
        self.env["amazon.shipment"]._cron_send()
        self.env.invalidate_all()

    def refuse(self, sale_order, **options):
        """Deliver what Amazon refuses: the order was cancelled there meanwhile."""
        self.store.cancel_order(sale_order.amazon_order_ref)
        picking = self.deliver(sale_order, **options)
        self.send()
        return picking

    def confirmations(self, sale_order=None):
        """What Amazon took."""
        ref = sale_order and sale_order.amazon_order_ref
        return [entry for entry in self.store.confirmations if ref in (None, entry.order_id)]

    def confirm_calls(self):
        return self.store.calls_of("confirmShipment")

    def sent_mails(self):
        return self.env["mail.mail"].search([("recipient_ids", "in", self.account.user_id.partner_id.ids)])

    def triggers(self):
        cron = self.env.ref("amazon_connector.ir_cron_send_shipments")
        return self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])


class NeverCase(ShipmentCase):
    """A seller's whole Odoo: orders, deliveries and stock, with the simulated Amazon over HTTP."""

    def run_jobs(self, *names):
        """Have scheduled actions do their work; one that raises counts as failed, and is switched off in the end."""
        self.env.flush_all()
        for name in names or JOBS:
            self.env.ref(f"amazon_connector.ir_cron_{name}").ir_actions_server_id.run()
        self.env.invalidate_all()

    def sale_orders(self, account=None):
        return self.env["sale.order"].search([("amazon_account_id", "=", (account or self.account).id)])

    def offer_to_send(self, sku="MUG-RED-11OZ", stock=7):
        """An offer whose quantity waits to be sent."""
        self.store.add_listing(SELLER_EU, sku)
        self.env.ref("amazon_connector.ir_cron_push_stock").active = True
        self.account.synchronize_inventory = True
        offer = self.env["amazon.offer"].search([("account_id", "=", self.account.id), ("sku", "=", sku)])
        offer = offer or self.env["amazon.offer"].create(
            {
                "account_id": self.account.id,
                "marketplace_id": self.germany.id,
                "sku": sku,
                "product_id": self.mug.id,
            }
        )
        offer.write({"listing_channel": "DEFAULT", "listing_seen_on": fields.Datetime.now()})
        location = self.account.warehouse_id.lot_stock_id
        self.env["stock.quant"]._update_available_quantity(self.mug, location, stock)
        return offer
