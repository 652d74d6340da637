"""Whom to call, in which order, by when – and the end only by a named person."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import jobs
from app.cases.household.models import Phone
from app.cases.models import Case
from app.db import JAPAN, now, today
from app.directory.models import Partner, PartnerKind
from app.followup.codes import AttemptResult, CheckInState
from app.followup.ladder import services
from app.followup.ladder.codes import ConcernKind, ConcernState, StepKind
from app.followup.ladder.models import Concern
from app.followup.models import CheckIn
from app.followup.signals.models import SafetyDay
from app.followup.visits import listing
from app.followup.visits.services import correct_attempt
from app.housing.models import Home, Landlord
from app.policy import Protection, Role


def _escalate(watch, at=None):
    return watch.ask(lambda s: services.open_overdue(s, at=at or now()))


def test_who_was_not_reached_in_time_gets_a_ladder_however_often_the_runner_looks(watch):
    assert _escalate(watch) == 2  # of the first, third and seventh day two are past their limit
    assert _escalate(watch) == 0
    concerns = watch.concerns()
    assert {c.kind for c in concerns} == {ConcernKind.NO_CONTACT}
    assert [c.opened_by for c in concerns] == [None, None]
    steps = concerns[0].steps
    assert [s.kind for s in steps] == list(StepKind)
    hours = [(s.due_at - concerns[0].opened_at) / timedelta(hours=1) for s in steps]
    assert hours == [12, 24, 36, 48, 72]
    assert {row.state for row in watch.rows()} == {CheckInState.DUE}


def test_a_runner_killed_halfway_leaves_nothing_half_done(watch, monkeypatch, app):
    def die(*_args, **_kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(services, "open_silent", die)
        with app.app_context(), pytest.raises(KeyboardInterrupt):
            jobs.run_due()
    assert watch.concerns() == []
    with app.app_context():
        jobs.run_due(at=now() + timedelta(minutes=20))
        jobs.run_due(at=now() + timedelta(minutes=40))
    assert len(watch.concerns()) == 2


@pytest.fixture
def browser(watch, browser_of):
    return browser_of(watch.staff)


@pytest.fixture
def concern(watch, browser):
    """A worry somebody pressed, with a landlord, a family's number and a centre to call."""

    def contacts(session):
        session.get_one(Home, watch.home.id).landlord = Landlord(
            name="架空 大家", name_key="架空大家", phone="0460-00-2000"
        )
        session.add(Phone(case_id=watch.case.id, number="090-0000-1111", whose="娘"))
        session.add(
            Partner(kind=PartnerKind.PROVIDER, name="架空地域包括支援センター",
                    name_key="架空地域包括", phone="0460-00-3000")
        )  # fmt: skip

    watch.ask(contacts)
    page = browser.get(browser.get("/visits").link("入居の翌日"))
    return browser.submit(page, {"result": "worrying"}, action="/attempts")


def test_a_worry_leads_straight_to_its_ladder_with_whom_to_call(watch, concern, browser):
    for words in ("もう一度、電話と訪問", "娘", "架空 大家", "架空地域包括支援センター", "110"):
        assert words in concern.text
    silent = browser.submit(concern, button="この順番は行わない", action="/steps/", status=422)
    assert "わけを書いてください" in silent.text
    went = browser.submit(concern, {"note": "訪ねたが返事がない"}, button="つながらない")
    assert "訪ねたが返事がない" in went.text
    safe = browser.submit(went, button="無事が分かった", action="/steps/")
    assert "下の「終える」に書くまで" in safe.text
    number = watch.concerns()[0].id
    twice = watch.send(
        "POST", f"/concerns/{number}/steps/{watch.concerns()[0].steps[0].id}", result="safe"
    )
    assert twice.status_code == 409
    empty = browser.submit(went, {"outcome": "met"}, action="/closing", status=422)
    assert "分かったこと" in empty.text
    found = {"outcome": "heard", "found": "姉の家にいた。あすもどる。"}
    closed = browser.submit(safe, found, action="/closing")
    assert "終わりました" not in browser.get("/visits").text
    assert closed.h1
    told = browser.get(f"/cases/{watch.case.id}").text
    assert "姉の家にいた" in told
    again = watch.send("POST", f"/concerns/{number}/closing", version=2, **found)
    assert again.status_code == 409


def test_word_from_others_leaves_the_check_in_due_and_own_contact_meets_it(watch):
    _escalate(watch)
    first, second = watch.concerns()
    body = {"version": first.version, "found": "隣の人に聞いた"}
    path = "/concerns/{}/closing"
    assert watch.send("POST", path.format(first.id), outcome="heard", **body).status_code == 200
    (heard,) = watch.rows(id=first.check_in_id)
    assert heard.state is CheckInState.DUE
    assert heard.escalate_on == today() + timedelta(days=3)
    assert _escalate(watch) == 0
    assert _escalate(watch, now() + timedelta(days=3)) >= 1
    reopened = [c for c in watch.concerns() if c.check_in_id == first.check_in_id]
    assert [c.state for c in reopened] == [ConcernState.CLOSED, ConcernState.OPEN]
    assert watch.send("POST", path.format(second.id), outcome="met", **body).status_code == 200
    (met,), (heard,) = (watch.rows(id=one.check_in_id) for one in (second, first))
    assert (met.state, heard.state) == (CheckInState.MET, CheckInState.COVERED)


