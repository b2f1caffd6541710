from odoo.tests import BaseCase

from ..listed_items import ListedItem, barcode_forms
from ..product_proposals import ProductProposals
from ..spapi.listings import Availability, Listing

PRODUCTS = (
    (1, "MUG-RED-11OZ", ["Ceramic mug red", "Keramiktasse rot"]),
    (2, "MUG-BLUE-11OZ", ["Ceramic mug blue"]),
    (3, "shirt/m", ["T-Shirt Organic Cotton M"]),
    (4, "shirt/l", ["T-Shirt Organic Cotton L"]),
    (5, None, ["Umbrella"]),
    (6, "AB", ["Garden hose"]),
    (7, "DE-FBA", ["Towel large"]),
)


class TestProductProposals(BaseCase):
    """Which product a listing may be: rules that need no database."""

    def propose(self, sku="", title="", products=PRODUCTS):
        proposal = ProductProposals(products).find(sku, title)
        return proposal and (proposal.product_id, proposal.reason)

    def test_reference_is_found_without_regard_to_case_and_separators(self):
        for sku in ("mug-red-11oz", "MUG_RED_11OZ", "Mug Red 11oz", "MUGRED11OZ", " mug-red/11oz "):
            with self.subTest(sku=sku):
                self.assertEqual(self.propose(sku), (1, "similar_reference"))

    def test_reference_is_found_without_what_sellers_add_at_the_ends(self):
        for sku in ("MUG-RED-11OZ-FBA", "FBA_MUG-RED-11OZ", "MUG-RED-11OZ-DE-FBA", "amz mug red 11oz new"):
            with self.subTest(sku=sku):
                self.assertEqual(self.propose(sku), (1, "similar_reference"))

    def test_additions_alone_are_no_reference(self):
        self.assertIsNone(self.propose("FBA"))
        self.assertEqual(self.propose("DE-FBA"), (7, "similar_reference"))

    def test_short_references_are_not_proposed(self):
        self.assertIsNone(self.propose("ab"))

    def test_name_is_found_when_all_its_words_stand_in_the_title(self):
        title = "Cozy Home - Ceramic Mug (Red), 330 ml, dishwasher safe"
        self.assertEqual(self.propose("X1", title), (1, "similar_name"))

    def test_name_is_found_in_every_language(self):
        self.assertEqual(self.propose("X1", "Tasse: Keramiktasse, rot"), (1, "similar_name"))

    def test_the_name_with_most_words_wins(self):
        products = [(1, None, ["Garden hose"]), (2, None, ["Garden hose reel"])]
        self.assertEqual(self.propose("X", "Garden hose reel 20 m", products), (2, "similar_name"))

    def test_variants_are_told_apart_by_their_values(self):
        self.assertEqual(self.propose("X", "T-Shirt, organic cotton, L"), (4, "similar_name"))

    def test_a_name_of_one_word_is_not_proposed(self):
        self.assertIsNone(self.propose("X", "Umbrella stand"))

    def test_of_two_products_that_fit_equally_none_is_proposed(self):
        products = [(1, "A-1000", ["Garden hose"]), (2, "a1000", ["Hose garden"]), (3, "A 1000", ["Other thing"])]
        self.assertIsNone(self.propose("a-1000", "", products))
        self.assertIsNone(self.propose("X", "Garden hose", products))

    def test_reference_comes_before_the_name(self):
        self.assertEqual(self.propose("mug-blue-11oz", "Ceramic mug red"), (2, "similar_reference"))

    def test_accents_and_other_scripts_are_letters(self):
        products = [(1, "CAFÉ-10", ["Café crème"]), (2, "マグ-赤", ["赤い マグカップ"])]
        self.assertEqual(self.propose("cafe\u0301-10", "", products), (1, "similar_reference"))
        self.assertEqual(self.propose("マグ赤", "", products), (2, "similar_reference"))

    def test_nothing_to_go_by(self):
        self.assertIsNone(self.propose("", ""))
        self.assertIsNone(self.propose("🎁", "🎁"))


class TestListedItems(BaseCase):
    """What Amazon says, in one shape whichever way it came."""

    def listing(self, *channels, statuses=("BUYABLE",), **values):
        availability = tuple(Availability(code, quantity) for code, quantity in channels)
        return Listing("SKU", "B000000001", "Title", "MUG", statuses, availability, **values)

    def test_default_channel_is_fbm(self):
        item = ListedItem.of_search(self.listing(("DEFAULT", 7)))
        self.assertEqual((item.channel, item.channel_code, item.quantity), ("fbm", "DEFAULT", 7))

    def test_any_other_channel_is_fba(self):
        item = ListedItem.of_search(self.listing(("AMAZON_EU", None)))
        self.assertEqual((item.channel, item.channel_code, item.quantity), ("fba", "AMAZON_EU", None))

    def test_one_channel_of_amazons_is_enough(self):
        item = ListedItem.of_search(self.listing(("DEFAULT", 7), ("AMAZON_NA", None)))
        self.assertEqual((item.channel, item.channel_code, item.quantity), ("fba", "AMAZON_NA", None))

    def test_without_a_channel_nothing_is_assumed(self):
        item = ListedItem.of_search(self.listing())
        self.assertEqual((item.channel, item.channel_code, item.quantity), ("", "", None))

    def test_status_of_a_search(self):
        for statuses, status in (
            (("BUYABLE", "DISCOVERABLE"), "active"),
            (("DISCOVERABLE",), "inactive"),
            ((), "inactive"),
            (("SOMETHING_NEW",), "other"),
        ):
            with self.subTest(statuses=statuses):
                self.assertEqual(ListedItem.of_search(self.listing(statuses=statuses)).status, status)

    def test_a_barcode_is_known_in_all_its_lengths(self):
        forms = {
            "036000291452": ("036000291452", "0036000291452", "00036000291452"),
            "0036000291452": ("0036000291452", "036000291452", "00036000291452"),
            "4006381333931": ("4006381333931", "04006381333931"),
            "ABC-1": ("ABC-1",),
        }
        for barcode, expected in forms.items():
            with self.subTest(barcode=barcode):
                self.assertEqual(barcode_forms(barcode), expected)
