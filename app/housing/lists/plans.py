"""What taking in a list would do, row by row, decided against the homes known at that moment.

The preview and the taking-in use the same plan, so that what was shown is what happens – unless
somebody changed a home in between, and then the row says so.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from app.directory.models import Partner
from app.housing.codes import HOME_STATE_LABELS, HomeState
from app.housing.homes.keys import HomeKey, recognise
from app.housing.lists.models import HomeStatement, RowOutcome
from app.housing.lists.reading import ListReading
from app.housing.lists.rows import ParsedHome, RowProblem, Severity
from app.housing.lists.said import (
    BUILDING_LABELS,
    VACANCY,
    Said,
    Vacancy,
    agree,
    label_of,
    news_of_building,
    on_record,
    said_by,
    words_of,
)
from app.housing.lists.verdicts import WRITTEN, Spoken, Verdict, spoken_by, verdicts
from app.housing.models import Home
from app.sheets import Sheet, cell_text

OWN_RECORD = "窓口の記録"

OPEN_TO_LISTS = frozenset({HomeState.VACANT, HomeState.STOPPED})
"""Only these states may be changed by a list; behind the others stands a household."""

HIGHEST_RENT = 10_000_000
_LONGEST = 200
_MANY = 500


@dataclass
class PlannedRow:
    """One row: its words as typed, what will become of it, and why."""

    row: int
    outcome: RowOutcome
    as_typed: dict[str, str]
    parsed: ParsedHome | None = None
    home: Home | None = None
    problems: list[dict[str, str]] = field(default_factory=list)
    changes: list[dict[str, str]] = field(default_factory=list)
    said: dict[str, Said] = field(default_factory=dict)
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    may_be: list[int] = field(default_factory=list)

    @property
    def taken_in(self) -> bool:
        """Whether the row makes or changes a home, or puts a question about it."""
        return self.outcome in TAKEN_IN

    @property
    def heard(self) -> bool:
        """Whether what the row says is kept as the sender's word."""
        return self.taken_in or (
            self.outcome is RowOutcome.SAME
            and self.home is not None
            and self.home.state in OPEN_TO_LISTS
        )


TAKEN_IN = frozenset({RowOutcome.NEW, RowOutcome.CHANGED, RowOutcome.ASKED})


@dataclass
class Plan:
    """All rows of a list in order, what its sender said before, and what it leaves out now."""

    rows: list[PlannedRow]
    spoken: Spoken
    gone: list[int]


