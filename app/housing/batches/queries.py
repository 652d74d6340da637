"""Reading for a batch: who looks for a home, which batches there are, what of one may be seen.

A household is part of what somebody reads only where they may know its place: which home is
proposed tells where it may live.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from app.cases.models import Case
from app.cases.needs.models import HousingNeed
from app.cases.queries import (
    SeenCase,
    access_to,
    open_cases,
    visible_cases,
)
from app.errors import NotFoundError
from app.housing.batches.models import BatchCase, BatchState, MatchBatch
from app.housing.codes import HomeState
from app.housing.models import Home
from app.housing.panels import have_a_home
from app.policy import Role, Tier, Viewer

NOT_FOUND = "この一括の組み合わせは見つからないか、あなたの役割では開けません。"
RECENT = timedelta(days=90)
EXPECTED_WITHIN = timedelta(days=30)
MOST_RECENT = 200


@dataclass(frozen=True)
class WhoLooks:
    """Those a viewer's batch takes in, and those they know of whose place is hidden from them."""

    seen: list[SeenCase]
    hidden: list[SeenCase]

    def left_out(self, viewer: Viewer, organisation_id: int) -> int:
        """How many of an organisation are left out: a figure for its own consultants alone."""
        if organisation_id not in viewer.organisations(Role.CONSULTANT):
            return 0
        return sum(one.case.organisation_id == organisation_id for one in self.hidden)


def who_looks(session: Session, viewer: Viewer, *, today: date) -> WhoLooks:
    """Open cases with a housing need and no home yet, whose place the viewer may know."""
    there = have_a_home(session)
    rows = session.scalars(
        open_cases(visible_cases(viewer, today=today))
        .join(HousingNeed, HousingNeed.case_id == Case.id)
        .options(joinedload(Case.housing_need), selectinload(Case.members))
        .order_by(Case.id)
    ).unique()
    seen = [SeenCase(case, access_to(case, viewer, today=today))
            for case in rows if case.id not in there]  # fmt: skip
    return WhoLooks(
        [one for one in seen if one.access.sees(Tier.PLACE)],
        [one for one in seen if not one.access.sees(Tier.PLACE)],
    )


def who_came(session: Session, viewer: Viewer, *, today: date) -> tuple[list[Case], int]:
    """The households of the recent past, oldest first, and how many came in the last 30 days.

    Also those that have a home by now: they stand for those who are likely to come.
    """
    rows = session.scalars(
        visible_cases(viewer, today=today)
        .join(HousingNeed, HousingNeed.case_id == Case.id)
        .where(Case.received_on.between(today - RECENT, today))
        .options(joinedload(Case.housing_need), selectinload(Case.members))
        .order_by(Case.received_on.desc(), Case.id.desc())
        .limit(MOST_RECENT)
    ).unique()
    came = [case for case in rows if access_to(case, viewer, today=today).sees(Tier.PLACE)]
    lately = sum(case.received_on > today - EXPECTED_WITHIN for case in came)
    return came[::-1], lately


def vacant_count(session: Session) -> int:
    """How many homes a batch would look at."""
    vacant = sa.select(sa.func.count()).select_from(Home).where(Home.state == HomeState.VACANT)
    return session.scalar(vacant) or 0


@dataclass(frozen=True)
class SeenBatch:
    """A batch with those of its households whose place the viewer may know, by case id.

    `ours` is whether the viewer works for the organisation that made it.
    """

    batch: MatchBatch
    cases: Mapping[int, SeenCase]
    ours: bool = False

    def sees(self, case_id: int) -> bool:
        return case_id in self.cases


def get_batch(session: Session, batch_id: int, viewer: Viewer, *, today: date) -> SeenBatch:
    """A batch of the viewer's organisation, or with a household whose place they may know.

    Raises NotFoundError for any other, in the same words as for a number that does not exist.
    """
    batch = session.get(MatchBatch, batch_id)
    if batch is None:
        raise NotFoundError(NOT_FOUND)
    seen = _seen_cases(session, [batch_id], viewer, today=today)
    ours = batch.organisation_id in viewer.organisations(Role.CONSULTANT, Role.HOUSING)
    if not seen and not ours:
        raise NotFoundError(NOT_FOUND)
    return SeenBatch(batch, {one.case.id: one for one in seen}, ours)


