"""Link-ins and the decisions about the end."""

from marshmallow import fields

from app.followup.settling.codes import (
    LEAVE_LABELS,
    LINK_RESULT_LABELS,
    LeaveReason,
    LinkResult,
)
from app.forms import BaseSchema, Code, Day, Line, Prose, Whole


class LinkInSchema(BaseSchema):
    """To whom, for what, when."""

    day = Day(required=True, metadata={"label": "つないだ日"})
    partner_id = Whole(
        load_default=None, allow_none=True, metadata={"label": "つなぎ先", "kind": "select"}
    )
    partner_name = Line(
        load_default="",
        longest=120,
        metadata={
            "label": "一覧にない相手",
            "hint": "サロン、民生委員など。名前だけでかまいません。",
        },
    )
    what = Line(
        required=True, shortest=1, longest=500, metadata={"label": "何のために・どうつないだか"}
    )
    result = Code(LinkResult, LINK_RESULT_LABELS, required=True, metadata={"label": "結果"})


class LinkResultSchema(BaseSchema):
    """What came of a link-in."""

    version = Whole(required=True, metadata={"kind": "hidden"})
    result = Code(LinkResult, LINK_RESULT_LABELS, required=True, metadata={"label": "結果"})


class SettleSchema(BaseSchema):
    """定着: from which day, and why that can be said."""

    day = Day(required=True, metadata={"label": "定着とした日"})
    reason = Prose(
        required=True,
        shortest=1,
        longest=900,
        metadata={
            "label": "わけ",
            "rows": 3,
            "hint": "家賃・ライフライン・近所とのつながり・相談できる相手など。",
        },
    )


class ExtendSchema(BaseSchema):
    """延長: until when, and why."""

    until_on = Day(required=True, metadata={"label": "いつまで"})
    reason = Prose(required=True, shortest=1, longest=900, metadata={"label": "わけ", "rows": 3})


class MoveOutSchema(BaseSchema):
    """退去: when and why."""

    day = Day(required=True, metadata={"label": "退去した日"})
    leave_reason = Code(LeaveReason, LEAVE_LABELS, required=True, metadata={"label": "退去の理由"})
    reason = Prose(
        required=True, shortest=1, longest=900, metadata={"label": "くわしく", "rows": 3}
    )


class LinkInAnswerSchema(BaseSchema):
    """A link-in as the API tells it."""

    id = fields.Integer()
    version = fields.Integer()
    day = fields.Date()
    partner = fields.String()
    what = fields.String()
    result = fields.String()


class DecisionAnswerSchema(BaseSchema):
    """A decision about the end as the API tells it."""

    id = fields.Integer()
    kind = fields.String()
    day = fields.Date()
    until_on = fields.Date(allow_none=True)
    leave_reason = fields.String(allow_none=True)
    reason = fields.String()
