"""What the database promises, whichever it is."""

import threading

import pytest
import sqlalchemy as sa
from pysqlite3 import dbapi2 as sqlite3
from sqlalchemy.exc import DBAPIError

from app.accounts.models import RoleMembership, User
from app.audit.models import Deed
from app.audit.services import record
from app.db import db, engine_settings, how_many, separate_session, wal_is_safe, writing
from tests.conftest import DATABASE

only_sqlite = pytest.mark.skipif(DATABASE != "sqlite", reason="about SQLite's own settings")


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 51, 3), True),
        ((3, 53, 4), True),
        ((3, 51, 2), False),
        ((3, 50, 7), True),
        ((3, 50, 6), False),
        ((3, 44, 6), True),
        ((3, 40, 1), False),
    ],
)
def test_wal_is_used_only_on_a_fixed_sqlite(version, safe):
    assert wal_is_safe(version) is safe


def test_an_unfixed_sqlite_is_refused(monkeypatch):
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 40, 1))
    with pytest.raises(RuntimeError, match=r"3\.51\.3"):
        engine_settings("sqlite:///x.sqlite3")


@only_sqlite
def test_sqlite_runs_with_the_settings_the_promises_rest_on(app):
    with app.app_context():
        as_served = sa.create_engine(**engine_settings(str(db.engine.url)))
    with as_served.connect() as connection:

        def pragma(name):
            return connection.exec_driver_sql(f"PRAGMA {name}").scalar()

        settings = [pragma(n) for n in ("journal_mode", "synchronous", "foreign_keys")]
        assert settings == ["wal", 2, 1]
        assert pragma("secure_delete") == 1
        assert pragma("busy_timeout") >= 5000
    as_served.dispose()


@only_sqlite
def test_a_writing_transaction_takes_the_lock_at_its_start(app):
    order = []

    def second():
        with app.app_context(), separate_session(write=True) as session:
            session.execute(sa.select(1))
            order.append("second began")

    with app.app_context(), writing(), db.engine.begin():
        other = threading.Thread(target=second)
        other.start()
        other.join(0.3)
        order.append("first ends")
    other.join()
    assert order == ["first ends", "second began"]


def test_the_audit_log_cannot_be_changed_or_deleted(in_database):
    in_database(lambda s: record(s, deed=Deed.VIEWED, record_kind="case", record_id=1))
    for statement in ("UPDATE audit_entries SET record_id = 2", "DELETE FROM audit_entries"):
        with pytest.raises(DBAPIError, match="append-only"):
            in_database(lambda s, text=statement: s.execute(sa.text(text)))


def test_a_change_rolls_back_whole(app, make, in_database):
    user = make.user()

    def half(session):
        session.get_one(User, user.id).name = "別の名前"
        session.flush()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        in_database(half)
    assert in_database(lambda s: s.get_one(User, user.id).name) == user.name


def test_an_error_of_the_database_does_not_repeat_what_was_typed(in_database):
    statement = sa.text("INSERT INTO no_such_table VALUES (:secret)")
    with pytest.raises(DBAPIError) as caught:
        in_database(lambda s: s.execute(statement, {"secret": "架空の住所"}))
    assert "架空の住所" not in str(caught.value)


def test_a_statement_is_counted_with_its_joins_and_conditions(make, in_database):
    first, second = make.user(), make.user()
    everybody = sa.select(User).order_by(User.name)
    assert in_database(lambda s: how_many(s, everybody)) == 2
    assert in_database(lambda s: how_many(s, everybody.where(User.id == first.id))) == 1
    of_role = everybody.join(RoleMembership, RoleMembership.user_id == User.id)
    assert (
        in_database(lambda s: how_many(s, of_role.where(RoleMembership.user_id == second.id))) == 1
    )
    assert in_database(lambda s: how_many(s, of_role.where(sa.false()))) == 0
