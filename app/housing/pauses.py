"""見合わせ: homes kept out of one household's candidates for a while, why, and until when.

A refusal speaks of one household and one home (or one guarantor company). It ages out, somebody
can end it, and a housing need written anew ends it too: what was refused may fit what is wanted
now.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from app.audit.models import Deed
from app.audit.services import record
from app.cases.models import Case
from app.cases.needs.models import HousingNeed
from app.db import rows_changed
from app.errors import ConflictError, NotFoundError
from app.housing.codes import Group, GuarantorRule, HomeState, PauseCause
from app.housing.models import Home, HomePause

PAUSED_FOR: Mapping[PauseCause, timedelta] = {
    PauseCause.LANDLORD_GROUP: timedelta(days=365),
    PauseCause.LANDLORD: timedelta(days=182),
    PauseCause.AGENT: timedelta(days=182),
    PauseCause.COMPANY: timedelta(days=182),
    PauseCause.HOUSEHOLD: timedelta(days=60),
    PauseCause.CONDITION: timedelta(days=182),
}


def pause_home(
    session: Session,
    *,
    case: Case,
    cause: PauseCause,
    user_id: int,
    today: date,
    home_id: int | None = None,
    company_id: int | None = None,
    group: Group | None = None,
    detail: str | None = None,
) -> HomePause:
    """Keep a home, or every home that needs one guarantor company, out of a case's candidates."""
    pause = HomePause(
        case_id=case.id,
        home_id=home_id,
        company_id=company_id,
        cause=cause,
        group_code=group,
        detail=detail,
        until=today + PAUSED_FOR[cause],
        need_version=_need_version(case.housing_need),
        made_by=user_id,
    )
    session.add(pause)
    session.flush()  # the id is needed by the audit entry
    _note(session, Deed.CREATED, pause, user_id, "home_id", "cause", "until")
    return pause


def _need_version(need: HousingNeed | None) -> int:
    return 0 if need is None else need.version


def active_pauses(session: Session, case: Case, *, today: date) -> list[HomePause]:
    """The pauses that count today, soonest to end first."""
    rows = session.scalars(
        sa.select(HomePause)
        .where(
            HomePause.case_id == case.id,
            HomePause.ended_at.is_(None),
            HomePause.until >= today,
            HomePause.need_version == _need_version(case.housing_need),
        )
        .options(joinedload(HomePause.home), joinedload(HomePause.company))
        .order_by(HomePause.until, HomePause.id)
    )
    return list(rows)


def paused_homes(session: Session, case: Case, *, today: date) -> dict[int, HomePause]:
    """The vacant homes that are out of this household's candidates, with the pause behind each.

    A company that said no takes out the homes that insist on it; where a person may stand as
    guarantor instead, or another company, the home stays in.
    """
    pauses = active_pauses(session, case, today=today)
    found = {pause.home_id: pause for pause in pauses if pause.home_id is not None}
    companies = {pause.company_id: pause for pause in pauses if pause.company_id is not None}
    if companies:
        rows = session.execute(
            sa.select(Home.id, Home.guarantor_company_id).where(
                Home.state == HomeState.VACANT,
                Home.guarantor_company_id.in_(companies),
                Home.guarantor_rule == GuarantorRule.COMPANY_REQUIRED,
            )
        )
        for home_id, company_id in rows:
            if company_id is not None:
                found.setdefault(home_id, companies[company_id])
    return found


def end_pause(
    session: Session, *, case: Case, pause_id: int, user_id: int, at: datetime
) -> HomePause:
    """Let a home be proposed again. Raises NotFoundError for another household's pause."""
    pause = session.get(HomePause, pause_id)
    if pause is None or pause.case_id != case.id:
        raise NotFoundError("この見合わせは見つかりません。候補の一覧を開き直してください。")
    ended = session.execute(
        sa.update(HomePause)
        .where(HomePause.id == pause.id, HomePause.ended_at.is_(None))
        .values(ended_at=at, ended_by=user_id)
        .execution_options(synchronize_session="fetch")
    )
    if rows_changed(ended) != 1:
        raise ConflictError("この見合わせは、すでに終わっています。")
    _note(session, Deed.CHANGED, pause, user_id, "ended_at")
    return pause


def _note(session: Session, deed: Deed, pause: HomePause, user_id: int, *fields: str) -> None:
    record(
        session,
        deed=deed,
        record_kind="home_pause",
        record_id=pause.id,
        user_id=user_id,
        fields=fields,
    )
