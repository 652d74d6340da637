"""Codes of the escalation ladder."""

from enum import StrEnum


class ConcernKind(StrEnum):
    WORRY = "worry"
    NO_CONTACT = "no_contact"
    SILENCE = "silence"
    ALARM = "alarm"


CONCERN_LABELS = {
    ConcernKind.WORRY: "気になる",
    ConcernKind.NO_CONTACT: "連絡がつかない",
    ConcernKind.SILENCE: "安否の知らせが途切れた",
    ConcernKind.ALARM: "機器の通報",
}

OPENED_BY_ITSELF = {
    ConcernKind.NO_CONTACT: "期限を過ぎたため",
    ConcernKind.SILENCE: "機器などの知らせが途切れたため",
    ConcernKind.ALARM: "機器の知らせから",
}
"""Why a concern nobody opened is there."""


class StepKind(StrEnum):
    """The steps in their order."""

    AGAIN = "again"
    EMERGENCY_CONTACT = "emergency_contact"
    LANDLORD = "landlord"
    COMMUNITY_CENTRE = "community_centre"
    POLICE = "police"


STEP_LABELS = {
    StepKind.AGAIN: "もう一度、電話と訪問",
    StepKind.EMERGENCY_CONTACT: "緊急連絡先",
    StepKind.LANDLORD: "家主・管理会社",
    StepKind.COMMUNITY_CENTRE: "地域包括支援センター",
    StepKind.POLICE: "警察",
}


class StepResult(StrEnum):
    SAFE = "safe"
    HELPING = "helping"
    NOT_REACHED = "not_reached"
    SKIPPED = "skipped"


STEP_RESULT_LABELS = {
    StepResult.SAFE: "無事が分かった",
    StepResult.HELPING: "動いてもらえる・返事待ち",
    StepResult.NOT_REACHED: "つながらない",
    StepResult.SKIPPED: "この順番は行わない",
}


class ConcernState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class Outcome(StrEnum):
    """What was found when a concern was closed."""

    MET = "met"
    SPOKE = "spoke"
    LATER = "later"
    HEARD = "heard"
    HOSPITAL = "hospital"
    GONE = "gone"
    DIED = "died"
    MISTAKE = "mistake"


OUTCOME_LABELS = {
    Outcome.MET: "本人に会えた",
    Outcome.SPOKE: "本人と電話で話せた",
    Outcome.LATER: "あとの訪問・電話で確かめた",
    Outcome.HEARD: "ほかの人から無事を聞いた",
    Outcome.HOSPITAL: "入院・入所していた",
    Outcome.GONE: "別の場所に移っていた",
    Outcome.DIED: "亡くなっていた",
    Outcome.MISTAKE: "まちがい（機器・記録）だった",
}
OWN_CONTACT = frozenset({Outcome.MET, Outcome.SPOKE})
