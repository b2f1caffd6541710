"""From a version that told copies by the database's identifier alone: its name counts, too."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Without this, the database in which the accounts were linked would be taken for a copy of itself."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    identifier = env["ir.config_parameter"].get_param("database.uuid")
    accounts = env["amazon.account"].with_context(active_test=False).search([("linked_database", "=", identifier)])
    accounts._remember_database()
