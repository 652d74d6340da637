"""Taking a list in: keep the file's rows, show what they would do, do it once.

A person is found again by the list's number. A newer file changes what the list says of them and
nothing that was heard by phone; a cell it leaves empty changes nothing, and whoever it no longer
names stays. The same file a second time changes nothing.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.models import Deed
from app.cases.services import note
from app.db import rows_changed
from app.errors import ConflictError, InvalidError
from app.leads.codes import ImportState, LeadState, RowOutcome
from app.leads.models import Lead, LeadImport, LeadImportRow, LeadList
from app.leads.numbers import settle_number
from app.leads.reading import LABELS, ReadRow, meanings, read_leads, same_meaning
from app.sheets import Limits, open_sheets

LIMITS = Limits(file_bytes=5_000_000, rows=5_001)
"""A town's list many times over; more is several lists."""

LONGEST_KEPT = timedelta(days=5 * 366)
NEEDS_NAME = "名簿の名前を入れてください。"
NEEDS_DAY = "名簿を消す日を入れてください。"


def keep_file(
    session: Session,
    *,
    content: bytes,
    file_name: str,
    values: Mapping[str, Any],
    organisation_id: int,
    user_id: int,
    today: date,
) -> LeadImport:
    """Keep the rows of a file with what each would do; nobody on a list is changed by it.

    `values` are those of `UploadSchema`. Raises InvalidError for a file without the columns that
    are needed or a list without a name or a day, and the errors of `app.sheets` for a file that
    cannot be opened.
    """
    lead_list = _list_of(session, values["list_id"], organisation_id)
    if lead_list is None:
        check_new_list(session, values, organisation_id=organisation_id, today=today)
    workbook = open_sheets(content, file_name, limits=LIMITS)
    reading = read_leads(workbook.first, today=today)
    kept = LeadImport(
        organisation_id=organisation_id,
        list_id=lead_list.id if lead_list else None,
        user_id=user_id,
        file_name=file_name[:200],
        list_name=None if lead_list else values["name"],
        source=None if lead_list else values["source"] or None,
        delete_on=None if lead_list else values["delete_on"],
        remarks=list(reading.remarks),
    )
    session.add(kept)
    session.flush()  # its rows and the audit entry need the id
    known = _people(session, kept.list_id)
    rows = [_planned(kept.id, row, known, today) for row in _first_of_each(reading.rows)]
    session.add_all(rows)
    kept.counts = counts_of(rows)
    note(session, Deed.CREATED, "lead_import", kept.id, user_id=user_id, fields=("lines",))
    return kept


def _list_of(session: Session, list_id: int | None, organisation_id: int) -> LeadList | None:
    if list_id is None:
        return None
    found = session.scalar(
        sa.select(LeadList).where(
            LeadList.id == list_id,
            LeadList.organisation_id == organisation_id,
            LeadList.deleted_at.is_(None),
        )
    )
    if found is None:
        sentence = "この名簿は選べません。名簿を選び直してください。"
        raise InvalidError(sentence, fields={"list_id": [sentence]})
    return found


def check_new_list(
    session: Session, values: Mapping[str, Any], *, organisation_id: int, today: date
) -> None:
    """Raise InvalidError beside its field for what a new list cannot be."""
    errors: dict[str, list[str]] = {}
    if not values["name"]:
        errors["name"] = [NEEDS_NAME]
    elif session.scalar(
        sa.select(LeadList.id).where(
            LeadList.organisation_id == organisation_id,
            LeadList.name == values["name"],
            LeadList.deleted_at.is_(None),
        )
    ):
        errors["name"] = ["同じ名前の名簿があります。その名簿を選ぶか、別の名前にしてください。"]
    if (problem := day_problem(values["delete_on"], today=today)) is not None:
        errors["delete_on"] = [problem]
    if errors:
        raise InvalidError(next(iter(errors.values()))[0], fields=errors)


def day_problem(day: date | None, *, today: date) -> str | None:
    """Why a list cannot be kept until this day; None when it can."""
    if day is None:
        return NEEDS_DAY
    if day <= today:
        return "あしたから後の日を入れてください。"
    if day > today + LONGEST_KEPT:
        return "5年以内の日を入れてください。"
    return None


