from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.base.models.res_partner import _tz_get

from ..compat import Constraint
from ..const import MARKETPLACE_TIME_ZONES, REGIONS, SELLER_CENTRAL_HOST


class AmazonMarketplace(models.Model):
    _name = "amazon.marketplace"
    _description = "Amazon Marketplace"
    _order = "name, id"

    name = fields.Char(
        required=True,
        help="Amazon.<country code>, e.g. Amazon.se, makes it easy to find.",
    )
    api_ref = fields.Char(
        string="API Identifier",
        required=True,
        help="The marketplace ID in Amazon's documentation, e.g. A2NODRKZP88ZB9.",
    )
    region = fields.Selection(
        selection=REGIONS,
        string="Amazon Region",
        required=True,
        help="The region Amazon's documentation lists the marketplace under. One authorization "
        "covers all marketplaces of a region.",
    )
    seller_central_url = fields.Char(
        string="Seller Central URL",
        required=True,
        help="Where the sellers of this marketplace log in, e.g. https://sellercentral.amazon.se",
    )
    country_id = fields.Many2one("res.country")
    currency_id = fields.Many2one("res.currency")
    tz = fields.Selection(
        _tz_get,
        string="Time Zone",
        compute="_compute_tz",
        store=True,
        readonly=False,
        help="The clocks by which Amazon sets the deadlines of this marketplace.",
    )

    _api_ref_unique = Constraint(
        "UNIQUE(api_ref)",
        "There is already a marketplace with this API Identifier.",
    )

    # === COMPUTE METHODS === #

    @api.depends("country_id")
    def _compute_tz(self):
        for marketplace in self:
            marketplace.tz = MARKETPLACE_TIME_ZONES.get(marketplace.country_id.code) or marketplace.tz

    # === CONSTRAINT METHODS === #

    @api.constrains("seller_central_url")
    def _check_seller_central_url(self):
        """Sellers are sent to this address to log in: it has to be one of Amazon's."""
        for marketplace in self:
            url = urlsplit(marketplace.seller_central_url)
            if url.scheme != "https" or not SELLER_CENTRAL_HOST.fullmatch(url.netloc):
                raise ValidationError(
                    self.env._(
                        "%(url)s is not the address of a Seller Central. Enter the one that Amazon's "
                        "documentation lists for this marketplace, e.g. https://sellercentral.amazon.se",
                        url=marketplace.seller_central_url,
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._clean_vals(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._clean_vals(vals))

    # === BUSINESS METHODS === #

    @api.model
    def _clean_vals(self, vals):
        """Drop what a copy from a web page adds: spaces, and the slash after a host."""
        vals = dict(vals)
        if vals.get("api_ref"):
            vals["api_ref"] = vals["api_ref"].strip()
        if vals.get("seller_central_url"):
            vals["seller_central_url"] = vals["seller_central_url"].strip().rstrip("/")
        return vals
