"""The people around a case and what they write down: team, protection, log, prints."""

from collections.abc import Callable, Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.models import RoleMembership, User
from app.audit.models import Deed
from app.cases.models import Case, Stage
from app.cases.services import advance, note
from app.cases.versions import check_version, flushed
from app.cases.work.models import (
    LogEntry,
    LogMethod,
    PrintApproval,
    TeamMember,
)
from app.db import rows_changed
from app.errors import ConflictError, ForbiddenError, InvalidError
from app.policy import Protection, Role

TEAM_ONLY = "この相談の担当者だけができる操作です。担当者に頼んでください。"


def write_log(
    session: Session,
    *,
    case: Case,
    at: datetime,
    method: LogMethod,
    text: str,
    user_id: int,
    now: datetime,
    minutes: int | None = None,
    partner: str | None = None,
    next_step: str | None = None,
    next_on: date | None = None,
    partner_id: int | None = None,
    attendees: Sequence[int] = (),
) -> LogEntry:
    """Write one entry of the log; a next step with a day is a task until it is ticked.

    Raises InvalidError for no text, a moment to come, or a day without a step.
    """
    check_entry(text=text, at=at, next_step=next_step, next_on=next_on, now=now)
    entry = LogEntry(
        case_id=case.id,
        at=at,
        method=method,
        minutes=minutes,
        partner=partner or None,
        text=text,
        partner_id=partner_id,
        attendees=list(attendees),
        next_step=next_step or None,
        next_on=next_on,
        author_id=user_id,
    )
    session.add(entry)
    session.flush()  # the id is needed by the audit entry
    if method in {LogMethod.MEETING, LogMethod.VISIT, LogMethod.OUTREACH}:
        advance(session, case, to=Stage.ASSESSMENT, from_=(Stage.INTAKE,))
    note(
        session,
        Deed.CREATED,
        "case_log",
        entry.id,
        user_id=user_id,
        fields=("at", "method", "text"),
    )
    return entry


def check_entry(
    *, text: str, at: datetime, next_step: str | None, next_on: date | None, now: datetime
) -> None:
    """Raise InvalidError for what no entry of the log can say."""
    if not text.strip():
        _refuse("text", "内容を入力してください。")
    if at > now:
        _refuse("on", "まだ来ていない日時です。これからの予定は「次にすること」に書いてください。")
    if next_on is not None and not next_step:
        _refuse("next_step", "いつまでかを入れるときは、することも入れてください。")


def _refuse(name: str, sentence: str) -> None:
    raise InvalidError(sentence, fields={name: [sentence]})


def set_protection(
    session: Session, *, case: Case, version: int, protection: Protection, user_id: int
) -> None:
    """Hide the household's whereabouts, or stop hiding them; only the team may stop.

    Raises ForbiddenError when somebody outside the team says there is no danger.
    """
    check_version(case, version)
    in_team = any(member.user_id == user_id for member in case.team)
    if protection is Protection.NO and not in_team:
        raise ForbiddenError(TEAM_ONLY)
    if case.protection is protection:
        return

    def act() -> None:
        case.protection = protection

    flushed(session, act)
    note(session, Deed.CHANGED, "case", case.id, user_id=user_id, fields=("protection",))


# ------------------------------------------------------------------------------------- team


def team_candidates(session: Session, case: Case) -> list[User]:
    """Active users who may join: consultants of the case's organisation, home and visit staff."""
    present = {member.user_id for member in case.team}
    users = session.scalars(
        sa.select(User)
        .join(RoleMembership)
        .where(
            User.active,
            User.id.not_in(present),
            sa.or_(
                RoleMembership.role.in_([Role.HOUSING, Role.FOLLOWUP]),
                sa.and_(
                    RoleMembership.role == Role.CONSULTANT,
                    RoleMembership.organisation_id == case.organisation_id,
                ),
            ),
        )
        .order_by(User.name, User.id)
    ).unique()
    return list(users)


def add_to_team(session: Session, *, case: Case, user_id: int, by: int, today: date) -> TeamMember:
    """Put somebody on the team. Only the team lets others in; a team without anybody active may
    be taken over by a consultant of the case's own organisation, and the log says so.
    """
    taking_over = not _active_team(session, case)
    if not taking_over:
        _only_team(case, by)
    candidates = {user.id for user in team_candidates(session, case)}
    if user_id not in candidates or (taking_over and user_id != by):
        sentence = "この人は担当に加えられません。一覧から選び直してください。"
        raise InvalidError(sentence, fields={"user_id": [sentence]})
    member = TeamMember(case_id=case.id, user_id=user_id, since=today)

    def act() -> None:
        case.team.append(member)

    _unique(session, act)
    note(session, Deed.CREATED, "case_team", case.id, user_id=by, fields=("user_id",))
    return member


