"""How to go through a day, a time agreed with a household, and the answers of the API."""

from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from app.followup.dayplan.codes import (
    GOING_LABELS,
    START_LABELS,
    WHOSE_LABELS,
    Going,
    Start,
    Whose,
)
from app.forms import BaseSchema, Code, Day, Whole

USUAL_MINUTES = 30
NOT_READ = "いまの場所が読み取れません。もう一度押してください。"
_USUAL = {"blank": "（いつもどおり）"}


class Hour(fields.Time):
    """A time of day, 13:30."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(
            format="%H:%M",
            error_messages={"invalid": "時刻は 13:30 のように入力してください。"},
            metadata={"label": label, "kind": "time"},
            **kwargs,
        )


class DayPlanSchema(BaseSchema):
    """Which day, whose visits, from where, how and in which hours; what is left out is as usual."""

    on = Day(load_default=None, allow_none=True, metadata={"label": "日"})
    whose = Code(
        Whose,
        WHOSE_LABELS,
        load_default=Whose.MINE,
        metadata={"label": "だれの分", **_USUAL},
    )
    start = Code(
        Start,
        START_LABELS,
        load_default=Start.OFFICE,
        metadata={"label": "出発", **_USUAL},
    )
    going = Code(
        Going,
        GOING_LABELS,
        load_default=Going.CAR,
        metadata={"label": "行き方", **_USUAL},
    )
    leaves = Hour("出る時刻", load_default=None, allow_none=True)
    until = Hour("終わる時刻", load_default=None, allow_none=True)

    @validates_schema
    def _hours(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("leaves") and data.get("until") and data["leaves"] >= data["until"]:
            raise ValidationError("出る時刻より後にしてください。", "until")


class HereSchema(DayPlanSchema):
    """The same with the present position, which is worked with and kept nowhere."""

    latitude = fields.Float(required=True, metadata={"label": "緯度", "kind": "hidden"})
    longitude = fields.Float(required=True, metadata={"label": "経度", "kind": "hidden"})

    @validates_schema
    def _on_earth(self, data: dict[str, Any], **_: Any) -> None:
        if not (abs(data["latitude"]) <= 90 and abs(data["longitude"]) <= 180):
            raise ValidationError(NOT_READ, "latitude")


class VisitTimeSchema(BaseSchema):
    """A time agreed for one visit; `version` is 0 while there is none."""

    version = Whole(least=0, load_default=0, metadata={"label": "版", "kind": "hidden"})
    on = Day(required=True, metadata={"label": "約束の日"})
    opens = Hour("何時から（任意）", load_default=None, allow_none=True)
    closes = Hour("何時まで（任意）", load_default=None, allow_none=True)
    minutes = Whole(
        least=5, most=240, load_default=USUAL_MINUTES,
        metadata={"label": "かかる時間", "unit": "分", "initial": USUAL_MINUTES},
    )  # fmt: skip

    @validates_schema
    def _window(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("opens") and data.get("closes") and data["opens"] > data["closes"]:
            raise ValidationError("「何時から」より後にしてください。", "closes")


class VisitTimeAnswerSchema(BaseSchema):
    """A time agreed, as the API tells it."""

    id = fields.Integer()
    check_in_id = fields.Integer()
    on = fields.Date()
    opens = fields.String(allow_none=True)
    closes = fields.String(allow_none=True)
    minutes = fields.Integer()
    version = fields.Integer()


class DayStopAnswerSchema(BaseSchema):
    """One visit in its place of the day."""

    check_in_id = fields.Integer()
    case_id = fields.Integer()
    case_number = fields.String()
    label = fields.String()
    arrives = fields.String()
    leaves = fields.String()
    travel_minutes = fields.Integer()
    metres = fields.Integer()
    waits = fields.Integer()
    late = fields.Integer()
    because = fields.String()
    beyond_hours = fields.Boolean()


class DayApartAnswerSchema(BaseSchema):
    """A visit in no order, and why."""

    check_in_id = fields.Integer()
    case_id = fields.Integer()
    case_number = fields.String()
    label = fields.String()
    why = fields.String()


class DayPlanAnswerSchema(BaseSchema):
    """A day's visits in order, and those in no order."""

    on = fields.Date()
    stops = fields.List(fields.Nested(DayStopAnswerSchema))
    apart = fields.List(fields.Nested(DayApartAnswerSchema))
    metres = fields.Integer()
    late = fields.Integer()
    ends = fields.String()
    proved = fields.Boolean()
