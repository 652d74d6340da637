"""The plan's form shows what the assessment's issues point to; one tap adds it, nothing else."""

import pytest
import sqlalchemy as sa

from app.cases.assessments import services as assessing
from app.cases.assessments.models import Issue
from app.cases.plans.models import Plan
from app.db import today, writing
from app.directory.models import Partner, PartnerKind
from app.directory.services import name_key
from app.policy import OrganisationKind, Role
from tests.cases.plan_kit import TYPED, a_plan


@pytest.fixture
def desk(make):
    return make.user(Role.CONSULTANT, organisation=make.organisation(OrganisationKind.CONSULTATION))


@pytest.fixture
def case(make, desk):
    return make.case(desk)


def assessed(make, case, user, *codes, main=()):
    """The case's newest assessment ticks these issues."""
    with writing():
        ids = {i.code: i.id for i in make.session.scalars(sa.select(Issue))}
        assessing.save_assessment(
            make.session, case=case, assessment=None, version=0, team=True, user_id=user.id,
            today=today(),
            values={"assessed_on": today(), "issues": [ids[c] for c in codes],
                    "main_issues": [ids[c] for c in main]},
        )  # fmt: skip
        make.session.commit()


def tap(browser, page, name, typed=None, status=200):
    """Press 「加える」 beside a service, with what stands in the form."""
    button = page.soup.find("button", attrs={"aria-label": f"{name}を加える"})
    form = page.form_element()
    kept = form.get("action")
    form.set("action", button["formaction"].partition("#")[0])
    sent = browser.submit(page, typed, also={button["name"]: button["value"]}, status=status)
    form.set("action", kept)
    return sent


def rows(page):
    found = page.soup.find_all("select", id=lambda i: i and i.endswith("-service"))
    return [one["value"] for s in found if (one := s.find("option", selected=True))]


def test_issues_suggest_services_and_one_tap_adds_one(make, desk, case, browser_of, in_database):
    assessed(make, case, desk, "housing_unstable", "debt", "poverty", main=["debt"])
    browser = browser_of(desk)
    page = browser.get(f"/cases/{case.id}/plans/new")
    told = page.soup.find(id="suggested").get_text(" ", strip=True)
    assert "課題：（多重・過重）債務" in told
    for name in (
        "家計改善支援",
        "住居確保給付金（家賃補助）",
        "居住支援（シェルター）",
        "フードバンク",
    ):
        assert name in told
    assert told.index("家計改善支援") < told.index("フードバンク")
    assert "一覧にないもの：法律相談" in told
    assert rows(page) == []
    typed = {"short_goal": "書きかけの目標", "services-0-service": "job-placement"}
    page = tap(browser, page, "フードバンク", typed)
    assert rows(page) == ["job-placement", "food-bank"]
    assert "書きかけの目標" in page.soup.find(id="f-short_goal").text
    assert page.soup.find(id="f-issues").text.strip() == "経済的困窮"
    assert "フードバンク 課題：経済的困窮 入っています" in page.soup.find(id="suggested").get_text(
        " ", strip=True
    )
    assert in_database(lambda s: s.scalar(sa.select(sa.func.count()).select_from(Plan))) == 0
    page = browser.submit(page, TYPED | {"services-0-service": "job-placement"})
    assert [r for r in ("無料職業紹介", "フードバンク") if r in page.text] == [
        "無料職業紹介", "フードバンク"
    ]  # fmt: skip


def test_the_rules_are_those_of_the_master(make, desk, case, browser_of, in_database):
    assessed(make, case, desk, "care")

    def rule(session):
        issue = session.scalar(sa.select(Issue).where(Issue.code == "care"))
        issue.services = ["ひきこもりサポート・居場所"]

    in_database(rule)
    page = browser_of(desk).get(f"/cases/{case.id}/plans/new")
    assert "ひきこもりサポート・居場所 課題：介護" in page.soup.find(id="suggested").get_text(
        " ", strip=True
    )


