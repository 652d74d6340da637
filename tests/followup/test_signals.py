"""Signals of devices: sent by what can do nothing else, taken in once, missed when they stop."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.accounts.models import User
from app.accounts.services import issue_token
from app.db import now, today
from app.followup.ladder import services as ladder
from app.followup.ladder.codes import ConcernKind
from app.followup.plans.models import WatchChange
from app.followup.signals import safety
from app.followup.signals.models import SafetyDay, SafetyDevice, SafetySignal
from app.policy import Role


@pytest.fixture
def fitted(watch, make, browser_of):
    """A device in the home, and the token of its maker's server."""
    browser = browser_of(watch.staff)
    form = browser.get(f"/visits/plans/{watch.plan.id}/devices/new")
    early = str(today() - timedelta(days=60))
    refused = browser.submit(
        form, {"serial": "ＳＮ－１", "kind": "motion", "fitted_on": early}, status=422
    )
    assert "入居の日からきょうまで" in refused.text
    browser.submit(form, {"serial": "ＳＮ－１", "kind": "motion"})
    admin = make.user(Role.ORG_ADMIN, organisation=make.the_organisation(watch.staff))
    desk = browser_of(admin)
    page = desk.submit(desk.get("/visits/senders"), {"name": "架空センサー社"}, status=201)
    token = page.soup.select_one("code.token").text
    assert token not in desk.get("/visits/senders").text

    def send(at, kind="alive", device="SN-1", key=None, token=token):
        headers = {
            "Authorization": f"Bearer {token}",
            "Idempotency-Key": key or f"signal-{at.timestamp()}-{kind}",
        }
        body = {"device": device, "at": at.isoformat(), "kind": kind}
        return watch.app.test_client().post("/api/v1/safety-signals", json=body, headers=headers)

    watch.signal, watch.token, watch.desk = send, token, desk
    return watch


def _count(watch, table):
    return watch.ask(lambda s: s.scalar(sa.select(sa.func.count()).select_from(table)))


def test_a_sign_of_life_meets_the_day_and_is_taken_in_once(fitted):
    at = now() - timedelta(minutes=2)
    first, again = fitted.signal(at), fitted.signal(at, key="another-key")
    assert (first.status_code, first.json) == (201, {"taken_in": True})
    assert again.json == {"taken_in": False}
    assert (_count(fitted, SafetySignal), _count(fitted, SafetyDay)) == (1, 1)


def test_a_token_for_signals_opens_nothing_else(fitted):
    client = fitted.app.test_client()
    headers = {"Authorization": f"Bearer {fitted.token}"}
    for path in ("/api/v1/check-ins", "/api/v1/cases", "/visits", "/", "/account"):
        assert client.get(path, headers=headers).status_code == 403, path
    assert fitted.signal(now(), token=fitted.staff.token).status_code == 403


@pytest.mark.parametrize(
    ("minutes", "device", "status"), [(-5, "SN-9", 404), (60, "SN-1", 422), (-57_600, "SN-1", 422)]
)
def test_an_unknown_device_or_a_wrong_clock_is_told_in_words(fitted, minutes, device, status):
    answer = fitted.signal(now() + timedelta(minutes=minutes), device=device)
    assert answer.status_code == status
    assert answer.json["message"]
    assert _count(fitted, SafetySignal) == 0


def test_another_offices_device_is_as_unknown_as_one_that_is_not_there(fitted, make, in_database):
    stranger = make.user(Role.DEVICE)
    token = in_database(lambda s: issue_token(s, user=s.get_one(User, stranger.id), label="x"))
    at = now()
    theirs = fitted.signal(at, token=token)
    nobodys = fitted.signal(at, device="SN-404", token=token, key="signal-unknown")
    assert theirs.status_code == nobodys.status_code == 404
    assert theirs.json["message"] == nobodys.json["message"]


