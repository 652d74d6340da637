"""What a phone sends once it has the network again, and what is decided about it."""

from marshmallow import fields

from app.followup.late.models import SETTLEMENT_LABELS, Settlement
from app.followup.visits.schemas import AttemptSchema
from app.forms import BaseSchema, Code, Prose

NO_MOMENT = "時差のついた時刻で送ってください（例 2026-11-28T10:00:00+09:00）。"


class LateAttemptSchema(AttemptSchema):
    """An attempt that has already happened."""

    happened_at = fields.AwareDateTime(
        required=True,
        error_messages=dict.fromkeys(("invalid", "invalid_awareness", "format"), NO_MOMENT),
        metadata={"label": "訪問・連絡の時刻", "description": "時差つきの ISO 8601"},
    )


class LateAttemptAnswerSchema(BaseSchema):
    """What became of it: `recorded`, `again` or `reported` with the sentence to show."""

    outcome = fields.String(required=True)
    sentence = fields.String(required=True)


class SettleLateVisitSchema(BaseSchema):
    """A person's decision about a visit the plan contradicts."""

    settlement = Code(
        Settlement, SETTLEMENT_LABELS, required=True, metadata={"label": "どうしますか"}
    )
    words = Prose(
        load_default="", longest=2000, metadata={"label": "確かめたこと・したこと", "rows": 3}
    )
