"""Forms of the reports."""

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

    municipality = Line(required=True, longest=100, metadata={"label": "市区町村"})
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
        longest=300,
        metadata={"label": "出どころ", "hint": "例：市のホームページ「人口と世帯数」"},
    )
    certainty = Code(
        Certainty,
        CERTAINTY_LABELS,
        required=True,
        metadata={"label": "確かさ", "initial": Certainty.OFFICIAL},
    )
