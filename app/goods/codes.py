"""The codes of goods and the Japanese words for them."""

from collections.abc import Iterable
from enum import StrEnum

MOST_CM = 500
MOST_KG = 500
OLDEST_YEAR = 1950


class GoodsKind(StrEnum):
    """What a thing is; needs and things meet by it."""

    FRIDGE = "fridge"
    WASHER = "washer"
    MICROWAVE = "microwave"
    RICE_COOKER = "rice_cooker"
    GAS_STOVE = "gas_stove"
    IH_STOVE = "ih_stove"
    KETTLE = "kettle"
    HEATER = "heater"
    FAN = "fan"
    LIGHT = "light"
    VACUUM = "vacuum"
    TELEVISION = "television"
    BED = "bed"
    FUTON = "futon"
    BEDDING = "bedding"
    TABLE = "table"
    CHAIR = "chair"
    CHEST = "chest"
    SHELF = "shelf"
    CURTAIN = "curtain"
    KITCHEN_SET = "kitchen_set"
    TABLEWARE = "tableware"
    BATH_SET = "bath_set"
    CLEANING = "cleaning"
    COT = "cot"
    PRAM = "pram"
    DESK = "desk"
    SHOWER_CHAIR = "shower_chair"
    BICYCLE = "bicycle"
    OTHER = "other"


K = GoodsKind
KIND_LABELS = {
    K.FRIDGE: "冷蔵庫",
    K.WASHER: "洗濯機",
    K.MICROWAVE: "電子レンジ",
    K.RICE_COOKER: "炊飯器",
    K.GAS_STOVE: "ガスコンロ",
    K.IH_STOVE: "IHコンロ",
    K.KETTLE: "電気ケトル",
    K.HEATER: "暖房器具",
    K.FAN: "扇風機",
    K.LIGHT: "照明器具",
    K.VACUUM: "掃除機",
    K.TELEVISION: "テレビ",
    K.BED: "ベッド",
    K.FUTON: "布団",
    K.BEDDING: "シーツ・毛布",
    K.TABLE: "テーブル・こたつ",
    K.CHAIR: "いす",
    K.CHEST: "たんす・衣装ケース",
    K.SHELF: "棚",
    K.CURTAIN: "カーテン",
    K.KITCHEN_SET: "鍋・包丁など台所の道具",
    K.TABLEWARE: "食器",
    K.BATH_SET: "風呂・洗面の道具",
    K.CLEANING: "掃除・洗濯の道具",
    K.COT: "ベビーベッド",
    K.PRAM: "ベビーカー",
    K.DESK: "学習机",
    K.SHOWER_CHAIR: "風呂いす（介護用）",
    K.BICYCLE: "自転車",
    K.OTHER: "ほかのもの",
}

# What runs on electricity or gas is given on only once somebody has looked whether it is safe.
ELECTRIC = frozenset({
    K.FRIDGE, K.WASHER, K.MICROWAVE, K.RICE_COOKER, K.IH_STOVE, K.KETTLE, K.HEATER, K.FAN,
    K.LIGHT, K.VACUUM, K.TELEVISION,
})  # fmt: skip
BURNS_GAS = frozenset({K.GAS_STOVE})
APPLIANCES = ELECTRIC | BURNS_GAS
STAYS_UPRIGHT = frozenset({K.FRIDGE, K.WASHER})
# Of these it is asked whether they come apart; the others do only where somebody says so.
COMES_APART = frozenset({
    K.BED, K.TABLE, K.CHAIR, K.CHEST, K.SHELF, K.COT, K.PRAM, K.DESK, K.BICYCLE, K.OTHER,
})  # fmt: skip
# A space has to be measured for these; the others find a place.
NEEDS_SPACE = frozenset({K.FRIDGE, K.WASHER, K.GAS_STOVE, K.CURTAIN, K.BED})

GROUPS: tuple[tuple[str, str, frozenset[GoodsKind]], ...] = (
    ("appliance", "家電", APPLIANCES),
    ("furniture", "家具", frozenset({K.BED, K.TABLE, K.CHAIR, K.CHEST, K.SHELF, K.CURTAIN})),
    ("bedding", "寝具", frozenset({K.FUTON, K.BEDDING})),
    ("daily", "日用品", frozenset({K.KITCHEN_SET, K.TABLEWARE, K.BATH_SET, K.CLEANING})),
    ("child", "子ども", frozenset({K.COT, K.PRAM, K.DESK})),
    ("else", "そのほか", frozenset({K.SHOWER_CHAIR, K.BICYCLE, K.OTHER})),
)


