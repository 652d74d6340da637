"""Reading a residential support council's list of homes (居住支援協議会の物件一覧).

A sheet goes in; homes, questions and skipped rows come out. Three promises: nothing is lost (every
cell is kept as typed), nothing is guessed (what cannot be read becomes a sentence for a person)
and a row that lacks what a home needs – a name, an address with a town, a rent – is held back
rather than taken in half.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from app.geocoding import municipalities_with_town, split_address
from app.housing.homes.keys import HomeKey
from app.housing.lists.columns import ListHead, complete, field_of_head, find_head
from app.housing.lists.rows import ParsedHome, RowProblem, RowReader, Severity
from app.japanese import narrow
from app.sheets import Cell, MergedRange, Sheet, SheetRow, cell_text

__all__ = [
    "HeldRow",
    "ListReading",
    "ParsedHome",
    "RowProblem",
    "Severity",
    "SkippedRow",
    "read_council_list",
]

_SECTION = re.compile(r"[【〔\[■●◆▼].*")
_TOTAL_WORDS = frozenset({"以上", "合計", "総計", "小計", "計"})
_OF_THE_BUILDING = (
    "building", "address", "postal_code", "station", "walk", "built", "structure", "kind",
    "storeys", "lift", "agent", "landlord", "phone",
)  # fmt: skip
_TOTAL = re.compile(r"(?:以上|合計|総計|計)[^0-9]*(\d*)(?:件|戸|室)?")


@dataclass(frozen=True)
class SkippedRow:
    """A row that is no home: a section title, a total, a repeated head."""

    row: int
    reason: str
    text: str


@dataclass(frozen=True)
class HeldRow:
    """A row that cannot become a home yet, with every cell as typed."""

    row: int
    as_typed: dict[str, str]
    key: HomeKey | None = None


@dataclass(frozen=True)
class ListReading:
    """Everything read from one list. ``repeats`` maps the row of a home that stands there twice to
    the row where it stands first; both are among ``homes``.
    """

    homes: tuple[ParsedHome, ...]
    problems: tuple[RowProblem, ...]
    held: tuple[HeldRow, ...]
    skipped: tuple[SkippedRow, ...]
    repeats: dict[int, int]
    head: ListHead

    @property
    def columns(self) -> dict[str, int]:
        """The mapping that was used: field to 1-based column."""
        return self.head.columns


def read_council_list(
    sheet: Sheet,
    *,
    today: date,
    chosen: dict[str, int] | None = None,
    head: ListHead | None = None,
    nearby: Iterable[str] = (),
) -> ListReading:
    """Read all homes of a list.

    Parameters
    ----------
    sheet
        The opened sheet.
    today
        Dates without century and ages of buildings are read against this day.
    chosen
        Columns a person assigned by hand, field to 1-based column; they win over the proposal.
    head
        The whole head as a person or the sender's last list had it; then nothing is proposed.
    nearby
        Municipalities to look for a town in when a row names none; those that other rows of the
        same list name are always looked through.

    Raises
    ------
    MissingColumnsError
        When there is no column for the name, the address or the rent.
    """
    head = find_head(sheet, chosen) if head is None else complete(head)
    rows, skipped, total = _data_rows(sheet, head)
    named = tuple(_municipalities_named(rows, head) | dict.fromkeys(nearby))

    @cache  # one street stands in many rows
    def places(address: str) -> tuple[str, ...]:
        return municipalities_with_town(address, named)

    readers = [RowReader(row, head, today, places) for row in rows]
    homes = [home for reader in readers if (home := reader.home())]
    problems = [problem for reader in readers for problem in reader.problems]
    problems += _sheet_problems(sheet, head)
    repeats = _repeats(homes)
    for row, first in repeats.items():
        sentence = f"{first}行目と同じ住戸です。どちらが正しいか確かめて、片方を外してください。"
        problems.append(RowProblem(row, None, "building", sentence, Severity.QUESTION))
    if total is not None and total[1] != len(homes):
        sentence = (
            f"一覧には「{total[1]}件」とありますが、読み取れたのは{len(homes)}件です。"
            "抜けた行がないか確かめてください。"
        )
        problems.append(RowProblem(total[0], None, "total", sentence, Severity.QUESTION))
    homes_rows = {home.row for home in homes}
    held = [
        HeldRow(reader.number, reader.as_typed, reader.key)
        for reader in readers
        if reader.number not in homes_rows
    ]
    ordered = sorted(problems, key=lambda problem: problem.row)
    return ListReading(tuple(homes), tuple(ordered), tuple(held), tuple(skipped), repeats, head)


# -- rows ----------------------------------------------------------------------------------------


def _data_rows(
    sheet: Sheet, head: ListHead
) -> tuple[list[SheetRow], list[SkippedRow], tuple[int, int] | None]:
    """Rows that may be homes, the others with the reason, and the stated total."""
    rows: list[SheetRow] = []
    skipped: list[SkippedRow] = []
    total = None
    for row in _filled_down(sheet, head):
        if row.number <= head.last_row or row.is_blank:
            continue
        filled = [text for cell in row.cells if (text := cell_text(cell).strip())]
        plain = narrow(filled[0]).replace(" ", "") if filled else ""
        if not filled:
            continue
        if len(filled) <= 2 and (
            found := _TOTAL.fullmatch("".join(map(narrow, filled)).replace(" ", ""))
        ):
            skipped.append(SkippedRow(row.number, "件数の行", filled[0]))
            total = (row.number, int(found[1])) if found[1] else total
        elif plain in _TOTAL_WORDS:
            skipped.append(SkippedRow(row.number, "合計の行", filled[0]))
        elif len(filled) == 1 and (_SECTION.fullmatch(plain) or not plain.isdigit()):
            skipped.append(SkippedRow(row.number, "区切りの行", filled[0]))
        elif _is_head_again(row, head):
            skipped.append(SkippedRow(row.number, "見出しの繰り返し", filled[0]))
        else:
            rows.append(row)
    return rows, skipped, total


def _filled_down(sheet: Sheet, head: ListHead) -> Iterator[SheetRow]:
    """The rows with what a merged cell says of a whole building written to each of its homes.

    Only cells merged over several rows are carried down, and only in columns that speak of the
    building: an empty cell below a name may be a forgotten one.
    """
    columns = {head.columns[field] for field in _OF_THE_BUILDING if field in head.columns}
    down: dict[int, list[tuple[int, MergedRange]]] = defaultdict(list)
    for area in sheet.merged:
        if area.first_column in columns and area.first_row > head.last_row:
            for number in range(area.first_row + 1, area.last_row + 1):
                down[number].append((area.first_column, area))
    above: dict[MergedRange, Cell] = {}
    starts = {(area.first_row, area.first_column): area for areas in down.values()
              for _, area in areas}  # fmt: skip
    for row in sheet.rows:
        cells = list(row.cells)
        for column in columns:
            start = starts.get((row.number, column))
            if start is not None and column <= len(cells):
                above[start] = cells[column - 1]
        if not row.is_blank:
            for column, area in down.get(row.number, ()):
                if column <= len(cells) and cells[column - 1] is None:
                    cells[column - 1] = above.get(area)
        yield SheetRow(row.number, tuple(cells))


def _is_head_again(row: SheetRow, head: ListHead) -> bool:
    """Printed lists repeat their head on each page."""
    filled = [text for cell in row.cells if (text := cell_text(cell).strip())]
    return len(filled) >= len(head.columns) // 2 and all(field_of_head(text) for text in filled)


def _municipalities_named(rows: list[SheetRow], head: ListHead) -> dict[str, None]:
    """The municipalities that rows of the list name, in order of appearance."""
    column = head.columns["address"]
    named: dict[str, None] = {}
    for row in rows:
        if len(row.cells) < column:  # a short line has no address to name one
            continue
        municipality, _ = split_address(cell_text(row.cells[column - 1]))
        if municipality:
            named[municipality.name] = None
    return named


def _sheet_problems(sheet: Sheet, head: ListHead) -> list[RowProblem]:
    """What the file itself had: formulas without result, error values, shifted lines."""
    return [
        RowProblem(
            found.row,
            head.labels.get(found.column or 0),
            found.code,
            found.sentence,
            Severity.QUESTION,
        )
        for found in sheet.problems
        if found.row > head.last_row
    ]


def _repeats(homes: list[ParsedHome]) -> dict[int, int]:
    first: dict[str, int] = {}
    repeats = {}
    for home in homes:
        if str(home.key) in first:
            repeats[home.row] = first[str(home.key)]
        else:
            first[str(home.key)] = home.row
    return repeats
