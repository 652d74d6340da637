"""Measure the engine against the machine's own limits and against named peers, in one run.

Absolute times of a shared machine say little; every row is a ratio of two medians taken in turn
in this run. Answers are checked as well as timed. The table goes to docs/benchmarks.md.
"""

import argparse
import os
import platform
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402 - the path comes first
import scipy  # noqa: E402
from bench_app import list_rows  # noqa: E402
from bench_assignment import assignment_rows  # noqa: E402
from bench_distances import error_rows, loop_rows  # noqa: E402
from bench_food import helper_rows  # noqa: E402
from bench_optima import optimum_rows  # noqa: E402
from bench_parcels import parcel_rows  # noqa: E402
from bench_reports import report_rows  # noqa: E402
from bench_supply import supply_rows  # noqa: E402
from bench_table import Row, in_turn, pace  # noqa: E402

from matching.assignment import assign  # noqa: E402
from matching.explain import home_sentences  # noqa: E402
from matching.geo import earth_xyz  # noqa: E402
from matching.home_columns import HomeColumns, columns  # noqa: E402
from matching.homes import describe, rank_homes  # noqa: E402
from matching.landlord_side import landlord_offers  # noqa: E402
from matching.market import Market  # noqa: E402
from matching.need import (  # noqa: E402
    Anchor,
    Band,
    Floor,
    HouseholdNeed,
    IncomeShare,
    Place,
    RentCeiling,
    Support,
)
from matching.open_needs import OpenNeed, open_market  # noqa: E402
from matching.recruiting import home_like, recruits  # noqa: E402
from matching.sorting import Sorting, sort_homes  # noqa: E402

TABLE = ROOT / "docs" / "benchmarks.md"
TODAY = date(2026, 11, 21)
LATITUDE, LONGITUDE = 35.4886, 139.4075
ZAMA = Place(LATITUDE, LONGITUDE)


def market(count: int, seed: int = 7) -> HomeColumns:
    """Random homes around 座間市 with about the shape of the council's lists."""
    rng = np.random.default_rng(seed)
    groups = ("elderly", "disabled", "public_assistance", "foreign")

    def some(low: int, high: int, kind: type[np.integer]) -> np.ndarray:
        return rng.integers(low, high, count).astype(kind)

    latitude = LATITUDE + rng.normal(0, 0.03, count)
    longitude = LONGITUDE + rng.normal(0, 0.03, count)
    day = TODAY.toordinal()
    return HomeColumns(
        ids=np.arange(1, count + 1),
        ask_ids=some(1, 500, np.int64),
        rent=rng.integers(28, 75, count) * 1000,
        fee=rng.integers(0, 4, count) * 1000,
        initial_cost=rng.integers(50, 300, count) * 1000,
        initial_covered=rng.integers(0, 50, count) * 1000,
        area_dm2=some(1200, 6000, np.int32),
        rooms=some(1, 4, np.int16),
        max_people=some(1, 5, np.int16),
        steps=some(0, 4, np.int16),
        walk_min=some(1, 30, np.int16),
        floor=some(0, 6, np.int16),
        lift=some(0, 3, np.int8),
        wheelchair=some(0, 3, np.int8),
        guarantor=some(0, 3, np.int8),
        company=some(0, 4, np.int8),
        contact=some(0, 4, np.int8),
        available_from=some(day - 30, day + 60, np.int32),
        confirmed_on=some(day - 90, day, np.int32),
        kind=np.zeros(count, np.int32),
        municipality=some(0, 4, np.int32),
        school_district=np.full(count, -1, np.int32),
        xyz=earth_xyz(latitude, longitude),
        location_error_m=np.full(count, 200.0),
        accepts=rng.integers(0, 5, (len(groups), count)).astype(np.int8),
        accepts_if=rng.integers(0, 16, (len(groups), count)).astype(np.int8),
        groups=groups,
        kinds=("private",),
        municipalities=("座間市", "大和市", "綾瀬市", "海老名市"),
    )