class GoodsGas(StrEnum):
    """The gas a thing burns, or the gas there is where it will stand."""

    CITY = "city"
    LP = "lp"
    NONE = "none"
    UNKNOWN = "unknown"


GAS_LABELS = {
    GoodsGas.CITY: "都市ガス",
    GoodsGas.LP: "プロパン（LP）",
    GoodsGas.NONE: "ガスは使わない",
    GoodsGas.UNKNOWN: "未確認",
}


class Voltage(StrEnum):
    V100 = "v100"
    V200 = "v200"
    NONE = "none"
    UNKNOWN = "unknown"


VOLTAGE_LABELS = {
    Voltage.V100: "100V",
    Voltage.V200: "200V",
    Voltage.NONE: "電気は使わない",
    Voltage.UNKNOWN: "未確認",
}


class Check(StrEnum):
    """What a look at safety or at the makers' recalls came to."""

    UNCHECKED = "unchecked"
    GOOD = "good"
    BAD = "bad"


SAFETY_LABELS = {
    Check.UNCHECKED: "まだ見ていない",
    Check.GOOD: "動作・コード・異臭に問題なし",
    Check.BAD: "問題あり（使わない）",
}
RECALL_LABELS = {
    Check.UNCHECKED: "まだ調べていない",
    Check.GOOD: "リコールの対象ではない",
    Check.BAD: "リコールの対象（使わない）",
}


class Condition(StrEnum):
    NEW = "new"
    GOOD = "good"
    USED = "used"
    WORN = "worn"
    UNKNOWN = "unknown"


CONDITION_LABELS = {
    Condition.NEW: "新品・未使用",
    Condition.GOOD: "きれい",
    Condition.USED: "使用感がある",
    Condition.WORN: "傷・汚れが目立つ",
    Condition.UNKNOWN: "まだ見ていない",
}


class Carrier(StrEnum):
    DONOR = "donor"
    WE = "we"
    HOUSEHOLD = "household"
    UNKNOWN = "unknown"


CARRIER_LABELS = {
    Carrier.WE: "こちらで引き取る",
    Carrier.DONOR: "寄贈者が届ける",
    Carrier.HOUSEHOLD: "ご本人が取りに行く",
    Carrier.UNKNOWN: "まだ決まっていない",
}


class ItemState(StrEnum):
    """Where a thing is on its way. Being kept for a household is a reservation, not a state."""

    PLEDGED = "pledged"
    FETCHED = "fetched"
    STORED = "stored"
    DELIVERED = "delivered"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    DISPOSED = "disposed"


STATE_LABELS = {
    ItemState.PLEDGED: "申し出（寄贈者のところ）",
    ItemState.FETCHED: "引き取った（運んでいる）",
    ItemState.STORED: "保管中",
    ItemState.DELIVERED: "届けた",
    ItemState.RETURNED: "戻ってきた",
    ItemState.WITHDRAWN: "申し出の取り下げ",
    ItemState.DISPOSED: "処分した",
}
# A thing in one of these can be kept for a household and brought to it.
AT_HAND = (ItemState.PLEDGED, ItemState.FETCHED, ItemState.STORED, ItemState.RETURNED)
OURS = (ItemState.FETCHED, ItemState.STORED, ItemState.RETURNED)
GONE = (ItemState.DELIVERED, ItemState.WITHDRAWN, ItemState.DISPOSED)


class GoodsDeed(StrEnum):
    """What was done with a thing, in its history."""

    PLEDGED = "pledged"
    RESERVED = "reserved"
    EXTENDED = "extended"
    FREED = "freed"
    FETCHED = "fetched"
    STORED = "stored"
    DELIVERED = "delivered"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    DISPOSED = "disposed"
    FOUND_UNSAFE = "found_unsafe"
    UNDONE = "undone"


