"""Figures, kept reports, populations and views for programs: as much as the pages show, no more."""

from datetime import date

import pytest
import time_machine

from app.accounts.models import RoleMembership
from app.cases.models import Route
from app.housing.codes import HomeState
from app.policy import Role
from app.reports.tables import HIDDEN
from tests.reports.kit import a_home

API = "/api/v1"


@pytest.fixture(autouse=True)
def june():
    with time_machine.travel("2026-06-15T10:00:00+09:00", tick=False):
        yield


@pytest.fixture
def worker(make):
    """Whose desk received six in April, two in May."""
    user = make.user(Role.CONSULTANT)
    for day in ("04-01",) * 6 + ("05-01",) * 2:
        make.case(user, received_on=date.fromisoformat(f"2026-{day}"))
    return user


@pytest.fixture
def ask(app):
    """What the API answers a user: the JSON, or the error's code where another status is meant."""
    keys = iter(range(10_000))

    def send(user, method, path, status=200, **body):
        headers = {
            "Authorization": f"Bearer {user.token}",
            "Idempotency-Key": body.pop("key", f"key-{next(keys):06}"),
        }
        given = {"json": body} if method in {"POST", "PUT"} else {}
        answer = app.test_client().open(f"{API}{path}", method=method, headers=headers, **given)
        assert answer.status_code == status, answer.text
        return answer.json if answer.data else None

    return send


def total(answer, table="intakes", row="year"):
    (found,) = [one for one in answer["part"]["tables"] if one["key"] == table]
    return next(one["values"][0] for one in found["rows"] if one["key"] == row)


def test_a_part_is_told_with_its_days_and_tables(ask, make, worker):
    make.save(a_home(worker, state=HomeState.VACANT))
    there = ask(worker, "GET", "/reports")
    assert there["years"] == [2026]
    assert there["offices"][0]["exact"] is True
    assert {"intakes", "routes"} <= {part["key"] for part in there["parts"]}
    year = ask(worker, "GET", "/reports/2026/intakes")
    assert (total(year), year["first"], year["last"]) == (8, "2026-04-01", "2026-06-15")
    month = ask(worker, "GET", "/reports/2026/routes?of=2026-05")
    assert (total(month, "routes", "total"), month["label"]) == (2, "令和8年5月")
    rate = year["part"]["tables"][1]["rows"][1]
    assert (rate["values"], rate["from"]) == ([3.1], ["over"])  # 8 in two months, of 130,753
    error = ask(worker, "GET", "/reports/2026/routes?of=2026-07", status=422)
    assert "まだ始まっていません" in error["message"]
    ask(worker, "GET", "/reports/2026/nothing", status=404)
    defined = ask(worker, "GET", "/reports/definitions")
    assert all(table["definition"] for part in defined for table in part["tables"])
    values = {
        value for part in defined for table in part["tables"] for row in table["rows"]
        for value in row["values"]
    }  # fmt: skip
    assert values == {None}


def test_others_are_told_kept_reports_with_small_numbers_hidden(ask, make, worker):
    manager = make.user(Role.ORG_ADMIN, organisation=make.the_organisation(worker))
    assert (
        "まだ残されていません"
        in ask(manager, "GET", "/reports/2026/intakes", status=404)["message"]
    )
    made = ask(worker, "POST", "/report-snapshots", 201, kind="preliminary", as_of="2026-05-31")
    told = ask(manager, "GET", "/reports/2026/intakes")
    assert (told["exact"], told["snapshot"]) == (False, made["id"])
    assert total(told, row="m05") == HIDDEN
    assert ask(manager, "GET", "/reports")["offices"][0]["exact"] is False
    ask(manager, "GET", "/reports/2026/intakes?of=2026-05", status=403)
    for user, exact in ((worker, True), (manager, False)):
        (line,) = ask(user, "GET", "/report-snapshots?year=2026")
        kept = ask(user, "GET", f"/report-snapshots/{line['id']}")
        assert kept["exact"] is exact
        assert (total({"part": kept["parts"][0]}, row="m05") == 2) is exact
    stranger = make.user(Role.CONSULTANT)
    ask(stranger, "GET", f"/report-snapshots/{made['id']}", status=404)
    ask(stranger, "GET", f"/reports/2026/intakes?office={worker.organisation_id}", status=404)
    assert ask(stranger, "GET", "/report-snapshots") == []
    ask(make.user(Role.FOODBANK), "GET", "/reports", status=403)


