"""Taking a list in: all of it in one transaction, once, with everything needed to undo it.

A double click, two browsers or two jobs take a list in once: the state of the import changes by
one guarded UPDATE in the transaction that writes the homes.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from app import jobs
from app.db import now
from app.errors import ConflictError, InvalidError
from app.housing.lists.columns import MissingColumnsError, missing_fields
from app.housing.lists.homes import HomeWriter, Progress
from app.housing.lists.intake import lock_lists, move, note_change, read_kept, write_rows
from app.housing.lists.models import (
    CouncilListImport,
    CouncilListRow,
    HomeStatement,
    ImportState,
    QuestionState,
)
from app.housing.lists.plans import OPEN_TO_LISTS, Plan, PlannedRow, plan_rows
from app.housing.lists.questions import reconsider
from app.housing.lists.said import ASKED_FIELDS, VACANCY, Vacancy, agree
from app.housing.lists.senders import remember_layout, settle_sender
from app.housing.lists.verdicts import Verdict
from app.housing.models import Home

AT_ONCE = 200
"""Rows that are taken in while the person waits; longer lists go to the background."""

JOB_KIND = "council_list"
_MANY = 500


def start_taking_in(session: Session, *, kept: CouncilListImport, user_id: int) -> bool:
    """Hand a long list to the background; False when somebody already did.

    Raises ConflictError for a list that was set aside or undone.
    """
    refuse_put_away(kept)
    if not move(session, kept.id, (ImportState.PREVIEW,), ImportState.TAKING_IN):
        return False
    payload = {"import_id": kept.id, "user_id": user_id}
    key = f"{JOB_KIND}:{kept.id}"
    job = jobs.enqueue(session, JOB_KIND, payload, user_id=user_id, dedupe_key=key)
    session.execute(
        sa.update(CouncilListImport).where(CouncilListImport.id == kept.id).values(job_id=job.id)
    )
    session.refresh(kept)
    return True


def refuse_put_away(kept: CouncilListImport) -> None:
    """Raise ConflictError for a list that cannot be taken in any more, or not yet."""
    if kept.state in {ImportState.REFUSED, ImportState.UNDONE}:
        raise ConflictError(
            "この一覧は取り込まないことにしました。もう一度ファイルを選んでください。"
        )
    if kept.state in {ImportState.MAPPING, ImportState.READING}:
        raise ConflictError("まだ読み取れていません。列を選んで、読み直してください。")


def take_in(
    session: Session, *, import_id: int, user_id: int, progress: Progress | None = None
) -> bool:
    """Make and change the homes of a list, all in the caller's transaction; False when done before.

    The file is read again and compared with the homes as they are now.
    """
    before = (ImportState.PREVIEW, ImportState.TAKING_IN)
    if not move(session, import_id, before, ImportState.TAKEN_IN):
        return False
    lock_lists(session)
    kept = session.get_one(CouncilListImport, import_id, populate_existing=True)
    sender_id = settle_sender(session, kept, user_id=user_id)
    sheet, reading = read_kept(session, kept)
    plan = plan_rows(session, sheet, reading, sender_id=sender_id)
    _check_rows(session, kept, plan.rows)
    writer = HomeWriter(session, kept=kept, user_id=user_id)
    gone, fresh = _homes(session, plan.gone), _fresh(plan)
    for home in (*gone, *fresh):
        writer.remember(home, VACANCY)
    writer.write(plan.rows, progress)
    _mark(session, fresh, gone, kept)
    _keep_statements(session, kept, plan, sender_id)
    writer.keep_before()
    reconsider(session, _touched(plan))
    write_rows(session, kept, plan)
    remember_layout(session, kept=kept, head=reading.head, user_id=user_id, at=now())
    kept.taken_in_at = now()
    note_change(session, kept, user_id, ("state",))
    return True


def take_in_now(session: Session, *, kept: CouncilListImport, user_id: int) -> None:
    """Take a list in that nobody looks at first, as programs and the command line do.

    Raises InvalidError (code `list_columns_missing`) when a person has to say which column is what.
    """
    if kept.state is ImportState.MAPPING:
        heads = tuple(kept.columns["labels"])
        error = MissingColumnsError(missing_fields(kept.columns["fields"]), heads)
        raise InvalidError(error.message, fields={"file": [error.message]}, code=error.code)
    take_in(session, import_id=kept.id, user_id=user_id)


def _check_rows(session: Session, kept: CouncilListImport, planned: list[PlannedRow]) -> None:
    """Hold the second reading against the first: not one row may have gone missing."""
    rows = session.scalar(sa.select(sa.func.count()).where(CouncilListRow.import_id == kept.id))
    if rows != len(planned):
        raise ConflictError(
            "確かめたときと読み取り結果が違います。もう一度ファイルを選んでください。"
        )


def _homes(session: Session, ids: list[int]) -> list[Home]:
    return [
        home
        for start in range(0, len(ids), _MANY)
        for home in session.scalars(
            sa.select(Home).where(Home.id.in_(ids[start : start + _MANY])).order_by(Home.id)
        )
    ]


def _fresh(plan: Plan) -> list[Home]:
    """The known vacancies a list repeats. The same list once more says nothing new."""
    if not plan.gone and not any(row.taken_in for row in plan.rows):
        return []
    fresh = {Verdict.SAME, Verdict.CHANGE}
    return [
        row.home
        for row in plan.rows
        if row.home is not None
        and row.heard
        and row.said[VACANCY].value == Vacancy.LISTED
        and row.verdicts.get(VACANCY) in fresh
    ]


def _mark(session: Session, fresh: list[Home], gone: list[Home], kept: CouncilListImport) -> None:
    """A newer list confirms the vacancies it repeats and asks about those it leaves out.

    By statement, so that nobody's open form is refused for it.
    """
    for home in fresh:
        if home.confirmed_on is None or home.confirmed_on < kept.read_on:
            set_committed_value(home, "confirmed_on", kept.read_on)
        set_committed_value(home, "missing_since", None)
    for home in gone:
        if home.missing_since is None:
            set_committed_value(home, "missing_since", kept.read_on)
    _update(session, fresh, missing_since=None)
    later = sa.or_(Home.confirmed_on.is_(None), Home.confirmed_on < kept.read_on)
    _update(session, fresh, later, confirmed_on=kept.read_on)
    _update(session, gone, Home.missing_since.is_(None), missing_since=kept.read_on)


def _update(
    session: Session, homes: list[Home], *where: sa.ColumnElement[bool], **values: Any
) -> None:
    ids = [home.id for home in homes]
    for start in range(0, len(ids), _MANY):
        session.execute(
            sa.update(Home)
            .where(Home.id.in_(ids[start : start + _MANY]), Home.state.in_(OPEN_TO_LISTS), *where)
            .values(**values)
            .execution_options(synchronize_session=False)
        )


def _keep_statements(session: Session, kept: CouncilListImport, plan: Plan, sender_id: int) -> None:
    """Keep what is new in the sender's words; what it only repeats stands since it was said."""
    news = [*_said_anew(plan), *_left_out(plan)]
    replaced = [before for before, _statement in news if before is not None]
    for start in range(0, len(replaced), _MANY):
        session.execute(
            sa.update(HomeStatement)
            .where(HomeStatement.id.in_(replaced[start : start + _MANY]))
            .values(current=False, replaced_by_import_id=kept.id)
            .execution_options(synchronize_session=False)
        )
    common = {
        "sender_id": sender_id,
        "import_id": kept.id,
        "said_on": kept.read_on,
        "current": True,
    }
    if news:
        session.execute(sa.insert(HomeStatement), [common | made for _before, made in news])


