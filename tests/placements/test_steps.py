"""From hold to keys: steps in order, dates that can be, and a plan of check-ins at the end."""

import functools
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.cases.models import Case
from app.db import moment_on, now, today
from app.followup.models import CheckIn, WatchPlan
from app.housing.codes import HomeState
from app.housing.models import Home
from app.placements import services, steps
from app.placements.models import Hold, Placement
from app.policy import Role
from tests.placements.households import a_case, a_home

STEPS = [
    "shown", "viewing", "application", "screening", "landlord", "contract", "cost", "keys",
    "move_in",
]  # fmt: skip


class Walk:
    """One household on its way, through the API."""

    def __init__(self, app, make, *, start=True):
        self.client = app.test_client()
        self.staff = make.user(Role.CONSULTANT, Role.HOUSING)
        self.case, self.home = a_case(make, self.staff), a_home(make, self.staff)
        self.count = 0
        if start:
            self.start()

    def start(self):
        hold = self.post(f"/cases/{self.case.id}/holds", {"home_id": self.home.id})
        self.id = self.post(f"/holds/{hold.json['id']}/placement", None).json["id"]

    def post(self, path, json):
        self.count += 1
        headers = {
            "Authorization": f"Bearer {self.staff.token}",
            "Idempotency-Key": f"walk-{self.count:04}",
        }
        return self.client.post(f"/api/v1{path}", json=json, headers=headers)

    def step(self, kind, done_on=None):
        body = {"kind": kind, "done_on": (done_on or today()).isoformat()}
        return self.post(f"/placements/{self.id}/steps", body)


@pytest.fixture
def walk(app, make):
    return Walk(app, make)


def test_the_whole_way_ends_in_a_home_and_a_plan(walk, in_database):
    answers = [walk.step(kind) for kind in STEPS]
    assert [a.status_code for a in answers] == [201] * len(STEPS)
    assert answers[-1].json["state"] == "moved_in"
    assert in_database(lambda s: s.get_one(Home, walk.home.id).state) is HomeState.OCCUPIED
    plan = in_database(lambda s: s.scalar(sa.select(WatchPlan)))
    assert plan.placement_id == walk.id
    due = in_database(lambda s: s.scalars(sa.select(CheckIn.due_on)).all())
    assert today() + timedelta(days=1) in due
    assert max(due) == today() + timedelta(days=365)
    assert len(due) == len(set(due))


def test_nobody_moves_in_without_keys(walk):
    walk.step("application")
    refused = walk.step("move_in")
    assert refused.status_code == 422
    assert "鍵の受け取り" in refused.json["message"]


def test_a_step_is_not_recorded_twice_nor_backwards(walk):
    walk.step("contract")
    assert walk.step("contract").status_code == 422
    assert walk.step("viewing").status_code == 422


def test_a_step_cannot_be_in_the_future_or_before_the_last_one(walk):
    assert walk.step("viewing", today() + timedelta(days=1)).status_code == 422
    walk.step("viewing", today() - timedelta(days=3))
    refused = walk.step("application", today() - timedelta(days=5))
    assert refused.json["errors"]["done_on"]


def test_after_a_refusal_the_home_and_the_household_are_free_again(walk, make, in_database):
    walk.step("application")
    body = {"reason": "screening"}
    assert walk.post(f"/placements/{walk.id}/refusal", body).json["state"] == "refused"
    assert in_database(lambda s: s.get_one(Home, walk.home.id).state) is HomeState.VACANT
    other = a_home(make, walk.staff)
    hold = walk.post(f"/cases/{walk.case.id}/holds", {"home_id": other.id}).json["id"]
    assert walk.post(f"/holds/{hold}/placement", None).status_code == 201


def test_a_household_goes_one_way_at_a_time(walk, make):
    other = a_home(make, walk.staff)
    hold = walk.post(f"/cases/{walk.case.id}/holds", {"home_id": other.id}).json["id"]
    second = walk.post(f"/holds/{hold}/placement", None)
    assert second.status_code == 409
    assert second.json["code"] == "placement_open"


