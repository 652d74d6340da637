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
    """Whom a landlord is asked about (住宅確保要配慮者).

    The first seven are the columns of the council's list. The others are the flags of the
    safety-net register: 住宅セーフティネット法2条1項, its ordinance, and what prefectures' plans
    add. `BROADER_GROUPS` says which of the seven a finer one refines.
    """

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


BROADER_GROUPS = {
    Group.PHYSICAL: Group.DISABLED,
    Group.INTELLECTUAL: Group.DISABLED,
    Group.MENTAL: Group.DISABLED,
    Group.OTHER_DISABILITY: Group.DISABLED,
    Group.CHILD_REARING: Group.SINGLE_PARENT,
}
"""An answer about the broader group holds for the finer one that has none of its own."""


GROUP_LABELS = {
    Group.ELDERLY: "高齢者",
    Group.DISABLED: "障害者",
    Group.PUBLIC_ASSISTANCE: "生活保護",
    Group.FOREIGN: "外国人",
    Group.SINGLE_PARENT: "ひとり親・子育て",
    Group.DV: "DV被害者",
    Group.EX_OFFENDER: "刑余者",
    Group.LOW_INCOME: "低額所得者",
    Group.DISASTER: "被災者",
    Group.MAJOR_DISASTER: "大規模災害の被災者",
    Group.PHYSICAL: "身体障害者",
    Group.INTELLECTUAL: "知的障害者",
    Group.MENTAL: "精神障害者",
    Group.OTHER_DISABILITY: "その他の障害者",
    Group.CHILD_REARING: "子育て世帯",
    Group.CHINA_RETURNEE: "中国残留邦人等",
    Group.ABDUCTION_RETURNEE: "帰国被害者等",
    Group.NEEDY: "生活困窮者",
    Group.HANSEN: "ハンセン病療養所入所者等",
    Group.CRIME_VICTIM: "犯罪被害者等",
    Group.CHILD_ABUSE: "児童虐待を受けた者",
    Group.OVERSEAS_RETURNEE: "海外引揚者",
    Group.NEWLYWED: "新婚世帯",
    Group.ATOMIC_BOMB: "原子爆弾被爆者",
    Group.WAR_INJURED: "戦傷病者",
    Group.CARE_LEAVER: "児童養護施設退所者",
    Group.LGBT: "LGBT",
    Group.UIJ_TURN: "UIJターン",
    Group.SUPPORTER: "要配慮者の支援者",
}

COUNCIL_GROUPS = tuple(Group)[:7]
"""The groups the council's list has a column for, in its order: asked about first."""


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


class ContractKind(StrEnum):
    """契約形態 (借地借家法26条・38条、高齢者の居住の安定確保に関する法律52条)."""

    ORDINARY = "ordinary"
    FIXED_TERM = "fixed_term"
    LIFETIME = "lifetime"
    UNKNOWN = "unknown"


CONTRACT_KIND_LABELS = {
    ContractKind.ORDINARY: "普通借家",
    ContractKind.FIXED_TERM: "定期借家",
    ContractKind.LIFETIME: "終身建物賃貸借",
    ContractKind.UNKNOWN: "未確認",
}


class ContactRule(StrEnum):
    """Whom the landlord wants to be able to phone in an emergency."""

    NONE = "none"
    CORPORATE = "corporate"
    PERSON = "person"
    UNKNOWN = "unknown"


CONTACT_RULE_LABELS = {
    ContactRule.NONE: "不要",
    ContactRule.CORPORATE: "必要（法人でもよい）",
    ContactRule.PERSON: "必要（個人に限る）",
    ContactRule.UNKNOWN: "未確認",
}


class GasKind(StrEnum):
    CITY = "city"
    LP = "lp"
    NONE = "none"
    UNKNOWN = "unknown"


GAS_KIND_LABELS = {
    GasKind.CITY: "都市ガス",
    GasKind.LP: "プロパン（LP）",
    GasKind.NONE: "ガスなし（電気）",
    GasKind.UNKNOWN: "未確認",
}


class Fitting(StrEnum):
    """設備: what stays in the home, as listings name it."""

    SEPARATE_BATH = "separate_bath"
    WASHER_INSIDE = "washer_inside"
    AIR_CONDITIONER = "air_conditioner"
    STOVE = "stove"
    LIGHTS = "lights"
    WASHBASIN = "washbasin"
    HOT_WATER = "hot_water"
    INTERNET = "internet"
    AUTO_LOCK = "auto_lock"
    HANDRAILS = "handrails"
    BICYCLE = "bicycle"
    MOTORCYCLE = "motorcycle"
    PARKING = "parking"


