"""The plan from the first words to its evaluation, and the next one from what is left."""

import io
from datetime import date, timedelta

import pypdf
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.cases.models import Case
from app.cases.plans import services
from app.cases.plans.codes import PlanState
from app.cases.plans.models import Plan, Service
from app.db import today
from app.policy import OrganisationKind, Protection, RecipientKind, Role
from tests.cases.plan_kit import TYPED, a_plan


@pytest.fixture
def desk(make):
    return make.user(Role.CONSULTANT, organisation=make.organisation(OrganisationKind.CONSULTATION))


@pytest.fixture
def case(make, desk):
    return make.case(desk, name="見本 髙﨑")


def test_a_plan_goes_from_the_first_words_to_the_next_plan(desk, case, browser_of, make):
    browser = browser_of(desk)
    page = browser.get(f"/cases/{case.id}/plans/new")
    page = browser.submit(page, TYPED)
    assert page.h1 == "プラン（初回）"
    assert "いっしょに探す" in page.text
    page = browser.submit(page, action="/submit")
    assert "会議待ち" in page.text
    assert case.number in browser.get("/").text
    page = browser.submit(page, action="/take-back")
    page = browser.submit(browser.get(page.link("書きかえる")), {"short_goal": "仕事も探す"})
    assert "仕事も探す" in page.text
    over = browser.get(page.link("評価して終える"))
    page = browser.submit(
        over,
        {
            "reached": "partly",
            "changes": ["housing", "relief"],
            "left_over": "税の分納",
            "after": "replan",
        },
    )
    assert "住まいの確保・安定化" in page.text
    following = browser.get(page.link("次のプランを作る"))
    assert following.h1 == "プラン（2回目）"
    assert "税の分納" in following.soup.find(id="f-issues").text
    assert following.soup.find(id="f-services-0-provider")["value"] == "NPO法人 架空すまいの会"
    assert "プラン（初回）を評価しました" in browser.get(f"/cases/{case.id}").text


def test_the_database_keeps_one_current_plan(make, desk, case, browser_of):
    a_plan(make, case, desk)
    number = case.id
    make.session.add(
        Plan(
            case_id=case.id, number=2, state=PlanState.DRAFT, long_goal="x", short_goal="x",
            starts_on=today(), ends_on=today(), made_by=desk.id,
        )
    )  # fmt: skip
    with pytest.raises(IntegrityError):
        make.session.flush()
    make.session.rollback()
    browser = browser_of(desk)
    page = browser.get(f"/cases/{number}/plans/new")
    refused = browser.submit(page, TYPED, status=409)
    assert "まだ評価していないプランがあります" in refused.text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"ends_on": "2099-01-01"}, "1年以内"),
        ({"applied_on": ""}, "申し込んだ日を"),
        ({"next_monitoring": "2099-01-01"}, "プランの期間の中"),
        ({"services-0-ends_on": "2099-01-01"}, "プランの期間の中"),
        ({"services-0-service": ""}, "入力してください"),
        ({"long_goal": ""}, "入力してください"),
    ],
)
def test_what_cannot_be_is_told_at_the_field_and_keeps_what_was_typed(
    desk, case, browser_of, typed, sentence
):
    browser = browser_of(desk)
    page = browser.get(f"/cases/{case.id}/plans/new")
    refused = browser.submit(page, TYPED | typed, status=422)
    assert sentence in refused.errors
    assert "家賃を払える部屋に移る" in refused.soup.find(id="f-short_goal").text


def test_an_unknown_service_is_refused_in_its_row(desk, case, browser_of):
    browser = browser_of(desk)
    page = browser.get(f"/cases/{case.id}/plans/new")
    refused = browser.submit(page, TYPED | {"services-0-service": "made-up"}, status=422)
    assert "選択肢から選び直してください" in refused.errors


def test_a_plan_goes_before_the_meeting_only_applied_for_and_with_a_service(
    make, desk, case, browser_of
):
    a_plan(make, case, desk, application=services.Application.NONE, services=[])
    browser = browser_of(desk)
    page = browser.get(f"/cases/{case.id}/plans/1")
    assert "本人の申込み、使う事業・サービスを書いてください" in page.text
    edit = browser.get(page.link("続きを書く"))
    page = browser.submit(edit, {"application": "oral", "applied_on": today().isoformat()})
    assert "会議に出す前に、使う事業・サービスを書いてください" in page.text
    assert not page.soup.select("form[action$='/submit']")


