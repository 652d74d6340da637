"""Parcels in words: why a line is in, why a lot is not, and what is missing."""

import math

from matching.lots import Equipment, FoodGroup, FoodHousehold, Lot

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
    parts = [_how(household, lot)]
    if household.allergies:
        words = "・".join(ALLERGEN_WORDS.get(code, code) for code in sorted(household.allergies))
        parts.append(f"{words}なし（表示を確認済み）")
    if lot.last_day is not None:
        parts.append(f"{lot.last_day.year}年{lot.last_day.month}月{lot.last_day.day}日まで")
    return "。".join(parts)


def _how(household: FoodHousehold, lot: Lot) -> str:
    verb = "飲める" if lot.group == FoodGroup.DRINK else "食べられる"
    possible = [needed for needed in lot.requires if needed <= household.cooks_with]
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


def refused_sentence(reasons: tuple[str, ...]) -> str:
    """Say why a lot is not for this household.

    Examples
    --------
    >>> refused_sentence(("past", "needs_fridge"))
    '期限を過ぎています。冷蔵庫がありません。'
    """
    return "".join(f"{REFUSED_WORDS[reason]}。" for reason in reasons)
