"""Codes of what a household needs from a home and from a parcel.

Groups and supports carry the same codes as the columns of the council's list, so that a match
compares like with like; a test holds the two together.
"""

from enum import StrEnum


class HouseholdGroup(StrEnum):
    """What a landlord would be asked about this household (住宅確保要配慮者)."""

    ELDERLY = "elderly"
    DISABLED = "disabled"
    PUBLIC_ASSISTANCE = "public_assistance"
    FOREIGN = "foreign"
    SINGLE_PARENT = "single_parent"
    DV = "dv"
    EX_OFFENDER = "ex_offender"
    LOW_INCOME = "low_income"
    DISASTER = "disaster"
    MAJOR_DISASTER = "major_disaster"
    PHYSICAL = "physical"
    INTELLECTUAL = "intellectual"
    MENTAL = "mental"
    OTHER_DISABILITY = "other_disability"
    CHILD_REARING = "child_rearing"
    CHINA_RETURNEE = "china_returnee"
    ABDUCTION_RETURNEE = "abduction_returnee"
    NEEDY = "needy"
    HANSEN = "hansen"
    CRIME_VICTIM = "crime_victim"
    CHILD_ABUSE = "child_abuse"
    OVERSEAS_RETURNEE = "overseas_returnee"
    NEWLYWED = "newlywed"
    ATOMIC_BOMB = "atomic_bomb"
    WAR_INJURED = "war_injured"
    CARE_LEAVER = "care_leaver"
    LGBT = "lgbt"
    UIJ_TURN = "uij_turn"
    SUPPORTER = "supporter"


HOUSEHOLD_GROUP_LABELS = {
    HouseholdGroup.ELDERLY: "高齢者",
    HouseholdGroup.DISABLED: "障害者",
    HouseholdGroup.PUBLIC_ASSISTANCE: "生活保護",
    HouseholdGroup.FOREIGN: "外国人",
    HouseholdGroup.SINGLE_PARENT: "ひとり親・子育て",
    HouseholdGroup.DV: "DV被害者",
    HouseholdGroup.EX_OFFENDER: "刑余者",
    HouseholdGroup.LOW_INCOME: "低額所得者",
    HouseholdGroup.DISASTER: "被災者",
    HouseholdGroup.MAJOR_DISASTER: "大規模災害の被災者",
    HouseholdGroup.PHYSICAL: "身体障害者",
    HouseholdGroup.INTELLECTUAL: "知的障害者",
    HouseholdGroup.MENTAL: "精神障害者",
    HouseholdGroup.OTHER_DISABILITY: "その他の障害者",
    HouseholdGroup.CHILD_REARING: "子育て世帯",
    HouseholdGroup.CHINA_RETURNEE: "中国残留邦人等",
    HouseholdGroup.ABDUCTION_RETURNEE: "帰国被害者等",
    HouseholdGroup.NEEDY: "生活困窮者",
    HouseholdGroup.HANSEN: "ハンセン病療養所入所者等",
    HouseholdGroup.CRIME_VICTIM: "犯罪被害者等",
    HouseholdGroup.CHILD_ABUSE: "児童虐待を受けた者",
    HouseholdGroup.OVERSEAS_RETURNEE: "海外引揚者",
    HouseholdGroup.NEWLYWED: "新婚世帯",
    HouseholdGroup.ATOMIC_BOMB: "原子爆弾被爆者",
    HouseholdGroup.WAR_INJURED: "戦傷病者",
    HouseholdGroup.CARE_LEAVER: "児童養護施設退所者",
    HouseholdGroup.LGBT: "LGBT",
    HouseholdGroup.UIJ_TURN: "UIJターン",
    HouseholdGroup.SUPPORTER: "要配慮者の支援者",
}

FIRST_GROUPS = tuple(HouseholdGroup)[:7]
"""Asked about at once, as on the council's list; the register's finer ones are folded away."""


class SupportOffer(StrEnum):
    """What we can arrange to reassure a landlord."""

    WATCHING = "watching"
    GUARANTOR_COMPANY = "guarantor_company"
    PROXY_PAYMENT = "proxy_payment"
    EMERGENCY_CONTACT = "emergency_contact"
    LEFTOVER_CONTRACT = "leftover_contract"


SUPPORT_OFFER_LABELS = {
    SupportOffer.WATCHING: "見守り",
    SupportOffer.GUARANTOR_COMPANY: "保証会社",
    SupportOffer.PROXY_PAYMENT: "家賃の代理納付",
    SupportOffer.EMERGENCY_CONTACT: "緊急連絡先",
    SupportOffer.LEFTOVER_CONTRACT: "残置物の契約",
}


class Equipment(StrEnum):
    """What the household can cook and keep food with, where it sleeps now."""

    HOT_WATER = "hot_water"
    MICROWAVE = "microwave"
    BURNER = "burner"
    KITCHEN = "kitchen"
    RICE_COOKER = "rice_cooker"
    FRIDGE = "fridge"
    FREEZER = "freezer"
    POTABLE_WATER = "potable_water"
    CAN_OPENER = "can_opener"


EQUIPMENT_LABELS = {
    Equipment.HOT_WATER: "お湯をわかせる",
    Equipment.MICROWAVE: "電子レンジ",
    Equipment.BURNER: "コンロ1口",
    Equipment.KITCHEN: "台所（コンロと流し）",
    Equipment.RICE_COOKER: "炊飯器",
    Equipment.FRIDGE: "冷蔵庫",
    Equipment.FREEZER: "冷凍庫",
    Equipment.POTABLE_WATER: "飲める水",
    Equipment.CAN_OPENER: "缶切り",
}


class ForbiddenFood(StrEnum):
    """What the household does not eat, for its own reasons; nobody has to say which."""

    PORK = "pork"
    BEEF = "beef"
    MEAT = "meat"
    FISH = "fish"
    ALCOHOL = "alcohol"
    GELATIN = "gelatin"
    EGG_AND_MILK = "egg_and_milk"


FORBIDDEN_FOOD_LABELS = {
    ForbiddenFood.PORK: "豚肉",
    ForbiddenFood.BEEF: "牛肉",
    ForbiddenFood.MEAT: "肉全般",
    ForbiddenFood.FISH: "魚介",
    ForbiddenFood.ALCOHOL: "アルコール（みりん・料理酒を含む）",
    ForbiddenFood.GELATIN: "ゼラチン",
    ForbiddenFood.EGG_AND_MILK: "卵・乳製品",
}

CHEWING_LABELS = {
    1: "1 容易にかめる",
    2: "2 歯ぐきでつぶせる",
    3: "3 舌でつぶせる",
    4: "4 かまなくてよい",
}
"""ユニバーサルデザインフードの区分 1 to 4; none means ordinary food."""
