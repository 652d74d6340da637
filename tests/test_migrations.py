"""Migrations run both ways, match the models, and lose no row."""

import importlib.util
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from alembic import command as alembic

from app.commands import alembic_config
from app.config import ROOT
from app.db import engine_settings
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
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def test_from_empty_to_newest_and_back(config):
    alembic.upgrade(config, "head")
    alembic.check(config)
    alembic.downgrade(config, "base")
    with _connection(config) as connection:
        assert set(sa.inspect(connection).get_table_names()) <= {"alembic_version"}
    alembic.upgrade(config, "head")


def test_rows_survive_an_upgrade_that_changes_nothing(config):
    alembic.upgrade(config, "head")
    with _connection(config) as connection:
        connection.execute(
            sa.text(
                "INSERT INTO partners (kind, name, name_key, created_at, version) "
                "VALUES ('realtor', '㈱架空ホーム', '架空ホーム', '2026-11-21', 1)"
            )
        )
    alembic.upgrade(config, "head")
    with _connection(config) as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM partners")) == 1


def test_no_migration_imports_the_application():
    for path in (ROOT / "migrations" / "versions").glob("*.py"):
        assert "from app" not in path.read_text(encoding="utf-8"), path.name
        spec = importlib.util.spec_from_file_location(path.stem, path)
        assert spec is not None
