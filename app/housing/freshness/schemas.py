"""What the pages and the API take about vacancies that are asked about."""

from marshmallow import fields, validate

from app.forms import BaseSchema, Code, Line, Whole
from app.housing.freshness.models import CHECK_ANSWER_LABELS, CheckAnswer

LINK_DAYS = {7: "7日", 14: "14日", 30: "30日"}


class AskedSchema(BaseSchema):
    """Which part of the page is on the screen."""

    show = fields.String(
        load_default="phone", validate=validate.OneOf(["phone", "links", "answers"])
    )
    page = Whole(least=1, most=100_000, load_default=1)


class CheckSchema(BaseSchema):
    """What came back when somebody asked "is it still vacant?"."""

    answer = Code(CheckAnswer, CHECK_ANSWER_LABELS, required=True, metadata={"label": "答え"})
    note = Line(load_default="", metadata={"label": "メモ", "hint": "例 担当者は午後から"})


class ContactCheckSchema(BaseSchema):
    """One answer for every home of a contact that is due."""

    homes = fields.List(
        Whole(least=1),
        required=True,
        validate=validate.Length(1, 200, error="確かめた住戸を選んでください。"),
        metadata={"label": "住戸"},
    )
    answer = Code(CheckAnswer, CHECK_ANSWER_LABELS, required=True, metadata={"label": "答え"})


class LinkSchema(BaseSchema):
    """A link for one contact: the homes it asks about and how long it works."""

    homes = fields.List(
        Whole(least=1),
        required=True,
        validate=validate.Length(1, 200, error="確かめる住戸を選んでください。"),
        metadata={"label": "住戸"},
    )
    days = Whole(
        least=1,
        most=30,
        load_default=14,
        metadata={"label": "使える日数", "kind": "select", "choices": list(LINK_DAYS.items())},
    )


class OutsideAnswerSchema(BaseSchema):
    """What an agent or landlord answers about one home by link; silence is no answer."""

    home_id = Whole(required=True, least=1, metadata={"label": "住戸", "kind": "hidden"})
    answer = Code(
        CheckAnswer,
        {
            CheckAnswer.VACANT: "まだ空いています",
            CheckAnswer.GONE: "もう決まりました",
        },
        load_default=None,
        allow_none=True,
        metadata={"label": "空き", "kind": "radios"},
    )
    note = Line(
        load_default="",
        metadata={"label": "変わったこと", "hint": "家賃や入居できる日が変わったときなど"},
    )


class OutsideAnswersSchema(BaseSchema):
    """All answers of a link, sent at once."""

    answers = fields.List(fields.Nested(OutsideAnswerSchema), load_default=list)


class CheckAnswerSchema(BaseSchema):
    """A vacancy check as the API tells it."""

    id = fields.Integer()
    home_id = fields.Integer()
    answer = fields.String()
    asked_on = fields.Date()


class LinkAnswerSchema(BaseSchema):
    """A link as the API tells it."""

    id = fields.Integer()
    url = fields.String()
    expires_at = fields.AwareDateTime(format="iso")
    homes = fields.List(fields.Integer())


class ContactAnswerSchema(BaseSchema):
    """Whom to phone about which homes."""

    name = fields.String(allow_none=True)
    phones = fields.List(fields.String())
    homes = fields.List(fields.Integer())


class ToAskAnswerSchema(BaseSchema):
    """One page of contacts to phone."""

    items = fields.List(fields.Nested(ContactAnswerSchema))
    total = fields.Integer()
    homes = fields.Integer()
    page = fields.Integer()
