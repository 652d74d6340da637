"""Codes of plans: what changed one, why it rests, how it ended."""

from enum import StrEnum


class ChangeKind(StrEnum):
    START = "start"
    TEMPLATE = "template"
    ADD_ON = "add_on"
    PAUSE = "pause"
    RESUME = "resume"
    EXTRA = "extra"
    EXTENDED = "extended"
    SETTLED = "settled"
    LEFT = "left"


CHANGE_LABELS = {
    ChangeKind.START: "計画を作った",
    ChangeKind.TEMPLATE: "型を変えた・新しい版にした",
    ChangeKind.ADD_ON: "追加の見守りを変えた",
    ChangeKind.PAUSE: "休みを入れた・取りやめた",
    ChangeKind.RESUME: "早く再開した",
    ChangeKind.EXTRA: "予定外の訪問",
    ChangeKind.EXTENDED: "延長した",
    ChangeKind.SETTLED: "定着した",
    ChangeKind.LEFT: "退去した",
}


class PlanEnd(StrEnum):
    SETTLED = "settled"
    LEFT = "left"


class PauseReason(StrEnum):
    HOSPITAL = "hospital"
    FACILITY = "facility"
    FAMILY = "family"
    OTHER = "other"


PAUSE_LABELS = {
    PauseReason.HOSPITAL: "入院",
    PauseReason.FACILITY: "施設に短期入所",
    PauseReason.FAMILY: "家族・知人の家",
    PauseReason.OTHER: "その他（居場所が分かっている）",
}


class AddOnState(StrEnum):
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    ENDED = "ended"


ADD_ON_STATE_LABELS = {
    AddOnState.CONFIRMED: "加えている",
    AddOnState.DECLINED: "加えない",
    AddOnState.ENDED: "終えた",
}
