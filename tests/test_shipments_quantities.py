"""What parcels are reported with, whatever was packed how. No database is needed for it."""

from unittest import TestCase

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from ..parcels import assign_tracking, same_tracking, tracking_numbers, units_of_parcels

EXACT = {"mug": 1e-6}
KIT = {"leg": 1e-6, "top": 1e-6}

#: However busy the machine is.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

#: Of a part, for how many units of the item what a parcel holds would do: halves are half a kit, or half a dozen.
SHARES = st.integers(0, 8).map(lambda halves: halves / 2)
PARCELS = st.lists(st.dictionaries(st.sampled_from(sorted(KIT)), SHARES), min_size=1, max_size=6)


@tagged("post_install", "-at_install")
class TestUnitsOfParcels(TestCase):
    def test_each_parcel_has_what_it_holds(self):
        parcels = [{"mug": 2.0}, {"mug": 1.0}]
        self.assertEqual(units_of_parcels(parcels, {}, EXACT, told=0, limit=9), [2, 1])

    def test_a_kit_is_told_with_the_parcel_that_completes_it(self):
        parcels = [{"leg": 1.0}, {"top": 1.0}]
        self.assertEqual(units_of_parcels(parcels, {}, KIT, told=0, limit=9), [0, 1])

    def test_halves_of_two_deliveries_are_one_unit_together(self):
        self.assertEqual(units_of_parcels([{"mug": 1.5}], {}, EXACT, told=0, limit=9), [1])
        self.assertEqual(units_of_parcels([{"mug": 1.5}], {"mug": 1.5}, EXACT, told=1, limit=9), [2])

    def test_an_item_of_which_no_part_is_known_is_not_told(self):
        self.assertEqual(units_of_parcels([{}], {}, {}, told=0, limit=9), [0])

    @PATIENT
    @given(
        deliveries=st.lists(PARCELS, min_size=1, max_size=4), ordered=st.integers(0, 12), elsewhere=st.integers(0, 3)
    )
    def test_never_over_reported_and_everything_shipped_reported_once(self, deliveries, ordered, elsewhere):
        done, told = {"leg": 0.0, "top": 0.0}, elsewhere
        for parcels in deliveries:
            units = units_of_parcels(parcels, done, KIT, told=told, limit=ordered)
            for parcel in parcels:
                for part, share in parcel.items():
                    done[part] += share
            told += sum(units)
            complete = int(min(done.values()))
            self.assertGreaterEqual(min(units), 0)
            self.assertEqual(told, max(elsewhere, min(ordered, complete)))

    @PATIENT
    @given(parcels=PARCELS, ordered=st.integers(0, 12), cut=st.integers(0, 6))
    def test_it_does_not_matter_how_parcels_are_spread_over_deliveries(self, parcels, ordered, cut):
        at_once = units_of_parcels(parcels, {}, KIT, told=0, limit=ordered)
        first, before = parcels[:cut], {}
        for parcel in first:
            for part, share in parcel.items():
                before[part] = before.get(part, 0) + share
        early = units_of_parcels(first, {}, KIT, told=0, limit=ordered)
        late = units_of_parcels(parcels[cut:], before, KIT, told=sum(early), limit=ordered)
        self.assertEqual(early + late, at_once)


@tagged("post_install", "-at_install")
class TestTrackingNumbers(TestCase):
    def test_joined_numbers_are_parted_and_spaces_left_out(self):
        self.assertEqual(tracking_numbers("00 3404 34, B2;\n C3, ,B2"), ["00340434", "B2", "C3"])
        self.assertEqual(tracking_numbers(False), [])

    def test_as_many_numbers_as_parcels_are_taken_in_order(self):
        self.assertEqual(assign_tracking(["A", "B"], 2), ["A", "B"])

    def test_one_number_stands_for_all_parcels(self):
        self.assertEqual(assign_tracking(["A"], 3), ["A", "A", "A"])

    def test_without_a_number_no_parcel_has_one(self):
        self.assertEqual(assign_tracking([], 2), ["", ""])

    def test_numbers_that_fit_no_parcel_are_not_guessed(self):
        self.assertIsNone(assign_tracking(["A", "B"], 1))
        self.assertIsNone(assign_tracking(["A", "B"], 3))

    @PATIENT
    @given(st.lists(st.text("AB1", min_size=1, max_size=3), unique=True, max_size=5), st.integers(1, 5))
    def test_a_parcel_never_has_two_numbers_and_no_number_is_lost(self, numbers, parcels):
        assigned = assign_tracking(numbers, parcels)
        if assigned is not None:
            self.assertEqual(len(assigned), parcels)
            self.assertEqual(set(filter(None, assigned)), set(numbers))

    def test_amazons_spelling_of_a_number_is_the_same_number(self):
        self.assertTrue(same_tracking("jd 0146-1", "JD01461"))
        self.assertFalse(same_tracking("JD01461", "JD01462"))
