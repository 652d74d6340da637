"""The codes of holds, steps to the keys, refusals, costs and stays, and the Japanese words."""

from enum import StrEnum


class HoldEnd(StrEnum):
    RELEASED = "released"
    EXPIRED = "expired"
    PLACED = "placed"


class StepKind(StrEnum):
    """The way to the keys, in order."""

    SHOWN = "shown"
    VIEWING = "viewing"
    APPLICATION = "application"
    SCREENING = "screening"
    LANDLORD = "landlord"
    CONTRACT = "contract"
    COST = "cost"
    KEYS = "keys"
    MOVE_IN = "move_in"


STEP_LABELS = {
    StepKind.SHOWN: "候補の提示",
    StepKind.VIEWING: "内見",
    StepKind.APPLICATION: "入居申込",
    StepKind.SCREENING: "保証審査",
    StepKind.LANDLORD: "貸主の承諾",
    StepKind.CONTRACT: "契約",
    StepKind.COST: "初期費用",
    StepKind.KEYS: "鍵の受け取り",
    StepKind.MOVE_IN: "入居",
}

STAY_LABELS = STEP_LABELS | {
    StepKind.APPLICATION: "利用申込",
    StepKind.LANDLORD: "利用の決定",
}
"""A temporary stay is decided on by an office, not by a landlord."""


class StepResult(StrEnum):
    """How a viewing, a screening or the landlord's answer went."""

    GOOD = "good"
    CONDITIONAL = "conditional"
    BAD = "bad"


RESULT_LABELS = {
    StepKind.VIEWING: {
        StepResult.GOOD: "気に入った",
        StepResult.CONDITIONAL: "迷っている",
        StepResult.BAD: "合わなかった",
    },
    StepKind.SCREENING: {
        StepResult.GOOD: "通った",
        StepResult.CONDITIONAL: "条件付きで通った",
        StepResult.BAD: "通らなかった",
    },
    StepKind.LANDLORD: {
        StepResult.GOOD: "承諾",
        StepResult.CONDITIONAL: "条件付きで承諾",
        StepResult.BAD: "断られた",
    },
}


class PlacementState(StrEnum):
    OPEN = "open"
    MOVED_IN = "moved_in"
    REFUSED = "refused"
    ENDED = "ended"


class RefusalBy(StrEnum):
    """Who said no."""

    HOUSEHOLD = "household"
    LANDLORD = "landlord"
    COMPANY = "company"
    AGENT = "agent"
    US = "us"
    ADMIN = "admin"


REFUSED_BY_LABELS = {
    RefusalBy.HOUSEHOLD: "本人",
    RefusalBy.LANDLORD: "貸主",
    RefusalBy.COMPANY: "保証会社",
    RefusalBy.AGENT: "不動産業者",
    RefusalBy.US: "支援する側",
    RefusalBy.ADMIN: "事務上",
}


class RefusalReason(StrEnum):
    """Why it came to nothing; what it means for later matches is written beside it."""

    HOUSEHOLD = "household"
    FOUND_ELSEWHERE = "found_elsewhere"
    LANDLORD_GROUP = "landlord_group"
    LANDLORD_OTHER = "landlord_other"
    SCREENING = "screening"
    AGENT = "agent"
    TAKEN = "taken"
    COST = "cost"
    CONDITION = "condition"
    EXPIRED = "expired"


REFUSAL_LABELS = {
    RefusalReason.HOUSEHOLD: "本人が辞退した",
    RefusalReason.FOUND_ELSEWHERE: "本人が別に住まいを見つけた",
    RefusalReason.LANDLORD_GROUP: "貸主が断った（入居者の条件）",
    RefusalReason.LANDLORD_OTHER: "貸主が断った（その他）",
    RefusalReason.SCREENING: "保証審査が通らなかった",
    RefusalReason.AGENT: "不動産業者が取り次がなかった",
    RefusalReason.TAKEN: "ほかの人に決まった",
    RefusalReason.COST: "初期費用が足りなかった",
    RefusalReason.CONDITION: "条件が合わなかった",
    RefusalReason.EXPIRED: "期限切れ（事務上）",
}

