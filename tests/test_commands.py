"""What operators run from outside."""

import json

import pytest

from app.accounts.models import User
from tests.conftest import DATABASE

only_sqlite = pytest.mark.skipif(DATABASE != "sqlite", reason="about the embedded database")


@only_sqlite
def test_a_backup_brings_everything_back(app, make, in_database, tmp_path):
    user = make.user(name="架空 残子")
    runner, target = app.test_cli_runner(), tmp_path / "copies" / "b.sqlite3"
    assert runner.invoke(args=["backup", str(target)]).exit_code == 0
    in_database(lambda s: setattr(s.get_one(User, user.id), "name", "変わった名前"))
    restored = runner.invoke(args=["restore", str(target), "--yes"])
    assert restored.exit_code == 0, restored.output
    assert in_database(lambda s: s.get_one(User, user.id).name) == "架空 残子"


@only_sqlite
def test_a_backup_never_overwrites(app, tmp_path):
    target = tmp_path / "b.sqlite3"
    target.write_text("大事なもの", encoding="utf-8")
    answer = app.test_cli_runner().invoke(args=["backup", str(target)])
    assert answer.exit_code != 0
    assert target.read_text(encoding="utf-8") == "大事なもの"


@only_sqlite
def test_a_file_that_is_no_backup_is_refused_before_anything_changes(app, make, tmp_path):
    user = make.user()
    wrong = tmp_path / "x.sqlite3"
    wrong.write_bytes(b"not a database at all" * 100)
    answer = app.test_cli_runner().invoke(args=["restore", str(wrong), "--yes"])
    assert answer.exit_code != 0
    assert "控えではありません" in answer.output
    make.session.expire_all()
    assert make.session.get_one(User, user.id).login == user.login


def test_the_routes_are_printed_with_their_actions(app):
    answer = app.test_cli_runner().invoke(args=["routes-policy", "--json"])
    rows = json.loads(answer.output)
    assert all(row["action"] for row in rows)
    assert any(row["rule"] == "/healthz" and row["action"] == "public" for row in rows)


def test_the_truth_is_told_in_json(app):
    answer = app.test_cli_runner().invoke(args=["truth"])
    told = json.loads(answer.output)
    assert told["ledger_balanced"] is True
    assert told["active_holds"] == []


def test_due_jobs_run_from_the_command_line(app):
    answer = app.test_cli_runner().invoke(args=["jobs", "run"])
    assert "jobs done" in answer.output
