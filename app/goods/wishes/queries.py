"""ほしいもの: what open needs lack, told so that no household can be found in it.

The paper hangs where everybody reads it. A number, a month and a size are told only where at
least five households stand behind them; fewer are 「数点」 and nothing more. A household that needs
six futons is one household.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.cases.models import Case, Stage
from app.goods.codes import AT_HAND, GROUPS, Check, GoodsKind, Importance, NeedState
from app.goods.days import due_on
from app.goods.items.queries import is_reserved
from app.goods.models import GoodsItem, GoodsNeed, GoodsReservation
from app.goods.needs.queries import placements_of

FEWEST = 5
STEP = 5  # a number on a wall is rounded up, so that nobody reads one household coming or going


@dataclass(frozen=True)
class GoodsWish:
    """One kind that is short. None is not told, for too few stand behind it."""

    kind: GoodsKind
    group: str
    count: int | None
    must: bool
    by: date | None  # the first of a month
    most_width_cm: int | None


def wishes_of(session: Session, *, until: date | None = None) -> list[GoodsWish]:
    """What is short, musts before wishes, in the order of the groups; with `until`, of the needs
    that are due by that day.
    """
    needs = session.scalars(
        sa.select(GoodsNeed)
        .join(Case, Case.id == GoodsNeed.case_id)
        .where(
            GoodsNeed.state == NeedState.OPEN,
            Case.stage != Stage.CLOSED,
            ~sa.exists().where(
                GoodsReservation.need_id == GoodsNeed.id, GoodsReservation.ended_at.is_(None)
            ),
        )
        .order_by(GoodsNeed.id)
    ).all()
    free = _free(session)
    keys = placements_of(session, {need.case_id for need in needs})
    days = {need.id: due_on(need, keys.get(need.case_id)) for need in needs}
    each: dict[GoodsKind, list[GoodsNeed]] = {}
    for need in needs:
        due = days[need.id]
        if until is None or (due is not None and due <= until):
            each.setdefault(need.kind, []).append(need)
    found = [
        _wish(kind, some, days, free.get(kind, 0))
        for kind, some in each.items()
        if len(some) > free.get(kind, 0)
    ]
    order = list(GoodsKind)
    return sorted(found, key=lambda wish: (not wish.must, order.index(wish.kind)))


def _free(session: Session) -> dict[GoodsKind, int]:
    """How many of each kind are at hand for nobody yet."""
    rows = session.execute(
        sa.select(GoodsItem.kind, sa.func.count())
        .where(
            GoodsItem.state.in_(AT_HAND),
            ~is_reserved(),
            GoodsItem.safety != Check.BAD,
            GoodsItem.recall != Check.BAD,
        )
        .group_by(GoodsItem.kind)
    )
    return {row[0]: row[1] for row in rows}


def _wish(
    kind: GoodsKind, needs: Sequence[GoodsNeed], days: dict[int, date | None], free: int
) -> GoodsWish:
    musts = [need for need in needs if need.importance is Importance.MUST]
    told = len(needs) - free if _shared(needs) else None
    return GoodsWish(
        kind=kind,
        group=next(label for _code, label, kinds in GROUPS if kind in kinds),
        count=None if told is None or told < FEWEST else -(-told // STEP) * STEP,
        must=_shared(musts) or (not _shared(needs) and bool(musts)),
        by=_month([(need, days[need.id]) for need in needs]),
        most_width_cm=_width(needs),
    )


def _shared(needs: Iterable[GoodsNeed]) -> bool:
    return len({need.case_id for need in needs}) >= FEWEST


def _month(dated: Iterable[tuple[GoodsNeed, date | None]]) -> date | None:
    """The first month by whose end five households need one: never the one of a single one."""
    by_month: dict[date, list[GoodsNeed]] = {}
    for need, on in dated:
        if on is not None:
            by_month.setdefault(on.replace(day=1), []).append(need)
    so_far: list[GoodsNeed] = []
    for month in sorted(by_month):
        so_far += by_month[month]
        if _shared(so_far):
            return month
    return None


def _width(needs: Iterable[GoodsNeed]) -> int | None:
    """A width that fits into five households' spaces at least."""
    widths: dict[int, int] = {}
    for need in needs:
        if need.space_width_cm is not None:
            known = widths.get(need.case_id, 0)
            widths[need.case_id] = max(known, need.space_width_cm)
    wide = sorted(widths.values(), reverse=True)
    return wide[FEWEST - 1] if len(wide) >= FEWEST else None
