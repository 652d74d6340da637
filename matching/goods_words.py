"""A pair of a need and an item in plain Japanese: why it fits, what to measure, what is missing."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import numpy as np

from matching.goods import Candidate, Check, GoodsTable
from matching.goods_columns import ASK, NO, YES
from matching.goods_items import Box, Gas, GoodsItem, GoodsNeed

GAS_NAMES = {Gas.CITY: "都市ガス", Gas.LP: "LPガス", Gas.NONE: "ガスなし", None: "未確認"}
SIDES = ("幅", "奥行", "高さ")
KM = 1_000


class Whom(StrEnum):
    """Who can answer: whoever sees the home, the donor, those who carry, whoever checks."""

    HOME = "home"
    DONOR = "donor"
    CARRIERS = "carriers"
    CHECKER = "checker"


@dataclass(frozen=True, slots=True)
class Words:
    """One sentence on one condition; ``check`` is ``None`` for how far away it is.

    Whoever shows it leaves out what would tell a hidden place: ``check is None``.
    """

    check: Check | None
    text: str
    whom: Whom | None = None


def cm(measure: float) -> str:
    """Say centimetres.

    Examples
    --------
    >>> cm(60.0), cm(59.5)
    ('60', '59.5')
    """
    return f"{measure:.1f}".removesuffix(".0")


def measures(box: Box) -> str:
    """Say what is known of a box.

    Examples
    --------
    >>> measures(Box(60, 65, None)), measures(Box())
    ('幅60×奥行65cm', '')
    """
    known = [
        f"{side}{cm(value)}"
        for side, value in zip(SIDES, box.sides, strict=True)
        if value is not None
    ]
    return "×".join(known) + ("cm" if known else "")


def far_words(distance_m: float, *, rough: bool) -> str:
    """Say how far away the item is.

    Examples
    --------
    >>> far_words(850, rough=False), far_words(2449, rough=True)
    ('引き取り先まで850m', '引き取り先までおよそ2.4km')
    """
    amount = f"{distance_m:.0f}m" if distance_m < KM else f"{distance_m / KM:.1f}km"
    return f"引き取り先まで{'およそ' if rough else ''}{amount}"


def reasons(table: GoodsTable, one: Candidate) -> tuple[Words, ...]:
    """Say why a pair fits, condition by condition; nothing is said of what is not settled."""
    need, item = _both(table, one)
    settled = {check for check in Check if table.verdicts[check, one.place] == YES}
    said = (
        (Check.SPACE, _space(need, item)),
        (Check.DOOR, _door(need, item)),
        (Check.WAY_IN, _way_in(need)),
        (Check.TIME, _time(need, item, table.today)),
        (Check.GAS, f"{GAS_NAMES[item.gas]}用で、住まいと同じ" if _burns(item) else ""),
        (Check.POWER, f"{item.volts}Vで使える" if item.volts else ""),
        (Check.SAFETY, "動作を確かめてある" if item.appliance else ""),
        (Check.RECALL, "リコールの対象ではない" if item.appliance else ""),
        (Check.AGE, f"{item.made_in}年製" if item.appliance and item.made_in else ""),
    )
    found = [Words(check, text) for check, text in said if text and check in settled]
    if one.distance_m is not None:
        found.append(Words(None, far_words(one.distance_m, rough=_rough(need, item))))
    return tuple(found)


def _both(table: GoodsTable, one: Candidate) -> tuple[GoodsNeed, GoodsItem]:
    return table.needs[table.need[one.place]], table.items[table.item[one.place]]


def _rough(need: GoodsNeed, item: GoodsItem) -> bool:
    return any(place is not None and not place.precise for place in (need.home.place, item.place))


def _burns(item: GoodsItem) -> bool:
    return item.gas in {Gas.CITY, Gas.LP}


def _space(need: GoodsNeed, item: GoodsItem) -> str:
    """「冷蔵庫置き場 60cm に幅 55cm が入る」, and the other sides where there are some."""
    if need.space is None:
        return ""
    width, depth, height = item.size.sides
    limits = need.space.sides
    straight = all(
        at is None or limit is None or at <= limit
        for at, limit in zip((width, depth, height), limits, strict=True)
    )
    across = width if straight else depth
    if across is None or limits[0] is None:
        return ""
    turned = "" if straight else "横向きにすれば、"
    rest = f"（品は{measures(item.size)}）"
    side = "幅" if straight else "奥行"
    return f"{turned}{need.space_name} {cm(limits[0])}cm に{side} {cm(across)}cm が入る{rest}"


def _door(need: GoodsNeed, item: GoodsItem) -> str:
    if need.home.door_width is None:
        return ""
    apart = "分解すれば、" if _wider(need.home.door_width, item) else ""
    return f"{apart}幅 {cm(need.home.door_width)}cm の戸口を通る"


def _wider(door: float, item: GoodsItem) -> bool:
    """Tell whether no side that may lie across goes through whole."""
    sides = item.size.sides[:2] if item.upright else item.size.sides
    return all(side is not None and side > door for side in sides)


def _way_in(need: GoodsNeed) -> str:
    floor = need.home.floor
    if floor is None:
        return ""
    if floor == 1:
        return "1階なので、階段がない"
    return f"{_floor(floor)}まで、{'エレベーターか階段' if need.home.lift else '階段'}で運べる"


def _floor(floor: int) -> str:
    return f"{floor}階" if floor > 0 else f"地下{-floor}階"


def _time(need: GoodsNeed, item: GoodsItem, today: date) -> str:
    if need.needed_by is None or need.needed_by < today:
        return ""
    last = min(filter(None, (need.needed_by, item.window_until)))
    return f"{_day(last)}までに引き取れば、必要な日（{_day(need.needed_by)}）に間に合う"


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"


def questions(table: GoodsTable, one: Candidate) -> tuple[Words, ...]:
    """Say what to measure or whom to ask, each thing once."""
    need, item = _both(table, one)
    found: list[Words] = []
    for check in Check:
        if table.verdicts[check, one.place] == ASK:
            found.extend(Words(check, *asked) for asked in _questions(check, need, item))
    first = {words.text: words for words in reversed(found)}
    return tuple(words for words in found if first[words.text] is words)


_SIMPLE = {
    Check.TIME: ("鍵を受け取る日を決めて、入れてください", Whom.HOME),
    Check.RECALL: ("リコールの対象でないか、型番で確かめてください", Whom.CHECKER),
    Check.SAFETY: ("動作と安全を確かめてください", Whom.CHECKER),
    Check.AGE: ("何年製か、銘板を見てください", Whom.DONOR),
    Check.CONDITION: ("傷みや汚れの状態を確かめてください", Whom.DONOR),
}

Asked = list[tuple[str, Whom]]


def _questions(check: Check, need: GoodsNeed, item: GoodsItem) -> Asked:
    if check in _SIMPLE:
        return [_SIMPLE[check]]
    asked: dict[Check, Asked] = {
        Check.GAS: _gas_questions(need, item),
        Check.POWER: _power_questions(need, item),
        Check.SPACE: _size_questions(item)
        + _measure(need.space_name, need.space or Box(), Whom.HOME),
        Check.DOOR: _door_questions(need, item),
        Check.WAY_IN: _way_in_questions(need, item),
        Check.WAY_OUT: _way_out_questions(item),
    }
    return asked[check]


def _measure(what: str, box: Box, whom: Whom) -> Asked:
    unknown = [side for side, value in zip(SIDES, box.sides, strict=True) if value is None]
    return [(f"{what}の{'・'.join(unknown)}を測ってください", whom)] if unknown else []


def _size_questions(item: GoodsItem) -> Asked:
    return _measure("品", item.size, Whom.DONOR)


def _gas_questions(need: GoodsNeed, item: GoodsItem) -> Asked:
    asked: Asked = []
    if item.gas is None:
        asked.append(("都市ガス用かLPガス用か、銘板を見てください", Whom.DONOR))
    if need.home.gas is None:
        asked.append(("住まいのガスの種類を確かめてください", Whom.HOME))
    return asked


def _power_questions(need: GoodsNeed, item: GoodsItem) -> Asked:
    if item.volts is None:
        return [("100Vか200Vか、銘板を見てください", Whom.DONOR)]
    return [("200Vのコンセントがあるか確かめてください", Whom.HOME)]


def _apart_questions(item: GoodsItem) -> Asked:
    if item.comes_apart is None:
        return [("分解できるか確かめてください", Whom.DONOR)]
    return (
        _measure("分解したときの一番大きな部品", item.part, Whom.DONOR) if item.comes_apart else []
    )


def _door_questions(need: GoodsNeed, item: GoodsItem) -> Asked:
    asked = _size_questions(item)
    sides = (("幅", need.home.door_width), ("高さ", need.home.door_height))
    unknown = [side for side, value in sides if value is None]
    if unknown:
        asked.append((f"玄関など通り道の戸口の{'・'.join(unknown)}を測ってください", Whom.HOME))
    return asked + _apart_questions(item)


def _way_in_questions(need: GoodsNeed, item: GoodsItem) -> Asked:
    home = need.home
    if home.floor is None:
        return [("住まいは何階か確かめてください", Whom.HOME)]
    asked = _size_questions(item) + _apart_questions(item)
    if home.lift is None:
        asked.append(("エレベーターがあるか確かめてください", Whom.HOME))
    elif home.lift:
        asked.extend(_measure("エレベーターの内側", home.lift_inside, Whom.HOME))
    if home.stairs_width is None:
        asked.append(("階段の幅を測ってください", Whom.HOME))
    return asked + _stairs_questions(item, _floor(home.floor))


def _stairs_questions(item: GoodsItem, where: str) -> Asked:
    asked: Asked = []
    if item.carriers.storeys is None:
        asked.append((f"階段で{where}を運べるか、運ぶ人に聞いてください", Whom.CARRIERS))
    if item.carriers.kg is not None and item.weight_kg is None:
        asked.append(("品の重さを確かめてください", Whom.DONOR))
    return asked


def _way_out_questions(item: GoodsItem) -> Asked:
    if item.floor is None:
        return [("引き取り先で品が何階にあるか聞いてください", Whom.DONOR)]
    asked = _stairs_questions(item, _floor(item.floor))
    if item.lift is None:
        asked.append(("引き取り先にエレベーターがあるか聞いてください", Whom.DONOR))
    return asked


def missing(table: GoodsTable, one: Candidate) -> Words:
    """Say by how much a near miss misses, and what would help.

    Raises
    ------
    ValueError
        For a pair that fails nothing: a fault of the caller.
    """
    failed = np.flatnonzero(table.verdicts[:, one.place] == NO)
    if not len(failed):
        raise ValueError("this pair misses nothing")
    check = Check(int(failed[0]))
    need, item = _both(table, one)
    return Words(check, _short(check, float(table.short[check, one.place]), need, item, table))


def _short(check: Check, short: float, need: GoodsNeed, item: GoodsItem, table: GoodsTable) -> str:
    texts = {
        Check.SPACE: f"{need.space_name}が、あと{cm(short)}cm足りません",
        Check.DOOR: f"戸口が、あと{cm(short)}cm足りません",
        Check.WAY_IN: _way_in_short(short, need, item),
        Check.WAY_OUT: f"引き取り先の{_floor(item.floor or 1)}から階段で運べる人が要ります",
        Check.AGE: f"{item.made_in}年製で、あと{short:.0f}年新しければ使えます",
        Check.TIME: _late(short, need, item, table),
    }
    return texts[check]


def _way_in_short(short: float, need: GoodsNeed, item: GoodsItem) -> str:
    if need.home.lift:
        return f"エレベーターの内側が、あと{cm(short)}cm足りません"
    floor = _floor(need.home.floor or 1)
    if need.home.stairs_width is not None and _wider(need.home.stairs_width, item):
        return f"階段の幅が、あと{cm(short)}cm足りません"
    return f"{floor}まで階段で運べる人が要ります"


def _late(short: float, need: GoodsNeed, item: GoodsItem, table: GoodsTable) -> str:
    opens = item.window_from or table.today
    if need.needed_by is not None and opens > max(need.needed_by, table.today):
        return f"引き取れるのは{_day(opens)}からで、必要な日にあと{short:.0f}日間に合いません"
    last = _day(need.keys_on - timedelta(days=round(short))) if need.keys_on else ""
    return f"鍵の日より前（{last}まで）に引き取る先で、置いておける場所が要ります"
