from markupsafe import Markup

from odoo import api, fields, models


class AmazonDeliveryWarning(models.TransientModel):
    """Asks before a delivery leaves of which Amazon could not be told, or that the buyer does not want."""

    _name = "amazon.delivery.warning"
    _description = "Amazon Delivery Warning"

    picking_ids = fields.Many2many("stock.picking", string="Deliveries", readonly=True)
    message = fields.Html(readonly=True)

    @api.model
    def _open(self, warnings):
        """The dialog for these deliveries.

        :param dict warnings: a list of translated texts by delivery
        :return: an action
        :rtype: dict
        """
        items = [
            Markup("<li><strong>%s</strong><ul>%s</ul></li>")
            % (picking.name, Markup("").join(Markup("<li>%s</li>") % text for text in texts))
            for picking, texts in warnings.items()
            if texts
        ]
        pickings = self.env["stock.picking"].concat(*warnings)
        wizard = self.create(
            {
                "picking_ids": [(6, 0, pickings.ids)],
                "message": Markup("<ul>%s</ul>") % Markup("").join(items),
            }
        )
        return {
            "name": self.env._("Before it leaves"),
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
            "context": self.env.context,
        }

    def action_validate_anyway(self):
        """Go on with the validation where it was stopped."""
        self.ensure_one()
        return self.picking_ids.with_context(skip_amazon_warning=True).button_validate()