class KnownHomes:
    """The homes on record, found by key however a list writes them."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._by_local: dict[tuple[str, ...], list[HomeKey]] = defaultdict(list)
        self._ids: dict[HomeKey, int] = {}
        for home_id, text in session.execute(sa.select(Home.id, Home.key)):
            key = key_from_text(text)
            self._by_local[key.local].append(key)
            self._ids[key] = home_id

    def ids(self, key: HomeKey) -> list[int]:
        """The homes a key may stand for."""
        return [self._ids[found] for found in recognise(key, self._by_local[key.local])]

    def load(self, ids: Iterable[int]) -> dict[int, Home]:
        """Those homes with all that a row is compared with."""
        wanted, found = sorted(set(ids)), {}
        for start in range(0, len(wanted), _MANY):
            homes = self._session.scalars(
                sa.select(Home)
                .where(Home.id.in_(wanted[start : start + _MANY]))
                .options(joinedload(Home.agent), joinedload(Home.landlord))
            )
            found.update({home.id: home for home in homes})
        return found


def key_from_text(text: str) -> HomeKey:
    """The key behind its stored text."""
    municipality, _, rest = text.partition("|")
    street, _, rest = rest.partition("|")
    building, _, room = rest.rpartition("|")
    return HomeKey("" if municipality == "?" else municipality, street, building, room)


def plan_rows(
    session: Session, sheet: Sheet, reading: ListReading, *, sender_id: int | None
) -> Plan:
    """Every row of the sheet that says anything, in order: homes, held back and skipped ones."""
    problems = _problems(reading.problems)
    known = KnownHomes(session)
    spoken = spoken_by(session, sender_id)
    found = {home.row: known.ids(home.key) for home in reading.homes}
    homes = known.load(ids[0] for ids in found.values() if len(ids) == 1)
    planned = [_home_row(home, reading, found[home.row], homes, spoken) for home in reading.homes]
    planned += [
        PlannedRow(
            held.row,
            RowOutcome.UNREADABLE,
            dict(held.as_typed),
            may_be=known.ids(held.key) if held.key else [],
        )
        for held in reading.held
    ]
    for row in planned:
        row.problems = [*problems.get(row.row, []), *row.problems]
    done = {row.row for row in planned}
    planned += _other_rows(sheet, reading, done, problems)
    rows = sorted(_told_apart(planned), key=lambda row: row.row)
    _name_sources(session, rows)
    return Plan(rows, spoken, _gone(session, spoken, rows))


def _gone(session: Session, spoken: Spoken, rows: list[PlannedRow]) -> list[int]:
    """Vacancies that this sender listed until now and leaves out: those of no other sender, and
    not those a row may stand for that cannot be read.
    """
    here = {row.home.id for row in rows if row.home is not None}
    here.update(home_id for row in rows for home_id in row.may_be)
    listed = {
        home_id
        for home_id, fields in spoken.items()
        if (said := fields.get(VACANCY)) is not None and said.value == Vacancy.LISTED
    }
    left_out = sorted(listed - here)
    vacant = sa.select(Home.id).where(Home.state == HomeState.VACANT)
    return [
        home_id
        for start in range(0, len(left_out), _MANY)
        for home_id in session.scalars(
            vacant.where(Home.id.in_(left_out[start : start + _MANY])).order_by(Home.id)
        )
    ]


def _home_row(
    parsed: ParsedHome, reading: ListReading, ids: list[int], homes: dict[int, Home], spoken: Spoken
) -> PlannedRow:
    heads = {name: reading.head.labels.get(at, "") for name, at in reading.columns.items()}
    row = PlannedRow(parsed.row, RowOutcome.NEW, dict(parsed.as_typed), parsed)
    row.said, row.may_be = said_by(parsed, heads), ids
    if (sentence := _impossible(parsed)) is not None:
        return replace(row, outcome=RowOutcome.UNREADABLE, problems=[_problem("", sentence)])
    if parsed.row in reading.repeats:
        return replace(row, outcome=RowOutcome.REPEAT)
    if len(ids) > 1:
        sentence = (
            f"登録済みの{len(ids)}つの住戸のどれか決められません。市区町村を書き足してください。"
        )
        return replace(row, outcome=RowOutcome.DOUBTFUL, problems=[_problem("", sentence)])
    return _known_row(row, homes[ids[0]], spoken) if ids else row


def _known_row(row: PlannedRow, home: Home, spoken: Spoken) -> PlannedRow:
    """Compare with the home on record; one promised to a household is never changed by a list."""
    row.home = home
    row.verdicts = verdicts(home, row.said, spoken.get(home.id, {}))
    row.changes = [
        _change(home, name, row.said[name], verdict)
        for name, verdict in row.verdicts.items()
        if verdict in WRITTEN or verdict is Verdict.ASK
    ]
    assert row.parsed is not None  # noqa: S101 - the caller has just read it
    if home.state not in OPEN_TO_LISTS:
        return _promised_row(row, home)
    row.changes += [
        {"field": name, "label": BUILDING_LABELS[name], "before": "", "after": words,
         "kind": Verdict.ENRICH.value}
        for name, words in news_of_building(home, row.parsed).items()
    ]  # fmt: skip
    asked = any(change["kind"] == Verdict.ASK for change in row.changes)
    changed = RowOutcome.CHANGED if row.changes else RowOutcome.SAME
    row.outcome = RowOutcome.ASKED if asked else changed
    return row


def _promised_row(row: PlannedRow, home: Home) -> PlannedRow:
    """Say what a list has differently of a home it may not change."""
    row.outcome = RowOutcome.DOUBTFUL if row.changes else RowOutcome.SAME
    if row.changes:
        words = "、".join(
            f"{c['label']} {c['before'] or '未確認'}→{c['after']}" for c in row.changes
        )
        sentence = (
            f"「{HOME_STATE_LABELS[home.state]}」の住戸です。"
            f"一覧との違い（{words}）は取り込みません。取扱に確かめてください。"
        )
        row.problems = [_problem("", sentence)]
    return row


def _change(home: Home, name: str, said: Said, verdict: Verdict) -> dict[str, str]:
    return {
        "field": name,
        "label": label_of(name),
        "before": words_of(name, on_record(home, name)),
        "after": words_of(name, said.value),
        "kind": verdict.value,
    }


def _name_sources(session: Session, rows: list[PlannedRow]) -> None:
    """Say beside each question who the value on record comes from."""
    asked = [row for row in rows if row.outcome is RowOutcome.ASKED and row.home is not None]
    ids = sorted({row.home.id for row in asked if row.home is not None})
    sources: dict[tuple[int, str], list[tuple[object, str]]] = defaultdict(list)
    statements = (
        sa.select(HomeStatement.home_id, HomeStatement.field, HomeStatement.value, Partner.name)
        .join(Partner, Partner.id == HomeStatement.sender_id)
        .where(HomeStatement.current)
    )
    for start in range(0, len(ids), _MANY):
        part = statements.where(HomeStatement.home_id.in_(ids[start : start + _MANY]))
        for home_id, name, value, sender in session.execute(part):
            sources[home_id, name].append((value, sender))
    for row in asked:
        for change in row.changes:
            if change["kind"] == Verdict.ASK and row.home is not None:
                name, known = change["field"], on_record(row.home, change["field"])
                named = [sender for value, sender in sources[row.home.id, name]
                         if agree(name, value, known)]  # fmt: skip
                change["source"] = named[0] if named else OWN_RECORD


def _told_apart(planned: list[PlannedRow]) -> list[PlannedRow]:
    """Two rows that turned out to be one known home: the first counts, the second is a repeat."""
    first: dict[int, int] = {}
    for row in sorted(planned, key=lambda row: row.row):
        if row.home is None or row.outcome is RowOutcome.REPEAT:
            continue
        if row.home.id in first:
            sentence = (
                f"{first[row.home.id]}行目と同じ住戸です。"
                "どちらが正しいか確かめて、片方を外してください。"
            )
            row.outcome, row.changes = RowOutcome.REPEAT, []
            row.problems.append(_problem("", sentence))
        first.setdefault(row.home.id, row.row)
    return planned


def _impossible(parsed: ParsedHome) -> str | None:
    """What no home can have, and no column could hold."""
    if parsed.rent_yen > HIGHEST_RENT:
        return f"家賃が{parsed.rent_yen:,}円になります。桁を確かめてください。"
    if max(len(parsed.building), len(parsed.address), len(parsed.room), len(str(parsed.key))) > (
        _LONGEST
    ):
        return f"物件名・所在地・号室が長すぎます（合わせて{_LONGEST}文字まで）。"
    return None


def _problems(found: Iterable[RowProblem]) -> dict[int, list[dict[str, str]]]:
    by_row: dict[int, list[dict[str, str]]] = defaultdict(list)
    for problem in found:
        by_row[problem.row].append(
            _problem(problem.column or "", problem.sentence, held=problem.severity is Severity.HELD)
        )
    return by_row


def _problem(column: str, sentence: str, *, held: bool = False) -> dict[str, str]:
    return {
        "column": column,
        "sentence": sentence,
        "severity": (Severity.HELD if held else Severity.QUESTION).value,
    }


def _other_rows(
    sheet: Sheet,
    reading: ListReading,
    done: set[int],
    problems: dict[int, list[dict[str, str]]],
) -> list[PlannedRow]:
    """Titles, heads, section titles and totals: kept as typed like everything else."""
    reasons = {row.row: row.reason for row in reading.skipped}
    rows = []
    for row in sheet.rows:
        if row.number in done or row.is_blank:
            continue
        above = "見出し" if row.number <= reading.head.last_row else "空の行"
        cells = {f"{n}列目": text for n, c in enumerate(row.cells, 1) if (text := cell_text(c))}
        reason = {"column": "", "sentence": reasons.get(row.number, above), "severity": "skipped"}
        told = [*problems.get(row.number, []), reason]
        rows.append(PlannedRow(row.number, RowOutcome.SKIPPED, cells, problems=told))
    return rows
