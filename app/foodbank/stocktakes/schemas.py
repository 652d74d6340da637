"""What starting, counting and closing a stocktake take."""

from marshmallow import fields, validate

from app.foodbank.codes import MOST_UNITS
from app.forms import BaseSchema, Line, Whole

MOST_LINES = 200  # of one shelf on one page


class StartStocktakeSchema(BaseSchema):
    """Which shelves to count; none chosen means all."""

    shelves = fields.List(
        Line(longest=20),
        load_default=list,
        validate=validate.Length(max=500, error="500棚までです。"),
        metadata={
            "label": "数える棚",
            "kind": "checkboxes",
            "hint": "選ばなければ、すべての棚です",
        },
    )


class CountLineSchema(BaseSchema):
    """One lot on the shelf; without a number it has not been counted."""

    lot_id = Whole(required=True, least=1, metadata={"kind": "hidden"})
    seen_version = Whole(load_default=None, allow_none=True, metadata={"kind": "hidden"})
    counted = Whole(
        load_default=None,
        allow_none=True,
        most=MOST_UNITS,
        error_messages={"invalid": "数は数字で入れてください（例 12）。なければ 0 です。"},
        metadata={"label": "数", "inputmode": "numeric"},
    )


class CountsSchema(BaseSchema):
    """What somebody counted on one shelf."""

    counts = fields.List(
        fields.Nested(CountLineSchema),
        load_default=list,
        validate=validate.Length(max=MOST_LINES + 1, error="一度に記録できる数を超えています。"),
        metadata={"label": "数えたもの"},
    )


class CloseStocktakeSchema(BaseSchema):
    """Why something is left uncounted, when it is."""

    why_uncounted = Line(
        load_default="",
        longest=500,
        metadata={"label": "数えないまま締めるわけ", "hint": "例 冷凍庫は来週に数える"},
    )