def _seen_cases(
    session: Session, batch_ids: Collection[int], viewer: Viewer, *, today: date
) -> list[SeenCase]:
    parts = sa.select(BatchCase.case_id).where(BatchCase.batch_id.in_(batch_ids))
    rows = session.scalars(
        visible_cases(viewer, today=today).where(Case.id.in_(parts)).order_by(Case.id)
    )
    seen = [SeenCase(case, access_to(case, viewer, today=today)) for case in rows]
    return [one for one in seen if one.access.sees(Tier.PLACE)]


def batches(session: Session, viewer: Viewer, *, today: date, most: int = 50) -> list[MatchBatch]:
    """The batches a viewer may open, newest first."""
    visible = visible_cases(viewer, today=today).with_only_columns(Case.id)
    rows = session.scalars(
        sa.select(MatchBatch)
        .where(
            sa.or_(
                MatchBatch.organisation_id.in_(viewer.organisations(Role.CONSULTANT, Role.HOUSING)),
                sa.exists().where(
                    BatchCase.batch_id == MatchBatch.id, BatchCase.case_id.in_(visible)
                ),
            )
        )
        .order_by(MatchBatch.id.desc())
        .limit(most)
    ).all()
    ours = viewer.organisations(Role.CONSULTANT, Role.HOUSING)
    others = [one.id for one in rows if one.organisation_id not in ours]
    if not others:
        return list(rows)
    seen = {one.case.id for one in _seen_cases(session, others, viewer, today=today)}
    named = session.execute(
        sa.select(BatchCase.batch_id).where(
            BatchCase.batch_id.in_(others), BatchCase.case_id.in_(seen)
        )
    )
    open_ = set(named.scalars())
    return [one for one in rows if one.organisation_id in ours or one.id in open_]


def waiting(session: Session, viewer: Viewer, *, today: date) -> SeenBatch | None:
    """The newest batch of the viewer's own organisation, while it is young enough to decide on."""
    newest = session.scalar(
        sa.select(MatchBatch)
        .where(
            MatchBatch.organisation_id.in_(viewer.organisations(Role.CONSULTANT, Role.HOUSING)),
            MatchBatch.state == BatchState.READY,
            MatchBatch.run_on > today - timedelta(days=7),
        )
        .order_by(MatchBatch.id.desc())
        .limit(1)
    )
    if newest is None:
        return None
    seen = _seen_cases(session, [newest.id], viewer, today=today)
    return SeenBatch(newest, {one.case.id: one for one in seen})


def homes_by_id(session: Session, ids: Collection[int]) -> dict[int, Home]:
    """The homes a batch speaks of, as they are now."""
    rows = session.scalars(
        sa.select(Home).where(Home.id.in_(ids)).options(joinedload(Home.agent))
    ).unique()
    return {home.id: home for home in rows}


def not_vacant(session: Session, ids: Collection[int]) -> list[int]:
    """Those of a batch's homes that are no longer to be had."""
    vacant = set(
        session.scalars(sa.select(Home.id).where(Home.id.in_(ids), Home.state == HomeState.VACANT))
    )
    return sorted(set(ids) - vacant)


def still_looking(session: Session, ids: Collection[int]) -> dict[int, Case]:
    """Those of a batch's households that are still open, have a need and no home yet."""
    there = have_a_home(session)
    rows = session.scalars(
        open_cases(sa.select(Case))
        .join(HousingNeed, HousingNeed.case_id == Case.id)
        .where(Case.id.in_(ids))
        .options(joinedload(Case.housing_need))
    ).unique()
    return {case.id: case for case in rows if case.id not in there}


def pair_of(answer: Mapping[str, Any], case_id: int) -> dict[str, Any] | None:
    """The pair proposed for a household now."""
    found: dict[str, Any] | None = next(
        (pair for pair in answer.get("pairs", ()) if pair["case"] == case_id), None
    )
    return found
