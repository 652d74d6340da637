"""What a visit takes: two taps for a normal one."""

from enum import StrEnum

from marshmallow import fields

from app.followup.models import ATTEMPT_LABELS, AttemptResult
from app.forms import BaseSchema, Code, Codes, Day, Line, Prose


class Seen(StrEnum):
    """見守りで見たこと, each worth a word only when something is different."""

    RENT_PAID = "rent_paid"
    RENT_LATE = "rent_late"
    LIFELINES = "lifelines"
    MAIL_WASTE = "mail_waste"
    MEALS = "meals"
    MEDICINE = "medicine"
    LONELY = "lonely"
    NEIGHBOURS = "neighbours"
    LANDLORD = "landlord"


SEEN_LABELS = {
    Seen.RENT_PAID: "家賃は払えている",
    Seen.RENT_LATE: "家賃が遅れている",
    Seen.LIFELINES: "電気・ガス・水道が止まりそう",
    Seen.MAIL_WASTE: "郵便物・ごみ・におい",
    Seen.MEALS: "食事がとれていない",
    Seen.MEDICINE: "薬が飲めていない",
    Seen.LONELY: "さみしさ・不安",
    Seen.NEIGHBOURS: "近隣とのこと",
    Seen.LANDLORD: "家主への連絡が必要",
}


class AttemptSchema(BaseSchema):
    """One attempt or contact."""

    result = Code(AttemptResult, ATTEMPT_LABELS, required=True, metadata={"label": "結果"})
    on = Day(
        load_default=None,
        allow_none=True,
        metadata={"label": "日付", "hint": "きょうなら、そのままで。"},
    )
    items = Codes(Seen, SEEN_LABELS, load_default=list, metadata={"label": "見たこと（任意）"})
    note = Prose(load_default="", longest=3000, metadata={"label": "メモ（任意）", "rows": 3})
    linked_to = Line(load_default="", metadata={"label": "つないだ先（任意）"})


class AttemptAnswerSchema(BaseSchema):
    """An attempt as the API tells it."""

    id = fields.Integer()
    check_in_id = fields.Integer()
    at = fields.AwareDateTime(format="iso")
    result = fields.String()
    items = fields.List(fields.String())
    check_in_state = fields.String()


class CheckInAnswerSchema(BaseSchema):
    """A check-in as the API tells it."""

    id = fields.Integer()
    case_id = fields.Integer()
    case_number = fields.String()
    due_on = fields.Date()
    label = fields.String()
    state = fields.String()
    attempts = fields.Integer()
