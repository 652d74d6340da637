"""What a plan said before it was changed stays readable, and a decided plan says it was changed."""

import io

import pypdf
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.cases.plans.codes import PlanState
from app.cases.plans.models import PlanRevision
from app.policy import OrganisationKind, Role
from tests.cases.plan_kit import a_plan, as_typed


@pytest.fixture
def desk(make):
    return make.user(Role.CONSULTANT, organisation=make.organisation(OrganisationKind.CONSULTATION))


@pytest.fixture
def case(make, desk):
    return make.case(desk, name="見本 髙﨑")


def test_every_change_keeps_what_was_said_before_with_who_and_why(make, desk, case, browser_of):
    a_plan(make, case, desk)
    browser = browser_of(desk)
    url = f"/cases/{case.id}/plans/1"
    assert "前の内容" not in browser.get(url).text
    edit = browser.get(f"{url}/edit")
    page = browser.submit(edit, {"short_goal": "二番目の目標", "why": "本人が言い直した"})
    edit = browser.get(f"{url}/edit")
    page = browser.submit(edit, {"services-0-provider": "架空の会", "short_goal": "三番目の目標"})
    links = [a["href"] for a in page.soup.select("aside a") if "/former/" in a["href"]]
    assert links == [f"{url}/former/2", f"{url}/former/1"]
    assert "変えたところ：まず目指すこと、使う事業・サービス" in page.text
    assert "本人が言い直した" in page.text
    first = browser.get(links[1])
    assert "まずの目標" in first.text
    assert "本人が言い直した" in first.text
    assert desk.name in first.text
    assert "三番目の目標" not in first.text
    second = browser.get(links[0])
    assert "二番目の目標" in second.text
    assert "架空の会" in second.soup.select("table")[0].text
    assert "架空の会" not in second.soup.select("table")[-1].text
    browser.get(f"{url}/former/3", status=404)


def test_a_save_that_changes_nothing_keeps_nothing(make, desk, case, browser_of, in_database):
    a_plan(make, case, desk)
    browser = browser_of(desk)
    page = browser.submit(browser.get(f"/cases/{case.id}/plans/1/edit"), {"why": "なんとなく"})
    assert "変わったところがない" in page.text
    count = sa.select(sa.func.count()).select_from(PlanRevision)
    assert in_database(lambda s: s.scalar(count)) == 0
    browser.submit(browser.get(f"/cases/{case.id}/plans/1/edit"), {"issues": "家賃の滞納"})
    assert in_database(lambda s: s.scalar(count)) == 1


def test_a_decided_plan_is_changed_with_a_reason_and_says_so(make, desk, case, browser_of):
    a_plan(make, case, desk, decided=True)
    browser = browser_of(desk)
    url = f"/cases/{case.id}/plans/1"
    edit = browser.get(browser.get(url).link("理由を添えて"))
    assert "会議で決まったプランです" in edit.text
    typed = {"services-0-provider": "NPO法人 架空すまいの会"}
    refused = browser.submit(edit, typed, status=422)
    assert "変える理由を入力してください" in refused.errors
    assert refused.soup.find(id="f-services-0-provider")["value"] == typed["services-0-provider"]
    page = browser.submit(refused, {"why": "担当の団体が変わった"})
    assert "会議の決定のあとに内容が変わっています" in page.text
    assert "支援決定" in page.text
    former = browser.get(page.link("決めたときの内容を見る"))
    assert "決定のあとの変更" in former.text
    told = browser.get(f"/cases/{case.id}").text
    assert "決定のあとでプラン（初回）を変えました" in told
    assert "担当の団体が変わった" in told
    token = page.soup.find("input", attrs={"name": "csrf_token"})["value"]
    answer = browser.raw.post(f"{url}/plan.pdf", data={"csrf_token": token})
    text = "".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(answer.data)).pages)
    assert "決定のあとの変更" in text.replace("\n", "")


def test_a_plan_before_the_meeting_is_not_changed(make, desk, case, browser_of):
    a_plan(make, case, desk, submitted=True)
    browser = browser_of(desk)
    edit = browser.get(f"/cases/{case.id}/plans/1/edit")
    refused = browser.submit(edit, {"short_goal": "x", "why": "y"}, status=409)
    assert "会議待ち" in refused.text