def counts_of(rows: Iterable[LeadImportRow]) -> dict[str, int]:
    """How many rows of each outcome, and how many of those taken have a question."""
    counts = dict.fromkeys([outcome.value for outcome in RowOutcome], 0) | {"questions": 0}
    for row in rows:
        counts[row.outcome.value] += 1
        taken = row.outcome not in {RowOutcome.HELD, RowOutcome.REPEAT}
        counts["questions"] += bool(taken and row.problems)
    return counts


# ----------------------------------------------------------------------------------- planning


def _first_of_each(rows: Iterable[ReadRow]) -> list[tuple[ReadRow, int | None]]:
    """Each row with the row where its number stood first, if it stood before."""
    first: dict[str, int] = {}
    found: list[tuple[ReadRow, int | None]] = []
    for row in rows:
        number = None if row.held else row.number
        found.append((row, first.get(number) if number else None))
        if number:
            first.setdefault(number, row.row)
    return found


def _people(session: Session, list_id: int | None) -> dict[str, Lead]:
    if list_id is None:
        return {}
    found = session.scalars(sa.select(Lead).where(Lead.list_id == list_id))
    return {lead.number: lead for lead in found}


def _planned(
    import_id: int, found: tuple[ReadRow, int | None], known: Mapping[str, Lead], today: date
) -> LeadImportRow:
    row, first = found
    problems = [problem.plain() for problem in row.problems]
    lead = known.get(row.number or "")
    changes: list[dict[str, str]] = []
    if row.held:
        outcome = RowOutcome.HELD
    elif first is not None:
        outcome = RowOutcome.REPEAT
        sentence = f"{first}行目と同じ番号です。はじめの行だけを取り込みます。"
        problems.insert(0, {"field": "number", "label": LABELS["number"], "sentence": sentence})
    elif lead is None:
        outcome = RowOutcome.NEW
    else:
        changes = differences(lead.as_given, row.fields, row.others, today=today)
        outcome = RowOutcome.CHANGED if changes else RowOutcome.SAME
    known_here = lead.id if lead is not None and outcome is not RowOutcome.HELD else None
    return LeadImportRow(
        import_id=import_id,
        row_number=row.row,
        outcome=outcome,
        number=None if row.held else row.number,
        as_typed={"fields": dict(row.fields), "others": dict(row.others)},
        problems=problems,
        changes=changes,
        lead_id=known_here,
    )


def differences(
    before: Mapping[str, Any],
    fields: Mapping[str, str],
    others: Mapping[str, str],
    *,
    today: date,
) -> list[dict[str, str]]:
    """What a newer row says otherwise; a cell it leaves empty says nothing."""
    had, had_others = before.get("fields", {}), before.get("others", {})
    found = [
        {"field": name, "label": LABELS[name], "before": had.get(name, ""), "after": text}
        for name, text in fields.items()
        if not same_meaning(name, had.get(name, ""), text, today=today)
    ]
    found += [
        {"field": "others", "label": label, "before": had_others.get(label, ""), "after": text}
        for label, text in others.items()
        if had_others.get(label, "") != text
    ]
    return found


# --------------------------------------------------------------------------------- taking in


def take_in(session: Session, *, kept: LeadImport, user_id: int, today: date, at: datetime) -> bool:
    """Do what the rows say, once; False when somebody did it before or put the file away.

    What each row does is worked out anew, as the list may have moved on since the preview.
    """
    session.refresh(kept, with_for_update=True)  # whoever presses second waits here
    if kept.state is not ImportState.PREVIEW:
        return False
    lead_list = _locked_list(session, kept, user_id=user_id, today=today)
    kept.state, kept.taken_in_at, kept.list_id = ImportState.TAKEN_IN, at, lead_list.id
    rows = session.scalars(
        sa.select(LeadImportRow)
        .where(LeadImportRow.import_id == kept.id)
        .order_by(LeadImportRow.row_number, LeadImportRow.id)
    ).all()
    known = _people(session, lead_list.id)
    for row in rows:
        if row.outcome not in {RowOutcome.HELD, RowOutcome.REPEAT}:
            _take_row(session, lead_list, row, known, user_id=user_id, today=today)
    kept.counts = counts_of(rows)
    note(session, Deed.CHANGED, "lead_import", kept.id, user_id=user_id, fields=("state",))
    return True


