"""Codes of what is looked at when food comes in, and the temperatures it may come in with."""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum


class Condition(StrEnum):
    """How packs looked. UNFIT is never offered: it swells, leaks or smells."""

    GOOD = "good"
    OUTER = "outer"
    DENTED = "dented"
    UNFIT = "unfit"


CONDITION_LABELS: Mapping[Condition, str] = {
    Condition.GOOD: "よい",
    Condition.OUTER: "外箱だけ傷んでいる",
    Condition.DENTED: "へこみ・すり傷がある",
    Condition.UNFIT: "ふくらみ・もれ・におい（出せない）",
}


class IntakeCheck(StrEnum):
    """What somebody looked at before a lot was put on its shelf.

    Storage, dates and allergens are what the Consumer Affairs Agency's certification of food
    banks (from April 2026) asks to be checked at intake; packs are what every donor form asks.
    """

    DATE = "date"
    ALLERGENS = "allergens"
    STORAGE = "storage"
    PACKAGE = "package"


INTAKE_CHECK_LABELS: Mapping[IntakeCheck, str] = {
    IntakeCheck.DATE: "期限",
    IntakeCheck.ALLERGENS: "アレルギー表示",
    IntakeCheck.STORAGE: "保管の方法・温度",
    IntakeCheck.PACKAGE: "包装（破れ・ふくらみ・もれ）",
}

# °C, by the value of `Storage`. Frozen: 食品、添加物等の規格基準 (-15 °C or below);
# chilled: 10 °C or below, the limit the same standards set for most chilled foods.
WARMEST: Mapping[str, Decimal] = {"chilled": Decimal(10), "frozen": Decimal(-15)}
