"""From hold to keys: steps in order, dates that can be, and a plan of check-ins at the end."""

import functools
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.cases.models import Case
from app.db import moment_on, now, today
from app.directory.models import Partner, PartnerKind
from app.followup.codes import AttemptResult
from app.followup.models import Attempt, CheckIn, WatchPlan
from app.housing.codes import HomeState
from app.housing.models import Home
from app.placements import services, steps
from app.placements.codes import StepKind
from app.placements.models import Hold, Placement, PlacementStep
from app.placements.queries import step_durations
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


# ---------------------------------------------------------------- appointments and the way back


def _plan(walk, kind="viewing", **values):
    body = {"kind": kind, "planned_on": (today() + timedelta(days=3)).isoformat()}
    return walk.post(f"/placements/{walk.id}/plans", body | values)


def test_an_appointment_stands_on_today_and_on_the_case_until_the_step_is_done(walk, browser_of):
    answer = _plan(walk, planned_time="10:30", meeting_place="相武台前駅の改札")
    assert answer.status_code == 201, answer.text
    browser = browser_of(walk.staff)
    for url in ("/", f"/cases/{walk.case.id}", f"/placements/{walk.id}"):
        page = browser.get(url)
        assert "10:30" in page.text, url
        assert "相武台前駅の改札" in page.text, url
    done = walk.step("viewing")
    assert done.json["planned"] == []
    assert done.json["steps"][0]["meeting_place"] == "相武台前駅の改札"
    assert "10:30" not in browser.get("/").text


def test_an_appointment_is_moved_and_not_made_twice(walk):
    _plan(walk, meeting_place="駅")
    moved = _plan(walk, meeting_place="現地")
    assert [one["meeting_place"] for one in moved.json["planned"]] == ["現地"]


def test_an_appointment_in_the_past_or_for_a_step_gone_by_is_refused(walk):
    yesterday = (today() - timedelta(days=1)).isoformat()
    assert "planned_on" in _plan(walk, planned_on=yesterday).json["errors"]
    walk.step("application")
    assert _plan(walk, "viewing").status_code == 422
    assert _plan(walk, "move_in").status_code == 201


def test_the_page_makes_an_appointment_with_somebody_of_the_staff(walk, make, browser_of):
    colleague = make.user(Role.HOUSING, organisation=make.the_organisation(walk.staff))
    browser = browser_of(walk.staff)
    page = browser.get(f"/placements/{walk.id}?step=viewing&as=plan")
    day = (today() + timedelta(days=2)).isoformat()
    typed = {"planned_on": day, "planned_time": "13:00", "companion_id": str(colleague.id)}
    page = browser.submit(page, typed, action="/plans")
    assert "内見の予定を" in page.text
    assert colleague.name in page.text
    assert browser.submit(
        browser.get(f"/placements/{walk.id}?step=viewing&as=plan"),
        {"planned_on": day, "planned_time": "午後"},
        action="/plans",
        status=422,
    ).errors


def test_a_step_of_the_guarantor_company_tells_which_one_and_how_it_went(walk):
    body = {"kind": "screening", "done_on": today().isoformat(), "company": "㈱架空保証"}
    answer = walk.post(f"/placements/{walk.id}/steps", body | {"result": "conditional"})
    assert answer.json["steps"][0]["result"] == "conditional"
    assert answer.json["steps"][0]["company_id"]


def test_a_step_takes_only_what_belongs_to_it(walk):
    body = {"kind": "keys", "done_on": today().isoformat(), "result": "good"}
    assert "result" in walk.post(f"/placements/{walk.id}/steps", body).json["errors"]
    body = {"kind": "viewing", "done_on": today().isoformat(), "companion_id": 999_999}
    assert "companion_id" in walk.post(f"/placements/{walk.id}/steps", body).json["errors"]


def test_a_contract_ends_after_it_begins(walk):
    body = {"kind": "contract", "done_on": today().isoformat(),
            "contract_from": "2026-12-01", "contract_to": "2026-11-30"}  # fmt: skip
    assert "contract_to" in walk.post(f"/placements/{walk.id}/steps", body).json["errors"]


def _return(walk, step, why="入力の間違い"):
    return walk.post(f"/placements/{walk.id}/steps/{step['id']}/return", {"why": why})


def test_a_step_taken_back_takes_the_later_ones_along_and_stays_written(walk, in_database):
    for kind in ("viewing", "application", "screening", "landlord"):
        steps_ = walk.step(kind).json["steps"]
    back = _return(walk, steps_[1], "申込書の書き直し")
    assert back.status_code == 200
    assert [one["kind"] for one in back.json["steps"]] == ["viewing"]
    assert {one["returned_why"] for one in back.json["returned"]} == {"申込書の書き直し"}
    assert in_database(lambda s: s.get_one(Home, walk.home.id).state) is HomeState.VIEWING
    assert _return(walk, steps_[1]).status_code == 409
    assert walk.step("application").status_code == 201
    kept = in_database(lambda s: s.scalar(sa.select(sa.func.count(PlacementStep.id))))
    assert kept == 5


def test_with_every_step_back_the_home_is_held(walk, in_database):
    first = walk.step("application").json["steps"][0]
    _return(walk, first)
    assert in_database(lambda s: s.get_one(Home, walk.home.id).state) is HomeState.HELD


def test_after_the_move_no_earlier_step_goes_back(walk):
    for kind in STEPS:
        answer = walk.step(kind)
    assert _return(walk, answer.json["steps"][-2]).status_code == 422


