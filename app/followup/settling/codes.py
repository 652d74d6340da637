"""Codes of linking in and of how watching ends."""

from enum import StrEnum


class LinkResult(StrEnum):
    WAITING = "waiting"
    LINKED = "linked"
    NOT_YET = "not_yet"
    DECLINED = "declined"


LINK_RESULT_LABELS = {
    LinkResult.WAITING: "返事待ち",
    LinkResult.LINKED: "つながった",
    LinkResult.NOT_YET: "いまはつながらない",
    LinkResult.DECLINED: "本人が望まない",
}


class DecisionKind(StrEnum):
    SETTLED = "settled"
    EXTENDED = "extended"
    LEFT = "left"


DECISION_LABELS = {
    DecisionKind.SETTLED: "地域に定着した",
    DecisionKind.EXTENDED: "見守りを延ばす",
    DecisionKind.LEFT: "退去した",
}


class LeaveReason(StrEnum):
    """退去理由."""

    BETTER_HOME = "better_home"
    FAMILY = "family"
    FACILITY = "facility"
    HOSPITAL = "hospital"
    ARREARS = "arrears"
    NEIGHBOURS = "neighbours"
    CONTRACT_END = "contract_end"
    DIED = "died"
    WHEREABOUTS_UNKNOWN = "whereabouts_unknown"
    OTHER = "other"


LEAVE_LABELS = {
    LeaveReason.BETTER_HOME: "別の住まいに移った",
    LeaveReason.FAMILY: "家族・知人と暮らすことにした",
    LeaveReason.FACILITY: "施設に入った",
    LeaveReason.HOSPITAL: "長い入院",
    LeaveReason.ARREARS: "家賃を払えなくなった",
    LeaveReason.NEIGHBOURS: "近隣とのトラブル",
    LeaveReason.CONTRACT_END: "契約が終わった・更新されなかった",
    LeaveReason.DIED: "亡くなった",
    LeaveReason.WHEREABOUTS_UNKNOWN: "行方が分からない",
    LeaveReason.OTHER: "その他",
}
