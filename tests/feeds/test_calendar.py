"""One's own calendar by a secret address: what is in it, what never is, and how it ends."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

import pytest
import sqlalchemy as sa
from icalendar import Calendar

from app.accounts.models import RoleMembership, User
from app.audit.models import AuditEntry, Deed
from app.db import today
from app.feeds import services
from app.feeds.ics import calendar_of
from app.feeds.sources import Dated, calendar_sources
from app.policy import ROLE_ACTIONS, Action, Role
from tests.meetings.kit import a_meeting
from tests.placements.test_steps import Walk


@pytest.fixture
def worker(make):
    return make.user(Role.CONSULTANT)


NOW = datetime(2026, 11, 28, tzinfo=UTC)
PAGE = "/account/calendar"


def add(browser, label="仕事用の携帯", **values):
    return browser.submit(browser.get(PAGE), {"label": label, **values}, action=PAGE)


def made(browser, **values):
    page = add(browser, **values)
    assert page.link("この端末のカレンダーに加える").startswith("webcal://localhost/calendars/")
    return page.soup.select_one("code.address").get_text().removeprefix("http://localhost")


def read(app, address):
    return app.test_client().get(address)


@pytest.fixture
def visits(monkeypatch):
    """A source as a feature would register it, for whoever may read meetings."""
    asked = []

    def source(_session, viewer, day):
        asked.append(viewer.user_id)
        name = "見本 太郎さん"
        return [
            Dated("visit-1", day, "見守り　C-2026-0001", "/visits/1", household=name, case_id=None),
            Dated(
                "view-2", day + timedelta(1), "内見", "/placements/1", at=time(10, 30), minutes=45
            ),
        ]

    monkeypatch.setattr(services, "calendar_sources", [(Action.MEETING_READ, source)])
    return asked


def test_what_is_planned_can_be_read_without_signing_in_and_tells_no_name(
    app, worker, browser_of, visits
):
    address = made(browser_of(worker))
    answer = read(app, address)
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    days, hours = Calendar.from_ical(answer.data).walk("VEVENT")
    assert (str(days["summary"]), days.decoded("dtstart")) == ("見守り　C-2026-0001", today())
    assert hours.decoded("dtstart").strftime("%H:%M") == "10:30"
    assert hours.decoded("dtend") - hours.decoded("dtstart") == timedelta(minutes=45)
    assert str(hours["url"]) == "http://localhost/placements/1"
    assert "見本" not in answer.text
    assert visits == [worker.id]
    assert "まだ読まれていません" not in browser_of(worker).get("/account/calendar").text


def test_names_come_only_when_asked_for(app, worker, browser_of, visits):
    address = made(browser_of(worker), with_names=["true"])
    [first, _second] = Calendar.from_ical(read(app, address).data).walk("VEVENT")
    assert str(first["summary"]) == "見守り　C-2026-0001　見本 太郎さん"


def test_an_address_that_was_stopped_or_never_made_or_changed_opens_nothing(
    app, worker, browser_of, make, visits
):
    browser, stranger = browser_of(worker), browser_of(make.user(Role.CONSULTANT))
    address = made(browser)
    token = address.removeprefix("/calendars/").removesuffix(".ics")
    page = stranger.get("/account/calendar")
    csrf = page.typed()["csrf_token"]
    answer = stranger.raw.post("/account/calendar/1/end", data={"csrf_token": csrf})
    assert answer.status_code == 404
    assert read(app, address).status_code == 200
    browser.submit(browser.get("/account/calendar"), action="/end")
    for gone in (address, f"/calendars/{token[:-1]}.ics", "/calendars/x.ics"):
        answer = read(app, gone)
        assert (answer.status_code, answer.mimetype) == (404, "text/plain")
        assert "新しい住所" in answer.text
    assert "住所を作る" in browser.get("/account/calendar").text


def test_whoever_was_switched_off_or_lost_a_role_is_told_nothing(
    app, worker, browser_of, in_database, visits
):
    address = made(browser_of(worker))
    in_database(lambda s: s.query(RoleMembership).filter_by(user_id=worker.id).delete())
    assert Calendar.from_ical(read(app, address).data).walk("VEVENT") == []
    in_database(lambda s: setattr(s.get(User, worker.id), "active", False))
    assert read(app, address).status_code == 404


def test_five_addresses_are_enough(worker, browser_of):
    browser = browser_of(worker)
    for number in range(5):
        page = add(browser, label=f"端末{number}")
    assert "新しい住所" not in page.text


def summaries(app, browser):
    events = Calendar.from_ical(read(app, made(browser)).data).walk("VEVENT")
    return [str(event["summary"]) for event in events]


def test_appointments_and_meetings_stand_in_the_calendars_of_those_they_concern(
    app, make, browser_of, in_database
):
    walk = Walk(app, make)
    day = (today() + timedelta(days=3)).isoformat()
    place = {"kind": "viewing", "planned_on": day, "meeting_place": "相武台前駅の改札"}
    assert walk.post(f"/placements/{walk.id}/plans", place).status_code == 201
    a_meeting(make, walk.staff, held_on=today() + timedelta(days=1))
    mine = summaries(app, browser_of(walk.staff))
    assert mine == ["支援調整会議（随時）", f"内見　{walk.case.number}"]
    colleague = make.user(
        Role.CONSULTANT, Role.HOUSING, organisation=make.the_organisation(walk.staff)
    )
    goes_along = walk.post(f"/placements/{walk.id}/plans", place | {"companion_id": colleague.id})
    assert goes_along.status_code == 201, goes_along.text
    assert summaries(app, browser_of(walk.staff)) == mine[:1]
    his = made(browser_of(colleague))
    assert [read(app, his).status_code for _ in range(3)] == [200] * 3
    looked_up = sa.select(AuditEntry.record_kind).where(
        AuditEntry.user_id == colleague.id, AuditEntry.deed == Deed.EXPORTED
    )
    told = Counter(in_database(lambda s: s.scalars(looked_up).all()))
    assert told == {"calendar_feed": 3, "case": 1}
    assert summaries(app, browser_of(make.user(Role.CONSULTANT, Role.HOUSING))) == []


@pytest.mark.once
def test_a_moved_appointment_keeps_its_key_so_that_a_calendar_moves_it():
    def key_of(day):
        keys = Dated("step-7", day, "鍵の受け取り", "/placements/1")
        file = calendar_of([keys], at=NOW, outside="https://a.example", with_names=False)
        return str(Calendar.from_ical(file).walk("VEVENT")[0]["uid"])

    assert {key_of(date(2026, 12, 1)), key_of(date(2026, 12, 4))} == {"step-7@a.example"}


def test_every_source_stands_behind_an_action_some_role_has():
    assert calendar_sources
    for action, _source in calendar_sources:
        assert any(action in actions for actions in ROLE_ACTIONS.values())
