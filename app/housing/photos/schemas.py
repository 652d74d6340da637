"""What is typed about pictures of a home."""

from app.forms import BaseSchema, Code, Line, Whole
from app.housing.codes import PHOTO_KIND_LABELS, PhotoKind


class PhotoUploadSchema(BaseSchema):
    """What holds for all files handed in at once."""

    kind = Code(
        PhotoKind,
        PHOTO_KIND_LABELS,
        load_default=PhotoKind.PHOTO,
        metadata={"label": "種類", "kind": "radios", "initial": PhotoKind.PHOTO},
    )
    caption = Line(
        load_default="",
        longest=100,
        metadata={
            "label": "何が写っているか",
            "hint": "例 台所、南向きの居室。読み上げにも使います。",
        },
    )


class PhotoChangeSchema(BaseSchema):
    """The words of one picture, and its place in the row."""

    kind = Code(
        PhotoKind, PHOTO_KIND_LABELS, required=True, metadata={"label": "種類", "kind": "select"}
    )
    caption = Line(load_default="", longest=100, metadata={"label": "何が写っているか"})
    place = Whole(least=1, most=100, required=True, metadata={"label": "順番", "unit": "番目"})
