"""Codes of the benefits: why somebody asks, who earned, and what came out."""

from enum import StrEnum


class BenefitKind(StrEnum):
    RENT = "rent"
    MOVING = "moving"


BENEFIT_KIND_LABELS = {
    BenefitKind.RENT: "家賃補助",
    BenefitKind.MOVING: "転居費用補助",
}


class Reason(StrEnum):
    """Why the household's money became short (住居確保給付金の対象になる理由)."""

    LEFT = "left"
    REDUCED = "reduced"
    OTHER = "other"


REASON_LABELS = {
    Reason.LEFT: "離職・廃業した",
    Reason.REDUCED: "自分の都合でなく収入が減った（休業など）",
    Reason.OTHER: "どちらでもない",
}
MOVING_REASON_LABELS = {
    Reason.REDUCED: "世帯の収入が著しく減った（死亡・離職・休業など）",
    Reason.OTHER: "収入が減ったのではない",
}


class Known(StrEnum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


KNOWN_LABELS = {Known.YES: "はい", Known.NO: "いいえ", Known.UNKNOWN: "まだ分からない"}


class Verdict(StrEnum):
    """How one condition stands; `unknown` never counts as met or as failed."""

    MET = "met"
    FAILED = "failed"
    UNKNOWN = "unknown"


VERDICT_LABELS = {
    Verdict.MET: "当てはまる",
    Verdict.FAILED: "当てはまらない",
    Verdict.UNKNOWN: "まだ分からない",
}


class Comparison(StrEnum):
    """Whether the limit itself still counts as inside (以下) or not (未満); towns differ."""

    UP_TO = "up_to"
    BELOW = "below"


COMPARISON_LABELS = {Comparison.UP_TO: "以下", Comparison.BELOW: "未満"}


class ActivityKind(StrEnum):
    """What somebody with the rent benefit does to find work or earn more."""

    HW_REGISTRATION = "hw_registration"
    CONSULTATION = "consultation"
    HW_CONSULTATION = "hw_consultation"
    APPLICATION = "application"
    MANAGEMENT = "management"
    INCOME_RAISING = "income_raising"


ACTIVITY_LABELS = {
    ActivityKind.HW_REGISTRATION: "ハローワークへの求職申込",
    ActivityKind.CONSULTATION: "自立相談支援機関との面談",
    ActivityKind.HW_CONSULTATION: "ハローワークでの職業相談",
    ActivityKind.APPLICATION: "求人への応募・面接",
    ActivityKind.MANAGEMENT: "経営相談先への相談",
    ActivityKind.INCOME_RAISING: "収入を増やす取り組み",
}
