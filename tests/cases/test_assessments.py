"""Assessments: dated, kept in every version, and only the need goes on to whoever finds a home."""

from datetime import date

import pytest
import sqlalchemy as sa
import time_machine

from app.cases.assessments.models import Assessment, AssessmentRevision, Issue
from app.cases.assessments.words import rent_benefit_until
from app.cases.models import Case, Stage
from app.cases.needs.models import HousingNeed
from app.db import today
from app.policy import ConsentItem, OrganisationKind, RecipientKind, Role

PLANTED = (
    "双極性障害", "消費者金融からの借金", "母との確執", "自治会と不仲", "食べていけない家計",
    "夜勤で倒れた", "静かに死にたい気持ち", "見立ての秘密", "第二のひみつ歴", "架空クレジット",
    "元の勤め先の名", "辞めたわけの話",
)  # fmt: skip
SHEET = {
    "assessed_on": "R8.11.20", "wish": PLANTED[6], "summary": PLANTED[7], "screening": "plan",
    "factors": ["addiction"], "team_factors": ["suicidal", "hoarding"],
    "family": PLANTED[2], "community": PLANTED[3], "guarantor": "no", "emergency_contact": "no",
    "diagnosis": PLANTED[0], "health_note": PLANTED[5], "stairs_hard": "yes",
    "public_assistance": "applying", "money_note": PLANTED[4], "debt_settlement": "considering",
    "last_worked_on": "R7.9.30", "job_stage": "wish", "education": PLANTED[8],
    "amounts-0-kind": "debt", "amounts-0-label": PLANTED[9],
    "amounts-0-yen": "１，２００，０００円",
    "amounts-1-kind": "arrears_rent", "amounts-1-yen": "", "amounts-1-months": "3",
    "amounts-1-label": PLANTED[1],
    "jobs-0-employer": PLANTED[10], "jobs-0-reason": PLANTED[11], "jobs-0-left_on": "R7.9.30",
}  # fmt: skip


@pytest.fixture
def desk(make, browser_of):
    """A consultant with a case, and their browser."""
    user = make.user(Role.CONSULTANT, organisation=make.organisation(OrganisationKind.CONSULTATION))
    case = make.case(user, name="見本 太郎", household_size=1)
    return user, case, browser_of(user)


def _id(in_database, code):
    return in_database(lambda s: s.scalar(sa.select(Issue.id).where(Issue.code == code)))


def _write(browser, case, values, button="まとめた", **kwargs):
    page = browser.get(f"/cases/{case.id}/assessments/new")
    return browser.submit(page, values, button=button, **kwargs)


def _api(app, user, method, path, body=None, *, key="assessment-key"):
    headers = {"Authorization": f"Bearer {user.token}", "Idempotency-Key": key}
    return app.test_client().open(f"/api/v1{path}", method=method, json=body, headers=headers)


def test_the_master_has_the_29_issues_with_the_labels_towns_use(in_database, app):
    issues = in_database(lambda s: s.scalars(sa.select(Issue)).all())
    assert len(issues) == 29
    aliases = {alias: issue.code for issue in issues for alias in issue.aliases}
    for label in ("家計管理の問題", "メンタルヘルス", "家族関係", "社会的孤立", "債務"):
        assert label in aliases
    assert all(issue.services for issue in issues)


def test_an_assessment_is_written_and_moves_the_case_on(desk, in_database):
    _user, case, browser = desk
    issues = {n: _id(in_database, n) for n in ("mental_health", "debt", "suicide_attempt")}
    ticks = {"issues": list(map(str, issues.values())), "main_issues": [str(issues["debt"])]}
    page = _write(browser, case, SHEET | ticks)
    assert page.h1 == "アセスメント（初回）"
    for words in (
        *PLANTED, "（多重・過重）債務", "自死企図", "希死念慮", "ごみ屋敷", "依存", "1,200,000円",
        "3か月分", "2027年9月30日", "3 働きたいが、いまは難しい", "継続して支援する",
    ):  # fmt: skip
        assert words in page.text, words
    saved = in_database(lambda s: s.scalars(sa.select(Assessment)).one())
    assert (saved.assessed_on, saved.last_worked_on) == (date(2026, 11, 20), date(2025, 9, 30))
    assert {t.issue_id: t.main for t in saved.issues}[issues["debt"]] is True
    assert in_database(lambda s: s.get(Case, case.id)).stage is Stage.ASSESSMENT
    assert "（多重・過重）債務" in browser.get(f"/cases/{case.id}").text


