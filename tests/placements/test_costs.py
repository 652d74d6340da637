"""Who pays what before the keys: an estimate first, then lines somebody wrote down."""

import pytest

from app.cases.work.models import TeamMember
from app.db import today
from app.housing.models import Property
from app.placements.codes import Payer
from app.policy import Role
from tests.housing.makers import a_case
from tests.placements.households import a_home
from tests.placements.test_steps import Walk

LINES = [
    {"code": "deposit", "amount": 40000, "payer": "self"},
    {"code": "key_money", "amount": 40000, "payer": "benefit"},
    {"code": "moving", "amount": None, "payer": "corporation", "note": "軽トラを借りる"},
]


@pytest.fixture
def walk(app, make):
    """A household with 30,000 yen on its way into a home in 座間市."""
    walk = Walk(app, make, start=False)
    walk.case = a_case(make, walk.staff, need={"funds": 30000})
    place = Property(key="p", name="コーポ試験", address="座間市入谷1-1", prefecture="神奈川県",
                     municipality="座間市")  # fmt: skip
    walk.home = a_home(make, walk.staff, property=place, rent=40000, fee=2000, deposit=40000,
                       key_money=40000)  # fmt: skip
    walk.start()
    return walk


def _costs(walk, user=None):
    headers = {"Authorization": f"Bearer {(user or walk.staff).token}"}
    return walk.client.get(f"/api/v1/placements/{walk.id}/costs", headers=headers)


def _save(walk, lines, version=None):
    headers = {"Authorization": f"Bearer {walk.staff.token}"}
    version = version or _costs(walk).json["version"]
    body = {"version": version, "lines": lines}
    return walk.client.put(f"/api/v1/placements/{walk.id}/costs", json=body, headers=headers)


def test_before_anybody_writes_it_down_the_listing_gives_an_estimate(walk):
    told = _costs(walk).json
    assert told["recorded"] is False
    assert told["total"] == 122000
    assert "insurance" in told["not_known"]
    assert told["cap"] == 123000


def test_a_planned_move_brings_the_daily_share(walk):
    day = today().replace(day=28).replace(year=today().year + 1)
    body = {"kind": "move_in", "planned_on": day.isoformat()}
    assert walk.post(f"/placements/{walk.id}/plans", body).status_code == 201
    assert "daily" in [line["code"] for line in _costs(walk).json["lines"]]


def test_lines_tell_who_pays_what_is_covered_and_what_is_missing(walk):
    saved = _save(walk, LINES)
    assert saved.status_code == 200, saved.text
    told = saved.json
    assert told["by_payer"] == {Payer.SELF: 40000, Payer.BENEFIT: 40000}
    assert told["shortfall"] == 10000
    assert told["covered"] == 40000
    assert told["not_known"] == ["moving"]
    assert _costs(walk).json == told


def test_of_two_people_writing_the_second_hears_of_the_first(walk, browser_of):
    browser = browser_of(walk.staff)
    page = browser.get(f"/placements/{walk.id}/costs")
    version = _costs(walk).json["version"]
    _save(walk, LINES)
    assert _save(walk, LINES, version).json["code"] == "stale"
    both = browser.submit(page, {"lines-0-amount": "55000"}, action="/costs", status=409)
    assert "二つの内容" in both.text
    assert "55,000円" in both.text
    again = browser.submit(both, action="/costs")
    assert "初期費用を記録しました" in again.text
    assert 55000 in [line["amount"] for line in _costs(walk).json["lines"]]
    assert 55000 in [line["amount"] for line in _costs(walk).json["lines"]]


def test_the_page_drops_a_row_without_kind_and_amount_and_asks_for_a_missing_kind(walk, browser_of):
    _save(walk, LINES)
    browser = browser_of(walk.staff)
    page = browser.get(f"/placements/{walk.id}/costs")
    wrong = browser.submit(page, {"lines-3-amount": "5000"}, action="/costs", status=422)
    assert "何の費用か" in wrong.errors
    browser.submit(page, {"lines-0-code": "", "lines-0-amount": ""}, action="/costs")
    assert [line["code"] for line in _costs(walk).json["lines"]] == ["key_money", "moving"]


def test_money_a_benefit_does_not_cover_is_pointed_at(walk, browser_of):
    _save(walk, [{"code": "deposit", "amount": 200000, "payer": "benefit"}])
    text = browser_of(walk.staff).get(f"/placements/{walk.id}/costs").text
    assert "敷金は、転居費用補助の対象になっていません" in text
    assert "上限の目安123,000円を超えています" in text
    assert "目安・判定ではありません" in text


def test_whoever_may_not_know_the_funds_sees_no_shortfall(walk, make, in_database):
    _save(walk, LINES)
    housing = make.user(Role.HOUSING, organisation=make.the_organisation(walk.staff))
    make.save(TeamMember(case_id=walk.case.id, user_id=housing.id, since=today()))
    told = _costs(walk, housing)
    assert told.status_code == 200
    assert told.json["shortfall"] is None
