"""The benchmark's rows that need the whole application: a database, people, lists.

Seconds against the seconds a person is promised, on a fresh embedded database in a folder that is
thrown away.
"""

import csv
import io
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import sqlalchemy as sa  # noqa: E402 - the path comes first
from alembic import command as alembic  # noqa: E402
from bench_table import Row  # noqa: E402
from flask import Flask  # noqa: E402

from app import create_app  # noqa: E402
from app.accounts.models import Organisation, User  # noqa: E402
from app.commands import alembic_config  # noqa: E402
from app.config import settings  # noqa: E402
from app.db import db, separate_session, today  # noqa: E402
from app.demo import people  # noqa: E402
from app.housing.lists import intake, taking  # noqa: E402
from app.housing.models import Home  # noqa: E402

TOWNS = ("座間市相武台", "座間市入谷東", "大和市林間", "海老名市中央", "綾瀬市深谷中")
HEAD = (
    "物件名",
    "号室",
    "所在地",
    "間取り",
    "面積",
    "家賃",
    "共益費",
    "敷金",
    "礼金",
    "高齢者",
    "取扱",
    "連絡先",
)


@contextmanager
def application() -> Iterator[Flask]:
    """The service on an empty database with its demo people."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(
            settings(
                database_url=f"sqlite:///{folder}/bench.sqlite3",
                data_dir=Path(folder),
                secret_key="only for this run",  # noqa: S106 - thrown away with the folder
            )
        )
        alembic.upgrade(alembic_config(app.config), "head")
        with app.app_context():
            with separate_session(write=True) as session:
                people.add_people(session)
            yield app
            db.engine.dispose()


def made_up_list(rows: int, *, seed: int, rent_step: int = 0) -> bytes:
    """A list as councils send it, with this many homes of invented buildings."""
    rng = random.Random(seed)  # noqa: S311 - made-up homes, not secrets
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEAD)
    for number in range(rows):
        town = TOWNS[number % len(TOWNS)]
        chome = f"{number // 600 + 1}-{number // 20 % 30 + 1}-{number % 20 + 1}"
        rent = rng.randrange(28, 75) * 1000 + (rent_step if number % 3 == 0 else 0)
        writer.writerow(
            (f"コーポ架空{number // 4}", f"{number % 4 + 1}01号室", f"{town}{chome}", "1K",
             f"{rng.randrange(150, 400) / 10}", f"{rent}円", "2,000", "1ヶ月", "なし",
             rng.choice(("○", "×", "△", "応相談", "")), f"㈱架空ホーム{number % 40}",
             f"046-000-{number % 10000:04}")
        )  # fmt: skip
    return out.getvalue().encode("utf-8-sig")


def list_seconds(rows: int) -> tuple[tuple[float, float], tuple[float, float]]:
    """Seconds to read and to take in a first list, and the next month's with changed rents."""
    with application():
        return _take(made_up_list(rows, seed=1), "a.csv", rows), _take(
            made_up_list(rows, seed=1, rent_step=1000), "b.csv", rows
        )


def _take(content: bytes, name: str, rows: int) -> tuple[float, float]:
    start = time.perf_counter()
    with separate_session(write=True) as session:
        user = session.scalars(sa.select(User).where(User.login == "sumai")).one()
        home = session.scalars(sa.select(Organisation).order_by(Organisation.id)).first()
        assert home is not None  # noqa: S101 - the demo people have organisations
        kept = intake.keep_list(
            session,
            content=content,
            file_name=name,
            organisation_id=home.id,
            user_id=user.id,
            today=today(),
            sender_name="架空居住支援協議会",
        )
        read = time.perf_counter() - start
        taking.take_in_now(session, kept=kept, user_id=user.id)
    taken = time.perf_counter() - start - read
    with separate_session(write=False) as session:
        there = session.scalar(sa.select(sa.func.count(Home.id)))
    if there != rows:
        raise RuntimeError(f"{rows} rows made {there} homes")
    return read, taken


def list_rows(rows: int = 5000, promised: float = 20.0) -> list[Row]:
    """Taking a list in, and the next month's, against the seconds a person is promised."""
    first, again = list_seconds(rows)
    return [
        Row(
            f"{what}, {rows:,} homes, from file to homes",
            f"the {promised:g} s promised",
            (read + taken) / promised,
            "≤ 1",
            read + taken <= promised,
            f"{read + taken:.1f} s, embedded database",
            short=f"{read * 1e3 / rows:.1f} ms a row to read it and hold it against what is there,"
            f" {taken * 1e3 / rows:.1f} ms to write it with its statements and its log: plain"
            " Python and SQL, which follow the machine's pace.",
        )
        for what, (read, taken) in (("A first list", first), ("The next month's list", again))
    ]


if __name__ == "__main__":
    print(*list_rows(int(sys.argv[1]) if len(sys.argv) > 1 else 5000), sep="\n")
