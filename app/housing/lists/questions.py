"""Where two sources disagree about a home: both values stay, and a person decides."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.db import rows_changed
from app.directory.models import Partner
from app.errors import ConflictError, NotFoundError
from app.housing.entries import note_home
from app.housing.lists.models import CouncilListImport, HomeStatement, QuestionState
from app.housing.lists.plans import OPEN_TO_LISTS
from app.housing.lists.said import VACANCY, Vacancy, agree, label_of, on_record, put, words_of
from app.housing.models import Home

_MANY = 500
OPEN = (HomeStatement.current, HomeStatement.question == QuestionState.OPEN)


@dataclass(frozen=True)
class Voice:
    """One side of a question: the value in words, who says so, since when, and as typed."""

    words: str
    sender: str | None
    said_on: date | None
    as_typed: str
    import_id: int | None = None


@dataclass(frozen=True)
class Question:
    """A field of a home on which what is on record and what a sender says differ."""

    statement_id: int
    home: Home
    field: str
    label: str
    ours: Voice
    theirs: Voice


def open_questions(
    session: Session, *, home_id: int | None = None, page: int = 1, per_page: int = 200
) -> list[Question]:
    """The questions nobody has decided yet, those of one home or the oldest of all."""
    wanted = sa.select(HomeStatement).where(*OPEN)
    if home_id is not None:
        wanted = wanted.where(HomeStatement.home_id == home_id)
    theirs = session.scalars(
        wanted.order_by(HomeStatement.said_on, HomeStatement.home_id, HomeStatement.id)
        .offset((page - 1) * per_page)
        .limit(per_page)
    ).all()
    ids = {one.home_id for one in theirs}
    homes = {home.id: home for home in session.scalars(sa.select(Home).where(Home.id.in_(ids)))}
    others = defaultdict(list)
    for one in session.scalars(
        sa.select(HomeStatement).where(HomeStatement.home_id.in_(ids), HomeStatement.current)
    ):
        others[one.home_id, one.field].append(one)
    names: dict[int, str] = {
        row.id: row.name
        for row in session.execute(
            sa.select(Partner.id, Partner.name).where(
                Partner.id.in_({one.sender_id for rows in others.values() for one in rows})
            )
        )
    }
    return [_question(homes[one.home_id], one, others[one.home_id, one.field], names)
            for one in theirs]  # fmt: skip


def _question(
    home: Home, theirs: HomeStatement, all_said: Sequence[HomeStatement], names: dict[int, str]
) -> Question:
    field, known = theirs.field, on_record(home, theirs.field)
    same = [one for one in all_said
            if one.sender_id != theirs.sender_id and agree(field, one.value, known)]  # fmt: skip
    ours = Voice(words_of(field, known), None, None, "")
    if same:
        ours = _voice(max(same, key=lambda one: one.said_on), names)
    elif field == VACANCY and home.missing_since is not None:
        ours = Voice(ours.words, None, home.missing_since, "")
    return Question(theirs.id, home, field, label_of(field), ours, _voice(theirs, names))


def _voice(said: HomeStatement, names: dict[int, str]) -> Voice:
    return Voice(
        words_of(said.field, said.value),
        names[said.sender_id],
        said.said_on,
        said.as_typed,
        said.import_id,
    )


def count_open(session: Session) -> int:
    """How many questions wait."""
    return session.scalar(sa.select(sa.func.count()).where(*OPEN)) or 0


def decide(
    session: Session,
    *,
    statement_id: int,
    theirs: bool,
    reason: str,
    version: int,
    user_id: int,
    at: datetime,
) -> Home:
    """Use what is on record or what the sender says, with the reason; once.

    Raises NotFoundError, and ConflictError when somebody decided or changed the home meanwhile, or
    when a household stands behind a home whose vacancy would change.
    """
    said, home = _asked(session, statement_id, version)
    if theirs and said.field == VACANCY and home.state not in OPEN_TO_LISTS:
        raise ConflictError(
            "この住戸は手続きの途中です。空きを変えるには、先に取り置きを解いてください。"
        )
    decided = session.execute(
        sa.update(HomeStatement)
        .where(HomeStatement.id == statement_id, *OPEN)
        .values(
            question=QuestionState.THEIRS if theirs else QuestionState.OURS,
            reason=reason,
            decided_by=user_id,
            decided_at=at,
        )
        .execution_options(synchronize_session="fetch")
    )
    if rows_changed(decided) != 1:
        raise ConflictError("この食い違いは、もう決まっています。")
    if theirs:
        _settle_losers(session, said, known=on_record(home, said.field), at=at)
        put(home, said.field, said.value, as_typed=said.as_typed, day=said.said_on)
        home.source = _source(session, said)
        session.flush()  # the version is compared, and the others are weighed against the new value
        reconsider(session, [(home.id, said.field)])
    note_home(session, home, user_id, (said.field,), basis=f"home_statement:{statement_id}")
    return home


def _asked(session: Session, statement_id: int, version: int) -> tuple[HomeStatement, Home]:
    """What is to be decided, and its home as whoever decides has seen it."""
    said = session.get(HomeStatement, statement_id)
    if said is None:
        raise NotFoundError("この食い違いは見つかりません。一覧から選び直してください。")
    home = session.get_one(Home, said.home_id)
    if home.version != version:
        raise ConflictError(
            "ほかの人が先に書きかえました。いまの内容を確かめて、もう一度選んでください。",
            code="stale",
        )
    return said, home


def _settle_losers(session: Session, chosen: HomeStatement, *, known: Any, at: datetime) -> None:
    """Whoever said what was on record until now was weighed with it, and is not asked about."""
    mine = sa.select(HomeStatement).where(
        HomeStatement.home_id == chosen.home_id,
        HomeStatement.field == chosen.field,
        HomeStatement.current,
        HomeStatement.id != chosen.id,
    )
    for one in session.scalars(mine):
        if agree(one.field, one.value, known):
            one.question = QuestionState.OURS
            one.reason, one.decided_by, one.decided_at = chosen.reason, chosen.decided_by, at


def _source(session: Session, said: HomeStatement) -> str:
    kept = session.get_one(CouncilListImport, said.import_id)
    return f"{kept.file_name} {said.row_number}行目"[-200:] if said.row_number else kept.file_name


def reconsider(session: Session, places: Iterable[tuple[int, str]]) -> None:
    """Weigh what all senders say of these fields against what is on record now.

    Who agrees is no longer asked about; who disagrees and was not decided upon is.
    """
    wanted = set(places)
    ids = sorted({home_id for home_id, _ in wanted})
    for start in range(0, len(ids), _MANY):
        part = ids[start : start + _MANY]
        homes = {home.id: home for home in session.scalars(
            sa.select(Home).where(Home.id.in_(part)))}  # fmt: skip
        said = session.scalars(
            sa.select(HomeStatement).where(HomeStatement.home_id.in_(part), HomeStatement.current)
        )
        for one in said:
            if (one.home_id, one.field) in wanted and one.question in {
                QuestionState.NONE, QuestionState.OPEN,
            }:  # fmt: skip
                known = on_record(homes[one.home_id], one.field)
                disputed = _disputed(one.field, one.value, known)
                one.question = QuestionState.OPEN if disputed else QuestionState.NONE
    session.flush()  # the questions are counted by statement


def _disputed(field: str, said: Any, known: Any) -> bool:
    if known is None or agree(field, said, known):
        return False
    if field != VACANCY:
        return True
    # Left out of one list and "none free" agree; a vacancy confirmed since then settles it.
    return not (said == Vacancy.GONE or {said, known} == {Vacancy.GONE, Vacancy.NONE})


def close_agreed(session: Session, home: Home) -> None:
    """Stop asking where a home, corrected by hand, now has what the other source says."""
    for one in session.scalars(
        sa.select(HomeStatement).where(*OPEN, HomeStatement.home_id == home.id)
    ):
        if not _disputed(one.field, one.value, on_record(home, one.field)):
            one.question = QuestionState.NONE
