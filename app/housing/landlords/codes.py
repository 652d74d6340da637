"""The codes landlords are described with, and the Japanese words for them."""

from enum import StrEnum


class Worry(StrEnum):
    """What holds a landlord back, as the ministry's survey of landlords groups it."""

    NEIGHBOURS = "neighbours"
    RENT = "rent"
    DEATH = "death"
    USE = "use"
    VISITORS = "visitors"
    HOURS = "hours"
    OTHER = "other"


WORRY_LABELS = {
    Worry.NEIGHBOURS: "近隣との協調",
    Worry.RENT: "家賃の支払い",
    Worry.DEATH: "室内での死亡事故",
    Worry.USE: "部屋の使い方",
    Worry.VISITORS: "人の出入り",
    Worry.HOURS: "生活の時間帯",
    Worry.OTHER: "その他",
}


class Reassurance(StrEnum):
    """What has made this landlord say yes before."""

    GUARANTOR_COMPANY = "guarantor_company"
    PROXY_PAYMENT = "proxy_payment"
    WATCHING = "watching"
    LEFTOVER_CONTRACT = "leftover_contract"
    INSURANCE = "insurance"
    SUBLEASE = "sublease"
    COUNCIL_DESK = "council_desk"


REASSURANCE_LABELS = {
    Reassurance.GUARANTOR_COMPANY: "保証会社",
    Reassurance.PROXY_PAYMENT: "家賃の代理納付",
    Reassurance.WATCHING: "見守り",
    Reassurance.LEFTOVER_CONTRACT: "残置物の契約",
    Reassurance.INSURANCE: "孤独死保険",
    Reassurance.SUBLEASE: "サブリース",
    Reassurance.COUNCIL_DESK: "協議会の窓口",
}


class PreferredWay(StrEnum):
    PHONE = "phone"
    MAIL = "mail"
    LETTER = "letter"
    VISIT = "visit"


PREFERRED_WAY_LABELS = {
    PreferredWay.PHONE: "電話",
    PreferredWay.MAIL: "メール",
    PreferredWay.LETTER: "手紙",
    PreferredWay.VISIT: "訪問",
}


class ContactWay(StrEnum):
    PHONE = "phone"
    VISIT = "visit"
    CAME = "came"
    MAIL = "mail"
    LETTER = "letter"


CONTACT_WAY_LABELS = {
    ContactWay.PHONE: "電話",
    ContactWay.VISIT: "訪問",
    ContactWay.CAME: "来所",
    ContactWay.MAIL: "メール",
    ContactWay.LETTER: "手紙",
}


class ContactKind(StrEnum):
    """Whether we spoke with the landlord, or the landlord brought somebody to us."""

    CONTACT = "contact"
    REFERRAL = "referral"


CONTACT_KIND_LABELS = {
    ContactKind.CONTACT: "こちらからの連絡・やりとり",
    ContactKind.REFERRAL: "貸主からの相談・紹介",
}
