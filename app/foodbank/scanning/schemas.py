"""What teaching a barcode takes."""

from app.forms import BaseSchema, Line


class JanSchema(BaseSchema):
    """One barcode."""

    jan = Line(
        required=True,
        shortest=1,
        longest=20,
        metadata={"label": "JAN", "inputmode": "numeric", "hint": "バーコードの数字"},
    )
