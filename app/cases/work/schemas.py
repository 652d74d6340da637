"""What the log, the team and a print take."""

from marshmallow import fields

from app.cases.work.models import LOG_METHOD_LABELS, LogMethod
from app.forms import BaseSchema, Code, Day, Line, Prose, Whole


class LogSchema(BaseSchema):
    """支援経過: one entry."""

    on = Day(required=True, metadata={"label": "日にち", "hint": ""})
    time = fields.Time(
        load_default=None,
        allow_none=True,
        error_messages={"invalid": "時刻は 14:05 のように入力してください。"},
        metadata={"label": "時刻（任意）", "kind": "text", "inputmode": "numeric"},
    )
    method = Code(
        LogMethod,
        LOG_METHOD_LABELS,
        required=True,
        metadata={"label": "方法", "kind": "radios", "initial": LogMethod.MEETING},
    )
    minutes = Whole(
        most=1440,
        load_default=None,
        allow_none=True,
        metadata={"label": "かかった時間（任意）", "unit": "分"},
    )
    partner = Line(
        load_default="", metadata={"label": "相手（任意）", "hint": "例 本人、大家、保証会社"}
    )
    text = Prose(
        required=True,
        longest=10_000,
        metadata={"label": "内容", "rows": 8},
    )
    next_step = Line(
        load_default="",
        metadata={"label": "次にすること（任意）", "hint": "例 11月25日に内見へ同行"},
    )


class TeamSchema(BaseSchema):
    """Somebody joins the team."""

    user_id = Whole(required=True, least=1, metadata={"label": "加える人", "kind": "select"})


class PrintRequestSchema(BaseSchema):
    """Which paper is asked for."""

    paper = Line(required=True, longest=40, shortest=1, metadata={"label": "紙", "kind": "hidden"})


class LogAnswerSchema(BaseSchema):
    """One log entry."""

    id = fields.Integer()
    at = fields.AwareDateTime(format="iso")
    method = fields.String()
    minutes = fields.Integer(allow_none=True)
    partner = fields.String(allow_none=True)
    text = fields.String()
    next_step = fields.String(allow_none=True)
    author_id = fields.Integer()
