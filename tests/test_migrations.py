"""Migrations run both ways, match the models, and lose no row."""

import importlib.util
import json
import re
from contextlib import contextmanager
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from alembic import command as alembic

from app.commands import alembic_config
from app.config import ROOT
from app.db import engine_settings
from app.models import Base
from tests.conftest import DATABASE


@pytest.fixture
def config(tmp_path, request):
    """A database of its own for each test."""
    if DATABASE == "postgresql":
        server = request.getfixturevalue("postgres_server")
        name = f"migrations_{abs(hash(tmp_path))}"
        server.psql(f"CREATE DATABASE {name}")
        url = sa.make_url(server.get_uri()).set(database=name).render_as_string(False)
    else:
        url = f"sqlite:///{tmp_path / 'm.sqlite3'}"
    return alembic_config({"SQLALCHEMY_ENGINES": {"default": engine_settings(url)}})


@contextmanager
def _connection(config):
    engine = sa.create_engine(**config.attributes["engine_settings"])
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def test_from_empty_to_newest_and_back(config):
    alembic.upgrade(config, "head")
    alembic.check(config)
    alembic.downgrade(config, "base")
    with _connection(config) as connection:
        assert set(sa.inspect(connection).get_table_names()) <= {"alembic_version"}
    alembic.upgrade(config, "head")


def test_the_database_promises_what_the_models_promise(config):
    """Alembic compares columns, not what a check allows: a new code must reach the constraint."""
    alembic.upgrade(config, "head")
    engine = sa.create_engine(**config.attributes["engine_settings"])
    inspector = sa.inspect(engine)
    for table in Base.metadata.sorted_tables:
        there = {c["name"] for c in inspector.get_check_constraints(table.name)}
        wanted = {
            engine.dialect.identifier_preparer.format_constraint(c): c
            for c in table.constraints
            if isinstance(c, sa.CheckConstraint)
        }
        assert there == set(wanted), table.name
        texts = {
            c["name"]: _plain(c["sqltext"]) for c in inspector.get_check_constraints(table.name)
        }
        for name, constraint in wanted.items():
            codes = set(re.findall(r"'(\w+)'", str(constraint.sqltext)))
            assert codes == set(re.findall(r"'(\w+)'", texts[name])), name
    engine.dispose()


def _plain(text):
    """PostgreSQL writes each code with its type."""
    return text.replace("::character varying", "").replace("::text", "")


def _count(key, subject, only):
    return {"failure": {"key": key, "subject": subject}, "homes": 9, "only": only}


ANSWER = {
    "failures": [
        _count("rent", "", 0),
        _count("accepts", "elderly", 2),
        _count("distance", "病院", 4),
        _count("distance", "職場", 1),
    ]
}
"""What a run answered, as far as single conditions go; a place's name must not be written down."""


@pytest.mark.parametrize("kind", ["private", "shelter"])
def test_a_household_on_its_way_keeps_its_steps_through_the_second_migration(config, kind):
    alembic.upgrade(config, "0001")
    with _connection(config) as connection:
        _fill(connection, kind)
        run = "VALUES (1, 1, 'homes-1', CURRENT_DATE, '{}', :answer, CURRENT_TIMESTAMP)"
        columns = "(case_id, user_id, rule_version, run_on, inputs, result, created_at)"
        text = sa.text(f"INSERT INTO match_runs {columns} {run}")
        connection.execute(text, [{"answer": json.dumps(one)} for one in (ANSWER, {})])
        before = _counts(connection)
    alembic.upgrade(config, "head")
    with _connection(config) as connection:
        misses = connection.exec_driver_sql("SELECT * FROM run_misses ORDER BY homes")
        assert [tuple(m) for m in misses] == [(1, "accepts", "elderly", 2), (1, "distance", "", 5)]
        after = _counts(connection)
        assert {name: after[name] for name in before} == before
        home = connection.execute(sa.text("SELECT rent, gas, contract_kind FROM homes")).one()
        assert tuple(home) == (39000, "unknown", "unknown")
        temporary = connection.scalar(sa.text("SELECT temporary FROM placements"))
        assert bool(temporary) is (kind == "shelter")
    alembic.downgrade(config, "0001")
    with _connection(config) as connection:
        assert _counts(connection) == before


