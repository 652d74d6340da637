"""Which requests a round takes, and what of them is packed."""

from marshmallow import fields, validate

from app.forms import BaseSchema, Day, Line, Whole

MOST_PARCELS = 60  # on one page; the rest follows when these are packed
MOST_LINES = 60


class RoundQuerySchema(BaseSchema):
    """Requests needed until a day, without those set aside."""

    until = Day(load_default=None, allow_none=True, metadata={"label": "いつまでに要る依頼"})
    aside = fields.List(
        Whole(least=1),
        load_default=list,
        validate=validate.Length(max=200, error="200件までです。"),
        metadata={"label": "あとにする依頼"},
    )


class PackRoundSchema(BaseSchema):
    """Requests to pack from what is proposed now; none named means all of the round."""

    until = Day(load_default=None, allow_none=True)
    request_ids = fields.List(
        Whole(least=1),
        load_default=list,
        validate=validate.Length(max=MOST_PARCELS, error=f"一度に{MOST_PARCELS}件までです。"),
    )


class ProblemSchema(BaseSchema):
    """A request whose parcel was not packed, and why."""

    request_id = fields.Integer()
    number = Line()
    code = Line()
    message = Line()
