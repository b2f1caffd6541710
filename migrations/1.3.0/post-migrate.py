"""From a version that told copies by the database's identifier alone, and made no lanes by itself."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """The database in which the accounts were linked is no copy of itself, and shared jobs get their lanes."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    identifier = env["ir.config_parameter"].get_param("database.uuid")
    accounts = env["amazon.account"].with_context(active_test=False).search([("linked_database", "=", identifier)])
    accounts._remember_database()
    if env["res.config.settings"]._is_amazon_sync_active():
        env["ir.cron"]._arrange_amazon_lanes()
