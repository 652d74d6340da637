"""What the pages and the API take and tell about lists."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from app.directory.models import PartnerKind
from app.forms import BaseSchema, Code, Line, Whole
from app.housing.lists.columns import SYNONYMS
from app.housing.lists.models import RowOutcome

SENDER_KIND_LABELS = {
    PartnerKind.COUNCIL: "居住支援協議会",
    PartnerKind.REALTOR: "不動産業者",
    PartnerKind.OTHER: "その他",
}


class ImportFilterSchema(BaseSchema):
    """Narrowing the lists handed in so far."""

    words = Line(load_default="", metadata={"label": "ことば", "hint": "ファイル名・送り手"})


class ImportRowsSchema(BaseSchema):
    """Which rows of a list are looked at."""

    show = fields.String(
        load_default="",
        validate=validate.OneOf(["", "questions", *(o.value for o in RowOutcome)]),
    )
    page = Whole(least=1, most=100_000, load_default=1)


class CouncilListAnswerSchema(BaseSchema):
    """What a list did, and every row a person has to look at."""

    id = fields.Integer()
    state = fields.String()
    file_name = fields.String()
    sha256 = fields.String()
    counts = fields.Dict(keys=fields.String(), values=fields.Integer())
    problems = fields.List(fields.Dict())
    sender = fields.String(allow_none=True)


class SenderSchema(BaseSchema):
    """Who a list comes from: a known sender or a new one; neither leaves it to the list."""

    sender_id = Whole(
        least=1,
        load_default=None,
        metadata={"label": "送り手", "kind": "select"},
    )
    sender_name = Line(load_default="", metadata={"label": "新しい送り手の名前"})
    sender_kind = Code(
        PartnerKind,
        SENDER_KIND_LABELS,
        load_default=PartnerKind.COUNCIL,
        metadata={"label": "新しい送り手の種類", "initial": PartnerKind.COUNCIL},
    )


class ColumnSchema(BaseSchema):
    """One column of the file and what it is read as; "" leaves it unread."""

    column = Whole(least=1, most=200, required=True)
    field = fields.String(load_default="", validate=validate.OneOf(["", *SYNONYMS]))


class ReadingSchema(BaseSchema):
    """How a file is read: which sheet, which rows are the head, which column is what."""

    sheet = Whole(most=500, load_default=0)
    first_row = Whole(most=100_000, load_default=0)
    last_row = Whole(most=100_000, load_default=0)
    columns = fields.List(
        fields.Nested(ColumnSchema), load_default=list, validate=validate.Length(max=200)
    )

    @validates_schema
    def _each_once(self, data: dict[str, Any], **_kwargs: Any) -> None:
        chosen = [one["field"] for one in data["columns"] if one["field"]]
        if len(chosen) != len(set(chosen)):
            raise ValidationError(
                "同じ項目が2つの列で選ばれています。1つにしてください。", "columns"
            )


class DecisionSchema(BaseSchema):
    """Which of two values is used, and why."""

    theirs = fields.Boolean(required=True)
    reason = Line(longest=500, shortest=1, required=True, metadata={"label": "理由"})
    version = Whole(required=True)


class QuestionAnswerSchema(BaseSchema):
    """Two values for one field of a home, with who says so since when."""

    id = fields.Integer()
    home_id = fields.Integer()
    version = fields.Integer()
    field = fields.String()
    label = fields.String()
    ours = fields.Dict()
    theirs = fields.Dict()


class UndoAnswerSchema(BaseSchema):
    """What undoing a list did: homes removed, homes restored, homes kept with the reason."""

    id = fields.Integer()
    state = fields.String()
    removed = fields.Integer()
    restored = fields.Integer()
    kept = fields.Integer()
    homes = fields.List(fields.Dict())
