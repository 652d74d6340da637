"""Kinds of snapshots, and how sure a number from outside is."""

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
