"""Money and measures as they stand in the cells of a property list.

The same column holds "4.1万円", "５６０００円", 56000, "込", "なし", "1ヶ月" and "応談". Reading
them must keep apart *an amount*, *months of rent*, *none*, *included in the rent* and *not known*:
a rent "応談" that became 0 would be proposed to everybody. Functions never raise on text; what
they cannot read they say in a sentence.
"""

import math
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from app.japanese.text import kanji_number, narrow

Written = str | int | float | Decimal | None
"""A cell as a sheet gives it."""


def half_up(value: Decimal | int, to: int = 1) -> int:
    """Round to a multiple of ``to`` with halves away from zero, as Japanese offices do (四捨五入).

    Python's ``round`` goes to even: round(40.5) is 40, the office's answer is 41.
    """
    steps = (Decimal(value) / to).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return int(steps) * to


# -- money ---------------------------------------------------------------------------------------


class MoneyKind(StrEnum):
    """What a money cell says."""

    AMOUNT = "amount"
    MONTHS = "months"
    NONE = "none"
    INCLUDED = "included"
    UNKNOWN = "unknown"
    BLANK = "blank"


@dataclass(frozen=True)
class Money:
    """One money cell. ``yen`` is set for an amount (and 0 for none and included), ``months`` for
    months of rent.

    UNKNOWN keeps only what was typed, with ``problem`` saying what to ask; BLANK says nothing at
    all, which is not the same as none.
    """

    as_typed: str
    kind: MoneyKind
    yen: int | None = None
    months: Decimal | None = None
    problem: str | None = None

    def in_yen(self, rent: int | None) -> int | None:
        """The amount in yen, counting months with ``rent``; None while either is not known."""
        if self.kind is MoneyKind.MONTHS and self.months is not None:
            return None if rent is None else half_up(self.months * rent)
        return self.yen


_NOTHING = frozenset({"なし", "無", "無し", "ナシ", "無料", "不要", "-", "--", "ゼロ", "×"})
_WITHIN = re.compile(r"(?:家賃|賃料)?(?:に|へ)?(?:込|込み|コミ|含|含む|含み)")
_MONTHS = re.compile(
    r"(?:家賃|賃料)?の?(\d{1,2}(?:\.\d{1,2})?|[一二三四五六七八九十]{1,3})(?:ヶ|か|カ|ヵ|ケ|箇|个)?月分?"
)
_MONEY_NOISE = re.compile(r"[,¥円\s]|(?:/|毎|1か?)月$|^月額|-$|也$")
_TEN_THOUSANDS = re.compile(r"(\d+(?:\.\d+)?)万(?:(\d+(?:\.\d+)?)千)?(\d{1,4})?")
_THOUSANDS = re.compile(r"(\d+(?:\.\d+)?)千(\d{1,3})?")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+|\d+(?:\.\d{1,2})?")
_MOST_YEN = 100_000_000


def parse_yen(written: Written) -> Money:
    """Read one money cell. Numbers (Excel) are yen; nothing is rounded and nothing is guessed."""
    as_typed = plain_text(written)
    plain = narrow(as_typed).replace(" ", "")
    if not plain:
        return Money(as_typed, MoneyKind.BLANK)
    if plain in _NOTHING:
        return Money(as_typed, MoneyKind.NONE, yen=0)
    if _WITHIN.fullmatch(plain.strip("()")):
        return Money(as_typed, MoneyKind.INCLUDED, yen=0)
    if found := _MONTHS.fullmatch(plain):
        kanji = kanji_number(found[1])
        months = Decimal(found[1]) if kanji is None else Decimal(kanji)
        if months == 0:
            return Money(as_typed, MoneyKind.NONE, yen=0)
        return Money(as_typed, MoneyKind.MONTHS, months=months)
    amount = _amount(plain)
    if amount is None:
        return Money(
            as_typed,
            MoneyKind.UNKNOWN,
            problem=f"「{as_typed}」は金額として読めません。金額を確かめて、数字で書いてください。",
        )
    return Money(as_typed, MoneyKind.NONE if amount == 0 else MoneyKind.AMOUNT, yen=amount)


def _amount(plain: str) -> int | None:
    """Whole yen, or None. "58.000" is refused: it may be a thousands point or a slip."""
    grouped = re.sub(r"[¥円\s]|/月$|^月額|-$|也$", "", plain)
    digits = _MONEY_NOISE.sub("", plain)
    if found := _TEN_THOUSANDS.fullmatch(digits):
        value = Decimal(found[1]) * 10_000 + Decimal(found[2] or 0) * 1_000 + Decimal(found[3] or 0)
    elif found := _THOUSANDS.fullmatch(digits):
        value = Decimal(found[1]) * 1_000 + Decimal(found[2] or 0)
    elif _GROUPED.fullmatch(grouped):
        value = Decimal(digits)
    else:
        return None
    return int(value) if value == value.to_integral_value() and value <= _MOST_YEN else None


