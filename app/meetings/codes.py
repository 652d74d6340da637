"""Kinds of meetings, their legal bases, and on which basis one item is discussed."""

from enum import StrEnum


class MeetingKind(StrEnum):
    AD_HOC = "ad_hoc"
    REGULAR = "regular"
    SUPPORT = "support"


MEETING_KIND_LABELS = {
    MeetingKind.AD_HOC: "支援調整会議（随時）",
    MeetingKind.REGULAR: "支援調整会議（定例）",
    MeetingKind.SUPPORT: "支援会議",
}


class LegalBasis(StrEnum):
    """A meeting may stand on several at once, where a town's rules merge them."""

    COORDINATION = "coordination"
    ARTICLE_9 = "article_9"
    WELFARE_ACT = "welfare_act"


LEGAL_BASIS_LABELS = {
    LegalBasis.COORDINATION: "支援調整会議",
    LegalBasis.ARTICLE_9: "生活困窮者自立支援法第9条の支援会議",
    LegalBasis.WELFARE_ACT: "社会福祉法第106条の6の支援会議（条番号は要確認）",
}
SUPPORT_BASES = frozenset({LegalBasis.ARTICLE_9, LegalBasis.WELFARE_ACT})


class ItemBasis(StrEnum):
    COORDINATION = "coordination"
    SUPPORT = "support"


ITEM_BASIS_LABELS = {
    ItemBasis.COORDINATION: "支援調整会議として（本人の申込み・同意がある）",
    ItemBasis.SUPPORT: "支援会議として（守秘の誓約をした人だけ）",
}


class MeetingState(StrEnum):
    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


MEETING_STATE_LABELS = {
    MeetingState.PLANNED: "予定",
    MeetingState.HELD: "開催した",
    MeetingState.CANCELLED: "取りやめ",
}


class AttendeeRole(StrEnum):
    CHAIR = "chair"
    CONSULTANT = "consultant"
    WORK = "work"
    BUDGET = "budget"
    WELFARE_INSPECTOR = "welfare_inspector"
    CASEWORKER = "caseworker"
    CITY = "city"
    HOUSING = "housing"
    COUNCIL = "council"
    OTHER = "other"


ATTENDEE_ROLE_LABELS = {
    AttendeeRole.CHAIR: "進行",
    AttendeeRole.CONSULTANT: "相談支援員",
    AttendeeRole.WORK: "就労支援員",
    AttendeeRole.BUDGET: "家計改善支援員",
    AttendeeRole.WELFARE_INSPECTOR: "査察指導員",
    AttendeeRole.CASEWORKER: "ケースワーカー",
    AttendeeRole.CITY: "関係課",
    AttendeeRole.HOUSING: "居住支援法人",
    AttendeeRole.COUNCIL: "社会福祉協議会",
    AttendeeRole.OTHER: "その他",
}


class MoveHoliday(StrEnum):
    """Where a regular day goes that falls on a holiday."""

    AFTER = "after"
    SKIP = "skip"


MOVE_HOLIDAY_LABELS = {
    MoveHoliday.AFTER: "次の開庁日に移す",
    MoveHoliday.SKIP: "その回は休む",
}
