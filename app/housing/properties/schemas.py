"""What is typed about a building."""

from typing import Any

from marshmallow import ValidationError, fields, validate

from app.forms import BaseSchema, Line, Whole, YesNo
from app.housing.codes import BUILDING_KIND_LABELS, BuildingKind
from app.housing.homes.inputs import Minutes
from app.housing.homes.schemas import optional_code, optional_whole
from app.japanese import narrow, postal_code

MOST_STATIONS = 5


class PostalCode(Line):
    """〒252-0011, 2520011 or ２５２－００１１; kept as 252-0011."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        code = postal_code(text)
        if narrow(text) and code is None:
            raise ValidationError("郵便番号は7桁で入力してください（例 252-0011）。")
        return code or ""


class StationSchema(BaseSchema):
    """A further station within reach."""

    line = Line(load_default="", longest=80, metadata={"label": "路線"})
    name = Line(required=True, shortest=1, longest=80, metadata={"label": "駅"})
    walk_minutes = Minutes("徒歩")


class PropertySchema(BaseSchema):
    """A building with the version that was on the screen; its address is its name for us."""

    version = Whole(required=True, least=1, metadata={"label": "版", "kind": "hidden"})
    building_kind = optional_code(BuildingKind, BUILDING_KIND_LABELS, "建物の種類")
    structure = Line(
        load_default="", longest=40, metadata={"label": "構造", "hint": "木造、軽量鉄骨、RC など"}
    )
    floors = optional_whole("階数", "階建", least=1, most=70)
    lift = YesNo(yes="あり", no="なし", metadata={"label": "エレベーター"})
    built = Line(
        load_default="",
        longest=40,
        metadata={"label": "築年月", "hint": "1986年4月、昭和61年4月、S61.4"},
    )
    postal_code = PostalCode(load_default="", longest=20, metadata={"label": "郵便番号"})
    station_line = Line(load_default="", longest=80, metadata={"label": "路線"})
    station = Line(load_default="", longest=80, metadata={"label": "最寄り駅"})
    walk_minutes = Minutes("駅から徒歩")
    bus_minutes = optional_whole("徒歩の前にバス", "分", least=1, most=300)
    stations = fields.List(
        fields.Nested(StationSchema),
        load_default=list,
        validate=validate.Length(max=MOST_STATIONS, error=f"{MOST_STATIONS}駅までです。"),
        metadata={"label": "ほかの駅"},
    )
