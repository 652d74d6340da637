"""How many of each line were handed over, why not all, and how what stays looks."""

from enum import StrEnum

from marshmallow import fields, validate

from app.foodbank.codes import MOST_UNITS
from app.foodbank.moving.schemas import CONDITION_LABELS, Condition
from app.foodbank.schemas import HandOutSchema
from app.forms import BaseSchema, Code, Whole


class WhyFewer(StrEnum):
    """Why somebody did not take all of a line."""

    NOT_WANTED = "not_wanted"
    TOO_MUCH = "too_much"
    CANNOT_EAT = "cannot_eat"
    DAMAGED = "damaged"
    OTHER = "other"


WHY_FEWER_LABELS = {
    WhyFewer.NOT_WANTED: "いらないと言われた",
    WhyFewer.TOO_MUCH: "多い・重い",
    WhyFewer.CANNOT_EAT: "食べられない・調理できない",
    WhyFewer.DAMAGED: "傷んでいた",
    WhyFewer.OTHER: "そのほか",
}


class PortionSchema(BaseSchema):
    """One line of the parcel."""

    line_id = Whole(required=True, least=1, metadata={"kind": "hidden"})
    given = Whole(required=True, least=0, most=MOST_UNITS, metadata={"label": "渡した数"})
    why = Code(
        WhyFewer,
        WHY_FEWER_LABELS,
        load_default=None,
        allow_none=True,
        metadata={"label": "減らしたわけ", "kind": "select", "blank": "ぜんぶ渡した"},
    )
    condition = Code(
        Condition,
        CONDITION_LABELS,
        load_default=Condition.GOOD,
        metadata={"label": "残った物のようす", "kind": "select", "initial": Condition.GOOD},
    )


class PortionsSchema(HandOutSchema):
    """A hand-out line by line; a line not named was handed over whole."""

    class Meta(HandOutSchema.Meta):
        exclude = ("left_out",)

    lines = fields.List(
        fields.Nested(PortionSchema),
        load_default=list,
        validate=validate.Length(max=100, error="100行までです。"),
        metadata={"label": "渡した物"},
    )