def test_the_case_says_which_step_is_next(walk, browser_of):
    browser = browser_of(walk.staff)
    page = browser.get(f"/cases/{walk.case.id}")
    assert "候補の提示を進める" in page.text
    walk.step("viewing")
    page = browser.get(f"/cases/{walk.case.id}")
    assert "入居申込を進める" in page.text
    assert walk.case.name in browser.get(f"/placements/{walk.id}").text
    assert walk.case.name in browser.get("/placements").text


def test_the_page_records_a_step_and_keeps_a_refused_date(walk, browser_of):
    browser = browser_of(walk.staff)
    page = browser.get(f"/placements/{walk.id}")
    wrong = browser.submit(page, {"done_on": "2099-01-01"}, action="/steps", status=422)
    assert wrong.soup.find(id="f-done_on")["value"] == "2099-01-01"
    right = browser.submit(
        wrong, {"done_on": today().isoformat(), "note": "駅で待ち合わせ"}, action="/steps"
    )
    assert "候補の提示を記録しました" in right.text
    assert "駅で待ち合わせ" in right.text


def test_the_list_asks_the_database_the_same_number_of_times_however_long_it_is(
    make, browser_of, count_queries, in_database
):
    staff = make.user(Role.CONSULTANT)
    browser = browser_of(staff)

    def begin(session, case, home):
        who = {"user_id": staff.id, "organisation_id": staff.organisation_id}
        home, case = session.get_one(Home, home.id), session.get_one(Case, case.id)
        hold = services.place_hold(session, home=home, case=case, at=now(), **who)
        steps.start_placement(session, hold=hold, at=now(), **who)

    def add(number):
        for _ in range(number):
            case, home = a_case(make, staff), a_home(make, staff)
            in_database(functools.partial(begin, case=case, home=home))

    add(2)
    browser.get("/placements")
    count_queries()
    browser.get("/placements")
    few = count_queries()
    add(6)
    count_queries()
    browser.get("/placements")
    assert count_queries() <= few
    assert in_database(lambda s: s.scalar(sa.select(sa.func.count(Placement.id)))) == 8


@pytest.fixture
def kept(app, make, browser_of):
    """A home held to the end of the day after tomorrow, on its page: home id and page's browser."""
    walk = Walk(app, make, start=False)
    ends_on = (today() + timedelta(days=2)).isoformat()
    hold = walk.post(f"/cases/{walk.case.id}/holds", {"home_id": walk.home.id, "ends_on": ends_on})
    browser = browser_of(walk.staff)
    return walk.home.id, browser, browser.get(f"/holds/{hold.json['id']}")


def test_from_the_hold_to_a_refusal_on_the_pages(kept, in_database):
    home_id, browser, hold = kept
    page = browser.submit(hold, action="/placement")
    assert "入居までの手続きを始めました" in page.text
    page = browser.get(page.link("うまくいかなかったとき"))
    assert browser.submit(page, {"reason": "nothing"}, action="/refusal", status=422).errors
    end = browser.submit(page, {"reason": "screening"}, action="/refusal")
    assert "候補をもう一度探せます" in end.text
    assert in_database(lambda s: s.get_one(Home, home_id).state) is HomeState.VACANT


def test_a_hold_ends_with_its_day_or_is_let_go_on_its_page(kept, in_database):
    home_id, browser, hold = kept
    ends_at = in_database(lambda s: s.scalar(sa.select(Hold.ends_at)))
    assert ends_at == moment_on(today() + timedelta(days=3))
    listed = browser.submit(hold, {"reason": "辞退"}, action="/release")
    assert "募集中に戻りました" in listed.text
    assert in_database(lambda s: s.get_one(Home, home_id).state) is HomeState.VACANT
