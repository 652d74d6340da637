"""What the log, the team and a print take."""

from marshmallow import fields, validate

from app.cases.schemas import VersionSchema
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
        metadata={"label": "次にすること（任意）", "hint": "例 内見へ同行する"},
    )
    next_on = Day(
        load_default=None,
        allow_none=True,
        metadata={"label": "いつまでに（任意）", "hint": "入れると、きょうの画面に出ます。"},
    )
    partner_id = Whole(
        least=1,
        load_default=None,
        allow_none=True,
        metadata={"label": "連携先から選ぶ（任意）", "kind": "select"},
    )
    attendees = fields.List(
        Whole(least=1),
        load_default=list,
        validate=validate.Length(max=30, error="30人までです。"),
        metadata={"label": "いっしょに対応した人（任意）", "kind": "checkboxes"},
    )


class LogCorrectionSchema(LogSchema, VersionSchema):
    """A correction of an entry, and why; what it said before stays readable."""

    why = Line(required=True, shortest=1, metadata={"label": "直すわけ", "hint": "例 時刻の誤り"})


class LogFilterSchema(BaseSchema):
    """What narrows the log, from the address bar."""

    method = Code(LogMethod, LOG_METHOD_LABELS, load_default=None, metadata={"label": "方法"})
    since = Day(load_default=None, allow_none=True, metadata={"label": "いつから"})
    until = Day(load_default=None, allow_none=True, metadata={"label": "いつまで"})
    open_only = fields.Boolean(load_default=False, metadata={"label": "次にすることだけ"})
    page = Whole(least=1, most=100_000, load_default=1, metadata={"label": "ページ"})


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
    next_on = fields.Date(allow_none=True)
    next_done_at = fields.AwareDateTime(format="iso", allow_none=True)
    partner_id = fields.Integer(allow_none=True)
    attendees = fields.List(fields.Integer())
    version = fields.Integer()
    author_id = fields.Integer()


class LogPageAnswerSchema(BaseSchema):
    """One page of the log."""

    items = fields.List(fields.Nested(LogAnswerSchema))
    page = fields.Integer()
    per_page = fields.Integer()
    total = fields.Integer()
