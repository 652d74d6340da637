"""What a phone sends once it has the network again, and what is decided about it."""

from marshmallow import fields

from app.foodbank.late.models import SETTLEMENT_LABELS, Settlement
from app.foodbank.schemas import HandOutSchema
from app.forms import BaseSchema, Code, Prose

NO_MOMENT = "時差のついた時刻で送ってください（例 2026-11-28T10:00:00+09:00）。"


class LateHandOutSchema(HandOutSchema):
    """A hand-out that has already happened."""

    handed_at = fields.AwareDateTime(
        required=True,
        error_messages=dict.fromkeys(("invalid", "invalid_awareness", "format"), NO_MOMENT),
        metadata={"label": "渡した時刻", "description": "時差つきの ISO 8601"},
    )


class LateAnswerSchema(BaseSchema):
    """What became of it: `recorded`, `again` or `reported` with the sentence to show."""

    outcome = fields.String(required=True)
    sentence = fields.String(required=True)


class SettleLateSchema(BaseSchema):
    """A person's decision about a hand-out the books contradict."""

    settlement = Code(
        Settlement, SETTLEMENT_LABELS, required=True, metadata={"label": "どうしますか"}
    )
    words = Prose(load_default="", metadata={"label": "確かめたこと・したこと"})
