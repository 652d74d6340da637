"""The assessment on A4: all of it for the file, nothing of the team's alone, two people's yes."""

import io

import pypdf
import pytest
import sqlalchemy as sa

from app.cases.assessments import services as assessing
from app.cases.assessments.codes import AmountKind, AssessmentState, Factor, Screening
from app.cases.assessments.models import Issue
from app.cases.noticing.questions import Answer, Question
from app.cases.noticing.services import keep_chart
from app.db import today, writing
from app.policy import ConsentItem, OrganisationKind, RecipientKind, Role


@pytest.fixture
def desk(make):
    return make.user(Role.CONSULTANT, organisation=make.organisation(OrganisationKind.CONSULTATION))


def assessed(make, case, user):
    session = make.session
    team_factor = next(iter(Factor))
    with writing():
        ids = {i.code: i.id for i in session.scalars(sa.select(Issue))}
        assessing.save_assessment(
            session, case=case, assessment=None, version=0, team=True, user_id=user.id,
            today=today(),
            values={
                "assessed_on": today(), "state": AssessmentState.DONE, "wish": "静かな部屋で暮らす",
                "issues": [ids["poverty"], ids["suicide_attempt"]], "main_issues": [ids["poverty"]],
                "screening": Screening.PLAN, "health_note": "夜に眠れない",
                "team_factors": [team_factor],
                "amounts": [
                    {"kind": AmountKind.INCOME, "label": "パート", "yen": 82000, "months": None},
                    {"kind": AmountKind.ARREARS_RENT, "label": "㈱架空", "yen": None, "months": 2},
                ],
            },
        )  # fmt: skip
        keep_chart(session, answers={Question.RENT: Answer.YES}, user_id=user.id, case=case)
        session.commit()
    return team_factor


def printed(browser, case):
    page = browser.get(f"/cases/{case.id}/assessments/1")
    form = next(f for f in page.soup.find_all("form") if "assessment.pdf" in (f["action"] or ""))
    token = form.find("input", attrs={"name": "csrf_token"})["value"]
    return browser.raw.post(form["action"], data={"csrf_token": token})


def text_of(answer):
    pages = pypdf.PdfReader(io.BytesIO(answer.data)).pages
    return "".join(page.extract_text() for page in pages).replace("\n", "")


def test_the_paper_has_issues_household_money_screening_and_the_chart(make, desk, browser_of):
    case = make.case(desk, name="見本 髙﨑")
    assessed(make, case, desk)
    answer = printed(browser_of(desk), case)
    assert case.number in answer.headers["Content-Disposition"]
    text = text_of(answer)
    wanted = (
        "見本 髙﨑", "◎", "経済的困窮", "静かな部屋で暮らす", "82,000円", "㈱架空", "2か月分",
        "未確認", "夜に眠れない", "家賃やローンの支払いが遅れていますか", "はい", "対応方針",
    )  # fmt: skip
    for words in wanted:
        assert words in text, words


def test_what_is_the_teams_alone_stands_on_no_paper(make, desk, browser_of):
    case = make.case(desk, name="見本 髙﨑")
    assessed(make, case, desk)
    browser = browser_of(desk)
    assert "自死企図" in browser.get(f"/cases/{case.id}/assessments/1").text
    assert "自死企図" not in text_of(printed(browser, case))


def test_a_protected_households_assessment_is_refused_and_printed_once_after_the_second_yes(
    make, desk, browser_of
):
    case = make.case(desk, protection="yes")
    assessed(make, case, desk)
    colleague = make.user(Role.CONSULTANT, organisation=make.the_organisation(desk))
    here, other = browser_of(desk), browser_of(colleague)
    assert printed(here, case).status_code == 403
    here.submit(here.get(f"/cases/{case.id}/prints"), {"paper": "assessment"}, action="/prints")
    assert printed(here, case).status_code == 403
    other.submit(other.get(f"/cases/{case.id}/prints"), action="approve")
    assert printed(here, case).data.startswith(b"%PDF")
    assert printed(here, case).status_code == 403


def test_nobody_else_prints_it(make, desk, browser_of):
    case = make.case(desk)
    assessed(make, case, desk)
    make.consent(case, RecipientKind.HOUSING_SUPPORT, ConsentItem.CARE)
    npo = make.organisation(OrganisationKind.HOUSING_SUPPORT)
    housing = browser_of(make.user(Role.HOUSING, organisation=npo))
    page = housing.get(f"/cases/{case.id}")
    token = page.soup.find("input", attrs={"name": "csrf_token"})["value"]
    url = f"/cases/{case.id}/assessments/1/assessment.pdf"
    assert housing.raw.post(url, data={"csrf_token": token}).status_code == 403
