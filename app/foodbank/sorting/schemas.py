"""What the sorting pages ask for."""

from datetime import date, timedelta
from typing import Any

from marshmallow import ValidationError, validates_schema

from app.forms import BaseSchema, Day, Whole

LONGEST = timedelta(days=366)
MOST_STICKERS = 240


class PeriodSchema(BaseSchema):
    """From one day to another, a year at most."""

    first = Day(required=True, metadata={"label": "はじめの日"})
    last = Day(required=True, metadata={"label": "おわりの日"})

    @validates_schema
    def in_order(self, data: dict[str, date], **_: Any) -> None:
        """The end is not before the beginning."""
        if data["last"] < data["first"]:
            raise ValidationError("はじめの日より後の日を入れてください。", "last")
        if data["last"] - data["first"] > LONGEST:
            raise ValidationError("1年までの期間にしてください。", "last")


class StickersSchema(BaseSchema):
    """How many stickers of a lot, and how many places of the sheet are used up."""

    count = Whole(
        least=1,
        most=MOST_STICKERS,
        load_default=None,
        allow_none=True,
        metadata={"label": "枚数"},
    )
    skip = Whole(
        least=0, most=23, load_default=0, metadata={"label": "使った面", "hint": "左上から数えて"}
    )
