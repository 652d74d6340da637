"""The codes of keeping watch, with the words on screen."""

from enum import StrEnum


class CheckInState(StrEnum):
    """COVERED: nobody was reached for it, and a later contact showed that all was well."""

    DUE = "due"
    MET = "met"
    COVERED = "covered"
    CANCELLED = "cancelled"


CHECK_IN_LABELS = {
    CheckInState.DUE: "まだ会えていない",
    CheckInState.MET: "会えた・話せた",
    CheckInState.COVERED: "あとの連絡で確かめた",
    CheckInState.CANCELLED: "取りやめ",
}


class CheckInKind(StrEnum):
    """Why a check-in is on its day: the rhythm, a look back, a return, or an extra look."""

    ROUTINE = "routine"
    REVIEW = "review"
    RETURN = "return"
    EXTRA = "extra"


class AttemptResult(StrEnum):
    MET = "met"
    SPOKE = "spoke"
    ABSENT = "absent"
    NO_ANSWER = "no_answer"
    WORRYING = "worrying"


ATTEMPT_LABELS = {
    AttemptResult.MET: "会えた",
    AttemptResult.SPOKE: "電話で話せた",
    AttemptResult.ABSENT: "不在",
    AttemptResult.NO_ANSWER: "応答なし",
    AttemptResult.WORRYING: "気になる",
}
OWN_WORD = frozenset({AttemptResult.MET, AttemptResult.SPOKE})
"""Met or spoken to and nothing worrying: what answers for older silence as well."""
CONTACTS = frozenset({AttemptResult.MET, AttemptResult.SPOKE, AttemptResult.WORRYING})


class HelpKind(StrEnum):
    """What was done: the items of continuing support (生活困窮者の継続的支援の内容)."""

    SAFETY = "safety"
    VISIT = "visit"
    DAILY_LIFE = "daily_life"
    MONEY = "money"
    COMMUNITY = "community"
    TROUBLE = "trouble"
    WORK = "work"
    HEALTH = "health"
    SERVICES = "services"
    OTHER = "other"


HELP_LABELS = {
    HelpKind.SAFETY: "安否確認・緊急時対応",
    HelpKind.VISIT: "訪問（見守り・声掛け）",
    HelpKind.DAILY_LIFE: "生活支援（家事・買い物）",
    HelpKind.MONEY: "金銭・財産管理",
    HelpKind.COMMUNITY: "近隣との関係・サロン等",
    HelpKind.TROUBLE: "近隣・家主とのトラブル対応",
    HelpKind.WORK: "就労支援",
    HelpKind.HEALTH: "健康管理",
    HelpKind.SERVICES: "サービスの調整",
    HelpKind.OTHER: "その他",
}
WATCHING = frozenset({HelpKind.SAFETY, HelpKind.VISIT})
"""What is 見守り itself; every other kind is 「その他の援助」 in the ledger."""

USUAL_HELP = {
    AttemptResult.MET: (HelpKind.VISIT,),
    AttemptResult.SPOKE: (HelpKind.SAFETY,),
}
"""What a normal contact was when nobody says otherwise: the second of two taps."""


class Rent(StrEnum):
    """家賃支払 as it was heard or seen."""

    PAID = "paid"
    LATE = "late"
    UNPAID = "unpaid"


RENT_LABELS = {
    Rent.PAID: "払えている",
    Rent.LATE: "遅れている",
    Rent.UNPAID: "払えていない",
}


class Seen(StrEnum):
    """見守りで見たこと, each worth a word only when something is different."""

    LIFELINES = "lifelines"
    MAIL_WASTE = "mail_waste"
    MEALS = "meals"
    MEDICINE = "medicine"
    LONELY = "lonely"
    NEIGHBOURS = "neighbours"
    LANDLORD = "landlord"


SEEN_LABELS = {
    Seen.LIFELINES: "電気・ガス・水道が止まりそう",
    Seen.MAIL_WASTE: "郵便物・ごみ・におい",
    Seen.MEALS: "食事がとれていない",
    Seen.MEDICINE: "薬が飲めていない",
    Seen.LONELY: "さみしさ・不安",
    Seen.NEIGHBOURS: "近隣の苦情・もめごと",
    Seen.LANDLORD: "家主への連絡が必要",
}
