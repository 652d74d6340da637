"""What `flask …` offers operators and testers beside the pages."""

import json
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
import sqlalchemy as sa
from alembic import command as alembic
from alembic.config import Config as AlembicConfig
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext
from pysqlite3 import dbapi2 as sqlite3

from app import idempotency, jobs
from app.accounts.services import THROTTLE_WINDOW, forget_failures
from app.accounts.sessions import purge_sessions
from app.config import ROOT
from app.db import db, now, reading, separate_session
from app.demo.commands import demo_group
from app.directory.commands import import_partners
from app.foodbank.commands import import_food_ledger
from app.housing.commands import import_council_list, match
from app.housing.photos.services import forget_removed
from app.housing.proposals.changes import forget_old, note_every_home
from app.placements.services import expire_holds
from app.policy import ROLE_LABELS, declared, roles_with
from app.truth import truth

jobs_group = AppGroup("jobs", help="Background work.")
import_group = AppGroup("import", help="Take in a list somebody sent.")
database_group = AppGroup("db", help="The database's structure.")


def register(app: Flask) -> None:
    """Attach the commands."""
    import_group.add_command(import_council_list)
    import_group.add_command(import_food_ledger)
    import_group.add_command(import_partners)
    for command in (
        demo_group,
        jobs_group,
        database_group,
        import_group,
        match,
        routes_policy,
        truth_command,
        backup,
        restore,
    ):
        app.cli.add_command(command)


@jobs_group.command("run")
@with_appcontext
def run_jobs() -> None:
    """Do every job that is due, once; safe to run from cron, a timer or twice at a time."""
    click.echo(f"{jobs.run_due()} jobs done")


@database_group.command("upgrade")
@with_appcontext
def upgrade() -> None:
    """Bring the database to the newest structure, keeping every row."""
    alembic.upgrade(alembic_config(current_app.config), "head")


def alembic_config(settings: Any) -> AlembicConfig:
    """Alembic's configuration for this application's database."""
    config = AlembicConfig(toml_file=str(ROOT / "pyproject.toml"))
    config.attributes["engine_settings"] = settings["SQLALCHEMY_ENGINES"]["default"]
    return config


@click.command("routes-policy")
@click.option("--json", "as_json", is_flag=True, help="One JSON list instead of a table.")
@with_appcontext
def routes_policy(*, as_json: bool) -> None:
    """Every route with the action it declares and the roles that include it."""
    rows = []
    for rule in sorted(current_app.url_map.iter_rules(), key=lambda r: r.rule):
        if rule.endpoint == "static":
            continue
        action = declared(current_app.view_functions[rule.endpoint])
        rows.append(
            {
                "rule": rule.rule,
                "methods": sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}),
                "endpoint": rule.endpoint,
                "action": action.value if action else None,
                "roles": [role.value for role in roles_with(action)] if action else [],
            }
        )
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        labels = (
            "・".join(ROLE_LABELS[r] for r in roles_with(row["action"])) if row["action"] else ""
        )
        click.echo(
            f"{','.join(row['methods']):8} {row['rule']:52} {row['action'] or '-':18} {labels}"
        )


@click.command("truth")
@with_appcontext
def truth_command() -> None:
    """Lots, movements, holds, placements and the audit sequence as JSON, in one snapshot."""
    with reading(), separate_session(write=False) as session:
        click.echo(json.dumps(truth(session), ensure_ascii=False, default=str))


@click.command("backup")
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def backup(target: Path) -> None:
    """Copy the embedded database to TARGET while it is in use, through SQLite's backup API."""
    source = _sqlite_path()
    if target.exists():
        raise click.ClickException(f"{target} はすでにあります。別の名前を指定してください。")
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f"{target.name}.part")
    _copy_database(source, partial)
    partial.replace(target)
    click.echo(f"{target} に書き出しました。")


@click.command("restore")
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_appcontext
def restore(source: Path, *, yes: bool) -> None:
    """Replace the embedded database by a backup; the present one is kept beside it first."""
    target = _sqlite_path()
    _check_database(source)
    if not yes:
        click.confirm("いまのデータを置き換えます。よろしいですか", abort=True)
    db.engine.dispose()
    seen = _newest_revision(target)
    if target.exists():
        kept = target.with_name(f"{target.name}.before-restore-{now():%Y%m%dT%H%M%S}")
        _copy_database(target, kept)
        click.echo(f"いまのデータは {kept} に残しました。")
    _copy_database(source, target)
    alembic.upgrade(alembic_config(current_app.config), "head")
    with separate_session(write=True) as session:
        note_every_home(session, above=seen)  # a running server keeps homes of the former database
    click.echo("復元しました。")


def _newest_revision(path: Path) -> int:
    """The highest revision of homes that a process may know; 0 where there is none to read."""
    if not path.exists():
        return 0
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        found = connection.execute("SELECT max(revision) FROM home_changes").fetchone()[0]
    except sqlite3.DatabaseError:  # empty, damaged, or of an older version
        return 0
    finally:
        connection.close()
    return int(found or 0)


def _sqlite_path() -> Path:
    url = db.engine.url
    if url.get_backend_name() != "sqlite" or not url.database:
        raise click.ClickException(
            "PostgreSQL では pg_dump と pg_restore を使ってください（README の「運用」）。"
        )
    return Path(url.database)


def _copy_database(source: Path, target: Path) -> None:
    """Page by page through the backup API, so that a running server does not tear the copy."""
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT, 0o600)
    os.close(descriptor)
    reading = sqlite3.connect(f"file:{source}?mode=ro", uri=True)
    writing = sqlite3.connect(str(target))
    try:
        reading.backup(writing)
        writing.execute("PRAGMA journal_mode=WAL")
    finally:
        writing.close()
        reading.close()


def _check_database(path: Path) -> None:
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        answer = connection.execute("PRAGMA integrity_check").fetchone()[0]
        connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.DatabaseError as error:
        raise click.ClickException(f"{path} はこのサービスの控えではありません。") from error
    finally:
        connection.close()
    if answer != "ok":
        raise click.ClickException(f"{path} は壊れています: {answer}")


@jobs.every(timedelta(minutes=1), "expire_holds")
def release_ended_holds(session: Any, _payload: Any, _progress: Any) -> None:
    """Holds whose time is up end by themselves, and their homes are vacant again."""
    expire_holds(session, at=now())


@jobs.every(THROTTLE_WINDOW, "tidy_up")
def tidy_up(session: Any, _payload: Any, _progress: Any) -> None:
    """Delete what nobody will ask for again: sessions, attempts, stored answers, photos."""
    at = now()
    purge_sessions(session, at=at)
    forget_failures(session, before=at - THROTTLE_WINDOW)
    idempotency.purge(session, at=at)
    forget_removed(session, at=at)
    forget_old(session, at=at)
    session.execute(
        sa.delete(jobs.Job).where(
            jobs.Job.state == jobs.JobState.DONE, jobs.Job.finished_at < at - idempotency.KEPT_FOR
        )
    )
