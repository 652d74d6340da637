"""The rows of a file as a viewer may read them, with what each does and what to look at.

A row of somebody who became a case may hold where they are now: it is shown no further than the
case shows it.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.db import how_many
from app.field_tiers import FIELD_TIERS
from app.leads import queries
from app.leads.codes import ROW_OUTCOME_LABELS, ImportState, RowOutcome
from app.leads.models import Lead, LeadImport, LeadImportRow, LeadList
from app.leads.reading import LABELS
from app.policy import Access, Tier, Viewer, present

PER_PAGE = 50
OUTCOME_KINDS = {
    RowOutcome.NEW: "good",
    RowOutcome.CHANGED: "info",
    RowOutcome.SAME: "",
    RowOutcome.REPEAT: "warn",
    RowOutcome.HELD: "bad",
}
_FIRST = (RowOutcome.HELD, RowOutcome.REPEAT, RowOutcome.CHANGED, RowOutcome.NEW)
HIDDEN = "（居場所なので出しません）"


def page_of_rows(
    session: Session,
    kept: LeadImport,
    viewer: Viewer,
    *,
    show: RowOutcome | None,
    page: int,
    today: date,
) -> tuple[list[dict[str, Any]], int]:
    """Some rows, those a person must look at first, and how many there are."""
    wanted = sa.select(LeadImportRow).where(LeadImportRow.import_id == kept.id)
    if show is not None:
        wanted = wanted.where(LeadImportRow.outcome == show)
    total = how_many(session, wanted)
    urgency = sa.case(
        *((LeadImportRow.outcome == outcome, n) for n, outcome in enumerate(_FIRST)),
        else_=len(_FIRST),
    )
    rows = session.scalars(
        wanted.order_by(urgency, LeadImportRow.row_number)
        .offset((page - 1) * PER_PAGE)
        .limit(PER_PAGE)
    ).all()
    access = access_to_rows(session, rows, viewer, today=today)
    return [_shown(row, access[row.id]) for row in rows], total


def access_to_rows(
    session: Session, rows: Sequence[LeadImportRow], viewer: Viewer, *, today: date
) -> dict[int, Access]:
    """How much of each row the viewer may read; a row of nobody yet is the file's own."""
    ids = {row.lead_id for row in rows if row.lead_id}
    people = queries.leads_by_id(session, ids, viewer, today=today)
    whole = Access(tier=Tier.CARE, place=True)
    found = {}
    for row in rows:
        seen = people.get(row.lead_id or 0)
        found[row.id] = whole if seen is None else seen.access
    return found


def _shown(row: LeadImportRow, access: Access) -> dict[str, Any]:
    """A row for the page: who, what is wrong or different, and every cell as typed."""
    fields: Mapping[str, str] = row.as_typed["fields"]
    shown = present("lead", dict(fields), access)
    others = row.as_typed["others"] if access.sees(FIELD_TIERS["lead"]["others"]) else {}
    cells = [(LABELS[name], shown.values[name]) for name in LABELS if name in shown.values]
    return {
        "number": row.row_number,
        "outcome": row.outcome.value,
        "label": ROW_OUTCOME_LABELS[row.outcome],
        "kind": OUTCOME_KINDS[row.outcome],
        "lead_id": row.lead_id,
        "title": shown.name or "",
        "code": shown.number or "",
        "status": shown.status or "",
        "problems": [one for one in row.problems if _tells(one, access)],
        "changes": [_change(change, access) for change in row.changes],
        "cells": [*cells, *sorted(others.items())],
    }


def sentences(row: LeadImportRow, access: Access) -> list[str]:
    """What a person should look at in a row, as far as they may read the cells."""
    return [one["sentence"] for one in row.problems if _tells(one, access)]


def _tells(problem: Mapping[str, str], access: Access) -> bool:
    """A sentence quotes what was typed, so it is read by whoever may read the cell."""
    tier = FIELD_TIERS["lead"].get(problem["field"] or "number", Tier.PLACE)
    return access.sees(tier)


def _change(change: Mapping[str, str], access: Access) -> Mapping[str, str]:
    if access.sees(FIELD_TIERS["lead"].get(change["field"], Tier.PLACE)):
        return change
    return {"label": change["label"], "before": "", "after": HIDDEN}


def bad_rows(session: Session, kept: LeadImport) -> Iterator[list[Any]]:
    """The rows that were not taken, with why."""
    rows = session.scalars(
        sa.select(LeadImportRow)
        .where(
            LeadImportRow.import_id == kept.id,
            LeadImportRow.outcome.in_([RowOutcome.HELD, RowOutcome.REPEAT]),
        )
        .order_by(LeadImportRow.row_number)
    )
    for row in rows:
        fields = row.as_typed["fields"]
        held = [p for p in row.problems if p["field"] in {"number", "name"}] or row.problems
        why = " ".join(f"{one['label']}: {one['sentence']}" for one in held)
        yield [
            row.row_number,
            ROW_OUTCOME_LABELS[row.outcome],
            fields.get("number"),
            fields.get("name"),
            why,
        ]


def people_left_out(
    session: Session, kept: LeadImport, viewer: Viewer, *, today: date
) -> list[queries.SeenLead]:
    """People of the list whom this file no longer names; they stay and are told."""
    if kept.list_id is None or kept.state is ImportState.REFUSED:
        return []
    named = sa.select(LeadImportRow.number).where(
        LeadImportRow.import_id == kept.id, LeadImportRow.number.is_not(None)
    )
    ids = session.scalars(
        sa.select(Lead.id)
        .where(Lead.list_id == kept.list_id, Lead.number.not_in(named))
        .order_by(Lead.number)
        .limit(PER_PAGE)
    ).all()
    people = queries.leads_by_id(session, set(ids), viewer, today=today)
    return [people[one] for one in ids if one in people]


def list_with_the_same(
    session: Session, kept: LeadImport, viewer: Viewer
) -> tuple[str, int] | None:
    """Of a file that would make a new list: the other list that has most of its numbers."""
    if kept.list_id is not None or kept.state is not ImportState.PREVIEW:
        return None
    named = sa.select(LeadImportRow.number).where(
        LeadImportRow.import_id == kept.id, LeadImportRow.outcome == RowOutcome.NEW
    )
    count = sa.func.count()
    row = session.execute(
        queries.visible_leads(viewer)
        .where(Lead.number.in_(named), LeadList.organisation_id == kept.organisation_id)
        .with_only_columns(LeadList.name, count)
        .group_by(LeadList.id, LeadList.name)
        .order_by(count.desc(), LeadList.id)
        .limit(1)
    ).first()
    return None if row is None else (row[0], row[1])
