"""A household on a telephone from the keys until it has settled, through pages alone.

It moved in about a month ago, and what happened since is written down with its days: met, met,
then not at home twice; the ladder; a look back without the network; linked in; settled; the ledger.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Page

from app import jobs
from app.accounts.models import User
from app.cases.models import Case
from app.cases.work.models import TeamMember
from app.db import now, separate_session, today
from app.followup.codes import CheckInState
from app.followup.models import Attempt, CheckIn
from app.housing.models import Home, Property
from app.placements import services, steps
from app.placements.codes import StepKind
from app.policy import Protection, Role
from tests.browser.conftest import PHONE, Person

pytestmark = pytest.mark.browser
MOVED = today() - timedelta(days=33)
HELD = "words => document.querySelector('[data-visits-queue]').textContent.includes(words)"


@pytest.fixture
def visitor(person: Callable[[str], Person]) -> Person:
    one = person("soudan")
    one.page.set_viewport_size(PHONE)
    return one


@pytest.fixture(scope="module")
def told(site_app: Flask) -> SimpleNamespace:
    """A household whose contract is signed: its placement, and what the way finds out."""
    with site_app.app_context(), separate_session(write=True) as session:
        user = session.scalars(sa.select(User).where(User.login == "soudan")).one()
        office = next(m.organisation_id for m in user.memberships if m.role is Role.CONSULTANT)
        who = {"user_id": user.id, "organisation_id": office}
        case = Case(
            number="Z-0001", code_name="こぶし-1", name="架空 花見", phone="046-000-0001",
            protection=Protection.NO, received_on=MOVED, received_by=user.id,
            organisation_id=office, team=[TeamMember(user_id=user.id, since=MOVED)],
        )  # fmt: skip
        home = Home(
            key="h-1", room="101", rent=39000, organisation_id=office,
            property=Property(key="p-1", name="コーポ架空", address="座間市相武台1-1"),
        )  # fmt: skip
        session.add_all([case, home])
        session.flush()
        hold = services.place_hold(session, home=home, case=case, at=now(), **who)
        placement = steps.start_placement(session, hold=hold, at=now(), **who)
        for kind in (StepKind.APPLICATION, StepKind.LANDLORD, StepKind.CONTRACT):
            steps.record_step(
                session, placement=placement, kind=kind, done_on=MOVED, user_id=user.id,
                today=today(),
            )  # fmt: skip
        session.flush()
        return SimpleNamespace(placement=placement.id, case=case.id)


def look(visitor: Person, name: str) -> Page:
    visitor.look(name)
    visitor.page.set_viewport_size(PHONE)
    return visitor.page


def check_ins(site_app: Flask) -> list[CheckIn]:
    with site_app.app_context(), separate_session(write=False) as session:
        rows = session.scalars(
            sa.select(CheckIn)
            .where(CheckIn.due_on <= today(), CheckIn.state != CheckInState.CANCELLED)
            .order_by(CheckIn.due_on)
        ).all()
        session.expunge_all()
        return list(rows)


def test_1_the_keys_are_handed_over_and_the_key_date_is_done_in_part(
    visitor: Person, told: SimpleNamespace
) -> None:
    page = visitor.go(f"/placements/{told.placement}/key-day")
    visitor.press("段取りを作る")
    for task in ("火災保険に入る", "布団を用意する", "鍵を受け取る"):
        visitor.press(f"「{task}」を済みにする")
    assert page.get_by_role("button", name="「布団を用意する」を済みにする").count() == 0
    visitor.go(f"/placements/{told.placement}")
    for step in ("初期費用", "鍵の受け取り", "入居"):
        page.get_by_role("heading", name=f"{step}を記録する").wait_for()
        page.get_by_label("行った日").fill(MOVED.isoformat())
        visitor.press("記録する")
    assert "見守りの予定を作りました" in page.inner_text("main")


def visit(visitor: Person, label: str, result: str, on: date | None = None) -> str:
    """Two taps, and the day where it is written down later."""
    page = visitor.go("/visits")
    visitor.follow(label)
    if on is not None:
        page.get_by_label("日付").fill(on.isoformat())
    visitor.press(result)
    return page.inner_text("main")


def test_2_the_first_weeks_are_written_down_with_their_days(
    visitor: Person, site_app: Flask
) -> None:
    for check_in in check_ins(site_app)[:4]:
        assert "記録しました" in visit(visitor, check_in.label, "会えた", check_in.due_on)
    states = [one.state for one in check_ins(site_app)]
    assert states == [CheckInState.MET] * 4 + [CheckInState.DUE] * 2


def test_3_nobody_at_home_twice_opens_the_ladder_and_a_person_ends_it(
    visitor: Person, site_app: Flask
) -> None:
    silent = check_ins(site_app)[4]
    for days in range(2):
        visit(visitor, silent.label, "不在", silent.due_on + timedelta(days=days))
    with site_app.app_context():
        jobs.run_due(at=now() + timedelta(minutes=20))
    page = visitor.go("/visits")
    assert "連絡がつかない" in page.inner_text("main")
    visitor.follow("もう一度、電話と訪問")
    look(visitor, "102-concern")
    page.get_by_label("聞いたこと・わけ").first.fill("昼も夜も出ない")
    visitor.press("つながらない")
    page.get_by_label("聞いたこと・わけ").first.fill("妹さん: 昨日電話で話したとのこと")
    visitor.press("無事が分かった")
    page.get_by_label("本人と電話で話せた").check()
    page.get_by_label("分かったこと").fill("夜勤が増えていた。元気とのこと")
    visitor.press("分かったことを書いて終える")
    assert "終えました" in page.inner_text("main")
    assert [one.state for one in check_ins(site_app)][4:] == [CheckInState.MET, CheckInState.DUE]


def test_4_the_look_back_is_recorded_without_the_network_and_sent_once(
    visitor: Person, site_app: Flask
) -> None:
    page = visitor.go("/visits")
    page.wait_for_function("() => Number(document.documentElement.dataset.visitsKept) === 3")
    visitor.context.set_offline(True)
    page.goto(f"{visitor.site}/visits")
    page.get_by_role("heading", name="きょうの自分の訪問").wait_for()
    page.screenshot(path="tests/browser/screenshots/103-kept-list-phone.png", full_page=True)
    page.locator("[data-kept-visits] a").first.click()
    page.locator("form[data-visit]").wait_for()
    assert "座間市相武台1-1" in page.inner_text("main")
    look(visitor, "104-kept-visit")
    page.get_by_label("メモ（任意）").fill("一か月。家賃も近所も落ち着いている")
    page.get_by_role("button", name="会えた", exact=True).click()
    page.wait_for_function(HELD, arg="1件 預かっています")
    page.screenshot(path="tests/browser/screenshots/105-kept-waiting-phone.png", full_page=True)
    page.locator("[data-kept-visits] a").first.click()
    page.get_by_text("この訪問は記録しました").wait_for()
    assert page.get_by_role("button", name="会えた", exact=True).is_hidden()
    page.goto(f"{visitor.site}/visits/ledger")
    assert "いまは圏外です" in page.inner_text("h1")
    page.goto(f"{visitor.site}/visits")
    assert [one.state for one in check_ins(site_app)][-1] is CheckInState.DUE
    visitor.context.set_offline(False)
    page.wait_for_function(HELD, arg="訪問を記録しました")
    assert [one.state for one in check_ins(site_app)][-1] is CheckInState.MET
    with site_app.app_context(), separate_session(write=False) as session:
        notes = session.scalars(sa.select(Attempt.note).order_by(Attempt.id)).all()
    assert notes.count("一か月。家賃も近所も落ち着いている") == 1


def test_5_linked_in_settled_and_told_by_the_ledger(visitor: Person, told: SimpleNamespace) -> None:
    page = visitor.go("/visits/plans")
    visitor.follow("架空 花見")
    look(visitor, "106-plan")
    visitor.follow("つなぐ")
    page.get_by_label("一覧にない相手").fill("架空サロン")
    page.get_by_label("何のために・どうつないだか").fill("話し相手。はじめは一緒に行った")
    visitor.press("記録する")
    visitor.press("つながった")
    visitor.follow("定着した")
    page.get_by_label("わけ").fill("家賃も近所も落ち着き、相談できる相手がいる")
    visitor.press("この決定を残す")
    assert "地域に定着した" in page.inner_text("main")
    said = visitor.go("/visits/ledger").inner_text("main")
    for words in ("架空 花見", "夜勤が増えていた", "家賃も近所も落ち着いている", "架空サロン"):
        assert words in said, words
    look(visitor, "108-ledger")


def test_6_nothing_of_the_day_stays_after_signing_out(visitor: Person) -> None:
    page = visitor.go("/visits")
    page.wait_for_function("() => caches.keys().then(k => k.some(n => n.startsWith('visits:')))")
    page.locator("details.viewer summary").click()
    page.get_by_role("button", name="サインアウト").click()
    page.wait_for_url("**/sign-in")
    page.wait_for_function("() => caches.keys().then(k => !k.some(n => n.startsWith('visits:')))")
