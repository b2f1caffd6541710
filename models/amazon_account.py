from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class AmazonAccount(models.Model):
    """One Amazon seller account in one region.

    `amazon_account_authorization.py` links it with Amazon, `amazon_account_marketplaces.py` keeps the marketplaces it
    sells on, and `amazon_account_gateway.py` is its way to Amazon.
    """

    _name = "amazon.account"
    _description = "Amazon Account"
    _inherit = ["amazon.readonly.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    active = fields.Boolean(default=True, help="The orders of an archived account are not synchronized.")
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    environment = fields.Selection(
        selection="_selection_environment",
        required=True,
        default="production",
        help="Production is the seller's real account. Sandbox is Amazon's own test system, "
        "which answers with fixed examples.",
    )

    # Credentials
    base_marketplace_id = fields.Many2one(
        "amazon.marketplace",
        string="Home Marketplace",
        required=True,
        ondelete="restrict",
        help="The marketplace on which the seller account was created. It decides the region "
        "and the Seller Central in which the account is linked.",
    )
    region = fields.Selection(related="base_marketplace_id.region", string="Amazon Region", store=True)

    # Marketplaces
    available_marketplace_ids = fields.Many2many(
        "amazon.marketplace",
        relation="amazon_account_available_marketplace_rel",
        string="Available Marketplaces",
        copy=False,
        readonly=True,
        help="The marketplaces on which Amazon lets this seller sell.",
    )
    active_marketplace_ids = fields.Many2many(
        "amazon.marketplace",
        relation="amazon_account_active_marketplace_rel",
        string="Marketplaces",
        domain="[('id', 'in', available_marketplace_ids)]",
        copy=False,
        help="The marketplaces whose orders are synchronized. One that you add brings the orders that changed on it in "
        "the last 30 days and were placed since Orders From.",
    )

    # Orders follow-up
    orders_from = fields.Datetime(
        copy=False,
        help="Orders placed on Amazon before this date are not imported. By default, the moment "
        "at which the account was linked.",
    )
    last_orders_sync = fields.Datetime(
        string="Last Order Sync",
        copy=False,
        readonly=False,
        help="Orders that changed on Amazon since this date are fetched by the next "
        "synchronization. Set it to an earlier date to fetch older changes again.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Salesperson",
        domain="[('share', '=', False)]",
        check_company=True,
        default=lambda self: self.env.user,
        tracking=True,
    )
    team_id = fields.Many2one(
        "crm.team",
        string="Sales Team",
        check_company=True,
        tracking=True,
        help="The sales team of the orders of this account, for reporting. By default, all the "
        "accounts of a company share one.",
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        check_company=True,
        help="Where the orders that you ship yourself (Fulfilled by Merchant) are delivered from.",
    )
    location_id = fields.Many2one(
        "stock.location",
        string="Stock Location",
        domain="[('usage', '=', 'internal'), ('company_id', 'in', [company_id, False])]",
        check_company=True,
        help="Your products in Amazon's warehouses: where the orders that Amazon ships "
        "(Fulfilled by Amazon) are taken from. By default, all the accounts of a company share one.",
    )
    synchronize_inventory = fields.Boolean(
        string="FBM Stock Synchronization",
        help="Send the available quantities of the products that you ship yourself to Amazon.",
    )

    # === SELECTION METHODS === #

    @api.model
    def _selection_environment(self):
        """The simulator can only be chosen where its address is configured."""
        environments = [
            ("production", self.env._("Production")),
            ("sandbox", self.env._("Sandbox")),
        ]
        if self._get_simulator_url():
            environments.append(("simulator", self.env._("Simulator")))
        return environments

    # === CONSTRAINT METHODS === #

    @api.constrains("environment")
    def _check_environment(self):
        for account in self:
            if account.environment not in dict(self._selection_environment()):
                raise ValidationError(
                    self.env._(
                        "%(account)s cannot use the simulator: the system parameter amazon_connector.simulator_url "
                        "does not hold its address.",
                        account=account.name,
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        accounts = super().create(vals_list)
        for account in accounts:
            account._set_missing_defaults()
        return accounts

    def write(self, vals):
        if {"base_marketplace_id", "environment", "company_id"} & vals.keys():
            self._check_not_linked(vals)
        return super().write(vals)

    # === BUSINESS METHODS === #

    @api.model
    def _get_simulator_url(self):
        # sudo: system parameters are only readable by system administrators.
        parameters = self.env["ir.config_parameter"].sudo()
        return parameters.get_param("amazon_connector.simulator_url") or ""

    def _check_not_linked(self, vals):
        """An authorization is worth something for one seller in one region only.

        :param dict vals: the values about to be written
        :raise UserError: if a linked account would be turned into another one
        """
        for account in self.filtered(lambda account: account.state != "draft"):
            changed = any(
                name in vals and vals[name] != account._fields[name].convert_to_write(account[name], account)
                for name in ("base_marketplace_id", "environment", "company_id")
            )
            if changed:
                raise UserError(
                    self.env._(
                        "%(account)s is linked with Amazon: its home marketplace, environment and "
                        "company cannot change. Disconnect it first, or create another account.",
                        account=account.name,
                    )
                )

    # --- Defaults shared by the accounts of a company --- #

    def _set_missing_defaults(self):
        """Fill in what was not chosen: warehouse, sales team and FBA location.

        A company that has no warehouse yet, as Odoo makes all but the first, gets the rest once it has one.
        """
        self.ensure_one()
        self.team_id = self.team_id or self._find_or_create_default_team()
        self.warehouse_id = self.warehouse_id or self._find_default_warehouse()
        if self.warehouse_id:
            self.location_id = self.location_id or self._find_or_create_default_location()

    def _find_default_warehouse(self):
        return self.env["stock.warehouse"].search([("company_id", "=", self.company_id.id)], limit=1)

    def _find_or_create_default_team(self):
        # sudo: a salesperson's rights on teams must not decide which team is shared.
        teams_sudo = self.env["crm.team"].sudo()
        team = self._sibling_accounts().team_id[:1] or teams_sudo.search(
            [("name", "=", "Amazon"), ("company_id", "=", self.company_id.id)], limit=1
        )
        return team or teams_sudo.create({"name": "Amazon", "company_id": self.company_id.id})

    def _find_or_create_default_location(self):
        # sudo: Sales administrators may not create locations.
        locations_sudo = self.env["stock.location"].sudo()
        parent = self.warehouse_id.sudo().view_location_id
        location = self._sibling_accounts().location_id[:1] or locations_sudo.search(
            [("name", "=", "Amazon"), ("location_id", "=", parent.id)], limit=1
        )
        return location or locations_sudo.create(
            {
                "name": "Amazon",
                "usage": "internal",
                "location_id": parent.id,
                "company_id": self.company_id.id,
            }
        )

    def _sibling_accounts(self):
        """The other accounts of the same company, the oldest first."""
        # sudo: the values shared in a company do not depend on who creates the account.
        return self.sudo().search([("company_id", "=", self.company_id.id), ("id", "!=", self.id)], order="id")