DEED_WORDS = {
    GoodsDeed.PLEDGED: "申し出を受けた",
    GoodsDeed.RESERVED: "取り置いた",
    GoodsDeed.EXTENDED: "取り置きを延ばした",
    GoodsDeed.FREED: "取り置きを外した",
    GoodsDeed.FETCHED: "引き取った",
    GoodsDeed.STORED: "棚に置いた",
    GoodsDeed.DELIVERED: "届けた",
    GoodsDeed.RETURNED: "世帯から戻った",
    GoodsDeed.WITHDRAWN: "申し出が取り下げられた",
    GoodsDeed.DISPOSED: "処分した",
    GoodsDeed.FOUND_UNSAFE: "使えないと分かった",
    GoodsDeed.UNDONE: "ひとつ前に戻した",
}


class ReservationEnd(StrEnum):
    DELIVERED = "delivered"
    FREED = "freed"
    UNSAFE = "unsafe"
    PLACEMENT_OVER = "placement_over"
    NEED_CLOSED = "need_closed"
    ITEM_GONE = "item_gone"


RESERVATION_END_LABELS = {
    ReservationEnd.DELIVERED: "届けた",
    ReservationEnd.FREED: "職員が外した",
    ReservationEnd.UNSAFE: "使えないと分かった",
    ReservationEnd.PLACEMENT_OVER: "入居の手続きが終わった",
    ReservationEnd.NEED_CLOSED: "必要がなくなった",
    ReservationEnd.ITEM_GONE: "品物がなくなった",
}


class Room(StrEnum):
    KITCHEN = "kitchen"
    LIVING = "living"
    BEDROOM = "bedroom"
    WASHROOM = "washroom"
    BATH = "bath"
    ENTRANCE = "entrance"
    ANY = "any"


ROOM_LABELS = {
    Room.KITCHEN: "台所",
    Room.LIVING: "居間",
    Room.BEDROOM: "寝室",
    Room.WASHROOM: "洗面・洗濯",
    Room.BATH: "風呂",
    Room.ENTRANCE: "玄関・外",
    Room.ANY: "どこでも",
}


class Importance(StrEnum):
    MUST = "must"
    WISH = "wish"


IMPORTANCE_LABELS = {Importance.MUST: "なくてはならない", Importance.WISH: "あると助かる"}


class NeedState(StrEnum):
    OPEN = "open"
    MET = "met"
    WITHDRAWN = "withdrawn"


NEED_STATE_LABELS = {
    NeedState.OPEN: "まだない",
    NeedState.MET: "そろった",
    NeedState.WITHDRAWN: "要らない",
}


class MetBy(StrEnum):
    DELIVERED = "delivered"
    OWN = "own"
    BOUGHT = "bought"
    GIVEN = "given"


MET_BY_LABELS = {
    MetBy.DELIVERED: "届けた",
    MetBy.OWN: "持っていた・前の部屋から持って来た",
    MetBy.BOUGHT: "買った（一時扶助・給付などを含む）",
    MetBy.GIVEN: "ほかからもらった",
}
# Delivering is a deed of its own; these a person says.
SAID_MET = {code: label for code, label in MET_BY_LABELS.items() if code is not MetBy.DELIVERED}


class ForWhom(StrEnum):
    """For which households a line of the usual list is; what nobody knows is not proposed."""

    EVERYBODY = "everybody"
    SINGLE = "single"
    COUPLE = "couple"
    FAMILY = "family"
    INFANT = "infant"
    SCHOOL_CHILD = "school_child"
    ELDER = "elder"


FOR_WHOM_LABELS = {
    ForWhom.EVERYBODY: "どの世帯にも",
    ForWhom.SINGLE: "一人暮らし",
    ForWhom.COUPLE: "二人の世帯",
    ForWhom.FAMILY: "三人以上の世帯",
    ForWhom.INFANT: "3歳未満の子どもがいる世帯",
    ForWhom.SCHOOL_CHILD: "小学生・中学生がいる世帯",
    ForWhom.ELDER: "65歳以上の人がいる世帯",
}


def kinds_of(group: str) -> Iterable[GoodsKind]:
    """The kinds of a group by its code; none for a group that is not there."""
    return next((kinds for code, _label, kinds in GROUPS if code == group), frozenset())
