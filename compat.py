"""What differs between Odoo 18 and Odoo 19, in one place."""

from contextlib import contextmanager

from odoo import models, release, tools

if hasattr(models, "Constraint"):  # 19
    Constraint = models.Constraint
else:  # 18

    class Constraint:
        """An SQL constraint declared as a class attribute, as Odoo 19 does.

        The name of the attribute starts with an underscore; the constraint is named after it.
        """

        def __init__(self, definition, message=""):
            self.definition = definition
            self.message = message

        def __set_name__(self, owner, name):
            constraints = owner.__dict__.get("_sql_constraints", [])
            constraint = (name.lstrip("_"), self.definition, self.message)
            owner._sql_constraints = [*constraints, constraint]


SERIES = release.version_info[0]

#: The taxes of a sales order line.
LINE_TAXES = "tax_ids" if SERIES >= 19 else "tax_id"

#: The unit of measure of a sales order line.
LINE_UOM = "product_uom_id" if SERIES >= 19 else "product_uom"

#: The model of packages.
PACKAGE_MODEL = "stock.package" if SERIES >= 19 else "stock.quant.package"

#: Whether a company must keep what its invoices once said.
AUDIT_TRAIL = "restrictive_audit_trail" if SERIES >= 19 else "check_account_audit_trail"


def parcel_of(move_line):
    """The package in which the goods of a done move line left; empty for loose goods.

    On Odoo 19 packages may lie in packages: what goes to the carrier is the outermost one.
    """
    package = move_line.result_package_id
    if SERIES >= 19:
        return move_line.package_history_id.outermost_dest_id or package
    return package


def move_description(text):
    """The values that describe a stock move; only Odoo 18 demands a name."""
    return {"description_picking": text} if SERIES >= 19 else {"name": text, "description_picking": text}


def commit(env):
    """Commit, except under test, where the test's transaction is rolled back at its end."""
    if not tools.config["test_enable"]:
        env.cr.commit()  # pylint: disable=invalid-commit


def begin_again(env, error):
    """Undo a transaction, except under test, so that its work can be done again or left to later.

    :raise Exception: `error`, when there is no connection to the database any more
    """
    if env.cr.connection.closed:
        raise error
    if not tools.config["test_enable"]:
        env.cr.rollback()


def commit_progress(env, done, remaining):
    """Commit what a job has done so far and tell the scheduler, which then goes on or comes back at once."""
    if SERIES >= 19:
        if tools.config["test_enable"]:
            return
        env["ir.cron"]._commit_progress(done, remaining=remaining)
    else:
        env["ir.cron"]._notify_progress(done=done, remaining=remaining)
        commit(env)


@contextmanager
def own_cursor(env):
    """A cursor whose changes stay, and show to other workers, whatever becomes of the caller's transaction.

    Under test it is the test's own cursor, which is rolled back with it.
    """
    if tools.config["test_enable"]:
        yield env.cr
        return
    with env.registry.cursor() as cr:
        # Odoo's own level would refuse what another worker has changed in the meantime, instead of waiting for it.
        cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
        yield cr


def group_together(groups, name, category):
    """Offer user groups as one choice in the user form, the weakest first.

    :param groups: `res.groups`, each of which implies the one before
    :param str name: of the choice
    :param category: the `ir.module.category` below which it stands
    """
    model, field = ("res.groups.privilege", "privilege_id") if SERIES >= 19 else ("ir.module.category", "category_id")
    parent = "category_id" if SERIES >= 19 else "parent_id"
    choice = groups.env[model].create({"name": name, parent: category.id})
    # The external identifier has Odoo remove it with the addon.
    data = {"xml_id": "amazon_connector.group_choice_amazon", "record": choice, "noupdate": True}
    groups.env["ir.model.data"]._update_xmlids([data])
    groups.write({field: choice.id})
