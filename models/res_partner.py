from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..const import BUYER_ALIAS, BUYER_LANGUAGES

#: The name of a buyer whose name Amazon does not give; the same in every language, so that it is found again.
PLACEHOLDER_NAME = "Amazon Customer"
AMAZON_ADDRESS_FIELDS = ("street", "street2", "city", "zip", "state_id", "country_id")


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "amazon.readonly.mixin"]

    amazon_account_id = fields.Many2one(
        "amazon.account",
        "Buyer of Amazon Account",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="This contact is an Amazon buyer. Odoo never writes to it.",
    )
    amazon_email = fields.Char(
        "Amazon E-mail Alias",
        copy=False,
        readonly=True,
        index="btree_not_null",
        help="The address under which Amazon forwards mail to the buyer. It is kept apart from the contact's e-mail "
        "address, so that Odoo never uses it.",
    )

    # === CONSTRAINTS ===

    @api.constrains("email")
    def _check_email_is_no_amazon_alias(self):
        """Whatever Odoo mails to an alias, a newsletter say, breaks Amazon's rules and costs the seller the account."""
        for partner in self:
            if partner.email and BUYER_ALIAS.search(partner.email):
                raise ValidationError(
                    self.env._(
                        "This is an address under which Amazon forwards mail to a buyer. Odoo must not write to it: "
                        "answer the buyer in Seller Central, and leave the e-mail field of the contact empty."
                    )
                )

    # === BUSINESS METHODS ===

    @api.model
    def _without_amazon_buyers(self, partner_ids):
        """Who of these may follow a document: Amazon's buyers never do, Odoo would write to them.

        :param list partner_ids: may be None
        :rtype: list
        """
        if not partner_ids:
            return partner_ids
        buyers = self.sudo().browse(partner_ids).filtered("amazon_account_id")
        return [partner_id for partner_id in partner_ids if partner_id not in buyers.ids]

    @api.model
    def _find_or_create_amazon_buyers(self, account, new_orders):
        """Set contact and delivery address on each order of a batch.

        One buyer is one account and e-mail alias; without an alias every order has its own contact; nobody is ever
        matched by name.

        :param account: the `amazon.account` of the orders
        :param list new_orders: the `NewOrder`s of the batch; `contact` and `delivery` are set on them
        """
        aliases = {new.order.buyer.email for new in new_orders} - {""}
        buyers = {
            partner.amazon_email: partner
            # Of several the last one stays: one that is in use before those that somebody archived.
            for partner in self.with_context(active_test=False).search(
                [
                    ("amazon_account_id", "=", account.id),
                    ("amazon_email", "in", list(aliases)),
                    ("type", "!=", "delivery"),
                ],
                order="active, id desc",
            )
        }
        places = self.env["amazon.address"]._places(new.order for new in new_orders)
        unknown = self._orders_of_unknown_buyers(new_orders, buyers)
        claimed = {(account.id, new.order.buyer.email) for new in unknown if new.order.buyer.email}
        self.env["amazon.claim"]._take("buyer", claimed)
        companies = self._create_amazon_companies(account, unknown, places)
        contacts = self.create([self._prepare_amazon_contact_vals(account, new, places, companies) for new in unknown])
        for new, contact in zip(unknown, contacts, strict=True):
            new.contact = contact
            if new.order.buyer.email:
                buyers[new.order.buyer.email] = contact
        for new in new_orders:
            new.contact = new.contact or buyers[new.order.buyer.email]
        self._set_delivery_addresses(account, new_orders, places, contacts)
        self._complete_amazon_companies(account, [(new.contact, new.order) for new in new_orders])

    @api.model
    def _orders_of_unknown_buyers(self, new_orders, buyers):
        """The first order of each buyer that Odoo does not know yet."""
        unknown, seen = [], set()
        for new in new_orders:
            alias = new.order.buyer.email
            if alias and (alias in buyers or alias in seen):
                continue
            seen.add(alias)
            unknown.append(new)
        return unknown

    @api.model
    def _prepare_amazon_contact_vals(self, account, new, places, companies):
        """Hook: the values of a buyer's contact."""
        order = new.order
        address = order.address
        company = companies.get(order.order_ref)
        vals = {
            "name": order.buyer.name or (address.name if address else "") or PLACEHOLDER_NAME,
            "company_id": account.company_id.id,
            "amazon_account_id": account.id,
            "amazon_email": order.buyer.email or False,
            **self._prepare_amazon_lang_vals(new.marketplace),
            "phone": (address.phone if address else "") or False,
            **places[order.order_ref],
        }
        return {**vals, "parent_id": company.id} if company else vals

    @api.model
    def _prepare_amazon_lang_vals(self, marketplace):
        """The language of the marketplace, where Odoo has it; else one that differs in the country only."""
        wanted = BUYER_LANGUAGES.get(marketplace.country_id.code)
        installed = [code for code, _name in self.env["res.lang"].get_installed()]
        similar = [code for code in installed if wanted and code.split("_")[0] == wanted.split("_")[0]]
        if wanted in installed or similar:
            return {"lang": wanted if wanted in installed else similar[0]}
        return {}

    @api.model
    def _set_delivery_addresses(self, account, new_orders, places, new_contacts):
        """Find the delivery address of each order among its contact's; create the missing ones together."""
        missing = {}
        for new in new_orders:
            new.contact._complete_amazon_buyer(new.order, places)
            vals = self._prepare_amazon_delivery_vals(account, new, places)
            candidates = new.contact | new.contact.child_ids.filtered(lambda child: child.type == "delivery")
            new.delivery = next((partner for partner in candidates if partner._has_amazon_address(vals)), None)
            if not new.delivery:
                place = tuple(vals[name] for name in ("parent_id", "name", *AMAZON_ADDRESS_FIELDS))
                missing.setdefault(place, []).append((new, vals))
        of_known = [place for place, there in missing.items() if there[0][0].contact not in new_contacts]
        self.env["amazon.claim"]._take("delivery address", of_known)
        created = self.create([there[0][1] for there in missing.values()])
        for there, delivery in zip(missing.values(), created, strict=True):
            for new, _vals in there:
                new.delivery = delivery
        for new in new_orders:
            new.delivery._complete_amazon_buyer(new.order, places)

    @api.model
    def _prepare_amazon_delivery_vals(self, account, new, places):
        """Hook: the values of a delivery address; it goes to the contact itself where it is the same."""
        address = new.order.address
        return {
            "name": (address.name if address else "") or new.contact.name,
            "type": "delivery",
            "parent_id": new.contact.id,
            "company_id": account.company_id.id,
            "amazon_account_id": account.id,
            "phone": (address.phone if address else "") or False,
            **places[new.order.order_ref],
        }

    def _has_amazon_address(self, vals):
        """Whether this partner stands for the name and address in `vals`."""
        self.ensure_one()
        values = {name: self[name].id if name.endswith("_id") else self[name] for name in AMAZON_ADDRESS_FIELDS}
        return self.name == vals["name"] and all(
            (values[name] or False) == vals[name] for name in AMAZON_ADDRESS_FIELDS
        )

    def _complete_amazon_buyer(self, order, places=None, is_recipient=False):
        """Fill in what Amazon did not give before. Nothing that is filled in already is changed.

        :param order: the parsed Amazon order
        :param dict places: the address fields by order reference, where they are known already
        :param bool is_recipient: the parcel goes to these partners, so the name on the label goes before the buyer's
        """
        if not order.address and not order.buyer.name:
            return
        place = (places or self.env["amazon.address"]._places([order]))[order.order_ref]
        for partner in self.filtered(lambda partner: partner.amazon_account_id and not partner.amazon_erased_on):
            is_delivery = partner.type == "delivery"
            name = (order.address.name if order.address else "") or order.buyer.name
            vals = {key: value for key, value in place.items() if value} if partner._may_lie_at(place) else {}
            if not is_delivery and not is_recipient and order.buyer.name:
                name = order.buyer.name
            if name and partner.name == PLACEHOLDER_NAME:
                vals["name"] = name
            if order.address and order.address.phone:
                vals["phone"] = order.address.phone
            if order.buyer.email and not is_delivery:
                vals["amazon_email"] = order.buyer.email
            missing = {key: value for key, value in vals.items() if key == "name" or not partner[key]}
            if missing:
                partner.write(missing)

    def _may_lie_at(self, place):
        """Whether the street is still missing and what is known of the address is the same as in `place`."""
        self.ensure_one()
        known = [(self.city, place["city"]), (self.state_id.id, place["state_id"])]
        known.append((self.country_id.id, place["country_id"]))
        return not self.street and not self.zip and all(not mine or mine == other for mine, other in known)

    # --- Business buyers --- #

    @api.model
    def _create_amazon_companies(self, account, new_orders, places):
        """Create the companies of business buyers together.

        :return: companies by order reference
        :rtype: dict
        """
        business = [new.order for new in new_orders if self._amazon_company_name(new.order)]
        companies = self._create_companies_with_vat(
            [self._prepare_amazon_company_vals(account, order, places) for order in business]
        )
        return {order.order_ref: company for order, company in zip(business, companies, strict=True)}

    @api.model
    def _create_companies_with_vat(self, vals_list):
        """Companies whose VAT numbers Odoo may refuse."""
        try:
            with self.env.cr.savepoint():
                return self.create(vals_list)
        except ValidationError:
            return self.concat(*(self._create_amazon_company(vals) for vals in vals_list))

    @api.model
    def _create_amazon_company(self, vals):
        """A company whose VAT number Odoo may refuse: the number then stands in the notes."""
        try:
            with self.env.cr.savepoint():
                return self.create(vals)
        except ValidationError:
            return self.create({**vals, "vat": False, "comment": self._invalid_vat_note(vals["vat"])})

    @api.model
    def _invalid_vat_note(self, number):
        return self.env._("VAT number given at Amazon, which Odoo finds invalid: %(number)s", number=number)

    @api.model
    def _amazon_company_name(self, order):
        """The name of the company that bought, or "" when a person did."""
        registered = next((tax.legal_name for tax in order.tax_registrations if tax.entity == "BUYER"), "")
        return order.buyer.company or registered or (order.address.company if order.address else "")

    @api.model
    def _amazon_vat_number(self, order):
        """The VAT number of the buyer, or ""."""
        registrations = order.tax_registrations
        return next((tax.number for tax in registrations if tax.entity == "BUYER" and tax.type == "VAT"), "")

    @api.model
    def _prepare_amazon_company_vals(self, account, order, places):
        """Hook: the values of the company of a business buyer."""
        return {
            "name": self._amazon_company_name(order),
            "is_company": True,
            "vat": self._amazon_vat_number(order) or False,
            "company_id": account.company_id.id,
            "amazon_account_id": account.id,
            **places[order.order_ref],
        }
