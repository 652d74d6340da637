"""A month or a quarter in short: two or three pages to hand on, not all tables of a year.

Each figure stands beside the one of the month (quarter) before and the year so far, taken from the
very tables of the report. Nothing is worked out here that they do not say.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from app.placements.codes import StepKind
from app.reports.figures import issues
from app.reports.figures.counting import Office
from app.reports.periods import Period
from app.reports.sections import SECTIONS, Tables
from app.reports.services import Part
from app.reports.tables import Column, FigureTable, Picture, Row, Unit, Value


@dataclass(frozen=True)
class Beside:
    """A table set beside itself for other periods: one of its `column`s, rows down to `deepest` or
    `rows` alone.

    With `turned`, the columns of that row become the rows. `lean` leaves rows of noughts out.
    A `stock` is how things stood on a period's last day, which the year so far shares with it.
    """

    table: str
    column: str = ""
    deepest: int = 1
    turned: str = ""
    rows: tuple[str, ...] = ()
    lean: bool = False
    stock: bool = False
    title: str = ""

    @property
    def periods(self) -> int:
        """Of how many periods it tells at most."""
        return 2 if self.stock else 3


STEPS = (StepKind.VIEWING, StepKind.APPLICATION, StepKind.CONTRACT, StepKind.KEYS)
"""Of the way to the keys, the steps a manager asks for."""

TOLD: dict[str, tuple[Beside, ...]] = {
    "talks": (Beside("talks", turned="total", title="延べと実世帯"),),
    "routes": (Beside("routes"),),
    "plans": (Beside("plans"), Beside("closings", lean=True)),
    "homes": (
        Beside("ways"),
        Beside("rents", deepest=0, title="入居した世帯と家賃"),
        Beside("days_to_keys", "middle", rows=STEPS, title="受付からの日数（真ん中の世帯）"),
        Beside("refusals", deepest=2, lean=True),
    ),
    "towns": (Beside("towns", lean=True, stock=True, title="期間の終わりに探していた世帯"),),
    "watching": (
        Beside("check_ins"),
        Beside("attempts"),
        Beside("concerns", lean=True),
    ),
    "food": (Beside("food_handed"), Beside("food_requests")),
    "goods": (Beside("goods_needs", turned="total"),),
    "sheets": (Beside("sheets", turned="total", title="届いたつなぐシート"),),
}
"""What is told of each part beside the months of the intakes, the issues and the tenancies kept."""

AS_THEY_ARE = {"intakes": ("intakes", "intake_rate"), "watching": ("tenancies",)}
"""Tables that tell of the year so far by themselves."""

HEADLINES = (
    ("新規相談", "routes", "total"),
    ("終結", "closings", "total"),
    ("始めた入居の手続き", "ways", "total"),
    ("入居した世帯", "rents", "total"),
    ("食料を渡した世帯", "food_handed", "homes"),
    ("見守りの訪問と電話", "attempts", "total"),
)
"""Numbers at the head of the paper: name, table, row."""

ORDER = {s.key: float(n) for n, s in enumerate(SECTIONS) if s.key != "sheets"}
AFTER_ROUTES = ORDER["routes"] + 0.5
"""Where the sheets stand, which are a way people come, too."""

LEFT_OUT = "どの期間も0の行は省きました。"
NOTHING = "数えるものはありませんでした。"


@dataclass(frozen=True)
class Brief:
    """The paper's parts, the columns its tables have, and its headlines (name, number, before)."""

    parts: Sequence[Part]
    columns: Sequence[str]
    headlines: Sequence[tuple[str, str, Value, Value]]


def brief(session: Session, office: Office, period: Period, *, parts: Sequence[str] = ()) -> Brief:
    """A month or quarter for an office; `parts` are section keys, none means all."""
    chosen = [one for one in SECTIONS if not parts or one.key in parts]
    sections = sorted(chosen, key=lambda one: ORDER.get(one.key, AFTER_ROUTES))
    periods = compared(period)
    labels = [label for label, _one in periods]
    told = []
    for section in sections:
        if section.key == "issues":
            tables = [_issues(session, office, periods)]
        else:
            same = [section.build(session, office, one) for _label, one in periods]
            tables = _tables(section.key, same, labels)
        if tables:  # a part nobody chose tables of has no head on the paper either
            told.append(Part(section.key, section.title, section.lead, tables))
    return Brief(told, labels, list(_headlines(told, before=len(labels) > 1)))


def compared(period: Period) -> list[tuple[str, Period]]:
    """The period, the one before and the year so far, each with the months it has: 「4〜10月」."""
    periods = [period]
    if (previous := period.previous) is not None:
        periods.append(previous)
    year = period.year_so_far
    if year.first != period.first:
        periods.append(year)
    return [(_months(one), one) for one in periods]


def longest(told: Sequence[Any]) -> Any:
    """Of what is told of each period, that of the year so far – which may be the period itself."""
    return told[-1] if len(told) > 2 else told[0]


