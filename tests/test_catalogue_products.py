from odoo.tests import tagged

from .catalogue_common import CatalogueCase


@tagged("post_install", "-at_install")
class TestListingMatching(CatalogueCase):
    """Which product is found for a listing."""

    def match(self, sku, **options):
        self.list_at_amazon(sku, **options)
        self.import_offers()
        listing = self.listing(sku)
        return listing.match, listing.reason, listing.product_id or listing.proposed_product_id

    def test_internal_reference_equal_to_the_sku(self):
        product = self.product("MUG")
        self.assertEqual(self.match("MUG"), ("matched", "reference", product))

    def test_reference_that_differs_in_case_is_a_proposal_only(self):
        product = self.product("mug-red")
        self.assertEqual(self.match("MUG-RED"), ("proposal", "similar_reference", product))

    def test_case_decides_between_references(self):
        product = self.product("Mug")
        self.product("MUG")
        self.assertEqual(self.match("Mug"), ("matched", "reference", product))

    def test_offer_comes_before_the_reference(self):
        self.product("MUG")
        by_hand = self.product("BY-HAND")
        self.offer("MUG", by_hand)
        self.assertEqual(self.match("MUG"), ("offer", False, by_hand))

    def test_the_same_sku_on_another_marketplace(self):
        self.product("MUG")
        by_hand = self.product("BY-HAND")
        self.offer("MUG", by_hand, self.france)
        self.assertEqual(self.match("MUG"), ("matched", "other_marketplace", by_hand))

    def test_several_products_with_the_reference_are_none(self):
        self.product("MUG")
        self.product("MUG")
        self.assertEqual(self.match("MUG"), ("unmatched", "several", self.env["product.product"]))

    def test_similar_name_is_a_proposal(self):
        product = self.product("X", name="Ceramic mug red")
        self.assertEqual(
            self.match("B-17", title="Acme Ceramic Mug, Red, 330 ml"), ("proposal", "similar_name", product)
        )

    def test_variants_are_found_by_the_names_of_their_values(self):
        attribute = self.env["product.attribute"].create(
            {"name": "Size", "value_ids": [(0, 0, {"name": "Small"}), (0, 0, {"name": "Large"})]}
        )
        template = self.env["product.template"].create(
            {
                "name": "Cotton towel",
                "attribute_line_ids": [
                    (0, 0, {"attribute_id": attribute.id, "value_ids": [(6, 0, attribute.value_ids.ids)]})
                ],
            }
        )
        large = template.product_variant_ids.filtered(
            lambda product: "Large" in product.product_template_attribute_value_ids.mapped("name")
        )
        self.assertEqual(self.match("T-9", title="Cotton towel large, white"), ("proposal", "similar_name", large))

    def test_nothing_is_found(self):
        self.assertEqual(self.match("ZZZ", title="Nothing of the kind"), ("unmatched", False, self.product().browse()))

    def test_archived_products_are_not_found(self):
        self.product("MUG", active=False)
        self.assertEqual(self.match("MUG")[0], "unmatched")

    def test_products_of_another_company_are_not_found(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.product("MUG", company_id=other.id)
        self.product("HAT-1", name="Woollen hat", company_id=other.id)
        self.assertEqual(self.match("MUG")[0], "unmatched")
        self.assertEqual(self.match("hat 1", title="Woollen hat")[0], "unmatched")

    def test_matching_again_finds_what_was_mended(self):
        self.assertEqual(self.match("MUG")[0], "unmatched")
        product = self.product("MUG")
        self.listing("MUG").action_match_again()
        self.assertEqual((self.listing("MUG").match, self.listing("MUG").product_id), ("matched", product))

    def list_with_barcode(self, sku, barcode, **options):
        listed = self.list_at_amazon(sku, **options)
        listed.attributes["externally_assigned_product_identifier"] = [{"type": "ean", "value": barcode}]

    def test_barcode(self):
        product = self.product("X", barcode="4006381333931")
        self.list_with_barcode("B-17", "4006381333931")
        self.import_offers()
        listing = self.listing("B-17")
        self.assertEqual((listing.match, listing.reason, listing.product_id), ("matched", "barcode", product))

    def test_barcode_of_another_length(self):
        product = self.product("X", barcode="0036000291452")
        self.list_with_barcode("B-17", "036000291452")
        self.import_offers()
        self.assertEqual(self.listing("B-17").product_id, product)
        self.listing("B-17").action_match_again()
        self.assertEqual(self.listing("B-17").product_id, product)

    def test_reference_comes_before_the_barcode(self):
        self.product("X", barcode="4006381333931")
        product = self.product("MUG")
        self.list_with_barcode("MUG", "4006381333931")
        self.import_offers()
        self.assertEqual((self.listing("MUG").reason, self.listing("MUG").product_id), ("reference", product))

    def test_product_made_for_a_listing_gets_its_barcode_unless_it_is_taken(self):
        self.list_with_barcode("NEW", "4006381333931")
        self.list_with_barcode("SECOND", "4006381333931")
        self.import_offers()
        self.listings().action_create_products()
        self.assertEqual(self.listing("NEW").product_id.barcode, "4006381333931")
        self.assertFalse(self.listing("SECOND").product_id.barcode)
