from odoo import api, fields, models
from odoo.exceptions import UserError


class AmazonAccountCopies(models.Model):
    """A copy of the database never acts for the seller, even where nobody neutralized it.

    Odoo gives a copy another identifier (*database.uuid*), be it duplicated or restored as a copy. A copy that is made
    past Odoo, with PostgreSQL's own tools, keeps it, and is told by its name. One of the same name on another server
    cannot be told from a database that moved.
    """

    _inherit = "amazon.account"

    linked_database = fields.Char(
        groups=fields.NO_ACCESS,
        readonly=True,
        copy=False,
        help="The database that acts for the seller: its identifier and name.",
    )
    in_copied_database = fields.Boolean(compute="_compute_in_copied_database", compute_sudo=True)

    # === COMPUTE METHODS ===

    @api.depends("linked_database")
    def _compute_in_copied_database(self):
        this_database = self._get_database_identifier()
        for account in self:
            account.in_copied_database = account.linked_database not in (False, this_database)

    # === ACTION METHODS ===

    def action_use_this_database(self):
        """This database takes the place of the one in which the account was linked."""
        self.ensure_one()
        self.check_access("write")
        self._remember_database()
        self.message_post(body=self.env._("From now on, this database acts for the seller."))

    # === BUSINESS METHODS ===

    def _gateway(self):
        """Refuses where this database is a copy of the one in which the account was linked."""
        self.ensure_one()
        if self.in_copied_database:
            raise UserError(self._message_copied_database())
        return super()._gateway()

    def _save_authorization(self, refresh_token, seller_key, participations, expires_on=False):
        """Linking an account is the decision that this database acts for the seller."""
        self._remember_database()
        return super()._save_authorization(refresh_token, seller_key, participations, expires_on)

    def _get_stop_reasons(self):
        if self.state != "draft" and self.in_copied_database:
            return [self._message_copied_database()]
        return super()._get_stop_reasons()

    def _remember_database(self):
        # sudo: a technical field, for a user who may link.
        self.sudo().linked_database = self._get_database_identifier()

    def _get_database_identifier(self):
        # sudo: system parameters are only readable by system administrators.
        return f"{self.env['ir.config_parameter'].sudo().get_param('database.uuid')}/{self.env.cr.dbname}"

    def _message_copied_database(self):
        return self.env._(
            "This database is a copy of the one in which %(account)s was linked. So that a copy never acts for the "
            "seller, nothing is fetched from Amazon or sent to it from here. If this database takes the place of the "
            "other one, which no longer runs, click on Use This Database.",
            account=self.name,
        )