def _unique(session: Session, act: Callable[[], None]) -> None:
    act()
    try:
        session.flush()
    except IntegrityError as error:
        raise ConflictError("この人は、すでに担当に入っています。") from error


def remove_from_team(session: Session, *, case: Case, user_id: int, by: int) -> None:
    """Take somebody off the team; the last one stays, so that somebody answers for the case."""
    _only_team(case, by)
    member = next((m for m in case.team if m.user_id == user_id), None)
    if member is None:
        raise ConflictError("この人は、すでに担当から外れています。")
    if len(case.team) == 1:
        raise InvalidError("最後の担当者は外せません。先に、ほかの人を担当に加えてください。")
    case.team.remove(member)
    note(session, Deed.DELETED, "case_team", case.id, user_id=by, fields=("user_id",))


def _only_team(case: Case, user_id: int) -> None:
    if all(member.user_id != user_id for member in case.team):
        raise ForbiddenError(TEAM_ONLY)


def _active_team(session: Session, case: Case) -> list[int]:
    ids = [member.user_id for member in case.team]
    return list(session.scalars(sa.select(User.id).where(User.id.in_(ids), User.active)))


# ------------------------------------------------------------------------------------ prints


def request_print(session: Session, *, case: Case, paper: str, user_id: int) -> PrintApproval:
    """Ask a second person to agree to one print of a protected household's paper."""
    waiting = session.scalar(
        sa.select(PrintApproval).where(
            PrintApproval.case_id == case.id,
            PrintApproval.paper == paper,
            PrintApproval.requested_by == user_id,
            PrintApproval.used_at.is_(None),
        )
    )
    if waiting is not None:
        return waiting
    approval = PrintApproval(case_id=case.id, paper=paper, requested_by=user_id)
    session.add(approval)
    session.flush()  # the id is needed by the audit entry
    note(session, Deed.CREATED, "print_approval", approval.id, user_id=user_id, fields=("paper",))
    return approval


def approve_print(session: Session, *, approval: PrintApproval, user_id: int, at: datetime) -> None:
    """A second person's yes. Raises ForbiddenError for one's own request."""
    if approval.requested_by == user_id:
        raise ForbiddenError("自分で頼んだ印刷は、自分では認められません。別の人に頼んでください。")
    approved = session.execute(
        sa.update(PrintApproval)
        .where(PrintApproval.id == approval.id, PrintApproval.approved_by.is_(None))
        .values(approved_by=user_id, approved_at=at)
        .execution_options(synchronize_session="fetch")
    )
    if rows_changed(approved) != 1:
        raise ConflictError("この印刷は、すでに認められています。")
    note(
        session,
        Deed.CHANGED,
        "print_approval",
        approval.id,
        user_id=user_id,
        fields=("approved_by",),
    )


def use_print_approval(
    session: Session, *, case: Case, paper: str, user_id: int, at: datetime
) -> None:
    """Let a paper of this case be printed once; every feature that prints a case calls this.

    Nothing to do for a household that needs no protection. Otherwise one approved request of
    this person for this paper is used up; raises ForbiddenError when there is none.
    """
    if case.protection is Protection.NO:
        return
    approval_id = session.scalar(
        sa.select(PrintApproval.id)
        .where(
            PrintApproval.case_id == case.id,
            PrintApproval.paper == paper,
            PrintApproval.requested_by == user_id,
            PrintApproval.approved_by.is_not(None),
            PrintApproval.used_at.is_(None),
        )
        .limit(1)
    )
    used = session.execute(
        sa.update(PrintApproval)
        .where(PrintApproval.id == approval_id, PrintApproval.used_at.is_(None))
        .values(used_at=at)
        .execution_options(synchronize_session="fetch")
    )
    if approval_id is None or rows_changed(used) != 1:
        raise ForbiddenError(
            "居場所を隠している世帯の紙は、もう一人が認めてから一度だけ印刷できます。"
            "「印刷」の画面から頼んでください。",
            code="print_approval_required",
        )
    note(session, Deed.CHANGED, "print_approval", approval_id, user_id=user_id, fields=("used_at",))


def approved_papers(session: Session, case_id: int, *, user_id: int) -> frozenset[str]:
    """The papers of a case this person may print once, a second person having agreed."""
    return frozenset(
        session.scalars(
            sa.select(PrintApproval.paper).where(
                PrintApproval.case_id == case_id,
                PrintApproval.requested_by == user_id,
                PrintApproval.approved_by.is_not(None),
                PrintApproval.used_at.is_(None),
            )
        )
    )
