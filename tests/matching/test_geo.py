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
