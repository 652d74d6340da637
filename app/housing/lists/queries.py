"""Reading imports: the lists handed in, their rows, and the homes a newer list leaves out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from app.accounts.models import User
from app.directory.models import Partner
from app.housing.lists.columns import FIELD_NAMES
from app.housing.lists.models import (
    ROW_OUTCOME_LABELS,
    CouncilListImport,
    CouncilListRow,
    ImportState,
    RowOutcome,
)
from app.housing.lists.undo import newest_of_sender
from app.housing.models import Home

PER_PAGE = 40  # with every cell as typed beside it, more rows would make a heavy page
QUESTIONS = "questions"

# How a row is coloured and tagged: the kinds the components know.
OUTCOME_KINDS = {
    RowOutcome.NEW: "good",
    RowOutcome.CHANGED: "info",
    RowOutcome.SAME: "",
    RowOutcome.ASKED: "warn",
    RowOutcome.REPEAT: "warn",
    RowOutcome.DOUBTFUL: "warn",
    RowOutcome.UNREADABLE: "bad",
    RowOutcome.SKIPPED: "",
}
# Shown in this order unless one kind is asked for: what a person has to look at comes first.
_FIRST = (
    RowOutcome.UNREADABLE,
    RowOutcome.DOUBTFUL,
    RowOutcome.ASKED,
    RowOutcome.REPEAT,
    RowOutcome.CHANGED,
)


@dataclass(frozen=True)
class RowPage:
    """Some rows of a list, with how many there are of each kind."""

    rows: Sequence[dict[str, Any]]
    counts: dict[str, int]
    show: str
    page: int
    total: int

    @property
    def first(self) -> int:
        return (self.page - 1) * PER_PAGE + 1 if self.total else 0

    @property
    def last(self) -> int:
        return min(self.page * PER_PAGE, self.total)


def imports_of(
    session: Session, organisations: frozenset[int], *, words: str = "", most: int = 50
) -> Sequence[sa.Row[CouncilListImport, str]]:
    """The lists of these organisations whose file or sender has every word, newest first, with
    who handed them in.
    """
    named = (CouncilListImport.file_name, CouncilListImport.sender_name, Partner.name)
    asked = [
        sa.or_(*(column.icontains(word, autoescape=True) for column in named))
        for word in words.split()
    ]
    return session.execute(
        sa.select(CouncilListImport, User.name)
        .options(joinedload(CouncilListImport.sender))
        .join(User, User.id == CouncilListImport.user_id)
        .outerjoin(Partner, Partner.id == CouncilListImport.sender_id)
        .where(CouncilListImport.organisation_id.in_(organisations), *asked)
        .order_by(CouncilListImport.id.desc())
        .limit(most)
    ).all()


def home_rows(session: Session, kept: CouncilListImport) -> int:
    """How many rows of a list stand for homes or try to."""
    return (
        session.scalar(
            sa.select(sa.func.count()).where(
                CouncilListRow.import_id == kept.id, CouncilListRow.outcome != RowOutcome.SKIPPED
            )
        )
        or 0
    )


def rows_of(session: Session, kept: CouncilListImport, *, show: str, page: int) -> RowPage:
    """One page of a list's rows; `show` is an outcome, "questions" or "" for all."""
    mine = CouncilListRow.import_id == kept.id
    asked = _has_questions(session)
    counted = session.execute(
        sa.select(CouncilListRow.outcome, asked, sa.func.count())
        .where(mine)
        .group_by(CouncilListRow.outcome, asked)
    ).all()
    counts = {outcome.value: 0 for outcome in RowOutcome} | {QUESTIONS: 0}
    for outcome, has_questions, count in counted:
        counts[outcome.value] += count
        if has_questions and outcome is not RowOutcome.SKIPPED:
            counts[QUESTIONS] += count
    wanted = sa.select(CouncilListRow).where(mine)
    if show == QUESTIONS:
        wanted = wanted.where(asked, CouncilListRow.outcome != RowOutcome.SKIPPED)
    elif show:
        wanted = wanted.where(CouncilListRow.outcome == RowOutcome(show))
    total = counts[show] if show else sum(v for k, v in counts.items() if k != QUESTIONS)
    urgency = sa.case(
        *((CouncilListRow.outcome == outcome, n) for n, outcome in enumerate(_FIRST)),
        (CouncilListRow.outcome == RowOutcome.SKIPPED, len(_FIRST) + 1),
        else_=len(_FIRST),
    )
    order = (CouncilListRow.row_number,) if show else (urgency, CouncilListRow.row_number)
    rows = session.scalars(
        wanted.order_by(*order).offset((page - 1) * PER_PAGE).limit(PER_PAGE)
    ).all()
    return RowPage([_shown(row, kept) for row in rows], counts, show, page, total)


