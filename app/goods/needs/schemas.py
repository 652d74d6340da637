"""What a need, the usual list and its answers take; pages and API load the same."""

from marshmallow import fields

from app.forms import BaseSchema, Code, Day, Line, Prose, Whole
from app.goods.codes import (
    FOR_WHOM_LABELS,
    GAS_LABELS,
    IMPORTANCE_LABELS,
    KIND_LABELS,
    ROOM_LABELS,
    SAID_MET,
    VOLTAGE_LABELS,
    ForWhom,
    GoodsGas,
    GoodsKind,
    Importance,
    MetBy,
    Room,
    Voltage,
)
from app.goods.fields import cm
from app.goods.items.schemas import OPTIONAL, VERSION


class NeedSchema(BaseSchema):
    """One thing a household needs, and where it will stand."""

    kind = Code(GoodsKind, KIND_LABELS, required=True, metadata={"label": "種類"})
    detail = Line(
        load_default="",
        longest=100,
        metadata={
            "label": "どんなもの（任意）",
            "hint": "例 一人用、遮光。人のことは書かないでください。",
        },
    )
    importance = Code(
        Importance,
        IMPORTANCE_LABELS,
        load_default=Importance.MUST,
        metadata={"label": "どのくらい要るか", "kind": "radios", "initial": Importance.MUST},
    )
    room = Code(
        Room, ROOM_LABELS, load_default=Room.ANY, metadata={"label": "部屋", "initial": Room.ANY}
    )
    needed_on = Day(
        **OPTIONAL, metadata={"label": "いつまでに（任意）", "hint": "空けると、鍵の日まで"}
    )
    space_width_cm = cm("置き場の幅")
    space_depth_cm = cm("置き場の奥行き")
    space_height_cm = cm("置き場の高さ")
    gas = Code(
        GoodsGas,
        GAS_LABELS,
        load_default=GoodsGas.UNKNOWN,
        metadata={"label": "ガスの種類", "hint": "未確認なら、住戸の記録を見ます。"},
    )
    voltage = Code(
        Voltage, VOLTAGE_LABELS, load_default=Voltage.UNKNOWN, metadata={"label": "電圧"}
    )
    note = Prose(
        load_default="",
        longest=1000,
        metadata={
            "label": "メモ（任意）",
            "rows": 3,
            "hint": "相談の内容を見られる人だけが読みます。",
        },
    )


class EditNeedSchema(NeedSchema):
    """The same for a need that is there."""

    version = Whole(**VERSION)


class TakeUsualSchema(BaseSchema):
    """Which lines of the proposal become needs; all of them where none is named."""

    lines = fields.List(
        Whole(least=1), load_default=list, metadata={"label": "そろえるもの", "kind": "checkboxes"}
    )


class MetSchema(BaseSchema):
    """Met without us: how."""

    version = Whole(**VERSION)
    met_by = Code(MetBy, SAID_MET, required=True, metadata={"label": "どうやってそろったか"})


class NeedVersionSchema(BaseSchema):
    """Not needed, or needed after all."""

    version = Whole(**VERSION)


class UsualSchema(BaseSchema):
    """One line of the list needs are proposed from."""

    for_whom = Code(ForWhom, FOR_WHOM_LABELS, required=True, metadata={"label": "どの世帯に"})
    kind = Code(GoodsKind, KIND_LABELS, required=True, metadata={"label": "種類"})
    room = Code(Room, ROOM_LABELS, load_default=Room.ANY, metadata={"label": "部屋"})
    importance = Code(
        Importance,
        IMPORTANCE_LABELS,
        load_default=Importance.WISH,
        metadata={"label": "どのくらい要るか", "kind": "radios", "initial": Importance.WISH},
    )
    per_person = fields.Boolean(load_default=False, metadata={"label": "人数分"})
    source = Line(
        required=True, shortest=1, metadata={"label": "根拠", "hint": "例 市の家具什器費の基準"}
    )
    certain = fields.Boolean(
        load_default=False,
        metadata={"label": "根拠を確かめた", "hint": "入れないと「要確認」と出ます。"},
    )


class EditUsualSchema(UsualSchema):
    """The same for a line that is there; a line not used stays readable."""

    version = Whole(**VERSION)
    active = fields.Boolean(load_default=False, metadata={"label": "これから使う"})


class NeedAnswerSchema(BaseSchema):
    """A need as the API tells it; null is not known or not for this caller."""

    id = fields.Integer()
    number = fields.String()
    kind = fields.String()
    detail = fields.String(allow_none=True)
    room = fields.String()
    importance = fields.String()
    gas = fields.String()
    voltage = fields.String()
    needed_on = fields.Date(allow_none=True)
    due_on = fields.Date(allow_none=True)
    placement_id = fields.Integer(allow_none=True)
    space_width_cm = fields.Integer(allow_none=True)
    space_depth_cm = fields.Integer(allow_none=True)
    space_height_cm = fields.Integer(allow_none=True)
    note = fields.String(allow_none=True)
    state = fields.String()
    met_by = fields.String(allow_none=True)
    closed_on = fields.Date(allow_none=True)
    item_id = fields.Integer(allow_none=True)
    until = fields.Date(allow_none=True)
    version = fields.Integer()


class NeedListSchema(BaseSchema):
    """A household's needs, and the lines of the usual list it has none of yet."""

    needs = fields.List(fields.Nested(NeedAnswerSchema))
    proposed = fields.List(fields.String())
