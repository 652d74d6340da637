"""What changes a plan: its facts, its template, add-ons and rests."""

from marshmallow import fields

from app.followup.plans.codes import PAUSE_LABELS, PauseReason
from app.followup.settling.schemas import DecisionAnswerSchema, LinkInAnswerSchema
from app.followup.signals.schemas import DeviceAnswerSchema
from app.followup.templates.codes import ADD_ON_LABELS, AddOn
from app.forms import BaseSchema, Code, Day, Line, Whole


class PlanFactsSchema(BaseSchema):
    """Who looks in, whom to call, and what was agreed about it."""

    version = Whole(required=True, metadata={"kind": "hidden"})
    assigned_to = Whole(
        load_default=None, allow_none=True, metadata={"label": "担当", "kind": "select"}
    )
    emergency_contact = Line(
        load_default="",
        metadata={"label": "緊急連絡先（名前・続柄・電話）", "hint": "法人でもかまいません。"},
    )
    fee = Whole(
        most=1_000_000, load_default=None, allow_none=True,
        metadata={"label": "見守りの料金（月）", "unit": "円"},
    )  # fmt: skip
    terms = Line(load_default="", metadata={"label": "見守りの条件（契約の内容）"})


class FollowSchema(BaseSchema):
    """Which template to follow from today on, and why."""

    code = Line(required=True, shortest=1, longest=40, metadata={"label": "型", "kind": "select"})
    why = Line(required=True, shortest=1, metadata={"label": "わけ"})


class AddOnSchema(BaseSchema):
    """A named person's answer to an add-on."""

    code = Code(AddOn, ADD_ON_LABELS, required=True, metadata={"label": "追加の見守り"})
    confirmed = fields.Boolean(load_default=False, metadata={"label": "加える"})
    why = Line(load_default="", metadata={"label": "わけ（任意）"})


class PauseSchema(BaseSchema):
    """A rest, always with an end."""

    from_on = Day(required=True, metadata={"label": "いつから"})
    until_on = Day(
        required=True,
        metadata={"label": "いつまで（見込み）", "hint": "過ぎると、次の日の見守りが入ります。"},
    )
    reason = Code(PauseReason, PAUSE_LABELS, required=True, metadata={"label": "どこにいるか"})


class BackSchema(BaseSchema):
    """Back earlier than thought; no day is today."""

    back_on = Day(
        load_default=None,
        allow_none=True,
        metadata={"label": "もどった日", "hint": "休みが始まった日から、きょうまで。"},
    )


class WatchPlanAnswerSchema(BaseSchema):
    """A plan as the API tells it."""

    id = fields.Integer()
    case_id = fields.Integer()
    case_number = fields.String()
    placement_id = fields.Integer()
    version = fields.Integer()
    template = fields.String()
    starts_on = fields.Date()
    ends_on = fields.Date()
    ended_on = fields.Date(allow_none=True)
    ended_as = fields.String(allow_none=True)
    due = fields.Integer()
    open_concerns = fields.Integer()


class AddOnAnswerSchema(BaseSchema):
    """An answer to an add-on as the API tells it."""

    id = fields.Integer()
    code = fields.String()
    state = fields.String()
    since = fields.Date()
    why = fields.String(allow_none=True)


class RestAnswerSchema(BaseSchema):
    """A rest; `back_on` is the day the household came back when that was earlier."""

    id = fields.Integer()
    from_on = fields.Date()
    until_on = fields.Date()
    back_on = fields.Date(allow_none=True)
    reason = fields.String()


class WholeWatchAnswerSchema(WatchPlanAnswerSchema):
    """A plan with everything that belongs to it, as far as the caller may see it."""

    add_ons = fields.List(fields.Nested(AddOnAnswerSchema))
    pauses = fields.List(fields.Nested(RestAnswerSchema))
    devices = fields.List(fields.Nested(DeviceAnswerSchema))
    link_ins = fields.List(fields.Nested(LinkInAnswerSchema))
    decisions = fields.List(fields.Nested(DecisionAnswerSchema))


class ChangeAnswerSchema(BaseSchema):
    """What a new plan replaced."""

    id = fields.Integer()
    kind = fields.String()
    added = fields.Integer()
    cancelled = fields.Integer()
