"""What differs between Odoo 18 and Odoo 19, in one place."""

from odoo import models

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
