from odoo import fields, models


class AmazonAccountDelivery(models.Model):
    """How the seller ships the orders of an account."""

    _inherit = "amazon.account"

    delivery_rule_ids = fields.One2many(
        "amazon.delivery.rule",
        "account_id",
        "Delivery Methods",
        copy=True,
        help="Which delivery method new orders get. Orders that are in Odoo already keep theirs.",
    )

    # === BUSINESS METHODS ===

    def _delivery_method(self, marketplace, service_level):
        """The delivery method that the rules give an order which the seller ships.

        :param marketplace: the `amazon.marketplace` of the order
        :param str service_level: Amazon's word
        :return: a `delivery.carrier`, empty when no rule fits
        """
        self.ensure_one()
        for rule in self.delivery_rule_ids:
            if rule.carrier_id.active and rule._fits(marketplace, service_level):
                return rule.carrier_id
        return self.env["delivery.carrier"]
