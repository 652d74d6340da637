"""Writing down what came back when somebody asked, and taking it back; links to answer by.

A vacancy is only ever changed through `write_check`, whoever answered, so that a home on its way to
a household is never touched and every answer can be traced.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.audit.models import Deed
from app.audit.services import record
from app.db import rows_changed
from app.errors import ConflictError, InvalidError, NotFoundError
from app.housing.codes import HOME_STATE_LABELS, HomeState
from app.housing.entries import note_home
from app.housing.freshness.models import AnswerLink, AnswerLinkHome, CheckAnswer, VacancyCheck
from app.housing.lists.questions import close_agreed, reconsider
from app.housing.lists.said import VACANCY
from app.housing.models import Home

ASKABLE = frozenset({HomeState.VACANT, HomeState.STOPPED})
VACANCY_FIELDS = ("confirmed_on", "state")
UNDO_WITHIN = timedelta(minutes=10)


def write_check(
    session: Session,
    *,
    home: Home,
    answer: CheckAnswer,
    today: date,
    user_id: int | None = None,
    link_id: int | None = None,
    note: str = "",
) -> VacancyCheck:
    """Write down one answer and let the home follow it; a call nobody took changes nothing.

    Raises ConflictError for a home that is not open to let at the moment.
    """
    if home.state not in ASKABLE:
        state = HOME_STATE_LABELS[home.state]
        raise ConflictError(f"この住戸はいま「{state}」です。空きの確認は記録できません。")
    check = _check(home, answer, today=today, user_id=user_id, link_id=link_id, note=note)
    if answer is not CheckAnswer.NO_ANSWER:
        _follow(session, home, vacant=answer is CheckAnswer.VACANT, user_id=user_id, today=today)
        check.version_after = home.version
    session.add(check)
    session.flush()  # the page offers to take it back by its number
    return check


def _check(
    home: Home,
    answer: CheckAnswer,
    *,
    today: date,
    user_id: int | None,
    link_id: int | None,
    note: str,
) -> VacancyCheck:
    return VacancyCheck(
        home_id=home.id,
        answer=answer,
        asked_on=today,
        user_id=user_id,
        link_id=link_id,
        note=note or None,
        state_before=home.state,
        confirmed_before=home.confirmed_on,
        missing_before=home.missing_since,
        version_after=home.version,
    )


def _follow(
    session: Session, home: Home, *, vacant: bool, user_id: int | None, today: date
) -> None:
    home.state = HomeState.VACANT if vacant else HomeState.STOPPED
    if vacant:
        home.confirmed_on = today
    home.missing_since = None
    close_agreed(session, home)
    note_home(session, home, user_id, VACANCY_FIELDS)
    session.flush()  # somebody else's change in between is noticed here


def write_checks(
    session: Session,
    *,
    homes: Sequence[Home],
    answer: CheckAnswer,
    today: date,
    user_id: int,
) -> list[VacancyCheck]:
    """One answer for several homes of a contact: those that are no longer open are left alone."""
    return [
        write_check(session, home=home, answer=answer, today=today, user_id=user_id)
        for home in homes
        if home.state in ASKABLE
    ]


def undo_check(session: Session, *, check: VacancyCheck, user_id: int, at: datetime) -> None:
    """Take an answer back within ten minutes, as long as nobody changed the home since.

    Raises ConflictError when it is too late.
    """
    if at - check.created_at > UNDO_WITHIN:
        raise ConflictError("取り消せるのは10分以内です。住戸のページで記録し直してください。")
    later = aliased(VacancyCheck)
    answered_again = sa.exists().where(
        later.home_id == check.home_id, later.id > check.id, later.undone_at.is_(None)
    )
    undone = session.execute(
        sa.update(VacancyCheck)
        .where(VacancyCheck.id == check.id, VacancyCheck.undone_at.is_(None), ~answered_again)
        .values(undone_at=at)
        .execution_options(synchronize_session="fetch")
    )
    if rows_changed(undone) != 1:
        raise ConflictError("この答えは、もう取り消されているか、あとの答えで変わっています。")
    if check.answer is not CheckAnswer.NO_ANSWER:
        back = session.execute(
            sa.update(Home)
            .where(
                Home.id == check.home_id,
                Home.version == check.version_after,
                Home.missing_since.is_(None),  # a list that left it out has no version of its own
            )
            .values(
                state=check.state_before,
                confirmed_on=check.confirmed_before,
                missing_since=check.missing_before,
                version=Home.version + 1,
            )
            .execution_options(synchronize_session="fetch")
        )
        if rows_changed(back) != 1:
            raise ConflictError(
                "そのあとで住戸が変わったため、取り消せません。住戸のページで確かめてください。"
            )
        reconsider(session, [(check.home_id, VACANCY)])
        note_home(session, session.get_one(Home, check.home_id), user_id, VACANCY_FIELDS)
    record(
        session,
        deed=Deed.CHANGED,
        record_kind="vacancy_check",
        record_id=check.id,
        user_id=user_id,
        fields=("undone_at",),
    )


NO_CHECK = "この記録は見つかりません。一覧を開き直してください。"


def own_check(session: Session, check_id: int, *, user_id: int) -> VacancyCheck:
    """An answer this person wrote down. Raises NotFoundError for anybody else's."""
    check = session.get(VacancyCheck, check_id)
    if check is None or check.user_id != user_id:
        raise NotFoundError(NO_CHECK)
    return check


