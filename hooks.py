"""What Odoo does not do by itself when the addon is removed."""


def remove_parameters(env):
    """Forget the application's credentials: system parameters set by hand outlive an addon."""
    env["ir.config_parameter"].sudo().search([("key", "=like", "amazon_connector.%")]).unlink()
