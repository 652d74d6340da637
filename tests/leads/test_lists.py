"""How far a list is, and its end: a named person approves, the runner deletes, cases stay."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import jobs
from app.audit.models import AuditEntry, Deed
from app.cases.models import Case
from app.cases.work.models import LogEntry
from app.db import now, today
from app.leads import retention
from app.leads.models import (
    Lead,
    LeadAttempt,
    LeadClaim,
    LeadImport,
    LeadImportRow,
    LeadList,
)
from app.policy import Role
from tests.leads.kit import csv, in_a_year, line, press, taken, upload
from tests.leads.test_access import agree

PERSONAL = (Lead, LeadAttempt, LeadClaim, LeadImportRow)


@pytest.fixture
def desk(make):
    return make.user(Role.CONSULTANT, name="見本 認子")


@pytest.fixture
def browser(browser_of, desk):
    browser = browser_of(desk)
    rows = [line(f"A{n}", phone=f"0462-55-{n:04}", status="滞納3か月" if n < 4 else "猶予")
            for n in range(1, 7)]  # fmt: skip
    taken(browser, csv(*rows, line("A7", phone="", status="")))
    return browser


def call_some(browser):
    """One spoken to and received, one spoken to, one refused, one wrong, one away, one letter."""
    press(browser, 1, "spoke")
    browser.submit(agree(browser), {"name": "架空 受子"}, action="/case/new")
    press(browser, 2, "later")
    press(browser, 3, "refused")
    press(browser, 4, "wrong_number")
    press(browser, 5, "absent")
    press(browser, 7, "letter")
    press(browser, 6, "letter")
    browser.submit(browser.get("/leads/6"), action="/attempts/undo")


def counted(in_database):
    def read(session):
        return [session.scalar(sa.select(sa.func.count()).select_from(t)) for t in PERSONAL]

    return in_database(read)


def come(in_database, days=0):
    """The list's day is `days` from today."""
    on = today() + timedelta(days=days)
    in_database(lambda s: s.execute(sa.update(LeadList).values(delete_on=on)))


def run(app, at=None):
    with app.app_context():
        jobs.run_due(at=at)


def approve(browser, **kwargs):
    return browser.submit(browser.get("/leads/lists/1/deletion"), action="/deletion", **kwargs)


# -------------------------------------------------------------------------------- figures


def test_the_figures_are_those_of_the_calls_made(browser):
    call_some(browser)
    page = browser.get("/leads/lists/1")
    tiles = [tile.select_one(".tile-value").text for tile in page.soup.select(".tile")]
    assert tiles == ["7人", "5人", "3人", "1人"]
    rows = [[cell.text.strip() for cell in row.find_all(["th", "td"])]
            for row in page.soup.select("main tbody tr")]  # fmt: skip
    assert rows == [
        ["滞納3か月", "3", "0", "3", "3", "1", "1", "0", "0"],
        ["猶予", "3", "0", "2", "0", "0", "0", "0", "1"],
        ["（空欄）", "1", "1", "0", "0", "0", "0", "1", "0"],
        ["合計", "7", "1", "5", "3", "1", "1", "1", "1"],
    ]
    file = browser.raw.get("/leads/lists/1/figures.csv").get_data(as_text=True)
    assert "滞納3か月,3,0,3,3,1,1,0,0" in file
    assert "合計,7,1,5,3,1,1,1,1" in file
    overview = browser.get("/leads/lists").soup.select_one("main tbody tr").text.split()
    assert overview[1:5] == ["7", "5", "3", "1"]


# -------------------------------------------------------------------------------- the end


def test_its_day_alone_deletes_nothing(app, browser, in_database):
    come(in_database)
    run(app)
    assert counted(in_database)[0] == 7
    assert "消す日が来ました" in browser.get("/leads/lists/1").text
    assert "消す日が近い名簿" in browser.get("/").text


def test_an_approval_alone_deletes_nothing(app, browser, in_database):
    page = approve(browser)
    assert "見本 認子さんが" in page.text
    run(app)
    assert counted(in_database)[0] == 7


