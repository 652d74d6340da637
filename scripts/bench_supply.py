"""The benchmark's rows about homes in a database: reading them, seeing a change, answering a page.

A hundred thousand homes with what councils' lists say of them, in a fresh embedded database in a
folder that is thrown away.
"""

import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402 - the path comes first
import sqlalchemy as sa  # noqa: E402
from bench_app import application  # noqa: E402
from bench_table import Row, in_turn  # noqa: E402
from flask import Flask  # noqa: E402

from app.accounts.models import Organisation, User  # noqa: E402
from app.accounts.services import issue_token  # noqa: E402
from app.cases.models import Case  # noqa: E402
from app.cases.needs.models import HousingNeed, RentBasis  # noqa: E402
from app.cases.work.models import TeamMember  # noqa: E402
from app.db import db, now, separate_session, today, writing  # noqa: E402
from app.demo.people import PASSWORD  # noqa: E402
from app.housing.candidates.page import SHOWN  # noqa: E402
from app.housing.codes import (  # noqa: E402
    Acceptance,
    AvailableKind,
    ContactRule,
    ContractKind,
    GasKind,
    Group,
    GuarantorRule,
    HomeKind,
    HomeState,
    PetRule,
    Precision,
)
from app.housing.models import Home, HomeAcceptance, HomeSnapshot, Property  # noqa: E402
from app.housing.proposals import RULE_VERSION, ask, open_homes, snapshots, stock  # noqa: E402
from app.housing.proposals.loading import load, names_there  # noqa: E402
from app.policy import Protection  # noqa: E402
from matching.home_columns import array_names  # noqa: E402

A_BUILDING = 4
LISTED_GROUPS = tuple(Group)[:7]  # the columns of the councils' lists
RAW = (
    # What the columns are made from, as plain rows.
    "SELECT homes.id, property_id, agent_id, landlord_id, rent, fee, fee_included, deposit,"
    " key_money, agent_fee, guarantee_fee, insurance, lock_change, cleaning, prepaid_months,"
    " free_months, area, rooms, most_people, steps, floor, wheelchair, guarantor_rule,"
    " contact_rule, pet_rule, kind, available, available_from, missing_since, confirmed_on,"
    " school_district FROM homes WHERE state = 'vacant'",
    "SELECT id, lift, walk_minutes, latitude, longitude, precision, prefecture, municipality"
    " FROM properties",
    "SELECT home_id, group_code, answer, conditions FROM home_acceptances"
    " WHERE home_id IN (SELECT id FROM homes WHERE state = 'vacant')",
)


