import re

from odoo import models
from odoo.exceptions import UserError

RECORD_ID = re.compile(r"[0-9]{1,9}", re.ASCII)


class AmazonAccount(models.Model):
    """Linking that a seller starts on Amazon: in its Appstore, or in Seller Central's list of applications.

    https://developer-docs.amazon.com/sp-api/docs/selling-partner-appstore-authorization-workflow
    """

    _inherit = "amazon.account"

    def _get_link_candidates(self, seller_key):
        """The accounts that the seller may mean: the seller's own, else those never linked.

        :raise AccessError: if the user may not link accounts
        """
        self.check_access("write")
        own = self.search([("seller_key", "=", seller_key)]) if seller_key else self.browse()
        return own or self.search([("seller_key", "=", False)])

    def _get_or_create_for_link(self, account_id, name, marketplace_id):
        """The account that the user chose, or a new one.

        :param str account_id: id of the chosen account; empty for a new one
        :param str name: name of the new account
        :param str marketplace_id: id of the home marketplace of the new account
        """
        if account_id:
            account = self._find_record(self, account_id)
            if not account:
                raise UserError(self.env._("This account no longer exists. Go back and choose another one."))
            account.check_access("write")
            return account
        marketplace = self._find_record(self.env["amazon.marketplace"], marketplace_id)
        if not (name or "").strip() or not marketplace:
            raise UserError(self.env._("Give the new account a name and a home marketplace."))
        return self.create({"name": name, "base_marketplace_id": marketplace.id})

    def _find_record(self, model, text):
        """The record of a model whose id a form sent; empty when there is none."""
        return model.browse(int(text)).exists() if RECORD_ID.fullmatch(text or "") else model.browse()

    def _get_confirm_url(self, amazon_callback_uri, amazon_state, seller_key):
        """Where to send the user back to, for the seller to confirm.

        :raise UserError: if the address that came with the user is not Amazon's, or another seller's account was chosen
        """
        from ..spapi.authorization import confirm_url

        self.ensure_one()
        self._check_same_seller(seller_key)
        self._get_application_id()
        try:
            return confirm_url(
                amazon_callback_uri,
                amazon_state,
                state=self.env["amazon.account.link"]._issue(self),
                redirect_uri=self._get_redirect_uri(),
                draft=self._is_application_draft(),
                simulator_url=self._get_simulator_url() if self.environment == "simulator" else None,
            )
        except ValueError as error:
            raise UserError(
                self.env._(
                    "The address to go on to is not one of Amazon's, so Odoo does not send you there. Start again "
                    "from Amazon, or click on Link with Amazon on the account."
                )
            ) from error
