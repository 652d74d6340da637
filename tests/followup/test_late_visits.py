"""A visit recorded without the network arrives hours later: recorded, or kept until decided."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.cases.models import Case
from app.db import now, today
from app.followup.codes import CheckInState
from app.followup.late.models import LateVisit
from app.followup.models import Attempt
from app.followup.plans import services as plans
from app.followup.plans.codes import PauseReason
from app.followup.settling import services as settling
from app.followup.settling.codes import LeaveReason
from app.policy import Protection, Role


@pytest.fixture
def browser(watch, browser_of):
    return browser_of(watch.staff)


def _tell(watch, row, result="met", *, hours=3, user=None, **more):
    body = {"result": result, "happened_at": (now() - timedelta(hours=hours)).isoformat()} | more
    return watch.send("POST", f"/check-ins/{row.id}/late-attempts", user=user, **body)


def _attempts(watch):
    return watch.ask(lambda s: s.scalars(sa.select(Attempt).order_by(Attempt.id)).all())


def _late(watch):
    return watch.ask(lambda s: s.scalars(sa.select(LateVisit)).all())


def test_it_is_recorded_at_the_time_it_happened_and_once(watch):
    row = watch.rows()[0]
    moment = (now() - timedelta(hours=3)).isoformat()
    first, again = (_tell(watch, row, happened_at=moment, note="元気") for _ in range(2))
    assert (first.status_code, first.json["outcome"]) == (201, "recorded")
    assert again.json["outcome"] == "again"
    (attempt,) = _attempts(watch)
    assert (attempt.at.isoformat()[:19], attempt.note) == (moment[:19], "元気")
    day = _tell(watch, watch.rows()[1], "absent", on=str(today() - timedelta(days=2)), hours=1)
    assert day.json["outcome"] == "recorded"
    assert _attempts(watch)[1].at.date() == today() - timedelta(days=2)
    assert _tell(watch, watch.rows()[1], "absent", happened_at="きのう").status_code == 422
    ahead = _tell(watch, watch.rows()[1], "absent", hours=-5)
    assert ahead.json["outcome"] == "recorded"  # a clock that is wrong loses no visit
    assert _attempts(watch)[2].at <= now()


def test_two_visits_of_one_earlier_day_are_two_and_one_told_twice_is_one(watch):
    row, on = watch.rows()[0], str(today() - timedelta(days=1))
    press = now() - timedelta(hours=1)
    for result, seconds in (("absent", 0), ("met", 20), ("met", 20)):
        moment = (press + timedelta(seconds=seconds)).isoformat()
        _tell(watch, row, result, happened_at=moment, on=on)
    assert [attempt.result for attempt in _attempts(watch)] == ["absent", "met"]
    assert watch.rows()[0].state is CheckInState.MET


def test_somebody_who_was_quicker_keeps_their_record_and_a_person_decides(watch, browser):
    row = watch.rows()[0]
    watch.send("POST", f"/check-ins/{row.id}/attempts", result="spoke")
    told = _tell(watch, row, note="玄関で会えた", items=["meals"], rent="late")
    assert told.json["outcome"] == "reported"
    assert "ほかの人が先に記録" in told.json["sentence"]
    assert len(_attempts(watch)) == 1
    first_page = browser.get("/")
    assert "圏外で記録した訪問に、確かめることがあります" in first_page.text
    page = browser.get(browser.get("/visits/late").soup.select_one("main .todo a")["href"])
    assert "玄関で会えた" in page.text
    other = browser.get(f"/visits/late/{_late(watch)[0].id}")
    wrong = browser.submit(page, button="記録はいまのままでよい", status=422)
    assert wrong.soup.select("#error-words")
    browser.submit(page, button="この訪問も記録に残す")
    assert [a.note for a in _attempts(watch)] == [None, "玄関で会えた"]
    assert watch.rows()[0].state is CheckInState.MET
    assert "確かめることがあります" not in browser.get("/").text
    done = browser.get(f"/visits/late/{_late(watch)[0].id}")
    assert "この訪問も記録に残した" in done.text
    twice = browser.submit(other, button="この訪問も記録に残す", status=409)
    assert "ほかの人がもう決めました" in twice.text


@pytest.mark.parametrize("ended", [False, True])
def test_a_changed_plan_loses_no_visit_and_holds_up_no_worry(watch, browser, ended):
    coming = next(row for row in watch.rows() if row.due_on > today())
    who = {"today": today()}
    if ended:
        watch.change(settling.leave, day=today(), leave_reason=LeaveReason.OTHER, reason="x", **who)
    else:
        until = {"from_on": today(), "until_on": today() + timedelta(days=90)}
        watch.change(plans.pause, **until, reason=PauseReason.FAMILY, **who)
    told = _tell(watch, coming)
    assert ("終わっていました" if ended else "取りやめ") in told.json["sentence"]
    assert _attempts(watch) == []
    page = browser.get(f"/visits/late/{_late(watch)[0].id}")
    browser.submit(page, {"words": "電話で聞いた"}, button="記録はいまのままでよい")
    assert _attempts(watch) == []
    worry = _tell(watch, coming, "worrying", hours=2)
    assert "順番を始めました" in worry.json["sentence"]
    assert len(watch.concerns()) == len(_attempts(watch)) == 1
    assert watch.rows(id=coming.id)[0].state is CheckInState.CANCELLED


@pytest.mark.parametrize("protection", list(Protection))
def test_what_a_phone_keeps_tells_nobody_where_a_household_in_hiding_is(
    watch, browser, browser_of, protection
):
    plan = watch.plan

    def set_up(session):
        case = session.get_one(Case, watch.case.id)
        case.protection, case.phone = protection, "046-000-1234"
        session.get_one(type(plan), plan.id).assigned_to = watch.staff.id

    watch.ask(set_up)
    listed = browser.get("/visits/kept")
    first = listed.soup.select_one("[data-kept-visits] a")["href"]
    page = browser.get(f"{first}/kept")
    for words in (watch.case.name, "コーポ架空"):
        seen = protection is Protection.NO
        assert (words in listed.text, words in page.text) == (seen, seen), words
    assert ("046-000-1234" in page.text) is (protection is Protection.NO)
    assert page.soup.select_one("form[data-visit] [name=kept_for]")["value"]


def test_a_phone_keeps_only_ones_own_households_that_are_due(watch, browser_of, make, app):
    colleague = make.user(Role.FOLLOWUP, Role.CONSULTANT,
                          organisation=make.the_organisation(watch.staff))  # fmt: skip
    theirs = browser_of(colleague)
    assert watch.case.name not in theirs.get("/visits/kept").text
    row = watch.rows()[0]
    assert theirs.raw.get(f"/visits/{row.id}/kept").status_code == 404
    assert theirs.raw.get(f"/visits/{row.id}").status_code == 200
    stranger = make.user(Role.FOLLOWUP)
    assert _tell(watch, row, user=stranger).status_code == 404
    assert browser_of(stranger).raw.get("/visits/late/1").status_code == 404
    worker = app.test_client().get("/visits/worker.js")
    assert worker.headers["Service-Worker-Allowed"] == "/visits"
    assert theirs.raw.get("/visits/standing").json["token"]
    assert "圏外" in theirs.get("/visits/no-network").text


def test_the_pages_script_sends_with_the_persons_own_session(watch, browser):
    row = watch.rows()[0]
    body = {"result": "met", "happened_at": now().isoformat(), "items": [], "kinds": []}

    token = browser.raw.get("/visits/standing").json["token"]

    def send(key, **more):
        headers = {"Idempotency-Key": f"late:{key}-1234", "X-CSRFToken": token}
        return browser.raw.post(f"/visits/{row.id}/late", json=body | more, headers=headers)

    assert send("wrong", result="x").status_code == 422
    assert send("right").json["outcome"] == "recorded"
    assert send("right").json["outcome"] == "recorded"
    assert len(_attempts(watch)) == 1