def _months(period: Period) -> str:
    first, last = period.first.month, period.last.month
    return f"{last}月" if first == last else f"{first}〜{last}月"


def _tables(key: str, same: Sequence[Tables], labels: Sequence[str]) -> list[FigureTable]:
    """One part of the paper: tables set beside themselves, then those of the year so far. What it
    does not print is not counted.
    """
    beside = [
        side_by_side(one, [tables[one.table]() for tables in same[: one.periods]], labels)
        for one in TOLD.get(key, ())
    ]
    whole = longest(same)
    return beside + [_plain(whole[one](), labels) for one in AS_THEY_ARE.get(key, ())]


def _plain(table: FigureTable, labels: Sequence[str]) -> FigureTable:
    picture = Picture.LINES if table.picture is Picture.LINES else Picture.NONE
    title = f"{table.title}（{labels[-1]}）" if len(labels) > 2 else table.title
    return replace(table, title=table.title if picture is Picture.LINES else title, picture=picture)


def side_by_side(one: Beside, tables: Sequence[FigureTable], labels: Sequence[str]) -> FigureTable:
    """The same figure of several periods, a column each.

    A row that a period does not have was counted nought times in it, unless it is an average.
    """
    labels = labels[: len(tables)]
    lines = [_turned(table, one.turned) if one.turned else _column(table, one) for table in tables]
    rows: dict[str, Row] = {row.key: row for line in reversed(lines) for row in line}
    order = _merged([[row.key for row in line] for line in reversed(lines)])
    found = [{row.key: row.values[0] for row in line} for line in lines]
    told = [
        replace(rows[key], values=tuple(line.get(key, 0) for line in found), from_=(), asks={})
        for key in order
    ]
    kept = [row for row in told if not one.lean or row.level == 0 or any(row.values)]
    # Notes speak of the rows below the sum and of the picture.
    notes = tables[0].notes if one.deepest and not one.stock else ()
    if len(kept) < len(told):
        notes = (*notes, LEFT_OUT if any(any(row.values) for row in kept) else NOTHING)
    unit, digits = _unit(tables[0], one)
    return replace(
        tables[0],
        title=one.title or tables[0].title,
        columns=tuple(
            Column(f"p{number}", label, unit, digits) for number, label in enumerate(labels)
        ),
        rows=tuple(kept),
        notes=notes,
        picture=Picture.NONE,
        shared={},
    )


def _merged(orders: Sequence[Sequence[str]]) -> list[str]:
    """The rows of all periods in one order: that of the first, and what it lacks behind the row it
    stands behind in its own.

    Examples
    --------
    >>> _merged([["rent", "all"], ["far", "rent", "old", "all"]])
    ['far', 'rent', 'old', 'all']
    """
    merged: list[str] = []
    for order in orders:
        at = 0
        for key in order:
            if key not in merged:
                merged.insert(at, key)
            at = merged.index(key) + 1
    return merged


def _unit(table: FigureTable, one: Beside) -> tuple[Unit, int]:
    column = table.columns[table.column_at(one.column) if one.column else 0]
    return column.unit, column.digits


def _column(table: FigureTable, one: Beside) -> list[Row]:
    at = table.column_at(one.column) if one.column else 0
    return [
        replace(row, values=(row.values[at],))
        for row in table.rows
        if row.level <= one.deepest and (not one.rows or row.key in one.rows)
    ]


def _turned(table: FigureTable, key: str) -> list[Row]:
    row = next(row for row in table.rows if row.key == key)
    return [
        Row(
            column.key,
            column.label,
            (value,),
            level=1,
            unit=column.unit if column.unit is not table.columns[0].unit else None,
            digits=column.digits,
        )
        for column, value in zip(table.columns, row.values, strict=True)
    ]


def _issues(session: Session, office: Office, periods: Sequence[tuple[str, Period]]) -> FigureTable:
    """The most frequent issues of the longest period, and how often each was ticked in the others.

    Each period's own table would tell its own ten and hide the others' in その他の項目.
    """
    found = [issues.counted(session, office, one) for _label, one in periods]
    often = sorted(longest(found).listed, key=lambda one: -one.count)[: issues.SHOWN]
    chosen = {one.code for one in often if one.count}
    tables = [
        issues.issue_table(
            label,
            [one for one in counts.listed if one.code in chosen],
            assessments=counts.assessments,
            total=counts.total,
        )
        for (label, _one), counts in zip(periods, found, strict=True)
    ]
    return side_by_side(Beside("issues"), tables, [label for label, _one in periods])


def _headlines(parts: Iterable[Part], *, before: bool) -> Iterable[tuple[str, str, Value, Value]]:
    """Name, unit, the number, and the one before – where the parts chosen tell it."""
    tables = {table.key: table for part in parts for table in part.tables}
    for name, key, at in HEADLINES:
        row = (
            next((row for row in tables[key].rows if row.key == at), None)
            if key in tables
            else None
        )
        if row is not None:
            unit = row.unit or tables[key].columns[0].unit
            yield name, unit.value, row.values[0], row.values[1] if before else None
