"""Codes of 相談受付・申込票 beside the topics: how somebody came, from whom, and how they live."""

from enum import StrEnum


class Arrival(StrEnum):
    """相談経路 as the national form codes it; the municipality's own detail stands beside it."""

    CAME = "came"
    CONTACTED = "contacted"
    FAMILY = "family"
    OUTREACH = "outreach"
    REFERRAL = "referral"
    OTHER = "other"


ARRIVAL_LABELS = {
    Arrival.CAME: "本人が来所",
    Arrival.CONTACTED: "本人から電話・メール",
    Arrival.FAMILY: "家族・知人から",
    Arrival.OUTREACH: "こちらから訪ねた（アウトリーチ）",
    Arrival.REFERRAL: "関係機関・関係者の紹介",
    Arrival.OTHER: "その他",
}


class SourceKind(StrEnum):
    """Who sent somebody, second level of the municipality's own table of routes."""

    SECTION = "section"
    ORGANISATION = "organisation"
    LANDLORD = "landlord"
    REALTOR = "realtor"
    GUARANTOR_COMPANY = "guarantor_company"
    OTHER = "other"


SOURCE_KIND_LABELS = {
    SourceKind.SECTION: "市の課",
    SourceKind.ORGANISATION: "庁外の機関",
    SourceKind.LANDLORD: "貸主",
    SourceKind.REALTOR: "不動産業者",
    SourceKind.GUARANTOR_COMPANY: "家賃債務保証会社",
    SourceKind.OTHER: "その他の人・団体",
}


class LeaveReason(StrEnum):
    """Why they must leave: the ministry's list (国交省 R5) and the two the source cases add."""

    RENT_BURDEN = "rent_burden"
    NEIGHBOURS = "neighbours"
    DISCHARGE = "discharge"
    SEPARATION = "separation"
    DISASTER = "disaster"
    DEMOLITION = "demolition"
    EVICTION = "eviction"
    DORMITORY = "dormitory"
    OTHER = "other"


LEAVE_REASON_LABELS = {
    LeaveReason.RENT_BURDEN: "家賃の負担が重くなった",
    LeaveReason.EVICTION: "失業・滞納による立退き",
    LeaveReason.DORMITORY: "社員寮を出る",
    LeaveReason.DISCHARGE: "退院・施設からの退所",
    LeaveReason.SEPARATION: "同居の解消（自立・離婚・避難など）",
    LeaveReason.NEIGHBOURS: "近隣とのトラブル",
    LeaveReason.DISASTER: "災害",
    LeaveReason.DEMOLITION: "いまの住まいの取り壊し",
    LeaveReason.OTHER: "その他",
}


class Work(StrEnum):
    """仕事 as on 相談受付・申込票."""

    REGULAR = "regular"
    PART_TIME = "part_time"
    SELF_EMPLOYED = "self_employed"
    STUDENT_HOME = "student_home"
    PENSION = "pension"
    JOBLESS = "jobless"
    OTHER = "other"


WORK_LABELS = {
    Work.REGULAR: "正社員・公務員",
    Work.PART_TIME: "臨時・パート・アルバイト・派遣",
    Work.SELF_EMPLOYED: "自営・家族従業・内職",
    Work.STUDENT_HOME: "学生・家事など",
    Work.PENSION: "年金で暮らしている",
    Work.JOBLESS: "失業・休職中",
    Work.OTHER: "その他",
}


class Insurance(StrEnum):
    """健康保険 as on 相談受付・申込票."""

    EMPLOYEE = "employee"
    NATIONAL = "national"
    ELDERLY = "elderly"
    ASSISTANCE = "assistance"
    NONE = "none"
    OTHER = "other"


INSURANCE_LABELS = {
    Insurance.EMPLOYEE: "社会保険",
    Insurance.NATIONAL: "国民健康保険",
    Insurance.ELDERLY: "後期高齢者医療",
    Insurance.ASSISTANCE: "医療扶助（生活保護）",
    Insurance.NONE: "入っていない",
    Insurance.OTHER: "その他",
}


class Pension(StrEnum):
    """年金 as on 相談受付・申込票."""

    RECEIVING = "receiving"
    ENROLLED = "enrolled"
    EXEMPT = "exempt"
    UNPAID = "unpaid"
    NONE = "none"


PENSION_LABELS = {
    Pension.RECEIVING: "受け取っている",
    Pension.ENROLLED: "払っている（加入中）",
    Pension.EXEMPT: "免除・猶予を受けている",
    Pension.UNPAID: "未納がある",
    Pension.NONE: "入っていない",
}
