"""Parcels in words: why a line is in, why a lot is not, and what is missing."""

import math
from collections.abc import Sequence

from matching.lots import Equipment, FoodGroup, FoodHousehold, Lot
from matching.same_food import rule_words

GROUP_WORDS = {
    FoodGroup.STAPLE: "主食",
    FoodGroup.PROTEIN: "主菜・たんぱく",
    FoodGroup.VEGETABLE: "野菜",
    FoodGroup.FRUIT: "果物",
    FoodGroup.INFANT: "乳児の食事",
    FoodGroup.DRINK: "飲み水",
}
EQUIPMENT_WORDS = {
    Equipment.HOT_WATER: "お湯",
    Equipment.MICROWAVE: "電子レンジ",
    Equipment.BURNER: "コンロ",
    Equipment.RICE_COOKER: "炊飯器",
    Equipment.FULL_KITCHEN: "台所",
    Equipment.FRIDGE: "冷蔵庫",
    Equipment.FREEZER: "冷凍庫",
    Equipment.POTABLE_WATER: "飲める水",
    Equipment.CAN_OPENER: "缶切り",
}
ALLERGEN_WORDS = {
    "shrimp": "えび",
    "crab": "かに",
    "walnut": "くるみ",
    "wheat": "小麦",
    "buckwheat": "そば",
    "egg": "卵",
    "milk": "乳",
    "peanut": "落花生",
    "cashew": "カシューナッツ",
    "pistachio": "ピスタチオ",
    "soy": "大豆",
    "sesame": "ごま",
}
REFUSED_WORDS = {
    "held": "保留中の物です",
    "recalled": "回収の対象です",
    "none_left": "在庫がありません",
    "allergen": "アレルギーのある物が入っています",
    "may_contain": "アレルギーのある物が混ざるおそれがあります",
    "allergens_unknown": "アレルギーの表示を確かめていません",
    "needs_equipment": "今の設備では食べられません",
    "no_infant": "乳児用です",
    "not_for_infant_month": "乳児の月齢に合いません",
    "special_formula": "特殊ミルクは専門の人の指示があるときだけです",
    "other_formula": "いま使っているミルクと違います",
    "honey": "はちみつが入っています（1歳未満の乳児がいます）",
    "too_hard": "かむ力に合いません",
    "chewing_unknown": "やわらかさが分かりません",
    "forbidden": "食べない物が入っています",
    "may_be_forbidden": "食べない物が入っているかもしれません。作り手に確かめてください",
    "ingredients_unknown": "原材料を確かめていません",
    "past": "期限を過ぎています",
    "date_unknown": "期限が分かりません",
    "needs_fridge": "冷蔵庫がありません",
    "needs_freezer": "冷凍庫がありません",
}


def line_sentence(household: FoodHousehold, lot: Lot) -> str:
    """Say why a lot suits a household: how it is eaten, what it is free of, until when.

    Examples
    --------
    >>> from datetime import date
    >>> from matching.eaters import Eater
    >>> day = date(2026, 11, 21)
    >>> home = FoodHousehold(eaters=(Eater(),), eat_from=day, days=3,
    ...                      allergies=frozenset({"wheat"}),
    ...                      equipment=frozenset({Equipment.HOT_WATER}))
    >>> rice = Lot(lot_id=1, item_id=1, name="アルファ米", group=FoodGroup.STAPLE, kcal=360,
    ...            weight_g=100, quantity=5, allergens_known=True, last_day=date(2027, 9, 20),
    ...            requires=(frozenset({Equipment.HOT_WATER}),))
    >>> line_sentence(home, rice)
    'お湯だけで食べられる。小麦なし（表示を確認済み）。2027年9月20日まで'
    """
    how = _how(household.cooks_with, lot)
    return how + free_words(household.allergies) + until_words(lot)


class LineSentences:
    """The same sentences for many lots: what is said of the household is worded once."""

    def __init__(self, household: FoodHousehold, until: dict[int, str]) -> None:
        """`until` keeps the words of each lot's last day, shared by all households of a day."""
        self._there, self._free = household.cooks_with, free_words(household.allergies)
        self._until = until
        self._ways: dict[tuple[object, ...], str] = {}

    def of(self, lot: Lot) -> str:
        """Say what `line_sentence` says."""
        way = (lot.requires, lot.group == FoodGroup.DRINK)
        how = self._ways.get(way)
        if how is None:
            how = self._ways[way] = _how(self._there, lot) + self._free
        until = self._until.get(lot.lot_id)
        if until is None:
            until = self._until[lot.lot_id] = until_words(lot)
        return how + until


def free_words(allergies: frozenset[str] | None) -> str:
    """Say what a food is free of for whoever must avoid it."""
    if not allergies:
        return ""
    words = "・".join(ALLERGEN_WORDS.get(code, code) for code in sorted(allergies))
    return f"。{words}なし（表示を確認済み）"


def until_words(lot: Lot) -> str:
    """Say until when a lot is good."""
    last = lot.last_day
    return "" if last is None else f"。{last.year}年{last.month}月{last.day}日まで"


def _how(there: frozenset[Equipment], lot: Lot) -> str:
    verb = "飲める" if lot.group == FoodGroup.DRINK else "食べられる"
    possible = [needed for needed in lot.requires if needed <= there]
    if not possible or not min(possible, key=len):
        return f"そのまま{verb}"
    needed = min(possible, key=len)
    words = "と".join(word for thing, word in EQUIPMENT_WORDS.items() if thing in needed)
    return f"{words}だけで{verb}"


def note_sentence(group: FoodGroup, short: float) -> str:
    """Say for how many days a food group falls short, rounded up to a tenth.

    Examples
    --------
    >>> note_sentence(FoodGroup.STAPLE, 2.0)
    '主食が2日分足りません'
    """
    return f"{GROUP_WORDS[group]}が{math.ceil(short * 10 - 1e-6) / 10:g}日分足りません"


def held_sentence(group: FoodGroup, left: Sequence[tuple[str, int]]) -> str:
    """Say that there is more of some foods than one is taken to eat, and who decides.

    Examples
    --------
    >>> held_sentence(FoodGroup.FRUIT, [("みかん缶", 24)])
    '同じ果物は、食べきれる目安（1人1日1点・7日分まで、小さい物は倍。参考・要確認）で\
止めています。棚にはまだ「みかん缶」が24点あります。ふやすときは、本人に聞いて決めてください。'
    """
    there = "、".join(f"「{name}」が{units}点" for name, units in left)
    return (
        f"同じ{GROUP_WORDS[group]}は、食べきれる目安（{rule_words(group)}。参考・要確認）で"
        f"止めています。棚にはまだ{there}あります。ふやすときは、本人に聞いて決めてください。"
    )


def refused_sentence(reasons: tuple[str, ...]) -> str:
    """Say why a lot is not for this household.

    Examples
    --------
    >>> refused_sentence(("past", "needs_fridge"))
    '期限を過ぎています。冷蔵庫がありません。'
    """
    return "".join(f"{REFUSED_WORDS[reason]}。" for reason in reasons)
