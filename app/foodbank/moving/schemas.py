"""What moving stock and putting its records right take."""

from enum import StrEnum

from app.foodbank.codes import MOST_UNITS
from app.foodbank.schemas import COUNTED
from app.forms import BaseSchema, Code, Line, Whole


class Condition(StrEnum):
    """How something looked when it came back."""

    GOOD = "good"
    OPENED = "opened"
    DAMAGED = "damaged"
    UNSURE = "unsure"


CONDITION_LABELS = {
    Condition.GOOD: "未開封で、傷みも汚れもない",
    Condition.OPENED: "開いている",
    Condition.DAMAGED: "つぶれ・ぬれ・においがある",
    Condition.UNSURE: "分からない（どこに置かれていたか など）",
}


class WhatHappened(StrEnum):
    """Whether goods moved now, or only the record of the past was wrong."""

    NOW = "now"
    RECORD = "record"


WHAT_HAPPENED_LABELS = {
    WhatHappened.NOW: "いま数が変わった・いま気づいた（こわれた、なくなった、出てきた）",
    WhatHappened.RECORD: "受け入れたときの記録が間違っていた（書き間違い）",
}


class TransferSchema(BaseSchema):
    """So many of a lot from one shelf to another; without a number all of it."""

    from_shelf_id = Whole(required=True, least=1, metadata={"label": "いまの棚", "kind": "radios"})
    to_shelf = Line(
        required=True,
        shortest=1,
        longest=20,
        metadata={"label": "移す先の棚", "hint": "例 B2。新しい名前なら、棚を作ります"},
    )
    quantity = Whole(
        least=1,
        most=MOST_UNITS,
        load_default=None,
        allow_none=True,
        error_messages=COUNTED,
        metadata={"label": "移す数", "hint": "空けておくと、その棚の全部を移します"},
    )


class CorrectionSchema(BaseSchema):
    """A number is wrong: moved now, or written down wrong then."""

    what = Code(
        WhatHappened,
        WHAT_HAPPENED_LABELS,
        required=True,
        metadata={"label": "どちらですか", "kind": "radios"},
    )
    found_on = Whole(
        least=1,
        load_default=None,
        allow_none=True,
        metadata={"label": "どの棚", "kind": "select", "blank": "1つの棚だけ"},
    )
    right_quantity = Whole(
        required=True,
        least=0,
        most=MOST_UNITS,
        error_messages=COUNTED,
        metadata={
            "label": "正しい数",
            "hint": "「いま」なら棚にいまある数、「記録」なら受け入れた数",
        },
    )
    correction_reason = Line(required=True, shortest=1, metadata={"label": "訂正の理由"})


class ReturnedFoodSchema(BaseSchema):
    """Something of a parcel came back from the household."""

    lot_id = Whole(required=True, least=1, metadata={"label": "戻ってきた物", "kind": "radios"})
    quantity = Whole(
        required=True,
        least=1,
        most=MOST_UNITS,
        error_messages=COUNTED,
        metadata={"label": "戻ってきた数"},
    )
    condition = Code(
        Condition,
        CONDITION_LABELS,
        required=True,
        metadata={
            "label": "見た状態",
            "kind": "radios",
            "hint": "棚に戻せるのは、未開封で傷みのない常温の物だけです。ほかは廃棄になります",
        },
    )
    shelf = Line(
        load_default="", longest=20, metadata={"label": "戻す棚", "hint": "空けておくと元の棚"}
    )
    note = Line(load_default="", longest=100, metadata={"label": "メモ（任意）"})


class GiveBackSchema(BaseSchema):
    """So many of a lot go back to whoever gave them."""

    given_from = Whole(required=True, least=1, metadata={"label": "どの棚から", "kind": "radios"})
    given_quantity = Whole(
        least=1,
        most=MOST_UNITS,
        load_default=None,
        allow_none=True,
        error_messages=COUNTED,
        metadata={"label": "返す数", "hint": "空けておくと、その棚の全部"},
    )
    give_back_reason = Line(
        required=True, shortest=1, metadata={"label": "返すわけ", "hint": "例 表示の誤りで返却"}
    )
