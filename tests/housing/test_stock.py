"""The homes of a process: in step with the database whoever changes it, and kept with each run."""

import threading
from datetime import timedelta

import numpy as np
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.db import db, moment_on, now, separate_session, today
from app.housing import proposals
from app.housing.codes import CostCode, GuarantorRule, HomeState, TradeKind
from app.housing.initial_cost import covered_sum, initial_cost, known_sum
from app.housing.models import Home, HomeAcceptance, HomeChange, HomeSnapshot, MatchRun, Property
from app.housing.proposals import changes, loading, snapshots, stock
from app.policy import Role
from matching.home_columns import array_names
from tests.housing.makers import a_case, a_home


@pytest.fixture
def clerk(make):
    return make.user(Role.CONSULTANT, Role.HOUSING)


@pytest.fixture
def shelf(app):
    """The process's homes as they are now, as (ids, rents)."""

    def look():
        with app.app_context(), separate_session(write=False) as session:
            homes = proposals.open_homes(session, today=today())
            return homes.ids.tolist(), homes.rent.tolist()

    return look


@pytest.fixture
def current(app):
    """The stock itself, to see whether it was patched or read anew."""

    def look():
        with app.app_context(), separate_session(write=False) as session:
            keeper = stock.keeper_of(session)
            with keeper.lent(today()) as found:
                return found

    return look


@pytest.fixture
def restarted(app, shelf):
    """What a process that starts now has, checked against reading everything."""

    def look():
        with app.app_context():
            stock.forget(db.engine)
            snapshots.forget(db.engine)
        found = shelf()
        same_as_read_anew(app)
        return found

    return look


def same_as_read_anew(app):
    """What is kept equals what a process that starts now would read."""
    with app.app_context(), separate_session(write=False) as session:
        kept = proposals.open_homes(session, today=today())
        stock.forget(db.engine)
        fresh = proposals.open_homes(session, today=today())
    for name in array_names():
        np.testing.assert_array_equal(getattr(kept, name), getattr(fresh, name), err_msg=name)
    assert kept.municipalities == fresh.municipalities


def test_every_way_of_writing_is_seen(app, make, clerk, shelf, in_database):
    first, second = a_home(make, clerk, rent=40000), a_home(make, clerk, rent=50000)
    assert shelf() == ([first.id, second.id], [40000, 50000])
    writes = {
        "a statement": sa.update(Home).where(Home.id == first.id).values(rent=41000),
        "plain SQL": sa.text("UPDATE homes SET rent = 42000 WHERE rent = 41000"),
    }
    for rent, write in zip((41000, 42000), writes.values(), strict=True):
        in_database(lambda session, write=write: session.execute(write))
        assert shelf()[1][0] == rent

    def by_object(session):
        session.get_one(Home, first.id).rent = 43000

    in_database(by_object)
    assert shelf()[1][0] == 43000
    third = a_home(make, clerk, rent=60000)
    assert shelf() == ([first.id, second.id, third.id], [43000, 50000, 60000])
    same_as_read_anew(app)


def test_a_home_that_is_let_goes_and_one_that_is_vacant_again_comes_back(
    app, make, clerk, shelf, in_database
):
    homes = [a_home(make, clerk) for _ in range(4)]
    ids = [home.id for home in homes]
    assert shelf()[0] == ids

    def becomes(state):
        where = Home.id == ids[1]
        in_database(lambda s: s.execute(sa.update(Home).where(where).values(state=state)))

    becomes(HomeState.HELD)
    assert shelf()[0] == [ids[0], *ids[2:]]
    becomes(HomeState.VACANT)
    assert shelf()[0] == ids
    becomes(HomeState.OCCUPIED)
    stock_without = shelf()[0]
    with app.app_context():
        stock.forget(db.engine)
    assert shelf()[0] == stock_without
    becomes(HomeState.VACANT)  # it was not among those read
    assert shelf()[0] == ids
    same_as_read_anew(app)