def need() -> HouseholdNeed:
    """A single older person on public assistance, with a hospital to be near."""
    return HouseholdNeed(
        people=1,
        rent_limit=RentCeiling((Band(15.0, 37000), Band(float("inf"), 41000))),
        groups=("elderly", "public_assistance"),
        floor=Floor.GROUND_OR_LIFT,
        supports=Support.WATCHING | Support.GUARANTOR_COMPANY,
        move_in_by=date(2026, 12, 30),
        funds=200_000,
        municipalities=("座間市", "大和市"),
        anchors=(Anchor(ZAMA, "見本病院"),),
    )


def memory_pass(homes: HomeColumns) -> Callable[[], object]:
    """Reading every column, three times so that the first time's wait for memory counts little."""
    arrays = [getattr(homes, name) for name in HomeColumns.__slots__]
    arrays = [a for a in arrays if isinstance(a, np.ndarray)]
    return lambda: [a.sum() for _ in range(3) for a in arrays]


def ranking_rows(count: int, runs: int, limit: float) -> list[Row]:
    homes, asked = market(count), need()
    found = sort_homes(asked, homes, today=TODAY)
    thrice, rank, words = in_turn(
        [
            memory_pass(homes),
            lambda: sort_homes(asked, homes, today=TODAY),
            lambda: in_words(found),
        ],
        runs,
    )
    once = thrice / 3
    ratio = rank / once
    return [
        Row(
            f"Rank one household, {count:,} homes, all conditions, near misses, top 50",
            "one memory pass over the same columns",
            ratio,
            f"≤ {limit:g}",
            ratio <= limit,
            f"{rank * 1000:.1f} ms against {once * 1000:.2f} ms",
            short=f"{rank / count * 1e9:.0f} ns a home for the ranking, {once / count * 1e9:.1f} ns"
            " for the pass. The ranking is arithmetic and follows the processor's pace; the pass"
            " follows the memory's. The ratio rises where the processor is slowed and the memory is"
            " not.",
        ),
        Row(
            f"Words for the top 50 of each group, {count:,} homes, questions and what-ifs included",
            "the ranking itself",
            words / rank,
            "≤ 1",
            words <= rank,
            f"{words * 1000:.1f} ms",
        ),
        *loop_rows(count, rank, 3),
    ]


def in_words(found: Sorting) -> list[str]:
    """Everything the first fifty of each group are shown with."""
    ranking = describe(found, 50)
    return [home_sentences(one) for one in (*ranking.fits, *ranking.near, *ranking.unknown)]


def repeat_row(count: int) -> Row:
    homes, asked = market(count), need()
    same = rank_homes(asked, homes, today=TODAY) == rank_homes(asked, homes, today=TODAY)
    detail = f"{count:,} homes"
    return Row("The same question twice", "equal answers", float(same), "1", same, detail, same)


def recruiting_row(households: int, count: int, runs: int) -> Row:
    """Homes to look for next, tried by assigning everybody again, and one landlord's offers."""
    homes, asked = market(count), need()
    floors, funds = tuple(Floor), (100_000, 200_000, 300_000)
    needs = [
        OpenNeed(
            number,
            replace(
                asked,
                people=1 + number % 3,
                floor=floors[number % len(floors)],
                funds=funds[number % len(funds)],
                rent_limit=IncomeShare(30_000 + 1_000 * (number % 7)),
            ),
        )
        for number in range(households)
    ]
    found = assign(open_market(needs, homes, today=TODAY))
    judging, recruiting, offering = in_turn(
        [
            lambda: open_market(needs, homes, today=TODAY),
            lambda: recruits(needs, found, today=TODAY),
            lambda: landlord_offers(needs, homes.take(np.arange(1)), today=TODAY),
        ],
        runs,
    )
    first = recruits(needs, found, today=TODAY)[0]
    added = columns([home_like(first.wish, 10**9 + number) for number in range(first.more)])
    new, now = open_market(needs, added, today=TODAY), found.market
    both = Market(
        household_ids=now.household_ids,
        home_ids=np.concatenate((now.home_ids, new.home_ids)),
        household=np.concatenate((now.household, new.household)),
        home=np.concatenate((now.home, len(now.home_ids) + new.home)),
        benefit=np.concatenate((now.benefit, new.benefit)),
    )
    right = int(assign(both).housed.sum()) == int(found.housed.sum()) + first.more
    return Row(
        f"Homes to look for next, {households} households × {count:,} homes",
        "judging all homes for all households",
        recruiting / judging,
        "so many homes more house so many households more",
        right,
        f"{recruiting * 1000:.0f} ms; a landlord's offers {offering * 1000:.0f} ms a home",
        right,
    )