FITTING_LABELS = {
    Fitting.SEPARATE_BATH: "バス・トイレ別",
    Fitting.WASHER_INSIDE: "室内洗濯機置場",
    Fitting.AIR_CONDITIONER: "エアコン",
    Fitting.STOVE: "コンロ",
    Fitting.LIGHTS: "照明",
    Fitting.WASHBASIN: "洗面台",
    Fitting.HOT_WATER: "給湯",
    Fitting.INTERNET: "インターネット",
    Fitting.AUTO_LOCK: "オートロック",
    Fitting.HANDRAILS: "手すり",
    Fitting.BICYCLE: "駐輪場",
    Fitting.MOTORCYCLE: "バイク置場",
    Fitting.PARKING: "駐車場",
}


class BuildingKind(StrEnum):
    APARTMENT = "apartment"
    MANSION = "mansion"
    HOUSE = "house"
    SHARED = "shared"
    PUBLIC = "public"
    OTHER = "other"


BUILDING_KIND_LABELS = {
    BuildingKind.APARTMENT: "アパート",
    BuildingKind.MANSION: "マンション",
    BuildingKind.HOUSE: "戸建",
    BuildingKind.SHARED: "シェアハウス",
    BuildingKind.PUBLIC: "公営",
    BuildingKind.OTHER: "その他",
}


class TradeKind(StrEnum):
    """取引態様 (宅地建物取引業法34条)."""

    OWNER = "owner"
    AGENT = "agent"
    BROKER = "broker"


TRADE_KIND_LABELS = {
    TradeKind.OWNER: "貸主",
    TradeKind.AGENT: "代理",
    TradeKind.BROKER: "仲介（媒介）",
}


class PhotoKind(StrEnum):
    PHOTO = "photo"
    FLOOR_PLAN = "floor_plan"


PHOTO_KIND_LABELS = {PhotoKind.PHOTO: "写真", PhotoKind.FLOOR_PLAN: "間取り図"}


class CostCode(StrEnum):
    """初期費用: what is paid before the keys, as listings and the moving-cost benefit name it."""

    DEPOSIT = "deposit"
    KEY_MONEY = "key_money"
    PREPAID = "prepaid"
    DAILY = "daily"
    AGENT_FEE = "agent_fee"
    GUARANTEE = "guarantee"
    INSURANCE = "insurance"
    LOCK_CHANGE = "lock_change"
    CLEANING = "cleaning"
    MOVING = "moving"
    FURNITURE = "furniture"
    OTHER = "other"


COST_LABELS = {
    CostCode.DEPOSIT: "敷金",
    CostCode.KEY_MONEY: "礼金",
    CostCode.PREPAID: "前家賃",
    CostCode.DAILY: "日割家賃",
    CostCode.AGENT_FEE: "仲介手数料",
    CostCode.GUARANTEE: "保証料",
    CostCode.INSURANCE: "住宅保険料",
    CostCode.LOCK_CHANGE: "鍵交換",
    CostCode.CLEANING: "クリーニング・原状回復",
    CostCode.MOVING: "家財の運搬",
    CostCode.FURNITURE: "家財・設備",
    CostCode.OTHER: "その他",
}


class PauseCause(StrEnum):
    """Why a home is kept out of one household's candidates for a while."""

    LANDLORD_GROUP = "landlord_group"
    LANDLORD = "landlord"
    AGENT = "agent"
    COMPANY = "company"
    HOUSEHOLD = "household"
    CONDITION = "condition"


PAUSE_LABELS = {
    PauseCause.LANDLORD_GROUP: "貸主が断った（入居者の条件）",
    PauseCause.LANDLORD: "貸主が断った",
    PauseCause.AGENT: "不動産業者が取り次がなかった",
    PauseCause.COMPANY: "保証会社の審査が通らなかった",
    PauseCause.HOUSEHOLD: "本人が見合わせた",
    PauseCause.CONDITION: "条件が合わなかった",
}

TEMPORARY_KINDS = frozenset({HomeKind.TEMPORARY, HomeKind.SHELTER})
"""Homes to stay in for a while only, with a day by which to have moved on."""
