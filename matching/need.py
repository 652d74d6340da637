"""What one household needs of a home, as plain frozen values.

Everything that may still be unknown has a value for it (``None``, ``Answer.UNKNOWN`` or a
``not_asked`` field), because an unknown fact becomes a question and never an exclusion.
"""

import math
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum, IntFlag

from matching.errors import NeedError

MOST_PEOPLE = 30
MOST_CODES = 30
HIGHEST_YEN = 100_000_000


class Answer(IntEnum):
    """A yes-or-no fact that may not be known yet; values are those stored in the columns."""

    NO = 0
    YES = 1
    UNKNOWN = 2


class Floor(IntEnum):
    """Which floors will do, from the narrowest wish to none."""

    GROUND = 0
    GROUND_OR_LIFT = 1
    SECOND_OR_LIFT = 2
    ANY = 3


class Support(IntFlag):
    """What a landlord may ask for before saying yes, and a household may be able to arrange."""

    NONE = 0
    WATCHING = 1
    GUARANTOR_COMPANY = 2
    LEFTOVER_GOODS = 4
    CORPORATE_CONTACT = 8
    PROXY_PAYMENT = 16


@dataclass(frozen=True, slots=True)
class Band:
    """The rent ceiling for homes up to and including a floor area."""

    max_area_m2: float
    amount: int


@dataclass(frozen=True, slots=True)
class TownCeiling:
    """The ceiling of one municipality, as `RentCeiling` has it."""

    municipality: str
    bands: tuple[Band, ...]
    bands_if_larger: tuple[Band, ...] | None = None


@dataclass(frozen=True, slots=True)
class RentCeiling:
    """A benefit's ceiling on rent alone, by floor area and town.

    Attributes
    ----------
    bands : tuple of Band
        Areas rising, the last ``math.inf``. One household size, in every town not in ``towns``.
    bands_if_larger : tuple of Band or None
        While the number of people is not known: the ceiling of the largest household it may be.
        ``bands`` is then the smallest one's, and rents between the two are "not known yet".
    towns : tuple of TownCeiling
        Municipalities with a ceiling of their own; a home is held against that of its own town.
    """

    bands: tuple[Band, ...]
    bands_if_larger: tuple[Band, ...] | None = None
    towns: tuple[TownCeiling, ...] = ()


@dataclass(frozen=True, slots=True)
class IncomeShare:
    """The agreed yen a month that rent and fee together may take from the household's income."""

    amount: int


@dataclass(frozen=True, slots=True)
class Place:
    """A WGS84 point in degrees."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place the household wants to live near: work, hospital, school, family."""

    place: Place
    label: str
    weight: float = 1.0
    limit_m: int | None = None


@dataclass(frozen=True, slots=True, repr=False)
class StayAway:
    """A secret point no proposed home may be near.

    It has no representation, so that no log, traceback or assertion can print it.
    """

    place: Place
    radius_m: float

    def __repr__(self) -> str:
        """Say nothing."""
        return "StayAway()"


@dataclass(frozen=True, slots=True)
class SpaceRule:
    """The least floor area by number of people: ``single`` for one, else base + each × people."""

    single_m2: float
    base_m2: float
    each_m2: float

    def area_m2(self, people: int) -> float:
        """Return the square metres for so many people.

        Examples
        --------
        >>> NATIONAL_MINIMUM.area_m2(1), NATIONAL_MINIMUM.area_m2(3)
        (25.0, 40.0)
        """
        return self.single_m2 if people == 1 else self.base_m2 + self.each_m2 * people


