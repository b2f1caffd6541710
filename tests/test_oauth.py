import logging
from datetime import timedelta
from unittest.mock import patch
from urllib.parse import parse_qs, quote, urlsplit

import requests

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..controllers.secret_urls import SecretUrls
from .account_common import SELLER_EU, SELLER_NA, AccountCase


@tagged("post_install", "-at_install")
class TestOAuth(AccountCase, HttpCase):
    """The whole round trip: Odoo, the consent page on another origin, and back; as a browser does it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(cls.env, "amazon_admin", groups="sales_team.group_sale_manager")

    def setUp(self):
        super().setUp()
        self.log_in("amazon_admin")

    def log_in(self, login):
        self.authenticate(login, login)

    # --- The steps of the round trip --- #

    def click_link(self, account=None):
        """The address of the consent page that the button Link with Amazon leads to."""
        action = self.make_jsonrpc_request(
            "/web/dataset/call_kw/amazon.account/action_link",
            {"model": "amazon.account", "method": "action_link", "args": [(account or self.account).ids], "kwargs": {}},
        )
        self.assertEqual((action["type"], action["target"]), ("ir.actions.act_url", "self"))
        return action["url"]

    def consent(self, url, seller=SELLER_EU, decision="confirm"):
        """Decide on the consent page; returns the address that Amazon sends the browser back to."""
        self.assertEqual(requests.get(url, timeout=10).status_code, 200, "Amazon must show its consent page")
        query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        answer = requests.post(
            url.partition("?")[0],
            data={**query, "selling_partner_id": seller, "decision": decision},
            allow_redirects=False,
            timeout=10,
        )
        return answer.headers["Location"]

    def come_back(self, url):
        return self.url_open(url, allow_redirects=False)

    def assertRefused(self, response, status, message):
        """A page that says what happened and leads back; it leaks nothing, and nothing was linked."""
        self.assertEqual(response.status_code, status)
        self.assertIn(message, response.text)
        self.assertIn('href="/odoo/action-', response.text)
        self.assertProtected(response)
        self.assertNotLinked()

    def assertProtected(self, response):
        self.assertEqual(response.headers["Referrer-Policy"], "no-referrer")
        self.assertEqual(response.headers["Cache-Control"], "no-store")

    # --- It works --- #

    def test_consent_links_the_account(self):
        response = self.come_back(self.consent(self.click_link()))
        self.assertEqual(response.status_code, 303)
        self.assertProtected(response)
        address = urlsplit(response.headers["Location"])
        self.assertTrue(address.path.endswith(f"/{self.account.id}"))
        self.assertFalse(address.query, "the address that Odoo shows carries no secret")
        self.account.invalidate_recordset()
        self.assertEqual(self.account.state, "linked")
        self.assertEqual(self.account.seller_key, SELLER_EU)
        self.assertEqual(self.account.authorized_by_id, self.user)
        self.assertEqual(self.account.authorization_expires_on, fields.Date.today() + timedelta(days=365))
        self.assertIn(self.germany, self.account.active_marketplace_ids)

    def test_consent_page_of_a_draft_application(self):
        self.simulator.store.application.is_draft = True
        self.set_parameters(application_is_draft="True")
        self.come_back(self.consent(self.click_link()))
        self.account.invalidate_recordset()
        self.assertEqual(self.account.state, "linked")

    def test_consent_page_is_the_home_marketplaces(self):
        self.account.environment = "production"
        self.env["ir.config_parameter"].set_param("web.base.url", "https://odoo.example.com")
        url = self.account.with_user(self.user).action_link()["url"]
        self.assertTrue(url.startswith("https://sellercentral-europe.amazon.com/apps/authorize/consent?"))
        query = parse_qs(urlsplit(url).query)
        self.assertEqual(query["application_id"], [self.simulator.APPLICATION_ID])
        self.assertEqual(query["redirect_uri"], ["https://odoo.example.com/amazon/oauth/return"])
        self.assertNotIn("version", query)

    def test_missing_application_credentials_say_where_to_enter_them(self):
        for name in ("application_id", "lwa_client_id", "lwa_client_secret"):
            with self.subTest(name), self.env.cr.savepoint() as savepoint:
                self.set_parameters(**{name: ""})
                with self.assertRaisesRegex(UserError, "Settings ‣ Connectors"):
                    self.account.action_link()
                savepoint.rollback()
                self.env.registry.clear_all_caches()

    def test_link_again_renews_the_permission(self):
        self.come_back(self.consent(self.click_link()))
        self.account.invalidate_recordset()
        token = self.account.refresh_token
        self.account.authorization_expires_on = fields.Date.today() + timedelta(days=1)
        self.come_back(self.consent(self.click_link()))
        self.account.invalidate_recordset()
        self.assertNotEqual(self.account.refresh_token, token)
        self.assertEqual(self.account.authorization_expires_on, fields.Date.today() + timedelta(days=365))

    # --- It does not, and says so --- #

    def test_denied_consent(self):
        self.simulator.store.cancel_redirects = True
        response = self.come_back(self.consent(self.click_link(), decision="cancel"))
        self.assertRefused(response, 403, "You did not give Odoo permission")

    def test_forged_state(self):
        url = self.consent(self.click_link())
        state = parse_qs(urlsplit(url).query)["state"][0]
        one_letter_changed = state[:20] + ("C" if state[20] == "B" else "B") + state[21:]
        for forged in ("", "x", "äöü", "A" * 80, state[:-4] + "AAAA", one_letter_changed):
            with self.subTest(forged):
                response = self.come_back(f"{self.base_url()}/amazon/oauth/return?spapi_oauth_code=x&state={forged}")
                self.assertRefused(response, 403, "Odoo did not ask Amazon for this answer")

    def test_state_works_once(self):
        url = self.consent(self.click_link())
        self.come_back(url)
        self.account.invalidate_recordset()
        before = self.account.read()
        response = self.come_back(url)
        self.assertEqual(response.status_code, 403)
        self.assertIn("already used", response.text)
        self.account.invalidate_recordset()
        self.assertEqual(self.account.read(), before)

    def test_state_lives_ten_minutes(self):
        url = self.consent(self.click_link())
        self.env.cr.execute("UPDATE amazon_account_link SET create_date = create_date - INTERVAL '11 minutes'")
        self.assertRefused(self.come_back(url), 403, "More than 10 minutes went by")

    def test_state_of_another_user(self):
        url = self.consent(self.click_link())
        new_test_user(self.env, "other_admin", groups="sales_team.group_sale_manager")
        self.log_in("other_admin")
        self.assertRefused(self.come_back(url), 403, "started by another user or in another browser session")

    def test_state_of_another_session_of_the_same_user(self):
        url = self.consent(self.click_link())
        self.log_in("amazon_admin")
        self.assertRefused(self.come_back(url), 403, "started by another user or in another browser session")

    def test_state_made_without_a_browser_is_of_no_use_in_one(self):
        url = self.consent(self.account.with_user(self.user).action_link()["url"])
        self.assertRefused(self.come_back(url), 403, "started by another user or in another browser session")

    def test_user_who_may_no_longer_link(self):
        url = self.consent(self.click_link())
        self.env.ref("amazon_connector.access_amazon_account_manager").perm_write = False
        response = self.come_back(url)
        self.assertEqual(response.status_code, 403)
        self.assertNotLinked()

    def test_expired_code(self):
        url = self.consent(self.click_link())
        self.simulator.store.clock.advance(301)
        self.assertRefused(self.come_back(url), 400, "it lives five minutes")

    def test_missing_seller(self):
        url = self.consent(self.click_link()).replace("selling_partner_id", "other_id")
        self.assertRefused(self.come_back(url), 400, "did not say which seller")

    def test_another_seller_on_linking_again(self):
        self.come_back(self.consent(self.click_link()))
        self.account.invalidate_recordset()
        before = self.account.read()
        response = self.come_back(self.consent(self.click_link(), seller=SELLER_NA))
        self.assertEqual(response.status_code, 409)
        self.assertIn(f"belongs to the seller {SELLER_EU}", response.text)
        self.account.invalidate_recordset()
        self.assertEqual(self.account.read(), before)

    def test_application_that_amazon_does_not_know(self):
        url = self.consent(self.click_link())
        self.set_parameters(lwa_client_secret="another secret")
        self.assertRefused(self.come_back(url), 502, "client ID or the client secret")

    def test_amazon_down(self):
        for operation, kind in (("token", "unavailable"), ("getMarketplaceParticipations", "unavailable")):
            with self.subTest(operation):
                url = self.consent(self.click_link())
                self.simulator.store.add_fault(operation, kind, times=1)
                self.assertRefused(self.come_back(url), 503, "cannot be reached")

    def test_access_denied_by_amazon(self):
        url = self.consent(self.click_link())
        self.simulator.store.add_fault("getMarketplaceParticipations", "access_denied", times=None)
        self.assertRefused(self.come_back(url), 502, "denied")
        self.simulator.store.clear_faults()

    # --- Who comes in, and what is written down --- #

    def test_login_first_then_back(self):
        self.authenticate(None, None)
        response = self.url_open("/amazon/oauth/login?amazon_state=x", allow_redirects=False)
        self.assertEqual(response.status_code, 303)
        self.assertIn("/web/login?redirect=", response.headers["Location"])
        self.assertIn("%2Famazon%2Foauth%2Flogin", response.headers["Location"])

    def test_an_address_that_amazon_would_refuse_is_said_before_the_user_leaves(self):
        account = self.new_account(name="Real", environment="production").with_user(self.user)
        self.env["ir.config_parameter"].set_param("web.base.url", "http://odoo.example.com")
        with self.assertRaisesRegex(UserError, "https://"):
            account.action_link()
        self.env["ir.config_parameter"].set_param("web.base.url", "https://odoo.example.com")
        self.assertIn("redirect_uri=https%3A%2F%2Fodoo.example.com", account.action_link()["url"])

    def test_no_secret_in_the_log(self):
        url = self.consent(self.click_link())
        query = parse_qs(urlsplit(url).query)
        secrets = [query["state"][0], query["spapi_oauth_code"][0], self.simulator.CLIENT_SECRET, "Atzr|", "Atza|"]
        server_logger = logging.getLogger("werkzeug")
        self.addCleanup(server_logger.setLevel, server_logger.level)
        server_logger.setLevel(logging.INFO)
        with self.assertLogs(level="DEBUG") as log:
            self.come_back(url)
            self.come_back(url)
            self.authenticate(None, None)
            self.come_back(url)
        # urllib3 writes down what this test asks for, in the place of a browser.
        lines = "\n".join(line for line in log.output if "urllib3.connectionpool" not in line)
        self.assertIn("/amazon/oauth/return?(hidden)", lines, "the request itself is logged")
        for secret in secrets:
            self.assertNotIn(secret, lines)

    def test_no_secret_in_the_log_however_the_address_is_encoded(self):
        for path in ("/amazon/oauth%2Freturn", "/auth_oauth/signin?state=%252Famazon%252Foauth%252Freturn%253F"):
            record = logging.makeLogRecord({"msg": f'"GET {path}?spapi_oauth_code=SECRET HTTP/1.1" 200 -'})
            SecretUrls().filter(record)
            with self.subTest(path=path):
                self.assertNotIn("SECRET", record.getMessage())

    # --- From Amazon's Appstore --- #

    def start_in_appstore(self, seller=SELLER_EU):
        """What Amazon opens when a seller clicks on Authorize Now."""
        answer = requests.post(
            f"{self.simulator.url}/appstore",
            data={"selling_partner_id": seller, "login_uri": f"{self.base_url()}/amazon/oauth/login"},
            allow_redirects=False,
            timeout=10,
        )
        return answer.headers["Location"]

    def choose(self, url, **form):
        """Choose an account on the page that Odoo shows."""
        page = self.url_open(url)
        self.assertEqual(page.status_code, 200)
        self.assertProtected(page)
        query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        token = page.text.partition('name="csrf_token" value="')[2].partition('"')[0]
        return self.url_open(
            "/amazon/oauth/login/confirm", data={**query, "csrf_token": token, **form}, allow_redirects=False
        )

    def test_seller_from_the_appstore_links_the_chosen_account(self):
        other = self.new_account(name="Other Shop")
        page = self.url_open(self.start_in_appstore())
        self.assertIn("Example Shop", page.text)
        self.assertIn("Other Shop", page.text)
        on_to_amazon = self.choose(self.start_in_appstore(), account_id=other.id)
        self.assertEqual(on_to_amazon.status_code, 303)
        back = requests.get(on_to_amazon.headers["Location"], allow_redirects=False, timeout=10)
        self.come_back(back.headers["Location"])
        other.invalidate_recordset()
        self.assertEqual(other.state, "linked")
        self.assertEqual(other.seller_key, SELLER_EU)
        self.assertNotLinked()

    def test_seller_from_the_appstore_can_create_an_account(self):
        url = self.start_in_appstore().replace(quote(self.simulator.url, safe=""), "https://sellercentral.amazon.de")
        self.env["ir.config_parameter"].set_param("web.base.url", "https://odoo.example.com")
        response = self.choose(url, name="From the Appstore", marketplace_id=self.germany.id)
        self.assertTrue(response.headers["Location"].startswith("https://sellercentral.amazon.de/apps/authorize/"))
        account = self.env["amazon.account"].search([("name", "=", "From the Appstore")])
        self.assertEqual(account.base_marketplace_id, self.germany)

    def test_nothing_is_created_for_an_address_that_is_not_amazons(self):
        response = self.choose(self.start_in_appstore(), name="From the Appstore", marketplace_id=self.germany.id)
        self.assertEqual(response.status_code, 400, "a real account is not sent to a simulator")
        self.assertFalse(self.env["amazon.account"].search([("name", "=", "From the Appstore")]))

    def test_failure_after_amazons_answer_leaves_the_account_as_it_was(self):
        url = self.consent(self.click_link())
        with patch.object(type(self.account), "_apply_participations", side_effect=UserError("Something else")):
            self.assertRefused(self.come_back(url), 400, "Something else")

    def test_known_seller_from_amazon_sees_only_the_own_account(self):
        self.link()
        self.new_account(name="Other Shop")
        page = self.url_open(self.start_in_appstore())
        self.assertIn("Example Shop", page.text)
        self.assertNotIn("Other Shop", page.text)

    def test_nobody_is_sent_to_another_site(self):
        url = f"{self.base_url()}/amazon/oauth/login?amazon_state=x&selling_partner_id={SELLER_EU}"
        for address in (
            "https://example.com/apps/authorize/confirm/x",
            "https://amazon.com.example.com/apps/authorize/confirm/x",
            "",
        ):
            with self.subTest(address):
                response = self.choose(f"{url}&amazon_callback_uri={address}", account_id=self.account.id)
                self.assertEqual(response.status_code, 400)
                self.assertIn("not one of Amazon", response.text)

    @mute_logger("odoo.http")
    def test_choice_without_csrf_token_is_refused(self):
        response = self.url_open("/amazon/oauth/login/confirm", data={"account_id": self.account.id})
        self.assertEqual(response.status_code, 400)

    def test_salesperson_cannot_link_from_the_appstore(self):
        new_test_user(self.env, "amazon_user", groups="sales_team.group_sale_salesman")
        self.log_in("amazon_user")
        response = self.url_open(self.start_in_appstore())
        self.assertEqual(response.status_code, 403)