def mapping(kept: CouncilListImport) -> list[dict[str, Any]]:
    """Every column of the file in its order: head, first values, and the field it is read as."""
    label_at = {at: label for label, at in kept.columns.get("at", {}).items()}
    field_at = {at: field for field, at in kept.columns.get("fields", {}).items()}
    samples = kept.columns.get("samples", {})
    columns = sorted({*label_at, *field_at, *map(int, samples)})
    return [
        {
            "column": column,
            "label": label_at.get(column, ""),
            "samples": samples.get(str(column), []),
            "field": field_at.get(column, ""),
        }
        for column in columns
    ]


def fields_to_choose() -> list[tuple[str, str]]:
    """What a column may be read as, with "" for leaving it unread."""
    return [("", "読まない"), *FIELD_NAMES.items()]


def undoable(session: Session, kept: CouncilListImport) -> bool:
    """Whether the report offers to undo this list."""
    return kept.state is ImportState.TAKEN_IN and newest_of_sender(session, kept)


def _has_questions(session: Session) -> sa.ColumnElement[bool]:
    if session.get_bind().dialect.name == "postgresql":
        return sa.func.jsonb_array_length(CouncilListRow.problems) > 0
    return sa.func.json_array_length(CouncilListRow.problems) > 0


def _shown(row: CouncilListRow, kept: CouncilListImport) -> dict[str, Any]:
    """A row for the page: the cells people look for first, then every cell as typed."""
    labels = {label: n for n, label in enumerate(kept.columns.get("labels", []))}
    cells = sorted(row.as_typed.items(), key=lambda cell: _place(cell[0], labels))
    heads = kept.columns.get("heads", {})
    named = {name: row.as_typed.get(label, "") for name, label in heads.items()}
    skipped = row.outcome is RowOutcome.SKIPPED
    title = " ".join(filter(None, (named.get("building"), named.get("room"))))
    return {
        "number": row.row_number,
        "outcome": row.outcome.value,
        "label": ROW_OUTCOME_LABELS[row.outcome],
        "kind": OUTCOME_KINDS[row.outcome],
        "home_id": row.home_id,
        "title": (cells[0][1] if cells else "") if skipped else title,
        "address": "" if skipped else named.get("address", ""),
        "rent": "" if skipped else named.get("rent", ""),
        "changes": row.changes,
        "problems": row.problems,
        "cells": [(label, text) for label, text in cells if text],
    }


def _place(label: str, labels: dict[str, int]) -> int:
    """The column a cell stood in; the database does not keep the order of a row's cells."""
    digits = "".join(sign for sign in label if sign.isdigit())
    return labels.get(label, int(digits) if digits else len(labels))


def gone_homes(session: Session, kept: CouncilListImport) -> Sequence[Home]:
    """The homes that this list leaves out although the one before had them."""
    if not kept.gone:
        return []
    return session.scalars(sa.select(Home).where(Home.id.in_(kept.gone)).order_by(Home.id)).all()


def summary(session: Session, kept: CouncilListImport) -> dict[str, Any]:
    """An import in figures, with every row a person has to look at, for programs."""
    asked = session.scalars(
        sa.select(CouncilListRow)
        .where(
            CouncilListRow.import_id == kept.id,
            CouncilListRow.outcome != RowOutcome.SKIPPED,
            sa.or_(_has_questions(session), CouncilListRow.outcome == RowOutcome.ASKED),
        )
        .order_by(CouncilListRow.row_number)
    )
    return {
        "id": kept.id,
        "state": kept.state.value,
        "file_name": kept.file_name,
        "sha256": kept.sha256,
        "sender": kept.sender.name if kept.sender is not None else kept.sender_name,
        "counts": {
            "new": kept.new_count,
            "changed": kept.changed_count,
            "same": kept.same_count,
            "asked": kept.asked_count,
            "recognised": kept.changed_count + kept.same_count + kept.asked_count,
            "enriched": _enriched(session, kept),
            "repeat": kept.repeat_count,
            "problem": kept.problem_count,
            "gone": len(kept.gone),
        },
        "problems": [
            {
                "row": row.row_number,
                "outcome": row.outcome.value,
                "reasons": [
                    *(problem["sentence"] for problem in row.problems),
                    *(question(change) for change in row.changes if change["kind"] == "ask"),
                ],
                "as_typed": row.as_typed,
            }
            for row in asked
        ],
    }


def question(change: dict[str, str]) -> str:
    """A disagreement in one sentence, with both values and where the one on record comes from."""
    return (
        f"{change['label']}が食い違います：{change['source']} {change['before']}／"
        f"この一覧 {change['after']}。どちらを使うか住戸のページで決めてください。"
    )


def _enriched(session: Session, kept: CouncilListImport) -> int:
    """How many known homes learned something nobody had said before."""
    rows = session.scalars(
        sa.select(CouncilListRow.changes).where(
            CouncilListRow.import_id == kept.id,
            CouncilListRow.outcome.in_((RowOutcome.CHANGED, RowOutcome.ASKED)),
        )
    )
    return sum(any(change["kind"] == "enrich" for change in changes) for changes in rows)
