"""協議会に渡す一枚: what a council of landlords, agents and offices may see and talk about.

No person is in it: numbers are those of a kept report with small ones hidden, homes and things to
look for are told where five households or more stand behind them, and what was refused is put as
a question to discuss, not as a reproach to anybody.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.reports import queries, services
from app.reports.brief import STEPS
from app.reports.codes import SNAPSHOT_LABELS
from app.reports.figures.counting import Office
from app.reports.models import ReportSnapshot
from app.reports.recruit import HomeWish, TermWish, homes_wanted, things_wanted
from app.reports.suppression import FEWEST, NOTE
from app.reports.tables import FigureTable, Row
from app.wording import day

WAIT = "days_to_keys"
TOLD = ("intakes", "routes", WAIT, "rents")
"""Tables of which the council reads the sums, where the report has them."""

REFUSALS = "refusals"
DEEPEST = 1


@dataclass(frozen=True)
class CouncilSheet:
    """What stands on the sheet. Of the tables `untold`, by title, every number is hidden; `notes`
    hold for all tables.
    """

    office: Office
    state: str
    tables: Sequence[FigureTable]
    untold: Sequence[str]
    notes: Sequence[str]
    questions: Sequence[str]
    homes: Sequence[HomeWish]
    terms: Sequence[TermWish]
    things: Sequence[dict[str, Any]]

    @property
    def looked_for(self) -> list[str]:
        """Homes to look for, and conditions whose change would house somebody, as sentences."""
        return [wish.sentence for wish in self.homes] + [term.sentence for term in self.terms]


def council_sheet(session: Session, office: Office, *, year: int) -> CouncilSheet | None:
    """The sheet of a fiscal year's newest kept report; None where nothing was kept."""
    snapshot = queries.newest_snapshot(session, office, year=year)
    if snapshot is None:
        return None
    tables = {table.key: table for part in services.kept(snapshot.public) for table in part.tables}
    found = [_sums(tables[key]) for key in TOLD if key in tables]
    untold = [table.title for table in found if table.untold]
    looked_for = homes_wanted(session, office, exact=False)
    return CouncilSheet(
        office=office,
        state=_state(snapshot),
        tables=[table for table in found if not table.untold],
        untold=untold,
        notes=[NOTE, *([f"人数が少ないため出していない表：{'、'.join(untold)}"] if untold else [])],
        questions=list(_questions(tables.get(REFUSALS))),
        homes=looked_for.wishes,
        terms=looked_for.terms,
        things=things_wanted(session),
    )


def _state(snapshot: ReportSnapshot) -> str:
    return f"{SNAPSHOT_LABELS[snapshot.kind]}　{day(snapshot.as_of)}まで"


def _sums(table: FigureTable) -> FigureTable:
    """The table without its deepest rows: an office that sent one person is nobody's business. How
    small numbers are hidden is said once for all tables.

    Of the steps to the keys those are told that landlords and agents take part in.
    """
    chosen = STEPS if table.key == WAIT else tuple(row.key for row in table.rows)
    rows = tuple(row for row in table.rows if row.level <= DEEPEST and row.key in chosen)
    notes = tuple(note for note in table.notes if note != NOTE)
    return FigureTable(
        table.key, table.title, table.definition, table.head, table.columns, rows, notes
    )


def _questions(table: FigureTable | None) -> Iterator[str]:
    """What was refused often enough to be told, the most frequent first."""
    if table is None:
        return
    above = {row.part_of for row in table.rows}
    often = [
        (row, row.values[0])
        for row in table.rows
        if row.key not in above and isinstance(row.values[0], int) and row.values[0] >= FEWEST
    ]
    for row, count in sorted(often, key=lambda one: -int(one[1])):
        yield f"「{row.label}」ため、住まいが決まらなかったことが{count}件ありました。{_ask(row)}"


def _ask(row: Row) -> str:
    if row.key.startswith("condition:"):
        return "この条件を変えられる貸主の方、または代わりの方法はありますか。"
    if row.key.startswith(("landlord:", "guarantor:", "company:")):
        return "どんな備え（見守り・代理納付・緊急の連絡先など）があれば、受け入れられますか。"
    return "どうすれば決まりやすくなるか、考えを聞かせてください。"