def test_on_its_day_an_approved_list_goes_and_its_cases_stay(app, browser, desk, in_database):
    call_some(browser)
    browser.submit(browser.get("/leads/5"), action="/claim")
    upload(browser, csv(line("A9")), list_id="1")
    come(in_database)
    page = browser.get("/leads/lists/1/deletion")
    assert "7人の名前・住所・電話" in page.text
    assert "相談につないだ1人の相談は、そのまま残ります" in page.text
    approve(browser)
    run(app)
    assert counted(in_database) == [0, 0, 0, 0]
    page = browser.get("/leads/lists/1")
    assert "認めた人 見本 認子" in page.text
    tiles = [tile.select_one(".tile-value").text for tile in page.soup.select(".tile")]
    assert tiles == ["7人", "5人", "3人", "1人"]
    assert browser.raw.get("/leads/1").status_code == 404
    assert "まだ名簿がありません" in browser.get("/leads").text
    assert "に消しました" in browser.get("/leads/imports/1").text
    assert "取り込みませんでした" in browser.get("/leads/imports/2").text

    def left(session):
        case = session.scalars(sa.select(Case)).one()
        said = session.scalars(sa.select(LogEntry.text).where(LogEntry.case_id == case.id)).all()
        entry = session.scalars(
            sa.select(AuditEntry).where(
                AuditEntry.record_kind == "lead_list", AuditEntry.deed == Deed.DELETED
            )
        ).one()
        return case.name, said, entry.user_id

    name, said, who = in_database(left)
    assert name == "架空 受子"
    assert "受け付ける同意: 電話で聞いた" in said[0]
    assert who == desk.id
    run(app, at=now() + timedelta(hours=2))
    approve_again = browser.raw.get("/leads/lists/1/deletion").get_data(as_text=True)
    assert "もう消されています" in approve_again


def test_another_list_of_the_same_name_may_follow(app, browser, in_database):
    come(in_database)
    approve(browser)
    run(app)
    assert "取り込みました" in taken(browser, csv(line("A1"))).text


def test_an_approval_is_withdrawn_and_another_day_voids_it(app, browser, in_database):
    page = approve(browser)
    browser.submit(page, action="/withdraw")
    come(in_database)
    run(app)
    assert counted(in_database)[0] == 7
    come(in_database, days=5)
    page = approve(browser)
    on = today() + timedelta(days=40)
    page = browser.submit(page, {"delete_on": str(on)}, action="/day")
    assert "だれかが認めるまで、消えません" in page.text
    come(in_database)
    run(app, at=now() + timedelta(hours=2))
    assert counted(in_database)[0] == 7


def test_a_day_that_makes_no_sense_is_refused(browser):
    page = browser.get("/leads/lists/1")
    refused = browser.submit(page, {"delete_on": str(today())}, action="/day", status=422)
    assert "あしたから後の日" in refused.errors
    assert refused.soup.find(id="f-delete_on")["value"] == str(today())
    assert str(in_a_year()) in str(browser.get("/leads/lists/1").soup)


def test_who_comes_second_to_a_list_is_told(browser, browser_of, make, desk):
    colleague = browser_of(make.user(Role.CONSULTANT, organisation=make.the_organisation(desk)))
    theirs = colleague.get("/leads/lists/1")
    form = colleague.get("/leads/lists/1/deletion")
    approve(browser)
    on = str(today() + timedelta(days=40))
    stale = colleague.submit(theirs, {"delete_on": on}, action="/day", status=409)
    assert "ほかの人が先に変えました" in stale.text
    colleague.submit(form, action="/deletion", status=409)


def test_a_button_without_a_version_changes_nothing(browser):
    page = browser.get("/leads/lists/1/deletion")
    token = page.form("/deletion").find("input", {"name": "csrf_token"})["value"]
    refused = browser.raw.post("/leads/lists/1/deletion", data={"csrf_token": token})
    assert refused.status_code == 422
    assert "だれかが認めるまで" in browser.get("/leads/lists/1").text


def test_a_file_nobody_took_in_goes_after_a_week(app, browser, in_database):
    upload(browser, csv(line("B1")), list_name="忘れた名簿")
    run(app)
    assert counted(in_database)[3] == 8
    old = now() - timedelta(days=8)
    in_database(
        lambda s: s.execute(sa.update(LeadImport).where(LeadImport.id == 2).values(created_at=old))
    )
    in_database(lambda s: retention.forget_files_left_lying(s, at=now()))
    assert counted(in_database)[3] == 7
    assert counted(in_database)[0] == 7


# -------------------------------------------------------------------------------- the first page


def test_calls_due_stand_on_the_first_page_without_names(browser):
    page = browser.get("/")
    assert "電話をかける（6人）" in page.text
    assert "A1" in page.text
    assert "試験" not in page.soup.find("main").text
    for lead_id in range(1, 7):
        press(browser, lead_id, "refused")
    assert "電話をかける（" not in browser.get("/").text
