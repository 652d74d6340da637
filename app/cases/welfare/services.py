"""Recording where a household stands with 生活保護 and what was handed over; counting it."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.models import Deed
from app.cases.models import Case
from app.cases.records import in_force
from app.cases.services import note
from app.cases.welfare.models import (
    Direction,
    HandoverBasis,
    WelfareHandover,
    WelfareStanding,
    WelfareStatus,
)
from app.errors import InvalidError
from app.policy import ConsentItem, RecipientKind


def record_standing(
    session: Session,
    *,
    case: Case,
    status: WelfareStatus,
    since: date,
    office: str,
    note_: str,
    user_id: int,
    today: date,
) -> WelfareStanding:
    """How it stands since a day; what was recorded before stays. Raises InvalidError."""
    if since > today:
        _refuse("since", "まだ来ていない日は記録できません。")
    standing = WelfareStanding(
        case_id=case.id,
        status=status,
        since=since,
        office=office or None,
        note=note_ or None,
        recorded_by=user_id,
    )
    session.add(standing)
    session.flush()  # the id is needed by the audit entry
    fields = ("status", "since")
    note(session, Deed.CREATED, "welfare_standing", standing.id, user_id=user_id, fields=fields)
    return standing


def record_handover(
    session: Session,
    *,
    case: Case,
    direction: Direction,
    handed_on: date,
    office: str,
    handed: str,
    basis: HandoverBasis,
    basis_note: str,
    user_id: int,
    today: date,
) -> WelfareHandover:
    """What was handed over, when, and on what basis.

    Raises InvalidError for a day to come, a law that is not named, and a consent nobody recorded:
    what leaves here rests on one to other offices in force that covers the story.
    """
    if handed_on > today:
        _refuse("handed_on", "まだ来ていない日は記録できません。")
    if not handed.strip():
        _refuse("handed", "引き継いだことを入力してください。")
    if basis is HandoverBasis.LAW and not basis_note:
        _refuse("basis_note", "法律によるときは、条文と理由を入れてください。")
    if (
        basis is HandoverBasis.CONSENT
        and direction is Direction.TO
        and not _agreed(case, handed_on)
    ):
        _refuse("basis", "関係課に相談内容を伝えてよいという同意が、この日に有効ではありません。")
    handover = WelfareHandover(
        case_id=case.id,
        direction=direction,
        handed_on=handed_on,
        office=office,
        handed=handed,
        basis=basis,
        basis_note=basis_note,
        recorded_by=user_id,
    )
    session.add(handover)
    session.flush()  # the id is needed by the audit entry
    fields = ("direction", "handed_on", "office", "handed", "basis")
    note(session, Deed.CREATED, "welfare_handover", handover.id, user_id=user_id, fields=fields)
    return handover


def _agreed(case: Case, day: date) -> bool:
    return any(
        in_force(one, today=day)
        and one.recipient is RecipientKind.PARTNER
        and ConsentItem.CARE.value in one.items
        for one in case.consents
    )


def standings_of(session: Session, case_id: int) -> Sequence[WelfareStanding]:
    """Every statement, the newest by day first: that one is how it stands."""
    return session.scalars(
        sa.select(WelfareStanding)
        .where(WelfareStanding.case_id == case_id)
        .order_by(WelfareStanding.since.desc(), WelfareStanding.id.desc())
    ).all()


def handovers_of(session: Session, case_id: int) -> Sequence[WelfareHandover]:
    """Every hand-over of a case, the newest first."""
    return session.scalars(
        sa.select(WelfareHandover)
        .where(WelfareHandover.case_id == case_id)
        .order_by(WelfareHandover.handed_on.desc(), WelfareHandover.id.desc())
    ).all()


def counts(
    session: Session, cases: sa.Select[Case], *, since: date, until: date
) -> dict[Direction, tuple[int, int]]:
    """Hand-overs of these cases in a period, both days inclusive: how many, of how many cases."""
    ids = cases.with_only_columns(Case.id).order_by(None)
    rows = session.execute(
        sa.select(
            WelfareHandover.direction,
            sa.func.count(WelfareHandover.id),
            sa.func.count(sa.distinct(WelfareHandover.case_id)),
        )
        .where(WelfareHandover.case_id.in_(ids), WelfareHandover.handed_on.between(since, until))
        .group_by(WelfareHandover.direction)
    )
    found = {row[0]: (row[1], row[2]) for row in rows}
    return {direction: found.get(direction, (0, 0)) for direction in Direction}


def _refuse(name: str, sentence: str) -> None:
    raise InvalidError(sentence, fields={name: [sentence]})
