"""Which visits can be moved, to whom, and what an earlier moving did."""

from collections.abc import Collection, Iterable
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from app.accounts.models import RoleMembership, User
from app.accounts.services import viewer_of
from app.errors import NotFoundError
from app.followup.dayplan.models import VisitTime
from app.followup.models import CheckIn, WatchPlan
from app.followup.moves.models import VisitMove, VisitMoveLine
from app.followup.queries import sees
from app.placements.models import Placement
from app.policy import ROLE_ACTIONS, Action, Role, Viewer, allows

NOT_FOUND = "この移し替えは見つからないか、あなたの役割では開けません。"
VISITING = tuple(role for role in Role if Action.VISIT_RECORD in ROLE_ACTIONS[role])
"""Roles whose people go to visits and record them."""


def asked_for(
    session: Session, check_in_ids: Collection[int], viewer: Viewer, *, today: date
) -> list[CheckIn]:
    """Those of these check-ins whose household's place the viewer may know."""
    rows = session.scalars(
        sa.select(CheckIn)
        .where(CheckIn.id.in_(check_in_ids))
        .options(
            joinedload(CheckIn.plan).joinedload(WatchPlan.placement).joinedload(Placement.case)
        )
        .order_by(CheckIn.id)
    ).unique()
    return [one for one in rows if sees(one.plan, viewer, today)]


def people_for(session: Session, plans: Iterable[WatchPlan], viewer: Viewer) -> list[User]:
    """Colleagues who go to visits: of the offices that steer, of the viewer's own, of the teams.

    Which household each of them may go to is decided household by household, by `may_go`.
    """
    plans = list(plans)
    offices = {plan.organisation_id for plan in plans} | viewer.organisations(*VISITING)
    teams = {member.user_id for plan in plans for member in plan.placement.case.team}
    visiting = sa.select(RoleMembership.user_id).where(RoleMembership.role.in_(VISITING))
    ours = visiting.where(RoleMembership.organisation_id.in_(offices))
    return list(
        session.scalars(
            sa.select(User)
            .where(User.active, User.id.in_(ours) | (User.id.in_(teams) & User.id.in_(visiting)))
            .order_by(User.name, User.id)
        )
    )


def may_go(user: User, plan: WatchPlan, *, today: date) -> bool:
    """Whether somebody may record visits and may know where this household lives."""
    theirs = viewer_of(user)
    return user.active and allows(theirs, Action.VISIT_RECORD) and sees(plan, theirs, today)


def promised_days(session: Session, check_in_ids: Collection[int]) -> dict[int, date]:
    """The day agreed with a household, by check-in."""
    rows = session.execute(
        sa.select(VisitTime.check_in_id, VisitTime.on).where(
            VisitTime.check_in_id.in_(check_in_ids)
        )
    )
    return {row[0]: row[1] for row in rows}


def get_move(
    session: Session, move_id: int, viewer: Viewer, *, today: date
) -> tuple[VisitMove, list[VisitMoveLine]]:
    """A moving with those of its lines the viewer may know of.

    Raises NotFoundError for one that is neither the viewer's own nor about a household they know.
    """
    move = session.get(VisitMove, move_id)
    if move is None:
        raise NotFoundError(NOT_FOUND)
    lines = [one for one in lines_of(session, move) if sees(one.check_in.plan, viewer, today)]
    if not lines and move.user_id != viewer.user_id:
        raise NotFoundError(NOT_FOUND)
    return move, lines


def lines_of(session: Session, move: VisitMove) -> list[VisitMoveLine]:
    """All lines of a moving, for its own change; pages take them from `get_move`."""
    return list(
        session.scalars(
            sa.select(VisitMoveLine)
            .where(VisitMoveLine.move_id == move.id)
            .options(
                joinedload(VisitMoveLine.check_in)
                .joinedload(CheckIn.plan)
                .joinedload(WatchPlan.placement)
                .joinedload(Placement.case)
            )
            .order_by(VisitMoveLine.id)
        )
    )


def taken_back(session: Session, move: VisitMove) -> bool:
    """Whether somebody took this moving back."""
    return bool(session.scalar(sa.select(sa.exists().where(VisitMove.undoes_id == move.id))))


def last_move_of(session: Session, check_in: CheckIn) -> VisitMoveLine | None:
    """The line of the moving that says who goes to a check-in now."""
    if check_in.moved_in is None:
        return None
    return session.scalar(
        sa.select(VisitMoveLine)
        .where(VisitMoveLine.check_in_id == check_in.id, VisitMoveLine.move_id == check_in.moved_in)
        .options(joinedload(VisitMoveLine.move))
    )
