"""What a household needs in its rooms and what donors offer, as plain frozen values.

Measures are centimetres, ``None`` where nobody measured: never a silent yes or no, but a question.
"""

from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum

from matching.errors import GoodsError

LARGEST_CM = 1_000
VOLTAGES = (0, 100, 200)
URGENCY_TIERS = 4


class Gas(StrEnum):
    """都市ガス, LPガス, none: an appliance made for one kind must not burn the other."""

    CITY = "city"
    LP = "lp"
    NONE = "none"


class Safety(StrEnum):
    """動作・安全の確認."""

    PASSED = "passed"
    FAILED = "failed"
    UNCHECKED = "unchecked"


class Recall(StrEnum):
    """リコールの確認."""

    CLEAR = "clear"
    RECALLED = "recalled"
    UNCHECKED = "unchecked"


class Condition(IntEnum):
    """状態, worst first, so that it can be compared."""

    BROKEN = 0
    WORN = 1
    GOOD = 2
    LIKE_NEW = 3


@dataclass(frozen=True, slots=True)
class Box:
    """Width, depth and height in centimetres; ``None`` for what nobody measured."""

    width: float | None = None
    depth: float | None = None
    height: float | None = None

    def __post_init__(self) -> None:
        """Refuse measures nothing has."""
        for measure in self.sides:
            _check_cm(measure)

    @property
    def sides(self) -> tuple[float | None, float | None, float | None]:
        """Return width, depth, height."""
        return self.width, self.depth, self.height


def _check_cm(measure: float | None) -> None:
    if measure is not None and not 0 < measure <= LARGEST_CM:
        raise GoodsError(f"大きさは0より大きく{LARGEST_CM:,}cmまでで入れてください。")


UNMEASURED = Box()


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is.

    Attributes
    ----------
    lat, lon : float
        WGS84 degrees.
    precise : bool
        False for the middle of a town or area: distances are then said as rough.
    """

    lat: float
    lon: float
    precise: bool = True

    def __post_init__(self) -> None:
        """Refuse what is no place on earth."""
        if not (-90 <= self.lat <= 90 and -180 <= self.lon <= 180):
            raise GoodsError("緯度と経度が正しくありません。")


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsHome:
    """How something gets into a home, and what it has to run on.

    Attributes
    ----------
    place : Place or None
        Not given for a household in hiding: nearness is then no part of any answer.
    door_width, door_height : float or None
        Centimetres of the narrowest door on the way to the room.
    floor : int or None
        1 is the ground floor; basements are negative.
    lift : bool or None
    lift_inside : Box
    stairs_width : float or None
    gas : Gas or None
    volts_200 : bool or None
        Whether a 200 V socket is there; every home has 100 V.
    """

    place: Place | None = None
    door_width: float | None = None
    door_height: float | None = None
    floor: int | None = None
    lift: bool | None = None
    lift_inside: Box = UNMEASURED
    stairs_width: float | None = None
    gas: Gas | None = None
    volts_200: bool | None = None

    def __post_init__(self) -> None:
        """Refuse measures no home has."""
        for measure in (self.door_width, self.door_height, self.stairs_width):
            _check_cm(measure)


NO_HOME_YET = GoodsHome()


@dataclass(frozen=True, slots=True)
class Carriers:
    """What those who carry can do on stairs; ``None`` where nobody asked.

    Attributes
    ----------
    storeys : int or None
        How many storeys they carry something up or down by stairs; 0 for none.
    kg : float or None
        The heaviest they carry on stairs. While it is not given, weights are not looked at.
    """

    storeys: int | None = None
    kg: float | None = None


UNKNOWN_CARRIERS = Carriers()


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsNeed:
    """One thing a household needs.

    Attributes
    ----------
    need_id : int
    kinds : frozenset of str
        Codes of which any one will do.
    home : GoodsHome
    must : bool
        Musts come before wishes, whatever their days.
    space : Box or None
        Where it is to stand; ``None`` where no place limits it (curtains, pans).
    space_name : str
        For the sentences: 「冷蔵庫置き場」.
    keys_on, needed_by : date or None
        The first day it can be brought in, and the last day it should be.
    urgency : int
        0, the most urgent, to 3.
    waited_days : int
    least_condition : Condition
    """

    need_id: int
    kinds: frozenset[str]
    home: GoodsHome = NO_HOME_YET
    must: bool = True
    space: Box | None = None
    space_name: str = "置き場"
    keys_on: date | None = None
    needed_by: date | None = None
    urgency: int = 2
    waited_days: int = 0
    least_condition: Condition = Condition.WORN

    def __post_init__(self) -> None:
        """Refuse what cannot be meant."""
        if not self.kinds:
            raise GoodsError("必要なものの種類を1つ以上入れてください。")
        if not 0 <= self.urgency < URGENCY_TIERS:
            raise GoodsError(f"緊急度は0から{URGENCY_TIERS - 1}で入れてください。")
        if self.keys_on and self.needed_by and self.keys_on > self.needed_by:
            raise GoodsError("必要な日が鍵の日より前になっています。")


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsItem:
    """One single thing somebody gives.

    Attributes
    ----------
    item_id : int
    kind : str
    size : Box
        As it stands when used.
    part : Box
        The largest part once taken apart.
    comes_apart : bool or None
    upright : bool
        Must stay upright on the way, as a fridge must.
    gas : Gas or None
        ``Gas.NONE`` for what burns nothing.
    volts : int or None
        0 for what needs no socket, 100, 200.
    made_in : int or None
        Year.
    safety : Safety
    recall : Recall
    condition : Condition or None
    weight_kg : float or None
    window_from, window_until : date or None
        When it can be fetched, both included; ``None`` where the donor set no limit.
    place : Place or None
    carriers : Carriers
        Of those who will carry it, at both ends.
    floor : int or None
        Where it stands at the donor's.
    lift : bool or None
        Whether the donor's house has a lift it came up by.
    """

    item_id: int
    kind: str
    size: Box = UNMEASURED
    part: Box = UNMEASURED
    comes_apart: bool | None = False
    upright: bool = False
    gas: Gas | None = Gas.NONE
    volts: int | None = 0
    made_in: int | None = None
    safety: Safety = Safety.UNCHECKED
    recall: Recall = Recall.UNCHECKED
    condition: Condition | None = None
    weight_kg: float | None = None
    window_from: date | None = None
    window_until: date | None = None
    place: Place | None = None
    carriers: Carriers = UNKNOWN_CARRIERS
    floor: int | None = None
    lift: bool | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be meant."""
        if self.volts is not None and self.volts not in VOLTAGES:
            raise GoodsError("電圧は100Vか200Vで入れてください。電気を使わないものは0です。")
        if self.window_from and self.window_until and self.window_from > self.window_until:
            raise GoodsError("引き取れる期間の終わりが始まりより前になっています。")

    @property
    def appliance(self) -> bool:
        """Tell whether it runs on gas or electricity, as far as anybody knows."""
        return self.gas is not Gas.NONE or self.volts != 0


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsRules:
    """What an installation sets for itself.

    Attributes
    ----------
    appliance_years : int or None
        Appliances older than this are not passed on, ``None`` for no limit. No law sets a number;
        guidelines for donors name a year of make of their own (「製造年 (家電 ≥ 年)」), and makers
        keep spare parts of a fridge for nine years (補修用性能部品の保有期間).
    can_store : bool
        Whether something can be fetched before the keys and kept.
    """

    appliance_years: int | None = 10
    can_store: bool = True


DEFAULT_GOODS_RULES = GoodsRules()