def test_an_alarm_opens_a_concern_with_shorter_deadlines(fitted, browser_of):
    assert fitted.signal(now(), kind="alarm").status_code == 201
    (concern,) = fitted.concerns()
    assert concern.kind is ConcernKind.ALARM
    assert concern.steps[0].due_at - concern.opened_at == timedelta(hours=3)
    page = browser_of(fitted.staff).get(f"/concerns/{concern.id}")
    assert "機器の知らせから" in page.text


def test_an_alarm_is_not_lost_to_a_sign_of_life_of_the_same_second(fitted):
    at = now() - timedelta(minutes=1)
    sent = [fitted.signal(at, kind) for kind in ("alive", "alarm")]
    sent.append(fitted.signal(at, "alarm", key="alarm-again"))
    assert [one.json["taken_in"] for one in sent] == [True, True, False]
    assert [concern.kind for concern in fitted.concerns()] == [ConcernKind.ALARM]


def test_a_button_pressed_again_and_again_opens_one_ladder_until_somebody_acts(fitted):
    for seconds in range(5):
        fitted.signal(now() - timedelta(seconds=60 - seconds), kind="alarm")
    (concern,) = fitted.concerns()
    assert _count(fitted, SafetySignal) == 5
    step = f"/concerns/{concern.id}/steps/{concern.steps[0].id}"
    assert fitted.send("POST", step, result="not_reached").status_code == 200
    fitted.signal(now(), kind="alarm")
    assert len(fitted.concerns()) == 2


def test_silence_past_its_limit_is_followed_up_once_and_anew_after_it_was_closed(fitted):
    fitted.signal(now())

    def look(hours):
        return fitted.ask(lambda s: ladder.open_silent(s, at=now() + timedelta(hours=hours)))

    assert [look(23), look(25), look(30)] == [0, 1, 0]
    (concern,) = fitted.concerns()
    body = {"version": concern.version, "outcome": "mistake", "found": "電池が切れていた"}
    assert fitted.send("POST", f"/concerns/{concern.id}/closing", **body).status_code == 200
    assert [look(20), look(30)] == [0, 1]
    silent = fitted.ask(lambda s: list(safety.silences(s, at=now() + timedelta(hours=30))))
    assert [one.plan_id for one in silent] == [fitted.plan.id]


def test_a_silence_goes_on_when_the_contact_that_ended_it_never_was(fitted):
    long_ago = now() - timedelta(days=3)

    def look(ago):
        return fitted.ask(lambda s: ladder.open_silent(s, at=now() - timedelta(hours=ago)))

    for table in (WatchChange, SafetyDevice):
        fitted.ask(lambda s, table=table: s.execute(sa.update(table).values(created_at=long_ago)))
    for round_, ago in enumerate((4, 2), start=1):
        assert (look(ago), look(ago)) == (1, 0)
        concern = fitted.concerns()[-1]
        row = next(r for r in fitted.rows(state="due") if r.due_on <= today())
        path = f"/check-ins/{row.id}/attempts"
        wrong = fitted.send("POST", path, result="spoke").json["id"]
        body = {"version": concern.version, "outcome": "later", "found": "x"}
        assert fitted.send("POST", f"/concerns/{concern.id}/closing", **body).status_code == 200
        assert look(0) == 0
        again = {"result": "no_answer", "note": "別の家"}
        fitted.send("POST", f"{path}/{wrong}/correction", **again)
        assert len(fitted.concerns()) == round_
    assert look(0) == 1


def test_a_device_taken_out_and_a_sender_stopped_are_heard_no_more(fitted, browser_of):
    browser = browser_of(fitted.staff)
    page = browser.get(f"/visits/plans/{fitted.plan.id}")
    assert "SN-1" in page.text
    again = browser.get(f"/visits/plans/{fitted.plan.id}/devices/new")
    twice = browser.submit(again, {"serial": "SN-1", "kind": "button"}, status=422)
    assert "もう使われています" in twice.text
    browser.submit(page, action="/removal")
    assert fitted.signal(now()).status_code == 404
    assert _count(fitted, SafetyDevice) == 1
    fitted.desk.submit(fitted.desk.get("/visits/senders"), action="/stop")
    assert fitted.signal(now(), key="signal-stopped").status_code == 401
