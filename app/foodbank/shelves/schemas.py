"""What making and changing a shelf take."""

from app.foodbank.models import STORAGE_LABELS, Storage
from app.forms import BaseSchema, Code, Line, Whole


class ShelfSchema(BaseSchema):
    """A shelf: its code is short, so that it can be read from afar and typed in gloves."""

    code = Line(
        required=True,
        shortest=1,
        longest=20,
        metadata={"label": "棚の名前", "hint": "短く。例 A1、冷蔵2"},
    )
    place = Line(
        load_default="",
        longest=200,
        metadata={"label": "場所（任意）", "hint": "例 倉庫1階の入口、冷蔵庫の上の段"},
    )
    storage = Code(
        Storage,
        STORAGE_LABELS,
        load_default=None,
        allow_none=True,
        metadata={
            "label": "温度（任意）",
            "blank": "決めていない",
            "hint": "決めておくと、冷蔵・冷凍の物を常温の棚に置こうとしたときに知らせます",
        },
    )


class EditShelfSchema(ShelfSchema):
    """The same, on the version somebody saw."""

    version = Whole(required=True, metadata={"label": "版", "kind": "hidden"})
