from odoo import api, fields, models

from ..carrier_names import best_mention
from .amazon_carrier import OTHER

#: Amazon takes no longer names of unlisted carriers.
#: https://sellercentral.amazon.com/gp/help/external/G641
NAME_LENGTH = 50


class DeliveryCarrier(models.Model):
    _inherit = "delivery.carrier"

    amazon_carrier_id = fields.Many2one(
        "amazon.carrier",
        "Carrier at Amazon",
        ondelete="restrict",
        help="Who Amazon is told brings the parcels. Empty: the carrier that the name of this delivery method names. "
        "Other: a carrier that is not in Amazon's list; Amazon is then told the name of this delivery method.",
    )
    amazon_shipping_method = fields.Char(
        "Shipping Service at Amazon",
        help="The service that Amazon is told, such as DHL Paket, as Seller Central lists it. "
        "Empty: the one that the name of this delivery method names, if any.",
    )
    amazon_carrier_guess = fields.Char("Known to Amazon as", compute="_compute_amazon_carrier_guess")
    amazon_service_names = fields.Text(related="amazon_carrier_id.services", string="Services at Amazon")

    # === COMPUTE METHODS ===

    @api.depends("name", "delivery_type", "amazon_carrier_id", "amazon_shipping_method")
    @api.depends_context("lang", "allowed_company_ids")
    def _compute_amazon_carrier_guess(self):
        """In a line, what Amazon is told on each of the marketplaces in use."""
        # sudo: whoever may look at a delivery method sees what becomes of it.
        accounts = self.env["amazon.account"].sudo().search([("company_id", "in", self.env.companies.ids)])
        marketplaces = (accounts.active_marketplace_ids or accounts.base_marketplace_id).sorted("name")
        for carrier in self:
            told = {}
            for marketplace in marketplaces if carrier.name else ():
                told.setdefault(carrier._amazon_carrier_text(marketplace), []).append(marketplace.name)
            if len(told) == 1:
                carrier.amazon_carrier_guess = next(iter(told))
            else:
                carrier.amazon_carrier_guess = "; ".join(f"{text} ({', '.join(on)})" for text, on in told.items())

    # === BUSINESS METHODS ===

    def _amazon_carrier(self, marketplace):
        """What Amazon is told of the carrier of a parcel.

        :param marketplace: the `amazon.marketplace` of the order
        :return: Amazon's code; the name, only with the code Other; the shipping service or False
        :rtype: tuple
        """
        self.ensure_one()
        carrier = self._find_amazon_carrier(marketplace)
        name = carrier.code == OTHER and (self.name or "").strip()[:NAME_LENGTH]
        return carrier.code, name, self._amazon_service(carrier)

    def _amazon_tracking_warning(self, marketplace, number):
        """A warning when a tracking number does not look like one of this carrier's. It may be right all the same.

        :param marketplace: the `amazon.marketplace` of the order
        :param str number: one tracking number
        :return: translated text, or False
        """
        self.ensure_one()
        carrier = self._find_amazon_carrier(marketplace)
        if not number or carrier._fits_tracking_number(number):
            return False
        if carrier.tracking_example:
            return self.env._(
                "%(number)s does not look like a tracking number of %(carrier)s, such as %(example)s. Check the number "
                "and the carrier: otherwise Amazon cannot follow the parcel.",
                number=number,
                carrier=carrier.name,
                example=carrier.tracking_example,
            )
        return self.env._(
            "%(number)s does not look like a tracking number of %(carrier)s. Check the number and the carrier: "
            "otherwise Amazon cannot follow the parcel.",
            number=number,
            carrier=carrier.name,
        )

    def _find_amazon_carrier(self, marketplace):
        """The chosen carrier, else the one that the name, else the provider of this delivery method names, else Other.

        Without access to more than the delivery: whoever ships may have it told.
        """
        self.ensure_one()
        method = self.sudo()
        if method.amazon_carrier_id:
            return method.amazon_carrier_id
        carriers = method.env["amazon.carrier"]
        for text in (method.name, (method.delivery_type or "").replace("_", " ")):
            if found := carriers._find_by_name(text, marketplace.country_id):
                return found
        return carriers._other() or carriers.new({"code": OTHER, "name": OTHER})

    def _amazon_service(self, carrier):
        self.ensure_one()
        return self.amazon_shipping_method or best_mention(self.name, carrier._service_names()) or False

    def _amazon_carrier_text(self, marketplace):
        code, name, service = self._amazon_carrier(marketplace)
        return ", ".join(filter(None, (f"{code}: {name}" if name else code, service)))