def _locked_list(session: Session, kept: LeadImport, *, user_id: int, today: date) -> LeadList:
    """The list a file goes to, locked until the end; a new one is made. Raises ConflictError for
    one whose people were deleted meanwhile.
    """
    if kept.list_id is not None:
        found = session.scalar(
            sa.select(LeadList).where(LeadList.id == kept.list_id).with_for_update()
        )
        if found is None or found.deleted_at is not None:
            raise ConflictError("この名簿は、もう消されています。新しい名簿として渡してください。")
        return found
    values = {"name": kept.list_name, "delete_on": kept.delete_on}
    try:
        check_new_list(session, values, organisation_id=kept.organisation_id, today=today)
    except InvalidError as error:
        raise ConflictError(error.message) from error
    made = LeadList(
        organisation_id=kept.organisation_id,
        name=kept.list_name,
        source=kept.source,
        delete_on=kept.delete_on,
        made_by=user_id,
    )
    session.add(made)
    session.flush()  # its people need the id
    note(session, Deed.CREATED, "lead_list", made.id, user_id=user_id, fields=("delete_on",))
    return made


def _take_row(
    session: Session,
    lead_list: LeadList,
    row: LeadImportRow,
    known: dict[str, Lead],
    *,
    user_id: int,
    today: date,
) -> None:
    number = row.number or ""
    fields, others = row.as_typed["fields"], row.as_typed["others"]
    lead = known.get(number)
    if lead is None:
        lead = Lead(list_id=lead_list.id, as_given=row.as_typed, next_on=today)
        _put(lead, fields, today)
        session.add(lead)
        session.flush()  # the row names it
        known[number] = lead
        row.outcome, row.changes = RowOutcome.NEW, []
    else:
        row.changes = differences(lead.as_given, fields, others, today=today)
        row.outcome = RowOutcome.CHANGED if row.changes else RowOutcome.SAME
        if row.changes:
            _change(session, lead, row, user_id=user_id, today=today)
    row.lead_id = lead.id


def _change(session: Session, lead: Lead, row: LeadImportRow, *, user_id: int, today: date) -> None:
    """Put a newer row over an older one, cell by cell."""
    before = lead.as_given
    changed = [change["field"] for change in row.changes]
    typed = row.as_typed["fields"]
    fields = {**before.get("fields", {}), **{n: typed[n] for n in changed if n in typed}}
    others = {**before.get("others", {}), **row.as_typed["others"]}
    lead.as_given = {"fields": fields, "others": others}
    _put(lead, fields, today)
    note(session, Deed.CHANGED, "lead", lead.id, user_id=user_id, fields=changed)


def _put(lead: Lead, fields: Mapping[str, str], today: date) -> None:
    """The columns of what the list says. A new number for somebody nobody could ring is due."""
    for name, value in meanings(fields, today=today).items():
        setattr(lead, name, value)
    could_ring = lead.call_digits is not None
    settle_number(lead)
    nothing_planned = lead.state in {None, LeadState.OPEN} and lead.next_on is None
    if nothing_planned and not could_ring and lead.call_digits is not None:
        lead.next_on = today


def refuse(session: Session, *, kept: LeadImport, user_id: int) -> None:
    """Put a file away: its rows are deleted at once. Raises ConflictError once it was taken in."""
    refused = session.execute(
        sa.update(LeadImport)
        .where(LeadImport.id == kept.id, LeadImport.state == ImportState.PREVIEW)
        .values(state=ImportState.REFUSED)
        .execution_options(synchronize_session="fetch")
    )
    if rows_changed(refused) != 1:
        raise ConflictError("この一覧は、もう取り込まれたか、片づけられています。")
    session.execute(sa.delete(LeadImportRow).where(LeadImportRow.import_id == kept.id))
    note(session, Deed.DELETED, "lead_import", kept.id, user_id=user_id, fields=("lines",))