def add_homes(count: int) -> None:
    """Invented homes around 座間市, every fact of them drawn by chance."""
    rng = random.Random(5)  # noqa: S311 - made-up homes, not secrets
    made = {"version": 1, "created_at": now()}
    with writing(), db.engine.begin() as connection:
        office = connection.scalar(sa.select(sa.func.min(Organisation.id)))
        connection.execute(
            sa.insert(Property),
            [{"id": n, "key": f"b{n}", "name": f"コーポ架空{n}", "prefecture": "神奈川県",
              "municipality": rng.choice(("座間市", "大和市", "綾瀬市", "海老名市")),
              "address": str(n), "latitude": 35.4886 + rng.gauss(0, 0.03),
              "longitude": 139.4075 + rng.gauss(0, 0.03), "precision": Precision.TOWN,
              "lift": rng.choice((True, False, None)), "walk_minutes": rng.randrange(1, 30), **made}
             for n in range(1, count // A_BUILDING + 2)],
        )  # fmt: skip
        connection.execute(
            sa.insert(Home),
            [{"id": n, "property_id": n // A_BUILDING + 1, "organisation_id": office,
              "key": f"h{n}", "room": f"{n % A_BUILDING + 1}01",
              "rent": rng.randrange(28, 75) * 1000, "fee": rng.randrange(0, 4) * 1000,
              "deposit": rng.choice((0, 40000, None)), "key_money": 0,
              "area": rng.randrange(150, 400) / 10, "rooms": rng.randrange(1, 4),
              "floor": rng.randrange(1, 6), "guarantor_rule": rng.choice(list(GuarantorRule)),
              "available": AvailableKind.NOW,
              "confirmed_on": today() - timedelta(rng.randrange(60)), "kind": HomeKind.PRIVATE,
              "state": HomeState.VACANT, "rent_negotiable": False, "fee_included": False,
              "gas": GasKind.UNKNOWN, "fittings": [], "contract_kind": ContractKind.UNKNOWN,
              "contact_rule": ContactRule.UNKNOWN, "pet_rule": PetRule.UNKNOWN, **made}
             for n in range(1, count + 1)],
        )  # fmt: skip
        answers = [(home, group, rng.choice(list(Acceptance)))
                   for home in range(1, count + 1) for group in LISTED_GROUPS]  # fmt: skip
        connection.execute(
            sa.insert(HomeAcceptance),
            [{"home_id": home, "group_code": group, "answer": answer,
              "conditions": ["watching"] if answer is Acceptance.CONDITIONAL else []}
             for home, group, answer in answers],
        )  # fmt: skip


def add_case() -> tuple[int, str, str]:
    """A single older person with a ceiling; the case's id, a consultant's sign-in and token."""
    with separate_session(write=True) as session:
        user = session.scalars(sa.select(User).where(User.login == "soudan")).one()
        case = Case(
            number="B-0001", code_name="やまもも-1", name="架空 太郎", household_size=1,
            organisation_id=user.memberships[0].organisation_id, received_on=today(),
            received_by=user.id, municipality="座間市", protection=Protection.NO,
            team=[TeamMember(user_id=user.id, since=today())],
            housing_need=HousingNeed(
                people=1, rent_basis=RentBasis.CEILING, funds=200_000, groups=["elderly"],
                supports=["watching"], municipalities=["座間市", "大和市"],
                move_by=today() + timedelta(30),
            ),
        )  # fmt: skip
        session.add(case)
        session.flush()
        token = issue_token(session, user=user, label="bench")
        return case.id, user.login, token


def columns_equal() -> bool:
    """Whether the homes kept in step are those a fresh reading gives."""
    with separate_session(write=False) as session:
        kept = open_homes(session, today=today())
        stock.forget(db.engine)
        fresh = open_homes(session, today=today())
    return all(
        np.array_equal(getattr(kept, name), getattr(fresh, name), equal_nan=name == "xyz")
        for name in array_names()
    )


def loading_rows(count: int, runs: int) -> list[Row]:
    """Reading all homes against the rows they come from, and a single change against that."""

    def raw() -> object:
        with separate_session(write=False) as session:
            connection = session.connection()
            return [connection.exec_driver_sql(text).cursor.fetchall() for text in RAW]

    def cold() -> object:
        with separate_session(write=False) as session:
            return load(session, names_there(session), frozenset())

    rows_seconds, load_seconds = in_turn([raw, cold], runs)
    with separate_session(write=False) as session:
        keeper = stock.keeper_of(session)
        with keeper.lent(today()) as kept:
            content = snapshots.pack(kept.there(), np.zeros(0, np.int64))
    unpack = in_turn([lambda: snapshots.unpack(content)], runs)[0]
    unchanged, changed = [], []
    for number in range(20 * runs):
        unchanged.append(_seconds(lambda: _lend(keeper)))
        with separate_session(write=True) as session:
            write = sa.update(Home).where(Home.id == number % count + 1)
            session.execute(write.values(rent=30_000 + number))
        changed.append(_seconds(lambda: _lend(keeper)))
    seen = float(np.median(changed) - np.median(unchanged))
    right = columns_equal()
    return [
        Row(
            f"First load of {count:,} homes with {len(LISTED_GROUPS)} answers each into columns",
            "raw fetchall of the same columns, three statements",
            load_seconds / rows_seconds,
            "≤ 1.5",
            load_seconds <= 1.5 * rows_seconds,
            f"{load_seconds:.2f} s against {rows_seconds:.2f} s; from a stored snapshot"
            f" {unpack * 1000:.1f} ms",
        ),
        Row(
            f"A home changed: the next ranking sees it, {count:,} homes",
            "the first load",
            seen / load_seconds,
            "≤ 0.001",
            seen <= 0.001 * load_seconds,
            f"{seen * 1000:.2f} ms more than the {np.median(unchanged) * 1000:.2f} ms of asking"
            " whether anything changed; columns equal those read anew",
            right,
            "What one change costs does not grow with the homes, the first load does.",
        ),
    ]


def _lend(keeper: stock.Keeper) -> None:
    with keeper.lent(today()):
        pass


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


class Counter:
    """A consultant's browser and a program with a token, in the server's own process."""

    def __init__(self, app: Flask, case_id: int, login: str, token: str) -> None:
        self._client = app.test_client()
        self._case, self._numbers = case_id, iter(range(10**6))
        self._header = {"Authorization": f"Bearer {token}"}
        self._program = app.test_client()
        page = self._client.get("/sign-in").get_data(as_text=True)
        form = {"login": login, "password": PASSWORD, "csrf_token": _hidden(page, "csrf_token")}
        self._client.post("/sign-in", data=form, headers={"Referer": "http://localhost/sign-in"})

    def page(self) -> int:
        """The page of candidates with a condition tried."""
        rent = 41_000 + next(self._numbers) % 7 * 1000
        return self._ok(self._client.get(f"/cases/{self._case}/candidates?rent={rent}"), 200)

    def kept_page(self) -> int:
        """The page of candidates with the newest run that was kept."""
        return self._ok(self._client.get(f"/cases/{self._case}/candidates"), 200)

    def engine(self) -> None:
        """The engine's part of the page with a condition tried."""
        with separate_session(write=False) as session:
            case = session.get_one(Case, self._case)
            ask(session, case, today=today(), tried={"rent": 44_000}, top=SHOWN)

    def program(self) -> int:
        """A run asked for and kept through the API."""
        key = {"Idempotency-Key": f"bench-{next(self._numbers):08}"}
        answer = self._program.post(
            f"/api/v1/cases/{self._case}/matches", json={}, headers=self._header | key
        )
        return self._ok(answer, 201)

    @staticmethod
    def _ok(answer: Any, status: int) -> int:
        if answer.status_code != status:
            raise RuntimeError(f"{answer.status_code}: {answer.get_data(as_text=True)[:300]}")
        return len(answer.get_data())


def _hidden(page: str, name: str) -> str:
    after = page.split(f'name="{name}"', 1)[1]
    return after.split('value="', 1)[1].split('"', 1)[0]


def answer_rows(app: Flask, count: int, runs: int) -> list[Row]:
    """What somebody at the counter waits for, in the server."""
    counter = Counter(app, *add_case())
    asked: Sequence[tuple[str, Callable[[], int]]] = (
        ("page, a condition tried", counter.page),
        ("API, kept", counter.program),
        ("page of a kept run", counter.kept_page),
    )
    _forget()
    very_first = _seconds(counter.program)
    _forget()
    first = _seconds(counter.program)
    _forget()
    first_page = _seconds(counter.page)
    for _what, work in asked:
        work()
    *seconds, engine = in_turn([*(work for _what, work in asked), counter.engine], runs)
    rows = [
        _answered(
            f"A match over {count:,} homes, {what}",
            one,
            0.150,
            f"{work() / 1000:.0f} kB",
            short=f"The engine with its words takes {engine * 1000:.0f} ms of it; the rest is the"
            " request's sign-in, the homes' rows, sentences and page, all plain Python.",
        )
        for (what, work), one in zip(asked, seconds, strict=True)
    ]
    rows.append(
        _answered(
            f"The first match after a start, {count:,} homes",
            max(first, first_page),
            2.0,
            f"API {first:.2f} s, page {first_page:.2f} s, from the snapshot of an earlier run;"
            f" the very first of an installation, which also stores it, {very_first:.2f} s",
        )
    )
    with separate_session(write=False) as session:
        size = session.scalar(sa.select(sa.func.max(sa.func.length(HomeSnapshot.content)))) or 0
    rows[1] = rows[1].__class__(**{**vars(rows[1]), "detail": rows[1].detail
        + f"; snapshot {size / 1e6:.1f} MB, once for all runs, rules {RULE_VERSION}"})  # fmt: skip
    return rows


def _forget() -> None:
    stock.forget(db.engine)
    snapshots.forget(db.engine)


def _answered(what: str, seconds: float, limit: float, detail: str, short: str = "") -> Row:
    return Row(
        what,
        f"the {limit * 1000:.0f} ms promised in the server",
        seconds / limit,
        "≤ 1",
        seconds <= limit,
        f"{seconds * 1000:.0f} ms; {detail}",
        short=short or "Reading the homes anew is the most of it.",
    )


@contextmanager
def stocked(count: int) -> Iterator[Flask]:
    """The service with so many vacant homes."""
    with application() as app:
        add_homes(count)
        yield app


def supply_rows(count: int = 100_000, runs: int = 5) -> list[Row]:
    """All rows about homes in a database."""
    with stocked(count) as app:
        return [*loading_rows(count, runs), *answer_rows(app, count, 5 * runs)]


if __name__ == "__main__":
    print(*supply_rows(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000), sep="\n")
