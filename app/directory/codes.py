"""The lists of codes a partner is described by, with the words on screen."""

from enum import StrEnum


class PartnerSystem(StrEnum):
    """The 17 neighbouring systems of the national notice on working together (2018-10-01)."""

    LONG_TERM_CARE = "long_term_care"
    SUICIDE_PREVENTION = "suicide_prevention"
    EDUCATION = "education"
    HOUSING = "housing"
    LOCAL_TAX = "local_tax"
    PENSION = "pension"
    PUBLIC_ASSISTANCE = "public_assistance"
    AGRICULTURE = "agriculture"
    DEBT = "debt"
    WITHDRAWAL = "withdrawal"
    YOUTH = "youth"
    OFFENDER_SUPPORT = "offender_support"
    HEALTH_INSURANCE = "health_insurance"
    LABOUR = "labour"
    COMMUNITY_WELFARE = "community_welfare"
    DISABILITY = "disability"
    CHILD_WELFARE = "child_welfare"


PARTNER_SYSTEM_LABELS = {
    PartnerSystem.LONG_TERM_CARE: "介護保険",
    PartnerSystem.SUICIDE_PREVENTION: "自殺対策",
    PartnerSystem.EDUCATION: "教育",
    PartnerSystem.HOUSING: "住宅",
    PartnerSystem.LOCAL_TAX: "地方税",
    PartnerSystem.PENSION: "年金",
    PartnerSystem.PUBLIC_ASSISTANCE: "生活保護",
    PartnerSystem.AGRICULTURE: "農林水産",
    PartnerSystem.DEBT: "多重債務",
    PartnerSystem.WITHDRAWAL: "ひきこもり",
    PartnerSystem.YOUTH: "子ども・若者",
    PartnerSystem.OFFENDER_SUPPORT: "更生保護",
    PartnerSystem.HEALTH_INSURANCE: "国保・後期高齢者医療",
    PartnerSystem.LABOUR: "労働",
    PartnerSystem.COMMUNITY_WELFARE: "地域福祉",
    PartnerSystem.DISABILITY: "障害保健福祉",
    PartnerSystem.CHILD_WELFARE: "ひとり親・児童福祉",
}

PARTNER_SYSTEM_EXAMPLES = {
    PartnerSystem.LONG_TERM_CARE: "8050など、介護から見えた世帯全体の困りごとをいっしょに受ける。",
    PartnerSystem.SUICIDE_PREVENTION: "死にたい気持ちのある人に、すぐいっしょに対応する。",
    PartnerSystem.EDUCATION: "子どものようすから世帯の困りごとに気づく。中退と学び直しも。",
    PartnerSystem.HOUSING: "住宅セーフティネットと合わせて、住まいの困りごとに応える。",
    PartnerSystem.LOCAL_TAX: "納付の相談に来た人をつなぐ。分納や差押えの解除を話し合う。",
    PartnerSystem.PENSION: "保険料の免除を知らせ、納付の相談に来た人をつなぐ。",
    PartnerSystem.PUBLIC_ASSISTANCE: "保護へつなぎ、保護が終わった後も切れ目なく引き継ぐ。",
    PartnerSystem.AGRICULTURE: "農業の仕事の場をいっしょに探す。",
    PartnerSystem.DEBT: "法律の専門家と家計の立て直しを合わせて進める。",
    PartnerSystem.WITHDRAWAL: "本人と家族のようすに合わせて、専門の窓口といっしょに関わる。",
    PartnerSystem.YOUTH: "地域協議会と会議を合わせて開くなど、若者をいっしょに支える。",
    PartnerSystem.OFFENDER_SUPPORT: "矯正施設を出る人に、相談の窓口を知らせてもらう。",
    PartnerSystem.HEALTH_INSURANCE: "保険料を滞納している人に、減免と相談をいっしょに知らせる。",
    PartnerSystem.LABOUR: "ハローワークとチームで就職を支え、訓練の制度も使う。",
    PartnerSystem.COMMUNITY_WELFARE: "民生委員や社会福祉協議会と、地域の支え合いを広げる。",
    PartnerSystem.DISABILITY: "障害と世帯の課題に応じて、いっしょに対応する。",
    PartnerSystem.CHILD_WELFARE: "ひとり親の暮らしと、虐待を防ぐことをいっしょに考える。",
}


class Offer(StrEnum):
    """What a partner can do for somebody, in the words of a desk that looks for it."""

    ADVICE = "advice"
    HOUSING = "housing"
    FOOD = "food"
    GOODS = "goods"
    WORK = "work"
    MONEY = "money"
    ALLOWANCES = "allowances"
    HEALTH = "health"
    CARE = "care"
    CHILDREN = "children"
    LAW = "law"
    VISITS = "visits"
    PLACE_TO_BE = "place_to_be"
    OTHER = "other"


OFFER_LABELS = {
    Offer.ADVICE: "相談",
    Offer.HOUSING: "住まい",
    Offer.FOOD: "食料",
    Offer.GOODS: "家具・物資",
    Offer.WORK: "仕事・働く準備",
    Offer.MONEY: "家計・貸付・納付",
    Offer.ALLOWANCES: "手当・給付・減免",
    Offer.HEALTH: "医療・こころ",
    Offer.CARE: "介護・障害",
    Offer.CHILDREN: "子ども・学び",
    Offer.LAW: "法律・債務",
    Offer.VISITS: "訪問・見守り",
    Offer.PLACE_TO_BE: "居場所・つながり",
    Offer.OTHER: "その他",
}


class NetworkStep(StrEnum):
    """How working together is built up, in order (Zama's way of using the notice)."""

    HEADS_TOLD = "heads_told"
    DESK_VISITED = "desk_visited"
    TROUBLES_HEARD = "troubles_heard"
    ONE_SHARED = "one_shared"
    FIRST_ONE = "first_one"


NETWORK_STEP_LABELS = {
    NetworkStep.HEADS_TOLD: "所属長に説明した",
    NetworkStep.DESK_VISITED: "係を回った",
    NetworkStep.TROUBLES_HEARD: "相手の困りごとを聞いた",
    NetworkStep.ONE_SHARED: "1件をいっしょに支えた",
    NetworkStep.FIRST_ONE: "「はじめの1人」が来た",
}
