"""The demonstration goes in through the features' own services, and only into an empty database."""

import json

import pytest
import sqlalchemy as sa

from app.cases.models import Case
from app.db import today
from app.demo import people
from app.housing.models import Home
from app.referrals.models import ReferralSheet


@pytest.fixture
def demo(app):
    runner = app.test_cli_runner()
    loaded = runner.invoke(args=["demo", "load"])
    assert loaded.exit_code == 0, loaded.output
    return runner


def test_it_brings_households_homes_and_food(demo, in_database):
    counts = in_database(
        lambda s: [s.scalar(sa.select(sa.func.count()).select_from(m)) for m in (Case, Home)]
    )
    assert counts == [8, 24]
    assert json.loads(demo.invoke(args=["truth"]).output)["ledger_balanced"] is True


def test_a_newcomer_sees_work_of_every_kind_waiting(demo, app):
    """The housing organisation's first page and the lists it leads to are not empty."""
    rows = json.loads(demo.invoke(args=["demo", "users", "--json"]).output)
    token = next(row["token"] for row in rows if row["login"] == "sumai")
    headers = {"Authorization": f"Bearer {token}"}

    def text(path):
        return app.test_client().get(path, headers=headers).get_data(as_text=True)

    first = text("/")
    assert "まだ空いていますか（2件）" in first
    assert "業者・貸主から届いた答え（2件）" in first
    assert "食い違いを決める（1件）" in first
    assert "内見" in first
    assert "終わりが近い一時入居" in first
    assert "もうない" in text("/homes/check?show=answers")
    assert "間取り図（お試し）" in text("/homes/3")


def test_who_goes_round_finds_a_household_nobody_reached(demo, app):
    rows = json.loads(demo.invoke(args=["demo", "users", "--json"]).output)
    token = next(row["token"] for row in rows if row["login"] == "mimamori")
    headers = {"Authorization": f"Bearer {token}"}

    def text(path):
        return app.test_client().get(path, headers=headers).get_data(as_text=True)

    assert "連絡がつかない" in text("/visits")
    mine = text("/visits?whose=mine")
    assert all(name in mine for name in ("見本 五月", "例題 六太", "仮名 七海", "見本 八重"))
    assert "DEMO-0001" in text("/visits/plans/1")


def test_sheets_from_three_counters_are_open_walked_along_and_answered(demo, in_database):
    def tell(session):
        sheets = session.scalars(sa.select(ReferralSheet).order_by(ReferralSheet.id)).all()
        told = [(s.recipients[0].state.value, s.recipients[0].way.value) for s in sheets]
        return told, len({s.made_by for s in sheets})

    told, makers = in_database(tell)
    assert told == [("sent", "walked"), ("received", "walked"), ("answered", "handed")]
    assert makers == 3


def test_the_desk_opens_its_figures_by_one_tap_and_its_manager_reads_what_was_kept(demo, app):
    rows = json.loads(demo.invoke(args=["demo", "users", "--json"]).output)
    tokens = {row["login"]: row["token"] for row in rows}

    def page(login, path):
        headers = {"Authorization": f"Bearer {tokens[login]}"}
        answer = app.test_client().get(path, headers=headers, follow_redirects=True)
        assert answer.status_code == 200
        return answer.get_data(as_text=True)

    desk = page("soudan", "/reports/views")
    assert "毎月の報告" in desk
    assert "新規相談、住まい探し" in desk
    assert "選んだ部分だけを出しています" in page("soudan", "/reports/views/2")
    assert "市長への報告" in page("kanri", "/reports")
    kept = page("kanri", "/reports/views/3")
    assert "速報" in kept
    assert "伏せている数" in kept


def test_a_consultant_finds_people_to_call(demo, app):
    rows = json.loads(demo.invoke(args=["demo", "users", "--json"]).output)
    token = next(row["token"] for row in rows if row["login"] == "soudan")
    headers = {"Authorization": f"Bearer {token}"}
    text = app.test_client().get("/leads", headers=headers).get_data(as_text=True)
    for words in ("約束", "家族に知られず", "相談があるかも", "架空　弐郎", "続けて2回"):
        assert words in text


def test_it_never_mixes_with_what_is_there(demo):
    again = demo.invoke(args=["demo", "load"])
    assert again.exit_code != 0
    assert "すでに入っている" in again.output


def test_every_role_can_sign_in_and_has_a_token(demo, app):
    rows = json.loads(demo.invoke(args=["demo", "users", "--json"]).output)
    assert {row["login"] for row in rows} == {user.login for user in people.USERS}
    assert len({row["organisation"] for row in rows}) >= 2
    for row in rows:
        headers = {"Authorization": f"Bearer {row['token']}"}
        assert app.test_client().get("/account", headers=headers).status_code == 200


def test_a_demonstration_household_finds_homes(demo):
    asked = ["match", f"C-{today().year}-0001", "--user", "soudan", "--json"]
    answer = demo.invoke(args=asked)
    assert answer.exit_code == 0, answer.output
