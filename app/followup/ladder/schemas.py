"""What came of a step, and what was found at the end."""

from marshmallow import fields

from app.followup.ladder.codes import (
    OUTCOME_LABELS,
    STEP_RESULT_LABELS,
    Outcome,
    StepResult,
)
from app.forms import BaseSchema, Code, Prose, Whole


class StepResultSchema(BaseSchema):
    """One step taken, or left out with the reason."""

    result = Code(StepResult, STEP_RESULT_LABELS, required=True, metadata={"label": "結果"})
    note = Prose(load_default="", longest=2000, metadata={"label": "聞いたこと・わけ", "rows": 2})


class CloseConcernSchema(BaseSchema):
    """A named person says what was found."""

    version = Whole(required=True, metadata={"kind": "hidden"})
    outcome = Code(
        Outcome, OUTCOME_LABELS, required=True, metadata={"label": "どうだったか", "kind": "radios"}
    )
    found = Prose(
        required=True, shortest=1, longest=3000, metadata={"label": "分かったこと", "rows": 3}
    )


class ConcernStepAnswerSchema(BaseSchema):
    """A step as the API tells it."""

    id = fields.Integer()
    kind = fields.String()
    due_at = fields.AwareDateTime(format="iso")
    done_at = fields.AwareDateTime(format="iso", allow_none=True)
    result = fields.String(allow_none=True)


class ConcernAnswerSchema(BaseSchema):
    """A concern as the API tells it."""

    id = fields.Integer()
    version = fields.Integer()
    plan_id = fields.Integer()
    case_id = fields.Integer()
    case_number = fields.String()
    check_in_id = fields.Integer(allow_none=True)
    kind = fields.String()
    state = fields.String()
    opened_at = fields.AwareDateTime(format="iso")
    outcome = fields.String(allow_none=True)
    steps = fields.List(fields.Nested(ConcernStepAnswerSchema))
