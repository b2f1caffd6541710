import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .. import compat
from ..carrier_names import mentions, plain_tracking_number, words

OTHER = "Other"


class AmazonCarrier(models.Model):
    """A carrier as Amazon knows it. Amazon takes its codes to the letter; who is not listed goes as Other with a name.

    https://developer-docs.amazon.com/sp-api/changelog/carriercode-value-required-in-shipment-confirmations-for-br-mx-ca-sg-au-in-jp-marketplaces
    """

    _name = "amazon.carrier"
    _description = "Amazon Carrier"
    _order = "sequence, name, id"
    _rec_names_search = ["name", "code", "other_names"]

    name = fields.Char(required=True)
    code = fields.Char(
        "Code at Amazon",
        required=True,
        help="As in the list of carriers in Seller Central, to the letter: Amazon minds capitals and spaces.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    country_ids = fields.Many2many(
        "res.country",
        string="Marketplaces",
        help="The countries on whose marketplaces Amazon knows the carrier by this code. Empty: on all.",
    )
    other_names = fields.Char(
        help="What else the carrier is called, separated by commas. Delivery methods are recognized by these names."
    )
    services = fields.Text(
        "Shipping Services", help="One on each line. A delivery method named after one of them is sent as that service."
    )
    tracking_pattern = fields.Char(
        "Tracking Numbers",
        help="A regular expression that all tracking numbers of the carrier fit, without spaces and in capitals. "
        "Others are warned of. Empty: no warnings.",
    )
    tracking_example = fields.Char(help="Shown with the warning.")

    _code_unique = compat.Constraint("UNIQUE(code)", "There is already a carrier with this code.")

    # === CONSTRAINT METHODS ===

    @api.constrains("tracking_pattern")
    def _check_tracking_pattern(self):
        for carrier in self.filtered("tracking_pattern"):
            try:
                re.compile(carrier.tracking_pattern)
            except re.error as error:
                raise ValidationError(
                    self.env._(
                        "%(pattern)s is no regular expression: %(reason)s",
                        pattern=carrier.tracking_pattern,
                        reason=error,
                    )
                ) from error

    # === CRUD METHODS ===

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        if "code" not in (default or {}):
            for vals in vals_list:
                vals["code"] = self.env._("%(code)s (copy)", code=vals["code"])
        return vals_list

    # === BUSINESS METHODS ===

    @api.model
    def _other(self):
        """The carrier that stands for all that Amazon does not list; empty when somebody deleted it."""
        return self.with_context(active_test=False).search([("code", "=", OTHER)], limit=1)

    @api.model
    def _find_by_name(self, text, country):
        """The carrier that a text names, on the marketplace of a country.

        A whole name, or Amazon's code, counts more than a name among other words, the longest such name most ("DHL
        Express" is not "DHL"); of equals the one that is of the country's own.

        :param str text: such as the name of a delivery method
        :param country: a `res.country`
        :return: an `amazon.carrier`, empty when none is named
        """
        text_words = words(text)
        best, best_rank = self.browse(), (0, 0, 0)
        known = ["|", ("country_ids", "=", False), ("country_ids", "in", country.ids)]
        for carrier in self.search([("code", "!=", OTHER), *known]):
            rank = carrier._rank(text_words)
            if rank and (*rank, bool(carrier.country_ids)) > best_rank:
                best, best_rank = carrier, (*rank, bool(carrier.country_ids))
        return best

    def _rank(self, text_words):
        """How well this carrier is named: whether by its whole name, and the length of the name; None when not."""
        self.ensure_one()
        whole = "".join(text_words)
        names = [words(name) for name in self._names()]
        if whole and whole in ("".join(name) for name in [*names, words(self.code)]):
            return (1, len(whole))
        lengths = [len("".join(name)) for name in names if mentions(text_words, name)]
        return (0, max(lengths)) if lengths else None

    def _names(self):
        self.ensure_one()
        return [self.name, *filter(None, (name.strip() for name in (self.other_names or "").split(",")))]

    def _service_names(self):
        self.ensure_one()
        return [name.strip() for name in (self.services or "").splitlines() if name.strip()]

    def _fits_tracking_number(self, number):
        """Whether a number looks like one of this carrier's; True where that is not known."""
        self.ensure_one()
        if not self.tracking_pattern:
            return True
        return bool(re.fullmatch(self.tracking_pattern, plain_tracking_number(number)))
