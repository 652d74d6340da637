"""What was seen of a lot when it came in: the same fields for receiving and for putting right."""

import re
from typing import Any

from marshmallow import fields, validate

from app.cases.needs.schemas import Decimals
from app.foodbank.tracing.codes import (
    CONDITION_LABELS,
    INTAKE_CHECK_LABELS,
    Condition,
    IntakeCheck,
)
from app.forms import BaseSchema, Code, Codes, Line, Whole
from app.japanese import narrow

_COLDEST, _WARMEST = -60, 60


class Celsius(fields.Decimal):
    """A temperature in °C with one decimal; 「−18℃」, 「マイナス18度」 and ▲18 are understood."""

    def __init__(self, **kwargs: Any) -> None:
        message = f"{_COLDEST}から{_WARMEST}までの温度を入れてください（例 4.5、-18）。"
        super().__init__(
            places=1, validate=validate.Range(_COLDEST, _WARMEST, error=message), **kwargs
        )

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        if isinstance(value, str):
            value = re.sub(r"(°?C|℃|度)$", "", narrow(value).strip(), flags=re.IGNORECASE).strip()
            value = re.sub(r"^(マイナス|[−▲ー‐–])", "-", value)
            if not re.fullmatch(r"-?\d{1,3}(\.\d{1,3})?", value):
                raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **kwargs)


class ReceiptFactsSchema(BaseSchema):
    """Who made it, how much it weighs, how it was when it came, and what was looked at."""

    maker = Line(load_default="", metadata={"label": "製造者・販売者（任意）"})
    lot_code = Line(
        load_default="",
        longest=100,
        metadata={
            "label": "製造ロットの記号（任意）",
            "hint": "期限のそばの記号。回収のときに、対象の物だけを探せます",
        },
    )
    weight_kg = Decimals(
        places=3,
        most=100_000,
        load_default=None,
        allow_none=True,
        metadata={"label": "全部の重さ（任意）", "unit": "kg", "inputmode": "decimal"},
    )
    temperature = Celsius(
        load_default=None,
        allow_none=True,
        metadata={
            "label": "届いたときの温度（冷蔵・冷凍）",
            "unit": "℃",
            "inputmode": "text",
            "hint": "冷蔵は10℃、冷凍は-15℃より高いと、出さずに止めます",
        },
    )
    condition = Code(
        Condition,
        CONDITION_LABELS,
        load_default=None,
        allow_none=True,
        metadata={"label": "届いたときの状態", "blank": "見ていない"},
    )
    checks = Codes(
        IntakeCheck,
        INTAKE_CHECK_LABELS,
        load_default=list,
        metadata={"label": "受け入れのときに確かめたこと"},
    )
    checked_by = Line(
        load_default="",
        longest=100,
        metadata={"label": "確かめた人（記録する人と違うとき）"},
    )


class ReceiptSchema(ReceiptFactsSchema):
    """The same, to put right what was written down of a lot."""

    version = Whole(required=True, metadata={"label": "版", "kind": "hidden"})
