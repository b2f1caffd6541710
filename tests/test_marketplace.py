from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

# https://developer-docs.amazon.com/sp-api/docs/marketplace-ids
# https://developer-docs.amazon.com/sp-api/docs/seller-central-urls
# country code, API identifier, region, Seller Central, currency, name
MARKETPLACES = """
CA A2EUQ1WTGCTBG2 na sellercentral.amazon.ca         CAD Amazon.ca
US ATVPDKIKX0DER  na sellercentral.amazon.com        USD Amazon.com
MX A1AM78C64UM0Y8 na sellercentral.amazon.com.mx     MXN Amazon.com.mx
BR A2Q3Y263D00KWC na sellercentral.amazon.com.br     BRL Amazon.com.br
IE A28R8C7NBKEWEA eu sellercentral.amazon.ie         EUR Amazon.ie
ES A1RKKUPIHCS9HS eu sellercentral-europe.amazon.com EUR Amazon.es
GB A1F83G8C2ARO7P eu sellercentral-europe.amazon.com GBP Amazon.co.uk
FR A13V1IB3VIYZZH eu sellercentral-europe.amazon.com EUR Amazon.fr
BE AMEN7PMS3EDWL  eu sellercentral.amazon.com.be     EUR Amazon.com.be
NL A1805IZSGTT6HS eu sellercentral.amazon.nl         EUR Amazon.nl
DE A1PA6795UKMFR9 eu sellercentral-europe.amazon.com EUR Amazon.de
IT APJ6JRA9NG5V4  eu sellercentral-europe.amazon.com EUR Amazon.it
SE A2NODRKZP88ZB9 eu sellercentral.amazon.se         SEK Amazon.se
ZA AE08WJ6YKNBMC  eu sellercentral.amazon.co.za      ZAR Amazon.co.za
PL A1C3SOZRARQ6R3 eu sellercentral.amazon.pl         PLN Amazon.pl
EG ARBP9OOSHTCHU  eu sellercentral.amazon.eg         EGP Amazon.eg
TR A33AVAJ2PDY3EV eu sellercentral.amazon.com.tr     TRY Amazon.com.tr
SA A17E79C6D8DWNP eu sellercentral.amazon.sa         SAR Amazon.sa
AE A2VIGQ35RCS4UG eu sellercentral.amazon.ae         AED Amazon.ae
IN A21TJRUUN4KGV  eu sellercentral.amazon.in         INR Amazon.in
SG A19VAU5U5O7RUS fe sellercentral.amazon.sg         SGD Amazon.sg
AU A39IBJ37TRP1C6 fe sellercentral.amazon.com.au     AUD Amazon.com.au
JP A1VC38T7YXB528 fe sellercentral.amazon.co.jp      JPY Amazon.co.jp
"""


@tagged("post_install", "-at_install")
class TestMarketplace(TransactionCase):
    def test_data_holds_every_marketplace_of_amazon_to_the_letter(self):
        expected = {tuple(line.split()) for line in MARKETPLACES.strip().splitlines()}
        self.assertEqual(len(expected), 23)
        marketplaces = self.env["amazon.marketplace"].search([])
        self.assertEqual(
            {
                (
                    marketplace.country_id.code,
                    marketplace.api_ref,
                    marketplace.region,
                    marketplace.seller_central_url.removeprefix("https://"),
                    marketplace.currency_id.name,
                    marketplace.name,
                )
                for marketplace in marketplaces
            },
            expected,
        )

    def _new_marketplace(self, **vals):
        return self.env["amazon.marketplace"].create(
            {
                "name": "Amazon.xx",
                "api_ref": "A1NEWMARKETPLACE",
                "region": "eu",
                "seller_central_url": "https://sellercentral.amazon.xx",
                **vals,
            }
        )

    def test_marketplace_needs_only_what_the_documentation_lists(self):
        self.assertTrue(self._new_marketplace().id)

    @mute_logger("odoo.sql_db")
    def test_same_api_identifier_twice_is_refused(self):
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            self._new_marketplace(api_ref="A1PA6795UKMFR9")

    def test_spaces_and_slash_of_a_copied_value_are_dropped(self):
        marketplace = self._new_marketplace(
            api_ref=" A1NEWMARKETPLACE ", seller_central_url="https://sellercentral.amazon.xx/ "
        )
        self.assertEqual(marketplace.api_ref, "A1NEWMARKETPLACE")
        self.assertEqual(marketplace.seller_central_url, "https://sellercentral.amazon.xx")

    def test_seller_central_outside_amazon_is_refused(self):
        for url in (
            "http://sellercentral.amazon.de",
            "https://sellercentral.example.com",
            "https://amazon.de",
            "https://sellercentral.amazon.de.example.com",
            "javascript:alert(1)",
        ):
            with self.subTest(url=url), self.assertRaises(ValidationError):
                self._new_marketplace(seller_central_url=url)