def test_what_is_said_of_the_building_or_a_group_reaches_the_homes(
    app, make, clerk, current, in_database
):
    home = a_home(make, clerk, lift=False, accepts=[("elderly", "no")])
    before = current()

    def correct(session):
        session.get_one(Property, home.property_id).lift = True
        session.get_one(HomeAcceptance, (home.id, "elderly")).answer = "yes"

    in_database(correct)
    after = current()
    assert after is not before
    assert after.columns is before.columns  # nobody was reading: changed in place
    assert (after.columns.lift[0], after.columns.acceptance("elderly")[0][0]) == (1, 1)
    in_database(lambda s: s.execute(sa.delete(HomeAcceptance)))
    assert current().columns.acceptance("elderly")[0][0] == 2


def test_nothing_changes_under_somebody_who_is_reading(app, make, clerk, in_database):
    home = a_home(make, clerk, rent=40000)
    with app.app_context(), separate_session(write=False) as session:
        keeper = stock.keeper_of(session)
        with keeper.lent(today()) as mine:
            write = sa.update(Home).where(Home.id == home.id).values(rent=45000)
            in_database(lambda s: s.execute(write))
            with keeper.lent(today()) as theirs:
                assert (mine.columns.rent[0], theirs.columns.rent[0]) == (40000, 45000)


def test_a_change_that_was_taken_back_was_never_there(app, make, clerk, shelf):
    home = a_home(make, clerk, rent=40000)
    assert shelf()[1] == [40000]
    with app.app_context(), db.sessionmaker() as session:
        session.execute(sa.update(Home).where(Home.id == home.id).values(rent=1))
        session.flush()
        assert shelf()[1] == [40000]  # asked in a transaction of its own
        session.rollback()
    assert shelf()[1] == [40000]
    write = sa.update(Home).where(Home.id == home.id).values(rent=47000)
    with app.app_context(), separate_session(write=True) as session:
        session.execute(write)  # may get the very revision that was rolled back
    assert shelf()[1] == [47000]


def test_a_town_nobody_had_a_home_in_is_read_with_all_others(app, make, clerk, current):
    a_home(make, clerk)
    before = current()
    a_home(make, clerk, municipality="架空町", school_district="架空小学校")
    after = current()
    assert after.columns is not before.columns
    assert "架空町" in after.columns.municipalities
    assert after.columns.school_districts == ("架空小学校",)
    same_as_read_anew(app)


def test_many_changes_at_once_are_read_as_a_whole(make, clerk, current, in_database, monkeypatch):
    monkeypatch.setattr(stock, "MOST_PATCHED", 1)
    for _ in range(3):
        a_home(make, clerk)
    before = current()
    in_database(lambda s: s.execute(sa.update(Home).values(rent=30000)))
    after = current()
    assert after.columns is not before.columns
    assert after.columns.rent.tolist() == [30000] * 3


def test_a_database_put_back_is_read_anew(make, clerk, current, in_database):
    a_home(make, clerk)
    before = current()
    in_database(lambda s: changes.note_every_home(s, above=before.mark))
    assert current().columns is not before.columns
    in_database(lambda s: s.execute(sa.delete(HomeChange)))
    assert current().columns.ids.tolist() == before.columns.ids.tolist()


def test_old_notes_are_dropped_and_whoever_slept_reads_all(make, clerk, current, in_database):
    home = a_home(make, clerk, rent=40000)
    before = current()
    write = sa.update(Home).where(Home.id == home.id).values(rent=44000)
    in_database(lambda s: s.execute(write))
    at = today() + timedelta(days=30)
    dropped = in_database(lambda s: changes.forget_old(s, at=moment_on(at)))
    assert dropped >= 1
    left = in_database(lambda s: s.scalars(sa.select(HomeChange.home_id)).all())
    assert left == [changes.EVERY_HOME]
    after = current()
    assert after.columns is not before.columns
    assert after.columns.rent.tolist() == [44000]
    assert in_database(lambda s: changes.forget_old(s, at=moment_on(today()))) == 0