def _fill(connection, kind):
    """One row in every table a household on its way to a home needs, whatever else it holds."""
    tables = sa.MetaData()
    tables.reflect(connection)
    values = {
        "cases": {"name": "架空 太郎"},
        "homes": {"kind": kind, "state": "viewing", "rent": 39000},
        "placements": {"state": "open"},
        "placement_steps": {"kind": "viewing", "done_on": date(2026, 11, 20)},
        "home_acceptances": {"group_code": "elderly", "answer": "yes"},
    }
    wanted = {"homes", "placements", "placement_steps", "home_acceptances"}
    for table in tables.sorted_tables:
        needed = table.name in wanted or any(
            key.column.table is table for name in wanted for key in _keys(tables, name)
        )
        if needed:
            connection.execute(table.insert().values(_row(table, values.get(table.name, {}))))


def _keys(tables, name):
    """Foreign keys of a table and of those it refers to."""
    found, todo = [], [name]
    while todo:
        for key in tables.tables[todo.pop()].foreign_keys:
            if key not in found and not key.parent.nullable:
                found.append(key)
                todo.append(key.column.table.name)
    return found


def _row(table, said):
    """Values for every column that must have one; a first row's number is 1."""
    row = dict(said)
    for column in table.columns:
        if column.name in row or column.nullable:
            continue
        if column.foreign_keys or column.primary_key:
            row[column.name] = 1
        elif isinstance(column.type, sa.Boolean):
            row[column.name] = True
        elif isinstance(column.type, sa.Integer | sa.Numeric):
            row[column.name] = 1
        elif isinstance(column.type, sa.DateTime):
            row[column.name] = datetime(2026, 11, 20, tzinfo=UTC)
        elif isinstance(column.type, sa.Date):
            row[column.name] = date(2026, 11, 20)
        else:
            row[column.name] = _word(table, column)
    return row


def _word(table, column):
    """A code its check allows, an empty list for JSON, else any word."""
    if isinstance(column.type, sa.JSON):
        return []
    for constraint in table.constraints:
        text = str(getattr(constraint, "sqltext", ""))
        codes = re.findall(r"'(\w+)'", text)
        if codes and re.match(rf"[(\"]*{column.name}\b", text):
            return codes[0]
    return "x"


def test_a_number_becomes_the_first_of_its_household_and_split_codes_go_back_as_one(config):
    alembic.upgrade(config, "0004")
    with _connection(config) as connection:
        _fill(connection, "private")
        connection.exec_driver_sql(
            "UPDATE cases SET phone = '０９０-1111', phone_digits = '0901111', phone_note = '夜'"
        )
        before = _counts(connection)
    alembic.upgrade(config, "head")
    with _connection(config) as connection:
        row = "SELECT case_id, position, number, digits, note, voicemail FROM case_phones"
        phones = connection.exec_driver_sql(row).all()
        assert [tuple(p) for p in phones] == [(1, 0, "０９０-1111", "0901111", "夜", "unknown")]
        assert connection.exec_driver_sql("SELECT count(*) FROM issues").scalar() == 29
        connection.exec_driver_sql("UPDATE cases SET dwelling = 'company_leaving'")
    alembic.downgrade(config, "0004")
    with _connection(config) as connection:
        assert _counts(connection) == before
        assert connection.exec_driver_sql("SELECT dwelling FROM cases").scalar() == "company"


def _counts(connection):
    names = [n for n in sa.inspect(connection).get_table_names() if n != "alembic_version"]
    rows = sa.func.count()
    return {n: connection.scalar(sa.select(rows).select_from(sa.table(n))) for n in names}


def test_no_migration_imports_the_application():
    for path in (ROOT / "migrations" / "versions").glob("*.py"):
        assert "from app" not in path.read_text(encoding="utf-8"), path.name
        spec = importlib.util.spec_from_file_location(path.stem, path)
        assert spec is not None


def test_going_back_refuses_while_runs_refer_to_snapshots(config):
    alembic.upgrade(config, "head")
    with _connection(config) as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("COMMIT")  # the pragma has no effect inside a transaction
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.exec_driver_sql("SET session_replication_role = replica")
        connection.execute(
            sa.text(
                "INSERT INTO home_snapshots (id, homes, mark, covered, digest, content, created_at)"
                " VALUES (1, 0, 1, '[]', 'x', :nothing, CURRENT_TIMESTAMP)"
            ),
            {"nothing": b""},
        )
        run = (
            "INSERT INTO match_runs (id, case_id, user_id, rule_version, run_on, snapshot_id,"
            " inputs, result, created_at)"
            " VALUES (1, 1, 1, 'homes-3', CURRENT_DATE, 1, '{}', '{}', CURRENT_TIMESTAMP)"
        )
        connection.exec_driver_sql(run)
    with pytest.raises(RuntimeError, match="snapshots"):
        alembic.downgrade(config, "0003")
    with _connection(config) as connection:
        connection.exec_driver_sql("DELETE FROM match_runs")
    alembic.downgrade(config, "0003")
    alembic.upgrade(config, "head")
