"""Check-ins: an attempt is not a contact, and nothing unanswered closes itself."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from icalendar import Calendar

from app.cases.models import Case
from app.db import now, today
from app.followup.codes import CheckInState
from app.followup.models import Attempt, CheckIn
from app.placements import services, steps
from app.placements.codes import StepKind
from app.placements.models import Hold
from app.policy import Protection, Role
from tests.placements.households import a_case, a_home


@pytest.fixture
def moved_in(make, in_database):
    """A household that moved in ten days ago; returns its case and the worker."""
    staff = make.user(Role.CONSULTANT, Role.FOLLOWUP)
    case, home = a_case(make, staff), a_home(make, staff)

    def move(session):
        home_row, case_row = (
            session.get_one(type(home), home.id),
            session.get_one(type(case), case.id),
        )
        who = {"user_id": staff.id, "organisation_id": staff.organisation_id}
        hold = services.place_hold(session, home=home_row, case=case_row, at=now(), **who)
        placement = steps.start_placement(session, hold=hold, at=now(), **who)
        for kind in ("application", "landlord", "contract", "keys", "move_in"):
            steps.record_step(
                session,
                placement=placement,
                kind=StepKind(kind),
                done_on=today() - timedelta(days=10),
                user_id=staff.id,
                today=today(),
            )

    in_database(move)
    return case, staff


def _first(in_database):
    return in_database(lambda s: s.scalar(sa.select(CheckIn).order_by(CheckIn.due_on)))


def test_todays_list_shows_what_is_still_open_from_before(moved_in, browser_of):
    case, staff = moved_in
    page = browser_of(staff).get("/visits")
    assert case.name in page.text
    assert "9日過ぎ" in page.text


def test_a_normal_visit_is_two_taps(moved_in, browser_of, in_database):
    _case, staff = moved_in
    browser = browser_of(staff)
    page = browser.get(browser.get("/visits").link("入居の翌日"))
    done = browser.submit(page, {"result": "met"}, action="/attempts")
    assert "会えた" in done.text
    assert _first(in_database).state is CheckInState.MET


def test_a_worry_says_whom_to_tell_and_stands_out_in_the_story(moved_in, browser_of):
    case, staff = moved_in
    browser = browser_of(staff)
    page = browser.get(browser.get("/visits").link("入居の翌日"))
    told = browser.submit(page, {"result": "worrying"}, action="/attempts")
    assert "きょうのうちに、相談の担当（試験" in told.text
    assert browser.get(f"/cases/{case.id}").soup.select(".timeline-bad")


def test_an_alias_with_its_own_honorific_gets_no_second_one(
    make, moved_in, in_database, browser_of
):
    case, staff = moved_in
    in_database(lambda s: s.execute(sa.update(Case).values(name=None, alias="Bさん")))
    browser = browser_of(staff)
    pages = [browser.get("/visits"), browser.get(f"/cases/{case.id}"), browser.get("/placements/1")]
    pages.append(browser.get(pages[0].link("入居の翌日")))
    for page in pages:
        assert "Bさん" in page.text
        assert "Bさんさん" not in page.text


@pytest.mark.parametrize("result", ["absent", "no_answer"])
def test_an_absence_leaves_the_check_in_due(moved_in, browser_of, in_database, result):
    _case, staff = moved_in
    browser = browser_of(staff)
    first = _first(in_database)
    browser.submit(browser.get(f"/visits/{first.id}"), {"result": result}, action="/attempts")
    assert _first(in_database).state is CheckInState.DUE
    assert "不在 1回" in browser.get("/visits").text


def _attempt(app, staff, check_in, key, **body):
    headers = {"Authorization": f"Bearer {staff.token}", "Idempotency-Key": key}
    return app.test_client().post(
        f"/api/v1/check-ins/{check_in.id}/attempts", json={"result": "met"} | body, headers=headers
    )


def test_a_visit_in_the_future_or_before_the_move_is_refused(app, moved_in, in_database):
    _case, staff = moved_in
    first = _first(in_database)
    tomorrow, long_ago = today() + timedelta(days=1), today() - timedelta(days=40)
    for number, day in enumerate((tomorrow, long_ago)):
        answer = _attempt(app, staff, first, f"odd-day-{number}", on=day.isoformat())
        assert answer.status_code == 422
        assert answer.json["errors"]["on"]
    assert in_database(lambda s: s.scalar(sa.select(sa.func.count(Attempt.id)))) == 0


def test_a_contact_is_recorded_once_though_two_people_report_it(app, moved_in, in_database):
    _case, staff = moved_in
    first = _first(in_database)
    answers = [_attempt(app, staff, first, f"report-{n}").status_code for n in range(2)]
    assert answers == [201, 409]


def test_where_a_protected_household_lives_is_not_on_a_colleagues_list(make, moved_in, browser_of):
    case, staff = moved_in
    make.session.expire_all()
    row = make.session.get_one(type(case), case.id)
    row.protection = Protection.YES
    make.save(row)
    colleague = make.user(Role.FOLLOWUP, organisation=make.the_organisation(staff))
    page = browser_of(colleague).get("/visits")
    assert case.name not in page.text
    assert "コーポ架空" not in page.text
    assert case.name in browser_of(staff).get("/visits").text


def test_the_hold_that_led_to_the_home_is_closed(moved_in, in_database):
    assert in_database(lambda s: s.scalar(sa.select(Hold)).ended_as).value == "placed"


def test_check_ins_stand_in_the_calendar_of_whoever_carries_the_plan(
    app, moved_in, browser_of, make
):
    case, staff = moved_in

    def summaries(user):
        browser = browser_of(user)
        page = browser.submit(
            browser.get("/account/calendar"), {"label": "携帯"}, action="/account/calendar"
        )
        address = page.soup.select_one("code.address").get_text()
        file = app.test_client().get(address.removeprefix("http://localhost")).data
        return [str(one["summary"]) for one in Calendar.from_ical(file).walk("VEVENT")]

    mine = summaries(staff)
    assert mine[0] == f"見守り（入居の翌日）　{case.number}"
    assert len(mine) > 15
    colleague = make.user(Role.CONSULTANT, Role.FOLLOWUP, organisation=make.the_organisation(staff))
    assert summaries(colleague) == []


@pytest.mark.parametrize("protection", list(Protection))
def test_a_calendar_with_names_has_none_of_a_household_in_hiding(
    app, moved_in, browser_of, in_database, protection
):
    case, staff = moved_in
    in_database(lambda s: setattr(s.get_one(Case, case.id), "protection", protection))
    browser = browser_of(staff)
    page = browser.submit(
        browser.get("/account/calendar"),
        {"label": "携帯", "with_names": ["true"]},
        action="/account/calendar",
    )
    address = page.soup.select_one("code.address").get_text()
    file = app.test_client().get(address.removeprefix("http://localhost")).data
    first = str(next(iter(Calendar.from_ical(file).walk("VEVENT")))["summary"])
    assert first.startswith(f"見守り（入居の翌日）　{case.number}")
    assert (case.name in first) is (protection is Protection.NO)