def test_writers_beside_each_other_lose_no_change(app, make, clerk, shelf):
    """A revision is seen by everybody although transactions commit in any order."""
    homes = [a_home(make, clerk, rent=10000) for _ in range(6)]
    shelf()
    seen: list[list[int]] = []
    done = threading.Event()

    def write(home_id):
        for rent in range(20001, 20011):
            with app.app_context(), separate_session(write=True) as session:
                session.execute(sa.update(Home).where(Home.id == home_id).values(rent=rent))

    def read():
        while not done.is_set():
            seen.append(shelf()[1])

    reader = threading.Thread(target=read)
    writers = [threading.Thread(target=write, args=(home.id,)) for home in homes]
    for thread in (reader, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    reader.join()
    assert shelf()[1] == [20010] * 6
    for column in zip(*seen, strict=True):
        assert list(column) == sorted(column)  # nobody went back in time
    same_as_read_anew(app)


def test_on_postgresql_an_earlier_transaction_that_commits_later_is_not_missed(
    app, make, clerk, shelf
):
    first, second = a_home(make, clerk, rent=1000), a_home(make, clerk, rent=2000)
    shelf()
    with app.app_context():
        if db.engine.dialect.name != "postgresql":
            pytest.skip("on SQLite writers queue")
        with db.sessionmaker() as early:
            early.execute(sa.update(Home).where(Home.id == first.id).values(rent=1111))
            with db.sessionmaker() as late:
                late.execute(sa.update(Home).where(Home.id == second.id).values(rent=2222))
                late.commit()
            assert shelf()[1] == [1000, 2222]
            early.commit()
        assert shelf()[1] == [1111, 2222]


AMOUNTS = st.none() | st.integers(0, 300_000)
TERMS = st.fixed_dictionaries(
    {
        "rent": AMOUNTS, "fee": AMOUNTS, "fee_included": st.booleans(), "deposit": AMOUNTS,
        "key_money": AMOUNTS, "agent_fee": AMOUNTS, "guarantee_fee": AMOUNTS,
        "insurance": AMOUNTS, "lock_change": AMOUNTS, "cleaning": AMOUNTS,
        "prepaid_months": st.none() | st.integers(0, 3),
        "free_months": st.none() | st.integers(0, 4),
        "guarantor_rule": st.sampled_from(GuarantorRule),
        "trade": st.none() | st.sampled_from(TradeKind),
    }
)  # fmt: skip


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(many=st.lists(TERMS, min_size=1, max_size=12))
def test_columns_add_the_initial_cost_up_as_a_home_does(app, make, clerk, many):
    saved = [a_home(make, clerk, **terms) for terms in many]
    with app.app_context(), separate_session(write=True) as session:
        homes = proposals.open_homes(session, today=today())
        at = np.searchsorted(homes.ids, [home.id for home in saved])
        for home, row in zip(saved, at, strict=True):
            lines = initial_cost(home)
            known = None not in {home.rent, home.deposit, home.key_money}
            assert homes.initial_cost[row] == (known_sum(lines) if known else -1)
            assert homes.initial_covered[row] == covered_sum(lines, on=today())


def test_every_line_a_listing_can_have_has_a_column():
    # What is only known with a day, typed by hand, or paid to others than the landlord.
    elsewhere = {CostCode.DAILY, CostCode.OTHER, CostCode.MOVING, CostCode.FURNITURE}
    assert {*loading._LINES, CostCode.PREPAID} == set(CostCode) - elsewhere


# ------------------------------------------------------------------------------------ kept runs


def run(session: Session, case_id: int, clerk) -> MatchRun:
    return proposals.ask_and_keep(
        session, session.get_one(Case, case_id), user_id=clerk.id, today=today()
    )


def test_runs_that_saw_the_same_homes_share_a_snapshot(make, clerk, in_database, monkeypatch):
    monkeypatch.setattr(snapshots, "_LARGEST_PART", 0.5)
    homes = [a_home(make, clerk, rent=40000 + n) for n in range(4)]
    case = a_case(make, clerk)
    first = in_database(lambda s: run(s, case.id, clerk).snapshot_id)
    assert in_database(lambda s: run(s, case.id, clerk).snapshot_id) == first
    gone, changed = homes[0].id, homes[1].id
    in_database(lambda s: s.execute(sa.update(Home).where(Home.id == changed).values(rent=1)))
    in_database(lambda s: s.execute(sa.update(Home).where(Home.id == gone).values(state="held")))
    second = in_database(lambda s: run(s, case.id, clerk).snapshot_id)
    rows = in_database(lambda s: {r.id: r for r in s.scalars(sa.select(HomeSnapshot))})
    assert (rows[first].base_id, rows[second].base_id) == (None, first)
    assert (rows[first].homes, rows[second].homes) == (4, 3)


def test_a_run_replays_to_the_same_answer_long_after_the_homes_are_let(
    app, make, clerk, in_database, monkeypatch
):
    monkeypatch.setattr(snapshots, "_LARGEST_PART", 0.9)
    homes = [a_home(make, clerk, rent=38000 + 1000 * n) for n in range(6)]
    case = a_case(make, clerk)
    runs = []
    for home in homes:
        runs.append(in_database(lambda s: run(s, case.id, clerk).id))
        change = sa.update(Home).where(Home.id == home.id).values(rent=90000)
        in_database(lambda s, change=change: s.execute(change))
    in_database(lambda s: s.execute(sa.update(Home).values(state=HomeState.OCCUPIED)))
    with app.app_context():
        snapshots.forget(db.engine)
    kept = in_database(
        lambda s: [
            (proposals.replay(s, r), proposals.canonical(r.result))
            for r in s.scalars(sa.select(MatchRun).where(MatchRun.id.in_(runs)))
        ]
    )
    assert len({answer for _again, answer in kept}) == 6
    assert all(again == answer for again, answer in kept)


def test_a_snapshot_that_was_rolled_back_is_stored_again(app, make, clerk, in_database):
    a_home(make, clerk)
    case = a_case(make, clerk)
    with app.app_context(), db.sessionmaker() as session:
        run(session, case.id, clerk)
        session.rollback()
    again = in_database(lambda s: run(s, case.id, clerk).snapshot_id)
    assert in_database(lambda s: s.get(HomeSnapshot, again)) is not None


@pytest.mark.parametrize("change", ["nothing", "town", "counter", "rules"])
def test_a_snapshot_is_begun_with_only_while_it_holds(make, clerk, in_database, restarted, change):
    a_home(make, clerk, rent=40000)
    case = a_case(make, clerk)
    in_database(lambda s: run(s, case.id, clerk))
    if change == "town":
        a_home(make, clerk, rent=41000, municipality="架空町")
    elif change == "counter":  # as on a server whose counter begins anew
        in_database(lambda s: s.execute(sa.update(HomeSnapshot).values(mark=10**6)))
        in_database(lambda s: s.execute(sa.update(Home).values(rent=41000)))
        later = now() + timedelta(hours=1)
        in_database(lambda s: s.execute(sa.update(HomeChange).values(at=later)))
    elif change == "rules":
        in_database(lambda s: s.execute(sa.update(HomeSnapshot).values(covered=["deposit"])))
    assert restarted()[1][-1] == (41000 if change in {"town", "counter"} else 40000)


def test_a_process_that_starts_reads_only_what_changed_since(
    make, clerk, in_database, restarted, monkeypatch
):
    homes = [a_home(make, clerk, rent=40000 + n) for n in range(3)]
    case = a_case(make, clerk)
    in_database(lambda s: run(s, case.id, clerk))
    write = sa.update(Home).where(Home.id == homes[1].id).values(rent=1)
    in_database(lambda s: s.execute(write))
    read = []
    everything = stock._all
    monkeypatch.setattr(stock, "_all", lambda *asked: read.append(1) or everything(*asked))
    assert restarted()[1] == [40000, 1, 40002]
    assert len(read) == 0


def test_a_process_that_starts_finds_what_another_stored(app, make, clerk, in_database):
    a_home(make, clerk)
    case = a_case(make, clerk)
    first = in_database(lambda s: run(s, case.id, clerk).snapshot_id)
    with app.app_context():
        stock.forget(db.engine)
        snapshots.forget(db.engine)
    assert in_database(lambda s: run(s, case.id, clerk).snapshot_id) == first


def test_a_version_that_compares_other_facts_of_homes_begins_anew(
    app, make, clerk, in_database, restarted
):
    a_home(make, clerk, rent=40000)
    case = a_case(make, clerk)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(snapshots, "array_names", lambda: array_names()[:-1])
        older = in_database(lambda s: run(s, case.id, clerk).id)
    assert restarted()[1] == [40000]
    newer = in_database(lambda s: run(s, case.id, clerk).id)
    said = {
        run_id: app.test_cli_runner().invoke(args=["match", "--replay", str(run_id)])
        for run_id in (older, newer)
    }
    assert "同じ答えになりました" in said[newer].output
    assert "以前の形の一覧" in said[older].output
    assert said[older].exit_code == 1