def plain_text(written: Written) -> str:
    """A cell as a person sees it: 3000.0 is "3000", None is ""."""
    if written is None:
        return ""
    if isinstance(written, float) and written.is_integer():
        return str(int(written))
    return str(written)


# -- measures ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Measure:
    """A number with its typed form; ``approximate`` for "約20"."""

    as_typed: str
    value: Decimal | None = None
    approximate: bool = False
    problem: str | None = None


_UNITS = re.compile(r"(?:m2|m\^2|平米|平方メートル|平方m|分|人|個)$")
_PARENTHESES = re.compile(r"\([^()]*\)")
_ABOUT = re.compile(r"^(?:約|およそ|およそ約|ほぼ)|(?:程度|前後|くらい|ぐらい)$")


def parse_number(written: Written) -> Measure:
    """Read a number with an optional unit: "３１．８５", "約20", "20.5㎡（壁芯）"; ranges are
    asked about.
    """
    as_typed = plain_text(written)
    plain = _PARENTHESES.sub("", narrow(as_typed).replace(" ", "")).replace(",", "")
    if not plain or plain == "-":
        return Measure(as_typed)
    bare = _ABOUT.sub("", plain)
    bare = _UNITS.sub("", _ABOUT.sub("", _UNITS.sub("", bare)))
    value = Decimal(bare) if re.fullmatch(r"\d+(?:\.\d+)?", bare, re.ASCII) else None
    if value is None:
        sentence = f"「{as_typed}」は数として読めません。数字で書いてください。"
        return Measure(as_typed, problem=sentence)
    return Measure(as_typed, value, approximate=_ABOUT.search(plain) is not None)


@dataclass(frozen=True)
class Walk:
    """Minutes to a station: on foot, and on a bus before that."""

    as_typed: str
    walk_minutes: int | None = None
    bus_minutes: int | None = None
    problem: str | None = None


METRES_A_MINUTE = 80
"""80 metres of road count as one minute, fractions up (不動産の表示に関する公正競争規約施行規則).
"""

_BUS = re.compile(r"バス(?:乗車)?約?(\d{1,3})分")
_FOOT = re.compile(r"(?:徒歩|停歩|歩|下車)(?:約|徒歩)?(\d{1,3})分")
_METRES = re.compile(r"(?:徒歩)?約?(\d{1,5})m")
_MINUTES_ONLY = re.compile(r"約?(\d{1,3})分?")


def parse_walk(written: Written) -> Walk:
    """Read "バス8分 徒歩28分", "徒歩12分", "12" or "徒歩800m" (= 10 minutes)."""
    as_typed = plain_text(written)
    plain = narrow(as_typed).replace(" ", "")
    if not plain or plain == "-":
        return Walk(as_typed)
    bus = _BUS.search(plain)
    foot = _FOOT.search(plain)
    if metres := _METRES.fullmatch(plain):
        return Walk(as_typed, max(1, math.ceil(int(metres[1]) / METRES_A_MINUTE)))
    if only := _MINUTES_ONLY.fullmatch(plain):
        return Walk(as_typed, int(only[1]))
    if foot is None and bus is None:
        sentence = f"「{as_typed}」から徒歩の分数を読めません。「徒歩12分」のように書いてください。"
        return Walk(as_typed, problem=sentence)
    return Walk(as_typed, int(foot[1]) if foot else None, int(bus[1]) if bus else None)


@dataclass(frozen=True)
class Floor:
    """The floor of a home (basements negative, there is no 0) and the storeys of its building."""

    as_typed: str
    floor: int | None = None
    of_floors: int | None = None
    problem: str | None = None


_FLOOR = re.compile(
    r"(地下|B)?(\d{1,2})(?:階|F)?(?:部分)?(?:/(?:地上)?(\d{1,2})(?:階建て?|階|F|F建)?)?"
)
_STOREYS = re.compile(r"(?:地上)?(\d{1,2})(?:階建て?|F建)")


def parse_floor(written: Written) -> Floor:
    """Read "2階/5階建", "1／3", "3階", "地下1階/4階建", "平屋"; a floor above the roof is asked
    about.
    """
    as_typed = plain_text(written)
    plain = narrow(as_typed).replace(" ", "").upper()
    if not plain or plain == "-":
        return Floor(as_typed)
    if plain in {"平屋", "平家", "平屋建", "平屋建て"}:
        return Floor(as_typed, 1, 1)
    if found := _STOREYS.fullmatch(plain):
        return Floor(as_typed, None, int(found[1]))
    found = _FLOOR.fullmatch(plain)
    if found is None or int(found[2]) == 0:
        sentence = f"「{as_typed}」は階として読めません。「2階/5階建」のように書いてください。"
        return Floor(as_typed, problem=sentence)
    floor = -int(found[2]) if found[1] else int(found[2])
    of_floors = int(found[3]) if found[3] else None
    if of_floors is not None and floor > of_floors:
        sentence = f"「{as_typed}」は{of_floors}階建の{floor}階になります。階を確かめてください。"
        return Floor(as_typed, problem=sentence)
    return Floor(as_typed, floor, of_floors)
