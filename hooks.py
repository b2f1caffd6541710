"""What Odoo does not do by itself when the addon is installed or removed."""

from . import compat


def show_groups(env):
    """Have the user form offer Amazon User and Amazon Administrator side by side with Odoo's own groups."""
    names = ("group_amazon_user", "group_amazon_administrator")
    groups = env["res.groups"].concat(*(env.ref(f"amazon_connector.{name}") for name in names))
    compat.group_together(groups, "Amazon", env.ref("base.module_category_sales"))


def remove_parameters(env):
    """Forget the application's credentials: system parameters set by hand outlive an addon."""
    env["ir.config_parameter"].sudo().search([("key", "=like", "amazon_connector.%")]).unlink()
