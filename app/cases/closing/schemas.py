"""What ending a consultation and taking it up again take."""

from marshmallow import fields

from app.cases.models import OUTCOME_LABELS, Outcome
from app.cases.plans.codes import CHANGE_LABELS, Change
from app.cases.schemas import VersionSchema
from app.forms import Code, Codes, Day, Line, Prose


class CloseSchema(VersionSchema):
    """終結: when and how it ended, what had changed, what is knowingly left open."""

    outcome = Code(
        Outcome,
        OUTCOME_LABELS,
        required=True,
        metadata={"label": "どう終わったか", "kind": "radios"},
    )
    closed_on = Day(required=True, metadata={"label": "終わった日"})
    changes = Codes(
        Change,
        CHANGE_LABELS,
        load_default=list,
        metadata={"label": "見られた変化（任意）", "hint": "当てはまるものすべて"},
    )
    text = Prose(load_default="", longest=3000, metadata={"label": "メモ（任意）", "rows": 3})
    anyway = fields.Boolean(
        load_default=False, metadata={"label": "残っていることを分かったうえで、終結にする"}
    )


class ReopenSchema(VersionSchema):
    """再開: why."""

    reason = Line(load_default="", longest=1000, metadata={"label": "再開するわけ（任意）"})