REFUSED_BY = {
    RefusalReason.HOUSEHOLD: RefusalBy.HOUSEHOLD,
    RefusalReason.FOUND_ELSEWHERE: RefusalBy.HOUSEHOLD,
    RefusalReason.LANDLORD_GROUP: RefusalBy.LANDLORD,
    RefusalReason.LANDLORD_OTHER: RefusalBy.LANDLORD,
    RefusalReason.SCREENING: RefusalBy.COMPANY,
    RefusalReason.AGENT: RefusalBy.AGENT,
    RefusalReason.TAKEN: RefusalBy.AGENT,
    RefusalReason.COST: RefusalBy.US,
    RefusalReason.CONDITION: RefusalBy.US,
    RefusalReason.EXPIRED: RefusalBy.ADMIN,
}

REFUSAL_MEANINGS = {
    RefusalReason.HOUSEHOLD: "「60日見合わせる」にしるしを付けると、この住戸だけ候補から外れます。"
    "付けなければ次の候補にもまた出ます。",
    RefusalReason.FOUND_ELSEWHERE: "どの住戸も外れません。",
    RefusalReason.LANDLORD_GROUP: "この世帯には、この住戸を1年出しません。"
    "「不可にする」にしるしを付けたときだけ、この住戸の受け入れの答えが変わります。",
    RefusalReason.LANDLORD_OTHER: "この世帯には、この住戸を半年出しません。"
    "ほかの世帯には、いままでどおり出ます。",
    RefusalReason.SCREENING: "断った保証会社は、この世帯では半年使えないものとして探します。"
    "ほかの保証会社の住戸は、いままでどおり出ます。",
    RefusalReason.AGENT: "この世帯には、この住戸を半年出しません。"
    "ほかの世帯には、いままでどおり出ます。",
    RefusalReason.TAKEN: "この住戸の募集を止めます。",
    RefusalReason.COST: "どの住戸も外れません。次からは「はじめの費用に出せる額」で探します。",
    RefusalReason.CONDITION: "合わなかった条件を残し、この世帯には、この住戸を半年出しません。"
    "希望を書き直すと、また出ます。",
    RefusalReason.EXPIRED: "どの住戸も外れません。同じ住戸でやり直せます。",
}


class FailedCondition(StrEnum):
    """Which condition turned out not to fit."""

    RENT = "rent"
    AREA = "area"
    FLOOR = "floor"
    PLACE = "place"
    PET = "pet"
    SECURITY = "security"
    MOVE_IN = "move_in"
    STATE = "state"
    OTHER = "other"


CONDITION_LABELS = {
    FailedCondition.RENT: "家賃",
    FailedCondition.AREA: "広さ・間取り",
    FailedCondition.FLOOR: "階・段差",
    FailedCondition.PLACE: "場所・交通",
    FailedCondition.PET: "ペット",
    FailedCondition.SECURITY: "保証人・緊急連絡先",
    FailedCondition.MOVE_IN: "入居できる日",
    FailedCondition.STATE: "部屋の状態・設備",
    FailedCondition.OTHER: "その他",
}


class Payer(StrEnum):
    """Who pays a line of the initial cost."""

    SELF = "self"
    BENEFIT = "benefit"
    PUBLIC_ASSISTANCE = "public_assistance"
    LOAN = "loan"
    CORPORATION = "corporation"
    FAMILY = "family"
    OTHER = "other"


PAYER_LABELS = {
    Payer.SELF: "本人",
    Payer.BENEFIT: "給付",
    Payer.PUBLIC_ASSISTANCE: "生活保護",
    Payer.LOAN: "社協貸付",
    Payer.CORPORATION: "法人",
    Payer.FAMILY: "親族",
    Payer.OTHER: "その他",
}
