from odoo.tests import HttpCase, new_test_user, tagged

from .account_common import AccountCase


@tagged("post_install", "-at_install")
class TestRoutes(AccountCase, HttpCase):
    """The addresses of the connector against those who have no business there."""

    def test_routes_refuse_whom_they_should(self):
        for login, groups in (
            ("route_employee", "base.group_user"),
            ("route_seller", "sales_team.group_sale_salesman"),
        ):
            new_test_user(self.env, login, groups=groups)
            self.authenticate(login, login)
            for path in ("/amazon/oauth/return?state=x&spapi_oauth_code=y", "/amazon/oauth/login?amazon_state=x"):
                response = self.url_open(path, allow_redirects=False)
                with self.subTest(login=login, path=path):
                    self.assertIn(response.status_code, (400, 403))
                    self.assertNotLinked()
            confirmed = self.url_open(
                "/amazon/oauth/login/confirm", data={"account_id": self.account.id}, allow_redirects=False
            )
            self.assertIn(confirmed.status_code, (400, 403))

    def test_public_is_sent_to_the_login(self):
        self.authenticate(None, None)
        for path in ("/amazon/oauth/return?state=x", "/amazon/oauth/login?amazon_state=x"):
            with self.subTest(path=path):
                response = self.url_open(path, allow_redirects=False)
                self.assertEqual(response.status_code, 303)
                self.assertIn("/web/login", response.headers["Location"])
