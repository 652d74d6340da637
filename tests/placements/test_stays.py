"""Temporary homes: a shorter way in, a day to have moved on by, and no end by itself."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from app.cases.models import Case, Stage
from app.db import today
from app.followup.models import WatchPlan
from app.housing.codes import HomeKind, HomeState
from app.housing.models import Home
from app.placements.models import Placement
from app.placements.stays import months_after, usual_end
from tests.placements.households import a_case, a_home
from tests.placements.test_steps import Walk


@pytest.fixture
def stay(app, make):
    """A household on its way into a shelter."""
    walk = Walk(app, make, start=False)
    walk.home = a_home(make, walk.staff, kind=HomeKind.SHELTER)
    walk.start()
    return walk


def _move_in(stay, on=None):
    for kind in ("application", "landlord", "keys", "move_in"):
        answer = stay.step(kind, on)
    return answer


def test_three_months_later_is_the_same_day_or_the_last_of_the_month():
    assert months_after(date(2026, 11, 22), 3) == date(2027, 2, 22)
    assert months_after(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert months_after(date(2026, 10, 31), 6) == date(2027, 4, 30)


def test_the_way_into_a_shelter_has_no_contract_and_gives_an_end(stay, in_database):
    assert stay.step("contract").status_code == 422
    answer = _move_in(stay)
    assert answer.json["state"] == "moved_in"
    assert answer.json["stay_until"] == usual_end(HomeKind.SHELTER, today()).isoformat()
    assert in_database(lambda s: s.get_one(Home, stay.home.id).state) is HomeState.OCCUPIED


def test_whoever_stays_for_a_while_still_looks_for_a_home(stay, make, in_database):
    _move_in(stay)
    stage = in_database(lambda s: s.get_one(Case, stay.case.id).stage)
    assert stage is Stage.CANDIDATES
    assert in_database(lambda s: s.scalar(sa.select(WatchPlan))) is None
    home = a_home(make, stay.staff)
    hold = stay.post(f"/cases/{stay.case.id}/holds", {"home_id": home.id}).json["id"]
    assert stay.post(f"/holds/{hold}/placement", None).status_code == 201


def test_of_stays_too_a_household_has_one_at_a_time(stay, make):
    _move_in(stay)
    home = a_home(make, stay.staff, kind=HomeKind.TEMPORARY)
    hold = stay.post(f"/cases/{stay.case.id}/holds", {"home_id": home.id}).json["id"]
    assert stay.post(f"/holds/{hold}/placement", None).status_code == 409


def _extend(stay, until, why="次の住まいの審査中"):
    body = {"until": until.isoformat(), "stay_reason": why}
    return stay.post(f"/placements/{stay.id}/stay/extension", body)


def test_a_shelter_is_extended_with_a_reason_to_six_months_at_most(stay):
    _move_in(stay)
    latest = months_after(today(), 6)
    assert _extend(stay, latest).json["stay_until"] == latest.isoformat()
    assert "until" in _extend(stay, latest + timedelta(days=1)).json["errors"]
    assert "until" in _extend(stay, today()).json["errors"]
    assert "stay_reason" in _extend(stay, latest, "").json["errors"]


def test_a_lasting_home_has_no_stay_to_extend(app, make):
    walk = Walk(app, make)
    assert _extend(walk, today() + timedelta(days=30)).status_code == 422


@pytest.mark.parametrize(
    ("left", "words"),
    [(30, "30日以内"), (14, "14日以内"), (7, "7日以内"), (0, "きょうまで"), (-1, "期限切れ")],
)
def test_today_tells_of_the_end_ahead_and_of_one_that_has_passed(
    stay, browser_of, in_database, left, words
):
    _move_in(stay)
    day = today() + timedelta(days=left)
    in_database(lambda s: s.execute(sa.update(Placement).values(stay_until=day)))
    page = browser_of(stay.staff).get("/")
    assert "終わりが近い一時入居" in page.text
    assert words in page.text
    assert in_database(lambda s: s.scalar(sa.select(Placement.state))) == "moved_in"


def test_long_before_its_end_a_stay_is_no_task(stay, browser_of):
    _move_in(stay)
    assert "終わりが近い一時入居" not in browser_of(stay.staff).get("/").text


def test_leaving_frees_the_home_and_keeps_why(stay, browser_of, in_database):
    _move_in(stay, today() - timedelta(days=10))
    browser = browser_of(stay.staff)
    page = browser.get(f"/placements/{stay.id}/stay")
    early = (today() - timedelta(days=20)).isoformat()
    wrong = {"left_on": early, "end_reason": "アパートへ"}
    assert browser.submit(page, wrong, action="/stay/end", status=422).errors
    page = browser.submit(page, {"end_reason": "アパートへ"}, action="/stay/end")
    assert "退去を記録しました" in page.text
    assert "アパートへ" in page.text
    assert in_database(lambda s: s.get_one(Home, stay.home.id).state) is HomeState.VACANT
    assert stay.post(f"/placements/{stay.id}/stay/end",
                     {"left_on": early, "end_reason": "x"}).status_code == 409  # fmt: skip


def test_the_stay_is_on_its_page_on_the_case_and_in_the_list(stay, browser_of):
    _move_in(stay)
    browser = browser_of(stay.staff)
    assert "滞在は" in browser.get(f"/placements/{stay.id}").text
    assert "一時入居中" in browser.get(f"/cases/{stay.case.id}").text
    assert "一時入居中（1件）" in browser.get("/placements").text


def test_the_page_extends_a_stay(stay, browser_of):
    _move_in(stay)
    browser = browser_of(stay.staff)
    page = browser.get(f"/placements/{stay.id}/stay")
    until = months_after(today(), 4)
    typed = {"until": until.isoformat(), "stay_reason": "審査待ち"}
    assert "延ばしました" in browser.submit(page, typed, action="/stay/extension").text
    assert "審査待ち" in browser.get(f"/placements/{stay.id}/stay").text


def test_somebody_who_has_not_moved_in_cannot_leave(stay):
    body = {"left_on": today().isoformat(), "end_reason": "まだ入っていない"}
    assert stay.post(f"/placements/{stay.id}/stay/end", body).status_code == 409


def test_what_is_on_its_way_is_narrowed_put_in_order_and_taken_as_a_file(stay, make, browser_of):
    _move_in(stay)
    case, home = a_case(make, stay.staff), a_home(make, stay.staff)
    stay.post(f"/cases/{case.id}/holds", {"home_id": home.id})
    ours, other = stay.home.property.name, home.property.name
    desk = browser_of(stay.staff)
    text = desk.get("/placements").text
    assert ours in text
    assert other in text
    text = desk.get(f"/placements?words={stay.case.number}").text
    assert ours in text
    assert other not in text
    assert "しぼりこみに合うものはありません" in text
    file = desk.raw.get("/placements.csv?sort=home").get_data(as_text=True)
    rows = [row.split(",") for row in file.splitlines()[1:]]
    assert sorted(row[0] for row in rows) == ["一時入居", "取り置き"]
    assert stay.case.number in file
    assert stay.case.name not in file
    assert desk.raw.get("/placements?sort=age").status_code == 422
