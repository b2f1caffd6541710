from datetime import timedelta

from odoo import fields

from .common import AmazonCase

TELLING = ("Erika Beispiel", "Lindenweg 7", "Hinterhaus", "+49 30 1234567", "erika@marketplace.amazon.de")


class PrivacyCase(AmazonCase):
    """Orders with everything that Amazon may tell of a buyer."""

    @classmethod
    def personal_order(cls, number=1, status="SHIPPED", **changes):
        """An order of a buyer in Germany; shipped by the seller, promised to be delivered long ago."""
        raw = cls.order(cls, "DE", order_id=f"305-0000000-{number:07}", status=status)
        raw["buyer"] = {"buyerName": TELLING[0], "buyerEmail": TELLING[4], **changes.pop("buyer", {})}
        raw["recipient"] = {
            "deliveryAddress": {
                "name": "Otto Empfang",
                "addressLine1": TELLING[1],
                "addressLine2": TELLING[2],
                "city": "Berlin",
                "postalCode": "10115",
                "countryCode": "DE",
                "phone": TELLING[3],
            }
        }
        return {**raw, **changes}

    def deliver(self, sale_order, days_ago):
        """Make an order delivered so many days ago, and its contacts as old."""
        moment = fields.Datetime.now() - timedelta(days=days_ago)
        for picking in sale_order.picking_ids.filtered(lambda picking: picking.state not in ("done", "cancel")):
            picking.move_ids.picked = True
            picking._action_done()
        sale_order.amazon_delivered_on = moment
        self.age(sale_order._amazon_buyer_partners(), moment)

    def age(self, records, moment):
        self.env.flush_all()
        self.env.cr.execute(f"UPDATE {records._table} SET create_date = %s WHERE id = ANY(%s)", [moment, records.ids])
        records.invalidate_recordset()

    def purge(self):
        self.env["amazon.account"]._cron_delete_personal_data()
        self.env.invalidate_all()

    def log(self):
        return self.env["amazon.privacy.log"].search([("account_id", "=", self.account.id)])

    def report(self, record):
        name = {"res.partner": "partner_id", "sale.order": "order_id"}[record._name]
        return self.env["amazon.personal.data"].search([(name, "=", record.id)])
