from odoo import Command, api, models
from odoo.exceptions import UserError, ValidationError

from ..spapi import errors
from ..utils import notification


class AmazonAccount(models.Model):
    """Which marketplaces an account sells on, and which of them are synchronized."""

    _inherit = "amazon.account"

    # === CONSTRAINT METHODS === #

    @api.constrains("active_marketplace_ids", "available_marketplace_ids")
    def _check_active_marketplaces_available(self):
        for account in self:
            unavailable = account.active_marketplace_ids - account.available_marketplace_ids
            if unavailable:
                raise ValidationError(
                    self.env._(
                        "Amazon does not let %(account)s sell on %(marketplaces)s. Remove it from the "
                        "synchronized marketplaces. If you have just opened it in Seller Central, click on "
                        "Update available marketplaces.",
                        account=account.name,
                        marketplaces=", ".join(unavailable.mapped("name")),
                    )
                )

    @api.constrains("active_marketplace_ids", "active")
    def _check_marketplaces_synchronized_once(self):
        """A seller may have several accounts in Odoo, each with marketplaces of its own."""
        for account in self.filtered(lambda account: account.active and account.state != "draft"):
            for twin in account._get_twins():
                common = account.active_marketplace_ids & twin.active_marketplace_ids
                if common:
                    raise ValidationError(
                        self.env._(
                            "The orders of %(marketplaces)s are already synchronized by the account %(twin)s of "
                            "the same seller. Remove the marketplace there first.",
                            marketplaces=", ".join(common.mapped("name")),
                            twin=twin.name,
                        )
                    )

    # === ACTION METHODS === #

    def action_update_marketplaces(self):
        """Ask Amazon on which marketplaces the seller sells; synchronize those that are new.

        :return: an action that confirms, or that says to link again
        :raise UserError: if Amazon does not answer
        """
        self.ensure_one()
        self.check_access("write")
        try:
            participations = self._gateway().marketplace_participations()
        except errors.AuthorizationRevoked as error:
            # Not raised: the account has to remember that it must be linked again.
            return notification(self._handle_spapi_error(error), kind="danger")
        except errors.SpApiError as error:
            raise UserError(self._handle_spapi_error(error)) from error
        added = self._apply_participations(participations)
        return {"effect": {"type": "rainbow_man", "fadeout": "slow", "message": self._describe_added(added)}}

    # === BUSINESS METHODS === #

    def _apply_participations(self, participations):
        """Take over on which marketplaces the seller sells.

        A marketplace that is new is synchronized, unless another account of the same seller does so. Those that a
        user removed stay removed. What Odoo does not know is left out: Amazon also lists sites that are no
        marketplaces.

        :param list participations: `spapi.gateway.Participation`
        :return: the marketplaces that are now synchronized and were not
        """
        self.ensure_one()
        available = self._find_marketplaces(participations)
        taken = self._get_twins().active_marketplace_ids
        added = available - self.available_marketplace_ids - taken
        kept = (self.active_marketplace_ids & available) - taken
        # sudo: which marketplaces there are, only Amazon says.
        self.sudo().write(
            {
                "available_marketplace_ids": [Command.set(available.ids)],
                "active_marketplace_ids": [Command.set((kept | added).ids)],
            }
        )
        return added

    def _find_marketplaces(self, participations):
        """The marketplaces in the account's region on which the seller sells and that Odoo knows."""
        api_refs = [part.marketplace_id for part in participations if part.is_participating]
        return self.env["amazon.marketplace"].search([("api_ref", "in", api_refs), ("region", "=", self.region)])

    def _get_twins(self):
        """The other accounts of the same seller that are linked or were until Amazon refused, in any company."""
        if not self.seller_key:
            return self.browse()
        # sudo: an order is synchronized once, whichever companies the user sees.
        return self.sudo().search(
            [
                ("id", "!=", self.id),
                ("seller_key", "=", self.seller_key),
                ("state", "!=", "draft"),
                ("environment", "=", self.environment),
            ]
        )

    def _get_accounts_of_same_seller(self):
        """The other accounts of the same seller in the company, also those that are not used any more.

        The orders that one of them brought in are kept up to date by whichever now synchronizes the marketplace.
        """
        self.ensure_one()
        if not self.seller_key:
            return self.browse()
        # sudo: whose order it is does not depend on who looks.
        accounts_sudo = self.sudo().with_context(active_test=False)
        same = [(name, "=", self[name]) for name in ("seller_key", "region", "environment")]
        return accounts_sudo.search([("id", "!=", self.id), ("company_id", "=", self.company_id.id), *same])

    def _quota_account(self):
        """The account on which the calls are counted: the first of those that are the same one to Amazon."""
        self.ensure_one()
        twins = self._get_twins().filtered(lambda twin: twin.region == self.region)
        return min(self | twins, key=lambda account: account.id)

    def _describe_added(self, added):
        if added:
            return self.env._("Now also synchronized: %(names)s", names=", ".join(added.mapped("name")))
        return self.env._("The available marketplaces are up to date.")
