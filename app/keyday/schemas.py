"""What a task, a tick and a line of the template take; pages and API load the same."""

from typing import Any

from marshmallow import fields

from app.forms import BaseSchema, Code, Day, Line, Prose, Whole
from app.keyday.codes import (
    APPLIES_LABELS,
    COUNTED_LABELS,
    DOER_LABELS,
    MOST_OFFSET,
    TEMPLATE_DOERS,
    Applies,
    Counted,
    Doer,
)

VERSION: dict[str, Any] = {"required": True, "least": 0, "metadata": {"kind": "hidden"}}
_OPTIONAL: dict[str, Any] = {"load_default": None, "allow_none": True}
NO_CARE = "病名・借金・避難のわけは書かないでください。"


class TickSchema(BaseSchema):
    """Done: today where no day is given."""

    version = Whole(**VERSION)
    done_on = Day(**_OPTIONAL, metadata={"label": "済んだ日", "hint": "きょうなら、そのままで。"})


class DropSchema(BaseSchema):
    """Not needed here, and why."""

    version = Whole(**VERSION)
    reason = Line(
        required=True,
        shortest=1,
        metadata={"label": "要らないわけ", "hint": f"例 前の部屋から持って行く。{NO_CARE}"},
    )


class ReopenSchema(BaseSchema):
    """Back among what is to be done."""

    version = Whole(**VERSION)


class _SaidSchema(BaseSchema):
    """What task and line have in common."""

    title = Line(required=True, shortest=1, longest=100, metadata={"label": "すること"})
    explanation = Line(
        load_default="",
        longest=400,
        metadata={
            "label": "説明（任意）",
            "hint": "ご本人に渡す紙にものります。やさしい言葉で。",
        },
    )
    counted = Code(
        Counted, COUNTED_LABELS, required=True, metadata={"label": "いつ", "initial": "keys_after"}
    )
    days = Whole(
        required=True,
        least=0,
        most=MOST_OFFSET,
        metadata={"label": "日数", "unit": "日", "hint": "その日なら 0"},
    )
    partner_name = Line(
        load_default="", metadata={"label": "相手の名前", "hint": "「ほかの相手」のときだけ"}
    )


class TaskSchema(_SaidSchema):
    """One task of a plan."""

    doer = Code(Doer, DOER_LABELS, required=True, metadata={"label": "だれがするか"})
    colleague_id = Whole(
        least=1,
        **_OPTIONAL,
        metadata={
            "label": "職員の名前",
            "kind": "select",
            "hint": "「職員」のときだけ",
            "choices": (),
        },
    )
    fixed_on = Day(
        **_OPTIONAL,
        metadata={
            "label": "日にちを決めておく（任意）",
            "hint": "入れると、鍵の日が動いてもこの日のままです。",
        },
    )
    note = Prose(
        load_default="",
        longest=1000,
        metadata={"label": "メモ（任意）", "rows": 3, "hint": "ご本人に渡す紙にはのりません。"},
    )


class EditTaskSchema(TaskSchema):
    """The same for a task that is there."""

    version = Whole(**VERSION)


class LineSchema(_SaidSchema):
    """One line of the template."""

    doer = Code(Doer, TEMPLATE_DOERS, required=True, metadata={"label": "だれがするか"})
    applies = Code(
        Applies, APPLIES_LABELS, load_default=Applies.ALWAYS, metadata={"label": "どの世帯に"}
    )
    basis = Line(
        load_default="", metadata={"label": "根拠（任意）", "hint": "例 住民基本台帳法22条"}
    )
    certain = fields.Boolean(
        load_default=False,
        metadata={"label": "期限を確かめた", "hint": "入れないと「要確認」と出ます。"},
    )


class EditLineSchema(LineSchema):
    """The same for a line that is there; a line not used stays readable."""

    version = Whole(**VERSION)
    active = fields.Boolean(load_default=False, metadata={"label": "これからの段取りに使う"})


class MoveLineSchema(BaseSchema):
    """One place up, or down, among the lines of the same day."""

    version = Whole(**VERSION)
    up = fields.Boolean(required=True, metadata={"label": "上へ"})


class LineAnswerSchema(BaseSchema):
    """A line of the template as the API tells it; lines come in the order a plan has them."""

    code = fields.String()
    title = fields.String()
    explanation = fields.String(allow_none=True)
    counted = fields.String()
    days = fields.Integer()
    doer = fields.String()
    partner_name = fields.String(allow_none=True)
    applies = fields.String()
    basis = fields.String(allow_none=True)
    certain = fields.Boolean()
    active = fields.Boolean()
    version = fields.Integer()


class KeyDayTemplateAnswerSchema(BaseSchema):
    """An organisation's template; `own` once it has changed a line of the shipped one."""

    own = fields.Boolean()
    lines = fields.List(fields.Nested(LineAnswerSchema))


class TaskAnswerSchema(BaseSchema):
    """A task as the API tells it; `due_on` is null while its base has no day."""

    id = fields.Integer()
    code = fields.String(allow_none=True)
    title = fields.String()
    explanation = fields.String(allow_none=True)
    phase = fields.String()
    due_on = fields.Date(allow_none=True)
    counted_from = fields.String()
    offset_days = fields.Integer()
    fixed_on = fields.Date(allow_none=True)
    doer = fields.String()
    doer_name = fields.String()
    to_ask = fields.Boolean()
    basis = fields.String(allow_none=True)
    certain = fields.Boolean()
    state = fields.String()
    done_on = fields.Date(allow_none=True)
    reason = fields.String(allow_none=True)
    note = fields.String(allow_none=True)
    version = fields.Integer()


class KeyDayAnswerSchema(BaseSchema):
    """A plan as the API tells it."""

    id = fields.Integer()
    placement_id = fields.Integer()
    keys_on = fields.Date(allow_none=True)
    move_in_on = fields.Date(allow_none=True)
    closed = fields.Boolean()
    tasks = fields.List(fields.Nested(TaskAnswerSchema))
