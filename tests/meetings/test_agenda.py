"""A meeting from its day to its decisions, which reach the plan and the case at once."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from app.cases.plans.models import Plan
from app.cases.work.models import LogEntry
from app.db import today
from app.meetings.codes import MeetingKind, MoveHoliday
from app.meetings.days import Rules, regular_days
from app.meetings.models import Meeting
from app.policy import ConsentItem, OrganisationKind, RecipientKind, Role
from tests.cases.plan_kit import a_plan
from tests.meetings.kit import a_meeting, an_item


@pytest.fixture
def desk(make):
    return make.user(Role.CONSULTANT, organisation=make.organisation(OrganisationKind.CONSULTATION))


def test_regular_days_move_past_holidays_and_the_years_end():
    days = regular_days(Rules(monthly_day=None), date(2026, 12, 21))
    assert (date(2027, 1, 4), MeetingKind.AD_HOC) in days  # from Friday 1 January
    assert len(days) == len(set(days))
    skipping = regular_days(
        Rules(monthly_day=31, move_holiday=MoveHoliday.SKIP, weekdays=()), date(2027, 1, 15)
    )
    assert skipping == []  # 31 January is a Sunday
    assert regular_days(Rules(weekdays=(), monthly_day=31), date(2027, 2, 1)) == [
        (date(2027, 2, 1), MeetingKind.REGULAR),
        (date(2027, 3, 1), MeetingKind.REGULAR),
    ]


def test_a_plan_comes_before_the_meeting_and_back_decided(make, desk, browser_of, in_database):
    case = make.case(desk, name="見本 一子")
    a_plan(make, case, desk, submitted=True)
    browser = browser_of(desk)
    page = browser.get("/meetings")
    made = browser.submit(
        browser.get("/meetings/new"), {"held_on": today().isoformat(), "place": "2階"}
    )
    assert "決定を待つプラン" in made.text
    adding = made.soup.select_one("aside a.button")["href"]
    item = browser.submit(browser.get(adding), {"subject": "部屋を探す"})
    assert case.code_name == item.h1
    assert "見本 一子" not in browser.get(made.url).text
    assert "きょうの会議" in browser.get("/").text
    late = today() + timedelta(days=3)
    done = browser.submit(
        item,
        {"decision": "approved", "decision_note": "急ぐ", "task": "収納課に電話",
         "by_when": late.isoformat()},
        action="/decision",
    )  # fmt: skip
    assert "支援決定" in done.text
    assert in_database(lambda s: s.get_one(Plan, 1).state.value) == "decided"
    entry = in_database(lambda s: s.scalars(sa.select(LogEntry)).one())
    assert (entry.next_step, entry.next_on) == ("収納課に電話", late)
    story = browser.get(f"/cases/{case.id}").text
    assert "プラン（初回）：支援決定" in story
    assert "収納課に電話" in story
    plan = browser.get(f"/cases/{case.id}/plans/1").text
    assert "支援調整会議（随時）" in plan
    assert f"支援調整会議（随時） {today().year}年" not in plan.replace("\u3000", " ")
    assert page.status == 200


@pytest.mark.parametrize(
    "outcome",
    [("change", "draft"), ("postponed", "submitted"), ("confirmed", "decided")],
)
def test_each_decision_leaves_the_plan_where_it_belongs(
    make, desk, browser_of, in_database, outcome
):
    decision, state = outcome
    case = make.case(desk)
    a_plan(make, case, desk, submitted=True)
    meeting = a_meeting(make, desk)
    item = an_item(make, meeting, case, desk)
    browser = browser_of(desk)
    page = browser.get(f"/meetings/{meeting.id}/items/{item.id}")
    other = browser.get(f"/meetings/{meeting.id}/items/{item.id}")
    browser.submit(other, {"decision": decision}, action="/decision")
    assert in_database(lambda s: s.get_one(Plan, 1).state.value) == state
    again = browser.submit(page, {"decision": "approved"}, action="/decision", status=409)
    assert "更新と重なりました" in again.text


def test_a_day_without_a_task_is_refused_and_nothing_is_written(
    make, desk, browser_of, in_database
):
    case = make.case(desk)
    a_plan(make, case, desk, submitted=True)
    item = an_item(make, a_meeting(make, desk), case, desk)
    browser = browser_of(desk)
    page = browser.get(f"/meetings/1/items/{item.id}")
    typed = {"decision": "approved", "by_when": "2099-01-01", "decision_note": "残る言葉"}
    refused = browser.submit(page, typed, action="/decision", status=422)
    assert "することも入れて" in refused.errors
    assert "残る言葉" in refused.text
    assert in_database(lambda s: s.get_one(Plan, 1).state.value) == "submitted"
    assert in_database(lambda s: s.scalar(sa.select(sa.func.count(LogEntry.id)))) == 0


def test_a_case_without_consent_is_refused_at_a_coordination_meeting(make, desk, browser_of):
    case = make.case(desk)
    a_meeting(make, desk)
    browser = browser_of(desk)
    page = browser.get("/meetings/1/items/new")
    refused = browser.submit(page, {"case_id": case.id}, status=422)
    assert "同意のない相談" in refused.errors
    page = browser.get("/meetings/1/items/new")
    support = browser.submit(page, {"case_id": case.id, "basis": "support"}, status=422)
    assert "支援会議を兼ねていません" in support.errors
    make.consent(case, RecipientKind.PARTNER, ConsentItem.CARE)
    page = browser.get("/meetings/1/items/new")
    assert browser.submit(page, {"case_id": case.id}).h1 == case.code_name
    page = browser.get("/meetings/1/items/new")
    assert "すでに議題にあります" in browser.submit(page, {"case_id": case.id}, status=409).text


def test_suggestions_say_why(make, desk, browser_of):
    leaving = make.case(desk, leave_by=today() + timedelta(days=10))
    make.case(desk, leave_by=today() + timedelta(days=40))
    looked = make.case(desk)
    a_plan(make, looked, desk, decided=True, next_monitoring=today())
    a_meeting(make, desk)
    text = browser_of(desk).get("/meetings/1").text
    assert f"{leaving.code_name} 14日以内に退去" in text
    assert f"{looked.code_name} モニタリングの時期" in text
    assert text.count("以内に退去") == 1


def test_the_order_is_changed_and_an_item_taken_off(make, desk, browser_of):
    meeting = a_meeting(make, desk)
    cases = [make.case(desk) for _ in range(3)]
    for case in cases:
        make.consent(case, RecipientKind.PARTNER, ConsentItem.CARE)
        an_item(make, meeting, case, desk)
    browser = browser_of(desk)
    page = browser.submit(browser.get("/meetings/1"), action="/items/2/order")
    heads = [one.get_text(strip=True) for one in page.soup.select(".agenda h2")]
    assert [head[2:] for head in heads] == [cases[n].code_name for n in (1, 0, 2)]
    page = browser.submit(browser.get("/meetings/1/items/3"), action="/remove")
    assert len(page.soup.select(".agenda h2")) == 2


def test_a_meeting_is_moved_held_and_cancelled(make, desk, browser_of, in_database):
    a_meeting(make, desk)
    browser = browser_of(desk)
    edit = browser.get("/meetings/1/edit")
    none = browser.submit(edit, {"legal_bases": []}, status=422)
    assert "一つ以上" in none.errors
    moved = browser.submit(edit, {"legal_bases": ["coordination", "article_9"], "place": "別館"})
    assert "別館" in moved.text
    assert "第9条" in moved.text
    stale = browser.submit(edit, {"place": "本館"}, status=409)
    assert "更新と重なりました" in stale.text
    said = browser.submit(browser.get("/meetings/1"), {"remarks": "年末の休み"}, action="/remarks")
    assert "年末の休み" in said.text
    held = browser.submit(said, action="/state")
    assert "開催した" in held.text
    assert "支援調整会議" in browser.get("/meetings?past=1").h1 + browser.get("/meetings").text
    assert in_database(lambda s: s.get_one(Meeting, 1).support)


def test_regular_days_are_set_by_the_org_admin(make, browser_of):
    agency = make.organisation(OrganisationKind.CONSULTATION)
    keeper = browser_of(make.user(Role.ORG_ADMIN, organisation=agency))
    page = keeper.get("/meetings/settings")
    refused = keeper.submit(page, {"monthly_day": "40"}, status=422)
    assert "31以下" in refused.errors
    typed = {"weekdays": ["2"], "monthly_day": "", "place": "会議室A",
             "legal_bases": ["coordination", "article_9"]}  # fmt: skip
    assert "会議室A" in str(keeper.submit(page, typed).soup)
    assert "更新と重なりました" in keeper.submit(page, typed, status=409).text
    desk = browser_of(make.user(Role.CONSULTANT, organisation=agency))
    days = [a.text for a in desk.get("/meetings").soup.select(".row-plain a")]
    assert days
    assert all("（水）" in day or "随時" in day for day in days)
    form = desk.get(desk.get("/meetings").soup.select_one(".row-plain a")["href"])
    assert form.soup.find(id="f-place")["value"] == "会議室A"
    assert len(form.soup.select("[name=legal_bases][checked]")) == 2


def test_the_calendar_names_nobody(make, desk, browser_of):
    case = make.case(desk, name="見本 一子")
    a_plan(make, case, desk, submitted=True)
    meeting = a_meeting(make, desk, held_on=today() + timedelta(days=2))
    an_item(make, meeting, case, desk)
    browser = browser_of(desk)
    text = browser.raw.get("/meetings/calendar.ics").get_data(as_text=True)
    assert "SUMMARY:支援調整会議（随時）" in text
    assert "LOCATION:第2会議室" in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    for secret in ("見本", case.code_name, case.number, "家賃"):
        assert secret not in text
    stranger = browser_of(make.user(Role.CONSULTANT))
    assert "VEVENT" not in stranger.raw.get("/meetings/calendar.ics").get_data(as_text=True)