def test_a_draft_may_be_unfinished_and_every_version_stays_readable(desk, in_database):
    _user, case, browser = desk
    page = _write(browser, case, {"wish": "はじめの言葉"}, button="書きかけ")
    assert page.link("続きを書く")
    url = f"/cases/{case.id}/assessments/1"
    browser.submit(browser.get(f"{url}/edit"), {"wish": "あとの言葉"}, button="まとめた")
    browser.submit(browser.get(f"{url}/edit"), button="まとめた")  # nothing changed: no version
    versions = in_database(lambda s: s.scalars(sa.select(AssessmentRevision.version)).all())
    assert sorted(versions) == [1, 2]
    page = browser.get(url)
    assert "あとの言葉" in page.text
    before = browser.get(f"{url}/versions/1")
    assert "はじめの言葉" in before.text
    assert "あとの言葉" not in before.text
    browser.get(f"{url}/versions/7", status=404)
    browser.get(f"/cases/{case.id}/assessments/9", status=404)


def test_the_next_one_begins_with_what_is_known_and_leaves_the_first_alone(desk):
    _user, case, browser = desk
    _write(browser, case, {"wish": "はじめの言葉"})
    page = browser.get(f"/cases/{case.id}/assessments/new")
    assert "はじめの言葉" in page.soup.find(id="f-wish").get_text()
    browser.submit(page, {"wish": "半年後の言葉"}, button="まとめた")
    assert "はじめの言葉" in browser.get(f"/cases/{case.id}/assessments/1").text
    listed = browser.get(f"/cases/{case.id}/assessments")
    assert "初回" in listed.text
    assert "2回目" in listed.text


def test_two_who_write_one_assessment_see_both_versions(desk):
    _user, case, browser = desk
    _write(browser, case, {"wish": "はじめ"})
    url = f"/cases/{case.id}/assessments/1/edit"
    late = browser.get(url)
    browser.submit(browser.get(url), {"wish": "先の言葉"}, button="まとめた")
    refused = browser.submit(late, {"wish": "後の言葉"}, button="まとめた", status=409)
    assert {"先の言葉", "後の言葉"} <= set(refused.soup.find("table").stripped_strings)
    assert "後の言葉" in browser.submit(refused, button="まとめた").text