def test_who_came_by_a_way_written_once_is_not_named_outside(ask, browser_of, make, worker):
    manager = make.user(Role.ORG_ADMIN, organisation=make.the_organisation(worker))
    make.case(
        worker, received_on=date(2026, 5, 2), route=Route.INSIDE, route_detail="見本 花子の紹介"
    )
    made = ask(worker, "POST", "/report-snapshots", 201, kind="preliminary", as_of="2026-05-31")
    for user, named in ((worker, True), (manager, False)):
        kept = ask(user, "GET", f"/report-snapshots/{made['id']}")
        paths = (f"/reports/kept/{made['id']}", "/reports/2026/routes.csv")
        told = [str(kept), *(browser_of(user).raw.get(path).text for path in paths)]
        assert ["見本 花子" in one for one in told] == [named] * 3
    assert "数を伏せた課・機関" in told[1]


def test_who_keeps_reports_of_one_office_keeps_none_of_another(ask, browser_of, make, worker):
    """A consultant here who looks for homes there reads what was kept there, and no more."""
    there = make.user(Role.ORG_ADMIN).organisation_id
    make.save(RoleMembership(user_id=worker.id, organisation_id=there, role=Role.HOUSING))
    kept = {"kind": "final", "as_of": "2026-05-31"}
    ask(worker, "POST", f"/report-snapshots?office={there}", 403, **kept)
    ask(worker, "POST", "/report-snapshots", 201, **kept)
    browser = browser_of(worker)
    assert "いまの数字を残す" in browser.get("/reports").text
    assert "いまの数字を残す" not in browser.get(f"/reports?office={there}").text


def test_reports_and_populations_are_kept_once(ask, make, worker):
    for _again in range(2):
        kept = ask(
            worker, "POST", "/report-snapshots", 201,
            key="once-only", kind="final", as_of="2026-05-31",
        )  # fmt: skip
        assert kept["id"] == 1
    ask(worker, "POST", "/report-snapshots", 409, kind="final", as_of="2026-05-31")
    for wrong in ("2026-06-30", "2014-03-31"):
        error = ask(worker, "POST", "/report-snapshots", 422, kind="preliminary", as_of=wrong)
        assert "as_of" in error["errors"]
    people = {"municipality": "架空市", "on_day": "2025-09-01", "people": 1000,
              "source": "試験の統計", "certainty": "official"}  # fmt: skip
    ask(worker, "POST", "/populations", 403, **people)
    made = ask(make.user(Role.ORG_ADMIN), "POST", "/populations", 201, **people)
    assert made in ask(worker, "GET", "/populations")


def test_views_are_made_changed_and_put_away(ask, make, worker):
    values = {"name": "月の報告", "organisation_id": worker.organisation_id,
              "period": "last_month", "parts": ["homes", "intakes"]}  # fmt: skip
    made = ask(worker, "POST", "/report-views", 201, **values)
    assert made["parts"] == ["intakes", "homes"]
    assert "of=2026-05" in made["opens"]
    path = f"/report-views/{made['id']}"
    changed = ask(worker, "PUT", path, **values | {"name": "先月", "version": made["version"]})
    assert changed["version"] == made["version"] + 1
    ask(worker, "PUT", path, 409, **values | {"version": made["version"]})
    ask(worker, "PUT", path, 422, **values | {"parts": ["x"], "version": changed["version"]})
    colleague = make.user(Role.CONSULTANT, organisation=make.the_organisation(worker))
    ask(colleague, "GET", path, 404)
    ask(colleague, "POST", f"{path}/deletion", 404, version=2)
    assert ask(colleague, "GET", "/report-views") == []
    ask(worker, "POST", f"{path}/deletion", 409, version=1)
    ask(worker, "POST", f"{path}/deletion", version=2)
    assert ask(worker, "GET", "/report-views") == []
    back = ask(worker, "POST", f"{path}/restoration")
    assert ask(worker, "GET", "/report-views") == [back]
