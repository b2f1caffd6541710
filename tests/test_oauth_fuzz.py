"""Whatever anybody sends to the addresses of the OAuth round trip: a page that refuses, and nothing is linked.

The number of examples is AMAZON_FUZZ_EXAMPLES; the long run stands in ``test_bad_input``.
"""

import logging
from contextlib import contextmanager
from urllib.parse import quote, quote_plus, urlsplit

from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from odoo.tests import HttpCase, new_test_user, tagged

from ..spapi.connection import is_amazon_host
from . import bad_input
from .account_common import SELLER_EU, AccountCase

EVIL = "\"'><script>alert('evil')</script><img src=x onerror=evil()>"
CODE = "the-code-of-somebody"
NAMES = ["state", "spapi_oauth_code", "selling_partner_id", "mws_auth_token", "version"]
NAMES += ["amazon_callback_uri", "amazon_state", "account_id", "name", "marketplace_id"]
ADDRESSES = [
    "https://evil.example/apps/authorize/confirm/x",
    "//evil.example/apps/authorize/confirm/x",
    "https://sellercentral.amazon.de.evil.example/apps/authorize/confirm/x",
    "https://sellercentral.amazon.de@evil.example/apps/authorize/confirm/x",
    "https://sellercentral.amazon.de\\@evil.example/apps/authorize/confirm/x",
    "javascript:alert(1)//amazon.de/apps/authorize/confirm/x",
    "https://sellercentral.amazon.de/apps/authorize/confirm/x\r\nSet-Cookie: a=b",
    "https://sellercentral.amazon.de/apps/authorize/confirm/x",
    "https://sellercentral.amazon.de/apps/authorize/confirm/x?a=%0d%0aSet-Cookie:a=b",
]
NUMBERS = ["0", "-1", "1e9", "9" * 30, "2147483648", "1 OR 1=1", "[1]", "True", "None", "١", "1.0"]


def raw_texts():
    """A value as it stands in a query: also bytes that are no UTF-8, and NUL."""
    words = bad_input.texts().map(lambda text: quote_plus(text.encode("utf-8", "surrogatepass")))
    return words | st.binary(max_size=20).map(quote_plus) | st.sampled_from([EVIL, "x" * 8000, *ADDRESSES]).map(quote)


