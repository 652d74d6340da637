"""Building a report, keeping it as it is today, and adding a population."""

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.models import Organisation
from app.audit.models import Deed
from app.audit.services import record
from app.errors import ConflictError, InvalidError
from app.reports.codes import Certainty, SnapshotKind
from app.reports.figures.counting import Office
from app.reports.models import Population, ReportSnapshot
from app.reports.periods import Period
from app.reports.sections import SECTIONS, Section
from app.reports.suppression import NOTE, Told, suppressed_together
from app.reports.tables import FigureTable, as_json, from_json


@dataclass(frozen=True)
class Part:
    """A section with its tables, live or kept."""

    key: str
    title: str
    lead: str
    tables: Sequence[FigureTable]


def live(
    session: Session,
    office: Office,
    period: Period,
    *,
    sections: Iterable[Section] = SECTIONS,
    most: int | None = None,
) -> list[Part]:
    """The report as it stands now, to the day; with `most`, so many tables of each part."""
    return [
        Part(
            section.key,
            section.title,
            section.lead,
            [count() for count in islice(section.build(session, office, period).values(), most)],
        )
        for section in sections
    ]


def kept(content: Mapping[str, Any]) -> list[Part]:
    """The parts of a snapshot's content."""
    return [
        Part(part["key"], part["title"], part["lead"], [from_json(t) for t in part["tables"]])
        for part in content["parts"]
    ]


def _content(parts: Iterable[Part]) -> dict[str, Any]:
    return {
        "parts": [
            {
                "key": part.key,
                "title": part.title,
                "lead": part.lead,
                "tables": [as_json(table) for table in part.tables],
            }
            for part in parts
        ]
    }


def hidden(parts: Sequence[Part], period: Period, earlier: Sequence[Told]) -> list[Part]:
    """The parts as they may leave the team, all their tables reckoned with together and with what
    was told before.
    """
    whole = [table for part in parts for table in part.tables]
    shown = suppressed_together(whole, year=period.year, as_of=period.as_of, earlier=earlier)
    told = iter(
        table if table is before else _noted(table)
        for table, before in zip(shown, whole, strict=True)
    )
    return [
        Part(part.key, part.title, part.lead, [next(told) for _table in part.tables])
        for part in parts
    ]


def _noted(table: FigureTable) -> FigureTable:
    return replace(table, notes=(*table.notes, NOTE))


def told_before(session: Session, office: Office, *, year: int) -> list[Told]:
    """What outside readers have of an office that can be laid beside a report of a year: the kept
    ones of the year, the year before and the year after, in the order they were made.

    The office's row is locked until the request ends, where the database does not let writers in
    one by one anyway: two reports kept at the same moment would not know of each other.
    """
    session.execute(
        sa.select(Organisation.id)
        .where(Organisation.id == office.id)
        .with_for_update(key_share=True)
    )
    snapshots = session.scalars(
        sa.select(ReportSnapshot)
        .where(
            ReportSnapshot.organisation_id == office.id,
            ReportSnapshot.year.between(year - 1, year + 1),
        )
        .order_by(ReportSnapshot.id)
    )
    return [Told(one.year, one.as_of, _tables(one.exact), _tables(one.public)) for one in snapshots]


def _tables(content: Mapping[str, Any]) -> list[FigureTable]:
    return [table for part in kept(content) for table in part.tables]


def keep(
    session: Session,
    *,
    office: Office,
    period: Period,
    kind: SnapshotKind,
    reason: str | None,
    user_id: int,
) -> ReportSnapshot:
    """Keep the report as it is now. Nothing changes it afterwards, and nothing deletes it.

    The check number, which everybody is told, covers a random seal too: without it, small numbers
    could be guessed until the digest fits.

    Raises InvalidError for a final report of a month that is not over or a correction without its
    reason or its final report, ConflictError where that day has its final report already.
    """
    _check(session, office, period, kind, reason)
    earlier = told_before(session, office, year=period.year)
    parts = live(session, office, period)
    exact = {**_content(parts), "seal": secrets.token_hex(16)}
    written = json.dumps(exact, ensure_ascii=False, sort_keys=True).encode()
    snapshot = ReportSnapshot(
        organisation_id=office.id,
        office=office.name,
        year=period.year,
        as_of=period.as_of,
        kind=kind,
        reason=reason or None,
        exact=exact,
        public=_content(hidden(parts, period, earlier)),
        digest=hashlib.sha256(written).hexdigest()[:40],
        made_by=user_id,
    )
    session.add(snapshot)
    try:
        session.flush()  # two people at once: the database lets one final report through
    except sa.exc.IntegrityError as error:
        raise ConflictError(
            "この日の確定は、もうあります。直すときは「訂正」を選び、理由を書いてください。"
        ) from error
    record(
        session,
        deed=Deed.CREATED,
        record_kind="report_snapshot",
        record_id=snapshot.id,
        user_id=user_id,
        organisation_id=office.id,
        fields=("kind", "as_of"),
    )
    return snapshot


def _check(
    session: Session, office: Office, period: Period, kind: SnapshotKind, reason: str | None
) -> None:
    if kind is SnapshotKind.PRELIMINARY:
        return
    if not any(month.last == period.as_of for month in period.months):
        sentence = "確定と訂正は、終わった月の末日までで作ります。月の末日を選んでください。"
        raise InvalidError(sentence, fields={"as_of": [sentence]})
    if kind is SnapshotKind.FINAL:
        return
    if not reason:
        sentence = "何をなぜ直したかを書いてください。"
        raise InvalidError(sentence, fields={"reason": [sentence]})
    final = session.scalar(
        sa.select(ReportSnapshot.id).where(
            ReportSnapshot.organisation_id == office.id,
            ReportSnapshot.as_of == period.as_of,
            ReportSnapshot.kind == SnapshotKind.FINAL,
        )
    )
    if final is None:
        sentence = "この日の確定がまだないため、訂正はできません。先に「確定」を作ってください。"
        raise InvalidError(sentence, fields={"kind": [sentence]})


def add_population(
    session: Session,
    *,
    municipality: str,
    on_day: date,
    people: int,
    households: int | None,
    source: str,
    certainty: Certainty,
    user_id: int,
    today: date,
) -> Population:
    """A population on a day. Raises InvalidError for a day to come."""
    if on_day > today:
        sentence = "まだ来ていない日の人口は登録できません。統計に載っている日を入れてください。"
        raise InvalidError(sentence, fields={"on_day": [sentence]})
    population = Population(
        municipality=municipality,
        on_day=on_day,
        people=people,
        households=households,
        source=source,
        certainty=certainty,
        added_by=user_id,
    )
    session.add(population)
    session.flush()  # the audit entry names it
    record(
        session,
        deed=Deed.CREATED,
        record_kind="population",
        record_id=population.id,
        user_id=user_id,
        fields=("people", "on_day"),
    )
    return population
