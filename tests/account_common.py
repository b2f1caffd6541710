from unittest.mock import patch

from odoo.tests import TransactionCase

from odoo.addons.amazon_connector.models import amazon_order_update_workers
from odoo.addons.amazon_connector.simulator import Simulator

SELLER_EU = "A1EXAMPLESELLEREU"
SELLER_NA = "A2EXAMPLESELLERNA"


class AccountCase(TransactionCase):
    """Accounts that reach a simulated Amazon over HTTP; `cls.simulator` is the one, with its `store`."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # However slow the machine is, a run of the scheduler does all there is to do.
        cls.startClassPatcher(patch.object(amazon_order_update_workers, "RUN_SECONDS", None))
        cls.simulator = Simulator().start()
        cls.addClassCleanup(cls.simulator.stop)
        cls.set_parameters(
            simulator_url=cls.simulator.url,
            application_id=cls.simulator.APPLICATION_ID,
            lwa_client_id=cls.simulator.CLIENT_ID,
            lwa_client_secret=cls.simulator.CLIENT_SECRET,
        )
        cls.germany = cls.env.ref("amazon_connector.marketplace_de")
        cls.france = cls.env.ref("amazon_connector.marketplace_fr")
        cls.account = cls.new_account()

    def setUp(self):
        super().setUp()
        self.simulator.store.reset()

    @classmethod
    def _request_handler(cls, s, r, /, **kw):
        # Odoo's guard against requests to the outside compares the timeout with a number.
        if isinstance(kw.get("timeout"), tuple):
            kw["timeout"] = max(kw["timeout"])
        return super()._request_handler(s, r, **kw)

    @classmethod
    def set_parameters(cls, **parameters):
        for name, value in parameters.items():
            cls.env["ir.config_parameter"].set_param(f"amazon_connector.{name}", value)

    @classmethod
    def new_account(cls, **vals):
        return cls.env["amazon.account"].create(
            {
                "name": "Example Shop",
                "base_marketplace_id": cls.germany.id,
                "environment": "simulator",
                **vals,
            }
        )

    def link(self, account=None, seller_key=SELLER_EU, token=None):
        """Link an account the way a user does who pastes a refresh token."""
        account = account or self.account
        wizard = account.env["amazon.refresh.token"].create(
            {
                "account_id": account.id,
                "seller_key": seller_key,
                "refresh_token": token or self.simulator.store.issue_refresh_token(seller_key),
            }
        )
        wizard.action_link()
        return account

    def assertNotLinked(self, account=None):
        """As it was created: nothing of the attempt is left."""
        account = account or self.account
        account.invalidate_recordset()
        self.assertEqual(account.state, "draft")
        self.assertFalse(account.refresh_token)
        self.assertFalse(account.seller_key)
        self.assertFalse(account.available_marketplace_ids)
        self.assertFalse(account.authorized_on)
