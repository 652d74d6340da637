"""What a visit takes: two taps for a normal one; and what a correction takes beside it."""

from marshmallow import fields

from app.followup.codes import (
    ATTEMPT_LABELS,
    HELP_LABELS,
    RENT_LABELS,
    SEEN_LABELS,
    AttemptResult,
    HelpKind,
    Rent,
    Seen,
)
from app.forms import BaseSchema, Code, Codes, Day, Line, Prose


class AttemptSchema(BaseSchema):
    """One attempt or contact."""

    result = Code(AttemptResult, ATTEMPT_LABELS, required=True, metadata={"label": "結果"})
    on = Day(
        load_default=None,
        allow_none=True,
        metadata={"label": "日付", "hint": "きょうなら、そのままで。"},
    )
    rent = Code(
        Rent, RENT_LABELS, load_default=None, allow_none=True,
        metadata={"label": "家賃（聞けたとき）", "kind": "radios"},
    )  # fmt: skip
    items = Codes(Seen, SEEN_LABELS, load_default=list, metadata={"label": "気づいたこと（任意）"})
    kinds = Codes(
        HelpKind,
        HELP_LABELS,
        load_default=list,
        metadata={"label": "したこと（任意）", "hint": "選ばなければ、訪問か安否確認になります。"},
    )
    note = Prose(load_default="", longest=3000, metadata={"label": "メモ（任意）", "rows": 3})
    linked_to = Line(load_default="", metadata={"label": "つないだ先（任意）"})
    again = fields.Boolean(
        load_default=False,
        metadata={"label": "会えた日の、もう一つの「気になる」", "kind": "hidden"},
    )


class VisitCorrectionSchema(AttemptSchema):
    """What should have been written, and what was wrong."""

    again = fields.Boolean(load_default=False, metadata={"kind": "hidden"})
    on = Day(load_default=None, allow_none=True, metadata={"kind": "hidden"})
    note = Prose(
        required=True,
        shortest=1,
        longest=3000,
        metadata={"label": "メモ（何がちがったかも）", "rows": 3},
    )


class AttemptAnswerSchema(BaseSchema):
    """An attempt as the API tells it."""

    id = fields.Integer()
    check_in_id = fields.Integer()
    at = fields.AwareDateTime(format="iso")
    result = fields.String()
    kinds = fields.List(fields.String())
    rent = fields.String(allow_none=True)
    items = fields.List(fields.String())
    corrects_id = fields.Integer(allow_none=True)
    check_in_state = fields.String()


class CheckInAnswerSchema(BaseSchema):
    """A check-in as the API tells it: `visitor` goes to it on `goes_on`, `ref` is for moving it."""

    id = fields.Integer()
    plan_id = fields.Integer()
    case_id = fields.Integer()
    case_number = fields.String()
    due_on = fields.Date()
    escalate_on = fields.Date()
    kind = fields.String()
    label = fields.String()
    state = fields.String()
    answered_by = fields.Integer(allow_none=True)
    visitor = fields.Integer(allow_none=True)
    goes_on = fields.Date()
    ref = fields.String()
    attempts = fields.Integer()