def test_two_people_closing_at_once_are_both_heard(watch, browser_of):
    _escalate(watch)
    number = watch.concerns()[0].id
    browser = browser_of(watch.staff)
    page = browser.get(f"/concerns/{number}")
    watch.ask(lambda s: s.execute(sa.update(Concern).values(version=Concern.version + 1)))
    mine = {"outcome": "hospital", "found": "市民病院に入院していた"}
    refused = browser.submit(page, mine, action="/closing", status=409)
    assert refused.text.count("市民病院に入院していた") >= 1
    assert watch.concerns()[0].state is ConcernState.OPEN


def test_a_household_in_hiding_is_warned_of_before_anybody_is_called(watch, concern, browser_of):
    watch.ask(
        lambda s: s.execute(
            sa.update(Case).where(Case.id == watch.case.id).values(protection=Protection.YES)
        )
    )
    number = watch.concerns()[0].id
    page = browser_of(watch.staff).get(f"/concerns/{number}")
    assert "家族に居場所や電話番号を伝えないでください" in page.text
    assert "090-0000-1111" not in page.text
    colleague = watch.make.user(
        Role.FOLLOWUP, Role.CONSULTANT, organisation=watch.make.the_organisation(watch.staff)
    )
    assert browser_of(colleague).raw.get(f"/concerns/{number}").status_code == 404
    assert watch.send("GET", "/concerns", user=colleague).json == []


def test_the_days_list_shows_a_household_once_and_counts_the_rest(watch, browser_of, monkeypatch):
    _escalate(watch)
    page = browser_of(watch.staff).get("/visits")
    assert page.text.count("連絡がつかない") == 1
    monkeypatch.setattr(listing, "MOST", 0)
    capped = browser_of(watch.staff).get("/visits")
    assert "ほかに1世帯あります" in capped.text
    assert watch.case.name in browser_of(watch.staff).get("/visits?show=all&whose=mine").text
    api = watch.send("GET", "/concerns").json
    assert [row["kind"] for row in api] == ["no_contact", "no_contact"]
    assert now().astimezone(JAPAN).date() == today()


def test_a_slip_is_put_right_by_a_further_record(watch, browser_of):
    browser = browser_of(watch.staff)
    first = watch.rows()[0]
    url = f"/visits/{first.id}"
    browser.submit(browser.get(url), {"result": "met", "rent": "late"}, action="/attempts")
    assert watch.rows()[0].state is CheckInState.MET
    form = browser.get(browser.get(url).link("この記録を直す"))
    wrong = browser.submit(form, {"result": "absent", "note": ""}, status=422)
    assert wrong.soup.select("#error-note")
    put_right = {"result": "absent", "note": "となりの部屋の人と間違えた"}
    done = browser.submit(form, put_right)
    assert "直す前の記録" in done.text
    assert watch.rows()[0].state is CheckInState.DUE
    assert "不在 1回" in browser.get("/visits").text
    with pytest.raises(sa.exc.DBAPIError):
        watch.ask(lambda s: s.execute(sa.text("UPDATE attempts SET result = 'met'")))


def test_a_contact_that_never_was_makes_no_day_safe(watch):
    visit = watch.rows()[0]

    def days():
        return watch.ask(lambda s: s.scalar(sa.select(sa.func.count()).select_from(SafetyDay)))

    def correct(attempt_id, result):
        watch.ask(
            lambda s: correct_attempt(
                s, check_in=s.get_one(CheckIn, visit.id), attempt_id=attempt_id,
                result=AttemptResult(result), kinds=(), rent=None, items=(), note="まちがい",
                user_id=watch.staff.id, now=now(),
            )
        )  # fmt: skip

    sent = watch.send("POST", f"/check-ins/{visit.id}/attempts", result="met")
    assert days() == 1
    correct(sent.json["id"], "absent")
    assert days() == 0


def test_a_worry_put_in_better_words_keeps_its_one_ladder(watch):
    visit = watch.rows()[0]
    sent = watch.send("POST", f"/check-ins/{visit.id}/attempts", result="worrying", note="ひ")
    watch.ask(
        lambda s: correct_attempt(
            s, check_in=s.get_one(CheckIn, visit.id), attempt_id=sent.json["id"],
            result=AttemptResult.WORRYING, kinds=(), rent=None, items=(), note="冷えていた",
            user_id=watch.staff.id, now=now(),
        )
    )  # fmt: skip
    assert len(watch.concerns()) == 1


@pytest.mark.parametrize("nothing", ["", " 　\n"])
def test_nobody_closes_a_concern_without_a_word(watch, nothing):
    visit = watch.rows()[0]
    watch.send("POST", f"/check-ins/{visit.id}/attempts", result="worrying")
    (concern,) = watch.concerns()
    body = {"version": concern.version, "outcome": "met", "found": nothing}
    answer = watch.send("POST", f"/concerns/{concern.id}/closing", **body)
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["found"])
