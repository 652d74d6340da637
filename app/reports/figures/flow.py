"""流れ: where the consultations of a period came from, and where they have got to by now.

Unlike 終結, which counts by the day of the ending, this follows those received in the period, so
that every one of them stands in exactly one cell.
"""

from collections import Counter
from collections.abc import Mapping
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.cases.models import ROUTE_LABELS, Case, Outcome, Route, Stage
from app.reports.figures.counting import Office, within
from app.reports.periods import Period
from app.reports.tables import Column, FigureTable, Picture, Row


class Reached(StrEnum):
    """Where a consultation has got to."""

    GOING_ON = "going_on"
    LIVING = "living"
    HOUSED = "housed"
    REFERRED = "referred"
    INFORMED = "informed"
    OTHER = "other"


REACHED_LABELS = {
    Reached.GOING_ON: "相談を続けている",
    Reached.LIVING: "入居して見守り中",
    Reached.HOUSED: "住まいが決まり終結",
    Reached.REFERRED: "ほかにつないで終結",
    Reached.INFORMED: "情報提供で終結",
    Reached.OTHER: "そのほかの終結",
}
OF_OUTCOME = {
    Outcome.SETTLED: Reached.HOUSED,
    Outcome.HOUSED: Reached.HOUSED,
    Outcome.REFERRED: Reached.REFERRED,
    Outcome.INFORMED: Reached.INFORMED,
}
DEFINITION = (
    "期間に受け付けた相談が、いまどこまで来たかを、来た経路ごとに1件ずつ数えます。終結していない相談は"
    "「相談を続けている」か、入居していれば「入居して見守り中」です。「そのほかの終結」は、市外へ"
    "移った・中断・亡くなった・その他です。終結した日ではなく受け付けた日で数えるため、"
    "「終結」の表とは合いません。"
)


def flow_table(counts: Mapping[tuple[Route, Reached], int], shared: str) -> FigureTable:
    """Routes down, where they got to across. `shared` begins the names of the route counts."""
    rows = [
        Row(
            route.value,
            label,
            _with_sum([counts.get((route, one), 0) for one in Reached]),
            part_of="total",
            level=1,
            asks={"route": route.value},
        )
        for route, label in ROUTE_LABELS.items()
    ]
    whole = [sum(counts.get((route, one), 0) for route in Route) for one in Reached]
    rows.append(Row("total", "計", _with_sum(whole)))
    return FigureTable(
        key="flow",
        title="経路から、いままで",
        definition=DEFINITION,
        head="経路",
        columns=(
            Column("total", "計"),
            *(Column(one.value, label, part_of="total") for one, label in REACHED_LABELS.items()),
        ),
        rows=tuple(rows),
        picture=Picture.FLOW,
        shared={(row.key, "total"): f"{shared}:{row.key}" for row in rows},
    )


def _with_sum(line: list[int]) -> tuple[int, ...]:
    return (sum(line), *line)


def counted(session: Session, office: Office, period: Period) -> Counter[tuple[Route, Reached]]:
    """The intakes of the period by route and where they are now: one statement."""
    rows = session.execute(
        sa.select(Case.route, Case.stage, Case.outcome, sa.func.count())
        .where(Case.organisation_id == office.id, within(Case.received_on, period))
        .group_by(Case.route, Case.stage, Case.outcome)
    )
    found: Counter[tuple[Route, Reached]] = Counter()
    for route, stage, outcome, count in rows:
        found[route, _reached(stage, outcome)] += count
    return found


def _reached(stage: Stage, outcome: str | None) -> Reached:
    if stage is Stage.CLOSED:
        known = {one.value: reached for one, reached in OF_OUTCOME.items()}
        return known.get(outcome or "", Reached.OTHER)
    return Reached.LIVING if stage in {Stage.MOVED_IN, Stage.SETTLED} else Reached.GOING_ON
