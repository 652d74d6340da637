"""What building a kit and taking it apart take."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates

from app.foodbank.codes import MOST_UNITS
from app.foodbank.schemas import COUNTED
from app.forms import BaseSchema, Line, Whole

MOST_PARTS = 30


class KitPartSchema(BaseSchema):
    """So many of a lot from a shelf go into each kit."""

    lot_id = Whole(required=True, least=1, metadata={"kind": "hidden"})
    shelf_id = Whole(required=True, least=1, metadata={"kind": "hidden"})
    per_kit = Whole(
        least=0,
        most=1000,
        load_default=0,
        error_messages=COUNTED,
        metadata={"label": "1セットに入れる数", "inputmode": "numeric"},
    )


class BuildKitSchema(BaseSchema):
    """So many kits under a name, of these parts."""

    name = Line(
        required=True,
        shortest=1,
        metadata={
            "label": "セットの名前",
            "hint": "例 初日セット。同じ名前なら、いつも同じ品目と数です",
        },
    )
    kits = Whole(
        required=True,
        least=1,
        most=MOST_UNITS,
        error_messages=COUNTED,
        metadata={"label": "作るセットの数", "unit": "セット"},
    )
    shelf = Line(load_default="", longest=20, metadata={"label": "置く棚", "hint": "例 K1"})
    parts = fields.List(
        fields.Nested(KitPartSchema),
        load_default=list,
        validate=validate.Length(max=500, error="多すぎます。品名でしぼってください。"),
        metadata={"label": "中身"},
    )

    @validates("parts")
    def need_parts(self, value: list[dict[str, Any]], **_: Any) -> None:
        """At least one of something, and not more than fits a screen."""
        chosen = [part for part in value if part.get("per_kit")]
        if not chosen:
            raise ValidationError("1セットに入れる数を、1つ以上入れてください。")
        if len(chosen) > MOST_PARTS:
            raise ValidationError(f"1セットに入れられるのは{MOST_PARTS}種類までです。")


class TakeApartSchema(BaseSchema):
    """So many kits from a shelf become their parts again."""

    shelf_id = Whole(required=True, least=1, metadata={"label": "どの棚のセット", "kind": "radios"})
    kits = Whole(
        required=True,
        least=1,
        most=MOST_UNITS,
        error_messages=COUNTED,
        metadata={"label": "くずすセットの数"},
    )