News = tuple[int | None, dict[str, Any]]
"""The statement that is replaced, if there is one, and the new one's own columns."""


def _said_anew(plan: Plan) -> Iterator[News]:
    for row in plan.rows:
        if not row.heard or row.home is None:
            continue
        earlier = plan.spoken.get(row.home.id, {})
        for field, said in row.said.items():
            before, asks = earlier.get(field), row.verdicts.get(field) is Verdict.ASK
            if before is not None and not asks and agree(field, before.value, said.value):
                continue
            yield (
                None if before is None else before.id,
                {
                    "home_id": row.home.id,
                    "field": field,
                    "value": said.value,
                    "as_typed": said.as_typed,
                    "row_number": row.row,
                    "question": QuestionState.OPEN if asks else QuestionState.NONE,
                },
            )


def _left_out(plan: Plan) -> Iterator[News]:
    for home_id in plan.gone:
        yield (
            plan.spoken[home_id][VACANCY].id,
            {
                "home_id": home_id,
                "field": VACANCY,
                "value": Vacancy.GONE.value,
                "as_typed": "",
                "row_number": None,
                "question": QuestionState.NONE,
            },
        )


def _touched(plan: Plan) -> list[tuple[int, str]]:
    """Where a value on record has changed, so that others may now agree or disagree with it."""
    found = [(home_id, VACANCY) for home_id in plan.gone]
    for row in plan.rows:
        if row.home is not None and row.taken_in and row.verdicts:
            found += [
                (row.home.id, field)
                for field, verdict in row.verdicts.items()
                if verdict is Verdict.CHANGE and field in ASKED_FIELDS
            ]
    return found


@jobs.handles(JOB_KIND)
def _take_in_job(session: Session, payload: Mapping[str, Any], progress: Progress) -> None:
    take_in(
        session,
        import_id=int(payload["import_id"]),
        user_id=int(payload["user_id"]),
        progress=progress,
    )
