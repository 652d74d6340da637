"""Kinds of snapshots, how sure a number from outside is, periods by name, and when word is sent."""

from enum import StrEnum


class SnapshotKind(StrEnum):
    PRELIMINARY = "preliminary"
    FINAL = "final"
    CORRECTED = "corrected"


SNAPSHOT_LABELS = {
    SnapshotKind.PRELIMINARY: "速報",
    SnapshotKind.FINAL: "確定",
    SnapshotKind.CORRECTED: "訂正",
}


class Certainty(StrEnum):
    OFFICIAL = "official"
    PRINTED = "printed"
    TO_CHECK = "to_check"


CERTAINTY_LABELS = {
    Certainty.OFFICIAL: "公表された統計",
    Certainty.PRINTED: "資料に載っている数",
    Certainty.TO_CHECK: "要確認",
}


class RelativePeriod(StrEnum):
    """A period by its distance from today, so that a saved view stays right."""

    THIS_MONTH = "this_month"
    LAST_MONTH = "last_month"
    THIS_QUARTER = "this_quarter"
    LAST_QUARTER = "last_quarter"
    THIS_YEAR = "this_year"
    LAST_YEAR = "last_year"


PERIOD_LABELS = {
    RelativePeriod.THIS_MONTH: "今月",
    RelativePeriod.LAST_MONTH: "先月",
    RelativePeriod.THIS_QUARTER: "今の四半期",
    RelativePeriod.LAST_QUARTER: "前の四半期",
    RelativePeriod.THIS_YEAR: "今年度",
    RelativePeriod.LAST_YEAR: "昨年度",
}


class Sends(StrEnum):
    NEVER = "never"
    MONTHLY = "monthly"
    WEEKLY = "weekly"


SENDS_LABELS = {
    Sends.NEVER: "送らない",
    Sends.MONTHLY: "毎月、決めた日に",
    Sends.WEEKLY: "毎週月曜日に",
}