def test_two_people_looking_at_a_plan_at_once_see_what_both_found(make, desk, case, browser_of):
    a_plan(make, case, desk, decided=True)
    colleague = make.user(Role.CONSULTANT, organisation=make.the_organisation(desk))
    first, second = browser_of(colleague), browser_of(desk)
    url = f"/cases/{case.id}/plans/1"
    theirs, mine = (b.get(f"{url}/monitoring") for b in (first, second))
    over = second.get(f"{url}/evaluation")
    first.submit(theirs, {"progress": "on_track", "text": "先に見た"})
    page = second.submit(mine, {"progress": "stuck", "text": "あとから見た"}, status=409)
    table = page.soup.find("table").get_text(" ", strip=True)
    assert "先に見た" in table
    assert "あとから見た" in table
    assert f"{colleague.name}さんが" in page.text
    assert page.soup.find(id="f-text").text.strip() == "あとから見た"
    done = first.get(f"{url}/evaluation")
    first.submit(done, {"reached": "reached", "after": "close", "text": "先に終えた"})
    typed = {"reached": "not_yet", "after": "replan", "text": "まだ終わらない"}
    page = second.submit(over, typed, status=409)
    table = page.soup.find("table").get_text(" ", strip=True)
    assert "先に終えた" in table
    assert "まだ終わらない" in table


def test_who_edits_while_it_goes_before_the_meeting_loses_nothing(make, desk, case, browser_of):
    a_plan(make, case, desk)
    browser = browser_of(desk)
    edit = browser.get(f"/cases/{case.id}/plans/1/edit")
    browser.submit(browser.get(f"/cases/{case.id}/plans/1"), action="/submit")
    page = browser.submit(edit, {"short_goal": "書きかけの目標"}, status=409)
    assert "更新と重なりました" in page.text
    assert page.soup.find(id="f-short_goal").text.strip() == "書きかけの目標"


def test_the_database_wants_a_reason_after_a_decision(make, desk, case):
    plan = a_plan(make, case, desk, decided=True)
    session = make.session
    session.add(
        PlanRevision(plan_id=plan.id, number=1, state=PlanState.DECIDED, content={}, why=None,
                     changed_by=desk.id)
    )  # fmt: skip
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


def test_what_a_plan_said_before_is_for_those_who_see_the_whole_case(
    make, desk, case, browser_of, app
):
    a_plan(make, case, desk)
    browser = browser_of(desk)
    browser.submit(browser.get(f"/cases/{case.id}/plans/1/edit"), {"short_goal": "二番目"})
    url = f"/cases/{case.id}/plans/1/former/1"
    browser_of(make.user(Role.CONSULTANT)).get(url, status=404)
    npo = make.organisation(OrganisationKind.HOUSING_SUPPORT)
    browser_of(make.user(Role.HOUSING, organisation=npo)).get(url, status=403)
    other = make.case(desk)
    browser.get(f"/cases/{other.id}/plans/1/former/1", status=404)


def test_the_api_changes_a_plan_and_tells_what_it_said_before(make, desk, case, app):
    a_plan(make, case, desk, decided=True)
    client = app.test_client()
    headers = {"Authorization": f"Bearer {desk.token}"}
    url = f"/api/v1/cases/{case.id}/plans/1"
    plan = client.get(url, headers=headers).json
    body = as_typed(plan, short_goal="あたらしい目標")
    assert client.put(url, json=body, headers=headers).status_code == 422
    body["why"] = "本人が言い直した"
    changed = client.put(url, json=body, headers=headers)
    assert changed.json["short_goal"] == "あたらしい目標"
    assert client.put(url, json=body, headers=headers).json["code"] == "stale"
    [kept] = client.get(f"{url}/former", headers=headers).json
    assert kept["content"]["short_goal"] == plan["short_goal"]
    assert kept["content"]["services"] == plan["services"]
    assert (kept["changed"], kept["why"]) == (["short_goal"], "本人が言い直した")
    assert (kept["after_decision"], kept["changed_by"]) == (True, desk.id)