@pytest.mark.parametrize("lacking", [{"application": services.Application.NONE}, {"services": []}])
def test_a_program_cannot_submit_an_unfinished_plan_either(app, make, desk, case, lacking):
    a_plan(make, case, desk, **lacking)
    headers = {"Authorization": f"Bearer {desk.token}", "Idempotency-Key": "plan-unfinished"}
    url = f"/api/v1/cases/{case.id}/plans/1/submit"
    assert app.test_client().post(url, json={"version": 1}, headers=headers).status_code == 422


def test_two_people_changing_one_plan_see_both(make, desk, case, browser_of):
    a_plan(make, case, desk)
    first, second = browser_of(desk), browser_of(desk)
    url = f"/cases/{case.id}/plans/1/edit"
    theirs, mine = first.get(url), second.get(url)
    first.submit(theirs, {"short_goal": "先に書いた"})
    page = second.submit(mine, {"short_goal": "あとから書いた"}, status=409)
    assert "先に書いた" in page.text
    assert page.soup.find(id="f-short_goal").text.strip() == "あとから書いた"
    assert "あとから書いた" in second.submit(page).text


def test_monitoring_falls_about_three_months_on_and_on_an_open_day():
    assert services.usual_monitoring(date(2026, 9, 30), date(2027, 3, 31)) == date(2027, 1, 4)
    assert services.usual_monitoring(date(2026, 9, 30), date(2026, 11, 1)) == date(2026, 11, 1)


def test_a_plan_under_way_is_looked_at_when_due(make, desk, case, browser_of, in_database):
    plan = a_plan(make, case, desk, decided=True)
    browser = browser_of(desk)
    page = browser.submit(browser.get(f"/cases/{case.id}/plans/1"), action="/start")
    assert "支援中" in page.text
    tomorrow = today() + timedelta(days=1)

    def soon(session):
        session.get_one(Plan, plan.id).next_monitoring = tomorrow

    in_database(soon)
    assert "モニタリング" in browser.get("/").text
    asked = browser.get(f"/cases/{case.id}/plans/1/monitoring")
    refused = browser.submit(
        asked, {"progress": "stuck", "text": "x", "monitored_on": "2099-01-01"}, status=422
    )
    assert "きょうまで" in refused.errors
    early = {"progress": "stuck", "text": "x", "next_monitoring": today().isoformat()}
    assert "見直した日より後" in browser.submit(asked, early, status=422).errors
    done = browser.submit(asked, {"progress": "on_track", "text": "部屋が決まった"})
    assert "部屋が決まった" in done.text
    assert "モニタリング：計画のとおり" in browser.get(f"/cases/{case.id}").text


def test_a_step_out_of_turn_is_refused(make, desk, case, browser_of):
    a_plan(make, case, desk)
    browser = browser_of(desk)
    page = browser.get(f"/cases/{case.id}/plans/1")
    token = page.soup.find("input", attrs={"name": "csrf_token"})["value"]
    send = {"csrf_token": token, "version": "1"}
    assert browser.raw.post(f"/cases/{case.id}/plans/1/start", data=send).status_code == 409
    del send["version"]
    assert browser.raw.post(f"/cases/{case.id}/plans/1/submit", data=send).status_code == 422
    other = make.case(desk)
    browser.get(f"/cases/{other.id}/plans/1", status=404)


def test_a_plan_is_for_those_who_see_the_whole_case(make, desk, case, browser_of):
    a_plan(make, case, desk)
    npo = make.organisation(OrganisationKind.HOUSING_SUPPORT, OrganisationKind.FOLLOW_UP)
    make.consent(case, RecipientKind.HOUSING_SUPPORT)
    make.consent(case, RecipientKind.FOLLOW_UP)
    for role in (Role.HOUSING, Role.FOLLOWUP, Role.FOODBANK):
        browser = browser_of(make.user(role, organisation=npo))
        browser.get(f"/cases/{case.id}/plans/1", status=403)
        if role is not Role.FOODBANK:
            assert "プラン" not in browser.get(f"/cases/{case.id}").text
    stranger = make.user(Role.CONSULTANT)
    browser_of(stranger).get(f"/cases/{case.id}/plans/1", status=404)


def test_the_paper_has_the_name_services_and_a_line_to_sign(make, desk, case, browser_of):
    a_plan(make, case, desk, decided=True)
    browser = browser_of(desk)
    page = browser.get(f"/cases/{case.id}/plans/1")
    token = page.soup.find("input", attrs={"name": "csrf_token"})["value"]
    answer = browser.raw.post(f"/cases/{case.id}/plans/1/plan.pdf", data={"csrf_token": token})
    text = "".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(answer.data)).pages)
    for word in ("見本 髙﨑", "地域居住支援", "署名", "支援決定", "初回"):
        assert word in text.replace("\n", "")


