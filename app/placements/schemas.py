"""What holding a home and each step to the keys take; pages and API load the same."""

from marshmallow import fields

from app.forms import BaseSchema, Code, Day, Line, Prose, Whole
from app.placements.models import (
    REFUSAL_LABELS,
    STEP_LABELS,
    RefusalReason,
    StepKind,
)


class HoldSchema(BaseSchema):
    """Keep a home for a household."""

    home_id = Whole(required=True, least=1, metadata={"label": "住戸", "kind": "hidden"})
    match_run_id = Whole(
        least=1, load_default=None, allow_none=True, metadata={"label": "候補", "kind": "hidden"}
    )
    ends_on = Day(
        load_default=None,
        allow_none=True,
        metadata={
            "label": "いつまで取り置くか",
            "hint": "決めなければ1週間です。その日の終わりに自動で外れます。",
        },
    )


class ReleaseSchema(BaseSchema):
    """Let a held home go."""

    reason = Line(load_default="", metadata={"label": "外す理由（任意）"})


class StepSchema(BaseSchema):
    """One step done."""

    kind = Code(StepKind, STEP_LABELS, required=True, metadata={"label": "手順"})
    done_on = Day(required=True, metadata={"label": "行った日"})
    companion = Line(load_default="", metadata={"label": "同行した人（任意）"})
    note = Prose(load_default="", longest=3000, metadata={"label": "メモ（任意）", "rows": 3})


class RefusalSchema(BaseSchema):
    """The way to the keys ends here."""

    reason = Code(RefusalReason, REFUSAL_LABELS, required=True, metadata={"label": "理由"})
    refusal_note = Line(load_default="", metadata={"label": "メモ（任意）"})


class HoldAnswerSchema(BaseSchema):
    """A hold as the API tells it."""

    id = fields.Integer()
    home_id = fields.Integer()
    case_id = fields.Integer()
    ends_at = fields.AwareDateTime(format="iso")
    ended_at = fields.AwareDateTime(format="iso", allow_none=True)


class StepAnswerSchema(BaseSchema):
    """One recorded step."""

    kind = fields.String()
    done_on = fields.Date()
    companion = fields.String(allow_none=True)
    note = fields.String(allow_none=True)


class PlacementAnswerSchema(BaseSchema):
    """A placement as the API tells it."""

    id = fields.Integer()
    home_id = fields.Integer()
    case_id = fields.Integer()
    state = fields.String()
    moved_in_on = fields.Date(allow_none=True)
    steps = fields.List(fields.Nested(StepAnswerSchema))