def test_the_page_says_what_goes_back_and_keeps_why(walk, browser_of):
    walk.step("viewing")
    walk.step("application")
    browser = browser_of(walk.staff)
    page = browser.get(f"/placements/{walk.id}")
    page = browser.get(next(a["href"] for a in page.soup.find_all("a") if "内見" in a.text
                            and "/return" in a["href"]))  # fmt: skip
    assert "入居申込 も、いっしょに戻ります" in page.text
    assert browser.submit(page, {"why": ""}, action="/return", status=422).errors
    page = browser.submit(page, {"why": "別の日だった"}, action="/return")
    assert "別の日だった" in page.text
    assert walk.staff.name in page.text


def test_two_rows_of_one_step_are_refused_by_the_database_unless_one_is_back(walk, in_database):
    walk.step("application")
    row = {"placement_id": walk.id, "kind": StepKind.APPLICATION, "done_on": today(),
           "user_id": walk.staff.id}  # fmt: skip
    with pytest.raises(sa.exc.IntegrityError):
        in_database(lambda s: s.add(PlacementStep(**row)))
    back = {"returned_at": now(), "returned_by": walk.staff.id, "returned_why": "試し"}
    in_database(lambda s: s.add(PlacementStep(**row, **back)))


def test_a_companys_no_stands_in_the_way_until_it_is_taken_back(walk):
    body = {"kind": "screening", "done_on": today().isoformat(), "result": "bad"}
    said_no = walk.post(f"/placements/{walk.id}/steps", body).json["steps"][0]
    refused = walk.step("landlord")
    assert refused.status_code == 422
    assert "断られています" in refused.json["message"]
    _return(walk, said_no, "別の会社で審査")
    assert walk.step("screening").status_code == 201


def test_days_from_intake_to_each_step_leave_out_what_was_taken_back(walk, in_database):
    received = in_database(lambda s: s.get_one(Case, walk.case.id).received_on)
    walk.step("viewing")
    _return(walk, walk.step("application").json["steps"][1])

    def asked(session):
        return step_durations(session, first=today(), last=today())

    found = in_database(asked)
    assert [(one.kind, one.days) for one in found] == [
        (StepKind.VIEWING, (today() - received).days)
    ]


@pytest.mark.parametrize("field", ["companion_id", "partner_id"])
def test_a_number_nobody_offered_brings_no_name_onto_the_page(walk, make, browser_of, field):
    stranger = make.user(Role.CONSULTANT, name="見本よそ職員")
    donor = make.save(Partner(kind=PartnerKind.DONOR, name="見本よそ寄贈者", name_key="見本よそ"))
    chosen = {"companion_id": stranger.id, "partner_id": donor.id}[field]
    body = {"kind": "viewing", field: chosen}
    for path, day in (("steps", "done_on"), ("plans", "planned_on")):
        answer = walk.post(f"/placements/{walk.id}/{path}", body | {day: today().isoformat()})
        assert answer.status_code == 422
        assert field in answer.json["errors"]
    assert "見本よそ" not in browser_of(walk.staff).get(f"/placements/{walk.id}").text


def test_a_move_in_recorded_by_mistake_goes_back_with_its_plan_until_somebody_looked_in(
    walk, in_database
):
    for kind in STEPS:
        walk.step(kind)
    moved = in_database(lambda s: s.scalar(sa.select(PlacementStep.id).order_by(-PlacementStep.id)))
    why = {"why": "別の世帯の画面だった"}
    assert walk.post(f"/placements/{walk.id}/steps/{moved}/return", why).status_code == 200
    placement = in_database(lambda s: s.get_one(Placement, walk.id))
    assert (placement.state, placement.moved_in_on) == ("open", None)
    assert in_database(lambda s: s.scalar(sa.select(sa.func.count(WatchPlan.id)))) == 0
    assert in_database(lambda s: s.get_one(Case, walk.case.id).stage) == "application"
    assert in_database(lambda s: s.get_one(Home, walk.home.id).state) is HomeState.CONTRACT
    assert walk.step("move_in").status_code == 201
    check_in = in_database(lambda s: s.scalar(sa.select(CheckIn).order_by(CheckIn.due_on)))
    attempt = Attempt(
        check_in_id=check_in.id, at=now(), result=AttemptResult.ABSENT, user_id=walk.staff.id
    )
    in_database(lambda s: s.add(attempt))
    again = in_database(lambda s: s.scalar(sa.select(PlacementStep.id).order_by(-PlacementStep.id)))
    refused = walk.post(f"/placements/{walk.id}/steps/{again}/return", why)
    assert refused.status_code == 409
    assert "見守りの記録がある" in refused.json["message"]
    assert in_database(lambda s: s.get_one(Placement, walk.id).state) == "moved_in"


def test_an_appointment_that_was_skipped_is_no_longer_ahead_after_the_move(walk, browser_of):
    plan = {"kind": "viewing", "planned_on": (today() + timedelta(days=1)).isoformat()}
    assert walk.post(f"/placements/{walk.id}/plans", plan).status_code == 201
    page = browser_of(walk.staff).get(f"/placements/{walk.id}")
    assert "予定を変える" in page.text
    for kind in STEPS:
        if kind != "viewing":
            walk.step(kind)
    browser = browser_of(walk.staff)
    assert "予定を変える" not in browser.get(f"/placements/{walk.id}").text
    assert "予定（7日以内）" not in browser.get("/").text