def test_the_same_first_assessment_sent_twice_is_one(desk, in_database):
    _user, case, browser = desk
    page = browser.get(f"/cases/{case.id}/assessments/new")
    for _ in range(2):
        browser.submit(page, {"wish": "一度だけ"}, button="まとめた")
    assert in_database(lambda s: s.scalar(sa.select(sa.func.count(Assessment.id)))) == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"assessed_on": "2099-01-01"}, "まだ来ていない"),
        ({"assessed_on": ""}, "聞き取った日"),
        ({"last_worked_on": "2099-01-01"}, "まだ来ていない"),
        ({"last_worked_on": "平成40年1月1日"}, "平成40年"),
        ({"living_with": "31"}, "いっしょに住む人"),
        ({"wish": "長" * 5001}, "5000文字"),
        ({"amounts-0-kind": "", "amounts-0-yen": "5"}, "種類"),
        ({"amounts-0-kind": "debt", "amounts-0-yen": "たくさん"}, "金額"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_nothing_is_kept(
    desk, in_database, change, sentence
):
    _user, case, browser = desk
    page = _write(browser, case, {"summary": "のこる言葉"} | change, status=422)
    assert sentence in page.errors
    assert "のこる言葉" in page.soup.find(id="f-summary").get_text()
    assert in_database(lambda s: s.scalar(sa.select(sa.func.count(Assessment.id)))) == 0


def test_an_issue_out_of_the_master_is_refused(desk):
    _user, case, browser = desk
    page = _write(browser, case, {"issues": ["999999"]}, status=422)
    assert "一覧にない課題" in page.errors


@pytest.mark.parametrize(
    ("left", "until"),
    [(None, None), ("2025-09-30", date(2027, 9, 30)), ("2024-02-29", date(2026, 2, 28))],
)
def test_the_rent_benefit_can_be_applied_for_until_two_years_have_passed(left, until):
    assert rent_benefit_until(left) == until


def test_a_last_day_of_work_long_ago_is_said_to_be_past(desk):
    _user, case, browser = desk
    with time_machine.travel("2026-11-28 10:00+09:00", tick=False):
        page = _write(browser, case, {"assessed_on": "R8.11.28", "last_worked_on": "R6.9.30"})
        assert "過ぎています" in page.text


def test_the_list_costs_the_same_for_few_and_many(make, app, browser_of, count_queries):
    user = make.user(Role.CONSULTANT)
    case = make.case(user)
    browser, path, counts = browser_of(user), f"/cases/{case.id}/assessments", []
    body = {"assessed_on": str(today()), "amounts": [{"kind": "debt"}], "jobs": [{"work": "x"}]}
    issue = _api(app, user, "GET", "/issues").json[0]["id"]
    for more in (range(2), range(2, 7)):
        for number in more:
            key = f"rounds-{number:04}"
            made = _api(app, user, "POST", path, body | {"issues": [issue]}, key=key)
            assert made.status_code == 201
        count_queries()
        browser.get(path)
        _api(app, user, "GET", path)
        counts.append(count_queries())
    assert counts[1] <= counts[0]


# --------------------------------------------------------------------------- for the team alone


@pytest.fixture
def colleague(make, desk):
    """A consultant of the same desk who does not work on the case."""
    return make.user(Role.CONSULTANT, organisation=make.the_organisation(desk[0]))


TEAM_WORDS = ("希死念慮", "ごみ屋敷", "自死企図", "suicidal", "suicide_attempt", "hoarding")


def test_what_is_for_the_team_is_nowhere_for_a_colleague(
    desk, colleague, browser_of, in_database, app
):
    _user, case, browser = desk
    ticks = {"issues": [str(_id(in_database, "suicide_attempt"))]}
    _write(browser, case, SHEET | ticks)
    theirs = browser_of(colleague)
    url = f"/cases/{case.id}/assessments"
    pages = ("", "/1", "/1/edit", "/new", "/1/versions/1")
    texts = [str(theirs.get(f"{url}{page}").soup) for page in pages]
    texts.append(str(theirs.get(f"/cases/{case.id}").soup))
    texts += [
        _api(app, colleague, "GET", f"{url}{end}").get_data(as_text=True) for end in ("", "/1")
    ]
    assert "双極性障害" in texts[1]
    assert not [word for word in TEAM_WORDS if word in "\n".join(texts)]


def test_a_colleague_who_writes_keeps_what_they_may_not_see(
    desk, colleague, browser_of, in_database, app
):
    _user, case, browser = desk
    hidden = _id(in_database, "suicide_attempt")
    _write(browser, case, SHEET | {"issues": [str(hidden)]})
    theirs = browser_of(colleague)
    page = theirs.get(f"/cases/{case.id}/assessments/1/edit")
    also = {"team_factors": ["hoarding"]}
    theirs.submit(page, {"wish": "新しい言葉", "issues": []}, button="まとめた", also=also)
    saved = in_database(lambda s: s.scalars(sa.select(Assessment)).one())
    assert saved.wish == "新しい言葉"
    assert saved.team_factors == ["suicidal", "hoarding"]
    assert [t.issue_id for t in saved.issues] == [hidden]
    path = f"/cases/{case.id}/assessments/1"
    body = {"version": saved.version, "assessed_on": "2026-11-20"}
    for more in ({"team_factors": ["suicidal"]}, {"issues": [hidden]}):
        assert _api(app, colleague, "PUT", path, body | more).status_code in {403, 422}


# ------------------------------------------------------------------------------ derived needs


def test_needs_are_taken_over_only_when_a_consultant_confirms_them(desk, in_database):
    _user, case, browser = desk
    page = _write(browser, case, SHEET)
    assert in_database(lambda s: s.scalar(sa.select(HousingNeed))) is None
    refused = browser.submit(page, {"accepted": ["ground_or_lift"]}, action="/needs", status=422)
    assert "家賃の考え方" in refused.errors
    accepted = ["ground_or_lift", "no_guarantor"]
    page = browser.submit(refused, {"accepted": accepted, "rent_basis": "ceiling"}, action="/needs")
    need = in_database(lambda s: s.scalars(sa.select(HousingNeed)).one())
    assert (need.floor_need, need.guarantor, need.people) == ("ground_or_lift", "no", 1)
    assert need.emergency_contact == "unknown"
    left = page.soup.find("form", action=lambda a: a and a.endswith("/needs"))
    assert [box["value"] for box in left.find_all("input", attrs={"name": "accepted"})] == [
        "no_emergency_contact"
    ]
    browser.submit(page, {"accepted": ["no_emergency_contact"]}, action="/needs")
    need = in_database(lambda s: s.scalars(sa.select(HousingNeed)).one())
    assert (need.emergency_contact, need.floor_need) == ("none", "ground_or_lift")
    assert set(need.supports) == {"guarantor_company", "emergency_contact"}


def test_public_assistance_and_handbooks_suggest_the_ceiling_and_groups(make, app):
    user = make.user(Role.CONSULTANT)
    case = make.case(user, members=[{"relation": "self", "age": 50, "handbook_mental": "2"}])
    path = f"/cases/{case.id}/assessments"
    body = {"assessed_on": str(today()), "public_assistance": "receiving", "wheelchair": "yes"}
    assert _api(app, user, "POST", path, body).status_code == 201
    accept = {
        "version": 0,
        "accepted": ["ceiling", "group_public_assistance", "group_disabled", "wheelchair"],
    }
    need = _api(app, user, "POST", f"{path}/1/needs", accept, key="needs-key-1").json
    assert need["rent_basis"] == "ceiling"
    assert set(need["groups"]) == {"public_assistance", "disabled"}
    assert need["wheelchair"] == "yes"
    again = _api(app, user, "POST", f"{path}/1/needs", accept, key="needs-key-2")
    assert again.status_code == 409


def test_a_handbook_suggests_what_is_not_said_yet(make, app, browser_of):
    user = make.user(Role.CONSULTANT)
    case = make.case(user, members=[{"relation": "self", "handbook_physical": "2"}])
    browser = browser_of(user)
    page = _write(browser, case, {"wheelchair": "yes"})
    assert "手帳がある から" in page.text
    needs = {"accepted": ["wheelchair", "group_disabled"], "rent_basis": "ceiling"}
    page = browser.submit(page, needs, action="/needs")
    assert "住まいの希望に伝えること" not in page.text


@pytest.fixture
def helper(make, desk, browser_of):
    """Somebody of the housing organisation, with every consent the household could give them."""
    npo = make.organisation(OrganisationKind.HOUSING_SUPPORT)
    user = make.user(Role.HOUSING, organisation=npo)
    items = (ConsentItem.CONTACT, ConsentItem.HOME_NEEDS, ConsentItem.CARE)
    make.consent(desk[1], RecipientKind.HOUSING_SUPPORT, *items)
    make.consent(desk[1], RecipientKind.LANDLORD, ConsentItem.HOME_NEEDS)
    return user


# What templates of check-ins are called stands in the list of them, whoever is watched.
MASTER_WORDS = {
    "/visits/templates": {"希死念慮"},
    "/api/v1/watch-templates": {"希死念慮", "suicidal"},
}


def test_nothing_the_housing_role_may_open_tells_more_than_the_need(
    desk, helper, browser_of, in_database, app
):
    """Every page, print, file and answer of every GET route, with each record there is."""
    _user, case, browser = desk
    page = _write(browser, case, SHEET)
    needs = {"accepted": ["ground_or_lift", "no_guarantor"], "rent_basis": "ceiling"}
    browser.submit(page, needs, action="/needs")
    theirs = browser_of(helper)
    page = theirs.get(f"/cases/{case.id}")
    assert "1階 または エレベーター" in page.text
    assert "保証人なし" in page.text
    headers = {"Authorization": f"Bearer {helper.token}"}
    seen = 0
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or rule.endpoint == "static" or "openapi" in rule.rule:
            continue
        values = dict.fromkeys(rule.arguments, 1) | {"case_id": case.id}
        values = {name: values[name] for name in rule.arguments}
        with app.test_request_context():
            url = app.url_map.bind("localhost").build(rule.endpoint, values)
        for answer in (theirs.raw.get(url), app.test_client().get(url, headers=headers)):
            seen += answer.status_code == 200
            text = answer.get_data(as_text=False).decode(errors="replace")
            found = {w for w in (*PLANTED, *TEAM_WORDS, "アセスメント（") if w in text}
            assert found <= MASTER_WORDS.get(url, set()), (url, found)
    assert seen > 20


def test_assessments_are_refused_to_the_housing_role_and_to_strangers(desk, helper, make, app):
    _user, case, browser = desk
    _write(browser, case, SHEET)
    path = f"/cases/{case.id}/assessments"
    assert _api(app, helper, "GET", f"{path}/1").status_code == 403
    assert _api(app, make.user(Role.CONSULTANT), "GET", f"{path}/1").status_code == 404


# ------------------------------------------------------------------------------------- API


def test_the_api_reads_and_writes_an_assessment(make, app):
    user = make.user(Role.CONSULTANT)
    case = make.case(user)
    issues = _api(app, user, "GET", "/issues").json
    assert len(issues) == 29
    path = f"/cases/{case.id}/assessments"
    body = {
        "assessed_on": "2026-11-01", "issues": [issues[3]["id"]], "main_issues": [issues[9]["id"]],
        "amounts": [{"kind": "income", "yen": 80000, "label": "年金"}], "state": "done",
    }  # fmt: skip
    made = _api(app, user, "POST", path, body)
    assert made.status_code == 201, made.json
    assert [i["main"] for i in made.json["issues"]] == [False, True]
    put = _api(app, user, "PUT", f"{path}/1", body | {"version": 1, "amounts": [], "rent": 42000})
    assert (put.json["amounts"], put.json["rent"], put.json["version"]) == ([], 42000, 2)
    stale = _api(app, user, "PUT", f"{path}/1", body | {"version": 1})
    assert stale.json["code"] == "stale"
    assert _api(app, user, "GET", f"{path}/1").json["version"] == 2
    for wrong in ({"issues": ["x"]}, {"assessed_on": 5}, {"factors": ["suicidal"]}, {"rent": -1}):
        answer = _api(app, user, "PUT", f"{path}/1", body | {"version": 2} | wrong)
        assert answer.status_code == 422, wrong


# ---------------------------------------------------------------------------------- the master


@pytest.fixture
def keeper(make, browser_of):
    """The administrator of a consultation desk, and their browser."""
    desk = make.organisation(OrganisationKind.CONSULTATION)
    return browser_of(make.user(Role.ORG_ADMIN, organisation=desk))


def test_the_master_is_changed_and_what_was_ticked_stays(keeper, desk, in_database):
    _user, case, browser = desk
    number = _id(in_database, "budgeting")
    _write(browser, case, {"issues": [str(number)]})
    url = f"/issues/{number}"
    page = keeper.get(url)
    assert page.soup.find(id="f-aliases")["value"] == "家計管理の問題"
    changed = {"name": "家計のやりくり", "aliases": "家計管理の問題、やりくり", "active": []}
    listed = keeper.submit(page, changed, action=url)
    assert "家計のやりくり" in listed.text
    assert "使わない" in listed.text
    assert "家計のやりくり" in browser.get(f"/cases/{case.id}/assessments/1").text
    assert "家計管理の課題" in browser.get(f"/cases/{case.id}/assessments/1/versions/1").text
    assert "家計のやりくり" in browser.get(f"/cases/{case.id}/assessments/1/edit").text
    fresh = in_database(lambda s: s.get(Issue, number))
    assert (fresh.code, fresh.aliases) == ("budgeting", ["家計管理の問題", "やりくり"])


def test_a_new_issue_is_added_once_and_a_known_name_refused(keeper, in_database):
    form = keeper.get("/issues/new")
    page = keeper.submit(form, {"name": "ペットの世話", "questions": ["care"]})
    assert "ペットの世話" in page.text
    refused = keeper.submit(keeper.get("/issues/new"), {"name": "ペットの世話"}, status=422)
    assert "もうあります" in refused.errors


def test_the_master_is_taken_as_a_file(keeper):
    body = keeper.raw.get("/issues.csv").get_data().decode("utf-8-sig")
    assert len(body.splitlines()) == 30
    assert "家計管理の問題" in body


def test_two_administrators_who_change_one_issue_see_both(keeper, in_database):
    url = f"/issues/{_id(in_database, 'other')}"
    late = keeper.get(url)
    keeper.submit(keeper.get(url), {"name": "先の名前"}, action=url)
    refused = keeper.submit(late, {"name": "後の名前"}, action=url, status=409)
    assert {"先の名前", "後の名前"} <= set(refused.soup.find("table").stripped_strings)
    keeper.submit(refused, action=url)


def test_only_administrators_of_a_desk_keep_the_master(make, browser_of):
    npo = make.organisation(OrganisationKind.HOUSING_SUPPORT)
    browser_of(make.user(Role.ORG_ADMIN, organisation=npo)).get("/issues", status=403)
    browser_of(make.user(Role.CONSULTANT)).get("/issues", status=403)
