"""The Japanese phrases that sentences about homes are put together from."""

from collections.abc import Mapping

from matching.changes import ChangeKind
from matching.conditions import Asked

Names = Mapping[str, str]

GROUP_NAMES: Names = {
    "elderly": "高齢の方",
    "disabled": "障害のある方",
    "public_assistance": "生活保護の方",
    "foreign": "外国籍の方",
    "single_parent": "ひとり親の方",
    "dv": "避難してきた方",
    "ex_offender": "刑務所などを出た方",
    "low_income": "収入の少ない方",
    "disaster": "被災した方",
    "major_disaster": "大きな災害で被災した方",
    "physical": "身体に障害のある方",
    "intellectual": "知的障害のある方",
    "mental": "精神障害のある方",
    "other_disability": "そのほかの障害のある方",
    "child_rearing": "子育て中の方",
    "china_returnee": "中国残留邦人等の方",
    "abduction_returnee": "帰国被害者等の方",
    "needy": "生活に困っている方",
    "hansen": "ハンセン病療養所に入所していた方",
    "crime_victim": "犯罪の被害にあった方",
    "child_abuse": "虐待を受けた経験のある若い方",
    "overseas_returnee": "海外から引き揚げた方",
    "newlywed": "新婚の世帯",
    "atomic_bomb": "原子爆弾の被爆者の方",
    "war_injured": "戦傷病者の方",
    "care_leaver": "児童養護施設を出た方",
    "lgbt": "LGBTの方",
    "uij_turn": "移り住んでくる方",
    "supporter": "支援をしている方",
    "pet": "ペット",
}
# Asked of a landlord as a general rule only: that a household is concerned must not be told.
CONFIDENTIAL_GROUPS = frozenset(
    {"dv", "ex_offender", "hansen", "crime_victim", "child_abuse", "lgbt"}
)
SUPPORT_NAMES: Names = {
    "watching": "見守り契約",
    "guarantor_company": "保証会社",
    "leftover_goods": "残置物の契約",
    "corporate_contact": "法人の緊急連絡先",
    "proxy_payment": "代理納付の届",
}
TERMS: Names = {
    "watching": "見守り付き",
    "guarantor_company": "保証会社付き",
    "leftover_goods": "残置物の契約付き",
    "corporate_contact": "法人の緊急連絡先付き",
    "proxy_payment": "代理納付",
}
# The words in the middle of a sentence, and those before "部屋です".
LEAD: Mapping[str, tuple[str, str]] = {
    "under_limit": ("上限より{yen}低く", "上限より{yen}低い"),
    "at_limit": ("家賃は上限ちょうどで", "家賃が上限ちょうどの"),
    "ground": ("1階で", "1階の"),
    "lift": ("エレベーターがあり", "エレベーターのある"),
    "second": ("2階で", "2階の"),
    "nearest": ("{subject}に最も近く", "{subject}に最も近い"),
    "distance": ("{subject}まで{far}で", "{subject}まで{far}の"),
}
TAGS: Names = {
    "under_limit": "上限より{yen}低い",
    "at_limit": "上限ちょうど",
    "ground": "1階",
    "lift": "エレベーター",
    "second": "2階",
    "nearest": "{subject}に最も近い",
    "distance": "{subject} {far}",
    "accepts": "{group} 可",
    "accepts_if": "{group} 条件付き",
    "initial_cost": "初期費用 {yen}",
    "initial_covered": "給付の対象 {yen}（目安）",
    "confirmed": "{amount}日前に空きを確認",
    "stale": "{amount}日前の確認",
    "never_confirmed": "空きは未確認",
}
FAILED: Names = {
    "rent": "家賃が上限を超えています",
    "people": "入居できる人数を超えています",
    "space": "人数に対してせますぎます",
    "area": "希望の広さに足りません",
    "rooms": "希望の部屋数に足りません",
    "floor": "希望の階ではありません",
    "steps": "入口の段差が多すぎます",
    "wheelchair": "車いすで使えません",
    "accepts": "{group}について、貸主の受け入れに合いません",
    "pet": "ペットについて、貸主の受け入れに合いません",
    "guarantor": "連帯保証人が要ります",
    "company": "保証会社の利用が条件です",
    "contact": "緊急連絡先の条件に合いません",
    "move_in": "入居できる日が期限に間に合いません",
    "funds": "初期費用が用意できる額を超えています",
    "kind": "希望の種類の住まいではありません",
    "municipality": "希望の市町村ではありません",
    "distance": "{subject}から遠すぎます",
}
LABELS: Names = {
    "rent": "家賃",
    "people": "人数",
    "space": "人数と広さ",
    "area": "広さ",
    "rooms": "部屋数",
    "floor": "階",
    "steps": "段差",
    "wheelchair": "車いす",
    "accepts": "{group}の受け入れ",
    "pet": "ペット",
    "guarantor": "保証人",
    "company": "保証会社",
    "contact": "緊急連絡先",
    "move_in": "入居できる日",
    "funds": "初期費用",
    "kind": "住まいの種類",
    "municipality": "市町村",
    "distance": "{subject}までの距離",
}
SHORT: Names = {
    "rent": "家賃が{yen}だけ上限を超えます。",
    "people": "入居できる人数を{amount}人だけ超えます。",
    "area": "希望の広さに{area}だけ足りません。",
    "rooms": "希望の部屋数に{amount}つ足りません。",
    "steps": "入口の段差が{amount}段だけ多くあります。",
    "move_in": "入居できる日が{amount}日だけ遅くなります。",
    "funds": "初期費用が{yen}だけ足りません。",
    "distance": "{subject}までが{far}だけ遠くなります。",
}
GRANTED: Mapping[ChangeKind, str] = {
    ChangeKind.LOWER_RENT: "貸主が家賃を{yen}下げられれば",
    ChangeKind.RAISE_PEOPLE: "貸主が入居できる人数を{amount}人ふやせれば",
    ChangeKind.SMALLER_AREA: "世帯が{area}せまくてもよければ",
    ChangeKind.FEWER_ROOMS: "世帯が{amount}部屋少なくてもよければ",
    ChangeKind.WIDER_FLOOR: "世帯が{floor}でもよければ",
    ChangeKind.MORE_STEPS: "世帯があと{amount}段上がれれば",
    ChangeKind.ACCEPT_GROUP: "貸主が{group}を受け入れれば",
    ChangeKind.FIND_GUARANTOR: "世帯が連帯保証人を見つけられれば",
    ChangeKind.TAKE_COMPANY: "貸主が保証人の代わりに保証会社を認めれば",
    ChangeKind.FIND_CONTACT: "世帯が緊急連絡先になる人を見つけられれば",
    ChangeKind.TAKE_CORPORATE: "貸主が法人の緊急連絡先を認めれば",
    ChangeKind.WAIT: "世帯が{amount}日待てれば",
    ChangeKind.EARLIER: "貸主が入居を{amount}日早められれば",
    ChangeKind.RAISE_FUNDS: "相談窓口があと{yen}の手立てを見つけられれば",
    ChangeKind.LOWER_INITIAL: "貸主が初期費用を{yen}下げられれば",
    ChangeKind.ACCEPT_KIND: "世帯が「{subject}」でもよければ",
    ChangeKind.ACCEPT_MUNICIPALITY: "世帯が{subject}でもよければ",
    ChangeKind.FARTHER: "世帯が{subject}まで{far}遠くてもよければ",
}
FLOOR_NAMES: Names = {
    "ground_or_lift": "エレベーター付きの上の階",
    "second_or_lift": "2階",
    "any": "エレベーターのない上の階",
}
WHAT_IFS: Mapping[ChangeKind, str] = {
    ChangeKind.RAISE_RENT_LIMIT: "家賃 ＋{yen}で",
    ChangeKind.RAISE_FUNDS: "初期費用 ＋{yen}で",
    ChangeKind.WAIT: "入居の期限 ＋{amount}日で",
    ChangeKind.FARTHER: "{subject}まで ＋{far}で",
    ChangeKind.WIDER_FLOOR: "{floor}も可で",
    ChangeKind.ARRANGE_SUPPORT: "「{support}」の用意で",
    ChangeKind.FIND_GUARANTOR: "連帯保証人がいれば",
    ChangeKind.ACCEPT_KIND: "「{subject}」も可で",
    ChangeKind.ACCEPT_MUNICIPALITY: "{subject}も可で",
}
QUESTIONS: Mapping[Asked, Names] = {
    Asked.LANDLORD: {
        "rent": "家賃はいくらですか",
        "fee": "共益費・管理費はいくらですか",
        "area": "専有面積は何㎡ですか",
        "rooms": "居室はいくつですか",
        "floor": "何階ですか",
        "lift": "エレベーターはありますか",
        "steps": "入口に段差は何段ありますか",
        "wheelchair": "車いすで使えますか",
        "accepts": "貸主は{group}を受け入れますか",
        "guarantor": "連帯保証人は要りますか",
        "company": "保証会社を使う決まりはどうなっていますか",
        "contact": "緊急連絡先は要りますか。法人でもよいですか",
        "available": "いつから入居できますか",
        "initial_cost": "初期費用は合わせていくらですか",
        "kind": "住まいの種類は何ですか",
        "municipality": "どの市町村にありますか",
        "location": "住所はどこですか",
    },
    Asked.HOUSEHOLD: {
        "people": "世帯の人数は何人ですか",
        "rent_limit": "家賃に毎月いくらまで使えますか",
        "guarantor": "連帯保証人になってくれる人はいますか",
        "contact": "緊急連絡先になってくれる人はいますか",
        "funds": "入居のときに用意できるお金はいくらですか",
        "support": "「{support}」を使ってもよいですか",
        "group": "{group}にあたりますか",
    },
}
FEATURES: Names = {
    "ground": "1階でなければ入れない",
    "ground_or_lift": "1階かエレベーター付きでなければ入れない",
    "wheelchair": "車いすで使える部屋でなければ入れない",
    "no_guarantor": "保証人のいらない部屋でなければ入れない",
    "no_private_contact": "個人の緊急連絡先のいらない部屋でなければ入れない",
    "pet": "ペットと住める部屋でなければ入れない",
    "large": "広い部屋でなければ入れない",
    "cheap": "家賃の低い部屋でなければ入れない",
    "accepts": "貸主の受け入れがこの部屋のようでなければ入れない",
}
FLOOR_WISHES: Names = {
    "ground": "1階",
    "ground_or_lift": "1階（上の階ならエレベーター付き）",
    "second_or_lift": "2階まで（上の階ならエレベーター付き）",
}
MOVES: Names = {
    "not_possible": "前の組み合わせがなくなったため",
    "gave_way": "前の住戸を{cause}に回したため",
    "came_free": "{cause}の前の住戸が空いたため",
    "newly_housed": "空いていた住戸が合うため",
    "better": "より合う住戸が空いていたため",
}
OFFERS: Mapping[ChangeKind, str] = {
    ChangeKind.LOWER_RENT: "家賃を{amount}円下げると",
    ChangeKind.RAISE_PEOPLE: "入居できる人数を{amount}人ふやすと",
    ChangeKind.ACCEPT_GROUP: "{group}を{terms}受け入れると",
    ChangeKind.TAKE_COMPANY: "保証人の代わりに保証会社を認めると",
    ChangeKind.TAKE_CORPORATE: "法人の緊急連絡先を認めると",
    ChangeKind.EARLIER: "入居を{amount}日早めると",
    ChangeKind.LOWER_INITIAL: "初期費用を{amount}円下げると",
}