def report(rows: list[Row], paces: str) -> str:
    lines = [
        "# Benchmarks",
        "",
        "Written by `./scripts/bench`; every row is a ratio within one run.",
        "",
        f"Machine: {platform.machine()}, {os.cpu_count()} cores,"
        f" Python {platform.python_version()}, numpy {np.__version__}, scipy {scipy.__version__}",
        "",
        f"Its pace in this run: {paces}.",
        "",
        "| Work | Against | Ratio | Wanted | Met | Detail |",
        "|---|---|---|---|---|---|",
    ]
    lines += map(line_of, rows)
    missed = [r for r in rows if not r.met]
    if missed:
        lines += ["", SHORT, "", *map(shortfall_of, missed)]
    return "\n".join(lines) + "\n"


SHORT = "## Where a row falls short"


def line_of(row: Row) -> str:
    """A row as the table has it."""
    met = "yes" if row.met else "no"
    return f"| {row.work} | {row.against} | {row.ratio:.3g} | {row.wanted} | {met} | {row.detail} |"


def shortfall_of(row: Row) -> str:
    return f"- **{row.work}** ({row.ratio:.3g}, wanted {row.wanted}). {row.short}"


def merged(text: str, rows: list[Row]) -> str:
    """A table measured before with these rows in the place of its own, or at its end."""
    works = tuple(f"{start}{row.work}" for row in rows for start in ("| ", "- **"))
    kept = [line for line in text.splitlines() if not line.startswith(works)]
    end = max(number for number, line in enumerate(kept) if line.startswith("| ")) + 1
    missed = [shortfall_of(row) for row in rows if not row.met]
    heading = [] if SHORT in kept or not missed else ["", SHORT, ""]
    return "\n".join([*kept[:end], *map(line_of, rows), *kept[end:], *heading, *missed]) + "\n"


def main() -> int:
    """Run, print and write the table; exit 1 when an answer (not a time) was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer runs; does not write the table")
    parser.add_argument(
        "--parcels", action="store_true", help="only the food bank's rows, merged in"
    )
    parser.add_argument("--reports", action="store_true", help="only the reports' rows, merged in")
    asked = parser.parse_args()
    if asked.parcels or asked.reports:
        rows = [*parcel_rows(quick=False), *helper_rows()] if asked.parcels else report_rows()
        TABLE.write_text(merged(TABLE.read_text(encoding="utf-8"), rows), encoding="utf-8")
        print(*map(line_of, rows), sep="\n")
        return 0 if all(row.right for row in rows) else 1
    quick = asked.quick
    runs = 5 if quick else 15
    before = pace()
    rows = ranking_rows(100_000, runs, 15.0)
    rows += [*error_rows(1_000 if quick else 3_000), repeat_row(20_000)]
    if not quick:
        rows += ranking_rows(1_000_000, 5, 12.0)[:1]
    rows += [recruiting_row(200, 1000, 3), *assignment_rows(quick=quick)]
    rows += [*optimum_rows(quick=quick), *parcel_rows(quick=quick)]
    rows += supply_rows(20_000, 3) if quick else supply_rows()
    rows += helper_rows(5 if quick else 15)
    rows += list_rows(1000 if quick else 5000, 4.0 if quick else 20.0)
    rows += report_rows(a_year=130, runs=3) if quick else report_rows()
    text = report(rows, f"at first {before}; at the end {pace()}")
    print(text)
    if not quick:
        TABLE.parent.mkdir(exist_ok=True)
        TABLE.write_text(text, encoding="utf-8")
    return 0 if all(row.right for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
