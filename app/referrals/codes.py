"""The codes of a sheet and of its recipients, with their words."""

from enum import StrEnum


class SheetKind(StrEnum):
    """What a sheet is for. 法8条: an office that sees a need is to recommend the support."""

    REFERRAL = "referral"
    LAW8 = "law8"
    LEAD = "lead"


SHEET_KIND_LABELS = {
    SheetKind.REFERRAL: "つなぐシート",
    SheetKind.LAW8: "法8条の利用勧奨",
    SheetKind.LEAD: "気になる人のつなぎ",
}


class Way(StrEnum):
    """How the sheet gets there. Walking along comes first: most people never arrive alone."""

    WALKED = "walked"
    HANDED = "handed"
    POSTED = "posted"
    ELECTRONIC = "electronic"


WAY_LABELS = {
    Way.WALKED: "一緒に行く（同行）",
    Way.HANDED: "本人が持っていく",
    Way.POSTED: "送る（郵送・庁内便）",
    Way.ELECTRONIC: "このシステムで送る",
}


class RecipientState(StrEnum):
    """Where the sheet stands with one recipient."""

    DRAFT = "draft"
    SENT = "sent"
    RECEIVED = "received"
    ANSWERED = "answered"
    CLOSED = "closed"


STATE_LABELS = {
    RecipientState.DRAFT: "下書き",
    RecipientState.SENT: "送った",
    RecipientState.RECEIVED: "受け取った",
    RecipientState.ANSWERED: "答えが来た",
    RecipientState.CLOSED: "終わり",
}

STATE_TAGS = {
    RecipientState.DRAFT: "",
    RecipientState.SENT: "warn",
    RecipientState.RECEIVED: "info",
    RecipientState.ANSWERED: "good",
    RecipientState.CLOSED: "",
}


class Result(StrEnum):
    """What became of it, as the recipient tells the first counter."""

    SUPPORTED = "supported"
    INFORMED = "informed"
    PASSED_ON = "passed_on"
    DECLINED = "declined"
    NOT_MET = "not_met"
    OTHER = "other"


RESULT_LABELS = {
    Result.SUPPORTED: "支援を始めた",
    Result.INFORMED: "案内・助言をした",
    Result.PASSED_ON: "ほかの窓口へつないだ",
    Result.DECLINED: "本人が望まなかった",
    Result.NOT_MET: "まだ会えていない",
    Result.OTHER: "その他",
}
