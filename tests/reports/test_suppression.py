"""What may not be told cannot be worked out from what is told: tried by whoever can add."""

import itertools
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.cases.models import Route
from app.cases.work.models import LogMethod
from app.foodbank.donors.figures import Asked
from app.foodbank.models import RequestState
from app.reports.figures.arrivals import UNNAMED, route_table
from app.reports.figures.food import Request, asked_table
from app.reports.figures.talks import Talk, method_table
from app.reports.periods import Period
from app.reports.suppression import FEWEST, Told, suppressed, suppressed_together
from app.reports.tables import HIDDEN, Column, FigureTable, Row, Unit, add_up, share

pytestmark = pytest.mark.once


def a_table(groups, months=("m1", "m2", "m3")):
    """Rows in groups with their sums and a total; columns months with their sum and its share."""
    columns = [*(Column(key, key, part_of="year") for key in months), Column("year", "year")]
    columns.append(Column("share", "share", Unit.PERCENT, 1, from_=("year",)))
    rows, sums = [], []
    for number, group in enumerate(groups):
        inside = [[*cells, sum(cells)] for cells in group]
        whole = [add_up(column) for column in zip(*inside, strict=True)]
        sums.append(whole)
        rows += [
            Row(f"{number}-{n}", "", tuple(cells), part_of=f"g{number}", level=2)
            for n, cells in enumerate(inside)
        ]
        rows.append(Row(f"g{number}", "", tuple(whole), part_of="total", level=1))
    total = [add_up(column) for column in zip(*sums, strict=True)]
    rows.append(Row("total", "", tuple(total)))
    whole = total[-1]
    drawn = tuple(
        Row(r.key, r.label, (*r.values, share(r.values[-1], whole)), r.part_of, r.level)
        for r in rows
    )
    return FigureTable("t", "t", "", "", tuple(columns), drawn)


def told(table):
    return [list(row.values) for row in table.rows]


def test_large_numbers_and_noughts_are_told():
    table = a_table([[[5, 9, 0], [12, 30, 7]]])
    assert suppressed(table) is table


def test_one_small_number_takes_others_with_it():
    shown = suppressed(a_table([[[2, 40, 50], [60, 70, 80], [5, 90, 100]]]))
    row, same = shown.rows[0].values, shown.rows[2].values
    assert row[0] == HIDDEN
    assert HIDDEN in row[1:3]  # or the row gives it back
    assert same[0] == HIDDEN  # or the column does: the next smallest of it
    assert shown.value("total", "year") == 2 + 40 + 50 + 60 + 70 + 80 + 5 + 90 + 100


def test_a_share_goes_with_the_number_it_is_made_of():
    shown = suppressed(a_table([[[1, 1, 1], [200, 200, 200]]]))
    assert shown.rows[0].values[-1] == HIDDEN
    assert shown.value("total", "share") == 100.0


def test_two_ones_under_a_two_are_not_left_to_be_guessed():
    """1 + 1 = 2 with both hidden is no secret: nothing else can be meant."""
    shown = suppressed(a_table([[[1, 30, 40], [1, 50, 60], [90, 70, 80]]]))
    column = [row.values[0] for row in shown.rows[:3]]
    assert column == [HIDDEN, HIDDEN, HIDDEN] or shown.rows[3].values[0] == HIDDEN


def test_a_row_of_the_table_without_people_is_left_alone():
    table = a_table([[[2, 3, 1]]])
    yen = FigureTable(
        "t", "t", "", "", (Column("yen", "yen", Unit.YEN, persons=False),), (Row("a", "", (3,)),)
    )
    assert suppressed(yen) is yen
    assert suppressed(table) != table


def test_households_of_ways_that_barely_overlap_cannot_be_worked_out():
    """Twelve households, eight met in the office, four at home on five visits: without more being
    hidden, those visited would be four or five.
    """
    talks = [Talk(n, 4, LogMethod.MEETING, 1) for n in range(8)]
    talks += [Talk(n, 4, LogMethod.VISIT, 1 + (n == 8)) for n in range(8, 12)]
    shown = suppressed(method_table(Period(2025, date(2026, 3, 31)), talks))
    rows = {row.key: row.values for row in shown.rows}
    assert rows["visit"][1] == HIDDEN
    fits = {
        (met, visited, total)
        for met, visited, total in itertools.product(range(1, 14), repeat=3)
        if max(met, visited) <= total <= met + visited
        and (rows["meeting"][0] == HIDDEN or met <= 8)
        and (rows["visit"][0] == HIDDEN or visited <= 5)
        and rows["meeting"][1] in {HIDDEN, met}
        and rows["met"][1] in {HIDDEN, total}
        and rows["total"][1] in {HIDDEN, total}
    }
    assert len({visited for _met, visited, _total in fits}) >= FEWEST