def answer_by_link_of(
    session: Session, check_id: int, organisations: Collection[int]
) -> VacancyCheck:
    """An answer that came by a link of these organisations. Raises NotFoundError for another."""
    check = session.scalar(
        sa.select(VacancyCheck)
        .join(AnswerLink, AnswerLink.id == VacancyCheck.link_id)
        .where(VacancyCheck.id == check_id, AnswerLink.organisation_id.in_(organisations))
    )
    if check is None:
        raise NotFoundError(NO_CHECK)
    return check


def mark_seen(session: Session, *, check: VacancyCheck, user_id: int, at: datetime) -> None:
    """Note that somebody read an answer that came by link; twice does no harm."""
    if check.seen_at is not None:
        return
    check.seen_at = at
    record(
        session,
        deed=Deed.CHANGED,
        record_kind="vacancy_check",
        record_id=check.id,
        user_id=user_id,
        fields=("seen_at",),
    )


# ------------------------------------------------------------------------------------ links


def make_link(
    session: Session,
    *,
    contact: str,
    phone: str | None,
    homes: Iterable[Home],
    nonce: str,
    days: int,
    organisation_id: int,
    user_id: int,
    at: datetime,
) -> AnswerLink:
    """A link for one contact's homes; homes that are not open to let are not asked about.

    Raises InvalidError when no home is left to ask about.
    """
    asked = [home for home in homes if home.state in ASKABLE]
    if not asked:
        raise InvalidError(
            "いま確かめる住戸がありません。一覧を開き直してください。", code="nothing_to_ask"
        )
    link = AnswerLink(
        organisation_id=organisation_id,
        user_id=user_id,
        contact=contact,
        phone=phone,
        nonce=nonce,
        expires_at=at + timedelta(days=days),
        homes=[AnswerLinkHome(home_id=home.id) for home in asked],
    )
    session.add(link)
    session.flush()  # its address is made of its number
    record(
        session,
        deed=Deed.CREATED,
        record_kind="answer_link",
        record_id=link.id,
        user_id=user_id,
        organisation_id=organisation_id,
        fields=("homes", "expires_at"),
    )
    return link


def end_link(session: Session, *, link: AnswerLink, user_id: int, at: datetime) -> None:
    """Make a link stop working at once; twice does no harm."""
    if link.ended_at is not None:
        return
    link.ended_at = at
    record(
        session,
        deed=Deed.CHANGED,
        record_kind="answer_link",
        record_id=link.id,
        user_id=user_id,
        organisation_id=link.organisation_id,
        fields=("ended_at",),
    )


def answer_by_link(
    session: Session,
    *,
    link: AnswerLink,
    answers: Mapping[int, tuple[CheckAnswer | None, str]],
    at: datetime,
    today: date,
) -> int:
    """Write down what came by link, home by home; returns how many answers were new.

    Only homes the link asks about are looked at. The same answer again changes nothing, so a page
    sent twice does no harm. Words without an answer, and answers about a home that is on its way to
    a household by now, change no home; they are kept for somebody here to read.
    """
    new = 0
    for asked in link.homes:
        answer, note = answers.get(asked.home_id, (None, ""))
        if (answer is None and not note) or (answer, note or None) == (asked.answer, asked.note):
            continue
        asked.answer, asked.note, asked.answered_at = answer, note or None, at
        new += 1
        if answer is not None and asked.home.state in ASKABLE:
            write_check(
                session, home=asked.home, answer=answer, today=today, link_id=link.id, note=note
            )
        else:
            session.add(
                _check(
                    asked.home,
                    answer or CheckAnswer.NO_ANSWER,
                    today=today,
                    user_id=None,
                    link_id=link.id,
                    note=note,
                )
            )
    return new
