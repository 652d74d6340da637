"""What a deed takes; pages and API load the same."""

from marshmallow import fields

from app.forms import BaseSchema, Day, Line, Whole
from app.goods.items.schemas import OPTIONAL, VERSION

SHELF = {"label": "置いた棚", "hint": "例 倉庫A-3"}
ON = {"label": "した日", "hint": "きょうなら、そのままで。"}


class ReserveSchema(BaseSchema):
    """For which need, until when, and where it is handed over."""

    need_id = Whole(
        least=1,
        required=True,
        metadata={"label": "どの必要のために", "kind": "select", "choices": ()},
    )
    until = Day(
        **OPTIONAL, metadata={"label": "いつまで", "hint": "空けると、必要な日の1週間後まで"}
    )
    hand_over_at = Line(
        load_default="",
        metadata={
            "label": "渡す場所（住所を知らせないとき）",
            "hint": "例 市役所1階。居場所を隠す世帯の住所は書かないでください。",
        },
    )


class TakeSchema(BaseSchema):
    """A thing for a need, from the need's side."""

    item_id = Whole(least=1, required=True, metadata={"label": "品物", "kind": "hidden"})


class ExtendSchema(BaseSchema):
    """Kept to another day."""

    version = Whole(**VERSION)
    until = Day(required=True, metadata={"label": "いつまで"})


class FreeSchema(BaseSchema):
    """Let go, and why."""

    version = Whole(**VERSION)
    why = Line(
        required=True,
        shortest=1,
        metadata={"label": "外すわけ", "hint": "例 本人が別のものを選んだ"},
    )


class FetchSchema(BaseSchema):
    """Taken over from the donor."""

    version = Whole(**VERSION)
    on = Day(**OPTIONAL, metadata=ON)
    shelf = Line(
        load_default="", longest=40, metadata=SHELF | {"label": "棚に置いたときは、その棚"}
    )


class StoreSchema(BaseSchema):
    """Put on a shelf."""

    version = Whole(**VERSION)
    on = Day(**OPTIONAL, metadata=ON)
    shelf = Line(load_default="", longest=40, metadata=SHELF)


class DeliverSchema(BaseSchema):
    """At the household's."""

    version = Whole(**VERSION)
    on = Day(**OPTIONAL, metadata=ON)
    why = Line(
        load_default="",
        metadata={"label": "鍵の日より前に届けるわけ", "hint": "鍵の日からあとなら、要りません。"},
    )


class GiveBackSchema(BaseSchema):
    """Back from the household."""

    version = Whole(**VERSION)
    on = Day(**OPTIONAL, metadata=ON)
    shelf = Line(load_default="", longest=40, metadata=SHELF)
    why = Line(
        load_default="",
        metadata={"label": "戻ってきたわけ", "hint": "例 置き場に入らなかった"},
    )
    still_needed = fields.Boolean(
        load_default=False, metadata={"label": "世帯には、まだ要る（必要を「まだない」に戻す）"}
    )


class ItemLeavesSchema(BaseSchema):
    """Withdrawn or disposed of, and why."""

    version = Whole(**VERSION)
    why = Line(load_default="", metadata={"label": "わけ"})


class UndoSchema(BaseSchema):
    """The last deed taken back."""

    version = Whole(**VERSION)
