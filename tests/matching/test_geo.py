"""Distances agree with the geodesic."""

import numpy as np
import pytest
from geopy.distance import geodesic
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.geo import arc_m, chord_m, earth_xyz


@pytest.mark.parametrize(("km", "form", "error"), [(20, chord_m, 0.01), (100, arc_m, 0.001)])
@settings(max_examples=150, deadline=None)
@given(start=st.tuples(st.floats(24, 46), st.floats(123, 146)), bearing=st.floats(0, 360))
def test_the_error_stays_within_what_is_promised(km, form, error, start, bearing):
    end = geodesic(kilometers=km).destination(start, bearing)
    found = form(earth_xyz(*start), earth_xyz(end.latitude, end.longitude))
    assert abs(found - km * 1000) <= error


@settings(max_examples=50, deadline=None)
@given(lat=st.floats(-80, 80), lon=st.floats(-180, 180), km=st.floats(0.001, 20))
def test_within_twenty_kilometres_the_arc_is_exact_to_a_hundredth_of_a_millimetre(lat, lon, km):
    end = geodesic(kilometers=km).destination((lat, lon), 77)
    found = arc_m(earth_xyz(lat, lon), earth_xyz(end.latitude, end.longitude))
    assert abs(found - km * 1000) <= 1e-5


def test_a_place_not_known_has_no_distance():
    assert np.isnan(arc_m(earth_xyz(np.nan, np.nan), earth_xyz(35.0, 139.0)))


def test_many_places_have_the_distances_each_has_alone():
    rng = np.random.default_rng(2)
    homes = earth_xyz(35.5 + rng.normal(0, 0.3, 9_001), 139.4 + rng.normal(0, 0.3, 9_001))
    homes[:, 5_000] = np.nan
    place = homes[:, [8_500]]
    far = arc_m(homes, place)
    assert far[8_500] == 0
    assert np.isnan(far[5_000])
    for row in (0, 4_095, 4_096, 8_192, 9_000):
        assert far[row] == arc_m(homes[:, row], place[:, 0])
    assert np.array_equal(arc_m(homes, homes[:, ::-1])[::-1], arc_m(homes[:, ::-1], homes), True)
