"""Reading needs: of one household, and the open ones somebody may know of."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from app.cases.models import Case
from app.cases.queries import access_to, visible_cases
from app.errors import NotFoundError
from app.goods.codes import AT_HAND, Check, GoodsKind, NeedState
from app.goods.days import RUNNING, current, due_on
from app.goods.items.queries import MOST_ID, is_reserved
from app.goods.measures.services import measures_of
from app.goods.measures.spaces import space_of
from app.goods.models import GoodsItem, GoodsNeed, GoodsReservation, HomeMeasures
from app.placements.models import Placement
from app.policy import Access, Presented, Tier, Viewer, present

NOT_FOUND = "この必要は見つからないか、あなたの役割では開けません。"
_NAMES = (
    "id", "version", "number", "kind", "detail", "room", "importance", "gas", "voltage",
    "needed_on", "state", "met_by", "closed_on", "placement_id", "note",
)  # fmt: skip
SPACES = ("space_width_cm", "space_depth_cm", "space_height_cm")


@dataclass(frozen=True)
class SeenNeed:
    """A need as one viewer may see it, with what is kept for it."""

    need: GoodsNeed
    shown: Presented
    reservation: GoodsReservation | None


def get_need(session: Session, need_id: int, viewer: Viewer, *, today: date) -> GoodsNeed:
    """A need of a household the viewer may know of."""
    need = session.get(GoodsNeed, need_id) if need_id < MOST_ID else None
    if need is None or not access_to(need.case, viewer, today=today).sees(Tier.CODE):
        raise NotFoundError(NOT_FOUND)
    return need


def placements_of(session: Session, case_ids: Collection[int]) -> dict[int, Placement]:
    """The way into a home goods are for, by case, in a fixed number of statements."""
    rows = session.scalars(
        sa.select(Placement)
        .where(Placement.case_id.in_(case_ids), Placement.state.in_(RUNNING))
        .options(joinedload(Placement.home), selectinload(Placement.every_step))
        .order_by(Placement.id)
    ).unique()
    ways: dict[int, list[Placement]] = {}
    for one in rows:
        ways.setdefault(one.case_id, []).append(one)
    return {case_id: way for case_id, some in ways.items() if (way := current(some)) is not None}


def kept_for(session: Session, need_ids: Collection[int]) -> dict[int, GoodsReservation]:
    """What runs for these needs, or was delivered last, with the thing itself."""
    rows = session.scalars(
        sa.select(GoodsReservation)
        .where(
            GoodsReservation.need_id.in_(need_ids),
            sa.or_(GoodsReservation.ended_at.is_(None), GoodsReservation.ended_as == "delivered"),
        )
        .options(joinedload(GoodsReservation.item))
        .order_by(GoodsReservation.ended_at.is_(None), GoodsReservation.id)
    ).unique()
    return {one.need_id: one for one in rows}


def shown_need(
    need: GoodsNeed,
    access: Access,
    placement: Placement | None = None,
    reservation: GoodsReservation | None = None,
    measures: HomeMeasures | None = None,
) -> Presented:
    """A need through policy: a day and a space that tell of the home only to whoever knows it."""
    spaces = zip(SPACES, space_of(need, measures), strict=True)
    values: dict[str, Any] = {name: getattr(need, name) for name in _NAMES} | {
        **dict(spaces),
        "due_on": due_on(need, placement),
        "item_id": reservation.item_id if reservation else None,
        "until": reservation.until if reservation else None,
    }
    return present("goods_need", values, access)


def seen_needs(
    session: Session, case: Case, access: Access, *, spaces: bool = True
) -> list[SeenNeed]:
    """A household's needs: those still open first, musts before wishes.

    Without `spaces` the home's measures are not read, for whoever shows none.
    """
    needs = session.scalars(
        sa.select(GoodsNeed).where(GoodsNeed.case_id == case.id).order_by(GoodsNeed.id)
    ).all()
    place = placements_of(session, [case.id]).get(case.id)
    kept = kept_for(session, [need.id for need in needs])
    measures = measures_of(session, place.home_id) if place is not None and spaces else None
    rows = []
    for need in needs:
        own = kept.get(need.id)
        if own is not None and own.ended_at is not None and need.state is NeedState.OPEN:
            own = None  # it came back
        rows.append(SeenNeed(need, shown_need(need, access, place, own, measures), own))
    order = list(NeedState)
    return sorted(rows, key=lambda r: (order.index(r.need.state), r.need.importance, r.need.id))


def open_needs(
    session: Session, viewer: Viewer, *, today: date, kind: GoodsKind | None = None
) -> list[GoodsNeed]:
    """Open needs nothing is kept for, of households the viewer may know of, oldest first."""
    visible = visible_cases(viewer, today=today).with_only_columns(Case.id)
    kept = sa.exists().where(
        GoodsReservation.need_id == GoodsNeed.id, GoodsReservation.ended_at.is_(None)
    )
    find = (
        sa.select(GoodsNeed)
        .where(GoodsNeed.state == NeedState.OPEN, GoodsNeed.case_id.in_(visible), ~kept)
        .options(joinedload(GoodsNeed.case))
        .order_by(GoodsNeed.id)
    )
    if kind is not None:
        find = find.where(GoodsNeed.kind == kind)
    return list(session.scalars(find).unique())


def free_things(session: Session, kinds: Collection[GoodsKind]) -> Sequence[GoodsItem]:
    """Things of these kinds at hand that nobody has and that are not known to be unsafe."""
    return session.scalars(
        sa.select(GoodsItem)
        .where(
            GoodsItem.kind.in_(kinds),
            GoodsItem.state.in_(AT_HAND),
            ~is_reserved(),
            GoodsItem.safety != Check.BAD,
            GoodsItem.recall != Check.BAD,
        )
        .order_by(GoodsItem.id)
    ).all()


def standing(session: Session, case_id: int, kinds: Collection[GoodsKind]) -> dict[str, int]:
    """How many of these kinds a household has got, is to get, and still needs."""
    kept = sa.exists().where(
        GoodsReservation.need_id == GoodsNeed.id, GoodsReservation.ended_at.is_(None)
    )
    got, open_ = GoodsNeed.state == NeedState.MET, GoodsNeed.state == NeedState.OPEN

    def count(rule: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
        return sa.func.count(sa.case((rule, 1)))

    row = session.execute(
        sa.select(count(got), count(sa.and_(open_, kept)), count(sa.and_(open_, ~kept))).where(
            GoodsNeed.case_id == case_id, GoodsNeed.kind.in_(kinds)
        )
    ).one()
    return {"got": row[0], "coming": row[1], "missing": row[2]}
