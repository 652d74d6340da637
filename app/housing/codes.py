"""The codes homes are described with, and the Japanese words for them."""

from enum import StrEnum


class HomeKind(StrEnum):
    PRIVATE = "private"
    REGISTERED = "registered"
    SUPPORT = "support"
    MUNICIPAL = "municipal"
    TEMPORARY = "temporary"
    SHELTER = "shelter"


HOME_KIND_LABELS = {
    HomeKind.PRIVATE: "民間賃貸",
    HomeKind.REGISTERED: "登録住宅",
    HomeKind.SUPPORT: "居住サポート住宅",
    HomeKind.MUNICIPAL: "市営住宅",
    HomeKind.TEMPORARY: "市営一時入居",
    HomeKind.SHELTER: "シェルター",
}


class HomeState(StrEnum):
    """募集の状態. HELD and later follow from placements, VACANT and STOPPED from the owner."""

    VACANT = "vacant"
    HELD = "held"
    VIEWING = "viewing"
    APPLIED = "applied"
    CONTRACT = "contract"
    OCCUPIED = "occupied"
    STOPPED = "stopped"


HOME_STATE_LABELS = {
    HomeState.VACANT: "募集中",
    HomeState.HELD: "取り置き",
    HomeState.VIEWING: "内見",
    HomeState.APPLIED: "申込",
    HomeState.CONTRACT: "契約",
    HomeState.OCCUPIED: "入居中",
    HomeState.STOPPED: "止め",
}


class GuarantorRule(StrEnum):
    PERSON = "person"
    COMPANY = "company"
    COMPANY_REQUIRED = "company_required"
    NONE = "none"
    NEGOTIABLE = "negotiable"
    UNKNOWN = "unknown"


GUARANTOR_RULE_LABELS = {
    GuarantorRule.PERSON: "連帯保証人が必要",
    GuarantorRule.COMPANY: "保証会社でよい",
    GuarantorRule.COMPANY_REQUIRED: "保証会社が必須",
    GuarantorRule.NONE: "不要",
    GuarantorRule.NEGOTIABLE: "相談",
    GuarantorRule.UNKNOWN: "未確認",
}


class Acceptance(StrEnum):
    """受入可否, per group of 住宅確保要配慮者 (住宅セーフティネット法2条)."""

    YES = "yes"
    CONDITIONAL = "conditional"
    NEGOTIABLE = "negotiable"
    NO = "no"
    UNKNOWN = "unknown"


ACCEPTANCE_LABELS = {
    Acceptance.YES: "可",
    Acceptance.CONDITIONAL: "条件付き",
    Acceptance.NEGOTIABLE: "応相談",
    Acceptance.NO: "不可",
    Acceptance.UNKNOWN: "未確認",
}


class Group(StrEnum):
    """Whom a landlord is asked about: the columns of the council's list."""

    ELDERLY = "elderly"
    DISABLED = "disabled"
    PUBLIC_ASSISTANCE = "public_assistance"
    FOREIGN = "foreign"
    SINGLE_PARENT = "single_parent"
    DV = "dv"
    EX_OFFENDER = "ex_offender"


GROUP_LABELS = {
    Group.ELDERLY: "高齢者",
    Group.DISABLED: "障害者",
    Group.PUBLIC_ASSISTANCE: "生活保護",
    Group.FOREIGN: "外国人",
    Group.SINGLE_PARENT: "ひとり親・子育て",
    Group.DV: "DV被害者",
    Group.EX_OFFENDER: "刑余者",
}


class Support(StrEnum):
    """What makes a landlord say yes: arranged by us, listed as things to do."""

    WATCHING = "watching"
    GUARANTOR_COMPANY = "guarantor_company"
    PROXY_PAYMENT = "proxy_payment"
    EMERGENCY_CONTACT = "emergency_contact"
    LEFTOVER_CONTRACT = "leftover_contract"


SUPPORT_LABELS = {
    Support.WATCHING: "見守り",
    Support.GUARANTOR_COMPANY: "保証会社",
    Support.PROXY_PAYMENT: "家賃の代理納付",
    Support.EMERGENCY_CONTACT: "緊急連絡先",
    Support.LEFTOVER_CONTRACT: "残置物の契約",
}


class PetRule(StrEnum):
    YES = "yes"
    NEGOTIABLE = "negotiable"
    NO = "no"
    UNKNOWN = "unknown"


PET_RULE_LABELS = {
    PetRule.YES: "可",
    PetRule.NEGOTIABLE: "相談",
    PetRule.NO: "不可",
    PetRule.UNKNOWN: "未確認",
}


class AvailableKind(StrEnum):
    NOW = "now"
    ON_DATE = "on_date"
    AFTER_MOVE_OUT = "after_move_out"
    NEGOTIABLE = "negotiable"
    UNKNOWN = "unknown"


AVAILABLE_LABELS = {
    AvailableKind.NOW: "すぐ入居できる",
    AvailableKind.ON_DATE: "日付から",
    AvailableKind.AFTER_MOVE_OUT: "いまの人の退去後",
    AvailableKind.NEGOTIABLE: "相談",
    AvailableKind.UNKNOWN: "未確認",
}


class Precision(StrEnum):
    """How precise a point on the map is; never better than the town."""

    TOWN = "town"
    POSTAL = "postal"
    MUNICIPALITY = "municipality"
    NONE = "none"


PRECISION_LABELS = {
    Precision.TOWN: "町の中心（およそ100〜300m）",
    Precision.POSTAL: "同じ町名の一帯（およそ1km）",
    Precision.MUNICIPALITY: "市の中心（数km）",
    Precision.NONE: "場所は分かりません",
}
