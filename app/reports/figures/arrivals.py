"""相談経路 in two levels: own, inside the town hall by section, outside by organisation, unknown.

The levels and their order are 座間市's own table (H30). Shares are rounded one by one, so that they
may add to 100.1.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.cases.intake.codes import SOURCE_KIND_LABELS
from app.cases.models import ROUTE_LABELS, Case, Route
from app.directory.models import Partner
from app.reports.figures.counting import Office, within
from app.reports.periods import Period
from app.reports.tables import HIDDEN, Column, FigureTable, Picture, Row, Unit, share

DEFINITION = (
    "相談を受け付けた日が期間に入る相談を、受付で記録した経路ごとに1件と数えます。"
    "割合は計に対するもので、四捨五入のため合わせて100にならないことがあります。"
)
UNNAMED = "課・機関の記録なし"
TOO_FEW = "数を伏せた課・機関"

Arrivals = Sequence[tuple[Route, str, int]]
"""First level, second level (a section or an organisation; may be empty), how many."""


def route_table(
    period: str,
    arrivals: Arrivals,
    labels: Mapping[Route, str] = ROUTE_LABELS,
    shared: str | None = None,
) -> FigureTable:
    """The table in two levels with subtotals; second levels by number, then in their order.

    `shared` begins the names of the counts that other tables of the report tell as well.
    """
    total = sum(count for _route, _name, count in arrivals)
    rows: list[Row] = []
    for route in Route:
        inside = [(name, count) for one, name, count in arrivals if one is route]
        whole = sum(count for _name, count in inside)
        rows.append(
            Row(
                route.value,
                labels[route],
                (whole, share(whole, total)),
                part_of="total",
                level=1,
                asks={"route": route.value},
            )
        )
        if route in {Route.INSIDE, Route.OUTSIDE}:
            rows += [
                Row(
                    f"{route.value}:{name or '-'}",
                    name or UNNAMED,
                    (count, share(count, total)),
                    part_of=route.value,
                    level=2,
                    asks={"route": route.value, "named": name},
                    ranked=bool(name),
                )
                for name, count in sorted(inside, key=lambda one: (not one[0], -one[1]))
            ]
    rows.append(Row("total", "計", (total, share(total, total))))
    return FigureTable(
        key="routes",
        title="相談経路",
        definition=DEFINITION,
        head="経路",
        columns=(
            Column("count", period),
            Column("share", "割合", Unit.PERCENT, 1, from_=("count",)),
        ),
        rows=tuple(rows),
        picture=Picture.BARS,
        shared={(row.key, "count"): f"{shared}:{row.key}" for row in rows if row.level < 2}
        if shared
        else {},
    )


def without_small_names(table: FigureTable) -> FigureTable:
    """The table without the names of those whose number is hidden: the second level is written
    freely, and what is written of a single case may be a person's name.
    """
    rows = [
        replace(row, key=f"{row.part_of}:hidden{at}", label=TOO_FEW, asks={})
        if row.level == 2 and row.values[0] == HIDDEN
        else row
        for at, row in enumerate(table.rows)
    ]
    return replace(table, rows=tuple(rows))


def counted(session: Session, office: Office, period: Period) -> Arrivals:
    """Intakes of the period by route and by who sent them: one statement."""
    rows = session.execute(
        sa.select(Case.route, Case.source_kind, Partner.name, Case.route_detail, sa.func.count())
        .outerjoin(Partner, Partner.id == Case.route_partner_id)
        .where(Case.organisation_id == office.id, within(Case.received_on, period))
        .group_by(Case.route, Case.source_kind, Partner.name, Case.route_detail)
    )
    found: Counter[tuple[Route, str]] = Counter()
    for route, kind, partner, detail, count in rows:
        kind_label = SOURCE_KIND_LABELS[kind] if kind else ""
        found[route, (partner or detail or kind_label).strip()] += count
    return [(route, name, count) for (route, name), count in found.items()]
