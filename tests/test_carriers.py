from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..carrier_names import mentions, words
from .common import AmazonCase


@tagged("post_install", "-at_install")
class TestCarriers(AmazonCase):
    """What Amazon is told of the carrier of a delivery."""

    def marketplace(self, country):
        return self.env["amazon.marketplace"].search([("country_id.code", "=", country)], limit=1)

    def carrier(self, name, **values):
        product = self.env["product.product"].create({"name": name, "type": "service"})
        return self.env["delivery.carrier"].create({"name": name, "product_id": product.id, **values})

    def told(self, name, country="DE", **values):
        return self.carrier(name, **values)._amazon_carrier(self.marketplace(country))

    def amazon_carrier(self, code):
        return self.env["amazon.carrier"].search([("code", "=", code)])

    # === GUESSED FROM THE NAME ===

    def test_carrier_is_recognized_by_its_name_whatever_the_case(self):
        for name in ("ups", "UPS", "Ups Standard"):
            self.assertEqual(self.told(name)[0], "UPS", name)

    def test_longest_name_counts(self):
        self.assertEqual(self.told("DHL")[0], "DHL")
        self.assertEqual(self.told("DHL Express Worldwide")[0], "DHL Express")
        self.assertEqual(self.told("Correos Express Paq 24", "ES")[0], "Correos Express")
        self.assertEqual(self.told("correos", "ES")[0], "Correos")

    def test_service_stands_after_the_carrier(self):
        self.assertEqual(self.told("Royal Mail 24", "GB"), ("Royal Mail", False, "Royal Mail 24"))
        self.assertEqual(self.told("DHL Paket", "DE"), ("DHL", False, "DHL Paket"))

    def test_name_written_together_is_recognized(self):
        self.assertEqual(self.told("RoyalMail", "GB")[0], "Royal Mail")
        self.assertEqual(self.told("RoyalMail24", "GB")[0], "Royal Mail")

    def test_name_inside_another_word_is_no_carrier(self):
        self.assertEqual(self.told("Pickups for groups"), ("Other", "Pickups for groups", False))

    def test_other_names_are_recognized(self):
        self.assertEqual(self.told("Evri 48", "GB")[0], "Hermes")
        self.assertEqual(self.told("Bartolini", "IT")[0], "BRT")
        self.assertEqual(self.told("ヤマト運輸", "JP")[0], "YAMATO")

    def test_code_as_the_whole_name_is_recognized(self):
        self.assertEqual(self.told("go!", "DE")[0], "GO!")
        self.assertEqual(self.told("Pick and go", "DE")[0], "Other")

    def test_same_name_has_another_code_in_another_country(self):
        hermes = self.carrier("Hermes")
        self.assertEqual(hermes._amazon_carrier(self.marketplace("DE"))[0], "Hermes Logistik Gruppe")
        self.assertEqual(hermes._amazon_carrier(self.marketplace("GB"))[0], "Hermes")
        post = self.carrier("Australia Post")
        self.assertEqual(post._amazon_carrier(self.marketplace("AU"))[0], "Australia Post-ArticleId")
        self.assertEqual(post._amazon_carrier(self.marketplace("US"))[0], "Australia Post")

    def test_carrier_unknown_in_the_country_goes_as_other(self):
        self.assertEqual(self.told("Yamato", "DE"), ("Other", "Yamato", False))

    def test_unknown_carrier_goes_as_other_with_its_name(self):
        self.assertEqual(self.told("Bicycle Couriers"), ("Other", "Bicycle Couriers", False))

    def test_name_of_other_is_as_long_as_amazon_allows(self):
        _code, name, _method = self.told("The Cooperative of Independent Bicycle Couriers of Berlin")
        self.assertEqual(name, "The Cooperative of Independent Bicycle Couriers of")

    def test_self_delivery(self):
        for name in ("Self Delivery", "self delivery", "SELF-DELIVERY"):
            self.assertEqual(self.told(name), ("Self Delivery", False, False), name)

    def test_provider_is_recognized_where_the_name_says_nothing(self):
        carrier = self.carrier("Standard delivery")
        # Only the modules of the providers bring their types.
        self.env.cr.execute("UPDATE delivery_carrier SET delivery_type = 'fedex_rest' WHERE id = %s", [carrier.id])
        carrier.invalidate_recordset()
        self.assertEqual(carrier._amazon_carrier(self.marketplace("US"))[0], "FedEx")

    def test_archived_carrier_is_not_guessed(self):
        self.amazon_carrier("DHL").active = False
        self.assertEqual(self.told("DHL")[0], "Other")

    def test_other_need_not_exist(self):
        self.amazon_carrier("Other").unlink()
        self.assertEqual(self.told("Bicycle Couriers"), ("Other", "Bicycle Couriers", False))

    # === CHOSEN ===

    def test_chosen_carrier_counts_more_than_the_name(self):
        told = self.told("UPS", amazon_carrier_id=self.amazon_carrier("DPD").id)
        self.assertEqual(told, ("DPD", False, False))

    def test_chosen_other_goes_with_the_name(self):
        told = self.told("UPS", amazon_carrier_id=self.amazon_carrier("Other").id)
        self.assertEqual(told, ("Other", "UPS", False))

    def test_chosen_service_counts_more_than_the_name(self):
        self.assertEqual(self.told("DHL Paket", amazon_shipping_method="DHL Warenpost")[2], "DHL Warenpost")

    def test_delivery_method_shows_what_amazon_is_told(self):
        self.account.active_marketplace_ids = self.marketplace("DE") + self.marketplace("GB")
        self.assertEqual(self.carrier("Bicycle Couriers").amazon_carrier_guess, "Other: Bicycle Couriers")
        guess = self.carrier("Hermes").amazon_carrier_guess
        self.assertEqual(guess, "Hermes (Amazon.co.uk); Hermes Logistik Gruppe (Amazon.de)")

    def test_carrier_in_use_cannot_be_deleted(self):
        ups = self.amazon_carrier("UPS")
        self.carrier("Ours", amazon_carrier_id=ups.id)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            ups.unlink()

    # === TRACKING NUMBERS ===

    def warning(self, name, number, country="DE"):
        return self.carrier(name)._amazon_tracking_warning(self.marketplace(country), number)

    def test_number_of_another_carrier_is_warned_of(self):
        for name, number, country in (
            ("UPS", "00340434161094012345", "DE"),
            ("DHL", "1Z12345E0205271688", "DE"),
            ("DPD", "1Z12345E0205271688", "DE"),
            ("Royal Mail", "1Z12345E0205271688", "GB"),
            ("USPS", "1Z12345E0205271688", "US"),
            ("FedEx", "9400111899223197428490X", "US"),
            ("Yamato", "12345", "JP"),
        ):
            warning = self.warning(name, number, country)
            self.assertIn(number, warning or "", f"{name} {number}")

    def test_numbers_of_the_carrier_are_not_warned_of(self):
        for name, number, country in (
            ("UPS", "1Z 1234 5E02 0527 1688", "DE"),
            ("ups", "1z12345e0205271688", "US"),
            ("DHL", "00340434161094012345", "DE"),
            ("DHL", "JJD000390007812345678", "DE"),
            ("DHL Express", "1234567890", "DE"),
            ("FedEx", "986578788855", "US"),
            ("USPS", "9400 1118 9922 3197 4284 90", "US"),
            ("USPS", "LZ123456789US", "US"),
            ("Royal Mail", "JV123456789GB", "GB"),
            ("Royal Mail 24", "32048402000D7A346B62A", "GB"),
            ("DPD", "01234567890123", "DE"),
            ("Colissimo", "6A12345678901", "FR"),
            ("Yamato", "1234-5678-9012", "JP"),
            ("Canada Post", "1234567890123456", "CA"),
        ):
            self.assertFalse(self.warning(name, number, country), f"{name} {number}")

    def test_carrier_without_a_known_pattern_is_never_warned_of(self):
        self.assertFalse(self.warning("GLS", "anything"))
        self.assertFalse(self.warning("Bicycle Couriers", "42"))
        self.assertFalse(self.warning("Self Delivery", "42"))

    def test_missing_number_is_no_odd_number(self):
        self.assertFalse(self.warning("UPS", ""))
        self.assertFalse(self.warning("UPS", False))

    def test_examples_fit_their_patterns(self):
        for carrier in self.env["amazon.carrier"].search([("tracking_pattern", "!=", False)]):
            self.assertTrue(carrier._fits_tracking_number(carrier.tracking_example), carrier.code)

    def test_broken_pattern_is_refused_in_words(self):
        with self.assertRaisesRegex(ValidationError, "no regular expression"):
            self.amazon_carrier("UPS").tracking_pattern = "[A-Z"

    def test_delivery_shows_the_warning_for_each_odd_number(self):
        sale_order = self.sale_order(self.order("DE"))
        delivery = sale_order.picking_ids
        delivery.carrier_id = self.carrier("UPS")
        delivery.carrier_tracking_ref = "1Z12345E0205271688, 4711, 4712"
        self.assertEqual(len(delivery.amazon_tracking_warning.splitlines()), 2)
        delivery.carrier_tracking_ref = "1Z12345E0205271688"
        self.assertFalse(delivery.amazon_tracking_warning)

    def test_delivery_of_another_order_shows_no_warning(self):
        delivery = self.sale_order(self.order("DE")).picking_ids
        other = delivery.copy({"carrier_id": self.carrier("UPS").id, "carrier_tracking_ref": "4711"})
        other.sale_id = False
        self.assertFalse(other.amazon_tracking_warning)

    # === DATA ===

    def test_carriers_can_be_found_by_any_of_their_names(self):
        names = [name for _id, name in self.env["amazon.carrier"].name_search("evri")]
        self.assertEqual(names, ["Hermes, Evri"])

    def test_every_carrier_is_found_by_its_own_code_where_amazon_knows_it(self):
        for carrier in self.env["amazon.carrier"].search([("code", "!=", "Other")]):
            country = carrier.country_ids[:1] or self.env.ref("base.us")
            found = carrier._find_by_name(carrier.code, country)
            self.assertEqual(found.code.casefold(), carrier.code.casefold())

    def test_copied_carrier_asks_for_a_code_of_its_own(self):
        self.assertEqual(self.amazon_carrier("UPS").copy().code, "UPS (copy)")

    def test_whole_words(self):
        self.assertTrue(mentions(words("Päckchen mit DHL-Paket"), words("dhl paket")))
        self.assertFalse(mentions(words("DHLPak"), words("dhl paket")))
        self.assertFalse(mentions(words("anything"), words("!")))
