"""From a version that only brought orders in: give the new groups to whoever sells, and start the new jobs."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Groups of Odoo's own apps are not touched by an update, and new jobs wait until Amazon Sync is switched on."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    for seller, amazon in (
        ("sales_team.group_sale_salesman", "amazon_connector.group_amazon_user"),
        ("sales_team.group_sale_manager", "amazon_connector.group_amazon_administrator"),
    ):
        env.ref(seller).implied_ids |= env.ref(amazon)
    settings = env["res.config.settings"]
    if settings._is_amazon_sync_active():
        settings._activate_amazon_crons(True)
