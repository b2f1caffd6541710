"""From a version that told copies by the database's identifier alone, and made no lanes by itself."""

from odoo import SUPERUSER_ID, api

from odoo.addons.amazon_connector.models.amazon_order_lines import NOT_ODOOS_PRICE


def migrate(cr, version):
    """Bring what earlier versions left into the state that this one would have made."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {"active_test": False})
    remember_database(env)
    if env["res.config.settings"]._is_amazon_sync_active():
        env["ir.cron"]._arrange_amazon_lanes()
    compute_new_columns(env)
    keep_prices(cr)
    mark_added_addresses(env)
    mark_noted_items(env)
    retype_link_activities(env)


def remember_database(env):
    """The database in which the accounts were linked is no copy of itself."""
    identifier = env["ir.config_parameter"].get_param("database.uuid")
    env["amazon.account"].search([("linked_database", "=", identifier)])._remember_database()


def compute_new_columns(env):
    """An update adds stored columns empty, as an installation does; orders of Amazon need them filled."""
    orders = env["sale.order"]
    for name, needed in (
        ("amazon_retention_from", ("amazon_erased_on", "=", False)),
        ("amazon_tax_difference", ("amazon_tax_stated", "=", True)),
    ):
        empty = [("amazon_order_ref", "!=", False), (name, "=", False), needed]
        env.add_to_compute(orders._fields[name], orders.search(empty))


def keep_prices(cr):
    """Lines of Amazon's told Odoo by a price higher by one that theirs is not its own; somebody may type that one."""
    cr.execute("UPDATE sale_order_line SET technical_price_unit = %s WHERE amazon_kind IS NOT NULL", [NOT_ODOOS_PRICE])


def mark_added_addresses(env):
    """Addresses below a buyer were added there; whether a contact was the seller's own before, nobody knows now."""
    addresses = env["res.partner"].search(
        [
            ("amazon_account_id", "=", False),
            ("parent_id.amazon_account_id", "!=", False),
            ("type", "not in", (False, "contact")),
        ]
    )
    addresses.amazon_added_by_hand = True


def mark_noted_items(env):
    """Orders with gift messages or links have them already: an update of the order does not add them again."""
    notes = env["sale.order.line"].search([("is_amazon_buyer_note", "=", True)])
    goods = env["sale.order.line"].search([("order_id", "in", notes.order_id.ids), ("amazon_kind", "=", "product")])
    goods.write({"amazon_gift_noted": True, "amazon_customization_noted": True})


def retype_link_activities(env):
    """Tasks to link an account again had Odoo's type, and would not be closed when that is done."""
    tasks = env["mail.activity"].search(
        [
            ("res_model", "=", "amazon.account"),
            ("activity_type_id", "=", env.ref("mail.mail_activity_data_warning").id),
        ]
    )
    tasks.activity_type_id = env.ref("amazon_connector.mail_activity_link_again")
