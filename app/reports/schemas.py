"""Forms of the reports, and what the API asks and answers."""

from marshmallow import fields

from app.forms import BaseSchema, Code, Day, Line, Prose, Whole
from app.reports.codes import CERTAINTY_LABELS, SNAPSHOT_LABELS, Certainty, SnapshotKind


class SnapshotSchema(BaseSchema):
    """Keeping a report as it is."""

    kind = Code(SnapshotKind, SNAPSHOT_LABELS, required=True, metadata={"label": "種類"})
    as_of = Day(
        required=True,
        metadata={"label": "いつまでの数か", "hint": "確定と訂正は、終わった月の末日まで。"},
    )
    reason = Prose(
        longest=1000,
        load_default="",
        metadata={"label": "訂正の理由", "hint": "訂正のときだけ。", "rows": 2},
    )


class PopulationSchema(BaseSchema):
    """A town's population on a day."""

    municipality = Line(required=True, shortest=1, longest=100, metadata={"label": "市区町村"})
    on_day = Day(required=True, metadata={"label": "いつの人口か"})
    people = Whole(
        least=1, most=20_000_000, required=True, metadata={"label": "人口", "unit": "人"}
    )
    households = Whole(
        least=1,
        most=10_000_000,
        load_default=None,
        allow_none=True,
        metadata={"label": "世帯数", "unit": "世帯"},
    )
    source = Line(
        required=True,
        shortest=1,
        longest=300,
        metadata={"label": "出どころ", "hint": "例：市のホームページ「人口と世帯数」"},
    )
    certainty = Code(
        Certainty,
        CERTAINTY_LABELS,
        required=True,
        metadata={"label": "確かさ", "initial": Certainty.OFFICIAL},
    )


# -------------------------------------------------------------------------------- asked of the API


class AskedOfficeSchema(BaseSchema):
    """Whose figures; without it the first office you may read."""

    office = Whole(least=1, load_default=None, allow_none=True)


class AskedPartSchema(AskedOfficeSchema):
    """Whose figures, and of which month or quarter; without `of` the whole fiscal year."""

    of = Line(longest=40, load_default="")


class AskedSnapshotsSchema(AskedOfficeSchema):
    """Whose kept reports, and of which fiscal year."""

    year = Whole(least=2015, most=2200, load_default=None, allow_none=True)


# --------------------------------------------------------------------------------- answered by it


class ReportOfficeSchema(BaseSchema):
    """An office whose figures you may read."""

    id = fields.Integer()
    name = fields.String()
    exact = fields.Boolean()


class ReportPartNameSchema(BaseSchema):
    """A part of a report."""

    key = fields.String()
    title = fields.String()
    lead = fields.String()


class ReportsAnswerSchema(BaseSchema):
    """What there is to read."""

    offices = fields.List(fields.Nested(ReportOfficeSchema))
    office = fields.Integer()
    years = fields.List(fields.Integer())
    parts = fields.List(fields.Nested(ReportPartNameSchema))


class FigureColumnSchema(BaseSchema):
    """A column; `part_of` is the one it is added into, `from` those a share is made of."""

    key = fields.String()
    label = fields.String()
    unit = fields.String()
    digits = fields.Integer()
    part_of = fields.String(allow_none=True)
    persons = fields.Boolean()
    made_of = fields.List(fields.String(), attribute="from", data_key="from")
    adds = fields.Boolean()


class FigureRowSchema(BaseSchema):
    """A row. A value is a number, null for no such figure, or × for one too small to tell."""

    key = fields.String()
    label = fields.String()
    values = fields.List(fields.Raw(allow_none=True))
    part_of = fields.String(allow_none=True)
    level = fields.Integer()
    made_of = fields.List(fields.String(), attribute="from", data_key="from")
    digits = fields.Integer(allow_none=True)
    unit = fields.String(allow_none=True)


class FigureTableSchema(BaseSchema):
    """A table as it is shown, printed and kept."""

    key = fields.String()
    title = fields.String()
    definition = fields.String()
    head = fields.String()
    notes = fields.List(fields.String())
    picture = fields.String()
    columns = fields.List(fields.Nested(FigureColumnSchema))
    rows = fields.List(fields.Nested(FigureRowSchema))


class FigurePartSchema(ReportPartNameSchema):
    """A part with its tables."""

    tables = fields.List(fields.Nested(FigureTableSchema))


class ReportPartAnswerSchema(BaseSchema):
    """A part of a period: `first` and `last` are the days counted, both included."""

    office = fields.Integer()
    year = fields.Integer()
    of = fields.String(allow_none=True)
    label = fields.String()
    first = fields.Date()
    last = fields.Date()
    exact = fields.Boolean()
    snapshot = fields.Integer(allow_none=True)
    part = fields.Nested(FigurePartSchema)


class SnapshotLineSchema(BaseSchema):
    """A kept report without its tables."""

    id = fields.Integer()
    organisation = fields.Integer()
    office = fields.String()
    year = fields.Integer()
    as_of = fields.Date()
    kind = fields.String()
    reason = fields.String(allow_none=True)
    digest = fields.String()
    created_at = fields.DateTime()


class SnapshotAnswerSchema(SnapshotLineSchema):
    """A kept report; `exact` says whether small numbers are in it."""

    exact = fields.Boolean()
    parts = fields.List(fields.Nested(FigurePartSchema))


class PopulationAnswerSchema(BaseSchema):
    """A population on a day."""

    id = fields.Integer()
    municipality = fields.String()
    on_day = fields.Date()
    people = fields.Integer()
    households = fields.Integer(allow_none=True)
    source = fields.String()
    certainty = fields.String()