# 最低居住面積水準 of 住生活基本計画（全国計画）, annex 4: 25 m² for one,
# 10 m² × people + 10 m² for more.
NATIONAL_MINIMUM = SpaceRule(25.0, 10.0, 10.0)


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each soft preference counts. Freshness always counts: stale vacancies rank lower."""

    distance: float = 3.0
    area: float = 2.0
    rent: float = 2.0
    initial_cost: float = 1.0
    walk: float = 1.0
    freshness: float = 1.0
    school: float = 1.0


PRESETS: dict[str, Weights] = {
    "balanced": Weights(),
    "near": Weights(distance=8.0, walk=2.0, school=2.0),
    "cheap": Weights(rent=6.0, initial_cost=4.0),
    "roomy": Weights(area=6.0),
    "fresh": Weights(freshness=6.0),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdNeed:
    """One household's need for a home.

    Attributes
    ----------
    people : int or None
    groups, groups_not_asked : tuple of str
        Codes a landlord may accept or not ("elderly", "public_assistance" …): those that apply,
        and those of which it is not known whether they apply.
    rent_limit : RentCeiling, IncomeShare or None
        ``None`` is "not agreed yet": a question, not "no limit".
    floor, max_steps, wheelchair, pet
        ``max_steps`` is the number of steps at the entrance the household can manage.
    guarantor, private_contact : Answer
        Whether a person can stand as guarantor, or as emergency contact.
    supports, supports_not_asked : Support
        What the household accepts and can arrange – a guarantor company and a corporate emergency
        contact among it – and what has not been talked about yet.
    move_in_by : date or None
    funds : int or None
        Yen the household itself can raise for the initial cost; ``initial_benefit`` is the most a
        benefit pays of the part of a home's initial cost that it covers.
    kinds, municipalities : tuple of str or None
        Allowed ones; ``None`` is all.
    min_area_m2, min_rooms, space
        The household's own minimum, and a minimum by number of people.
    anchors, stay_away, school_districts, weights
    """

    people: int | None
    rent_limit: RentCeiling | IncomeShare | None
    groups: tuple[str, ...] = ()
    groups_not_asked: tuple[str, ...] = ()
    floor: Floor = Floor.ANY
    max_steps: int | None = None
    wheelchair: bool = False
    pet: bool = False
    guarantor: Answer = Answer.UNKNOWN
    private_contact: Answer = Answer.UNKNOWN
    supports: Support = Support.NONE
    supports_not_asked: Support = Support.NONE
    move_in_by: date | None = None
    funds: int | None = None
    initial_benefit: int = 0
    kinds: tuple[str, ...] | None = None
    municipalities: tuple[str, ...] | None = None
    min_area_m2: float | None = None
    min_rooms: int | None = None
    space: SpaceRule | None = None
    anchors: tuple[Anchor, ...] = ()
    stay_away: tuple[StayAway, ...] = ()
    school_districts: tuple[str, ...] = ()
    weights: Weights = field(default_factory=Weights)

    def __post_init__(self) -> None:
        """Refuse what cannot be meant."""
        _check_people(self)
        _check_money(self)
        _check_wishes(self)
        _check_places(self)
        _check_weights(self.weights)


def _require(holds: bool, message: str) -> None:
    if not holds:
        raise NeedError(message)


def _check_people(need: HouseholdNeed) -> None:
    if need.people is not None:
        _require(need.people >= 1, "世帯の人数は1人以上で入れてください。")
        _require(
            need.people <= MOST_PEOPLE,
            f"世帯の人数が{need.people}人になっています。{MOST_PEOPLE}人までで入れてください。",
        )
    codes = need.groups + need.groups_not_asked
    _require(len(set(codes)) == len(codes), "世帯の事情に同じものが2つあります。")
    _require(len(codes) <= MOST_CODES, f"世帯の事情は{MOST_CODES}個までにしてください。")
    _require(
        not need.supports & need.supports_not_asked,
        "「用意できる支援」と「まだ聞いていない支援」に同じものがあります。",
    )


def _check_money(need: HouseholdNeed) -> None:
    amounts = [need.initial_benefit, 0 if need.funds is None else need.funds]
    limit = need.rent_limit
    if isinstance(limit, IncomeShare):
        amounts.append(limit.amount)
    elif limit is not None:
        names = [town.municipality for town in limit.towns]
        _require(len(set(names)) == len(names), "家賃の上限に同じ市町村が2つあります。")
        amounts += _checked_amounts(limit)
        for town in limit.towns:
            amounts += _checked_amounts(town)
    _require(
        all(0 <= amount <= HIGHEST_YEN for amount in amounts),
        "金額は0円以上、1億円までで入れてください。",
    )


def _checked_amounts(ceiling: RentCeiling | TownCeiling) -> list[int]:
    """Return a ceiling's amounts, its bands checked."""
    larger = ceiling.bands if ceiling.bands_if_larger is None else ceiling.bands_if_larger
    for bands in (ceiling.bands, larger):
        areas = [band.max_area_m2 for band in bands]
        _require(
            areas == sorted(set(areas)) and areas[-1:] == [math.inf],
            "家賃の上限の面積区分は、せまい順に、最後を「それ以上」にしてください。",
        )
    _require(
        [band.max_area_m2 for band in larger] == [band.max_area_m2 for band in ceiling.bands]
        and all(b.amount >= a.amount for a, b in zip(ceiling.bands, larger, strict=True)),
        "人数が多いときの家賃の上限が、少ないときより低くなっています。",
    )
    return [band.amount for bands in (ceiling.bands, larger) for band in bands]


def _check_wishes(need: HouseholdNeed) -> None:
    _require(
        need.max_steps is None or 0 <= need.max_steps <= 1000, "段差は0段以上で入れてください。"
    )
    _require(
        need.min_rooms is None or 0 <= need.min_rooms <= 100, "部屋数は0以上で入れてください。"
    )
    _require(
        need.min_area_m2 is None or 0 <= need.min_area_m2 <= 10_000,
        "面積は0㎡以上で入れてください。",
    )
    _require(need.kinds is None or bool(need.kinds), "住まいの種類を1つは選んでください。")
    _require(
        need.municipalities is None or bool(need.municipalities), "市町村を1つは選んでください。"
    )
    if need.space is not None:
        sizes = (need.space.single_m2, need.space.base_m2, need.space.each_m2)
        _require(
            all(0 <= size <= 1000 for size in sizes), "人数あたりの面積は0㎡以上で入れてください。"
        )


def _check_places(need: HouseholdNeed) -> None:
    places = [anchor.place for anchor in need.anchors] + [zone.place for zone in need.stay_away]
    _require(
        all(abs(place.lat) <= 90 and abs(place.lon) <= 180 for place in places),
        "場所の緯度・経度が正しくありません。",
    )
    labels = [anchor.label for anchor in need.anchors]
    _require(len(set(labels)) == len(labels), "通う場所の名前が重なっています。")
    _require(len(need.anchors) <= 10, "通う場所は10か所までにしてください。")
    for anchor in need.anchors:
        _require(
            math.isfinite(anchor.weight) and anchor.weight > 0,
            "通う場所の重みは0より大きい数で入れてください。",
        )
        _require(
            anchor.limit_m is None or 0 <= anchor.limit_m <= 20_000_000,
            "通う場所までの距離は0m以上で入れてください。",
        )
    _require(
        all(math.isfinite(zone.radius_m) and zone.radius_m > 0 for zone in need.stay_away),
        "近づかない範囲の指定が正しくありません。",
    )


def _check_weights(weights: Weights) -> None:
    values = [getattr(weights, name) for name in weights.__slots__]
    _require(
        all(math.isfinite(value) and 0 <= value <= 1000 for value in values),
        "重みは0以上1000以下の数で入れてください。",
    )
    _require(weights.freshness > 0, "空きの確かさの重みは0より大きくしてください。")
