from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.http import request

from ..const import OAUTH_LOGIN_PATH, OAUTH_RETURN_PATH
from ..models.amazon_account_link import LinkRefused
from ..spapi.sections import UNSTORABLE
from .secret_urls import hide_secret_urls

hide_secret_urls()

CONFIRM_FIELDS = ("amazon_callback_uri", "amazon_state", "selling_partner_id", "account_id", "name", "marketplace_id")


class AmazonOAuth(http.Controller):
    """The two addresses of this Odoo that Amazon sends a seller to.

    https://developer-docs.amazon.com/sp-api/docs/website-authorization-workflow
    https://developer-docs.amazon.com/sp-api/docs/selling-partner-appstore-authorization-workflow
    """

    @http.route(OAUTH_RETURN_PATH, type="http", auth="user", methods=["GET"])
    def return_from_amazon(self, state="", spapi_oauth_code="", selling_partner_id="", **_other):
        """Link the account that the user set out to link, then leave the address with the code in it."""
        account = request.env["amazon.account"]
        try:
            account = request.env["amazon.account.link"]._redeem(state)
            with request.env.cr.savepoint():
                account._link_with_code(spapi_oauth_code, self._storable(selling_partner_id))
        except (UserError, AccessError) as error:
            return self._render_error(error, account)
        return self._protect(request.redirect(self._account_url(account)))

    @http.route(OAUTH_LOGIN_PATH, type="http", auth="user", methods=["GET"])
    def choose_account(self, amazon_callback_uri="", amazon_state="", selling_partner_id="", version="", **_other):
        """Ask which account a seller who comes from Amazon's Appstore wants to link.

        The user has to say so: whoever lures a user to this address must not get a seller into that user's Odoo.
        """
        accounts = request.env["amazon.account"]
        selling_partner_id = self._storable(selling_partner_id)
        try:
            candidates = accounts._get_link_candidates(selling_partner_id)
        except AccessError as error:
            return self._render_error(error, accounts)
        values = {
            "accounts": candidates,
            "marketplaces": request.env["amazon.marketplace"].search([]),
            "seller_key": selling_partner_id,
            "query": {
                "amazon_callback_uri": amazon_callback_uri,
                "amazon_state": amazon_state,
                "selling_partner_id": selling_partner_id,
                "version": version,
            },
        }
        return self._protect(request.render("amazon_connector.choose_account", values))

    @http.route(f"{OAUTH_LOGIN_PATH}/confirm", type="http", auth="user", methods=["POST"])
    def confirm_account(self, **form):
        """Send the user back to Amazon's consent page for the chosen account, or for a new one."""
        accounts = request.env["amazon.account"]
        form = {name: self._storable(form.get(name)) for name in CONFIRM_FIELDS}
        try:
            with request.env.cr.savepoint():
                account = accounts._get_or_create_for_link(form["account_id"], form["name"], form["marketplace_id"])
                url = account._get_confirm_url(
                    form["amazon_callback_uri"], form["amazon_state"], form["selling_partner_id"]
                )
        except (UserError, AccessError) as error:
            return self._render_error(error, accounts)
        return self._protect(request.redirect(url, local=False))

    # === HELPERS === #

    def _storable(self, text):
        """A text without what the database refuses; "" for anything else, such as a file in the place of a text."""
        return UNSTORABLE.sub("", text) if isinstance(text, str) else ""

    def _render_error(self, error, account):
        """A page that says what happened and what to do; nothing has been linked."""
        status = error.http_status if isinstance(error, LinkRefused) else 403 if isinstance(error, AccessError) else 400
        values = {"message": str(error), "account": account, "account_url": self._account_url(account)}
        return self._protect(request.render("amazon_connector.link_error", values, status=status))

    def _account_url(self, account):
        action = request.env.ref("amazon_connector.amazon_account_action")
        return f"/odoo/action-{action.id}/{account.id}" if account else f"/odoo/action-{action.id}"

    def _protect(self, response):
        """The addresses carry secrets: no other site gets to see them, and no cache keeps them."""
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cache-Control"] = "no-store"
        return response