def test_what_is_the_teams_alone_suggests_to_the_team_and_is_never_written_down(
    make, desk, case, browser_of, in_database
):
    colleague = make.user(Role.CONSULTANT, organisation=make.the_organisation(desk))
    assessed(make, case, desk, "suicide_attempt")

    def rule(session):
        session.scalar(sa.select(Issue).where(Issue.code == "suicide_attempt")).services = [
            "psw-outreach"
        ]

    in_database(rule)
    other = browser_of(colleague).get(f"/cases/{case.id}/plans/new")
    assert "PSWアウトリーチを加える" not in str(other.soup)
    assert "自死企図" not in other.text
    browser = browser_of(desk)
    page = tap(browser, browser.get(f"/cases/{case.id}/plans/new"), "PSWアウトリーチ")
    assert rows(page) == ["psw-outreach"]
    assert page.soup.find(id="f-issues").text.strip() == ""


def test_a_service_nothing_points_to_is_not_added_by_the_tap(make, desk, case, browser_of):
    assessed(make, case, desk, "poverty")
    browser = browser_of(desk)
    page = browser.get(f"/cases/{case.id}/plans/new")
    page.soup.find("button", attrs={"aria-label": "フードバンクを加える"})["value"] = "loan"
    refused = tap(browser, page, "フードバンク", {"short_goal": "書きかけ"}, status=422)
    assert "示されません" in refused.errors
    assert "書きかけ" in refused.soup.find(id="f-short_goal").text
    assert rows(refused) == []


def test_twenty_services_are_the_most(make, desk, case, browser_of):
    assessed(make, case, desk, "poverty")
    codes = [
        "rent-benefit", "moving-benefit", "shelter", "community-living", "budget",
        "budget-welfare", "work-preparation", "work-training", "work-support", "work-promotion",
        "children", "loan", "job-placement", "lawyer", "psw-outreach", "hatarakku", "safe-place",
        "tax-instalments", "seizure", "removal",
    ]  # fmt: skip
    a_plan(make, case, desk, services=[{"service": code} for code in codes])
    browser = browser_of(desk)
    page = tap(browser, browser.get(f"/cases/{case.id}/plans/1/edit"), "フードバンク", status=422)
    assert "20まで" in page.errors
    assert rows(page) == codes


def test_a_plan_being_changed_gets_its_service_too(make, desk, case, browser_of):
    a_plan(make, case, desk)
    assessed(make, case, desk, "poverty")
    browser = browser_of(desk)
    page = tap(browser, browser.get(f"/cases/{case.id}/plans/1/edit"), "フードバンク")
    page = browser.submit(page, {"why": "食べる物がない"})
    assert "フードバンク" in page.text
    assert "変えたところ：課題・必要なこと、使う事業・サービス" in page.text


def test_a_provider_is_chosen_from_the_directory_or_typed(
    make, desk, case, browser_of, in_database
):
    def partners(session):
        for kind, name in (
            (PartnerKind.PROVIDER, "架空就労センター"), (PartnerKind.REALTOR, "架空不動産"),
        ):  # fmt: skip
            session.add(Partner(kind=kind, name=name, name_key=name_key(name)))

    in_database(partners)
    browser = browser_of(desk)
    page = browser.get(f"/cases/{case.id}/plans/new")
    field = page.soup.find(id="f-services-0-provider")
    names = [one["value"] for one in page.soup.find(id=field["list"]).find_all("option")]
    assert "架空就労センター" in names
    assert "架空不動産" not in names
    page = browser.submit(page, TYPED | {"services-0-provider": "となりの会（一覧にない）"})
    assert "となりの会（一覧にない）" in page.text


def test_a_refused_form_keeps_a_service_that_has_ended(make, desk, case, browser_of):
    a_plan(make, case, desk, services=[{"service": "removal"}])
    keeper = browser_of(make.user(Role.ORG_ADMIN))
    keeper.submit(keeper.get("/services/removal"), {"ends_on": "2020-01-01"})
    browser = browser_of(desk)
    page = browser.get(f"/cases/{case.id}/plans/1/edit")
    refused = browser.submit(page, {"ends_on": "2099-01-01"}, status=422)
    assert rows(refused) == ["removal"]
