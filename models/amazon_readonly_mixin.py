from odoo import api, fields, models
from odoo.exceptions import AccessError

ADDON = "amazon_connector"


class AmazonReadonlyMixin(models.AbstractModel):
    """What only the connector writes, people cannot write by remote calls either.

    Odoo keeps people from readonly fields in its forms alone. Here such fields decide which account speaks to Amazon,
    what Amazon is told, and whose order it is.
    """

    _name = "amazon.readonly.mixin"
    _description = "Amazon: fields that only the connector writes"

    # === CRUD METHODS ===

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_people_may_write(vals)
        return super(AmazonReadonlyMixin, self._without_defaults_for_the_connector()).create(vals_list)

    def write(self, vals):
        self._check_people_may_write(vals)
        result = super().write(vals)
        if "account_id" in vals and not self.env.su:
            # Odoo looks at record rules before a write only: nobody hands a record to another company's account.
            self.check_access("write")
        return result

    # === BUSINESS METHODS ===

    @api.model
    def _check_people_may_write(self, names):
        """:raise AccessError: if one of the fields is only the connector's, which writes as superuser"""
        refused = not self.env.su and [name for name in names if self._is_only_the_connectors(name)]
        if refused:
            raise AccessError(
                self.env._(
                    "%(fields)s: only Amazon's answers and the buttons of the connector change this.",
                    fields=", ".join(self._fields[name]._description_string(self.env) for name in refused),
                )
            )

    @api.model
    def _is_only_the_connectors(self, name):
        field = self._fields.get(name)
        hidden = field and field.groups == fields.NO_ACCESS
        return bool(field and field.store and (field.readonly or hidden) and ADDON in field._modules)

    @api.model
    def _without_defaults_for_the_connector(self):
        """This model, without the values that a caller puts into the context for such fields."""
        if self.env.su:
            return self
        names = [key.removeprefix("default_") for key in self.env.context if key.startswith("default_")]
        return self._without_defaults([name for name in names if self._is_only_the_connectors(name)])

    @api.model
    def _without_defaults(self, names):
        """This model, without the default values of these fields in the context."""
        unwanted = {f"default_{name}" for name in names}
        return self.with_env(self.env(context={k: v for k, v in self.env.context.items() if k not in unwanted}))
