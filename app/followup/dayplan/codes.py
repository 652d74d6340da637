"""How a day is gone through, with the words on screen."""

from enum import StrEnum


class Start(StrEnum):
    """Where the day begins. The present position is sent with one request and kept nowhere."""

    OFFICE = "office"
    FIRST = "first"
    HERE = "here"


class Going(StrEnum):
    FOOT = "foot"
    BICYCLE = "bicycle"
    CAR = "car"


class Whose(StrEnum):
    MINE = "mine"
    ALL = "all"


START_LABELS = {Start.OFFICE: "事務所のある市の中心から", Start.FIRST: "最初の訪問先から"}
GOING_LABELS = {Going.CAR: "車", Going.BICYCLE: "自転車", Going.FOOT: "徒歩"}
WHOSE_LABELS = {Whose.MINE: "自分の担当", Whose.ALL: "みんなの分"}


class Why(StrEnum):
    """Why a household stands in no order."""

    HIDDEN = "hidden"
    NO_POINT = "no_point"
    TOO_MANY = "too_many"
    OTHER_DAY = "other_day"


WHY_LABELS = {
    Why.HIDDEN: "居場所を守る世帯です。順番にも道のりにも入れていません。",
    Why.NO_POINT: "住所の位置が分からないので、順番に入れていません。",
    Why.TOO_MANY: "1日に回れる数をこえています。日か人を分けてください。",
    Why.OTHER_DAY: "ほかの日に約束があります。",
}