@tagged("post_install", "-at_install")
class TestOAuthFuzz(AccountCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        new_test_user(cls.env, "amazon_admin", groups="sales_team.group_sale_manager")
        cls.other = new_test_user(cls.env, "other_admin", groups="sales_team.group_sale_manager")

    def setUp(self):
        super().setUp()
        self.authenticate("amazon_admin", "amazon_admin")
        self.accounts = self.env["amazon.account"].search([])
        page = self.url_open("/amazon/oauth/login").text
        self.csrf_token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
        # One of this very session, but with a code that Amazon did not give; and one of somebody else.
        self.own_state = self.state_of(self.make_own_link())
        self.others_state = self.state_of(self.account.with_user(self.other).action_link()["url"])

    def make_own_link(self):
        action = self.make_jsonrpc_request(
            "/web/dataset/call_kw/amazon.account/action_link",
            {"model": "amazon.account", "method": "action_link", "args": [self.account.ids], "kwargs": {}},
        )
        return action["url"]

    def state_of(self, url):
        return dict(pair.split("=", 1) for pair in urlsplit(url).query.split("&"))["state"]

    @contextmanager
    def discreet(self, *secrets):
        """Nothing of the secrets is logged, at any level."""
        lines, handler, root = [], logging.Handler(), logging.getLogger()
        handler.emit = lambda record: lines.append((record.name, record.getMessage(), record.exc_info))
        level, server = root.level, logging.getLogger("werkzeug")
        root.addHandler(handler)
        server_level = server.level
        root.setLevel(logging.INFO)
        server.setLevel(logging.INFO)
        try:
            yield
        finally:
            root.removeHandler(handler)
            root.setLevel(level)
            server.setLevel(server_level)
        told = "\n".join(f"{message} {error}" for name, message, error in lines if not name.startswith("urllib3"))
        for secret in secrets:
            self.assertNotIn(secret, told)

    def parameters(self, draw):
        """Parameters of a request: missing, repeated, of any kind, somebody else's."""
        special = {
            "state": [self.own_state, self.others_state, self.own_state[:-3], self.own_state * 2],
            "spapi_oauth_code": [CODE],
            "selling_partner_id": [SELLER_EU],
            "amazon_callback_uri": [quote(address, safe="") for address in ADDRESSES],
            "account_id": [str(self.account.id), *map(quote, NUMBERS)],
            "marketplace_id": [str(self.germany.id), *map(quote, NUMBERS)],
        }
        pairs = []
        for name in draw(st.lists(st.sampled_from(NAMES), max_size=10)):
            value = st.sampled_from(special[name]) if name in special and draw(st.booleans()) else raw_texts()
            suffix = draw(st.sampled_from(["", "", "", "", "", "[]", "[a]", "%00"]))
            pairs.append(f"{name}{suffix}={draw(value)}")
        if draw(st.integers(1, 5)) == 1:
            pairs.append(draw(raw_texts()))
        return "&".join(pairs)

    def check(self, response):
        self.assertIn(
            response.status_code, (200, 303, 400, 403, 404, 405, 409, 413, 414, 502, 503), response.text[:500]
        )
        self.assertNotIn("Set-Cookie: a", str(response.headers))
        if response.status_code == 303:
            target = urlsplit(response.headers["Location"])
            is_ours = not target.hostname or target.hostname in ("127.0.0.1", "localhost")
            self.assertTrue(is_ours or (target.scheme == "https" and is_amazon_host(target.hostname)), target)
        if "html" in response.headers.get("Content-Type", "") and response.text:
            tree = lxml_html.fromstring(response.text)
            self.assertFalse(tree.xpath("//*[@onerror='evil()']|//script[contains(., 'evil')]"))
        self.assertNotIn("Traceback", response.text)
        self.assertNotIn("psycopg2", response.text)
        self.assertNotLinked()

    @bad_input.examples()
    @given(st.data())
    def test_the_return_address_links_nothing_and_never_fails(self, data):
        query = self.parameters(data.draw)
        with self.discreet(CODE, self.own_state, self.others_state):
            self.check(self.url_open(f"/amazon/oauth/return?{query}", allow_redirects=False))

    @bad_input.examples()
    @given(st.data())
    def test_the_login_address_shows_a_page_without_the_senders_markup(self, data):
        query = self.parameters(data.draw)
        with self.discreet(CODE, self.own_state, self.others_state):
            self.check(self.url_open(f"/amazon/oauth/login?{query}", allow_redirects=False))

    @bad_input.examples()
    @given(st.data())
    def test_the_choice_of_an_account_leads_to_amazon_or_is_refused(self, data):
        form = f"csrf_token={self.csrf_token}&{self.parameters(data.draw)}"
        with self.discreet(CODE, self.own_state, self.others_state):
            response = self.url_open(
                "/amazon/oauth/login/confirm",
                data=form,
                headers={"Content-Type": "application/x-www-form-urlencoded"},
                allow_redirects=False,
            )
        self.check(response)
        self.assertFalse(response.ok and response.status_code == 200)

    def test_other_methods_are_refused(self):
        for path in ("/amazon/oauth/return", "/amazon/oauth/login"):
            for method in ("POST", "PUT", "DELETE", "PATCH"):
                response = self.opener.request(
                    method, self.base_url() + path, data={"state": self.own_state}, timeout=10
                )
                self.assertIn(response.status_code, (400, 405))
        self.assertEqual(self.url_open("/amazon/oauth/login/confirm", allow_redirects=False).status_code, 405)
        self.assertNotLinked()

    def test_a_state_of_somebody_else_is_of_no_use_and_stays_good_for_its_owner(self):
        before = self.env["amazon.account.link"].search_count([])
        response = self.url_open(
            f"/amazon/oauth/return?state={self.others_state}&spapi_oauth_code={CODE}&selling_partner_id={SELLER_EU}",
            allow_redirects=False,
        )
        self.assertEqual(response.status_code, 403)
        self.assertEqual(self.env["amazon.account.link"].search_count([]), before)
        self.assertNotLinked()

    def test_words_of_the_sender_are_text_on_the_pages(self):
        for path in ("return?state=x&", "login?"):
            for name in NAMES:
                with self.subTest(path=path, name=name):
                    response = self.url_open(f"/amazon/oauth/{path}{name}={quote(EVIL)}", allow_redirects=False)
                    self.check(response)

    def test_what_no_database_stores_is_refused_without_an_error(self):
        for value in ("%00", "a%00b", "%ED%A0%BD", "%FF", "x" * 8000):
            for path in ("return?state=", "login?selling_partner_id=", "login?amazon_callback_uri="):
                with self.subTest(path=path, value=value[:9]):
                    self.check(self.url_open(f"/amazon/oauth/{path}{value}", allow_redirects=False))
        address = "https://sellercentral.amazon.de/apps/authorize/confirm/x"
        for name in ("a\0b", "x" * 50_000, " "):
            with self.subTest(name=name[:5]):
                form = {"csrf_token": self.csrf_token, "name": name, "marketplace_id": self.germany.id}
                form |= {"amazon_callback_uri": address, "selling_partner_id": "A\0B"}
                self.check(self.url_open("/amazon/oauth/login/confirm", data=form, allow_redirects=False))

    def test_a_file_in_the_place_of_a_text_is_refused(self):
        address = "https://sellercentral.amazon.de/apps/authorize/confirm/x"
        texts = {"csrf_token": self.csrf_token, "amazon_callback_uri": address, "account_id": str(self.account.id)}
        for name in ("amazon_callback_uri", "account_id", "name", "marketplace_id"):
            with self.subTest(name):
                form = {key: value for key, value in texts.items() if key != name}
                response = self.url_open(
                    "/amazon/oauth/login/confirm", data=form, files={name: b"file"}, allow_redirects=False
                )
                self.check(response)

    def test_a_number_that_is_no_record_is_refused(self):
        address = "https://sellercentral.amazon.de/apps/authorize/confirm/x"
        for number in (*NUMBERS, "9" * 5000):
            for name in ("account_id", "marketplace_id"):
                with self.subTest(name=name, number=number[:20]):
                    form = {"csrf_token": self.csrf_token, "amazon_callback_uri": address, "name": "New", name: number}
                    response = self.url_open("/amazon/oauth/login/confirm", data=form, allow_redirects=False)
                    self.assertEqual(response.status_code, 400)
                    self.check(response)
