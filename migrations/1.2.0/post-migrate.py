"""From a version that did not tell copies apart: this database is the one in which its accounts were linked."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Without this, accounts would only be guarded once they are linked again."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    linked = env["amazon.account"].with_context(active_test=False).search([("state", "=", "linked")])
    linked._remember_database()
