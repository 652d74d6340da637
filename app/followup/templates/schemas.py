"""A template's version as a form and as JSON: numbers with words for each wrong one."""

import re
import unicodedata
from typing import Any

from marshmallow import ValidationError, fields, post_load

from app.followup.ladder.codes import STEP_LABELS, StepKind
from app.followup.templates.codes import HOLIDAY_LABELS, UNIT_LABELS, HolidayRule, Unit
from app.followup.templates.models import WatchTemplate
from app.forms import BaseSchema, Code, Day, Line, Whole

LONGEST_MONTHS = 60


class Counts(Line):
    """「1、3、7」: whole numbers of at least 1, each once, in order."""

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        super().__init__(longest=100, **kwargs)
        self.largest = most

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = unicodedata.normalize("NFKC", super()._deserialize(value, attr, data, **kwargs))
        words = [word for word in re.split(r"[\s,、・/]+", text) if word]
        if not all(re.fullmatch(r"\d{1,4}", word) for word in words):
            raise ValidationError("数字を「、」で区切って入力してください（例 1、3、7）。")
        numbers = sorted({int(word) for word in words})
        if numbers and not 1 <= numbers[0] <= numbers[-1] <= self.largest:
            raise ValidationError(f"1以上{self.largest}以下の数にしてください。")
        return numbers

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return "、".join(str(number) for number in value)


class PhaseSchema(BaseSchema):
    """So often until so many months after the move."""

    every = Whole(least=1, most=366, required=True, metadata={"label": "間隔"})
    unit = Code(Unit, UNIT_LABELS, required=True, metadata={"label": "単位"})
    until_months = Whole(
        least=1, most=LONGEST_MONTHS, required=True,
        metadata={"label": "入居から何か月まで", "unit": "か月"},
    )  # fmt: skip


class TemplateSchema(BaseSchema):
    """One version. An interval of nothing would plan for ever, so the least is 1."""

    name = Line(required=True, shortest=1, longest=60, metadata={"label": "名前"})
    valid_from = Day(required=True, metadata={"label": "いつから"})
    first_days = Counts(
        most=60,
        load_default=list,
        metadata={"label": "はじめの日", "hint": "入居から何日目か。例 1、3、7"},
    )
    phases = fields.List(fields.Nested(PhaseSchema), load_default=list)
    reviews = Counts(
        most=LONGEST_MONTHS,
        load_default=list,
        metadata={"label": "振り返り", "hint": "入居から何か月後か。例 1、3、6、12"},
    )
    holiday = Code(
        HolidayRule, HOLIDAY_LABELS, required=True,
        metadata={"label": "土日・祝日・年末年始に当たるとき"},
    )  # fmt: skip
    tolerance_days = Whole(
        least=0,
        most=60,
        required=True,
        metadata={
            "label": "会えないまま待つ日数",
            "unit": "日",
            "hint": "これを過ぎると「連絡がつかない」として順番が始まります。",
        },
    )
    again = Whole(least=1, most=720, load_default=None, allow_none=True)
    emergency_contact = Whole(least=1, most=720, load_default=None, allow_none=True)
    landlord = Whole(least=1, most=720, load_default=None, allow_none=True)
    community_centre = Whole(least=1, most=720, load_default=None, allow_none=True)
    police = Whole(least=1, most=720, load_default=None, allow_none=True)
    daily_safety = fields.Boolean(load_default=False, metadata={"label": "安否を毎日確かめる"})
    silent_hours = Whole(
        least=1,
        most=720,
        load_default=None,
        allow_none=True,
        metadata={"label": "安否の知らせが途切れてよい時間", "unit": "時間"},
    )
    source = Line(
        required=True, shortest=1, longest=500,
        metadata={"label": "根拠（なぜこの決まりか）"},
    )  # fmt: skip

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """The hours of the ladder's steps are named by the steps."""
        if field_name in set(StepKind):
            label = STEP_LABELS[StepKind(field_name)]
            words = {"label": f"{label}へ", "unit": "時間以内"}
            field_obj.metadata = {**field_obj.metadata, **words}

    @post_load
    def as_values(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """The ladder's hours as one; phases as they are stored. At least one step is needed."""
        ladder = {step.value: hours for step in StepKind if (hours := data.pop(step.value))}
        if not ladder:
            raise ValidationError({"again": ["順番をひとつは入れてください。"]})
        if data["daily_safety"] and data["silent_hours"] is None:
            raise ValidationError(
                {"silent_hours": ["安否を毎日確かめるときは、時間を入れてください。"]}
            )
        phases = [phase | {"unit": phase["unit"].value} for phase in data["phases"]]
        until = [phase["until_months"] for phase in phases]
        if until != sorted(set(until)):
            raise ValidationError({"phases-0-until_months": ["早い方から順に入れてください。"]})
        return data | {"ladder": ladder, "phases": phases}


def initial_of(template: WatchTemplate) -> dict[str, Any]:
    """A version as the form's beginning for the one after it."""
    names = ("name", "holiday", "tolerance_days", "daily_safety", "silent_hours", "source")
    return (
        {name: getattr(template, name) for name in names}
        | {name: "、".join(map(str, getattr(template, name))) for name in ("first_days", "reviews")}
        | {"phases": template.phases}
        | template.ladder
    )


class TemplateAnswerSchema(BaseSchema):
    """A version as the API tells it."""

    id = fields.Integer()
    code = fields.String()
    kind = fields.String()
    name = fields.String()
    shipped = fields.Boolean()
    valid_from = fields.Date()
    first_days = fields.List(fields.Integer())
    phases = fields.List(fields.Dict())
    reviews = fields.List(fields.Integer())
    holiday = fields.String()
    tolerance_days = fields.Integer()
    ladder = fields.Dict()
    daily_safety = fields.Boolean()
    silent_hours = fields.Integer(allow_none=True)
    source = fields.String()
    certainty = fields.String()
