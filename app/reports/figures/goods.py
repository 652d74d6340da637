"""物資: what households needed and got, how long it took, and where the things were."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.db import JAPAN
from app.goods.codes import (
    KIND_LABELS,
    STATE_LABELS,
    GoodsKind,
    ItemState,
    MetBy,
    NeedState,
)
from app.goods.models import GoodsItem, GoodsMove, GoodsNeed
from app.reports.figures.counting import Office, cases_of, counts_by, during, within
from app.reports.figures.simple import days_table
from app.reports.periods import Period
from app.reports.tables import Column, FigureTable, Picture, Row, Unit, share

NEEDS_DEFINITION = (
    "期間に書かれた物資の必要を、1点ずつ数えます（布団が3組必要なら3点）。「そろった」には、"
    "届けたもの、本人が持っていたもの、買ったもの、ほかからもらったものが入ります。"
    "期間の最後の日（今年度は今日）までにそろったかで分けます。"
)
DAYS_DEFINITION = (
    "期間に届けた物資について、必要を書いた日から届けた日までの日数です。"
    "1つの世帯に何点も届けたときは、いちばん遅く届いた1点の日数で数えます。"
)
ITEMS_DEFINITION = (
    "この組織が期間に申し出を受けた品物が、期間の最後の日（今年度は今日）にどこにあったかです。"
    "世帯の数ではありません。"
)


def need_table(counts: Mapping[tuple[GoodsKind, NeedState], int]) -> FigureTable:
    """Needs by kind, met and open; kinds nobody needed are left out."""
    kinds = [kind for kind in KIND_LABELS if any(counts.get((kind, s)) for s in NeedState)]
    states = (NeedState.MET, NeedState.OPEN, NeedState.WITHDRAWN)
    lines = {kind: [counts.get((kind, state), 0) for state in states] for kind in kinds}
    whole = [sum(line[at] for line in lines.values()) for at in range(len(states))]
    rows = [
        Row(kind.value, str(KIND_LABELS[kind]), _with_sum(line), part_of="total", level=1)
        for kind, line in lines.items()
    ]
    rows.append(Row("total", "必要な品物の計", _with_sum(whole)))
    return FigureTable(
        key="goods_needs",
        title="物資の必要",
        definition=NEEDS_DEFINITION,
        head="品物",
        columns=(
            Column("total", "必要", Unit.ITEMS),
            Column("met", "そろった", Unit.ITEMS, part_of="total"),
            Column("open", "まだない", Unit.ITEMS, part_of="total"),
            Column("withdrawn", "要らなくなった", Unit.ITEMS, part_of="total"),
            Column("share", "そろった割合", Unit.PERCENT, 1, from_=("met", "total")),
        ),
        rows=tuple(rows),
        picture=Picture.BARS,
    )


def _with_sum(line: Sequence[int]) -> tuple[int | float | str | None, ...]:
    total = sum(line)
    return (total, *line, share(line[0], total))


def delivery_table(days: Sequence[int]) -> FigureTable:
    """Days from the need to the delivery, household by household."""
    return days_table(
        key="goods_days",
        title="届くまでの日数",
        definition=DAYS_DEFINITION,
        head="項目",
        lines=[("delivered", "届けるまで", days)],
    )


def item_table(period: str, counts: Mapping[ItemState, int]) -> FigureTable:
    """Things pledged in the period by where they are. Nobody is counted in it."""
    total = sum(counts.values())
    rows = [
        Row(state.value, str(label), (counts.get(state, 0),), part_of="total", level=1)
        for state, label in STATE_LABELS.items()
    ]
    rows.append(Row("total", "申し出の計", (total,)))
    return FigureTable(
        key="goods_items",
        title="申し出のあった品物",
        definition=ITEMS_DEFINITION,
        head="期間の終わりに",
        columns=(Column("count", period, Unit.ITEMS, persons=False),),
        rows=tuple(rows),
        picture=Picture.BARS,
    )


def needed(
    session: Session, office: Office, period: Period
) -> dict[tuple[GoodsKind, NeedState], int]:
    """Needs written down in the period, as they stood at its end: one statement."""
    state = sa.case(
        (GoodsNeed.closed_on <= period.last, GoodsNeed.state),
        else_=sa.literal(NeedState.OPEN, GoodsNeed.state.type),
    )
    found = (
        sa.select(GoodsNeed.kind, state.label("state"))
        .where(GoodsNeed.case_id.in_(cases_of(office)), during(GoodsNeed.created_at, period))
        .subquery()
    )
    rows = session.execute(
        sa.select(found.c.kind, found.c.state, sa.func.count()).group_by(
            found.c.kind, found.c.state
        )
    )
    return {(kind, state): count for kind, state, count in rows}


def delivered(session: Session, office: Office, period: Period) -> list[int]:
    """Days the slowest delivery of each household took: one statement."""
    rows = session.execute(
        sa.select(GoodsNeed.case_id, GoodsNeed.created_at, GoodsNeed.closed_on).where(
            GoodsNeed.case_id.in_(cases_of(office)),
            GoodsNeed.met_by == MetBy.DELIVERED,
            within(GoodsNeed.closed_on, period),
        )
    )
    slowest: dict[int, int] = {}
    for case_id, at, closed in rows:
        days = max((closed - at.astimezone(JAPAN).date()).days, 0) if closed else 0
        slowest[case_id] = max(slowest.get(case_id, 0), days)
    return sorted(slowest.values())


def pledged(session: Session, office: Office, period: Period) -> dict[ItemState, int]:
    """The organisation's own things of the period, where they were at its end: one statement.

    Each move is kept with its day; a thing without any is where it is now.
    """
    then = (
        sa.select(GoodsMove.after)
        .where(GoodsMove.item_id == GoodsItem.id, GoodsMove.on_day <= period.last)
        .order_by(GoodsMove.on_day.desc(), GoodsMove.id.desc())
        .limit(1)
        .correlate(GoodsItem)
        .scalar_subquery()
    )
    found = (
        sa.select(
            sa.func.coalesce(then, GoodsItem.state, type_=GoodsItem.state.type).label("state")
        )
        .where(GoodsItem.organisation_id == office.id, during(GoodsItem.created_at, period))
        .subquery()
    )
    return counts_by(session, sa.select(found.c.state, sa.func.count()).group_by(found.c.state))