def test_days_covered_do_not_tell_that_they_were_one_box():
    day = date(2026, 5, 1)
    met = [Request(Asked(day, 3, 1), RequestState.HANDED_OUT)]
    unmet = [Request(Asked(day, 3, 0), RequestState.OPEN)] * 8
    rows = {row.key: row.values[0] for row in suppressed(asked_table("", met + unmet)).rows}
    assert rows["handed_out"] == rows["covered"] == rows["short"] == rows["share"] == HIDDEN
    assert (rows["total"], rows["asked"]) == (9, 27)


def test_the_place_of_a_hidden_row_does_not_tell_its_number():
    """Told ones stay by their numbers, hidden ones follow by name, and the next report finds
    them again.
    """
    counts = {"不動産": 12, "社協": 9, "病院": 4, "高校": 3, "警察": 2, "民生委員": 1}
    arrivals = [(Route.OUTSIDE, name, count) for name, count in counts.items()]
    table = route_table("", [*arrivals, (Route.OUTSIDE, "", 2)])
    first = Told(2025, date(2025, 5, 31), [table], suppressed_together([table]))
    (then,) = suppressed_together([table], year=2025, as_of=date(2025, 6, 30), earlier=[first])
    for shown in (first.public[0], then):
        named = [row for row in shown.rows if row.level == 2]
        assert [row.label for row in named] == [
            "不動産", "社協", *sorted(["病院", "高校", "警察", "民生委員"]), UNNAMED,
        ]  # fmt: skip
        assert [row.values[0] for row in named] == [12, 9, *[HIDDEN] * 5]


TWO = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
# What two rows and two months add up to: each row's year, the months, and everything.
SUMS = np.array([[1, 1, 0, 0], [0, 0, 1, 1], [1, 0, 1, 0], [0, 1, 0, 1], [1, 1, 1, 1]])
GUESSES = np.array(list(itertools.product(range(16), repeat=4)))
ADDED = GUESSES @ SUMS.T


@settings(max_examples=60)
@given(st.lists(st.integers(0, 9), min_size=4, max_size=4))
def test_every_small_number_could_still_be_five_things(cells):
    """All tables of whole numbers up to 15 that look like the one shown, hidden ones at least 1."""
    table = a_table([[cells[:2], cells[2:]]], months=("m1", "m2"))
    shown = suppressed(table)
    leaves = [shown.rows[r].values[c] for r, c in TWO]
    sums = [
        shown.rows[0].values[2],
        shown.rows[1].values[2],
        *(shown.value("total", key) for key in ("m1", "m2", "year")),
    ]
    fits = np.ones(len(GUESSES), dtype=bool)
    for column, told_there in [
        *zip(GUESSES.T, leaves, strict=True),
        *zip(ADDED.T, sums, strict=True),
    ]:
        fits &= column >= 1 if told_there == HIDDEN else column == told_there
    for number, true in enumerate(cells):
        if 0 < true < FEWEST:
            possible = set(GUESSES[fits][:, number])
            assert len(possible) >= FEWEST
            assert max(possible) >= FEWEST


@settings(max_examples=25)
@given(
    st.lists(
        st.lists(st.lists(st.integers(0, 12), min_size=3, max_size=3), min_size=1, max_size=4),
        min_size=1,
        max_size=3,
    )
)
def test_what_is_told_is_true_and_no_small_number_is_told(groups):
    table = a_table(groups)
    shown = suppressed(table)
    for row, full in zip(told(shown), told(table), strict=True):
        for value, true in zip(row, full, strict=True):
            assert value in {HIDDEN, true}
        for value in row[:4]:
            assert value in {HIDDEN, 0} or value >= FEWEST
