"""Codes of one member: handbooks with their grades, care level, school."""

from enum import StrEnum


class PhysicalGrade(StrEnum):
    """身体障害者手帳 (身体障害者福祉法施行規則 別表第5号)."""

    FIRST = "1"
    SECOND = "2"
    THIRD = "3"
    FOURTH = "4"
    FIFTH = "5"
    SIXTH = "6"
    UNKNOWN = "unknown"


PHYSICAL_GRADE_LABELS = {
    grade: "あり（級は未確認）" if grade is PhysicalGrade.UNKNOWN else f"{grade}級"
    for grade in PhysicalGrade
}


class MentalGrade(StrEnum):
    """精神障害者保健福祉手帳."""

    FIRST = "1"
    SECOND = "2"
    THIRD = "3"
    UNKNOWN = "unknown"


MENTAL_GRADE_LABELS = {
    grade: "あり（級は未確認）" if grade is MentalGrade.UNKNOWN else f"{grade}級"
    for grade in MentalGrade
}


class CareLevel(StrEnum):
    """要介護・要支援の区分 (介護保険法)."""

    PROGRAMME = "programme"
    SUPPORT_1 = "support_1"
    SUPPORT_2 = "support_2"
    CARE_1 = "care_1"
    CARE_2 = "care_2"
    CARE_3 = "care_3"
    CARE_4 = "care_4"
    CARE_5 = "care_5"
    APPLYING = "applying"


CARE_LEVEL_LABELS = {
    CareLevel.PROGRAMME: "事業対象者",
    CareLevel.SUPPORT_1: "要支援1",
    CareLevel.SUPPORT_2: "要支援2",
    CareLevel.CARE_1: "要介護1",
    CareLevel.CARE_2: "要介護2",
    CareLevel.CARE_3: "要介護3",
    CareLevel.CARE_4: "要介護4",
    CareLevel.CARE_5: "要介護5",
    CareLevel.APPLYING: "申請中",
}


class School(StrEnum):
    """Where a child is by day."""

    HOME = "home"
    NURSERY = "nursery"
    PRIMARY = "primary"
    JUNIOR_HIGH = "junior_high"
    HIGH = "high"
    HIGHER = "higher"
    SPECIAL = "special"
    LEFT = "left"


SCHOOL_LABELS = {
    School.HOME: "家庭（未就園）",
    School.NURSERY: "保育所・幼稚園・こども園",
    School.PRIMARY: "小学校",
    School.JUNIOR_HIGH: "中学校",
    School.HIGH: "高校",
    School.HIGHER: "大学・専門学校など",
    School.SPECIAL: "特別支援学校",
    School.LEFT: "通っていない（卒業・退学）",
}