def test_a_protected_households_plan_needs_a_second_person(make, desk, browser_of):
    case = make.case(desk, protection=Protection.YES)
    a_plan(make, case, desk)
    browser = browser_of(desk)
    page = browser.get(f"/cases/{case.id}/plans/1")
    refused = browser.submit(page, action="plan.pdf", status=403)
    assert "もう一人が認めて" in refused.text
    prints = browser.get(f"/cases/{case.id}/prints")
    form = next(f for f in prints.soup.find_all("form") if f.find(attrs={"value": "plan"}))
    assert form["action"].endswith("/prints")


def test_nothing_new_is_planned_for_a_closed_case(make, desk, case, browser_of):
    browser = browser_of(desk)
    page = browser.get(f"/cases/{case.id}/plans/new")
    browser.submit(browser.get(f"/cases/{case.id}/close"), {"outcome": "informed"})
    assert "再開してから" in browser.submit(page, TYPED, status=422).text


# -------------------------------------------------------------------------------- services


def test_the_list_of_services_is_changed_added_to_and_ended(make, browser_of, in_database):
    keeper = make.user(Role.ORG_ADMIN)
    browser = browser_of(keeper)
    page = browser.get("/services")
    assert "住居確保給付金（転居費用補助）" in page.text
    page = browser.submit(browser.get("/services/new"), {"code": "moku-cafe", "name": "木曜カフェ"})
    assert "木曜カフェ" in page.text
    taken = browser.submit(
        browser.get("/services/new"), {"code": "shelter", "name": "二つめ"}, status=422
    )
    assert "もう使われています" in taken.errors
    edit = browser.get("/services/removal")
    early = browser.submit(edit, {"ends_on": "2000-01-01"}, status=422)
    assert "始まりより後" in early.errors
    page = browser.submit(edit, {"name": "引越の手伝い", "ends_on": "2020-01-01"})
    assert "引越の手伝い" in page.text
    stale = browser.submit(edit, {"name": "ほかの名前"}, status=409)
    assert "更新と重なりました" in stale.text
    browser.get("/services/none-such", status=404)
    assert in_database(lambda s: s.scalar(sa.select(sa.func.count()).select_from(Service))) == 2
    desk = make.user(Role.CONSULTANT)
    case = make.case(desk)
    form = browser_of(desk).get(f"/cases/{case.id}/plans/new")
    offered = form.soup.find(id="f-services-0-service").text
    assert "木曜カフェ" in offered
    assert "引越の手伝い" not in offered


def test_a_service_of_a_plan_keeps_the_name_it_had(make, desk, case, browser_of):
    a_plan(make, case, desk, services=[{"service": "removal"}])
    keeper = browser_of(make.user(Role.ORG_ADMIN))
    keeper.submit(keeper.get("/services/removal"), {"name": "引越の手伝い"})
    assert "引越作業" in browser_of(desk).get(f"/cases/{case.id}/plans/1").text


def test_a_new_case_moves_on_with_its_first_plan(make, desk, case, in_database):
    a_plan(make, case, desk)
    assert in_database(lambda s: s.get_one(Case, case.id).stage.value) == "assessment"


def test_the_api_makes_reads_and_submits_a_plan_once(app, desk, case):
    client = app.test_client()
    headers = {"Authorization": f"Bearer {desk.token}", "Idempotency-Key": "plan-key-1"}
    url = f"/api/v1/cases/{case.id}/plans"
    body = {
        "long_goal": "長い目標", "short_goal": "まず", "starts_on": str(today()),
        "ends_on": str(today()), "application": "oral", "applied_on": str(today()),
        "services": [{"service": "budget"}],
    }  # fmt: skip
    made = client.post(url, json=body, headers=headers)
    assert made.status_code == 201, made.text
    assert client.post(url, json=body, headers=headers).json == made.json
    headers["Idempotency-Key"] = "plan-key-2"
    assert client.post(url, json=body, headers=headers).json["code"] == "plan_current"
    headers["Idempotency-Key"] = "plan-key-3"
    where = made.headers["Location"]
    answer = client.post(f"{where}/submit", json={"version": 1}, headers=headers)
    assert answer.json["state"] == "submitted"
    assert client.get(where, headers=headers).json["submitted_on"] == str(today())
    assert [one["number"] for one in client.get(url, headers=headers).json] == [1]
    headers["Idempotency-Key"] = "plan-key-4"
    blank = client.post(url, json=body | {"long_goal": " "}, headers=headers)
    assert blank.status_code in {409, 422}
