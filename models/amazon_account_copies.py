from odoo import fields, models
from odoo.exceptions import UserError


class AmazonAccountCopies(models.Model):
    """A copy of the database never acts for the seller, even where nobody neutralized it.

    Odoo gives a copy another identifier (*database.uuid*), be it duplicated or restored as a copy. Only a copy that is
    made past Odoo, with PostgreSQL's own tools, keeps it.
    """

    _inherit = "amazon.account"

    linked_database = fields.Char(
        groups=fields.NO_ACCESS, copy=False, help="Identifier of the database in which the account was linked."
    )

    # === BUSINESS METHODS ===

    def _gateway(self):
        """Refuses where this database is a copy of the one in which the account was linked."""
        self.ensure_one()
        if self._is_in_a_copied_database():
            raise UserError(self._message_copied_database())
        return super()._gateway()

    def _save_authorization(self, refresh_token, seller_key, participations, expires_on=False):
        """Linking an account is the decision that this database acts for the seller."""
        # sudo: a technical field, for a user who may link.
        self.sudo().linked_database = self._get_database_identifier()
        return super()._save_authorization(refresh_token, seller_key, participations, expires_on)

    def _get_permission_warning(self):
        if self._is_in_a_copied_database():
            return self._message_copied_database()
        return super()._get_permission_warning()

    def _is_in_a_copied_database(self):
        # sudo: a technical field, whoever wants to reach Amazon.
        linked_database = self.sudo().linked_database
        return bool(linked_database) and linked_database != self._get_database_identifier()

    def _get_database_identifier(self):
        # sudo: system parameters are only readable by system administrators.
        return self.env["ir.config_parameter"].sudo().get_param("database.uuid")

    def _message_copied_database(self):
        return self.env._(
            "This database is a copy of the one in which %(account)s was linked. So that a copy never acts for the "
            "seller, nothing is fetched from Amazon or sent to it from here. Click on Re-link only if this database "
            "takes the place of the other one.",
            account=self.name,
        )
