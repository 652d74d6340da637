"""Somebody met today was silent before: told apart from met in time, and ended by a person."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.db import now, today
from app.followup.codes import CheckInKind, CheckInState
from app.followup.ladder import services as ladder
from app.followup.ladder.codes import ConcernState
from app.followup.models import CheckIn
from app.followup.plans import services as plans
from app.followup.plans.codes import PauseReason
from app.followup.settling.queries import kept_of
from app.followup.signals.models import SafetyDay
from app.japanese import fiscal_year
from app.placements.models import Placement

COVERED = "あとの連絡で確かめた"


@pytest.fixture
def browser(watch, browser_of):
    return browser_of(watch.staff)


def _attempt(watch, row, result="met", **more):
    return watch.send("POST", f"/check-ins/{row.id}/attempts", result=result, **more)


def _states(watch):
    return [row.state for row in watch.rows() if row.due_on <= today()]


def test_a_contact_settles_older_silence_in_sight_and_a_person_ends_its_ladder(watch, browser):
    watch.ask(lambda s: ladder.open_overdue(s, at=now()))
    first, _second, third = (row for row in watch.rows() if row.due_on <= today())
    assert _attempt(watch, third).status_code == 201
    assert _states(watch) == [CheckInState.COVERED, CheckInState.COVERED, CheckInState.MET]
    assert {row.answered_by for row in watch.rows(state="covered")} == {third.id}
    assert [c.state for c in watch.concerns()] == [ConcernState.OPEN, ConcernState.OPEN]
    assert watch.ask(lambda s: ladder.open_overdue(s, at=now() + timedelta(days=1))) == 0
    assert "会えています。読んで終える" in browser.get("/visits").text
    page = browser.get(f"/visits/{first.id}")
    assert f"その日は会えず、{COVERED}" not in page.text
    assert page.link("その記録").endswith(f"/visits/{third.id}")
    assert browser.get(f"/visits/plans/{watch.plan.id}").text.count(COVERED) == 2
    page = browser.get(f"/concerns/{watch.concerns()[0].id}")
    assert "よければ、下で終えてください" in page.text
    browser.submit(page, action="/closing")
    ended = watch.concerns()[0]
    assert (ended.state, ended.outcome) == (ConcernState.CLOSED, "later")
    ledger = browser.get(f"/visits/ledger/{fiscal_year(third.due_on)}")
    assert ledger.text.count(f"その日は会えず、{COVERED}（{today()}）") == 2
    told = {dt.text: dt.find_next("dd").text for dt in ledger.soup.select("dt")}
    assert told["その日の見守りで会えた・話せた"].strip() == "1回"
    assert told["その日は会えず、あとの連絡で確かめた"].strip() == "2回"


def test_what_was_recorded_wrongly_answers_for_nothing_and_a_late_word_is_a_contact(watch):
    first, _second, third = (row for row in watch.rows() if row.due_on <= today())
    wrong = _attempt(watch, third, "spoke").json["id"]
    assert _attempt(watch, first, on=str(first.due_on)).status_code == 201
    assert _states(watch) == [CheckInState.MET, CheckInState.COVERED, CheckInState.MET]
    path = f"/check-ins/{third.id}/attempts/{wrong}/correction"
    assert watch.send("POST", path, result="no_answer", note="別の家").status_code == 201
    assert _states(watch) == [CheckInState.MET, CheckInState.DUE, CheckInState.DUE]


def test_silence_that_a_wrong_record_had_ended_is_asked_after_again(watch):
    watch.ask(lambda s: ladder.open_overdue(s, at=now()))
    first, _second, third = (row for row in watch.rows() if row.due_on <= today())
    concern = next(c for c in watch.concerns() if c.check_in_id == first.id)
    wrong = _attempt(watch, third, "spoke").json["id"]
    body = {"version": concern.version, "outcome": "later", "found": "x"}
    assert watch.send("POST", f"/concerns/{concern.id}/closing", **body).status_code == 200
    path = f"/check-ins/{third.id}/attempts/{wrong}/correction"
    assert watch.send("POST", path, result="no_answer", note="別の家").status_code == 201
    watch.ask(lambda s: ladder.open_overdue(s, at=now() + timedelta(days=1)))
    asked = [c.state for c in watch.concerns() if c.check_in_id == first.id]
    assert asked == [ConcernState.CLOSED, ConcernState.OPEN]


@pytest.mark.once
@pytest.mark.parametrize(
    ("older", "newer", "state"),
    [
        (CheckInKind.RETURN, CheckInKind.EXTRA, CheckInState.COVERED),
        (CheckInKind.ROUTINE, CheckInKind.REVIEW, CheckInState.COVERED),
        (CheckInKind.REVIEW, CheckInKind.REVIEW, CheckInState.COVERED),
        (CheckInKind.REVIEW, CheckInKind.ROUTINE, CheckInState.DUE),
    ],
)
def test_a_look_back_is_answered_only_by_a_look_back(watch, older, newer, state):
    first, second = watch.rows()[:2]

    def kinds(session):
        session.get_one(CheckIn, first.id).kind = older
        session.get_one(CheckIn, second.id).kind = newer

    watch.ask(kinds)
    _attempt(watch, second)
    assert watch.rows()[0].state is state


@pytest.mark.once
def test_an_absence_or_a_worry_answers_for_nothing_and_no_later_contact_ends_no_concern(watch):
    watch.ask(lambda s: ladder.open_overdue(s, at=now()))
    _first, _second, third = (row for row in watch.rows() if row.due_on <= today())
    for result in ("absent", "worrying"):
        _attempt(watch, third, result)
    assert _states(watch) == [CheckInState.DUE, CheckInState.DUE, CheckInState.MET]
    concern = watch.concerns()[0]
    body = {"version": concern.version, "outcome": "later", "found": "x"}
    refused = watch.send("POST", f"/concerns/{concern.id}/closing", **body)
    assert "先に訪問を記録" in refused.json["errors"]["outcome"][0]


def test_a_mistake_makes_nobody_safe_and_only_starts_the_clock_anew(watch, browser):
    watch.ask(lambda s: ladder.open_overdue(s, at=now()))
    concern = watch.concerns()[0]

    def day():
        row = watch.ask(lambda s: s.get(SafetyDay, (watch.plan.id, today())))
        return row and (row.only_clock, row.by_device)

    body = {"version": concern.version, "found": "別の人の記録だった"}
    watch.send("POST", f"/concerns/{concern.id}/closing", outcome="mistake", **body)
    assert day() == (True, False)
    assert "安否確認（1日1回）" not in browser.get("/visits/ledger").text
    wrong = _attempt(watch, watch.rows()[2], "spoke").json["id"]
    assert day() == (False, False)
    path = f"/check-ins/{watch.rows()[2].id}/attempts/{wrong}/correction"
    assert watch.send("POST", path, result="absent", note="別の家だった").status_code == 201
    assert day() == (True, False)


def test_a_second_worry_of_a_day_is_a_record_of_its_own(watch, browser):
    row = watch.rows()[0]
    _attempt(watch, row)
    assert _attempt(watch, row, "worrying").status_code == 409
    page = browser.get(f"/visits/{row.id}")
    told = browser.submit(page, {"note": "台所が焦げていた"}, action="/attempts")
    assert "きょうのうちに" in told.text
    (concern,) = watch.concerns()
    assert (concern.kind, concern.state) == ("worry", ConcernState.OPEN)
    again = _attempt(watch, row, "worrying", again=True, note="薬も")
    assert again.status_code == 201
    assert len(watch.concerns()) == 2
    assert _attempt(watch, row, "met", again=True).status_code == 409


def test_whoever_settled_can_leave_later_and_the_tenancy_lasted_until_then(watch, browser):
    _attempt(watch, watch.rows()[2])
    url = f"/visits/plans/{watch.plan.id}"
    settled = today() - timedelta(days=2)
    form = browser.get(f"{url}/ends/settle")
    browser.submit(form, {"day": str(settled), "reason": "落ち着いた"})
    assert watch.case.name in browser.get("/visits/plans").text
    assert browser.get(f"/cases/{watch.case.id}").link("計画").endswith(url)
    form = browser.get(browser.get(url).link("退去した"))
    told = {"leave_reason": "family", "reason": "娘と暮らす"}
    early = {"day": str(settled - timedelta(days=1))}
    assert "定着とした日以降" in browser.submit(form, told | early, status=422).text
    browser.submit(browser.get(f"{url}/ends/leave"), told)
    placement = watch.ask(lambda s: s.scalar(sa.select(Placement)))
    assert (placement.state, placement.ended_on) == ("ended", today())
    plan = watch.plan
    assert (plan.ended_on, plan.ended_as) == (settled, "settled")
    mark = plan.starts_on + timedelta(days=200)
    (three, *_rest) = kept_of([(plan.starts_on, placement.ended_on)], mark)
    assert (three.reached, three.kept) == (1, 0)
    assert watch.case.name not in browser.get("/visits/plans").text
    assert f"退居 {today()}" in browser.get("/visits/ledger").text
    again = browser.submit(browser.get(f"{url}/ends/leave"), told, status=409)
    assert "もう終わっています" in again.text


@pytest.mark.parametrize(("days", "looked_in"), [(2, True), (5, True), (6, False)])
def test_whoever_came_back_days_ago_is_looked_in_on_today(watch, browser, days, looked_in):
    span = {"from_on": today() - timedelta(days=5), "until_on": today() + timedelta(days=20)}
    watch.change(plans.pause, **span, reason=PauseReason.HOSPITAL, today=today())
    before = [row for row in watch.rows(state="due") if row.due_on < today()]
    page = browser.get(f"/visits/plans/{watch.plan.id}")
    back = {"back_on": str(today() - timedelta(days=days))}
    answer = browser.submit(page, back, action="/return", status=200 if looked_in else 422)
    assert bool(answer.errors) is not looked_in
    due = watch.rows(state="due")
    assert any(row.due_on == today() for row in due) is looked_in
    assert [row.id for row in due if row.due_on < today()] == [row.id for row in before]
